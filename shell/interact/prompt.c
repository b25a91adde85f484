#include <config.h>

#include "shell/interact/prompt.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "shell/exec/hist.h"
#include "shell/expand/expand.h"
#include "shell/expand/var.h"
#include "shell/interact/prompt_lang.h"
#include "shell/jobs/job.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/arena.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"
#include "wire/text.h"

const char prompt_default[] = "%n@%m:%~%# ";

enum escape_what {
	PUT_USER, PUT_HOST, PUT_DIR, PUT_ROOT, PUT_NUMBER, PUT_STATUS,
	PUT_TIME, PUT_CLOCK, PUT_ORIGIN, PUT_MARK, PUT_ATTR, PUT_TEXT, PUT_JOBS, PUT_TTY, PUT_OPEN,
};

enum escape_how {
	HOST_WHOLE = 1 << 0, /* with its domain */
	DIR_TILDE = 1 << 1,  /* HOME is ~ */
	DIR_LAST = 1 << 2,   /* the last component alone */
	MARK_BEGIN = 1 << 3,
	DIR_SKIPPED = 1 << 4, /* … and how many are not there */
	CLOCK_SECONDS = 1 << 5,
	DIR_TRIM = 1 << 6, /* bash's PROMPT_DIRTRIM */
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
	{ '@', PUT_CLOCK, 0, "" },	   { 'B', PUT_ATTR, 0, "1" },
	{ 'C', PUT_DIR, DIR_LAST, "" },	   { 'D', PUT_TIME, 0, "%d" },
	{ 'M', PUT_HOST, HOST_WHOLE, "" }, { 'O', PUT_ORIGIN, 0, "" },
	{ 'P', PUT_TIME, 0, "%H:%M:%S" },  { 'S', PUT_ATTR, 0, "7" },
	{ 'T', PUT_TIME, 0, "%H:%M" },	   { 'U', PUT_ATTR, 0, "4" },
	{ 'b', PUT_ATTR, 0, "22" },	   { 'c', PUT_DIR, DIR_TILDE | DIR_LAST, "" },
	{ 'h', PUT_NUMBER, 0, "" },	   { 'm', PUT_HOST, 0, "" },
	{ 'n', PUT_USER, 0, "" },	   { 's', PUT_ATTR, 0, "27" },
	{ 't', PUT_CLOCK, 0, "" },	   { 'u', PUT_ATTR, 0, "24" },
	{ '{', PUT_MARK, MARK_BEGIN, "" }, { '}', PUT_MARK, 0, "" },
	{ '~', PUT_DIR, DIR_TILDE, "" },   { 'd', PUT_TIME, 0, "%a" },
	{ 'j', PUT_JOBS, 0, "" },	   { 'l', PUT_TTY, 0, "" },
	{ 'p', PUT_CLOCK, CLOCK_SECONDS, "" },  { 'w', PUT_TIME, 0, "%b" },
	{ 'W', PUT_TIME, 0, "%m" },	   { 'y', PUT_TIME, 0, "%y" },
	{ 'Y', PUT_TIME, 0, "%Y" },	   { '*', PUT_TIME, 0, "%H:%M:%S" },
	{ 'F', PUT_ATTR, 0, "39" },	   { 'K', PUT_ATTR, 0, "49" },
	{ 'f', PUT_ATTR, 0, "39" },	   { 'k', PUT_ATTR, 0, "49" },
	{ 'R', PUT_OPEN, 0, "" },	   { '_', PUT_OPEN, 0, "" },
	{ 'N', PUT_USER, 0, "" },	   { PROMPT_BASH_DIR, PUT_DIR, DIR_TILDE | DIR_TRIM, "" },
};

bool prompt_is_escape(const char *s)
{
	if (*s == '(' || (*s == '$' && name_length(s + 1) != 0))
		return true;
	s += strspn(s, "0123456789"); /* zsh's %2~ */
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (escapes[i].letter == *s)
			return true;
	return false;
}

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

