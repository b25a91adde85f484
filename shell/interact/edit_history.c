#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/exec/hist.h"
#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/*
 * What the history gives the line: entries, their last words, a search, and what is suggested. The last two first show the key
 * that was pressed, and then look on until there is another one (edit_key()).
 */

enum { WORK = 8192 }; /* at a time: some 20 us */

extern int el_cursor(EditLine *, int); /* exported, but not in <histedit.h> */

void edit_forget_typed(struct edit *e)
{
	free(e->mine);
	e->mine = NULL;
}

size_t edit_entry_length(const char *text)
{
	size_t n = strlen(text);

	return n != 0 && text[n - 1] == '\n' ? n - 1 : n;
}

/* Shows the entry at a position, or, behind the last one, what was typed. */
static void show_entry(struct edit *e, size_t pos)
{
	const struct hist_entry *h = pos <= hist_count(e->sh->hist) ? hist_at(e->sh->hist, pos - 1) : NULL;
	struct edit_line l = edit_line(e->el);
	wchar_t *w;

	if (e->mine == NULL)
		e->mine = edit_copy_text(l.s, l.len);
	w = h != NULL ? edit_text_decode(h->text, edit_entry_length(h->text), NULL) : edit_copy_text(e->mine, wcslen(e->mine));
	edit_replace(e, w, wcslen(w));
	free(w);
	e->hist_pos = pos;
	if (h == NULL)
		edit_forget_typed(e);
}

/* The next entry from i on that begins with what was typed, and is another than what is shown. */
static size_t find_wanted(const struct edit *e, size_t i, int step, const char *typed)
{
	struct edit_line l = edit_line(e->el);
	char *shown = edit_text_encode(l.s, l.len);
	size_t len = strlen(shown);
	const struct hist_entry *h;

	while ((h = hist_at(e->sh->hist, i = hist_find(e->sh->hist, i, step, typed, true, NULL))) != NULL &&
	       edit_entry_length(h->text) == len && strncmp(shown, h->text, len) == 0)
		i += (size_t)step;
	free(shown);
	return i;
}

/* How the entries that are wanted begin (caller frees): like what was typed, or anyhow. */
static char *wanted_begin(const struct edit *e, bool any)
{
	struct edit_line l = edit_line(e->el);

	if (any)
		return xstrdup("");
	return e->mine != NULL ? edit_text_encode(e->mine, wcslen(e->mine)) : edit_text_encode(l.s, l.len);
}

/* The line above, or the entry before. */
static unsigned char go_up(EditLine *el, bool any)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	size_t begin = edit_line_begin(&l, l.at), above, i;
	char *typed;

	if (begin != 0) {
		above = edit_line_begin(&l, begin - 1);
		el_cursor(el, (int)(above + (l.at - begin < begin - 1 - above ? l.at - begin : begin - 1 - above)) - (int)l.at);
		return CC_CURSOR;
	}
	typed = wanted_begin(e, any);
	i = find_wanted(e, e->hist_pos - 2, -1, typed);
	free(typed);
	if (i == hist_count(e->sh->hist))
		return CC_REFRESH_BEEP;
	show_entry(e, i + 1);
	return CC_REFRESH;
}

static unsigned char go_down(EditLine *el, bool any)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	size_t end = edit_line_end(&l), begin = edit_line_begin(&l, l.at), next, i;
	char *typed;

	if (end < l.len) {
		struct edit_line below = { l.s, l.len, end + 1 };

		next = edit_line_end(&below);
		el_cursor(el, (int)(end + 1 + (l.at - begin < next - end - 1 ? l.at - begin : next - end - 1)) - (int)l.at);
		return CC_CURSOR;
	}
	if (e->mine == NULL)
		return CC_REFRESH_BEEP;
	typed = wanted_begin(e, any);
	i = find_wanted(e, e->hist_pos, 1, typed);
	free(typed);
	show_entry(e, i + 1);
	return CC_REFRESH;
}

unsigned char edit_go_up(EditLine *el, wint_t ch)
{
	(void)ch;
	return go_up(el, false);
}

unsigned char edit_go_down(EditLine *el, wint_t ch)
{
	(void)ch;
	return go_down(el, false);
}

unsigned char edit_history_begin(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);

	(void)ch;
	if (hist_count(e->sh->hist) == 0)
		return CC_REFRESH_BEEP;
	show_entry(e, 1);
	return CC_REFRESH;
}

/* Back to what was typed. */
unsigned char edit_history_end(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);

	(void)ch;
	if (e->mine != NULL)
		show_entry(e, hist_count(e->sh->hist) + 1);
	return CC_REFRESH;
}

