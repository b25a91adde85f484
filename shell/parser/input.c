#include <config.h>

#include "shell/parser/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/parser/strbuf.h"

enum { INPUT_BLOCK = 8192 }; /* bytes read at once; a line may have more */

struct input_fd {
	struct input in;
	int fd;
	bool shared;
	bool seekable;
	struct strbuf line;   /* shared: the current line; else all that was read … */
	size_t pos, line_len; /* … with the current line there */
	char block[INPUT_BLOCK];
};

static bool string_refill(struct input *in, bool fresh, const char **ret, size_t *len)
{
	struct input_string *is = (struct input_string *)in;

	(void)fresh;
	if (is->done)
		return false;
	is->done = true;
	*ret = is->s;
	*len = is->len;
	return is->len != 0;
}

void input_string_init(struct input_string *is, const char *s, size_t len)
{
	*is = (struct input_string){ .in.refill = string_refill, .in.one_piece = true, .s = s, .len = len };
}

static ssize_t read_some(int fd, char *buf, size_t size)
{
	ssize_t n;

	for (;;) {
		n = read(fd, buf, size);
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return n;
		if (errno == EAGAIN) { /* somebody left O_NONBLOCK on the shared description */
			int fl = fcntl(fd, F_GETFL);

			if (fl < 0 || fcntl(fd, F_SETFL, fl & ~O_NONBLOCK) < 0)
				return -1;
		}
	}
}

/*
 * Reads one line and nothing behind it, as commands may read the same descriptor: by block, with
 * an lseek() back, or byte by byte.
 */
static bool read_line(struct input_fd *f)
{
	ssize_t n;

	strbuf_clear(&f->line);
	for (;;) {
		n = read_some(f->fd, f->block, f->seekable ? sizeof(f->block) : 1);
		if (n <= 0)
			return f->line.len != 0;
		const char *nl = memchr(f->block, '\n', (size_t)n);
		size_t take = nl != NULL ? (size_t)(nl - f->block) + 1 : (size_t)n;

		strbuf_add(&f->line, f->block, take);
		if (take < (size_t)n && lseek(f->fd, (off_t)take - n, SEEK_CUR) < 0)
			f->seekable = false;
		if (nl != NULL)
			return true;
	}
}

/* The next line of a private descriptor, from a buffer that is filled by the block. */
static bool buffered_line(struct input_fd *f)
{
	size_t seen = 0; /* bytes of this line that have no newline: none is searched twice */

	f->pos += f->line_len;
	f->line_len = 0;
	for (;;) {
		const char *from = f->line.s != NULL ? f->line.s + f->pos : NULL;
		size_t have = f->line.len - f->pos;
		const char *nl = have > seen ? memchr(from + seen, '\n', have - seen) : NULL;
		ssize_t n;

		if (nl != NULL) {
			f->line_len = (size_t)(nl - from) + 1;
			return true;
		}
		seen = have;
		if (f->pos != 0) {
			f->line.len -= f->pos;
			memmove(f->line.s, from, f->line.len);
			f->pos = 0;
		}
		n = read_some(f->fd, f->block, sizeof(f->block));
		if (n <= 0) {
			f->line_len = f->line.len;
			return f->line_len != 0;
		}
		strbuf_add(&f->line, f->block, (size_t)n);
	}
}

static bool fd_refill(struct input *in, bool fresh, const char **ret, size_t *len)
{
	struct input_fd *f = (struct input_fd *)in;

	(void)fresh;
	if (f->shared) {
		if (!read_line(f))
			return false;
		*ret = f->line.s;
		*len = f->line.len;
		return true;
	}
	if (!buffered_line(f))
		return false;
	*ret = f->line.s + f->pos;
	*len = f->line_len;
	return true;
}

struct input_fd *input_fd_new(int fd, bool shared)
{
	struct input_fd *f = xcalloc(1, sizeof(*f));

	f->in.refill = fd_refill;
	f->fd = fd;
	f->shared = shared;
	f->seekable = shared && lseek(fd, 0, SEEK_CUR) >= 0;
	return f;
}

void input_fd_free(struct input_fd *f)
{
	if (f == NULL)
		return;
	strbuf_release(&f->line);
	free(f);
}

struct input *input_fd_base(struct input_fd *f)
{
	return &f->in;
}
