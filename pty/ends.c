#include <config.h>

#include "pty/ends.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST = 3 };

static bool is_terminal(int fd)
{
	return isatty(fd) && tcgetsid(fd) == getsid(0);
}

/* A descriptor for both, of a file or a socket, is written to only. */
static enum terminals_more kind_of(int fd)
{
	int how = fcntl(fd, F_GETFL);

	if (how < 0)
		return TERMINALS_CLOSED;
	if (is_terminal(fd))
		return TERMINALS_TERMINAL;
	return (how & O_ACCMODE) == O_RDONLY ? TERMINALS_INPUT : TERMINALS_OUTPUT;
}

unsigned ends_find_closed(void)
{
	unsigned bits = 0;

	for (int i = FIRST; i < DESCRIPTORS; i++)
		if (fcntl(i, F_SETFD, FD_CLOEXEC) == 0) /* ssh and its like have nothing to do with it */
			bits |= (unsigned)TERMINALS_3 * ((unsigned)kind_of(i) << 2 * (i - FIRST));
	for (int i = 0; i < FIRST; i++)
		if (fcntl(i, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) == i)
			bits |= (unsigned)TERMINALS_CLOSED_0 << i;
	return bits;
}

static bool are_alike(int a, int b)
{
	struct stat s, t;

	return fstat(a, &s) == 0 && fstat(b, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

unsigned ends_find(int tty, bool foreground)
{
	unsigned bits = 0;

	for (int i = 0; tty >= 0 && i < FIRST; i++)
		if (is_terminal(i))
			bits |= (unsigned)TERMINALS_0 << i;
	if ((bits & TERMINALS_OUT) == 0 && are_alike(STDOUT_FILENO, STDERR_FILENO))
		bits |= TERMINALS_ALIKE;
	return foreground ? bits | TERMINALS_FOREGROUND : bits;
}

static void open_input(struct stream *t, int fd)
{
	t->from = fd;
	peek_begin(&t->peek, fd);
}

void ends_open(struct streams *s, struct carrier *c)
{
	unsigned bits = c->terminals;
	struct stream *t = s->v;

	streams_init(s, &c->core.out);
	if (terminals_any(bits))
		t[STREAM_TERMINAL] = (struct stream){ .from = c->tty, .to = c->tty, .keep = true, .keeps = true, .waits = true };
	if ((bits & (TERMINALS_0 | TERMINALS_CLOSED_0)) == 0)
		open_input(&t[STREAM_IN], STDIN_FILENO);
	if ((bits & (TERMINALS_0 | TERMINALS_CLOSED_0) << 1) == 0)
		stream_to(&t[STREAM_OUT], STDOUT_FILENO);
	if ((bits & ((TERMINALS_0 | TERMINALS_CLOSED_0) << 2 | TERMINALS_ALIKE)) == 0)
		stream_to(&t[STREAM_ERROR], STDERR_FILENO);
	else if ((bits & TERMINALS_ALIKE) != 0)
		close(STDERR_FILENO); /* whoever reads it sees its end with that of the other */
	for (int i = FIRST; i < DESCRIPTORS; i++) {
		if (terminals_more(bits, i) == TERMINALS_INPUT)
			open_input(&t[STREAM_3 + i - FIRST], i);
		else if (terminals_more(bits, i) == TERMINALS_OUTPUT)
			stream_to(&t[STREAM_3 + i - FIRST], i);
	}
}

void ends_inherit(unsigned bits)
{
	for (int i = FIRST; i < DESCRIPTORS; i++)
		if (terminals_more(bits, i) != TERMINALS_CLOSED)
			fcntl(i, F_SETFD, 0);
}
