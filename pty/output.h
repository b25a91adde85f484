#ifndef MISH_PTY_OUTPUT_H
#define MISH_PTY_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* What other programs print, for a link: which is ended by signals, has a raw terminal, and waits for nobody without end. */

/*
 * Runs argv, with nothing to read and no place for its messages, and has take() read what it prints. True: take() had all it wanted, and
 * the program ended with 0. It is ended after so many seconds, with the link, where take() returns false, and where it wants the terminal.
 */
bool output_read(char *const argv[], unsigned limit_s, bool (*take)(FILE *f, void *arg), void *arg);

#endif
