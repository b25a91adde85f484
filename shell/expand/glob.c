#include <config.h>

#include "shell/expand/glob.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shell/expand/fields.h"
#include "shell/expand/locale.h"
#include "shell/expand/pattern.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

struct globber {
	struct shell *sh;
	struct fields *ret;
	struct strbuf path;
	bool dots; /* a leading dot needs no dot: dotglob, or GLOBIGNORE is set */
	bool climbs; /* `.*` is . and .. too: shopt -u globskipdots */
	const char *ignored; /* GLOBIGNORE, NULL none */
};

static void walk(struct globber *g, const char *pattern);

static int compare_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare(const void *a, const void *b)
{
	int c = strcoll(*(char *const *)a, *(char *const *)b);

	return c != 0 ? c : strcmp(*(char *const *)a, *(char *const *)b);
}

/* Appends a component without its escapes. */
static void add_literal(struct strbuf *path, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\' && i + 1 < len)
			i++;
		strbuf_addc(path, s[i]);
	}
}

/* Appends the path as a match. */
static void found(struct globber *g)
{
	fields_add(g->sh, g->ret, arena_strndup(g->sh->arena, g->path.s, g->path.len));
}

/* Goes on below a directory entry; `rest` is the pattern behind its component, from a slash on. */
static void descend(struct globber *g, const char *rest)
{
	size_t slashes = strspn(rest, "/");
	struct stat st;

	if (*rest == '\0') {
		found(g);
		return;
	}
	strbuf_add(&g->path, rest, slashes);
	if (rest[slashes] != '\0')
		walk(g, rest + slashes);
	else if (stat(g->path.s, &st) == 0 && S_ISDIR(st.st_mode))
		found(g);
}

static bool matches(struct shell *sh, const char *component, const char *name, size_t len)
{
	if (!opt(sh, OPT_NOCASEGLOB))
		return pattern_match(component, name, len);
	name = locale_fold(sh, name);
	return pattern_match(locale_fold(sh, component), name, strlen(name));
}

/* The directory itself, or the one above. */
static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* `**`, of which `rest` is what follows: no directory, and each below. Links are not followed. */
static void walk_deep(struct globber *g, const char *rest)
{
	size_t base = g->path.len, n = 0;
	DIR *d = opendir(base != 0 ? g->path.s : ".");
	char **names = NULL;
	struct dirent *e;
	struct stat st;

	if (*rest != '\0' && rest[strspn(rest, "/")] != '\0')
		walk(g, rest + strspn(rest, "/"));
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' && (!g->dots || is_dots(e->d_name)))
			continue;
		names = xreallocarray(names, n + 1, sizeof(*names));
		names[n++] = xstrdup(e->d_name);
	}
	if (d != NULL)
		closedir(d);
	for (size_t i = 0; i < n; i++) {
		bool below;

		strbuf_adds(&g->path, names[i]);
		below = lstat(g->path.s, &st) == 0 && S_ISDIR(st.st_mode);
		if (*rest == '\0' || (below && rest[strspn(rest, "/")] == '\0')) {
			if (*rest != '\0')
				strbuf_addc(&g->path, '/');
			found(g);
			strbuf_cut(&g->path, base + strlen(names[i]));
		}
		if (below) {
			strbuf_addc(&g->path, '/');
			walk_deep(g, rest);
		}
		strbuf_cut(&g->path, base);
		free(names[i]);
	}
	free(names);
}

/* Goes on with each entry of the directory so far that the component matches. */
static void read_matches(struct globber *g, const char *component, const char *rest)
{
	size_t base = g->path.len, n = 0, cap = 0;
	DIR *d = opendir(base != 0 ? g->path.s : ".");
	char **names = NULL;
	struct dirent *e;
	size_t len;

	if (d == NULL)
		return;
	/* a leading dot is matched by a dot only, which may be escaped; `.*` does not climb (XCU 2.14.3, 2024) */
	bool dots = component[0] == '.' || (component[0] == '\\' && component[1] == '.');

	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' && (!(dots || g->dots) || (is_dots(e->d_name) && !g->climbs)))
			continue;
		if (*rest != '\0' && e->d_type != DT_DIR && e->d_type != DT_LNK &&
		    e->d_type != DT_UNKNOWN)
			continue;
		len = strlen(e->d_name);
		if (!matches(g->sh, component, e->d_name, len))
			continue;
		if (*rest == '\0') { /* the last component: there is nothing to look into */
			strbuf_add(&g->path, e->d_name, len);
			found(g);
			g->path.len = base;
			continue;
		}
		if (n == cap) {
			cap = cap != 0 ? cap * 2 : 32;
			names = xreallocarray(names, cap, sizeof(*names));
		}
		names[n++] = xstrdup(e->d_name);
	}
	closedir(d);
	for (size_t i = 0; i < n; i++) {
		strbuf_adds(&g->path, names[i]);
		descend(g, rest);
		g->path.len = base;
		g->path.s[base] = '\0';
		free(names[i]);
	}
	free(names);
}