/* k and j (POSIX, sh, Command Mode): any entry, and the cursor is at its beginning then. */
static unsigned char at_its_begin(EditLine *el, unsigned char r)
{
	struct edit_line l = edit_line(el);

	if (r == CC_REFRESH)
		el_cursor(el, -(int)l.at);
	return r;
}

unsigned char edit_vi_up(EditLine *el, wint_t ch)
{
	(void)ch;
	return at_its_begin(el, go_up(el, true));
}

unsigned char edit_vi_down(EditLine *el, wint_t ch)
{
	(void)ch;
	return at_its_begin(el, go_down(el, true));
}

/* The last word of a text, with its quotes. */
static void last_word(const char *s, size_t *from, size_t *to)
{
	char quote = '\0';
	bool in = false;

	*from = *to = 0;
	for (size_t i = 0; s[i] != '\0'; i++) {
		if (quote == '\0' && strchr(" \t\n", s[i]) != NULL) {
			in = false;
			continue;
		}
		if (!in)
			*from = i;
		in = true;
		if (s[i] == '\\' && quote != '\'' && s[i + 1] != '\0')
			i++;
		else if (quote != '\0' ? s[i] == quote : s[i] == '\'' || s[i] == '"')
			quote = quote != '\0' ? '\0' : s[i];
		*to = i + 1;
	}
}

/* The last word of the entry before; again: of the one before that. */
unsigned char edit_last_word(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	const struct hist_entry *h;
	size_t from, to;
	wchar_t *w;

	(void)ch;
	if (e->last_command != L'.')
		e->last_word_entry = hist_count(e->sh->hist);
	if (e->last_word_entry == 0) {
		e->this_command = e->last_command;
		return CC_REFRESH_BEEP;
	}
	if (e->last_command == L'.')
		edit_cut(el, e->last_word_len);
	h = hist_at(e->sh->hist, --e->last_word_entry);
	last_word(h->text, &from, &to);
	w = edit_text_decode(h->text + from, to - from, &e->last_word_len);
	if (*w != L'\0')
		el_winsertstr(el, w);
	free(w);
	e->this_command = L'.';
	return CC_REFRESH;
}

/* ---- ^R ---- */

struct edit_search {
	struct strbuf pattern;
	size_t pos; /* of the entry that was found + 1 */
	size_t from; /* … from which one looks */
	size_t at; /* … up to which one has looked */
	int step;
	bool found;
	bool another; /* than what is shown is looked for */
	wchar_t *was;
	size_t was_at;
};

static void show_search(struct edit *e, const struct edit_search *s)
{
	struct strbuf b = { 0 };

	strbuf_addf(&b, "%s: %s", s->found || e->looking ? "history" : "history, not found", strbuf_str(&s->pattern));
	free(e->below);
	e->below = edit_text_decode(b.s, b.len, NULL);
	strbuf_release(&b);
}

/* The next entry with the pattern in it: looks on. */
static void find(struct edit *e, struct edit_search *s)
{
	const struct hist_entry *shown = hist_at(e->sh->hist, s->pos - 1), *h;
	const char *pattern = strbuf_str(&s->pattern);
	size_t i = s->at - 1, left = WORK;
	wchar_t *w;

	while ((h = hist_at(e->sh->hist, i = hist_find(e->sh->hist, i, s->step, pattern, false, &left))) != NULL && left != 0 &&
	       shown != NULL && h != shown && strcmp(h->text, shown->text) == 0)
		i += (size_t)s->step;
	s->at = i + 1;
	e->looking = h != NULL && left == 0;
	s->found = h != NULL && !e->looking;
	if (s->found) {
		w = edit_text_decode(h->text, edit_entry_length(h->text), NULL);
		edit_replace(e, w, edit_text_chars(h->text, (size_t)(strstr(h->text, pattern) - h->text)));
		free(w);
		s->pos = s->at;
	}
	show_search(e, s);
}

/* … from there on. */
static void find_from(struct edit *e, struct edit_search *s, size_t pos, bool another)
{
	s->at = pos;
	s->another = another;
	find(e, s);
}

static void cut_pattern(struct edit_search *s)
{
	size_t n = s->pattern.len;

	if (n != 0)
		strbuf_cut(&s->pattern, edit_text_whole(s->pattern.s, n - 1));
}

/* Another character to look for. What is not there for less is not there for more. */
static void add_to_pattern(struct edit *e, struct edit_search *s, wchar_t w)
{
	char *bytes = edit_text_encode(&w, 1);

	strbuf_adds(&s->pattern, bytes);
	free(bytes);
	if (e->looking)
		find(e, s);
	else if (s->found || s->another) /* what is shown may still have it */
		find_from(e, s, s->pos <= hist_count(e->sh->hist) ? s->pos : s->from, false);
	else
		show_search(e, s);
}

