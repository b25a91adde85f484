#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/bind.h"
#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/* What the keys are bound to. libedit tells people only, in lines like `"^A"   ->  ed-move-to-beg', each map with a heading. */

/* The bytes of a key as libedit writes it. */
static void put_key(struct strbuf *b, const char *s, const char *end)
{
	strbuf_clear(b);
	for (; s < end; s++) {
		bool control = *s == '^' && s + 1 < end;

		s += control;
		strbuf_addc(b, !control ? *s : *s == '?' ? 0x7f : (char)(*s & 0x1f));
	}
}

static void add(struct keyed *k, enum bind_map map, const char *key, const char *what)
{
	struct strbuf name = { 0 }, text = { 0 };
	bool string = *what == '"' && what[1] != '\0';

	strbuf_addf(&name, "%c%s", map, key);
	strbuf_addf(&text, "%c%.*s", string ? BIND_STRING : BIND_EDITOR, (int)(strlen(what) - 2 * string), what + string);
	keyed_set(k, name.s, text.s);
	strbuf_release(&name);
	strbuf_release(&text);
}

/* One character, or all up to another; those beyond ASCII are ours, or insert themselves. */
static void add_range(struct keyed *k, enum bind_map map, const char *s, const char *end, const char *what)
{
	const char *to = strstr(s, " to \"");
	struct strbuf first = { 0 }, last = { 0 };

	put_key(&first, s, to != NULL && to < end ? memchr(s + 1, '"', (size_t)(to - s)) : end);
	put_key(&last, to != NULL && to < end ? to + strlen(" to \"") : s, end);
	if (first.len == 1 && last.len == 1 && (last.s[0] & 0x80) == 0)
		for (char c = first.s[0] != '\0' ? first.s[0] : 1; c <= last.s[0] && c != '\0' && (c & 0x80) == 0; c++)
			add(k, map, (const char[]){ c, '\0' }, what);
	strbuf_release(&first);
	strbuf_release(&last);
}

static void add_line(struct keyed *k, enum bind_map map, bool several, char *line)
{
	char *arrow = strstr(line, "->  "), *end = arrow;
	const char *what = arrow != NULL ? arrow + strlen("->  ") : NULL;
	struct strbuf key = { 0 };

	if (*line != '"' || what == NULL || strcmp(what, "is undefined") == 0)
		return;
	while (end > line + 2 && *end != '"')
		end--;
	if (several) {
		put_key(&key, line + 1, end);
		add(k, map, key.s, what);
	} else {
		add_range(k, map, line + 1, end, what);
	}
	strbuf_release(&key);
}

void edit_listing(struct edit *e, struct keyed *ret)
{
	locale_t was = uselocale(e->locale);
	enum bind_map map = BIND_MAIN;
	bool several = false;
	char *text, *next;

	edit_keys_list(ret);
	if (!e->vi) /* what libedit has for NUL never comes */
		add(ret, BIND_MAIN, BIND_NUL, "mish-set-mark");
	fflush(e->none);
	strbuf_clear(&e->said);
	el_wset(e->el, EL_BIND, NULL);
	fflush(e->none);
	text = strbuf_take(&e->said);
	for (char *line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (*line != '"' && strstr(line, "bindings") != NULL) { /* a heading */
			map = strncmp(line, "Alternative", 11) == 0 ? BIND_VI_COMMAND : BIND_MAIN;
			several = strncmp(line, "Multi", 5) == 0;
		} else {
			add_line(ret, map, several, line);
		}
	}
	free(text);
	uselocale(was);
}
