#include <config.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/builtin/table.h"
#include "shell/exec/func.h"
#include "shell/expand/expand.h"
#include "shell/expand/var.h"
#include "shell/interact/edit.h"
#include "shell/move/session.h"
#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/chclass.h"
#include "shell/parser/strbuf.h"

/* Completion of commands, files, variables and node names. */

static void add(struct complete_list *l, const char *s)
{
	l->v = xreallocarray(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = xstrdup(s);
}

static void add_if(struct complete_list *l, const char *s, const char *prefix)
{
	if (strncmp(s, prefix, strlen(prefix)) == 0)
		add(l, s);
}

void complete_list_release(struct complete_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct complete_list){ 0 };
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_unique(struct complete_list *l)
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

/* Files that a path begins with; a tilde in it is looked up, but stays as it was typed. */
static void add_files(struct shell *sh, struct complete_list *l, const char *word, bool exec_only)
{
	const char *slash = strrchr(word, '/'), *prefix = slash != NULL ? slash + 1 : word;
	char *dir = xstrndup(word, (size_t)(prefix - word)), *real = NULL;
	struct dirent *e;
	DIR *d;

	if (dir[0] == '~') {
		size_t n = strcspn(dir, "/");
		char *name = xstrndup(dir + 1, n - 1), *home = expand_tilde(sh, name);
		struct strbuf s = { 0 };

		strbuf_adds(&s, home != NULL ? home : dir);
		strbuf_adds(&s, dir + n);
		real = strbuf_take(&s);
		free(name);
	} else {
		real = xstrdup(*dir != '\0' ? dir : ".");
	}
	d = opendir(real);
	while (d != NULL && (e = readdir(d)) != NULL) {
		struct strbuf path = { 0 };
		struct stat st;

		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0 ||
		    (e->d_name[0] == '.' && *prefix != '.') || strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		strbuf_addf(&path, "%s/%s", real, e->d_name);
		bool is_dir = stat(path.s, &st) == 0 && S_ISDIR(st.st_mode);

		if (!exec_only || is_dir || access(path.s, X_OK) == 0) {
			strbuf_clear(&path);
			strbuf_addf(&path, "%s%s%s", dir, e->d_name, is_dir ? "/" : "");
			add(l, path.s);
		}
		strbuf_release(&path);
	}
	if (d != NULL)
		closedir(d);
	free(real);
	free(dir);
	l->is_file = true;
}

static void add_path_commands(struct shell *sh, struct complete_list *l, const char *word)
{
	const char *path = var_text(sh, "PATH");

	for (; path != NULL; path = *path == ':' ? path + 1 : NULL) {
		size_t len = strcspn(path, ":");
		char *dir = xstrndup(path, len);
		DIR *d = opendir(dir);
		struct dirent *e;

		while (d != NULL && (e = readdir(d)) != NULL)
			if (strncmp(e->d_name, word, strlen(word)) == 0 &&
			    faccessat(dirfd(d), e->d_name, X_OK, 0) == 0 && e->d_name[0] != '.')
				add(l, e->d_name);
		if (d != NULL)
			closedir(d);
		free(dir);
		path += len;
	}
}

static void add_commands(struct shell *sh, struct complete_list *l, const char *word)
{
	const struct builtin *b;
	const char *name;

	if (strchr(word, '/') != NULL) {
		add_files(sh, l, word, true);
		return;
	}
	for (size_t i = 0; (b = table_at(i)) != NULL; i++)
		add_if(l, b->name, word);
	for (size_t i = 0; (name = func_at(sh, i)) != NULL; i++)
		add_if(l, name, word);
	for (size_t i = 0; (name = alias_at(sh->aliases, i, NULL)) != NULL; i++)
		add_if(l, name, word);
	add_path_commands(sh, l, word);
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
			add(l, s.s);
			strbuf_release(&s);
		}
	free(v);
}

static void add_nodes(struct shell *sh, struct complete_list *l, const char *word)
{
	const char *name, *load;

	add_if(l, "home", word);
	for (size_t i = 0; (name = session_node(sh, i, &load)) != NULL; i++)
		add_if(l, name, word);
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
		add_commands(sh, ret, word);
	} else if (strncmp(line + first, "smigrate ", 9) == 0 && word[0] != '-') {
		add_nodes(sh, ret, word);
	} else {
		add_files(sh, ret, word, false);
	}
	sort_unique(ret);
	arena_rewind(sh->arena, mark);
	free(word);
}
