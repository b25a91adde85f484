#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "shell/builtin/builtin.h"
#include "shell/expand/element.h"
#include "shell/expand/named.h"
#include "shell/expand/locale.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

/* echo and printf (XCU echo, printf; XBD 5 for the format). */

enum escapes { ESCAPES_FORMAT, ESCAPES_B, ESCAPES_ECHO };

/* The value of an octal digit, -1 for anything else. */
static int digit(char c)
{
	return c >= '0' && c <= '7' ? c - '0' : -1;
}

/* \xHH, \uHHHH or \UHHHHHHHH, at the letter; false, with nothing read: there are no digits. */
static bool put_code(const char **s, struct strbuf *out)
{
	char letter = **s, text[9] = "", mb[MB_LEN_MAX];
	size_t max = letter == 'x' ? 2 : letter == 'u' ? 4 : 8, n = strspn(*s + 1, "0123456789abcdefABCDEF");
	mbstate_t state = { 0 };
	unsigned long code;

	n = n < max ? n : max;
	if (n == 0)
		return false;
	memcpy(text, *s + 1, n);
	code = strtoull(text, NULL, 16);
	*s += 1 + n;
	if (letter == 'x') {
		strbuf_addc(out, (char)code);
		return true;
	}
	locale_need();
	n = wcrtomb(mb, (wchar_t)code, &state);
	if (n != (size_t)-1)
		strbuf_add(out, mb, n);
	else
		strbuf_addf(out, "\\%c%s", letter, text);
	return true;
}

/*
 * One escape after the backslash at *s, which moves past it. Octal is \ddd in a format, \0ddd in
 * echo, and either in the argument of %b; \e, \x and \u are not POSIX's, but bash's. Returns false
 * at \c: output ends.
 */
static bool put_escape(const char **s, struct strbuf *out, enum escapes where)
{
	static const char from[] = "abefnrtv\\", to[] = "\a\b\033\f\n\r\t\v\\";
	const char *p;
	char c = **s;

	if (c == '\0') {
		strbuf_addc(out, '\\');
		return true;
	}
	if (c == 'c' && where != ESCAPES_FORMAT)
		return false;
	p = strchr(from, c);
	if (p != NULL) {
		strbuf_addc(out, to[p - from]);
		++*s;
		return true;
	}
	if ((c == 'x' || c == 'u' || c == 'U') && put_code(s, out))
		return true;
	if (digit(c) >= 0 && (where != ESCAPES_ECHO || c == '0')) {
		int n = 0;

		if (where != ESCAPES_FORMAT && c == '0')
			++*s;
		for (int i = 0; i < 3 && digit(**s) >= 0; i++)
			n = n * 8 + digit(*(*s)++);
		strbuf_addc(out, (char)n);
		return true;
	}
	strbuf_addc(out, '\\');
	strbuf_addc(out, c);
	++*s;
	return true;
}

/* -n, and bash's -e and -E: in any order, and together. */
static bool is_echo_option(const char *s)
{
	return s[0] == '-' && s[1] != '\0' && s[1 + strspn(s + 1, "neE")] == '\0';
}

int builtin_echo(struct shell *sh, int argc, char **argv)
{
	struct strbuf out = { 0 };
	/* bash's, but in POSIX mode XSI's, as dash has it */
	bool newline = true, more = true, escapes = opt(sh, OPT_POSIX) || opt(sh, OPT_XPG_ECHO);
	int i = 1;

	if (opt(sh, OPT_POSIX) && argc > 1 && strcmp(argv[1], "-n") == 0) {
		newline = false;
		i++;
	}
	for (; !opt(sh, OPT_POSIX) && i < argc && is_echo_option(argv[i]); i++) {
		newline &= strchr(argv[i], 'n') == NULL;
		if (argv[i][strcspn(argv[i], "eE")] != '\0')
			escapes = strrchr(argv[i], 'e') > strrchr(argv[i], 'E');
	}
	for (; more && i < argc; i++) {
		for (const char *s = argv[i]; more && *s != '\0';) {
			if (*s != '\\' || !escapes) {
				strbuf_addc(&out, *s++);
				continue;
			}
			s++;
			more = put_escape(&s, &out, ESCAPES_ECHO);
		}
		if (more && i + 1 < argc)
			strbuf_addc(&out, ' ');
	}
	if (newline && more)
		strbuf_addc(&out, '\n');
	fwrite(strbuf_str(&out), 1, out.len, stdout);
	strbuf_release(&out);
	return 0;
}

