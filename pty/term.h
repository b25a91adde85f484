#ifndef MISH_PTY_TERM_H
#define MISH_PTY_TERM_H

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

/* The controlling terminal, as stub and link use it. */

/* Opens it anew, non-blocking for us alone, close-on-exec; -errno. */
int term_open(void);
/* Raw mode; what was typed already stays to be read. *ret (may be NULL) is what was. */
int term_raw(int fd, struct termios *ret);
/* Key by key, but what others of the job write still gets its newlines, and ^C is theirs, too. 0 or -errno. */
int term_shared(int fd, struct termios *ret);
/* As raw, but ^C is a signal to whoever waits, and nothing that was typed is dropped. */
void term_waiting(int fd);
/* Is what is written to it processed, so that a newline begins a row? */
void term_post(int fd, bool on);
/* As programs expect it: lines, and ^C a signal. What was typed already stays to be read. */
void term_cooked(int fd, bool echo);
int term_size(int fd, uint16_t *rows, uint16_t *cols);

#endif
