#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/bind.h"
#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/* The commands and the keys that have them: ours, and those that the user has bound at the prompt or in a start-up file. */

bool edit_bind_is_new(const struct edit *e)
{
	unsigned changes;

	(void)bind_rows(&changes);
	return changes != e->bound;
}

/* A key of the user's: libedit got one of these characters for it. */
static unsigned char run(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	size_t i = (size_t)ch - EDIT_RUN_FIRST;

	if (edit_bind_is_new(e)) /* a completion has bound others: these are no more */
		return CC_REFRESH_BEEP;
	if (ch < EDIT_RUN_FIRST || i >= EDIT_RUN_MAX || e->run[i] == NULL)
		return CC_REFRESH_BEEP;
	free(e->sh->line.run);
	e->sh->line.run = xstrdup(e->run[i]);
	return edit_end_with(e, EDIT_RUN);
}

static const struct edit_command others[] = {
	{ L"mish-complete", edit_complete }, { L"mish-list", edit_list }, { L"mish-expand", edit_expand }, { L"mish-spell", edit_spell },
	{ L"mish-expand-glob", edit_expand_glob }, { L"mish-expand-history", edit_expand_history }, { L"mish-magic-space", edit_magic_space },
	{ L"mish-list-eof", edit_list_or_eof }, { L"mish-delete-list", edit_delete_or_list },
	{ L"mish-delete-list-eof", edit_delete_or_list_or_eof },
	{ L"mish-search", edit_search }, { L"mish-up", edit_go_up }, { L"mish-down", edit_go_down }, { L"mish-last-word", edit_last_word },
	{ L"mish-vi-up", edit_vi_up }, { L"mish-vi-down", edit_vi_down }, { L"mish-run", run }, { L"mish-insert-all", edit_insert_all },
	{ L"mish-expand-tilde", edit_expand_tilde }, { L"mish-search-forward", edit_search_forward }, { L"mish-hist-begin", edit_history_begin },
	{ L"mish-hist-end", edit_history_end }, { NULL, NULL },
};

static const wchar_t nul[] = { EDIT_NUL, L'\0' };

static const wchar_t *const emacs[][2] = {
	{ L"^P", L"mish-up" },	    { L"^N", L"mish-down" },	   { L"^F", L"mish-forward" },	{ L"^E", L"mish-end" },
	{ L"^A", L"mish-begin" },   { L"^K", L"mish-kill-end" },   { L"^U", L"mish-kill-line" }, { L"^W", L"mish-kill-region-word" },
	{ L"\033d", L"mish-kill-word" }, { L"\033\177", L"mish-kill-word-before" }, { L"^Y", L"mish-yank" }, { L"\033y", L"mish-yank-another" },
	{ L"\033.", L"mish-last-word" }, { L"\033_", L"mish-last-word" }, { L"^_", L"mish-undo" }, { L"^X^U", L"mish-undo" },
	{ L"^B", L"mish-backward" }, { L"^H", L"mish-rub-out" }, { L"^?", L"mish-rub-out" }, { L"^D", L"mish-delete-list-eof" },
	{ L"^X^E", L"mish-editor" }, { L"\033f", L"mish-forward-word" }, { L"\033h", L"mish-help" }, { L"\033H", L"mish-help" },
	{ L"\033?", L"mish-which" }, { L"\033=", L"mish-list" }, { L"\033\005", L"mish-expand" }, { L"\033 ", L"mish-expand" },
	{ L"\033s", L"mish-spell" }, { L"\033S", L"mish-spell" }, { L"\033$", L"mish-spell" },
	{ nul, L"mish-set-mark" },   { L"^X^X", L"mish-exchange-mark" }, { L"\033w", L"mish-copy-region" }, { L"\033W", L"mish-copy-region" },
	{ L"^X^?", L"mish-kill-begin" }, { L"\033t", L"mish-transpose-words" }, { L"\033T", L"mish-transpose-words" },
	{ L"^O", L"mish-accept-next" }, { L"\033a", L"mish-accept-hold" }, { L"\033A", L"mish-accept-hold" }, { L"\033q", L"mish-push-line" },
	{ L"\033Q", L"mish-push-line" }, { L"\033<", L"mish-hist-begin" }, { L"\033>", L"mish-hist-end" }, { L"\033#", L"mish-insert-comment" },
	{ L"^]", L"mish-to-character" }, { L"\033^]", L"mish-back-to-character" }, { L"\033*", L"mish-insert-all" },
	{ L"\033&", L"mish-expand-tilde" }, { L"\033r", L"mish-revert" }, { L"^S", L"mish-search-forward" },
};

