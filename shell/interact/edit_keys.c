#include <config.h>

#include "shell/interact/edit_keys.h"

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "shell/builtin/bind.h"
#include "shell/exec/hist.h"
#include "shell/parser/strbuf.h"

/* What keys do that libedit has nothing for, or not as people of bash, zsh and fish know it. */

extern int el_cursor(EditLine *, int); /* exported, but not in <histedit.h> */

/* ---- undo ---- */

static void drop_oldest(struct edit *e)
{
	free(e->undo[0].text);
	memmove(e->undo, e->undo + 1, (UNDO_MAX - 1) * sizeof(e->undo[0]));
	e->n_undo--;
}

/* A letter that was typed behind another one of its word: with it, it is one step. */
static bool is_next_letter(const struct edit *e, const struct edit_line *l)
{
	const struct edit_copy *top = &e->undo[e->n_undo - 1];

	return l->len == wcslen(top->text) + 1 && l->at == top->cursor + 1 && iswalnum((wint_t)l->s[l->at - 1]) &&
	       wmemcmp(l->s, top->text, top->cursor) == 0;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* What came or went before the mark moves it: it stays between the same characters. */
static void move_mark(struct edit *e, const struct edit_copy *was, const struct edit_line *l)
{
	size_t len = wcslen(was->text), n = least(least(was->cursor, l->at), least(len, l->len)), same = 0;

	while (same < n && was->text[same] == l->s[same])
		same++;
	if (same < e->mark)
		e->mark = e->mark + l->len > len + same ? e->mark + l->len - len : same;
}

/* Notes the line for undo. */
static void note_line(struct edit *e)
{
	struct edit_line l = edit_line(e->el);
	struct edit_copy *top = e->n_undo != 0 ? &e->undo[e->n_undo - 1] : NULL;
	bool letter, undoing = e->undoing;

	e->undoing = false;
	if (top != NULL && wcslen(top->text) == l.len && wmemcmp(top->text, l.s, l.len) == 0) {
		e->typing = e->typing && top->cursor == l.at;
		top->cursor = l.at;
		return;
	}
	if (undoing)
		return;
	if (e->marked && top != NULL)
		move_mark(e, top, &l);
	letter = top != NULL && is_next_letter(e, &l);
	if (letter && e->typing) {
		free(top->text);
		e->n_undo--;
	}
	e->typing = letter;
	while (e->n_undo == UNDO_MAX || (e->n_undo > 4 && e->n_undo * l.len > UNDO_CHARS_MAX))
		drop_oldest(e);
	e->undo[e->n_undo++] = (struct edit_copy){ edit_copy_text(l.s, l.len), l.at };
}

void edit_keys_note(struct edit *e)
{
	if (e->in_prefix) /* of a key of two characters */
		return;
	e->last_command = e->this_command;
	e->this_command = 0;
	free(e->hint); /* of the line as it was */
	e->hint = NULL;
	note_line(e);
}

/* vi's mode, and whether a command waits for more, as far as the keys tell: only libedit knows. */
static void note_vi(struct edit *e, wchar_t w)
{
	if (w == L'\033') {
		e->commanding = true;
		e->operator = 0;
	} else if (e->commanding && e->operator != 0 && wcschr(L"fFtTrC", e->operator) != NULL) { /* this is the character */
		e->commanding = e->operator != L'C';
		e->operator = 0;
	} else if (e->commanding && w != L'\0' && wcschr(L"fFtTr", w) != NULL && (e->operator == 0 || w != L'r')) {
		e->operator = e->operator == L'c' ? L'C' : w; /* of an operator: the character, still */
	} else if (e->commanding && e->operator == 0 && w != L'\0' && wcschr(L"dcy", w) != NULL) {
		e->operator = w;
	} else if (e->commanding && e->operator != 0) {
		if (w >= L'1' && w <= L'9')
			return;
		e->commanding = e->operator != L'c';
		e->operator = 0;
	} else if (e->commanding && w != L'\0' && wcschr(L"iIaAoOsSRC", w) != NULL) {
		e->commanding = false;
	}
}

void edit_keys_gave(struct edit *e, wchar_t w)
{
	if (e->vi)
		note_vi(e, w);
	if (e->commanding && (w == L'/' || w == L'?'))
		e->in_search = true;
	if (w == L'\r' || w == L'\n' || w == L'\033')
		e->in_search = false;
	e->in_prefix = !e->vi && !e->in_prefix && (w == L'\033' || w == (L'X' & 0x1f));
}

static unsigned char undo(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);

	(void)ch;
	if (e->n_undo < 2)
		return CC_REFRESH_BEEP;
	free(e->undo[--e->n_undo].text);
	edit_replace(e, e->undo[e->n_undo - 1].text, e->undo[e->n_undo - 1].cursor);
	e->undoing = true;
	return CC_REFRESH;
}

