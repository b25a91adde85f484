#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/interact/edit_menu.h"
#include "shell/interact/edit_quote.h"
#include "shell/parser/strbuf.h"

/* The tab key and its kin: what complete.c has found goes into the line. */

static void insert(EditLine *el, const char *s)
{
	wchar_t *w = edit_text_decode(s, strlen(s), NULL);

	if (*w != L'\0')
		el_winsertstr(el, w);
	free(w);
}

static void insert_quoted(EditLine *el, const char *s, const struct complete_list *l)
{
	struct strbuf b = { 0 };

	if (!l->keeps && !l->is_written && l->outer != l->quote) /* the quotes that were typed are gone */
		strbuf_addf(&b, "%s%s", (const char[]){ l->outer, '\0' }, (const char[]){ l->quote, '\0' });
	if (*s == '~' && l->start == l->word && l->quote == '\0' && !l->is_tilde && !l->is_plain)
		strbuf_addc(&b, '\\');
	edit_quote_candidate(s, l, &b);
	insert(el, strbuf_str(&b));
	strbuf_release(&b);
}

static size_t common_prefix(const struct complete_list *l)
{
	size_t n = strlen(l->all.v[0]);

	for (size_t i = 1; i < l->all.n; i++) {
		size_t k = 0;

		while (k < n && l->all.v[0][k] == l->all.v[i][k])
			k++;
		n = k;
	}
	return edit_text_whole(l->all.v[0], n);
}

/* Everything that is needed to put a candidate into the line. */
struct choice {
	struct edit *e;
	struct complete_list *l;
	const char *line; /* as it was, … */
	size_t cursor;	  /* … up to here */
};

/* A candidate, or its beginning, in place of what is typed. */
static void put(const struct choice *c, const char *head)
{
	struct edit_line l = edit_line(c->e->el);
	size_t kept = edit_text_chars(c->line, c->l->keeps ? c->cursor : c->l->start);

	edit_cut(c->e->el, l.at - kept);
	insert_quoted(c->e->el, head + (c->l->keeps ? c->l->typed : 0), c->l);
}

/* What ends the word behind a whole candidate. */
static void put_end(const struct choice *c, const char *name)
{
	const struct complete_list *l = c->l;
	const char close[] = { l->is_variable || l->is_written ? '\0' : l->quote, '\0' };
	size_t len = strlen(name);

	if (l->no_space || (l->is_file && len != 0 && name[len - 1] == '/'))
		return;
	insert(c->e->el, close);
	if (!l->is_variable || l->quote == '\0')
		insert(c->e->el, l->suffix != '\0' ? (const char[]){ l->suffix, '\0' } : " ");
}

/* For the menu: the one that is chosen, or what was typed. */
static void show_choice(void *arg, size_t i)
{
	const struct choice *c = arg;
	struct edit_line l = edit_line(c->e->el);
	size_t kept = edit_text_chars(c->line, c->l->start);

	if (i < c->l->all.n) {
		put(c, c->l->all.v[i]);
		return;
	}
	edit_cut(c->e->el, l.at - kept);
	char *typed = xstrndup(c->line + c->l->start, c->cursor - c->l->start);

	insert(c->e->el, typed);
	free(typed);
}

/* Several: the first Tab puts what they have in common, the second lists them, the third chooses. */
static unsigned char take_several(const struct choice *c, size_t common, bool shorter)
{
	struct edit *e = c->e;
	unsigned char r = CC_REFRESH;

	if ((common == c->l->typed || shorter) && (e->last_command == L't' || (opt(e->sh, OPT_AUTOLIST) && e->last_command != L'm'))) {
		edit_menu_list(e, c->l);
		e->this_command = L'm';
		return r;
	}
	if ((common == c->l->typed || shorter) && e->last_command == L'm' && !c->l->is_node) {
		size_t i = edit_menu_choose(e, c->l, show_choice, (void *)(uintptr_t)c);

		if (i < c->l->all.n)
			put_end(c, c->l->all.v[i]);
		return r;
	}
	e->this_command = L't';
	return CC_REFRESH_BEEP;
}

/* How the candidates of the word before the cursor change the line. */
static unsigned char take(const struct choice *c)
{
	const struct complete_list *l = c->l;
	size_t common = common_prefix(l);
	/* they differ in what was typed, or have it inside, or have nothing of it */
	bool shorter = l->all.n > 1 && (l->all.inside || (common < l->typed && (l->all.fold || common == 0)));
	char *head = xstrndup(l->all.v[0], common);
	unsigned char r = CC_REFRESH;

	if (!shorter)
		put(c, head);
	if (l->all.n == 1)
		put_end(c, head);
	else
		r = take_several(c, common, shorter);
	free(head);
	return r;
}

/* All of them, with blanks between them. */
static unsigned char put_all(const struct choice *c)
{
	const struct complete_list *l = c->l;
	char *head = xstrndup(c->line + l->word, l->start - l->word);

	if (l->quote == '\0')
		put(c, l->all.v[0]);
	for (size_t i = 1; l->quote == '\0' && i < l->all.n; i++) {
		insert(c->e->el, " ");
		insert(c->e->el, head);
		insert_quoted(c->e->el, l->all.v[i], l);
	}
	free(head);
	if (l->quote != '\0')
		return CC_REFRESH_BEEP;
	insert(c->e->el, " ");
	return CC_REFRESH;
}

