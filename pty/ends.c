#include <config.h>

#include "pty/ends.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST = 3 };

static bool is_terminal(int fd)
{
	return isatty(fd) && tcgetsid(fd) == getsid(0);
}

/* A descriptor for both, of a file or a socket, is written to only. */
static enum terminals_more kind_of(int fd, bool background)
{
	int how = fcntl(fd, F_GETFL);
	struct stat st;

	if (how < 0)
		return TERMINALS_CLOSED;
	if (is_terminal(fd))
		return TERMINALS_TERMINAL;
	if ((how & O_ACCMODE) != O_RDONLY)
		return TERMINALS_OUTPUT;
	/* whoever else reads that pipe at the same time would read the same: rather nobody does */
	return background && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) ? TERMINALS_CLOSED : TERMINALS_INPUT;
}

unsigned ends_find_closed(bool background)
{
	unsigned bits = 0;

	for (int i = FIRST; i < DESCRIPTORS; i++)
		if (fcntl(i, F_SETFD, FD_CLOEXEC) == 0) /* ssh and its like have nothing to do with it */
			bits |= (unsigned)TERMINALS_3 * ((unsigned)kind_of(i, background) << 2 * (i - FIRST));
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

/* The same open file, with the same offset? Where the kernel does not say (kcmp(2)), what looks so. */
static bool are_same(int a, int b)
{
	long r = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, a, b);

	return r >= 0 ? r == 0 : are_alike(a, b) && fcntl(a, F_GETFL) == fcntl(b, F_GETFL) && lseek(a, 0, SEEK_CUR) == lseek(b, 0, SEEK_CUR);
}

uint64_t ends_find_same(unsigned bits)
{
	uint64_t same = 0;

	for (int i = FIRST; i < DESCRIPTORS; i++) {
		bool carried = terminals_more(bits, i) == TERMINALS_INPUT || terminals_more(bits, i) == TERMINALS_OUTPUT;

		for (int j = 0; carried && j < i; j++) {
			bool other = j < FIRST ? (bits & (TERMINALS_0 | TERMINALS_CLOSED_0) << j) == 0 : terminals_more(bits, j) == terminals_more(bits, i);

			if (other && are_same(i, j)) {
				same |= (uint64_t)(1 + (j == STDERR_FILENO && (bits & TERMINALS_ALIKE) != 0 ? STDOUT_FILENO : j)) << 4 * (i - FIRST);
				break;
			}
		}
	}
	return same;
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
		if (handover_same(c->same, i) >= 0)
			continue;
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
