#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/candidates.h"
#include "shell/builtin/compgen.h"
#include "shell/expand/var.h"
#include "shell/interact/edit.h"
#include "shell/move/session.h"
#include "shell/parser/arena.h"
#include "shell/parser/chclass.h"
#include "shell/parser/strbuf.h"

/* Completion of commands, files, variables and node names. */

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_unique(struct candidates *l)
{
	size_t n = 0;

	if (l->n == 0)
		return;
	qsort(l->v, l->n, sizeof(*l->v), compare);
	for (size_t i = 0; i < l->n; i++) {
		if (n != 0 && strcmp(l->v[n - 1], l->v[i]) == 0)
			free(l->v[i]);
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

/* Where the word at the cursor begins, and which quote is open, as far as one line tells. */
static size_t word_start(const char *line, size_t cursor, char *ret_quote)
{
	size_t start = 0;
	char quote = '\0';

	for (size_t i = 0; i < cursor; i++) {
		if (quote != '\0') {
			if (line[i] == quote)
				quote = '\0';
		} else if (line[i] == '\\' && i + 1 < cursor) {
			i++;
		} else if (line[i] == '\'' || line[i] == '"') {
			quote = line[i];
			start = i + 1;
		} else if (line[i] == '`' || ch_is(line[i], CH_ENDS_WORD)) {
			start = i + 1;
		}
	}
	*ret_quote = quote;
	return start;
}

static bool is_command_position(const char *line, size_t start)
{
	while (start != 0 && ch_is(line[start - 1], CH_BLANK))
		start--;
	return start == 0 || strchr(";&|(`\n{", line[start - 1]) != NULL;
}

static void add_variables(struct shell *sh, struct complete_list *l, const char *word)
{
	bool brace = word[1] == '{';
	const char *prefix = word + 1 + brace;
	size_t n;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++)
		if (strncmp(v[i]->text, prefix, strlen(prefix)) == 0) {
			struct strbuf s = { 0 };

			strbuf_addf(&s, "%s%.*s%s", brace ? "${" : "$", (int)v[i]->name_len,
				    v[i]->text, brace ? "}" : "");
			candidates_add(&l->all, s.s);
			strbuf_release(&s);
		}
	free(v);
}

static void add_nodes(struct shell *sh, struct complete_list *l, const char *word)
{
	const char *name, *load;

	candidates_add_if(&l->all, "home", word);
	for (size_t i = 0; (name = session_node(sh, i, &load)) != NULL; i++)
		candidates_add_if(&l->all, name, word);
	l->is_node = true;
}

/* The text of a word without the backslashes that quote. */
static char *unescape(const char *s, size_t len, char quote)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\' && i + 1 < len && quote != '\'')
			i++;
		strbuf_addc(&b, s[i]);
	}
	return strbuf_take(&b);
}

/* What `complete` has registered for the command. False: nothing, or it leaves the word to files. */
static bool complete_by_spec(struct shell *sh, const char *line, size_t cursor, size_t first, size_t start,
			     struct complete_list *ret)
{
	struct compgen_request r = { .line = line, .cursor = cursor, .first = first, .start = start };

	if (opt(sh, OPT_NO_PROGCOMP) || !compgen_line(sh, &r, &ret->all))
		return false;
	ret->start = r.start;
	ret->typed = r.typed;
	ret->is_file = r.is_file;
	ret->is_plain = r.is_plain;
	ret->no_space = r.no_space;
	ret->no_sort = r.no_sort;
	return true;
}

void complete_line(struct shell *sh, const char *line, size_t cursor, struct complete_list *ret)
{
	char quote;
	size_t start = word_start(line, cursor, &quote), first = 0;
	char *word = unescape(line + start, cursor - start, quote);
	void *mark = arena_mark(sh->arena);
	const char *dollar = strrchr(word, '$');

	for (size_t i = 0; i < start; i++) /* where this command begins */
		if (strchr(";&|(\n", line[i]) != NULL)
			first = i + 1;
	first += strspn(line + first, " \t");
	*ret = (struct complete_list){ .start = start, .typed = strlen(word), .quote = quote };
	if (dollar != NULL && strchr(dollar, '/') == NULL && quote != '\'') {
		/* counted from the cursor: the line may have quotes before the $ */
		ret->start = cursor - strlen(dollar);
		ret->typed = strlen(dollar);
		ret->is_variable = true;
		add_variables(sh, ret, dollar);
	} else if (is_command_position(line, start)) {
		candidates_commands(sh, &ret->all, word);
		ret->is_file |= strchr(word, '/') != NULL;
	} else if (complete_by_spec(sh, line, cursor, first, start, ret)) {
		;
	} else if (strncmp(line + first, "smigrate ", 9) == 0 && word[0] != '-') {
		add_nodes(sh, ret, word);
	} else {
		candidates_files(sh, &ret->all, word, false);
		ret->is_file = true;
	}
	if (!ret->no_sort)
		sort_unique(&ret->all);
	arena_rewind(sh->arena, mark);
	free(word);
}
