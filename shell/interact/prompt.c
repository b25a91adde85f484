#include <config.h>

#include "shell/interact/prompt.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shell/exec/hist.h"
#include "shell/expand/expand.h"
#include "shell/expand/var.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

const char prompt_default[] = "%n@%m:%~%# ";

static void put_user(struct shell *sh, struct strbuf *out)
{
	const char *name = var_get(sh, "USER");
	struct passwd *pw = name == NULL ? getpwuid(geteuid()) : NULL;

	strbuf_adds(out, name != NULL ? name : pw != NULL ? pw->pw_name : "?");
}

static void put_host(struct strbuf *out, bool whole)
{
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	if (!whole)
		host[strcspn(host, ".")] = '\0';
	strbuf_adds(out, host);
}

static void put_dir(struct shell *sh, struct strbuf *out, bool tilde, bool last)
{
	const char *dir = sh->pwd != NULL ? sh->pwd : "?", *home = var_get(sh, "HOME");
	size_t n = home != NULL ? strlen(home) : 0;

	if (tilde && n > 1 && strncmp(dir, home, n) == 0 && (dir[n] == '/' || dir[n] == '\0')) {
		if (!last || dir[n] == '\0')
			strbuf_addc(out, '~');
		dir += n;
	}
	if (last && strrchr(dir, '/') != NULL && strrchr(dir, '/')[1] != '\0')
		dir = strrchr(dir, '/') + 1;
	strbuf_adds(out, dir);
}

static void put_time(struct strbuf *out, const char *format)
{
	char buf[128];
	time_t now = (time_t)now_wall_s();
	struct tm tm;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (localtime_r(&now, &tm) != NULL && strftime(buf, sizeof(buf), format, &tm) != 0)
		strbuf_adds(out, buf);
#pragma GCC diagnostic pop
}

/* %{ and %}, and what is between: libedit loses the first of two that touch. */
static void put_mark(struct strbuf *out, bool begin)
{
	if (begin && out->len != 0 && out->s[out->len - 1] == '\1')
		out->s[--out->len] = '\0';
	else
		strbuf_addc(out, '\1');
}

static void put_attr(struct strbuf *out, const char *seq)
{
	put_mark(out, true);
	strbuf_addf(out, "\033[%sm", seq);
	put_mark(out, false);
}

/* One escape after the %; returns the last byte of it that was used. */
static const char *put_escape(struct shell *sh, const char *s, struct strbuf *out)
{
	const char *end, *origin;

	switch (*s) {
	case 'n':
		put_user(sh, out);
		break;
	case 'm':
	case 'M':
		put_host(out, *s == 'M');
		break;
	case '~':
	case '/':
	case 'c':
	case 'C':
	case '.':
		put_dir(sh, out, *s != '/' && *s != 'C', *s != '~' && *s != '/');
		break;
	case '#':
		strbuf_addc(out, geteuid() == 0 ? '#' : '>');
		break;
	case 'h':
	case '!':
		strbuf_addf(out, "%u", hist_next_number(sh->hist));
		break;
	case '?':
		strbuf_addf(out, "%d", sh->frame.status);
		break;
	case 'T':
		put_time(out, "%H:%M");
		break;
	case 'P':
		put_time(out, "%H:%M:%S");
		break;
	case 't':
	case '@':
		put_time(out, "%I:%M%p");
		break;
	case 'D':
		end = s[1] == '{' ? strchr(s, '}') : NULL;
		if (end != NULL) {
			char *format = xstrndup(s + 2, (size_t)(end - s - 2));

			put_time(out, format);
			free(format);
			return end;
		}
		put_time(out, "%d");
		break;
	case 'O':
		origin = var_get(sh, "MISH_ORIGIN");
		if (origin != NULL && *origin != '\0')
			strbuf_adds(out, origin);
		break;
	case 'B':
		put_attr(out, "1");
		break;
	case 'b':
		put_attr(out, "22");
		break;
	case 'U':
		put_attr(out, "4");
		break;
	case 'u':
		put_attr(out, "24");
		break;
	case 'S':
		put_attr(out, "7");
		break;
	case 's':
		put_attr(out, "27");
		break;
	case '{':
	case '}':
		put_mark(out, *s == '{');
		break;
	case '%':
		strbuf_addc(out, '%');
		break;
	case '\0':
		strbuf_addc(out, '%');
		return s - 1;
	default:
		strbuf_addc(out, '%');
		strbuf_addc(out, *s);
	}
	return s;
}

char *prompt_text(struct shell *sh, const char *var, const char *fallback)
{
	const char *value = var_get(sh, var);
	void *mark = arena_mark(sh->arena);
	struct frame outer = sh->frame;
	struct strbuf out = { 0 };
	char *text;

	if (value == NULL)
		value = fallback;
	text = expand_dquoted(sh, value);
	if (text == NULL && sigs_take_int(sh))
		value = ""; /* a prompt that takes long: without it one can set another */
	sh->frame = outer; /* a prompt that cannot be expanded must not end the shell */
	for (const char *s = text != NULL ? text : value; *s != '\0'; s++) {
		if (*s != '%')
			strbuf_addc(&out, *s);
		else
			s = put_escape(sh, s + 1, &out);
	}
	arena_rewind(sh->arena, mark);
	return strbuf_take(&out);
}
