#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/expand/var_table.h"
#include "shell/parser/strbuf.h"

struct saved {
	struct saved *next;
	char *name;
	char *text; /* NULL: it did not exist */
	struct array *array;
	unsigned flags;
};

struct scope {
	struct scope *outer;
	struct saved *saved;
};

static void saved_free(struct saved *s)
{
	free(s->name);
	free(s->text);
	array_free(s->array);
	free(s);
}

void var_scopes_free(struct var_table *t)
{
	while (t->scope != NULL) {
		struct scope *sc = t->scope;

		while (sc->saved != NULL) {
			struct saved *s = sc->saved;

			sc->saved = s->next;
			saved_free(s);
		}
		t->scope = sc->outer;
		free(sc);
	}
}

void var_scope_enter(struct shell *sh)
{
	struct scope *sc = xcalloc(1, sizeof(*sc));

	sc->outer = sh->vars->scope;
	sh->vars->scope = sc;
}

bool var_local(struct shell *sh, const char *name)
{
	struct scope *sc = sh->vars->scope;
	struct var *v = var_table_find(sh, name, strlen(name));
	struct saved *s;

	if (sc == NULL)
		return false;
	for (s = sc->saved; s != NULL; s = s->next)
		if (strcmp(s->name, name) == 0)
			return false;
	s = xcalloc(1, sizeof(*s));
	s->name = xstrdup(name);
	if (v != NULL) {
		s->text = xstrdup(v->text);
		s->flags = v->flags;
		s->array = v->array; /* an inner one begins anew */
		v->array = NULL;
		v->flags &= ~(unsigned)(VAR_ARRAY | VAR_REFERENCE | VAR_CONVERTS);
	}
	s->next = sc->saved;
	sc->saved = s;
	return true;
}

/* Puts back what was saved; frees it. */
static void put_back(struct shell *sh, struct saved *s)
{
	if (s->text == NULL) {
		var_table_remove(sh, s->name);
	} else {
		struct var *v = var_table_make(sh->vars, s->name);

		var_give_text(v, s->text, 0);
		array_free(v->array);
		v->array = s->array;
		v->flags = s->flags;
		s->text = NULL;
		s->array = NULL;
		var_env_changed(sh->vars);
		var_tell(sh, s->name);
	}
	saved_free(s);
}

bool var_scope_reveal(struct shell *sh, const char *name)
{
	struct scope *sc = sh->vars->scope;

	for (bool own = true; sc != NULL; sc = sc->outer, own = false)
		for (struct saved **p = &sc->saved; *p != NULL; p = &(*p)->next)
			if (strcmp((*p)->name, name) == 0) {
				struct saved *s = *p;

				if (own)
					return false;
				*p = s->next;
				put_back(sh, s);
				return true;
			}
	return false;
}

void var_scope_leave(struct shell *sh)
{
	struct scope *sc = sh->vars->scope;

	sh->vars->scope = sc->outer;
	while (sc->saved != NULL) {
		struct saved *s = sc->saved;

		sc->saved = s->next;
		put_back(sh, s);
	}
	free(sc);
}
