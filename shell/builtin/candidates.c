#include <config.h>

#include "shell/builtin/candidates.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/func.h"
#include "shell/expand/expand.h"
#include "shell/expand/var.h"
#include "shell/parser/alias.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

void candidates_add(struct candidates *l, const char *s)
{
	l->v = xreallocarray(l->v, l->n + 1, sizeof(*l->v));
	if (l->notes != NULL) {
		l->notes = xreallocarray(l->notes, l->n + 1, sizeof(*l->notes));
		l->notes[l->n] = NULL;
	}
	l->v[l->n++] = xstrdup(s);
}

void candidates_note(struct candidates *l, const char *note)
{
	if (l->n == 0)
		return;
	if (l->notes == NULL)
		l->notes = xcalloc(l->n, sizeof(*l->notes));
	free(l->notes[l->n - 1]);
	l->notes[l->n - 1] = xstrdup(note);
}

static char *note_of(const struct candidates *l, size_t i)
{
	return l->notes != NULL ? l->notes[i] : NULL;
}

struct noted {
	char *s, *note;
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct noted *)a)->s, ((const struct noted *)b)->s);
}

void candidates_sort(struct candidates *l)
{
	struct noted *all = xcalloc(l->n + 1, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		all[i] = (struct noted){ l->v[i], note_of(l, i) };
	qsort(all, l->n, sizeof(*all), compare);
	for (size_t i = 0; i < l->n; i++) {
		if (n != 0 && strcmp(l->v[n - 1], all[i].s) == 0) {
			free(all[i].s);
			free(all[i].note);
			continue;
		}
		l->v[n] = all[i].s;
		if (l->notes != NULL)
			l->notes[n] = all[i].note;
		n++;
	}
	l->n = n;
	free(all);
}

void candidates_add_if(struct candidates *l, const char *s, const char *prefix)
{
	if (candidates_begins(l, s, prefix))
		candidates_add(l, s);
}

bool candidates_begins(const struct candidates *l, const char *name, const char *prefix)
{
	if (l->inside)
		return strcasestr(name, prefix) != NULL;
	return (l->fold ? strncasecmp : strncmp)(name, prefix, strlen(prefix)) == 0;
}

void candidates_release(struct candidates *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i]);
		free(note_of(l, i));
	}
	free(l->v);
	free(l->notes);
	*l = (struct candidates){ 0 };
}

char *candidates_directory(struct shell *sh, const char *typed)
{
	struct strbuf b = { 0 };
	size_t n = strcspn(typed, "/");
	char *name, *text, quote = '\0';

	if (typed[0] == '~') {
		name = xstrndup(typed + 1, n - 1);
		text = expand_tilde(sh, name);
		free(name);
		strbuf_adds(&b, text != NULL ? text : "~");
		strbuf_adds(&b, typed + (text != NULL ? n : 1));
		return strbuf_take(&b);
	}
	for (const char *s = typed; *s != '\0'; s++) {
		size_t brace = s[0] == '$' && s[1] == '{', len = *s == '$' && quote != '\'' ? name_length(s + 1 + brace) : 0;
		const char *value;

		if (*s == '\\' && s[1] != '\0' && quote != '\'') {
			strbuf_addc(&b, *++s);
		} else if (quote != '\0' ? *s == quote : *s == '\'' || *s == '"') {
			quote = quote != '\0' ? '\0' : *s;
		} else if (len != 0 && (!brace || s[2 + len] == '}')) { /* a parameter: nothing is run for a completion */
			name = xstrndup(s + 1 + brace, len);
			value = var_text(sh, name);
			free(name);
			strbuf_adds(&b, value != NULL ? value : "");
			s += len + 2 * brace;
		} else {
			strbuf_addc(&b, *s);
		}
	}
	return b.s != NULL ? strbuf_take(&b) : xstrndup("", 0);
}

char *candidates_unquote(const char *s, size_t len)
{
	return candidates_unquote_in('\0', s, len);
}

