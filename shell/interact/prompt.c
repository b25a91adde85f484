#include <config.h>

#include "shell/interact/prompt.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "shell/exec/hist.h"
#include "shell/expand/expand.h"
#include "shell/expand/var.h"
#include "shell/jobs/job.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"
#include "wire/text.h"

const char prompt_default[] = "%n@%m:%~%# ";

enum escape_what {
	PUT_USER, PUT_HOST, PUT_DIR, PUT_ROOT, PUT_NUMBER, PUT_STATUS,
	PUT_TIME, PUT_ORIGIN, PUT_MARK, PUT_ATTR, PUT_TEXT, PUT_JOBS, PUT_TTY,
};

enum escape_how {
	HOST_WHOLE = 1 << 0, /* with its domain */
	DIR_TILDE = 1 << 1,  /* HOME is ~ */
	DIR_LAST = 1 << 2,   /* the last component alone */
	MARK_BEGIN = 1 << 3,
};

/* One escape; without pointers, which each start of the shell would have to relocate. */
struct escape {
	char letter;
	unsigned char what, how;
	char text[9]; /* PUT_TIME: strftime()'s format; PUT_ATTR: the parameter of ECMA-48's SGR */
};

static const struct escape escapes[] = {
	{ '!', PUT_NUMBER, 0, "" },	   { '#', PUT_ROOT, 0, "" },
	{ '%', PUT_TEXT, 0, "%" },	   { '.', PUT_DIR, DIR_TILDE | DIR_LAST, "" },
	{ '/', PUT_DIR, 0, "" },	   { '?', PUT_STATUS, 0, "" },
	{ '@', PUT_TIME, 0, "%I:%M%p" },   { 'B', PUT_ATTR, 0, "1" },
	{ 'C', PUT_DIR, DIR_LAST, "" },	   { 'D', PUT_TIME, 0, "%d" },
	{ 'M', PUT_HOST, HOST_WHOLE, "" }, { 'O', PUT_ORIGIN, 0, "" },
	{ 'P', PUT_TIME, 0, "%H:%M:%S" },  { 'S', PUT_ATTR, 0, "7" },
	{ 'T', PUT_TIME, 0, "%H:%M" },	   { 'U', PUT_ATTR, 0, "4" },
	{ 'b', PUT_ATTR, 0, "22" },	   { 'c', PUT_DIR, DIR_TILDE | DIR_LAST, "" },
	{ 'h', PUT_NUMBER, 0, "" },	   { 'm', PUT_HOST, 0, "" },
	{ 'n', PUT_USER, 0, "" },	   { 's', PUT_ATTR, 0, "27" },
	{ 't', PUT_TIME, 0, "%I:%M%p" },   { 'u', PUT_ATTR, 0, "24" },
	{ '{', PUT_MARK, MARK_BEGIN, "" }, { '}', PUT_MARK, 0, "" },
	{ '~', PUT_DIR, DIR_TILDE, "" },   { 'd', PUT_TIME, 0, "%a" },
	{ 'j', PUT_JOBS, 0, "" },	   { 'l', PUT_TTY, 0, "" },
	{ 'p', PUT_TIME, 0, "%r" },	   { 'w', PUT_TIME, 0, "%b" },
	{ 'W', PUT_TIME, 0, "%m" },	   { 'y', PUT_TIME, 0, "%y" },
	{ 'Y', PUT_TIME, 0, "%Y" },
};

enum { TIME_ROOM = 1024 }; /* bytes; a longer time is left out */

static void put_user(struct shell *sh, struct strbuf *out)
{
	const char *name = var_text(sh, "USER");
	struct passwd *pw = name == NULL ? getpwuid(geteuid()) : NULL;

	strbuf_adds(out, name != NULL ? name : pw != NULL ? pw->pw_name : "?");
}

static void put_host(struct strbuf *out, bool whole)
{
	struct utsname u;

	if (uname(&u) == 0)
		strbuf_add(out, u.nodename, whole ? strlen(u.nodename) : strcspn(u.nodename, "."));
}

static void put_dir(struct shell *sh, struct strbuf *out, bool tilde, bool last)
{
	const char *dir = sh->pwd != NULL ? sh->pwd : "?", *home = var_text(sh, "HOME");
	size_t n = home != NULL ? strlen(home) : 0;
	char *copy;

	if (tilde && n > 1 && strncmp(dir, home, n) == 0 && (dir[n] == '/' || dir[n] == '\0')) {
		if (!last || dir[n] == '\0')
			strbuf_addc(out, '~');
		dir += n;
	}
	if (last && strrchr(dir, '/') != NULL && strrchr(dir, '/')[1] != '\0')
		dir = strrchr(dir, '/') + 1;
	dir = copy = xstrdup(dir);
	text_clean(copy); /* whoever made the directory chose its name */
	strbuf_adds(out, dir);
	free(copy);
}

