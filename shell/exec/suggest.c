#include <config.h>

#include "shell/exec/suggest.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/command.h"
#include "shell/exec/func.h"
#include "shell/expand/var.h"
#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

enum { SHORTEST = 2, LONGEST = 24 }; /* names for which it is tried */

/* What may have happened between a command's name and what was typed, the likeliest first. */
enum slip { SLIP_CASE, SLIP_EXCHANGED, SLIP_ONE_MORE, SLIP_ONE_LESS, SLIP_ANOTHER, SLIPS };

struct search {
	struct shell *sh;
	const char *typed;
	size_t len;
	enum slip best; /* SLIPS: none was found */
	char *found;
};

static enum slip compare(const char *typed, size_t len, const char *name)
{
	size_t n = strlen(name), at = 0;
	const char *rest, *other;

	if (n + 1 < len || n > len + 1)
		return SLIPS;
	while (at < len && typed[at] == name[at])
		at++;
	if (n == len && at < len && strcasecmp(typed, name) == 0)
		return SLIP_CASE;
	rest = typed + at;
	other = name + at;
	if (n == len && at + 1 < len && rest[0] == other[1] && rest[1] == other[0] && strcmp(rest + 2, other + 2) == 0)
		return SLIP_EXCHANGED;
	if (n + 1 == len && n >= SHORTEST && strcmp(rest + 1, other) == 0)
		return SLIP_ONE_MORE;
	if (n == len + 1 && len > SHORTEST && strcmp(rest, other + 1) == 0)
		return SLIP_ONE_LESS;
	return n == len && len > SHORTEST && at < len && strcmp(rest + 1, other + 1) == 0 ? SLIP_ANOTHER : SLIPS;
}

/* True: it would be better than what was found. */
static bool is_better(const struct search *s, const char *name, enum slip *ret)
{
	*ret = compare(s->typed, s->len, name);
	return *ret < s->best;
}

static void take(struct search *s, const char *name)
{
	enum slip slip;

	if (!is_better(s, name, &slip))
		return;
	s->best = slip;
	s->found = arena_strndup(s->sh->arena, name, strlen(name));
}

static void search_directory(struct search *s, const char *dir, bool any_file)
{
	DIR *d = opendir(*dir != '\0' ? dir : ".");
	struct dirent *e;
	enum slip slip;

	while (d != NULL && (e = readdir(d)) != NULL) {
		struct strbuf path = { 0 };

		if (!is_better(s, e->d_name, &slip))
			continue;
		strbuf_addf(&path, "%s/%s", *dir != '\0' ? dir : ".", e->d_name);
		if (any_file || access(path.s, X_OK) == 0)
			take(s, e->d_name);
		strbuf_release(&path);
	}
	if (d != NULL)
		closedir(d);
}

/* Below the directory of a path. */
static const char *below(struct shell *sh, const char *path, bool any_file)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	struct search s = { .sh = sh, .typed = name, .len = strlen(name), .best = SLIPS };
	char *dir = xstrndup(path, (size_t)(name - path));
	struct strbuf b = { 0 };
	const char *ret = NULL;

	if (s.len >= SHORTEST && s.len <= LONGEST)
		search_directory(&s, dir, any_file);
	if (s.found != NULL) {
		strbuf_addf(&b, "%s%s", dir, s.found);
		ret = arena_strndup(sh->arena, b.s, b.len);
		strbuf_release(&b);
	}
	free(dir);
	return ret;
}

const char *suggest_command(struct shell *sh, const char *name)
{
	struct search s = { .sh = sh, .typed = name, .len = strlen(name), .best = SLIPS };
	const char *path = var_text(sh, "PATH"), *other;
	const struct builtin *b;

	if (strchr(name, '/') != NULL)
		return below(sh, name, false);
	if (s.len < SHORTEST || s.len > LONGEST)
		return NULL;
	for (size_t i = 0; (b = sh->hooks.builtin_at(i)) != NULL; i++)
		if (cmd_builtin(sh, b->name) == b)
			take(&s, b->name);
	for (size_t i = 0; (other = func_at(sh, i)) != NULL; i++)
		take(&s, other);
	for (size_t i = 0; (other = alias_at(sh->aliases, i, NULL)) != NULL; i++)
		take(&s, other);
	for (; path != NULL; path = *path == ':' ? path + 1 : NULL) {
		char *dir = xstrndup(path, strcspn(path, ":"));

		search_directory(&s, dir, false);
		path += strlen(dir);
		free(dir);
	}
	return s.found;
}

const char *suggest_file(struct shell *sh, const char *path)
{
	return below(sh, path, true);
}