char *candidates_unquote_in(char quote, const char *s, size_t len)
{
	struct strbuf b = { 0 };

	strbuf_adds(&b, "");
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\' && i + 1 < len && quote != '\'')
			strbuf_addc(&b, s[++i]);
		else if (quote != '\0' ? s[i] == quote : s[i] == '\'' || s[i] == '"')
			quote = quote != '\0' ? '\0' : s[i];
		else
			strbuf_addc(&b, s[i]);
	}
	return b.s != NULL ? strbuf_take(&b) : xstrndup("", 0);
}

/* Two dots are the directory above where just these are typed; else they and one dot are in nobody's way. */
static bool is_wanted(const struct candidates *l, const char *name, const char *prefix, bool hidden)
{
	if (strcmp(name, "..") == 0)
		return strcmp(prefix, "..") == 0;
	return strcmp(name, ".") != 0 && candidates_begins(l, name, prefix) && (name[0] != '.' || *prefix == '.' || hidden);
}

void candidates_files(struct shell *sh, struct candidates *l, const char *word, bool exec_only, bool hidden)
{
	const char *slash = strrchr(word, '/'), *prefix = slash != NULL ? slash + 1 : word;
	char *dir = xstrndup(word, (size_t)(prefix - word)), *real = *dir == '~' ? candidates_directory(sh, dir) : xstrdup(dir);
	struct dirent *e;
	DIR *d;

	d = opendir(*real != '\0' ? real : ".");
	while (d != NULL && (e = readdir(d)) != NULL) {
		struct strbuf path = { 0 };
		struct stat st;

		if (!is_wanted(l, e->d_name, prefix, hidden))
			continue;
		strbuf_addf(&path, "%s%s", real, e->d_name);
		bool is_dir = stat(path.s, &st) == 0 && S_ISDIR(st.st_mode);

		if (!exec_only || is_dir || access(path.s, X_OK) == 0) {
			strbuf_clear(&path);
			strbuf_addf(&path, "%s%s%s", dir, e->d_name, is_dir ? "/" : "");
			candidates_add(l, path.s);
		}
		strbuf_release(&path);
	}
	if (d != NULL)
		closedir(d);
	free(real);
	free(dir);
}

static void add_path_commands(struct shell *sh, struct candidates *l, const char *word)
{
	const char *path = var_text(sh, "PATH");

	for (; path != NULL; path = *path == ':' ? path + 1 : NULL) {
		size_t len = strcspn(path, ":");
		char *dir = xstrndup(path, len);
		DIR *d = opendir(dir);
		struct dirent *e;

		while (d != NULL && (e = readdir(d)) != NULL)
			if (candidates_begins(l, e->d_name, word) &&
			    faccessat(dirfd(d), e->d_name, X_OK, 0) == 0 && e->d_name[0] != '.')
				candidates_add(l, e->d_name);
		if (d != NULL)
			closedir(d);
		free(dir);
		path += len;
	}
}

static void add_noted(struct candidates *l, const char *name, const char *word, const char *note)
{
	if (!candidates_begins(l, name, word))
		return;
	candidates_add(l, name);
	candidates_note(l, note);
}

void candidates_commands(struct shell *sh, struct candidates *l, const char *word)
{
	const struct builtin *b;
	const char *name, *value;

	if (strchr(word, '/') != NULL) {
		candidates_files(sh, l, word, true, false);
		return;
	}
	for (size_t i = 0; (name = alias_at(sh->aliases, i, &value)) != NULL; i++)
		add_noted(l, name, word, value);
	for (size_t i = 0; (name = func_at(sh, i)) != NULL; i++)
		add_noted(l, name, word, "function");
	for (size_t i = 0; (b = sh->hooks.builtin_at(i)) != NULL; i++)
		add_noted(l, b->name, word, "builtin");
	add_path_commands(sh, l, word);
}