static const wchar_t ask_mode[] = { EDIT_ASK_MODE, L'\0' }, vi_object[] = { EDIT_VI_OBJECT, L'\0' };

/* In vi's other mode; 055 is a minus, which would begin an option. */
static const wchar_t *const vi_commands[][2] = {
	{ L"^D", L"mish-list-eof" },
	{ L"v", L"mish-editor" },   { L"k", L"mish-vi-up" }, { L"\\055", L"mish-vi-up" },	{ L"j", L"mish-vi-down" }, { L"+", L"mish-vi-down" },
	{ L"u", L"mish-undo" },	    { L"\033", L"ed-ignore" }, { ask_mode, L"mish-leave-commanding" },
	{ vi_object, L"mish-vi-object" }, { L"\\\\", L"mish-vi-complete" }, { L"*", L"mish-vi-complete" }, { L"=", L"mish-vi-list" },
	{ L"\"", L"mish-vi-missing" }, { L"m", L"mish-vi-missing" }, { L"'", L"mish-vi-missing" }, { L"`", L"mish-vi-missing" },
	{ L"g", L"mish-vi-missing" }, { L"z", L"mish-vi-missing" }, { L"q", L"mish-vi-missing" }, { L"Z", L"mish-vi-missing" },
	{ L"<", L"mish-vi-missing" }, { L">", L"mish-vi-missing" }, { L"!", L"mish-vi-missing" },
	{ L":", L"ed-unassigned" }, /* what libedit's own commands print is not shown */
};

/* … where arrows are k and j; while one types they look for what begins so. */
static const struct {
	const char *sequence;
	const wchar_t *command;
} vi_arrows[] = { { "[A", L"mish-vi-up" }, { "[B", L"mish-vi-down" } };

static const wchar_t *const unshown[] = { L"\033x", L"\033X" }; /* … emacs' keys for them */

static void add_commands(struct edit *e, const struct edit_command *c)
{
	for (; c->name != NULL; c++)
		el_wset(e->el, EL_ADDFN, c->name, L"mish(1)", c->run);
}

void edit_bind_ours(struct edit *e)
{
	add_commands(e, edit_keys_commands);
	add_commands(e, edit_kill_commands);
	add_commands(e, edit_word_commands);
	add_commands(e, edit_after_commands);
	add_commands(e, edit_vi_commands);
	add_commands(e, others);
	el_wset(e->el, EL_BIND, L"^I", L"mish-complete", NULL);
	el_wset(e->el, EL_BIND, L"^R", L"mish-search", NULL);
	el_wset(e->el, EL_BIND, L"^L", L"mish-clear", NULL);
	el_wset(e->el, EL_BIND, L"^V", L"mish-quoted-insert", NULL);
	el_wset(e->el, EL_BIND, nul, L"ed-unassigned", NULL);
	el_wset(e->el, EL_BIND, L"-a", nul, L"ed-unassigned", NULL);
	edit_keys_bind(e);
	for (size_t i = 0; e->vi && i < sizeof(vi_commands) / sizeof(vi_commands[0]); i++)
		el_wset(e->el, EL_BIND, L"-a", vi_commands[i][0], vi_commands[i][1], NULL);
	for (size_t i = 0; e->vi && i < sizeof(vi_arrows) / sizeof(vi_arrows[0]); i++) {
		const wchar_t key[] = { edit_keys_private(vi_arrows[i].sequence), L'\0' };

		el_wset(e->el, EL_BIND, L"-a", key, vi_arrows[i].command, NULL);
	}
	if (e->vi) {
		el_wset(e->el, EL_BIND, ask_mode, L"mish-leave-inserting", NULL);
		el_wset(e->el, EL_BIND, L"^D", L"mish-list-eof", NULL);
	}
	for (size_t i = 0; !e->vi && i < sizeof(unshown) / sizeof(unshown[0]); i++)
		el_wset(e->el, EL_BIND, L"-r", unshown[i], NULL);
	for (size_t i = 0; !e->vi && i < sizeof(emacs) / sizeof(emacs[0]); i++)
		el_wset(e->el, EL_BIND, emacs[i][0], emacs[i][1], NULL);
}

