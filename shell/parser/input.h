#ifndef MISH_PARSER_INPUT_H
#define MISH_PARSER_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where the parser's bytes come from. `refill` returns the next piece of input: it
 * sets *ret and *len (borrowed until the next call) and returns true, or returns
 * false at the end of input. `fresh` tells that a complete command may begin here
 * (PS1), otherwise one is going on (PS2).
 */
struct input {
	bool (*refill)(struct input *in, bool fresh, const char **ret, size_t *len);
	void (*echo)(struct input *in, const char *s, size_t len); /* set -v; NULL: none */
	void *echo_arg;
	bool one_piece;	  /* a struct input_string: after its text comes nothing */
	bool interactive; /* end of input inside a command is an error, but not the end */
	bool in_body;	  /* what comes next is of a here-document; set by who reads it */
};

/* Input from a string in memory, which stays the caller's. */
struct input_string {
	struct input in;
	const char *s;
	size_t len;
	bool done;
};

void input_string_init(struct input_string *is, const char *s, size_t len);

/*
 * Input from a descriptor, which stays the caller's. With `shared`, commands may read
 * the same descriptor, so never more than the current line is consumed (XCU sh, STDIN).
 */
struct input_fd;
struct input_fd *input_fd_new(int fd, bool shared);
void input_fd_free(struct input_fd *f);
struct input *input_fd_base(struct input_fd *f);

#endif
