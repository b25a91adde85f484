#include <config.h>

#include "shell/builtin/compgen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/builtin/compspec.h"
#include "shell/builtin/builtin.h"
#include "shell/exec/exec.h"
#include "shell/exec/func.h"
#include "shell/expand/expand.h"
#include "shell/expand/option.h"
#include "shell/expand/pattern.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/jobs/job.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

static void add_variables(struct shell *sh, struct candidates *l, const char *word, unsigned flags)
{
	size_t n;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++) {
		char *name = xstrndup(v[i]->text, v[i]->name_len);

		if (flags == 0 || (v[i]->flags & flags) != 0)
			candidates_add_if(l, name, word);
		free(name);
	}
	free(v);
}

/* Files, or directories alone; parameters in front of the last slash are looked up, but stay as they were typed. */
static void add_paths(struct shell *sh, struct candidates *l, const char *word, bool directories)
{
	const char *slash = strrchr(word, '/'), *name = slash != NULL ? slash + 1 : word;
	char *dir = xstrndup(word, (size_t)(name - word)), *real;
	bool quotes = dir[strcspn(dir, "\\'\"")] != '\0'; /* parts of a name, or still to be taken away */
	struct candidates files = { 0 };
	struct strbuf path = { 0 };

	real = strchr(dir, '$') != NULL && !quotes ? candidates_directory(sh, dir) : xstrdup(dir);
	strbuf_addf(&path, "%s%s", real, name);
	candidates_files(sh, &files, path.s, false, true);
	for (size_t i = 0; i < files.n; i++) {
		size_t len = strlen(files.v[i]);

		if (directories && (len == 0 || files.v[i][len - 1] != '/'))
			continue;
		strbuf_clear(&path);
		strbuf_addf(&path, "%s%s", dir, files.v[i] + strlen(real));
		candidates_add(l, path.s);
	}
	strbuf_release(&path);
	candidates_release(&files);
	free(real);
	free(dir);
}

/* Of these bash takes the quotes away, on which its completions rely, and some of them quote what is quoted. */
static void add_quoted_paths(struct shell *sh, struct candidates *l, const char *word, bool directories)
{
	char *now = xstrdup(word), *plain;
	size_t n = l->n;

	add_paths(sh, l, now, directories);
	while (l->n == n && now[strcspn(now, "\\'\"")] != '\0') {
		plain = candidates_unquote(now, strlen(now));
		if (strcmp(plain, now) == 0) { /* a backslash that ends it */
			free(plain);
			break;
		}
		free(now);
		now = plain;
		add_paths(sh, l, now, directories);
	}
	free(now);
}

/* Names of one of the system's databases, as getent(1) has them: users, groups, services, or hosts, behind their address. */
static void add_names(struct shell *sh, struct candidates *l, const char *database, const char *word)
{
	struct strbuf text = { 0 };
	char *s, *line, *name, *lines = NULL, *names = NULL;

	strbuf_addf(&text, "$(command getent %s)", database);
	s = expand_dquoted(sh, text.s);
	for (line = s != NULL ? strtok_r(s, "\n", &lines) : NULL; line != NULL; line = strtok_r(NULL, "\n", &lines)) {
		name = strtok_r(line, ": \t", &names);
		if (strcmp(database, "hosts") != 0 && name != NULL)
			candidates_add_if(l, name, word);
		while (strcmp(database, "hosts") == 0 && name != NULL && (name = strtok_r(NULL, " \t", &names)) != NULL)
			candidates_add_if(l, name, word);
	}
	strbuf_release(&text);
}

static void add_options(struct candidates *l, const char *word, bool of_shopt)
{
	const struct option_info *o;

	for (size_t i = 0; (o = option_at(i)) != NULL; i++)
		if (o->shopt == of_shopt)
			candidates_add_if(l, o->name, word);
}

/* Those that can be sent: `head` is in front of their names. */
static void add_numbered(struct candidates *l, const char *head, const char *word)
{
	char buf[16], name[24];

	for (int i = 1; i <= SIGRTMAX; i++) {
		if (i > SIGSYS && i < SIGRTMIN) /* libc's own */
			continue;
		snprintf(name, sizeof(name), "%s%s", head, sigs_name(i, buf));
		candidates_add_if(l, name, word);
	}
}

static void add_signals(struct candidates *l, const char *word)
{
	candidates_add_if(l, "EXIT", word);
	add_numbered(l, "SIG", word);
	for (const char *const *s = (const char *const[]){ "DEBUG", "ERR", "RETURN", NULL }; *s != NULL; s++)
		candidates_add_if(l, *s, word);
}

/* For kill: as they are, and where that is none with SIG, which it takes, too. */
static void add_sent(struct candidates *l, const char *word)
{
	size_t n = l->n;

	add_numbered(l, "", word);
	if (l->n == n)
		add_numbered(l, "SIG", word);
}

