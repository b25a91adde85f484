#include <config.h>

#include "shell/builtin/watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utmpx.h>

#include "shell/builtin/builtin.h"
#include "shell/expand/pattern.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"
#include "wire/io_full.h"
#include "wire/now.h"
#include "wire/text.h"

enum { MINUTES = 10, LOGINS_MAX = 10000 };

struct logins {
	struct utmpx *v;
	size_t n;
};

/* rebuilt: another node has other logins. NULL: nobody has looked yet, and what there is is nothing new. */
static struct logins seen;
static int64_t looked_s = -1;

/* As it is in the file: functions of the C library for it would be looked up at each start of a shell. */
static struct logins read_logins(void)
{
	struct logins l = { 0 };
	char *text = NULL;
	size_t len = 0, n;
	int fd = open(_PATH_UTMPX, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || io_read_file(fd, LOGINS_MAX * sizeof(*l.v), &text, &len) < 0)
		len = 0;
	if (fd >= 0)
		close(fd);
	l.v = xcalloc(len / sizeof(*l.v) + 1, sizeof(*l.v));
	n = len / sizeof(*l.v);
	for (size_t i = 0; i < n; i++) {
		memcpy(&l.v[l.n], text + i * sizeof(*l.v), sizeof(*l.v));
		l.n += l.v[l.n].ut_type == USER_PROCESS;
	}
	free(text);
	return l;
}

/* Texts of utmp need not end. */
#define FIELD(u, name) strndupa((u)->name, sizeof((u)->name))

static bool is_same(const struct utmpx *a, const struct utmpx *b)
{
	return strncmp(a->ut_line, b->ut_line, sizeof(a->ut_line)) == 0 && strncmp(a->ut_user, b->ut_user, sizeof(a->ut_user)) == 0 &&
	       a->ut_tv.tv_sec == b->ut_tv.tv_sec;
}

static bool has(const struct logins *l, const struct utmpx *u)
{
	size_t i = 0;

	while (i < l->n && !is_same(&l->v[i], u))
		i++;
	return i < l->n;
}

static bool matches(const char *pattern, const char *s)
{
	return strcmp(pattern, "any") == 0 || strcmp(pattern, "all") == 0 || pattern_match(pattern, s, strlen(s));
}

/* The words of `watch`, to be freed with the text they are in; NULL: it is not set. */
static char **words_of(struct shell *sh, char **ret_text, size_t *ret_n)
{
	struct value v = var_get(sh, "watch", strlen("watch"));
	struct strbuf b = { 0 };
	struct array_key key;
	char **w = NULL, *save = NULL;

	for (size_t i = 0; v.kind == VALUE_ARRAY && i < array_len(v.array); i++)
		strbuf_addf(&b, "%s ", array_at(v.array, i, &key));
	if (v.kind == VALUE_SCALAR)
		strbuf_adds(&b, v.text);
	*ret_n = 0;
	*ret_text = b.len != 0 ? strbuf_take(&b) : NULL;
	for (char *s = *ret_text != NULL ? strtok_r(*ret_text, " \t\n,", &save) : NULL; s != NULL; s = strtok_r(NULL, " \t\n,", &save)) {
		w = xreallocarray(w, *ret_n + 1, sizeof(*w));
		w[(*ret_n)++] = s;
	}
	return w;
}