/* To what the line was at first, which can be taken back as well. */
static unsigned char revert(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);

	(void)ch;
	if (e->n_undo < 2)
		return CC_REFRESH_BEEP;
	edit_replace(e, e->undo[0].text, e->undo[0].cursor);
	return CC_REFRESH;
}

/* ---- characters, with what combines with them ---- */

static size_t char_end(const struct edit_line *l)
{
	size_t to = l->at;

	while (to < l->len && (to == l->at || edit_combines(l->s[to])))
		to++;
	return to;
}

static size_t char_begin(const struct edit_line *l)
{
	size_t from = l->at;

	while (from != 0 && edit_combines(l->s[--from]))
		;
	return from;
}

static unsigned char backward(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	if (l.at == 0)
		return CC_ERROR;
	el_cursor(el, (int)char_begin(&l) - (int)l.at);
	return CC_CURSOR;
}

static unsigned char rub_out(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	if (l.at == 0)
		return CC_ERROR;
	el_deletestr(el, (int)(l.at - char_begin(&l)));
	return CC_REFRESH;
}

unsigned char edit_delete(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);
	size_t n = char_end(&l) - l.at;

	if (n == 0) /* whoever gives ^D to it wants readline's end of file */
		return l.len == 0 && ch == (L'D' & 0x1f) ? CC_EOF : CC_ERROR;
	el_cursor(el, (int)n);
	el_deletestr(el, (int)n);
	return CC_REFRESH;
}

/* ---- what is suggested ---- */

/* Is there something at the line's end? It has not been looked for where keys come faster than they are shown. */
static bool has_hint(struct edit *e)
{
	if (e->hint == NULL)
		do
			edit_keys_suggest(e);
		while (e->looking);
	return e->hint != NULL;
}

/* Takes so many characters of it. */
static unsigned char take_hint(struct edit *e, size_t n)
{
	wchar_t *w = edit_copy_text(e->hint, n);

	el_winsertstr(e->el, w);
	free(w);
	return CC_REFRESH;
}

static unsigned char forward(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);

	(void)ch;
	if (l.at < l.len) {
		el_cursor(el, (int)(char_end(&l) - l.at));
		return CC_CURSOR;
	}
	return has_hint(e) ? take_hint(e, wcslen(e->hint)) : CC_ERROR;
}

static unsigned char forward_word(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el), hint;

	(void)ch;
	if (l.at < l.len) {
		el_cursor(el, (int)(edit_word_end(&l) - l.at));
		return CC_CURSOR;
	}
	if (!has_hint(e))
		return CC_ERROR;
	hint = (struct edit_line){ e->hint, wcslen(e->hint), 0 };
	return take_hint(e, edit_word_end(&hint));
}

static unsigned char to_end(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	struct edit_line l = edit_line(el);
	size_t end = edit_line_end(&l);

	(void)ch;
	if (l.at == l.len && has_hint(e))
		return take_hint(e, wcslen(e->hint));
	el_cursor(el, (int)(end - l.at));
	return CC_CURSOR;
}

static unsigned char to_begin(EditLine *el, wint_t ch)
{
	struct edit_line l = edit_line(el);

	(void)ch;
	el_cursor(el, (int)edit_line_begin(&l, l.at) - (int)l.at);
	return CC_CURSOR;
}

static unsigned char clear_screen(EditLine *el, wint_t ch)
{
	(void)ch;
	edit_clear(edit_self(el));
	return CC_REFRESH;
}

/* libedit's own would take the private character of an arrow for text. */
static unsigned char quoted_insert(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	wchar_t text[2] = L"";
	bool more;

	(void)ch;
	e->quoting = true;
	more = edit_key(e, text);
	e->quoting = false;
	if (!more)
		return CC_EOF;
	return el_winsertstr(el, text) == 0 ? CC_REFRESH : CC_REFRESH_BEEP;
}

/* ---- vi's modes ---- */

static unsigned char leave_from(struct edit *e, bool command)
{
	e->vi_command = command;
	edit_take_out(e);
	return CC_EOF;
}

static unsigned char leave_inserting(EditLine *el, wint_t ch)
{
	(void)ch;
	return leave_from(edit_self(el), false);
}

static unsigned char leave_commanding(EditLine *el, wint_t ch)
{
	(void)ch;
	return leave_from(edit_self(el), true);
}

/* Half of a key is no time to leave the editor, nor is a question. */
bool edit_keys_may_leave(const struct edit *e)
{
	return e->fresh && !e->busy && !e->in_search && !e->in_prefix && !e->quoting && e->operator == 0;
}

static unsigned char in_editor(EditLine *el, wint_t ch)
{
	(void)ch;
	return edit_end_with(edit_self(el), EDIT_VISUAL);
}

static unsigned char help(EditLine *el, wint_t ch)
{
	(void)ch;
	return edit_end_with(edit_self(el), EDIT_HELP);
}

static unsigned char which(EditLine *el, wint_t ch)
{
	(void)ch;
	return edit_end_with(edit_self(el), EDIT_WHICH);
}