static void add_action(struct shell *sh, struct candidates *l, enum action a, const char *word)
{
	static const char keywords[][10] = { "if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while",
					     "until", "do", "done", "in", "function", "time", "coproc", "{", "}", "!", "[[", "]]" };
	const struct builtin *b;
	const char *name;
	struct job *j;

	switch (a) {
	case ACT_ALIAS:
		for (size_t i = 0; (name = alias_at(sh->aliases, i, NULL)) != NULL; i++)
			candidates_add_if(l, name, word);
		break;
	case ACT_BUILTIN:
	case ACT_ENABLED:
	case ACT_HELPTOPIC:
		for (size_t i = 0; (b = sh->hooks.builtin_at(i)) != NULL; i++)
			candidates_add_if(l, b->name, word);
		break;
	case ACT_COMMAND:
		candidates_commands(sh, l, word);
		add_action(sh, l, ACT_KEYWORD, word);
		break;
	case ACT_DIRECTORY:
	case ACT_FILE:
		add_quoted_paths(sh, l, word, a == ACT_DIRECTORY);
		break;
	case ACT_FUNCTION:
		for (size_t i = 0; (name = func_at(sh, i)) != NULL; i++)
			candidates_add_if(l, name, word);
		break;
	case ACT_JOB:
	case ACT_RUNNING:
	case ACT_STOPPED:
		for (size_t i = 0; (j = job_at(sh, i)) != NULL; i++)
			if (j->text != NULL && (a == ACT_JOB || job_is_stopped(j) == (a == ACT_STOPPED)))
				candidates_add_if(l, j->text, word);
		break;
	case ACT_KEYWORD:
		for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
			candidates_add_if(l, keywords[i], word);
		break;
	case ACT_SETOPT:
	case ACT_SHOPT:
		add_options(l, word, a == ACT_SHOPT);
		break;
	case ACT_SIGNAL:
		add_signals(l, word);
		break;
	case ACT_SENT:
		add_sent(l, word);
		break;
	case ACT_USER:
		add_names(sh, l, "passwd", word);
		break;
	case ACT_ARRAY:
	case ACT_EXPORT:
	case ACT_VARIABLE:
		add_variables(sh, l, word, a == ACT_ARRAY ? VAR_ARRAY : a == ACT_EXPORT ? VAR_EXPORT : 0);
		break;
	case ACT_GROUP:
		add_names(sh, l, "group", word);
		break;
	case ACT_HOSTNAME:
		add_names(sh, l, "hosts", word);
		break;
	case ACT_SERVICE:
		add_names(sh, l, "services", word);
		break;
	case ACT_DISABLED: /* none can be */
	case ACTIONS:
		break;
	}
}

/* -W: the words of a text that is expanded, between IFS; quotes and backslashes protect. */
static int add_words(struct shell *sh, struct candidates *l, const char *text, const char *word)
{
	const char *ifs = var_text(sh, "IFS"), *s = expand_dquoted(sh, text);
	struct strbuf b = { 0 };
	char quote = '\0', *plain;

	if (s == NULL)
		return -1;
	plain = candidates_unquote(word, strlen(word));
	for (;; s++) {
		if (*s == '\0' || (quote == '\0' && strchr(ifs != NULL ? ifs : " \t\n", *s) != NULL)) {
			if (b.len != 0)
				candidates_add_if(l, b.s, plain);
			strbuf_clear(&b);
			if (*s == '\0')
				break;
		} else if (*s == '\\' && quote != '\'' && s[1] != '\0') {
			strbuf_addc(&b, *++s);
		} else if (quote != '\0' ? *s == quote : *s == '\'' || *s == '"') {
			quote = quote != '\0' ? '\0' : *s;
		} else {
			strbuf_addc(&b, *s);
		}
	}
	strbuf_release(&b);
	free(plain);
	return 0;
}

/* -G: files that match a pattern. */
static int add_glob(struct shell *sh, struct candidates *l, const char *glob, const char *word)
{
	struct ast_part part = { .kind = AST_LIT, .text = glob, .len = strlen(glob) };
	struct ast_word w = { .parts = &part };
	struct fields f = { 0 };

	if (expand_words(sh, &w, &f) < 0)
		return -1;
	for (size_t i = 0; i < f.n; i++)
		if (access(f.v[i], F_OK) == 0)
			candidates_add_if(l, f.v[i], word);
	return 0;
}

/* -X: takes away what matches, or (`!`) what does not; & is the word. */
static void filter(struct candidates *l, const char *pattern, const char *word)
{
	bool keeps = *pattern == '!';
	struct strbuf p = { 0 };
	size_t n = 0;

	for (const char *s = pattern + keeps; *s != '\0'; s++)
		if (*s == '&')
			strbuf_adds(&p, word);
		else
			strbuf_addc(&p, *s);
	for (size_t i = 0; i < l->n; i++) {
		char *note = l->notes != NULL ? l->notes[i] : NULL;

		if (pattern_match(strbuf_str(&p), l->v[i], strlen(l->v[i])) == keeps) {
			l->v[n] = l->v[i];
			if (l->notes != NULL)
				l->notes[n] = note;
			n++;
		} else {
			free(l->v[i]);
			free(note);
		}
	}
	l->n = n;
	strbuf_release(&p);
}

