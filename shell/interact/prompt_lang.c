#include <config.h>

#include "shell/interact/prompt_lang.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/expand/csh_var.h"
#include "shell/expand/var.h"
#include "shell/interact/prompt.h"
#include "shell/parser/strbuf.h"

/* bash's escapes, and what stands for them here, before it is expanded. */
static const struct {
	char letter;
	char text[14];
} bash_escapes[] = {
	{ 'u', "%n" },	{ 'h', "%m" },	      { 'H', "%M" },	     { 'w', { '%', PROMPT_BASH_DIR } }, { 'W', "%c" },
	{ '[', "%{" },	{ ']', "%}" },	      { 't', "%P" },	     { 'A', "%T" },   { '@', "%D{%I:%M %p}" },
	{ '!', "%!" },	{ '#', "%!" },	      { 'T', "%D{%I:%M:%S}" }, { 'd', "%D{%a %b %d}" },
	{ 's', "mish" }, { 'v', PACKAGE_VERSION }, { 'V', PACKAGE_VERSION }, { 'e', "\033" }, { 'a', "\a" },
	{ 'j', "%j" },	{ 'l', "%1l" },
	{ 'n', "\n" },	{ 'r', "\r" },	      { '\\', "\\\\" },
};

/* Is one of such letters behind a backslash? */
static bool has_backslashed(const char *s, const char *letters)
{
	while ((s = strchr(s, '\\')) != NULL && s[1] != '\0' && strchr(letters, s[1]) == NULL)
		s += 2;
	return s != NULL && s[1] != '\0';
}

/* Behind $( or ${ or a backquote: where that ends, or the text does. */
static const char *expansion_end(const char *s)
{
	bool backquoted = *s == '`';
	int depth = 0;

	for (s++; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0')
			s++;
		else if (backquoted ? *s == '`' : (*s == ')' || *s == '}') && --depth <= 0)
			break;
		else
			depth += *s == '(' || *s == '{';
	}
	return s;
}

/* Is there a % escape of ours in it? Those of date(1) in $(date +%H), and of ${PWD%%:*}, are not. */
static bool has_percent(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '%' && prompt_is_escape(s + 1))
			return true;
		if (*s == '%' && s[1] != '\0')
			s++;
		else if (*s == '`' || (*s == '$' && (s[1] == '(' || s[1] == '{')))
			s = expansion_end(s);
		if (*s == '\0')
			break;
	}
	return false;
}

/*
 * Letters that bash alone has behind a backslash tell. Others have \n, \e and the like too: with a % escape that is known here
 * they are read with it, as who wrote `PS1='%~\n%# '` meant it. A backslash that only protects, as it does in a POSIX prompt,
 * decides only where no % is.
 */
enum prompt_lang prompt_lang_of(struct shell *sh, const char *var, const char *value)
{
	const char *name = csh_var_of(var), *of_csh = name != NULL ? var_text(sh, name) : NULL;

	if (of_csh != NULL && strcmp(of_csh, value) == 0)
		return PROMPT_TCSH;
	if (has_backslashed(value, "uhHwWtTAdDsvVjl@"))
		return PROMPT_BASH;
	if (has_percent(value))
		return has_backslashed(value, "nrae[]01234567") ? PROMPT_MIXED : PROMPT_OURS;
	if (has_backslashed(value, "nae[]") || (!opt(sh, OPT_POSIX) && strchr(value, '%') == NULL && has_backslashed(value, "!#$01234567")))
		return PROMPT_BASH;
	return PROMPT_OURS;
}

/* The character that up to three digits at *s are, for the expansion that comes; *s moves to the last of them. */
static void put_octal(const char **s, struct strbuf *out)
{
	size_t digits = strspn(*s, "01234567");
	char octal[4] = "", c;

	digits = digits < 3 ? digits : 3;
	memcpy(octal, *s, digits);
	c = (char)strtol(octal, NULL, 8);
	if (c != '\0' && strchr("$`\"\\%", c) != NULL)
		strbuf_addc(out, c == '%' ? '%' : '\\');
	if (c != '\0')
		strbuf_addc(out, c);
	*s += digits - 1;
}

/* What stands for the escape at *s, behind the backslash; *s moves to its last byte. */
static void put_bash(const char **s, struct strbuf *out)
{
	const char *end;

	for (size_t i = 0; i < sizeof(bash_escapes) / sizeof(bash_escapes[0]); i++)
		if (bash_escapes[i].letter == **s) {
			strbuf_adds(out, bash_escapes[i].text);
			return;
		}
	if (**s == '$') {
		strbuf_adds(out, geteuid() == 0 ? "#" : "\\$");
	} else if (strspn(*s, "01234567") >= 3) {
		put_octal(s, out);
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

/* Behind a backslash in a prompt of % escapes; *s moves to the last byte. tcsh's \[ is a [ alone. */
static void put_letter(const char **s, bool tcsh, struct strbuf *out)
{
	static const char letters[] = "abefnrtv", bytes[] = "\a\b\033\f\n\r\t\v";
	const char *at = strchr(letters, **s);

	if (**s >= '0' && **s <= '7')
		put_octal(s, out);
	else if (at != NULL)
		strbuf_addc(out, bytes[at - letters]);
	else if (**s == '!')
		strbuf_adds(out, "%!");
	else if (!tcsh && (**s == '[' || **s == ']'))
		strbuf_adds(out, **s == '[' ? "%{" : "%}");
	else if (strchr("$`\"\\", **s) != NULL || !tcsh)
		strbuf_addf(out, "\\%c", **s); /* it protects from the expansion that comes */
	else
		strbuf_addc(out, **s);
}

/* A prompt in % escapes, and some with backslashes. In tcsh's a ! is the number, too. */
static char *from_percent(const char *s, bool tcsh)
{
	struct strbuf out = { 0 };

	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0') {
			s++;
			put_letter(&s, tcsh, &out);
		} else if (*s == '%' && s[1] != '\0' && s[1] != '\\') {
			strbuf_add(&out, s++, 2);
		} else if (tcsh && *s == '!') {
			strbuf_adds(&out, "%!");
		} else {
			strbuf_addc(&out, *s);
		}
	}
	return strbuf_take(&out);
}

char *prompt_lang_to_ours(enum prompt_lang lang, const char *s)
{
	if (lang == PROMPT_BASH)
		return from_bash(s);
	return lang == PROMPT_OURS ? xstrdup(s) : from_percent(s, lang == PROMPT_TCSH);
}