/* The largest width and precision: nobody has such columns, and all of a field is in memory. */
enum { FIELD_MAX = 1 << 24 };

struct format {
	struct shell *sh;
	char **args;
	int n, i;
	int used; /* highest numbered argument */
	int status;
	bool stop;
	struct strbuf out;
};

static const char *next_arg(struct format *f, int number)
{
	int i = number > 0 ? number - 1 : f->i++;

	if (number > f->used)
		f->used = number;
	return i < f->n ? f->args[i] : NULL;
}

static void bad_number(struct format *f, const char *s, const char *why)
{
	sh_warn(f->sh, "printf: %s: %s", s, why);
	f->status = 1;
}

/* 'c or "c is the code of the character. */
static bool char_code(const char *s, intmax_t *ret)
{
	mbstate_t st = { 0 };
	wchar_t w;
	size_t n;

	if (*s != '\'' && *s != '"')
		return false;
	locale_need();
	n = mbrtowc(&w, s + 1, strlen(s + 1), &st);
	*ret = n == (size_t)-1 || n == (size_t)-2 ? (unsigned char)s[1] : n == 0 ? 0 : (intmax_t)w;
	return true;
}

static intmax_t int_arg(struct format *f, const char *s, bool is_unsigned)
{
	intmax_t n;
	char *end;

	if (s == NULL || *s == '\0') /* an empty argument, too, is 0 as in other shells */
		return 0;
	if (char_code(s, &n))
		return n;
	errno = 0;
	n = is_unsigned && *s != '-' ? (intmax_t)strtoull(s, &end, 0) : strtoll(s, &end, 0);
	if (end == s)
		bad_number(f, s, "not a number");
	else if (*end != '\0')
		bad_number(f, s, "not completely a number");
	else if (errno != 0)
		bad_number(f, s, strerror(errno));
	return n;
}

static long double float_arg(struct format *f, const char *s)
{
	long double d;
	intmax_t n;
	char *end;

	if (s == NULL || char_code(s, &n))
		return s == NULL ? 0 : (long double)n;
	d = strtold(s, &end);
	if (end == s)
		bad_number(f, s, "not a number");
	else if (*end != '\0')
		bad_number(f, s, "not completely a number");
	return d;
}

static void put_padded(struct format *f, const char *s, size_t len, bool left, int width, int prec)
{
	size_t pad;

	if (prec >= 0 && (size_t)prec < len)
		len = (size_t)prec;
	pad = width > 0 && (size_t)width > len ? (size_t)width - len : 0;
	for (size_t i = 0; !left && i < pad; i++)
		strbuf_addc(&f->out, ' ');
	strbuf_add(&f->out, s, len);
	for (size_t i = 0; left && i < pad; i++)
		strbuf_addc(&f->out, ' ');
}

/* The number at *s, which moves past it; a larger one than FIELD_MAX is FIELD_MAX + 1. */
static int read_int(const char **s)
{
	int n = 0;

	for (; **s >= '0' && **s <= '9'; ++*s)
		n = n > FIELD_MAX / 10 ? FIELD_MAX + 1 : n * 10 + (**s - '0');
	return n;
}

/* The argument that `*` stands for; beyond FIELD_MAX it is one more than that. */
static int star_arg(struct format *f)
{
	intmax_t n = int_arg(f, next_arg(f, 0), false);

	return n > FIELD_MAX ? FIELD_MAX + 1 : n < -FIELD_MAX ? -FIELD_MAX - 1 : (int)n;
}