/* ---- the user's ---- */

/* What stands for NUL becomes the character that libedit gets for it. */
static void put_nuls(wchar_t *w)
{
	size_t n;
	wchar_t *pair = edit_text_decode(BIND_NUL, strlen(BIND_NUL), &n);

	while ((w = wcsstr(w, pair)) != NULL) {
		*w++ = EDIT_NUL;
		wmemmove(w, w + n - 1, wcslen(w + n - 1) + 1);
	}
	free(pair);
}

/* As libedit reads it (editrc(5), Key syntax); caller frees. */
static wchar_t *for_libedit(const char *bytes)
{
	struct strbuf b = { 0 };
	wchar_t *w;

	for (const char *s = bytes; *s != '\0'; s++) {
		if (*s == '\\' || *s == '^')
			strbuf_addc(&b, '\\');
		strbuf_addc(&b, *s);
	}
	w = edit_text_decode(strbuf_str(&b), b.len, NULL);
	put_nuls(w);
	strbuf_release(&b);
	return w;
}

/* Without a map: the one that is used while one types. */
static void bind_one(struct edit *e, bool alternate, const wchar_t *kind, const wchar_t *key, const wchar_t *what)
{
	const wchar_t *argv[5] = { NULL };
	int n = 0;

	if (alternate)
		argv[n++] = L"-a";
	if (kind != NULL)
		argv[n++] = kind;
	argv[n++] = key;
	argv[n++] = what;
	el_wset(e->el, EL_BIND, argv[0], argv[1], argv[2], argv[3], NULL);
}

static void bind_row(struct edit *e, const struct keyed_row *r, size_t *n_run)
{
	bool alternate = r->key[0] == BIND_VI_COMMAND;
	wchar_t *key = for_libedit(r->key + 1), *text, run[] = { EDIT_RUN_FIRST + (wchar_t)*n_run, L'\0' };

	switch ((enum bind_kind)r->text[0]) {
	case BIND_EDITOR:
		text = edit_text_decode(r->text + 1, strlen(r->text + 1), NULL);
		bind_one(e, alternate, NULL, key, text);
		free(text);
		break;
	case BIND_STRING:
		text = for_libedit(r->text + 1);
		bind_one(e, alternate, L"-s", key, text);
		free(text);
		break;
	case BIND_SHELL:
		if (*n_run == EDIT_RUN_MAX)
			break;
		e->run[(*n_run)++] = r->text + 1;
		bind_one(e, alternate, L"-s", key, run);
		bind_one(e, alternate, NULL, run, L"mish-run");
		break;
	case BIND_NONE:
		bind_one(e, alternate, L"-r", key, NULL);
		break;
	}
	free(key);
}

/* The string row whose key a text begins with; NULL: none. */
static const struct keyed_row *string_at(const struct keyed *k, const char *text)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].text[0] == BIND_STRING && strncmp(text, k->v[i].key + 1, strlen(k->v[i].key + 1)) == 0)
			return &k->v[i];
	return NULL;
}

/* libedit copies keys and strings into rooms of 1,024 characters, follows strings without end, and has keys up to U+00FF. */
static bool is_safe(const struct keyed *k, const struct keyed_row *r)
{
	const struct keyed_row *next = r;
	wchar_t *key = for_libedit(r->key + 1);
	bool ok = *key <= 0xff && strlen(r->key) < BIND_MAX && (r->text[0] == BIND_SHELL || strlen(r->text) < BIND_MAX);

	free(key);
	for (int steps = 0; ok && next != NULL && next->text[0] == BIND_STRING; steps++) {
		next = string_at(k, next->text + 1);
		ok = steps < 16;
	}
	return ok;
}

void edit_bind(struct edit *e)
{
	const struct keyed *k = bind_rows(&e->bound);
	size_t n_run = 0;

	memset(e->run, 0, sizeof(e->run));
	for (size_t i = 0; i < k->n; i++)
		if (is_safe(k, &k->v[i]))
			bind_row(e, &k->v[i], &n_run);
}
