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

/* A file that is open there, too, is only put back, to where the command came. */
static void open_input(struct streams *s, unsigned opened, int i, int fd)
{
	s->v[i].there = (opened & 1u << fd) != 0;
	if (!s->v[i].there)
		s->v[i].from = fd;
	peek_begin(&s->v[i].peek, fd);
}

static void open_output(struct streams *s, unsigned opened, int i, int fd)
{
	if ((opened & 1u << fd) == 0)
		stream_to(&s->v[i], fd);
}

void ends_open(struct streams *s, struct carrier *c)
{
	unsigned bits = c->terminals;

	streams_init(s, &c->core.out);
	if (terminals_any(bits))
		s->v[STREAM_TERMINAL] = (struct stream){ .from = c->tty, .to = c->tty, .keep = true, .keeps = true, .waits = true };
	if ((bits & (TERMINALS_0 | TERMINALS_CLOSED_0)) == 0)
		open_input(s, c->opened, STREAM_IN, STDIN_FILENO);
	if ((bits & (TERMINALS_0 | TERMINALS_CLOSED_0) << 1) == 0)
		open_output(s, c->opened, STREAM_OUT, STDOUT_FILENO);
	if ((bits & ((TERMINALS_0 | TERMINALS_CLOSED_0) << 2 | TERMINALS_ALIKE)) == 0)
		open_output(s, c->opened, STREAM_ERROR, STDERR_FILENO);
	else if ((bits & TERMINALS_ALIKE) != 0)
		close(STDERR_FILENO); /* whoever reads it sees its end with that of the other */
	for (int i = FIRST; i < DESCRIPTORS; i++) {
		if (terminals_more(bits, i) == TERMINALS_INPUT)
			open_input(s, c->opened, STREAM_3 + i - FIRST, i);
		else if (terminals_more(bits, i) == TERMINALS_OUTPUT)
			open_output(s, c->opened, STREAM_3 + i - FIRST, i);
	}
}

void ends_inherit(unsigned bits)
{
	for (int i = FIRST; i < DESCRIPTORS; i++)
		if (terminals_more(bits, i) != TERMINALS_CLOSED)
			fcntl(i, F_SETFD, 0);
}