/* ---- the keys ---- */

/*
 * Keys that send a sequence, as terminals have them. libedit gets a private character for each of these commands, from
 * PRIVATE_FIRST on: sequences of its own would make ESC wait for more, and vi needs it at once.
 */
#define PRIVATE_FIRST 0x80

static const struct {
	const char *sequences; /* behind ESC, with blanks between them */
	const wchar_t *command;
} block[] = {
	{ "[A OA [5~", L"mish-up" },	   { "[B OB [6~", L"mish-down" },	{ "[C OC", L"mish-forward" },
	{ "[D OD", L"mish-backward" },	   { "[H OH [1~ [7~", L"mish-begin" },	{ "[F OF [4~ [8~", L"mish-end" },
	{ "[3~", L"mish-delete" }, { "[1;5C [1;3C [5C Oc", L"mish-forward-word" },
	{ "[1;5D [1;3D [5D Od", L"ed-prev-word" }, { "[3;5~ [3;3~", L"mish-kill-word" }, { "[Z", L"mish-list" },
};

wchar_t edit_keys_private(const char *sequence)
{
	size_t n = strlen(sequence);

	for (size_t i = 0; i < sizeof(block) / sizeof(block[0]); i++)
		for (const char *p = block[i].sequences; *p != '\0'; p += strcspn(p, " "), p += *p == ' ')
			if (strcspn(p, " ") == n && memcmp(p, sequence, n) == 0)
				return PRIVATE_FIRST + (wchar_t)i;
	return 0;
}

void edit_keys_list(struct keyed *ret)
{
	for (size_t i = 0; i < sizeof(block) / sizeof(block[0]); i++)
		for (const char *p = block[i].sequences; *p != '\0'; p += strcspn(p, " "), p += *p == ' ') {
			struct strbuf key = { 0 }, text = { 0 };

			strbuf_addf(&key, "%c\033%.*s", BIND_MAIN, (int)strcspn(p, " "), p);
			strbuf_addf(&text, "%c%ls", BIND_EDITOR, block[i].command);
			keyed_set(ret, key.s, text.s);
			strbuf_release(&key);
			strbuf_release(&text);
		}
}

/* Instead of what libedit has for the arrows: what it says is bound then is the user's. */
static void bind_sequences(struct edit *e, size_t i)
{
	const wchar_t key[] = { PRIVATE_FIRST + (wchar_t)i, L'\0' };

	for (const char *p = block[i].sequences; *p != '\0'; p += strcspn(p, " "), p += *p == ' ') {
		wchar_t sequence[16];

		swprintf(sequence, sizeof(sequence) / sizeof(sequence[0]), L"\033%.*s", (int)strcspn(p, " "), p);
		el_wset(e->el, EL_BIND, L"-r", sequence, NULL);
		el_wset(e->el, EL_BIND, L"-a", L"-r", sequence, NULL);
	}
	el_wset(e->el, EL_BIND, key, block[i].command, NULL);
	el_wset(e->el, EL_BIND, L"-a", key, block[i].command, NULL);
}

const struct edit_command edit_keys_commands[] = {
	{ L"mish-forward", forward },	     { L"mish-forward-word", forward_word }, { L"mish-backward", backward },
	{ L"mish-end", to_end },	     { L"mish-begin", to_begin },	     { L"mish-undo", undo },
	{ L"mish-clear", clear_screen },     { L"mish-editor", in_editor },	     { L"mish-rub-out", rub_out },
	{ L"mish-delete", edit_delete },     { L"mish-help", help },		     { L"mish-which", which },
	{ L"mish-quoted-insert", quoted_insert }, { L"mish-revert", revert },
	{ L"mish-leave-inserting", leave_inserting }, { L"mish-leave-commanding", leave_commanding }, { NULL, NULL },
};

void edit_keys_bind(struct edit *e)
{
	for (size_t i = 0; i < sizeof(block) / sizeof(block[0]); i++)
		bind_sequences(e, i);
}

void edit_keys_reset(struct edit *e)
{
	while (e->n_undo != 0)
		free(e->undo[--e->n_undo].text);
	edit_forget_typed(e);
	edit_styles_forget(e);
	edit_guess_end(e);
	free(e->hint);
	free(e->hint_for);
	free(e->below);
	e->hint = e->below = NULL;
	e->hint_for = NULL;
	e->last_command = e->this_command = 0;
	e->undoing = e->typing = e->in_prefix = e->leaving = e->commanding = e->to_command_mode = e->in_search = e->busy = e->vi_command = e->looking = false;
	e->marked = e->quoting = false;
	e->operator = 0;
	e->count = e->repeat = 0;
}

void edit_keys_free(struct edit *e)
{
	edit_keys_reset(e);
	edit_after_free(e);
	for (size_t i = 0; i < KILLS_MAX; i++)
		free(e->kills[i]);
}