/* One key of the search; false: it is over, and the key is for others. */
static bool search_key(struct edit *e, struct edit_search *s, wchar_t w)
{
	bool is_text = w >= L' ' && (w < 0x7f || w > 0x9f); /* keys have characters of their own there */

	while (e->looking && (s->another || !is_text)) /* what a key does depends on what came before, not on how fast */
		find(e, s);
	if (w == (L'R' & 0x1f) || w == (L'S' & 0x1f)) {
		s->step = w == (L'R' & 0x1f) ? -1 : 1;
		find_from(e, s, s->pos + (size_t)s->step, true);
	} else if (w == 0x7f || w == L'\b') {
		cut_pattern(s);
		s->pos = hist_count(e->sh->hist) + 1;
		find_from(e, s, s->from, false);
	} else if (is_text) {
		add_to_pattern(e, s, w);
	} else {
		return false;
	}
	return true;
}

static unsigned char search(EditLine *el, size_t from, int step)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	struct edit_search s = { .pos = hist_count(e->sh->hist) + 1, .from = from, .step = step, .found = true,
				 .was = edit_copy_text(l.s, l.len), .was_at = l.at };
	bool more;
	wchar_t w = 0;

	edit_keys_suggest_none(e);
	e->busy = true;
	e->search = &s;
	show_search(e, &s);
	do
		more = edit_key(e, &w);
	while (more && search_key(e, &s, w));
	e->busy = e->looking = false;
	e->search = NULL;
	free(e->below);
	e->below = NULL;
	if (more && w == (L'G' & 0x1f)) {
		edit_replace(e, s.was, s.was_at);
		s.pos = hist_count(e->sh->hist) + 1; /* as if nothing had been looked for */
	} else if (more && (w != L'\033' || e->next != e->queued)) { /* ESC alone only ends it */
		e->next--; /* it is libedit's */
	}
	if (s.pos <= hist_count(e->sh->hist) && e->mine == NULL) {
		e->mine = s.was;
		s.was = NULL;
		e->hist_pos = s.pos;
	}
	free(s.was);
	strbuf_release(&s.pattern);
	return more ? CC_REFRESH : CC_EOF;
}

unsigned char edit_search(EditLine *el, wint_t ch)
{
	(void)ch;
	return search(el, hist_count(edit_self(el)->sh->hist), -1);
}

/* From the entry that is shown; what was typed is behind them all. */
unsigned char edit_search_forward(EditLine *el, wint_t ch)
{
	(void)ch;
	return search(el, edit_self(el)->hist_pos, 1);
}

/* ---- what is suggested ---- */

/* The newest entry that goes on where `typed` ends, at e->hint_at - 1 or before, into that; 0: none. Looks on. */
static void find_suggestion(struct edit *e, const char *typed)
{
	size_t len = strlen(typed), i = e->hint_at - 1, left = WORK;
	const struct hist_entry *h;

	while ((h = hist_at(e->sh->hist, i = hist_find(e->sh->hist, i, -1, typed, true, &left))) != NULL && left != 0 &&
	       (edit_entry_length(h->text) <= len || h->text[len + strcspn(h->text + len, "\n")] != '\0'))
		i--;
	e->hint_at = h != NULL ? i + 1 : 0;
	e->looking = h != NULL && left == 0;
}

void edit_keys_suggest_none(struct edit *e)
{
	free(e->hint);
	e->hint = NULL;
	e->looking = false;
	edit_guess_end(e);
}

/* The newest entry that begins with the line goes on so. What is no beginning for less is none for more. */
void edit_keys_suggest(struct edit *e)
{
	struct edit_line l = edit_line(e->el);
	size_t count = hist_count(e->sh->hist);
	const char *text;
	char *typed;

	if (l.len == 0 || l.at != l.len || e->mine != NULL || !e->fresh || opt(e->sh, OPT_NO_SUGGEST) || wmemchr(l.s, L'\n', l.len) != NULL) {
		edit_keys_suggest_none(e);
		return;
	}
	free(e->hint);
	e->hint = NULL;
	typed = edit_text_encode(l.s, l.len);
	if (e->hint_for == NULL || strncmp(typed, e->hint_for, strlen(e->hint_for)) != 0 || e->hint_at > count)
		e->hint_at = count;
	find_suggestion(e, typed);
	free(e->hint_for);
	e->hint_for = typed;
	if (e->looking)
		return;
	if (e->hint_at == 0) {
		edit_guess(e, typed);
		return;
	}
	edit_guess_end(e);
	text = hist_at(e->sh->hist, e->hint_at - 1)->text + strlen(typed);
	e->hint = edit_text_decode(text, edit_entry_length(text), NULL);
}

void edit_look_on(struct edit *e)
{
	if (e->search != NULL)
		find(e, e->search);
	else
		edit_keys_suggest(e);
}
