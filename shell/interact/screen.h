#ifndef MISH_INTERACT_SCREEN_H
#define MISH_INTERACT_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "shell/parser/strbuf.h"

/*
 * The line that is edited, as it is shown: prompt, text of any number of rows, right prompt, what is suggested, and a line
 * below. It knows what is on the terminal and writes what has changed. Without I/O: bytes are appended to a strbuf.
 * Characters are as wide as wcwidth(3) says in the thread's locale, and are written in its encoding.
 */

/* A byte that is no character is kept as one of these: RAW_FIRST + byte. */
#define SCREEN_RAW_FIRST 0xdc00

enum screen_style { STYLE_PLAIN, STYLE_CONTROL, STYLE_HINT, STYLE_ERROR, STYLE_STRING, STYLE_MATCH };

struct screen_view {
	const char *prompt; /* what is between two \1, and escape sequences, have no width; it may have newlines */
	const char *right;  /* at the right end of the first row, where there is room; NULL: none */
	const wchar_t *text;
	size_t len, cursor;
	const unsigned char *styles; /* of each character of the text (enum screen_style); NULL: plain */
	const wchar_t *hint;	     /* shown behind the text; NULL: none */
	const wchar_t *below;	     /* on rows of its own under it; NULL: none; … */
	bool plain;		     /* without colours, also of the hint */
	size_t below_from, below_to; /* … of which these characters are marked */
};

struct screen;

struct screen *screen_new(void);
void screen_free(struct screen *s); /* takes NULL */
/* For what is drawn from now on; before the first drawing of a line. */
void screen_set_size(struct screen *s, int rows, int cols);

/*
 * The cursor may be anywhere: it gets to the beginning of a row. Where something stands before it on its row, that is kept and
 * marked, for it has no newline of its own.
 */
void screen_begin(struct screen *s, bool mark, struct strbuf *out);
void screen_draw(struct screen *s, const struct screen_view *v, struct strbuf *out);
/* Leaves what is shown: the cursor goes to its last row, and the caller ends that. */
void screen_leave(struct screen *s, struct strbuf *out);
/* Takes it away: the cursor goes to where it began. */
void screen_erase(struct screen *s, struct strbuf *out);

/*
 * The terminal has another size, and may have broken its rows anew: takes away what is shown. `reflowed` says whether it has;
 * screen_resize_matters(): does that make a difference? Then where the cursor is tells: screen_resize_column() is the column
 * where it is in a terminal that has, and *ret_other in one that has not.
 */
bool screen_resize_matters(const struct screen *s, int cols);
int screen_resize_column(const struct screen *s, int cols, int *ret_other);
void screen_resize(struct screen *s, int rows, int cols, bool reflowed, struct strbuf *out);

#endif