struct spec {
	char flags[8]; /* each of "-+ #0" once */
	int width, prec; /* -1: none */
	char conv;
	int number;
	const char *time; /* %(…)T: what is in the parentheses */
	size_t time_len;
};

/* %[n$][flags][width][.precision]conversion; false when it is none. */
static bool read_spec(struct format *f, const char **s, struct spec *sp)
{
	const char *p = *s;
	size_t n = 0;
	int v = read_int(&p);

	*sp = (struct spec){ .width = -1, .prec = -1 };
	if (p > *s && *p == '$') {
		sp->number = v;
		*s = p + 1;
	}
	while (**s != '\0' && strchr("-+ #0", **s) != NULL) {
		if (n + 1 < sizeof(sp->flags) && strchr(sp->flags, **s) == NULL)
			sp->flags[n++] = **s;
		++*s;
	}
	if (**s == '*') {
		++*s;
		sp->width = star_arg(f);
		if (sp->width < 0 && n + 1 < sizeof(sp->flags)) {
			sp->flags[n++] = '-';
			sp->width = -sp->width;
		}
	} else if (**s >= '0' && **s <= '9') {
		sp->width = read_int(s);
	}
	if (**s == '.') {
		++*s;
		if (**s == '*') {
			++*s;
			sp->prec = star_arg(f);
		} else {
			sp->prec = read_int(s);
		}
	}
	if (**s == '(' && strchr(*s, ')') != NULL && strchr(*s, ')')[1] == 'T') { /* bash's */
		sp->time = *s + 1;
		sp->time_len = strcspn(sp->time, ")");
		*s = sp->time + sp->time_len + 1;
		sp->conv = 'T';
		++*s;
		return true;
	}
	sp->conv = **s;
	if (sp->conv == '\0' || strchr("diouxXfFeEgGaAcsbq", sp->conv) == NULL)
		return false;
	++*s;
	return true;
}

static void put_number(struct format *f, const struct spec *sp, const char *arg)
{
	char fmt[48] /* what follows, the flags and four characters */, width[16] = "", prec[16] = "", *s = NULL;
	bool is_float = strchr("fFeEgGaA", sp->conv) != NULL;
	int n;

	if (sp->width >= 0)
		snprintf(width, sizeof(width), "%d", sp->width);
	if (sp->prec >= 0)
		snprintf(prec, sizeof(prec), ".%d", sp->prec);
	snprintf(fmt, sizeof(fmt), "%%%s%s%s%s%c", sp->flags, width, prec, is_float ? "L" : "j",
		 sp->conv);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (is_float)
		n = asprintf(&s, fmt, float_arg(f, arg));
	else
		n = asprintf(&s, fmt, int_arg(f, arg, sp->conv != 'd' && sp->conv != 'i'));
#pragma GCC diagnostic pop
	if (n >= 0)
		strbuf_add(&f->out, s, (size_t)n);
	free(s);
}

/* TZ is the shell's variable, if it is exported: our own environment is that of the start. */
static void use_time_zone(struct shell *sh)
{
	const struct var *v = var_find(sh, "TZ");

	if (v != NULL && (v->flags & VAR_EXPORT) != 0 && var_value(v) != NULL)
		setenv("TZ", var_value(v), 1);
	else
		unsetenv("TZ");
	tzset();
}

/* %(format)T of strftime(3); the operand: seconds since the Epoch, -1 or none: now, -2: since the shell began. */
static void put_time(struct format *f, const struct spec *sp, const char *arg)
{
	long long n = arg != NULL && *arg != '\0' ? strtoll(arg, NULL, 10) : -1;
	time_t at = n == -1 ? now_wall_s() : n == -2 ? now_wall_s() - strtoll(var_text(f->sh, "SECONDS") != NULL ? var_text(f->sh, "SECONDS") : "0", NULL, 10) : (time_t)n;
	char *format = sp->time_len != 0 ? xstrndup(sp->time, sp->time_len) : xstrdup("%X"), text[1024];
	struct tm tm;
	size_t len = 0;

	locale_need();
	use_time_zone(f->sh);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (localtime_r(&at, &tm) != NULL)
		len = strftime(text, sizeof(text), format, &tm);
#pragma GCC diagnostic pop
	put_padded(f, text, len, strchr(sp->flags, '-') != NULL, sp->width, sp->prec);
	free(format);
}

