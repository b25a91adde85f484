#include <config.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/trap.h"
#include "shell/expand/var.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/chclass.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

/* read (XCU read): one logical line, split at IFS. */

struct line {
	struct strbuf text;
	struct strbuf escaped; /* for each byte of text: 1 if it was behind a backslash */
};

/*
 * Standard input, of which nothing behind the line may be taken: read by the block, with an
 * lseek() back, where that works, else byte by byte.
 */
struct source {
	char block[4096];
	size_t pos, len;
	bool seekable;
	int signo; /* a signal with a trap came while we waited */
};

/* A byte of standard input, by the block where one can seek back. -1: the end, or a signal. */
static int next_byte(struct shell *sh, struct source *s)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t n;

	if (s->pos < s->len)
		return (unsigned char)s->block[s->pos++];
	for (;;) {
		if (!s->seekable && (sh->interactive || trap_any(sh))) {
			sigs_sleep_begin();
			s->signo = sigs_waiting(sh);
			n = s->signo != 0 ? -1 : ppoll(&p, 1, NULL, sigs_sleep_mask());
			sigs_sleep_end();
			if (s->signo == 0) /* ppoll() prefers the byte to a signal */
				s->signo = sigs_waiting(sh);
			if (s->signo != 0)
				return -1;
			if (n < 0)
				continue;
		} else if (s->len == sizeof(s->block)) { /* a line without end, as of /dev/zero */
			s->signo = sigs_waiting(sh);
			if (s->signo != 0)
				return -1;
		}
		n = read(STDIN_FILENO, s->block, s->seekable ? sizeof(s->block) : 1);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return -1;
		s->pos = 1;
		s->len = (size_t)n;
		return (unsigned char)s->block[0];
	}
}

static void add(struct line *l, int c, bool escaped)
{
	if (c == '\0')
		return;
	strbuf_addc(&l->text, (char)c);
	strbuf_addc(&l->escaped, (char)escaped);
}

/* Returns the exit status: 0, 1 at the end of input, or 128 + signal. */
static int read_line(struct shell *sh, struct line *l, bool raw, int delim)
{
	struct source s = { .seekable = lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0 };
	int c, status = 0;

	for (;;) {
		c = next_byte(sh, &s);
		if (c < 0) {
			status = s.signo != 0 ? 128 + s.signo : 1;
			break;
		}
		if (c == delim)
			break;
		if (c != '\\' || raw) {
			add(l, c, false);
			continue;
		}
		c = next_byte(sh, &s);
		if (c < 0) {
			status = s.signo != 0 ? 128 + s.signo : 1;
			break;
		}
		if (c == '\n') {
			const char *ps2 = sh->interactive ? var_text(sh, "PS2") : NULL;

			if (ps2 != NULL && isatty(STDIN_FILENO))
				fputs(ps2, stderr);
		} else {
			add(l, c, true);
		}
	}
	if (s.pos < s.len)
		(void)lseek(STDIN_FILENO, (off_t)s.pos - (off_t)s.len, SEEK_CUR);
	return status;
}

/* True for a byte that splits; with `space`, only for white space. */
static bool is_ifs(const struct line *l, size_t i, const char *ifs, bool space)
{
	char c = l->text.s[i];

	return l->escaped.s[i] == 0 && strchr(ifs, c) != NULL && (!space || ch_is(c, CH_WHITE));
}

static int set(struct shell *sh, const char *name, const char *s, size_t len)
{
	char *value = xstrndup(s, len);
	int r = var_set(sh, name, value, 0);

	free(value);
	if (r < 0)
		sh_warn(sh, "read: %s: is read-only", name);
	return r < 0 ? 2 : 0;
}

/*
 * The end of what the last variable gets, from byte i on: all but trailing IFS white space, and
 * but one other delimiter if it ends the line and the rest has one field (XCU read, 2.6.5).
 */
static size_t rest_end(const struct line *l, size_t i, const char *ifs)
{
	size_t end = l->text.len, k = i;

	while (end > i && is_ifs(l, end - 1, ifs, true))
		end--;
	while (k < end && !is_ifs(l, k, ifs, false))
		k++;
	if (k < end) {
		size_t after = k;

		while (after < end && is_ifs(l, after, ifs, true))
			after++;
		if (after < end && is_ifs(l, after, ifs, false))
			after++;
		while (after < end && is_ifs(l, after, ifs, true))
			after++;
		if (after == end)
			end = k;
	}
	return end;
}

static int assign(struct shell *sh, const struct line *l, int n, char **names)
{
	const char *now = var_text(sh, "IFS"), *s = strbuf_str(&l->text);
	char *ifs = xstrdup(now != NULL ? now : " \t\n"); /* `read IFS` would change it */
	size_t len = l->text.len, i = 0;
	int status = 0;

	while (i < len && is_ifs(l, i, ifs, true))
		i++;
	for (int k = 0; k < n; k++) {
		size_t start = i;

		if (k == n - 1) {
			status |= set(sh, names[k], s + i, rest_end(l, i, ifs) - i);
			break;
		}
		while (i < len && !is_ifs(l, i, ifs, false))
			i++;
		status |= set(sh, names[k], s + start, i - start);
		while (i < len && is_ifs(l, i, ifs, true))
			i++;
		if (i < len && is_ifs(l, i, ifs, false) && !is_ifs(l, i, ifs, true))
			i++;
		while (i < len && is_ifs(l, i, ifs, true))
			i++;
	}
	free(ifs);
	return status;
}

int builtin_read(struct shell *sh, int argc, char **argv)
{
	struct line l = { 0 };
	bool raw = false;
	int delim = '\n', c, status, bad;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "rd:p:")) != -1) {
		if (c == '?')
			return 2;
		raw |= c == 'r';
		if (c == 'd')
			delim = (unsigned char)optarg[0];
		if (c == 'p')
			fputs(optarg, stderr);
	}
	for (int i = optind; i < argc; i++)
		if (!name_valid(argv[i])) {
			sh_warn(sh, "read: %s: bad variable name", argv[i]);
			return 2;
		}
	if (optind == argc)
		return builtin_usage(sh, "read");
	status = read_line(sh, &l, raw, delim);
	bad = status <= 1 ? assign(sh, &l, argc - optind, argv + optind) : 0;
	strbuf_release(&l.text);
	strbuf_release(&l.escaped);
	return bad != 0 ? bad : status;
}
