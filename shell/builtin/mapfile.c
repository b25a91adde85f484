#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/expand/array.h"
#include "shell/expand/element.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

/* mapfile and readarray, as in bash: the lines of the input become an array. */

struct wanted {
	int fd, delim;
	long count, skip, origin, quantum; /* count 0: all */
	bool trim;
	const char *callback;
};

/* The input by the block where one can seek back to behind the last line, or all of it is wanted; else byte by byte. */
struct source {
	char block[4096];
	size_t pos, len;
	bool by_block;
	int fd;
};

static int next_byte(struct shell *sh, struct source *s)
{
	ssize_t n;

	if (s->pos < s->len)
		return (unsigned char)s->block[s->pos++];
	do {
		if (sigs_waiting(sh) != 0)
			return -1;
		n = read(s->fd, s->block, s->by_block ? sizeof(s->block) : 1);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n <= 0)
		return -1;
	s->len = (size_t)n;
	s->pos = 1;
	return (unsigned char)s->block[0];
}

/* One line, with its delimiter unless that is trimmed. False: the end. */
static bool read_one(struct shell *sh, struct source *s, const struct wanted *w, struct strbuf *line)
{
	int c;

	strbuf_clear(line);
	while ((c = next_byte(sh, s)) >= 0 && c != w->delim)
		if (c != '\0')
			strbuf_addc(line, (char)c);
	if (c >= 0 && !w->trim && c != '\0')
		strbuf_addc(line, (char)c);
	return c >= 0 || line->len != 0;
}

/* -C: the command, with the number and the line. */
static void call_back(struct shell *sh, const struct wanted *w, int64_t index, const char *line)
{
	struct strbuf b = { 0 };
	char *quoted = quote_always(line);

	strbuf_addf(&b, "%s %lld %s", w->callback, (long long)index, quoted);
	source_string(sh, b.s, "mapfile", 0);
	free(quoted);
	strbuf_release(&b);
}

static void fill(struct shell *sh, const struct wanted *w, struct array *a)
{
	bool seekable = lseek(w->fd, 0, SEEK_CUR) >= 0;
	struct source s = { .fd = w->fd, .by_block = seekable || (w->count == 0 && w->callback == NULL) };
	struct strbuf line = { 0 };
	long n = 0;

	for (long i = 0; i < w->skip && read_one(sh, &s, w, &line); i++)
		;
	while ((w->count == 0 || n < w->count) && sh->frame.flow.kind == FLOW_NONE && read_one(sh, &s, w, &line)) {
		if (w->callback != NULL && (n + 1) % w->quantum == 0)
			call_back(sh, w, w->origin + n, strbuf_str(&line));
		array_set(a, (struct array_key){ .index = w->origin + n++ }, strbuf_str(&line));
	}
	if (seekable && s.pos < s.len)
		(void)lseek(w->fd, (off_t)s.pos - (off_t)s.len, SEEK_CUR);
	strbuf_release(&line);
}

/* A number that an option has. False, with the message printed. */
static bool number(struct shell *sh, const char *cmd, long least, long *ret)
{
	char *end;

	errno = 0;
	*ret = strtol(optarg, &end, 10);
	if (errno == 0 && end != optarg && *end == '\0' && *ret >= least)
		return true;
	sh_warn(sh, "%s: %s: bad number", cmd, optarg);
	return false;
}

int builtin_mapfile(struct shell *sh, int argc, char **argv)
{
	struct wanted w = { .delim = '\n', .quantum = 5000 };
	bool origin = false;
	const char *name;
	struct value now;
	struct array *a;
	long fd;
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "d:n:O:s:tu:C:c:")) != -1) {
		bool good = c != '?';

		if (c == 'd')
			w.delim = (unsigned char)optarg[0];
		else if (c == 'n')
			good = number(sh, argv[0], 0, &w.count);
		else if (c == 'O')
			origin = good = number(sh, argv[0], 0, &w.origin) && w.origin <= LONG_MAX / 2;
		else if (c == 's')
			good = number(sh, argv[0], 0, &w.skip);
		else if (c == 'c')
			good = number(sh, argv[0], 1, &w.quantum);
		else if (c == 'u' && (good = number(sh, argv[0], 0, &fd)))
			w.fd = (int)fd;
		w.trim |= c == 't';
		w.callback = c == 'C' ? optarg : w.callback;
		if (!good)
			return 2;
	}
	name = optind < argc ? argv[optind] : "MAPFILE";
	if (!name_valid(name) || fcntl(w.fd, F_GETFD) < 0) {
		sh_warn(sh, "%s: %s: %s", argv[0], name, name_valid(name) ? strerror(errno) : "bad variable name");
		return 1;
	}
	now = var_get(sh, name, strlen(name));
	a = origin && now.kind == VALUE_ARRAY && !array_by_name(now.array) ? array_copy(now.array) : array_new(false);
	fill(sh, &w, a);
	return element_told(sh, argv[0], name, var_set_array(sh, name, a)) < 0 ? 1 : 0;
}
