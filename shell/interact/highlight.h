#ifndef MISH_INTERACT_HIGHLIGHT_H
#define MISH_INTERACT_HIGHLIGHT_H

#include "shell/shell.h"

/* Colours of a line that is typed: words that are no command, quoted text, quotes that are open, comments. */

enum { HIGHLIGHT_WORDS = 8 };

/* What was looked up along PATH for a line: each key asks again. Begins with { 0 }. */
struct highlight {
	struct {
		char *word;
		bool is_command;
	} known[HIGHLIGHT_WORDS];
	size_t next;
};

/* Is there a command of that name? */
bool highlight_is_command(struct shell *sh, const char *word);
/* A style (enum screen_style) for each byte of the line, to be freed; NULL: a line too long to be worth it. */
unsigned char *highlight_line(struct shell *sh, struct highlight *h, const char *line);

#endif