/* `**` behind `**` finds nothing that the first does not. */
static const char *skip_stars(const char *rest)
{
	const char *next = rest + strspn(rest, "/");

	while (next != rest && next[0] == '*' && next[1] == '*' && (next[2] == '/' || next[2] == '\0')) {
		rest = next + 2;
		next = rest + strspn(rest, "/");
	}
	return rest;
}

/* Matches the pattern, a component and what follows, below the path so far. */
static void walk(struct globber *g, const char *pattern)
{
	size_t len = strcspn(pattern, "/"), base = g->path.len;
	const char *rest = pattern + len;
	char *component = xstrndup(pattern, len);
	struct stat st;

	strbuf_reserve(&g->path, 1);
	if (strcmp(component, "**") == 0 && opt(g->sh, OPT_GLOBSTAR)) {
		rest = skip_stars(rest);
		if (base != 0 && rest[strspn(rest, "/")] == '\0' && stat(g->path.s, &st) == 0)
			found(g);
		walk_deep(g, rest);
	} else if (pattern_is_active(component)) {
		read_matches(g, component, rest);
	} else {
		add_literal(&g->path, component, len);
		if (*rest != '\0')
			descend(g, rest);
		else if (lstat(g->path.s, &st) == 0)
			found(g);
	}
	g->path.len = base;
	g->path.s[base] = '\0';
	free(component);
}

/* Does one of GLOBIGNORE's patterns match the path, a slash only by a slash? (bash) */
static bool is_ignored(const char *patterns, const char *path)
{
	while (*patterns != '\0') {
		const char *p = patterns, *s = path, *end = p;
		bool same = true;

		for (; *end != '\0' && *end != ':'; end++)
			if (*end == '[' && strchr(end, ']') != NULL) /* [[:alpha:]] has colons of its own */
				while (*++end != ']' || (end[-1] == ':' && end[1] == ']'))
					;
			else if (*end == '\\' && end[1] != '\0')
				end++;
		while (same) {
			size_t n = 0, len = strcspn(s, "/");
			char *component;

			while (p + n < end && p[n] != '/')
				n++;
			component = xstrndup(p, n);
			same = pattern_match(component, s, len) && (s[len] == '/') == (p + n < end);
			free(component);
			if (p + n >= end)
				break;
			p += n + 1;
			s += len + (s[len] == '/');
		}
		if (same)
			return true;
		patterns = end + (*end == ':');
	}
	return false;
}

static void drop_ignored(const struct globber *g, size_t from)
{
	struct fields *f = g->ret;
	size_t n = from;

	for (size_t i = from; i < f->n; i++)
		if (!is_ignored(g->ignored, f->v[i]))
			f->v[n++] = f->v[i];
	f->n = n;
}

bool glob_expand(struct shell *sh, const char *pattern, struct fields *ret)
{
	struct globber g = { .sh = sh, .ret = ret };
	size_t before = ret->n, slashes = strspn(pattern, "/");

	if (!pattern_is_active(pattern))
		return false;
	g.ignored = opt(sh, OPT_POSIX) ? NULL : var_text(sh, "GLOBIGNORE");
	if (g.ignored != NULL && *g.ignored == '\0')
		g.ignored = NULL;
	g.dots = opt(sh, OPT_DOTGLOB) || g.ignored != NULL;
	g.climbs = opt(sh, OPT_GLOB_DOTS) && g.ignored == NULL;
	strbuf_add(&g.path, pattern, slashes);
	walk(&g, pattern + slashes);
	strbuf_release(&g.path);
	if (g.ignored != NULL)
		drop_ignored(&g, before);
	if (ret->n - before > 1) {
		locale_need();
		qsort(ret->v + before, ret->n - before, sizeof(*ret->v),
		      locale_collates_by_code() ? compare_bytes : compare);
	}
	return ret->n > before;
}
