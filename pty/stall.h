#ifndef MISH_PTY_STALL_H
#define MISH_PTY_STALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "session/frames.h"

/*
 * When the link leaves its terminal to the guardian, although it is connected: because the user wants
 * that (^] after Enter, or three times), or because what was typed has no answer, or a shell that is
 * frozen makes no offer. The guardian shows a line, and gives the terminal back.
 */
enum { STALL_MS = 3000 };

struct stall {
	enum stall_why lent; /* why the guardian has the terminal; STALL_OVER: it has not */
	int64_t since_ms;    /* when an answer began to be due, 0: none is */
	uint8_t last;	     /* the key before */
	unsigned escapes;    /* ^] in a row */
};

/* Where in what was typed the ^] is that is for the guardian; `len`: nowhere. */
size_t stall_escape(struct stall *s, const uint8_t *typed, size_t len);
/* Something was typed, or a shell froze: an answer is due. */
void stall_await(struct stall *s, int64_t now_ms);
/*
 * Is it time to tell? An answer counts, too, that only the kernels saw: `fd` is the connection, and where
 * all that was sent is acknowledged nothing is due. A shell that is frozen (-1) has to speak itself.
 */
bool stall_is_due(struct stall *s, int fd, int64_t now_ms);
/* When that is to be looked at; 0: not. */
int64_t stall_at(const struct stall *s, int64_t now_ms);

#endif