/* -P and -S. */
static void dress(struct candidates *l, const char *prefix, const char *suffix)
{
	for (size_t i = 0; i < l->n; i++) {
		struct strbuf b = { 0 };

		strbuf_addf(&b, "%s%s%s", prefix != NULL ? prefix : "", l->v[i], suffix != NULL ? suffix : "");
		free(l->v[i]);
		l->v[i] = strbuf_take(&b);
	}
}

/* COMPREPLY of a function that was called with the command, the word, and the one before it. Its status; -1: it broke off. */
static int call(struct shell *sh, const char *function, const char *command, const char *word, const char *before,
		struct candidates *l)
{
	struct frame outer = sh->frame;
	bool monitor = opt(sh, OPT_MONITOR);
	char *argv[] = { xstrdup(function), xstrdup(command), xstrdup(word), xstrdup(before), NULL };
	struct array_key key;
	struct value v = { 0 };
	int status;

	opt_set(sh, OPT_MONITOR, false); /* what it runs is no job of the user's */
	(void)var_unset(sh, "COMPREPLY");
	status = exec_function(sh, function, 4, argv);
	if (sh->frame.flow.kind != FLOW_NONE)
		status = -1;
	sh->frame = outer;
	opt_set(sh, OPT_MONITOR, monitor);
	if (status >= 0)
		v = var_get(sh, "COMPREPLY", 9);
	for (size_t i = 0; v.kind == VALUE_ARRAY && i < array_len(v.array); i++)
		candidates_add(l, array_at(v.array, i, &key));
	if (v.kind == VALUE_SCALAR)
		candidates_add(l, v.text);
	for (int i = 0; i < 4; i++)
		free(argv[i]);
	return status;
}

/* -C: the lines that a command prints. */
static int add_output(struct shell *sh, struct candidates *l, const char *command, const char *name, const char *word,
		       const char *before)
{
	const char *args[] = { name, word, before };
	struct strbuf text = { 0 };
	char *s, *save = NULL;

	strbuf_addf(&text, "$(%s", command);
	for (int i = 0; i < 3; i++) {
		char *q = quote_always(args[i]);

		strbuf_addf(&text, " %s", q);
		free(q);
	}
	strbuf_adds(&text, ")");
	s = expand_dquoted(sh, text.s);
	for (char *line = s != NULL ? strtok_r(s, "\n", &save) : NULL; line != NULL; line = strtok_r(NULL, "\n", &save))
		candidates_add(l, line);
	strbuf_release(&text);
	return s != NULL ? 0 : -1;
}

int compgen_generate(struct shell *sh, const struct compspec *s, const char *name, const char *word, const char *before,
		    struct candidates *l)
{
	static const unsigned char order[] = { /* as in bash */
		ACT_ALIAS, ACT_ARRAY, ACT_BUILTIN, ACT_DISABLED, ACT_ENABLED, ACT_EXPORT, ACT_FUNCTION, ACT_HELPTOPIC, ACT_HOSTNAME,
		ACT_JOB, ACT_KEYWORD, ACT_RUNNING, ACT_SETOPT, ACT_SHOPT, ACT_SIGNAL, ACT_SENT, ACT_STOPPED, ACT_VARIABLE, ACT_COMMAND,
		ACT_FILE, ACT_USER, ACT_GROUP, ACT_SERVICE, ACT_DIRECTORY,
	};
	struct flow flow = sh->frame.flow;
	int status = 0;

	_Static_assert(sizeof(order) == ACTIONS, "each action has its place");
	for (size_t i = 0; i < ACTIONS; i++)
		if ((s->actions & 1u << order[i]) != 0)
			add_action(sh, l, (enum action)order[i], word);
	if (s->texts[SPEC_GLOB] != NULL)
		status = add_glob(sh, l, s->texts[SPEC_GLOB], word);
	if (s->texts[SPEC_WORDS] != NULL && status == 0)
		status = add_words(sh, l, s->texts[SPEC_WORDS], word);
	if (s->texts[SPEC_FUNCTION] != NULL && func_exists(sh, s->texts[SPEC_FUNCTION]) && status == 0)
		status = call(sh, s->texts[SPEC_FUNCTION], name, word, before, l);
	if (s->texts[SPEC_COMMAND] != NULL && status >= 0)
		status = add_output(sh, l, s->texts[SPEC_COMMAND], name, word, before) < 0 ? -1 : status;
	sh->frame.flow = flow; /* what cannot be expanded ends the completion alone */
	if (s->texts[SPEC_FILTER] != NULL)
		filter(l, s->texts[SPEC_FILTER], word);
	if ((s->options & SPEC_PLUSDIRS) != 0 || ((s->options & SPEC_DIRNAMES) != 0 && l->n == 0))
		add_quoted_paths(sh, l, word, true);
	dress(l, s->texts[SPEC_PREFIX], s->texts[SPEC_SUFFIX]);
	return status;
}
