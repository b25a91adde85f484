#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/exec/hist.h"
#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/*
 * What the editor has besides the line, as texts in sh->line.kept: it goes on elsewhere, after a trap's action or in $EDITOR's
 * line as if nothing had been. Each text begins with a letter: what it is. They may come from another node: unknown ones are
 * left alone.
 *   k TEXT         killed, the newest first
 *   u CURSOR TEXT  the line before a change, the oldest first
 *   c LETTER A B C the last command: last_command, and of a yank yanked_at, yanked and yanked_which, of a last word
 *                  last_word_len and last_word_entry
 *   t              the last change is letters of a word, which others may follow
 *   m AT           where the mark is
 *   n READY ENTRY TEXT  what a later line begins with: after, after_ready and after_entry
 *   v              vi's command mode
 */

extern int el_cursor(EditLine *, int); /* exported, but not in <histedit.h> */

enum { KEPT_MAX = 32 << 10 }; /* bytes of each kind */

static void keep(struct edit *e, const char *head, const wchar_t *text)
{
	char *s = edit_text_encode(text, wcslen(text));
	struct strbuf b = { 0 };

	strbuf_addf(&b, "%s%s", head, s);
	free(s);
	sh_keep_of_line(e->sh, strbuf_take(&b));
}

void edit_keep_kills(struct edit *e)
{
	size_t room = KEPT_MAX;
	char head[64];

	sh_drop_of_line(e->sh);
	for (size_t i = 0; i < KILLS_MAX && e->kills[i] != NULL && wcslen(e->kills[i]) < room; i++) {
		room -= wcslen(e->kills[i]);
		keep(e, "k", e->kills[i]);
	}
	if (e->after != NULL && wcslen(e->after) < KEPT_MAX) {
		snprintf(head, sizeof(head), "n%d %zu ", e->after_ready, e->after_entry);
		keep(e, head, e->after);
	}
}

void edit_keep(struct edit *e)
{
	size_t room = KEPT_MAX, from = e->n_undo;
	char head[64];

	edit_keep_kills(e);
	for (; from != 0 && wcslen(e->undo[from - 1].text) < room; from--)
		room -= wcslen(e->undo[from - 1].text);
	for (; from < e->n_undo; from++) {
		snprintf(head, sizeof(head), "u%zu ", e->undo[from].cursor);
		keep(e, head, e->undo[from].text);
	}
	if (e->last_command != 0) {
		bool word = e->last_command == L'.';

		snprintf(head, sizeof(head), "c%c %zu %zu %zu", (char)e->last_command, word ? e->last_word_len : e->yanked_at,
			 word ? e->last_word_entry : e->yanked, e->yanked_which);
		keep(e, head, L"");
	}
	if (e->typing)
		keep(e, "t", L"");
	if (e->marked) {
		snprintf(head, sizeof(head), "m%zu", e->mark);
		keep(e, head, L"");
	}
	if (e->vi && e->vi_command)
		keep(e, "v", L"");
}

static void take_undo(struct edit *e, const char *s)
{
	char *end;
	size_t cursor = strtoull(s, &end, 10);
	wchar_t *w;

	if (*end != ' ' || e->n_undo == UNDO_MAX)
		return;
	w = edit_text_decode(end + 1, strlen(end + 1), NULL);
	e->undo[e->n_undo++] = (struct edit_copy){ w, cursor < wcslen(w) ? cursor : wcslen(w) };
}

static void take_kill(struct edit *e, const char *s, size_t i)
{
	if (i >= KILLS_MAX)
		return;
	free(e->kills[i]);
	e->kills[i] = edit_text_decode(s, strlen(s), NULL);
}

void edit_after_free(struct edit *e)
{
	free(e->after);
	e->after = NULL;
	e->after_entry = 0;
	e->after_ready = false;
}

static void take_after(struct edit *e, const char *s)
{
	int ready, at = 0;
	size_t entry;

	if (sscanf(s, "%d %zu%n", &ready, &entry, &at) != 2 || s[at] != ' ')
		return;
	edit_after_free(e);
	e->after = edit_text_decode(s + at + 1, strlen(s + at + 1), NULL);
	e->after_entry = entry;
	e->after_ready = ready != 0;
}

