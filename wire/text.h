#ifndef MISH_WIRE_TEXT_H
#define MISH_WIRE_TEXT_H

#include <stdbool.h>

/*
 * Texts from elsewhere on their way to a terminal or a log: what could steer these, or is no
 * UTF-8, is replaced by question marks. Control characters are C0, DEL and C1, in whatever
 * form a terminal may take them.
 */

/* In place. */
void text_clean(char *s);
/* … but newlines and tabs stay. */
void text_clean_lines(char *s);
/* The first line, cleaned (caller frees; NULL: no memory). */
char *text_line(const char *s);
/* Is there nothing to clean? */
bool text_is_clean(const char *s);

/* The last line that is not empty, or one of the two before it, clean (caller frees); NULL: there is none. */
char *text_last_line(const char *s, int back);

#endif