/* Minutes, if the list begins with a number. */
static bool is_number(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

static bool is_watched(char *const *w, size_t n, const struct utmpx *u)
{
	size_t i = n != 0 && is_number(w[0]);

	for (; i < n; i += 2)
		if (matches(w[i], FIELD(u, ut_user)) && matches(i + 1 < n ? w[i + 1] : "any", FIELD(u, ut_line)))
			return true;
	return false;
}

static void put_time(struct strbuf *b, char c, int64_t at)
{
	time_t t = (time_t)at;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		strbuf_addc(b, '?');
	else if (c == 'D')
		strbuf_addf(b, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	else if (c == 'T')
		strbuf_addf(b, "%02d:%02d", tm.tm_hour, tm.tm_min);
	else
		strbuf_addf(b, "%d:%02d%s", (tm.tm_hour + 11) % 12 + 1, tm.tm_min, tm.tm_hour < 12 ? "am" : "pm");
}

/* One escape of the form. */
static void put_escape(struct strbuf *b, char c, const struct utmpx *u, const char *action, int64_t when)
{
	const char *host = FIELD(u, ut_host);

	switch (c) {
	case 'n':
		strbuf_adds(b, FIELD(u, ut_user));
		break;
	case 'a':
		strbuf_adds(b, action);
		break;
	case 'l':
		strbuf_adds(b, FIELD(u, ut_line));
		break;
	case 'm':
		strbuf_adds(b, *host == '\0' ? "local" : host);
		if (strspn(host, "0123456789.") != strlen(host) && strchr(host, '.') != NULL)
			strbuf_cut(b, b->len - strlen(strchr(host, '.')));
		break;
	case 'M':
		strbuf_adds(b, *host == '\0' ? "local" : host);
		break;
	case 't':
	case '@':
	case 'T':
	case 'D':
		put_time(b, c, when);
		break;
	default:
		strbuf_addf(b, c == '%' ? "%%" : "%%%c", c);
	}
}

static void tell(struct shell *sh, FILE *out, const struct utmpx *u, const char *action, int64_t when)
{
	const char *form = var_text(sh, "who"), *other = var_text(sh, "WATCHFMT");
	struct strbuf b = { 0 };

	form = form != NULL ? form : other != NULL ? other : u->ut_host[0] != '\0' ? "%n has %a %l from %m." : "%n has %a %l.";
	for (; *form != '\0'; form++) {
		if (*form == '%' && form[1] != '\0')
			put_escape(&b, *++form, u, action, when);
		else
			strbuf_addc(&b, *form);
	}
	strbuf_addc(&b, '\0');
	text_clean(b.s); /* a host's name is what its owner says */
	fprintf(out, "%s\n", b.s);
	strbuf_release(&b);
}

void watch_before_prompt(struct shell *sh)
{
	size_t n;
	char *text, **w;
	int64_t now;
	struct logins l;

	if (opt(sh, OPT_POSIX) || var_find(sh, "watch") == NULL)
		return;
	w = words_of(sh, &text, &n);
	now = now_mono_ms() / 1000;
	if (n != 0 && (looked_s < 0 || (now - looked_s) / 60 >= (is_number(w[0]) ? atol(w[0]) : MINUTES))) {
		l = read_logins();
		for (size_t i = 0; looked_s >= 0 && i < l.n; i++)
			if (!has(&seen, &l.v[i]) && is_watched(w, n, &l.v[i]))
				tell(sh, stderr, &l.v[i], "logged on", l.v[i].ut_tv.tv_sec);
		for (size_t i = 0; looked_s >= 0 && i < seen.n; i++)
			if (!has(&l, &seen.v[i]) && is_watched(w, n, &seen.v[i]))
				tell(sh, stderr, &seen.v[i], "logged off", now_wall_s());
		free(seen.v);
		seen = l;
		looked_s = now;
	}
	free(w);
	free(text);
}

/* log: whom `watch` names, and who of them is there. */
int builtin_log(struct shell *sh, int argc, char **argv)
{
	struct logins l;
	size_t n;
	char *text, **w;

	if (argc > 1)
		return builtin_usage(sh, argv[0]);
	w = words_of(sh, &text, &n);
	if (n == 0) {
		sh_warn(sh, "log: nobody is watched: watch=(any any) watches all");
		free(text);
		return 1;
	}
	for (size_t i = 0; i < n; i++)
		printf("%s%c", w[i], i + 1 < n ? ' ' : '\n');
	l = read_logins();
	for (size_t i = 0; i < l.n; i++)
		if (is_watched(w, n, &l.v[i]))
			tell(sh, stdout, &l.v[i], "logged on", l.v[i].ut_tv.tv_sec);
	free(l.v);
	free(w);
	free(text);
	return 0;
}
