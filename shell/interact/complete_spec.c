#include <config.h>

#include "shell/interact/complete_spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/builtin/compgen.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"

/* What a function has found are names of files: those of directories get a slash, as in bash. */
static void mark_directories(struct shell *sh, struct candidates *l)
{
	for (size_t i = 0; i < l->n; i++) {
		char *name = l->v[i], *slash = strrchr(name, '/'), *head, *dir, *path = NULL;
		struct stat st;

		if (slash != NULL && slash[1] == '\0')
			continue;
		head = xstrndup(name, slash != NULL ? (size_t)(slash + 1 - name) : 0);
		dir = candidates_directory(sh, head);
		if (asprintf(&path, "%s%s", dir, slash != NULL ? slash + 1 : name) >= 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			free(path);
			if (asprintf(&path, "%s/", name) >= 0) {
				free(name);
				l->v[i] = path;
				path = NULL;
			}
		}
		free(path);
		free(dir);
		free(head);
	}
}

/* ---- bash-completion ---- */

#define BASH_COMPLETION "/usr/share/bash-completion/bash_completion"

/* Its file; NULL: there is none, it is not wanted, or it is here already. */
static const char *bash_completion(struct shell *sh)
{
	static bool tried; /* its own variable tells after a move */
	const char *path = var_text(sh, "MISH_BASH_COMPLETION");

	if (path == NULL)
		path = BASH_COMPLETION;
	if (tried || !sh->interactive || opt(sh, OPT_POSIX) || compspec_find("-D") != NULL || var_find(sh, "BASH_COMPLETION_VERSINFO") != NULL)
		return NULL;
	if (*path == '\0' || access(path, R_OK) < 0)
		return NULL;
	tried = true;
	return path;
}

/* As somebody's start-up file would, but when it is first needed: it is long. */
static void load_bash_completion(struct shell *sh)
{
	const char *path = bash_completion(sh);
	struct frame outer = sh->frame;
	bool monitor = opt(sh, OPT_MONITOR);
	struct strbuf text = { 0 };
	struct compspec *kept;
	char *q;

	if (path == NULL)
		return;
	kept = compspec_begin_loading(); /* the user's own lines come behind it, and count */
	q = quote_str(path);
	strbuf_addf(&text, ". %s", q);
	free(q);
	opt_set(sh, OPT_MONITOR, false); /* what it runs is no job of the user's */
	sh->hooks.run_text(sh, text.s, NULL, 0);
	sh->frame = outer;
	opt_set(sh, OPT_MONITOR, monitor);
	compspec_end_loading(kept);
	strbuf_release(&text);
}

/* ---- the line ---- */

static const struct compspec *registered(const char *line, const struct place *p)
{
	char *command = xstrndup(line + p->command, strcspn(line + p->command, " \t")), *slash = strrchr(command, '/');
	const struct compspec *s = compspec_find(command);

	if (s == NULL && slash != NULL)
		s = compspec_find(slash + 1);
	free(command);
	return s;
}

bool complete_by_spec(struct shell *sh, const char *line, size_t cursor, const struct place *p, enum complete_by by, bool known,
		      struct complete_list *ret)
{
	struct compgen_request r = { .line = line, .cursor = cursor, .end = place_command_end(line, cursor), .type = (int)by,
				     .first = p->command, .start = p->word };
	const struct compspec *s = registered(line, p);

	if (opt(sh, OPT_NO_PROGCOMP) || (known && (s == NULL || (s->options & SPEC_LOADED) != 0)))
		return false;
	if (s == NULL || s->texts[SPEC_FUNCTION] != NULL) /* a function of the user's may call what is in there */
		load_bash_completion(sh);
	if (!compgen_line(sh, &r, &ret->all)) {
		ret->is_default = r.to_files;
		return false;
	}
	ret->start = r.start;
	ret->is_file = r.is_file;
	ret->is_plain = r.is_plain;
	ret->no_space = r.no_space;
	ret->suffix = r.suffix;
	ret->no_sort = r.no_sort;
	if (r.is_file)
		mark_directories(sh, &ret->all);
	return true;
}
