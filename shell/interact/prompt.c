#include <config.h>

#include "shell/interact/prompt.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rendezvous/io_full.h"
#include "shell/exec/hist.h"
#include "shell/exec/trap.h"
#include "shell/expand/expand.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

const char prompt_default[] = "%n@%m:%~%# ";

/* One escape: what puts its text, and the two things that those functions want to know. */
struct escape {
	void (*put)(struct shell *sh, struct strbuf *out, const struct escape *e);
	unsigned how; /* enum escape_how */
	const char *text;
};

enum escape_how {
	HOST_WHOLE = 1 << 0, /* with its domain */
	DIR_TILDE = 1 << 1,  /* HOME is ~ */
	DIR_LAST = 1 << 2,   /* the last component alone */
	MARK_BEGIN = 1 << 3,
};

enum { HOST_ROOM = 256, TIME_ROOM = 1024 }; /* bytes; a longer time is left out */

static void put_user(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	const char *name = var_get(sh, "USER");
	struct passwd *pw = name == NULL ? getpwuid(geteuid()) : NULL;

	(void)e;
	strbuf_adds(out, name != NULL ? name : pw != NULL ? pw->pw_name : "?");
}

static void put_host(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	char host[HOST_ROOM] = "";

	(void)sh;
	gethostname(host, sizeof(host) - 1);
	if ((e->how & HOST_WHOLE) == 0)
		host[strcspn(host, ".")] = '\0';
	strbuf_adds(out, host);
}

static void put_dir(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	const char *dir = sh->pwd != NULL ? sh->pwd : "?", *home = var_get(sh, "HOME");
	size_t n = home != NULL ? strlen(home) : 0;
	bool last = (e->how & DIR_LAST) != 0;

	if ((e->how & DIR_TILDE) != 0 && n > 1 && strncmp(dir, home, n) == 0 &&
	    (dir[n] == '/' || dir[n] == '\0')) {
		if (!last || dir[n] == '\0')
			strbuf_addc(out, '~');
		dir += n;
	}
	if (last && strrchr(dir, '/') != NULL && strrchr(dir, '/')[1] != '\0')
		dir = strrchr(dir, '/') + 1;
	strbuf_adds(out, dir);
}

/* e->text is a format of strftime(). */
static void put_time(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	char buf[TIME_ROOM];
	time_t now = (time_t)io_wall_s();
	struct tm tm;

	(void)sh;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (localtime_r(&now, &tm) != NULL && strftime(buf, sizeof(buf), e->text, &tm) != 0)
		strbuf_adds(out, buf);
#pragma GCC diagnostic pop
}

static void put_root(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	(void)sh;
	(void)e;
	strbuf_addc(out, geteuid() == 0 ? '#' : '>');
}

static void put_number(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	(void)e;
	strbuf_addf(out, "%u", hist_next_number(sh->hist));
}

static void put_status(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	(void)e;
	strbuf_addf(out, "%d", sh->status);
}

static void put_origin(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	const char *origin = var_get(sh, "MISH_ORIGIN");

	(void)e;
	strbuf_adds(out, origin != NULL ? origin : "");
}

/*
 * A \1 before and behind what has no width. Of two that touch libedit loses the first: then
 * neither is put.
 */
static void put_mark(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	(void)sh;
	if ((e->how & MARK_BEGIN) != 0 && out->len != 0 && out->s[out->len - 1] == '\1')
		out->s[--out->len] = '\0';
	else
		strbuf_addc(out, '\1');
}

/* e->text is the parameter of ECMA-48's SGR. */
static void put_attr(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	put_mark(sh, out, &(struct escape){ .how = MARK_BEGIN });
	strbuf_addf(out, "\033[%sm", e->text);
	put_mark(sh, out, &(struct escape){ .how = 0 });
}

static void put_text(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	(void)sh;
	strbuf_adds(out, e->text);
}

static const struct escape escapes[128] = {
	['!'] = { put_number, 0, NULL },	['#'] = { put_root, 0, NULL },
	['%'] = { put_text, 0, "%" },		['.'] = { put_dir, DIR_TILDE | DIR_LAST, NULL },
	['/'] = { put_dir, 0, NULL },		['?'] = { put_status, 0, NULL },
	['@'] = { put_time, 0, "%I:%M%p" },	['B'] = { put_attr, 0, "1" },
	['C'] = { put_dir, DIR_LAST, NULL },	['D'] = { put_time, 0, "%d" },
	['M'] = { put_host, HOST_WHOLE, NULL }, ['O'] = { put_origin, 0, NULL },
	['P'] = { put_time, 0, "%H:%M:%S" },	['S'] = { put_attr, 0, "7" },
	['T'] = { put_time, 0, "%H:%M" },	['U'] = { put_attr, 0, "4" },
	['b'] = { put_attr, 0, "22" },		['c'] = { put_dir, DIR_TILDE | DIR_LAST, NULL },
	['h'] = { put_number, 0, NULL },	['m'] = { put_host, 0, NULL },
	['n'] = { put_user, 0, NULL },		['s'] = { put_attr, 0, "27" },
	['t'] = { put_time, 0, "%I:%M%p" },	['u'] = { put_attr, 0, "24" },
	['{'] = { put_mark, MARK_BEGIN, NULL }, ['}'] = { put_mark, 0, NULL },
	['~'] = { put_dir, DIR_TILDE, NULL },
};

/* %D{format}, from the brace on; returns its last byte, NULL if there is no closing brace. */
static const char *put_strftime(struct shell *sh, const char *s, struct strbuf *out)
{
	const char *end = strchr(s, '}');
	char *format;

	if (end == NULL)
		return NULL;
	format = xstrndup(s + 1, (size_t)(end - s - 1));
	put_time(sh, out, &(struct escape){ .text = format });
	free(format);
	return end;
}

/* One escape after the %; returns its last byte. What is no escape is put as it is. */
static const char *put_escape(struct shell *sh, const char *s, struct strbuf *out)
{
	unsigned char c = (unsigned char)*s;
	const char *end;

	if (c == 'D' && s[1] == '{' && (end = put_strftime(sh, s + 1, out)) != NULL)
		return end;
	if (c < 128 && escapes[c].put != NULL) {
		escapes[c].put(sh, out, &escapes[c]);
		return s;
	}
	strbuf_addc(out, '%');
	if (c == '\0')
		return s - 1;
	strbuf_addc(out, *s);
	return s;
}

char *prompt_text(struct shell *sh, const char *var, const char *fallback)
{
	const char *value = var_get(sh, var);
	void *mark = arena_mark(sh->arena);
	struct flow flow = sh->flow;
	int status = sh->status;
	struct strbuf out = { 0 };
	char *text;

	if (value == NULL)
		value = fallback;
	text = expand_dquoted(sh, value);
	if (text == NULL && trap_take_int(sh))
		value = ""; /* ^C: the prompt takes too long; without it one can set another */
	sh->flow = flow; /* a prompt that cannot be expanded must not end the shell */
	sh->status = status;
	for (const char *s = text != NULL ? text : value; *s != '\0'; s++) {
		if (*s != '%')
			strbuf_addc(&out, *s);
		else
			s = put_escape(sh, s + 1, &out);
	}
	arena_rewind(sh->arena, mark);
	return strbuf_take(&out);
}