/* What it says of the line must be so: M-y takes away what was yanked. */
static void take_command(struct edit *e, const char *s)
{
	struct edit_line l = edit_line(e->el);
	size_t at, n, which;
	char c;

	if (sscanf(s, "%c %zu %zu %zu", &c, &at, &n, &which) != 4 || strchr("kytm.", c) == NULL)
		return;
	if (c == '.' && (at > l.at || n > hist_count(e->sh->hist)))
		return;
	if (c == 'y' && (which >= KILLS_MAX || n > l.at || at != l.at - n))
		return;
	if (c == '.') {
		e->last_word_len = at;
		e->last_word_entry = n;
	}
	e->yanked_at = at;
	e->yanked = n;
	e->yanked_which = which;
	e->last_command = e->this_command = (wchar_t)c;
}

/* As if ESC had been typed, which goes back by one. */
static void to_command_mode(struct edit *e)
{
	struct edit_line l = edit_line(e->el);

	if (l.at < l.len)
		el_cursor(e->el, 1);
	e->to_command_mode = true;
}

void edit_take_kept(struct edit *e)
{
	size_t n_kills = 0;

	for (char **s = e->sh->line.kept; s != NULL && *s != NULL; s++) {
		if (**s == 'k')
			take_kill(e, *s + 1, n_kills++);
		else if (**s == 'u')
			take_undo(e, *s + 1);
		else if (**s == 'c')
			take_command(e, *s + 1);
		else if (**s == 't')
			e->typing = true;
		else if (**s == 'n')
			take_after(e, *s + 1);
		else if (**s == 'm')
			e->marked = sscanf(*s + 1, "%zu", &e->mark) == 1;
		else if (**s == 'v' && e->vi)
			to_command_mode(e);
	}
	sh_drop_of_line(e->sh);
}

/* ---- and the line itself ---- */

/* An empty line begins with what was kept for it. */
static void begin_with_after(struct edit *e)
{
	if (e->after == NULL || !e->after_ready || !e->fresh || edit_line(e->el).len != 0)
		return;
	edit_replace(e, e->after, wcslen(e->after));
	if (e->mine == NULL && e->after_entry != 0 && e->after_entry <= hist_count(e->sh->hist)) { /* another ^O goes on from there */
		e->mine = edit_copy_text(L"", 0);
		e->hist_pos = e->after_entry;
	}
	edit_after_free(e);
}

void edit_put_back(struct edit *e)
{
	struct shell *sh = e->sh;
	wchar_t *w;

	e->restore = false;
	if (sh->line.text != NULL) {
		w = edit_text_decode(sh->line.text, strlen(sh->line.text), NULL);
		edit_replace(e, w, edit_text_chars(sh->line.text, sh->line.cursor));
		free(w);
	}
	free(sh->line.text);
	sh->line.text = NULL;
	if (sh->line.mine != NULL && sh->line.entry < hist_count(sh->hist)) {
		/* it is an entry of the history: what was typed before that is wanted again */
		e->mine = edit_text_decode(sh->line.mine, strlen(sh->line.mine), NULL);
		e->hist_pos = sh->line.entry + 1;
	}
	free(sh->line.mine);
	sh->line.mine = NULL;
	edit_take_kept(e);
	begin_with_after(e);
}

/* The reverse: keeps what is in the editor as the half-typed line. */
void edit_take_out(struct edit *e)
{
	const LineInfoW *li = el_wline(e->el);
	struct shell *sh = e->sh;

	free(sh->line.text);
	free(sh->line.mine);
	sh->line.text = sh->line.mine = NULL;
	sh->line.cursor = 0;
	if (li->lastchar != li->buffer) {
		sh->line.text = edit_text_encode(li->buffer, (size_t)(li->lastchar - li->buffer));
		sh->line.cursor = edit_text_bytes(li->buffer, (size_t)(li->cursor - li->buffer));
	}
	if (e->mine != NULL) {
		sh->line.mine = edit_text_encode(e->mine, wcslen(e->mine));
		sh->line.entry = e->hist_pos - 1;
	}
	sh_type_ahead(sh, e->decoder.s, e->decoder.n); /* half of a character */
	e->decoder.n = 0;
	edit_keep(e);
}

unsigned char edit_end_with(struct edit *e, enum edit_result r)
{
	if (!e->fresh) /* the rest of the command is with the parser */
		return CC_REFRESH_BEEP;
	e->vi_command = e->vi && e->commanding;
	edit_take_out(e);
	e->result = r;
	return CC_EOF;
}
