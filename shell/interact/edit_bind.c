#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/bind.h"
#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/* Keys that the user has bound at the prompt or in a start-up file, after those of ~/.editrc. */

/* A key for a command of the shell's is a string for libedit: one of these characters, which has our command. */
enum { RUN_FIRST = 0x8e, RUN_LAST = 0x9e };

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
	wchar_t *key = for_libedit(r->key + 1), *text, run[] = { RUN_FIRST + (wchar_t)*n_run, L'\0' };

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
		if (*n_run > RUN_LAST - RUN_FIRST)
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

void edit_bind(struct edit *e)
{
	const struct keyed *k = bind_rows(&e->bound);
	size_t n_run = 0;

	for (size_t i = 0; i < k->n; i++)
		bind_row(e, &k->v[i], &n_run);
}

bool edit_bind_is_new(const struct edit *e)
{
	unsigned changes;

	(void)bind_rows(&changes);
	return changes != e->bound;
}

unsigned char edit_run(EditLine *el, wint_t ch)
{
	struct edit *e = edit_self(el);
	size_t i = (size_t)ch - RUN_FIRST;

	if (!e->fresh || ch < RUN_FIRST || i >= EDIT_RUN_MAX || e->run[i] == NULL)
		return CC_REFRESH_BEEP;
	free(e->sh->line.run);
	e->sh->line.run = xstrdup(e->run[i]);
	edit_end_with(e, EDIT_RUN);
	return CC_EOF;
}