static void put_tty(struct shell *sh, struct strbuf *out)
{
	const char *name = ttyname(sh->tty->fd >= 0 ? sh->tty->fd : STDIN_FILENO);

	if (name != NULL && strncmp(name, "/dev/", 5) == 0)
		name += 5;
	strbuf_adds(out, name != NULL ? name : "tty");
}

static void put_time(struct strbuf *out, const char *format)
{
	char buf[TIME_ROOM];
	time_t now = (time_t)now_wall_s();
	struct tm tm;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (localtime_r(&now, &tm) != NULL && strftime(buf, sizeof(buf), *format != '\0' ? format : "%X", &tm) != 0)
		strbuf_adds(out, buf);
#pragma GCC diagnostic pop
}

/*
 * A \1 before and behind what has no width. Of two that touch libedit loses the first: then
 * neither is put.
 */
static void put_mark(struct strbuf *out, bool begin)
{
	if (begin && out->len != 0 && out->s[out->len - 1] == '\1')
		out->s[--out->len] = '\0';
	else
		strbuf_addc(out, '\1');
}

static void put_attr(struct strbuf *out, const char *parameter)
{
	put_mark(out, true);
	strbuf_addf(out, "\033[%sm", parameter);
	put_mark(out, false);
}

/* What an escape stands for. */
static void put_row(struct shell *sh, struct strbuf *out, const struct escape *e)
{
	const char *origin;

	switch ((enum escape_what)e->what) {
	case PUT_USER:
		put_user(sh, out);
		break;
	case PUT_HOST:
		put_host(out, (e->how & HOST_WHOLE) != 0);
		break;
	case PUT_DIR:
		put_dir(sh, out, (e->how & DIR_TILDE) != 0, (e->how & DIR_LAST) != 0);
		break;
	case PUT_ROOT:
		strbuf_addc(out, geteuid() == 0 ? '#' : '>');
		break;
	case PUT_NUMBER:
		strbuf_addf(out, "%u", hist_next_number(sh->hist));
		break;
	case PUT_STATUS:
		strbuf_addf(out, "%d", sh->frame.status);
		break;
	case PUT_TIME:
		put_time(out, e->text);
		break;
	case PUT_ORIGIN:
		origin = var_text(sh, "MISH_ORIGIN");
		strbuf_adds(out, origin != NULL ? origin : "");
		break;
	case PUT_MARK:
		put_mark(out, (e->how & MARK_BEGIN) != 0);
		break;
	case PUT_JOBS:
		strbuf_addf(out, "%zu", job_count(sh, true));
		break;
	case PUT_TTY:
		put_tty(sh, out);
		break;
	case PUT_ATTR:
		put_attr(out, e->text);
		break;
	case PUT_TEXT:
		strbuf_adds(out, e->text);
		break;
	}
}

/* %D{format}, from the brace on; returns its last byte, NULL if there is no closing brace. */
static const char *put_strftime(const char *s, struct strbuf *out)
{
	const char *end = strchr(s, '}');
	char *format;

	if (end == NULL)
		return NULL;
	format = xstrndup(s + 1, (size_t)(end - s - 1));
	put_time(out, format);
	free(format);
	return end;
}

/* One escape after the %; returns its last byte. What is no escape is put as it is. */
static const char *put_escape(struct shell *sh, const char *s, struct strbuf *out)
{
	const char *end;

	if (*s == 'D' && s[1] == '{' && (end = put_strftime(s + 1, out)) != NULL)
		return end;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (escapes[i].letter == *s) {
			put_row(sh, out, &escapes[i]);
			return s;
		}
	strbuf_addc(out, '%');
	if (*s == '\0')
		return s - 1;
	strbuf_addc(out, *s);
	return s;
}

/* bash's escapes, and what stands for them here, before it is expanded. */
static const struct {
	char letter;
	char text[14];
} bash_escapes[] = {
	{ 'u', "%n" },	{ 'h', "%m" },	      { 'H', "%M" },	     { 'w', "%~" },   { 'W', "%c" },
	{ '[', "%{" },	{ ']', "%}" },	      { 't', "%P" },	     { 'A', "%T" },   { '@', "%D{%I:%M %p}" },
	{ '!', "%!" },	{ '#', "%!" },	      { 'T', "%D{%I:%M:%S}" }, { 'd', "%D{%a %b %d}" },
	{ 's', "mish" }, { 'v', PACKAGE_VERSION }, { 'V', PACKAGE_VERSION }, { 'e', "\033" }, { 'a', "\a" },
	{ 'j', "%j" },	{ 'l', "%l" },
	{ 'n', "\n" },	{ 'r', "\r" },	      { '\\', "\\\\" },
};