static char *line_of(EditLine *el, size_t *ret_cursor)
{
	struct edit_line l = edit_line(el);

	*ret_cursor = edit_text_bytes(l.s, l.at);
	return edit_text_encode(l.s, l.len);
}

/* What stands for the line up to the cursor from a byte on, as `find` says. */
static bool replace_by(struct edit *e, char *(*find)(struct shell *sh, const char *line, size_t cursor, size_t *ret_from))
{
	size_t cursor, from = 0;
	char *line = line_of(e->el, &cursor), *text;
	locale_t was = edit_shell_locale(e);

	text = find(e->sh, line, cursor, &from);
	edit_own_locale(e, was);
	if (text != NULL) {
		edit_cut(e->el, edit_text_chars(line + from, cursor - from));
		insert(e->el, text);
	}
	free(line);
	free(text);
	return text != NULL;
}

unsigned char edit_expand(EditLine *el, wint_t ch)
{
	(void)ch;
	return replace_by(edit_self(el), complete_expand) ? CC_REFRESH : CC_REFRESH_BEEP;
}

unsigned char edit_expand_glob(EditLine *el, wint_t ch)
{
	(void)ch;
	return replace_by(edit_self(el), complete_expand_glob) ? CC_REFRESH : CC_REFRESH_BEEP;
}

unsigned char edit_expand_history(EditLine *el, wint_t ch)
{
	(void)ch;
	return replace_by(edit_self(el), complete_expand_history) ? CC_REFRESH : CC_REFRESH_BEEP;
}

/* The space bar, for many: the blank comes in any case. */
unsigned char edit_magic_space(EditLine *el, wint_t ch)
{
	(void)ch;
	(void)replace_by(edit_self(el), complete_expand_history);
	return el_winsertstr(el, L" ") == 0 ? CC_REFRESH : CC_REFRESH_BEEP;
}

unsigned char edit_spell(EditLine *el, wint_t ch)
{
	(void)ch;
	return replace_by(edit_self(el), complete_spell) ? CC_REFRESH : CC_REFRESH_BEEP;
}

enum how { TAKE, LIST, PUT_ALL };

static enum complete_by by_of(const struct edit *e, enum how how)
{
	if (how == LIST)
		return COMPLETE_LISTED;
	if (how == PUT_ALL)
		return COMPLETE_ALL;
	if (e->last_command == L't')
		return COMPLETE_LISTED;
	if (e->last_command == L'm')
		return COMPLETE_CHOSEN;
	return opt(e->sh, OPT_AUTOLIST) ? COMPLETE_AT_ONCE : COMPLETE_TAKEN;
}

/* Finds what the word may be, and acts on that. */
static unsigned char complete_by(EditLine *el, enum how how)
{
	struct edit *e = edit_self(el);
	struct complete_list l = { 0 };
	size_t cursor;
	char *line = line_of(el, &cursor);
	struct choice c = { e, &l, line, cursor };
	unsigned char r = CC_REFRESH_BEEP;
	locale_t was = edit_shell_locale(e);

	complete_line(e->sh, line, cursor, by_of(e, how), &l);
	edit_own_locale(e, was);
	l.is_tilde |= line[l.start] == '~'; /* typed so: it is one */
	if (l.all.n != 0 && how == LIST) {
		edit_menu_list(e, &l);
		r = CC_REFRESH;
	} else if (l.all.n != 0 && how == PUT_ALL) {
		r = put_all(&c);
	} else if (l.all.n != 0) {
		r = take(&c);
	} else if (how == TAKE && opt(e->sh, OPT_AUTOCORRECT) && replace_by(e, complete_spell)) {
		r = CC_REFRESH;
	} else if (how == TAKE) {
		e->this_command = L't'; /* a function hears of the second one, as in bash */
	}
	candidates_release(&l.all);
	free(line);
	return r;
}

/* The tab key. */
unsigned char edit_complete(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);
	size_t i = 0;

	(void)ch;
	while (i < l.at && (l.s[i] == L' ' || l.s[i] == L'\t'))
		i++;
	if (i == l.at) { /* indentation */
		el_winsertstr(el, L"\t");
		return CC_REFRESH;
	}
	return complete_by(el, TAKE);
}

unsigned char edit_list(EditLine *el, wint_t ch)
{
	(void)ch;
	return complete_by(el, LIST);
}

unsigned char edit_list_or_eof(EditLine *el, wint_t ch)
{
	return edit_line(el).len == 0 ? CC_EOF : edit_list(el, ch);
}

/* tcsh's ^D: what there is to delete goes, else what the word may be is listed; of an empty line it is the end. */
unsigned char edit_delete_or_list_or_eof(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	return l.at < l.len ? edit_delete(el, ch) : edit_list_or_eof(el, ch);
}

unsigned char edit_delete_or_list(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	return l.at < l.len ? edit_delete(el, ch) : edit_list(el, ch);
}

unsigned char edit_insert_all(EditLine *el, wint_t ch)
{
	(void)ch;
	return complete_by(el, PUT_ALL);
}

unsigned char edit_expand_tilde(EditLine *el, wint_t ch)
{
	(void)ch;
	return replace_by(edit_self(el), complete_expand_tilde) ? CC_REFRESH : CC_REFRESH_BEEP;
}