/* Prints the next operand as one conversion specification says (XCU printf, XBD 5). */
static void put_conversion(struct format *f, const struct spec *sp)
{
	const char *arg = next_arg(f, sp->number);
	bool left = strchr(sp->flags, '-') != NULL;
	struct strbuf b = { 0 };
	char *q;

	switch (sp->conv) {
	case 's':
		put_padded(f, arg != NULL ? arg : "", arg != NULL ? strlen(arg) : 0, left, sp->width,
			   sp->prec);
		break;
	case 'c':
		put_padded(f, arg != NULL ? arg : "", arg != NULL && *arg != '\0', left, sp->width, -1);
		break;
	case 'T':
		put_time(f, sp, arg);
		break;
	case 'q':
		q = quote_backslash(arg != NULL ? arg : "");
		put_padded(f, q, strlen(q), left, sp->width, sp->prec);
		free(q);
		break;
	case 'b':
		for (const char *s = arg != NULL ? arg : ""; *s != '\0' && !f->stop;) {
			if (*s != '\\') {
				strbuf_addc(&b, *s++);
				continue;
			}
			s++;
			f->stop = !put_escape(&s, &b, ESCAPES_B);
		}
		put_padded(f, strbuf_str(&b), b.len, left, sp->width, sp->prec);
		strbuf_release(&b);
		break;
	default:
		put_number(f, sp, arg);
	}
}

/* Prints the format once. Returns false after an error that ends it. */
static bool run_format(struct format *f, const char *s)
{
	while (*s != '\0' && !f->stop) {
		struct spec sp;

		if (*s == '\\') {
			s++;
			put_escape(&s, &f->out, ESCAPES_FORMAT);
		} else if (*s != '%') {
			strbuf_addc(&f->out, *s++);
		} else if (*++s == '%') {
			strbuf_addc(&f->out, *s++);
		} else if (read_spec(f, &s, &sp)) {
			if (sp.width > FIELD_MAX || sp.prec > FIELD_MAX || sp.number > FIELD_MAX) {
				sh_warn(f->sh,
					"printf: %%%c: width, precision or number is too large",
					sp.conv);
				f->status = 1;
				return false;
			}
			put_conversion(f, &sp);
		} else {
			sh_warn(f->sh, "printf: %%%.1s: unknown conversion", s);
			f->status = 1;
			return false;
		}
	}
	return true;
}

int builtin_printf(struct shell *sh, int argc, char **argv)
{
	struct format f = { .sh = sh };
	struct element e;
	const char *name = NULL; /* -v, which is not POSIX's, but bash's */
	int i = 1, start;

	if (argc > 2 && strcmp(argv[1], "-v") == 0) {
		name = argv[2];
		i = 3;
	}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (i >= argc)
		return builtin_usage(sh, "printf");
	if (name != NULL && sh->frame.effects != EFFECTS_ON) {
		sh->frame.effects = EFFECTS_WANTED; /* in place of a subshell: a real one does it */
		return 2;
	}
	if (name != NULL && !named_element(sh, name, &e)) {
		sh_warn(sh, "printf: %s: bad variable name", name);
		return 2;
	}
	f.args = argv + i + 1;
	f.n = argc - i - 1;
	do {
		start = f.i;
		f.used = 0;
		if (!run_format(&f, argv[i]))
			break;
		if (f.used != 0 && f.i == start) { /* numbered: the rest is for the next round */
			f.args += f.used;
			f.n -= f.used;
			start = -1;
		}
	} while (!f.stop && f.i < f.n && f.i != start);
	if (name == NULL)
		fwrite(strbuf_str(&f.out), 1, f.out.len, stdout);
	else if (element_set(sh, "printf", &e, strbuf_str(&f.out), 0) < 0)
		f.status = 1;
	strbuf_release(&f.out);
	return f.status;
}