/* Is it a prompt in bash's escapes? Ours have %, and a backslash in them only protects. */
static bool is_bash(const char *s)
{
	while ((s = strchr(s, '\\')) != NULL && s[1] != '\0' && strchr("uhHwWtTAdDsvVjlnae@[]", s[1]) == NULL)
		s += 2;
	return s != NULL && s[1] != '\0';
}

/* What stands for the escape at *s, behind the backslash; *s moves to its last byte. */
static void put_bash(const char **s, struct strbuf *out)
{
	size_t digits = strspn(*s, "01234567");
	char octal[4] = "", c;
	const char *end;

	for (size_t i = 0; i < sizeof(bash_escapes) / sizeof(bash_escapes[0]); i++)
		if (bash_escapes[i].letter == **s) {
			strbuf_adds(out, bash_escapes[i].text);
			return;
		}
	if (**s == '$') {
		strbuf_adds(out, geteuid() == 0 ? "#" : "\\$");
	} else if (digits >= 3) {
		memcpy(octal, *s, 3);
		c = (char)strtol(octal, NULL, 8);
		if (c != '\0' && strchr("$`\"\\%", c) != NULL)
			strbuf_addc(out, c == '%' ? '%' : '\\');
		strbuf_addc(out, c);
		*s += 2;
	} else if (**s == 'D' && (*s)[1] == '{') {
		end = strchr(*s, '}');
		strbuf_adds(out, "%D"); /* the format follows, whose own % stay */
		if (end != NULL) {
			(*s)++;
			strbuf_add(out, *s, (size_t)(end + 1 - *s));
			*s = end;
		}
	} else if (**s == '"' || **s == '`') {
		strbuf_adds(out, **s == '"' ? "\"" : "\\`"); /* for the expansion that comes */
	} else { /* it is none, and stays */
		strbuf_adds(out, "\\\\");
		--*s;
	}
}

/* A prompt in bash's escapes as one in ours (caller frees). */
static char *from_bash(const char *s)
{
	struct strbuf out = { 0 };

	for (; *s != '\0'; s++) {
		if (*s == '\\') {
			s++;
			put_bash(&s, &out);
		} else {
			strbuf_adds(&out, *s == '%' ? "%%" : (char[]){ *s, '\0' });
		}
	}
	return strbuf_take(&out);
}

/* The % escapes of a text that is expanded then: what they stand for is not (caller frees). */
static char *decode(struct shell *sh, const char *s)
{
	struct strbuf out = { 0 }, one = { 0 };

	for (; *s != '\0'; s++) {
		if (*s != '%') {
			strbuf_addc(&out, *s);
			continue;
		}
		strbuf_clear(&one);
		s = put_escape(sh, s + 1, &one);
		for (const char *c = strbuf_str(&one); *c != '\0'; c++) {
			if (strchr("$`\"\\", *c) != NULL)
				strbuf_addc(&out, '\\');
			strbuf_addc(&out, *c);
		}
	}
	strbuf_release(&one);
	return strbuf_take(&out);
}

static char *prompt_expand(struct shell *sh, const char *value, bool bash)
{
	void *mark = arena_mark(sh->arena);
	struct frame outer = sh->frame;
	struct strbuf out = { 0 };
	char *text, *ours = NULL, *decoded = NULL;

	if (bash) {
		value = ours = from_bash(value);
		decoded = decode(sh, value); /* the escapes first, as in bash: what an expansion yields is none */
	}
	text = expand_dquoted(sh, decoded != NULL ? decoded : value);
	if (text == NULL && sigs_take_int(sh))
		value = ""; /* ^C: the prompt takes too long; without it one can set another */
	sh->frame = outer; /* a prompt that cannot be expanded must not end the shell */
	for (const char *s = text != NULL ? text : value; *s != '\0'; s++) {
		if (*s != '%' || bash)
			strbuf_addc(&out, *s);
		else
			s = put_escape(sh, s + 1, &out);
	}
	arena_rewind(sh->arena, mark);
	free(ours);
	free(decoded);
	return strbuf_take(&out);
}

char *prompt_text(struct shell *sh, const char *var, const char *fallback)
{
	const char *value = var_text(sh, var);

	if (value == NULL)
		value = fallback;
	return prompt_expand(sh, value, is_bash(value));
}

const char *prompt_of_bash(struct shell *sh, const char *value)
{
	char *text = prompt_expand(sh, value, true), *to = text, *ret;

	for (const char *from = text; *from != '\0'; from++)
		if (*from != '\1') /* the editor's marks */
			*to++ = *from;
	ret = arena_strndup(sh->arena, text, (size_t)(to - text));
	free(text);
	return ret;
}