/* The last n components of a path, but for the root nothing less than all of it: with its slash where that is all. */
static const char *last_components(const char *dir, int n)
{
	const char *s = dir + strlen(dir);
	int all = 0;

	for (const char *c = dir; *c != '\0'; c++)
		all += *c == '/';
	if (n > 1 && *dir == '/' && n >= all)
		return dir;
	while (s > dir && (s[-1] != '/' || --n > 0))
		s--;
	return *s != '\0' ? s : dir;
}

/* tcsh's `/<2>` for those before the last n, behind the ~; false: there are none. */
static bool put_skipped(struct strbuf *out, const char *dir, int n)
{
	int skipped = -n;

	for (const char *s = dir; *s != '\0'; s++)
		skipped += *s == '/';
	if (skipped > 0)
		strbuf_addf(out, "%s/<%d>", *dir == '~' ? "~" : "", skipped);
	return skipped > 0;
}

/* bash's ~/.../c/d: the last n components, and dots for what is longer than they (bash(1), PROMPT_DIRTRIM). */
static void put_trimmed(struct strbuf *out, const char *dir, const char *n)
{
	const char *first = *dir == '~' && dir[1] == '/' ? dir + 2 : dir, *tail = dir + strlen(dir);
	int left = n != NULL && n[strspn(n, "0123456789")] == '\0' ? atoi(n) : 0;
	bool trims = left > 0;

	while (trims && tail > first && (*--tail != '/' || --left > 0))
		;
	if (!trims || tail - first <= 3)
		strbuf_adds(out, dir);
	else
		strbuf_addf(out, "%.*s...%s", (int)(first - dir), dir, tail);
}

/* `last`: so many of its last components, 0: all of it. */
static void put_dir(struct shell *sh, struct strbuf *out, unsigned how, int last)
{
	const char *dir = sh->pwd != NULL ? sh->pwd : "?", *home = var_text(sh, "HOME");
	size_t n = home != NULL ? strlen(home) : 0;
	struct strbuf b = { 0 };

	if ((how & DIR_TILDE) != 0 && n > 1 && strncmp(dir, home, n) == 0 && (dir[n] == '/' || dir[n] == '\0')) {
		strbuf_addc(&b, '~');
		dir += n;
	}
	strbuf_adds(&b, dir);
	text_clean(b.s); /* whoever made the directory chose its name */
	if ((how & DIR_SKIPPED) != 0 && !put_skipped(out, b.s, last))
		last = 0;
	if ((how & DIR_TRIM) != 0)
		put_trimmed(out, b.s, var_text(sh, "PROMPT_DIRTRIM"));
	else
		strbuf_adds(out, last != 0 ? last_components(b.s, last) : b.s);
	strbuf_release(&b);
}

