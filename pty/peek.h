#ifndef MISH_PTY_PEEK_H
#define MISH_PTY_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The input of a placed command that others read, too: what it does not take is to be there for whoever reads next, as behind a subshell here
 * (`ls | while read f; do @ cc -c $f; done`). A file is put back where the command came to. What is in a pipe is copied (tee(2)) and stays there until
 * it is known that the command reads: then what comes is taken at once, as it would be too slow else.
 */
enum { PEEK_PROOF = 2 * 4096 /* who has read more than that reads it all */ };

struct peek {
	enum { PEEK_NONE, PEEK_FILE, PEEK_PIPE } kind;
	int fd;		   /* the same as the descriptor */
	int copy[2], news; /* PEEK_PIPE: where it is copied to; what tells of news */
	int64_t at;	   /* PEEK_FILE: where it is read; its own offset stays, for others */
	uint64_t ahead;	   /* PEEK_PIPE: bytes that were read here and are still there */
};

/* Begins with what descriptor fd is. */
void peek_begin(struct peek *k, int fd);
void peek_end(struct peek *k);
/* What is to be polled for input. */
int peek_fd(const struct peek *k, int fd);
/* As read(2). */
ssize_t peek_read(struct peek *k, int fd, void *buf, size_t size);
/* So much has come to the command's pipe, and is said only when PEEK_PROOF has been read: behind that nothing stays here. */
void peek_proved(struct peek *k, uint64_t came);
/* That is all that it has read. */
void peek_settle(struct peek *k, uint64_t read);

#endif
