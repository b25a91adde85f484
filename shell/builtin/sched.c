#include <config.h>

#include "shell/builtin/sched.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "migrate/state.h"
#include "shell/builtin/builtin.h"
#include "shell/builtin/keyed.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

/* One shell to a process. The keys are times, in seconds since the Epoch, with a number that makes them differ. */
static struct keyed rows;
static unsigned last;

static int64_t time_of(const struct keyed_row *r)
{
	return strtoll(r->key, NULL, 10);
}

/* The earliest; of those of one time the one that came first. NULL: there is none. */
static const struct keyed_row *first_row(void)
{
	const struct keyed_row *r = rows.n != 0 ? &rows.v[0] : NULL;

	for (size_t i = 1; i < rows.n; i++)
		if (time_of(&rows.v[i]) < time_of(r))
			r = &rows.v[i];
	return r;
}

int64_t sched_next(void)
{
	const struct keyed_row *r = first_row();

	return r != NULL ? time_of(r) : -1;
}

char *sched_take(int64_t now)
{
	const struct keyed_row *r = first_row();
	char *command;

	if (r == NULL || time_of(r) > now)
		return NULL;
	command = xstrdup(r->text);
	keyed_set(&rows, r->key, NULL);
	return command;
}

/* A number up to a bound, at *s, which moves behind it. False: there is none. */
static bool number(const char **s, long max, long *ret)
{
	char *end;

	if (**s < '0' || **s > '9')
		return false;
	*ret = strtol(*s, &end, 10);
	*s = end;
	return *ret <= max;
}

static bool is_half(const char *s)
{
	return strcasecmp(s, "am") == 0 || strcasecmp(s, "pm") == 0;
}

/* [+]hh:mm[:ss] and hh[:mm] with am or pm, as tcsh and zsh have it; +seconds as in zsh. -1: it is no time. */
static int64_t parse_time(const char *s, int64_t now)
{
	bool relative = *s == '+';
	long h, m = 0, sec = 0;
	time_t at = (time_t)now;
	struct tm tm;

	s += relative;
	if (!number(&s, 1L << 24, &h))
		return -1;
	if (*s == '\0' && relative)
		return now + h;
	if ((relative || !is_half(s)) && (*s != ':' || (s++, !number(&s, 59, &m)) || (*s == ':' && (s++, !number(&s, 59, &sec)))))
		return -1;
	if (relative)
		return *s == '\0' ? now + h * 3600 + m * 60 + sec : -1;
	if (is_half(s)) {
		if (h < 1 || h > 12)
			return -1;
		h = h % 12 + (*s == 'p' || *s == 'P' ? 12 : 0);
	} else if (*s != '\0') {
		return -1;
	}
	if (h > 23 || localtime_r(&at, &tm) == NULL)
		return -1;
	tm.tm_hour = (int)h;
	tm.tm_min = (int)m;
	tm.tm_sec = (int)sec;
	tm.tm_isdst = -1;
	at = mktime(&tm);
	if ((int64_t)at <= now) { /* tomorrow */
		tm.tm_mday++;
		tm.tm_isdst = -1;
		at = mktime(&tm);
	}
	return (int64_t)at;
}

static void list(void)
{
	for (size_t i = 0; i < rows.n; i++) {
		time_t at = (time_t)time_of(&rows.v[i]);
		char when[64] = "?";
		struct tm tm;

		if (localtime_r(&at, &tm) != NULL)
			strftime(when, sizeof(when), "%a %b %e %H:%M:%S", &tm);
		printf("%6zu\t%s\t%s\n", i + 1, when, rows.v[i].text);
	}
}

/* sched; sched [+]hh:mm command; sched -n. */
int builtin_sched(struct shell *sh, int argc, char **argv)
{
	struct strbuf key = { 0 }, text = { 0 };
	int64_t at;
	char *end;
	unsigned long n;

	if (argc == 1) {
		list();
		return 0;
	}
	if (argv[1][0] == '-') {
		n = strtoul(argv[1] + 1, &end, 10);
		if (*end != '\0' || n == 0 || n > rows.n) {
			sh_warn(sh, "sched: %s: there is no such event", argv[1]);
			return 1;
		}
		keyed_set(&rows, rows.v[n - 1].key, NULL);
		return 0;
	}
	if (argc == 2)
		return builtin_usage(sh, argv[0]);
	at = parse_time(argv[1], now_wall_s());
	if (at < 0) {
		sh_warn(sh, "sched: %s: is no time: 14:30, 2:30pm, +1:30 (in an hour and a half) or +90 (seconds)", argv[1]);
		return 1;
	}
	for (int i = 2; i < argc; i++)
		strbuf_addf(&text, "%s%s", i > 2 ? " " : "", argv[i]);
	strbuf_addf(&key, "%lld.%u", (long long)at, last++);
	keyed_set(&rows, key.s, text.s);
	strbuf_release(&key);
	strbuf_release(&text);
	return 0;
}

/* ---- state ---- */

enum { SCHED_ROWS = 1, SCHED_LAST = 2 };

static void sched_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	keyed_save(&rows, e, SCHED_ROWS);
	state_put_uint(e, SCHED_LAST, last);
}

static int sched_load(struct shell *sh, const struct state_dec *d)
{
	uint64_t n = 0;
	int r;

	(void)sh;
	(void)state_get_uint(d, SCHED_LAST, UINT32_MAX, &n);
	last = (unsigned)n;
	r = keyed_load(&rows, d, SCHED_ROWS);
	for (size_t i = 0; i < rows.n; i++)
		if (time_of(&rows.v[i]) < 0 || time_of(&rows.v[i]) > now_wall_s() + (INT64_C(1) << 36))
			r = -EBADMSG;
	return r;
}

const struct state_section sched_section = {
	.name = "sched", .version = 1, .save = sched_save, .load = sched_load,
};