/* Our own descriptor is of /dev/tty, mostly: one of the three that is of our terminal knows its name. `last` as above. */
static void put_tty(struct shell *sh, struct strbuf *out, int last)
{
	const char *name = ttyname(sh->tty->fd >= 0 ? sh->tty->fd : STDIN_FILENO);
	pid_t session = tcgetsid(sh->tty->fd);

	for (int fd = STDIN_FILENO; session > 0 && fd <= STDERR_FILENO; fd++)
		if (tcgetsid(fd) == session) {
			name = ttyname(fd);
			break;
		}
	if (name != NULL && strncmp(name, "/dev/", 5) == 0)
		name += 5;
	if (name == NULL)
		name = "tty";
	strbuf_adds(out, last != 0 ? last_components(name, last) : name);
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

/* tcsh's: the same in every locale. */
static void put_clock(struct strbuf *out, bool seconds)
{
	time_t now = (time_t)now_wall_s();
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return;
	strbuf_addf(out, "%d:%02d", (tm.tm_hour + 11) % 12 + 1, tm.tm_min);
	if (seconds)
		strbuf_addf(out, ":%02d", tm.tm_sec);
	strbuf_adds(out, tm.tm_hour < 12 ? "am" : "pm");
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

/* A colour by its name, or its number of 256: the parameters of SGR, `layer` 3 for characters and 4 for what is behind them. */
static void put_colour(struct strbuf *out, const char *layer, const char *name, size_t len)
{
	static const char names[][8] = { "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white" };
	char parameter[16];

	snprintf(parameter, sizeof(parameter), "%s9", layer);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			snprintf(parameter, sizeof(parameter), "%s%zu", layer, i);
	if (len != 0 && len <= 3 && strspn(name, "0123456789") >= len)
		snprintf(parameter, sizeof(parameter), "%s8;5;%.*s", layer, (int)len, name);
	put_attr(out, parameter);
}

/* What an escape stands for; `n`: the number in it, 0 none. */
static void put_row(struct shell *sh, struct strbuf *out, const struct escape *e, int n)
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
		put_dir(sh, out, e->how, n != 0 ? n : (e->how & DIR_LAST) != 0);
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
	case PUT_CLOCK:
		put_clock(out, (e->how & CLOCK_SECONDS) != 0);
		break;
	case PUT_ORIGIN:
		origin = var_text(sh, "MISH_ORIGIN");
		strbuf_adds(out, origin != NULL ? origin : "");
		break;
	case PUT_MARK:
		put_mark(out, (e->how & MARK_BEGIN) != 0);
		break;
	case PUT_JOBS:
		strbuf_addf(out, "%zu", job_count(sh, false));
		break;
	case PUT_TTY:
		put_tty(sh, out, n);
		break;
	case PUT_ATTR:
		put_attr(out, e->text);
		break;
	case PUT_TEXT:
		strbuf_adds(out, e->text);
		break;
	case PUT_OPEN:
		strbuf_adds(out, sh->line.open != NULL ? sh->line.open : "");
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

static void put_all(struct shell *sh, const char *s, const char *end, struct strbuf *out);

/* %F{colour} and %K{colour}, from the brace on; returns its last byte, NULL if there is no closing brace. */
static const char *put_named_colour(const char *s, const char *layer, struct strbuf *out)
{
	const char *end = strchr(s, '}');

	if (end != NULL)
		put_colour(out, layer, s + 1, (size_t)(end - s - 1));
	return end;
}

/* Where an alternative of %(x.yes.no) ends. */
static const char *alternative_end(const char *s, char delimiter)
{
	for (int depth = 0; *s != '\0' && (depth != 0 || *s != delimiter); s++) {
		if (*s == '%' && s[1] == '(')
			depth++, s++;
		else if (*s == '%' && s[1] != '\0')
			s++;
		else if (*s == ')' && depth != 0)
			depth--;
	}
	return s;
}

/* %(x.yes.no) as in zsh, from the parenthesis on: ? the status, # root, j jobs. Returns its last byte, NULL: it is none. */
static const char *put_condition(struct shell *sh, const char *s, struct strbuf *out)
{
	char *at, delimiter;
	long n = strtol(++s, &at, 10);
	const char *yes, *middle, *end;
	bool is;

	if (*at == '\0' || strchr("?#!j", *at) == NULL || at[1] == '\0')
		return NULL;
	is = *at == '?' ? sh->frame.status == n : *at == 'j' ? job_count(sh, false) >= (size_t)(n > 0 ? n : 1) : geteuid() == 0;
	delimiter = at[1];
	yes = at + 2;
	middle = alternative_end(yes, delimiter);
	end = *middle != '\0' ? alternative_end(middle + 1, ')') : middle;
	if (*end == '\0')
		return NULL;
	if (is)
		put_all(sh, yes, middle, out);
	else
		put_all(sh, middle + 1, end, out);
	return end;
}

/* %$NAME: a variable's value as it is. Returns its last byte. */
static const char *put_variable(struct shell *sh, const char *s, struct strbuf *out)
{
	size_t len = name_length(s + 1);
	char *name = xstrndup(s + 1, len);

	if (var_text(sh, name) != NULL)
		strbuf_adds(out, var_text(sh, name));
	free(name);
	return s + len;
}

/* Escapes of several characters; NULL: it is none of them. */
static const char *put_long(struct shell *sh, const char *s, struct strbuf *out)
{
	if (*s == 'D' && s[1] == '{')
		return put_strftime(s + 1, out);
	if ((*s == 'F' || *s == 'K') && s[1] == '{')
		return put_named_colour(s + 1, *s == 'F' ? "3" : "4", out);
	if (*s == '(')
		return put_condition(sh, s, out);
	return *s == '$' && name_length(s + 1) != 0 ? put_variable(sh, s, out) : NULL;
}

/* One escape after the %; returns its last byte. What is no escape is put as it is. */
static const char *put_escape(struct shell *sh, const char *s, struct strbuf *out)
{
	const char *end = put_long(sh, s, out), *begin = s;
	int n = 0;

	if (end != NULL)
		return end;
	for (; *s >= '0' && *s <= '9' && n < 100; s++) /* zsh's %2~ */
		n = 10 * n + *s - '0';
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (escapes[i].letter == *s) {
			struct escape e = escapes[i];
			bool is_last = e.what == PUT_DIR && (e.how & DIR_LAST) != 0;

			if (is_last && s[1] == '0')
				e.how |= DIR_SKIPPED;
			for (; is_last && s[1] >= '0' && s[1] <= '9' && n < 100; s++) /* tcsh's %c2 and %c02 */
				n = 10 * n + s[1] - '0';
			put_row(sh, out, &e, n);
			return s;
		}
	strbuf_addc(out, '%');
	if (*begin == '\0')
		return begin - 1;
	strbuf_addc(out, *begin);
	return begin;
}

static void put_all(struct shell *sh, const char *s, const char *end, struct strbuf *out)
{
	for (; s < end; s++)
		if (*s != '%')
			strbuf_addc(out, *s);
		else
			s = put_escape(sh, s + 1, out);
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

/* A prompt in our escapes, to be expanded: the $ of %$NAME comes through, but for commands in it (caller frees). */
static char *keep_variables(const char *s)
{
	struct strbuf out = { 0 };
	bool backquoted = false;
	int depth = 0; /* of $(…) */

	for (; *s != '\0'; s++) {
		if (*s == '`')
			backquoted = !backquoted;
		else if (*s == '(')
			depth += depth != 0 || (out.len != 0 && s[-1] == '$');
		else if (*s == ')')
			depth -= depth != 0;
		strbuf_addc(&out, *s);
		if (*s != '%' || depth != 0 || backquoted)
			continue;
		if (s[1] == '$' && name_length(s + 2) != 0)
			strbuf_addc(&out, '\\');
		else if (s[1] == '%')
			strbuf_addc(&out, *++s);
	}
	return strbuf_take(&out);
}

static char *prompt_expand(struct shell *sh, const char *value, enum prompt_lang lang)
{
	bool bash = lang == PROMPT_BASH;
	void *mark = arena_mark(sh->arena);
	struct frame outer = sh->frame;
	struct strbuf out = { 0 };
	char *text, *ours = prompt_lang_to_ours(lang, value), *ready;
	const char *from;

	ready = bash ? decode(sh, ours) /* the escapes first, as in bash: what an expansion yields is none */
		     : keep_variables(ours);
	text = expand_dquoted(sh, ready);
	if (text == NULL && sigs_take_int(sh))
		*ours = '\0'; /* ^C: the prompt takes too long; without it one can set another */
	sh->frame = outer; /* a prompt that cannot be expanded must not end the shell */
	from = text != NULL ? text : ours;
	if (bash)
		strbuf_adds(&out, from);
	else
		put_all(sh, from, from + strlen(from), &out);
	arena_rewind(sh->arena, mark);
	free(ours);
	free(ready);
	return strbuf_take(&out);
}

char *prompt_text(struct shell *sh, const char *var, const char *fallback)
{
	const char *value = var_text(sh, var);

	if (value == NULL)
		value = fallback;
	return prompt_expand(sh, value, prompt_lang_of(sh, var, value));
}

const char *prompt_of_bash(struct shell *sh, const char *value)
{
	char *text = prompt_expand(sh, value, PROMPT_BASH), *to = text, *ret;

	for (const char *from = text; *from != '\0'; from++)
		if (*from != '\1') /* the editor's marks */
			*to++ = *from;
	ret = arena_strndup(sh->arena, text, (size_t)(to - text));
	free(text);
	return ret;
}
