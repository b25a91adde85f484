#ifndef MISH_INTERACT_SCREEN_FRAME_H
#define MISH_INTERACT_SCREEN_FRAME_H

#include "shell/interact/screen.h"

/* The rows that a line takes: what screen.c has shown, and is to show. */

enum { CELL_ROOM = 22 };

/* One character with what combines with it. */
struct cell {
	char s[CELL_ROOM];
	unsigned char len, width, style;
};

struct row {
	struct strbuf lead; /* of the prompt: with its escape sequences */
	int lead_width;
	struct cell *cells;
	size_t n, cap;
	int width;	    /* columns of lead and cells */
	bool soft;	    /* it goes on in the next row */
	struct strbuf tail; /* the right prompt */
	int tail_width;
};

struct frame {
	struct row *rows;
	size_t n;
	size_t cursor_row;
	int cursor_col;
};

struct frame frame_build(const struct screen_view *v, int columns);
void frame_release(struct frame *f);

#endif
