#include <config.h>

#include "shell/interact/complete_builtin.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/compgen.h"
#include "shell/exec/condition.h"
#include "shell/jobs/job.h"
#include "shell/parser/chclass.h"
#include "shell/parser/strbuf.h"

/* What our builtins are completed with, where the user has registered nothing for them. */

/* The options that a builtin's usage has: letters, and --words. */
static void add_options(struct complete_list *l, const char *usage, const char *word)
{
	for (const char *s = usage; (s = strchr(s, '-')) != NULL;) {
		bool begins = s == usage || s[-1] == '[' || s[-1] == ' ';
		size_t n = strspn(s, "-");

		s += n;
		if (begins && n == 2 && ch_is((unsigned char)*s, CH_NAME)) {
			char *option = xstrndup(s - n, n + strcspn(s, " ],"));

			candidates_add_if(&l->all, option, word);
			free(option);
		}
		s += *s == '+'; /* of set */
		for (; begins && n == 1 && ch_is((unsigned char)*s, CH_NAME); s++)
			candidates_add_if(&l->all, (const char[]){ '-', *s, '\0' }, word);
	}
}

/* Operators of test and its like. */
static void add_operators(struct complete_list *l, const char *word)
{
	const char *s;
	char buf[3];

	for (size_t i = 0; (s = condition_operator(i, buf)) != NULL; i++)
		if (*s == '-')
			candidates_add_if(&l->all, s, word);
}

bool complete_builtin_dashed(struct complete_list *l, const struct builtin *b, const char *command, const char *word)
{
	if (strcmp(command, "test") == 0 || strcmp(command, "[") == 0 || strcmp(command, "[[") == 0)
		add_operators(l, word);
	else if (b != NULL || strcmp(command, "time") == 0)
		add_options(l, b != NULL ? b->usage : "[-p]", word);
	else
		return false;
	return true;
}

/* What the operands of our builtins are, where nothing else is registered for them. */
static const struct {
	char name[9];
	unsigned char action;
} operands[] = {
	{ "cd", ACT_DIRECTORY }, { "pushd", ACT_DIRECTORY }, { "alias", ACT_ALIAS }, { "unalias", ACT_ALIAS }, { "unset", ACT_VARIABLE },
	{ "setenv", ACT_EXPORT }, { "unsetenv", ACT_EXPORT }, { "type", ACT_COMMAND }, { "which", ACT_COMMAND }, { "where", ACT_COMMAND },
	{ "hash", ACT_COMMAND }, { "help", ACT_HELPTOPIC }, { "builtin", ACT_BUILTIN }, { "trap", ACT_SIGNAL }, { "shopt", ACT_SHOPT },
	{ "set", ACT_SETOPT }, { "read", ACT_VARIABLE },
};

/* Is it the first word of more than one? */
static bool is_shared(struct shell *sh, const char *text, size_t len)
{
	struct job *j;
	size_t n = 0;

	for (size_t i = 0; (j = job_at(sh, i)) != NULL; i++)
		n += j->id != 0 && j->text != NULL && strncmp(j->text, text, len) == 0 && (j->text[len] == '\0' || j->text[len] == ' ');
	return n > 1;
}

/* Jobs as %name, or with more of the text where several have that name. */
static void add_named_jobs(struct shell *sh, struct complete_list *l, const char *word)
{
	struct job *j;

	for (size_t i = 0; (j = job_at(sh, i)) != NULL; i++) {
		size_t len = j->text != NULL ? strcspn(j->text, " ") : 0;
		struct strbuf b = { 0 };

		if (j->id == 0 || len == 0)
			continue;
		strbuf_addf(&b, "%%%.*s", (int)(is_shared(sh, j->text, len) ? strlen(j->text) : len), j->text);
		if (candidates_begins(&l->all, b.s, word)) {
			candidates_add(&l->all, b.s);
			candidates_note(&l->all, j->text);
		}
		strbuf_release(&b);
	}
}

/* Jobs as %1 …, with what they run; by their names where one is typed. */
static void add_jobs(struct shell *sh, struct complete_list *l, const char *word)
{
	struct job *j;

	if (word[0] == '%' && word[1] != '\0' && (word[1] < '0' || word[1] > '9')) {
		add_named_jobs(sh, l, word);
		return;
	}
	for (size_t i = 0; (j = job_at(sh, i)) != NULL; i++) {
		char buf[16];

		snprintf(buf, sizeof(buf), "%%%d", j->id);
		if (j->id == 0 || !candidates_begins(&l->all, buf, word))
			continue;
		candidates_add(&l->all, buf);
		candidates_note(&l->all, j->text != NULL ? j->text : "");
	}
}

static bool takes_jobs(const char *command)
{
	static const char names[][7] = { "fg", "bg", "jobs", "wait", "disown", "kill" };
	size_t i = 0;

	while (i < sizeof(names) / sizeof(names[0]) && strcmp(names[i], command) != 0)
		i++;
	return i < sizeof(names) / sizeof(names[0]);
}

/* … and so are variables, which get a value there. */
static bool takes_values(const char *command)
{
	static const char names[][9] = { "export", "readonly", "declare", "typeset", "local" };
	size_t i = 0;

	while (i < sizeof(names) / sizeof(names[0]) && strcmp(names[i], command) != 0)
		i++;
	return i < sizeof(names) / sizeof(names[0]);
}

bool complete_builtin_knows(const struct builtin *b)
{
	size_t i = 0;

	while (i < sizeof(operands) / sizeof(operands[0]) && strcmp(operands[i].name, b->name) != 0)
		i++;
	return i < sizeof(operands) / sizeof(operands[0]) || takes_jobs(b->name) || takes_values(b->name) || strcmp(b->name, "smigrate") == 0;
}

/* Signals, behind -s or in place of it. */
static void add_signals(struct shell *sh, struct complete_list *l, const char *word)
{
	bool dash = *word == '-';
	struct compspec s = { .actions = 1u << ACT_SENT, .texts[SPEC_PREFIX] = dash ? (char[]){ "-" } : NULL };

	(void)compgen_generate(sh, &s, "", word + dash, "", &l->all);
	if (dash) {
		candidates_add_if(&l->all, "-l", word);
		candidates_add_if(&l->all, "-s", word);
	}
}

/* The command line of a process, or its name where it has none (caller frees; NULL: it is gone). */
static char *process_text(const char *pid)
{
	char path[64], buf[128];
	FILE *f;
	size_t n = 0;

	for (int i = 0; n == 0 && i < 2; i++) {
		snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, i == 0 ? "cmdline" : "comm");
		f = fopen(path, "re");
		n = f != NULL ? fread(buf, 1, sizeof(buf), f) : 0;
		if (f != NULL)
			fclose(f);
	}
	while (n != 0 && (buf[n - 1] == '\0' || buf[n - 1] == '\n'))
		n--;
	for (size_t i = 0; i < n; i++)
		if (buf[i] == '\0')
			buf[i] = ' ';
	return n != 0 ? xstrndup(buf, n) : NULL;
}

/* All there are, as bash-completion has them. One that has the number inside is another process: that is nobody's meaning. */
static void add_processes(struct complete_list *l, const char *word)
{
	DIR *d = opendir("/proc");
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		char *text = NULL;

		if (!isdigit((unsigned char)e->d_name[0]) || strncmp(e->d_name, word, strlen(word)) != 0)
			continue;
		text = process_text(e->d_name);
		candidates_add(&l->all, e->d_name);
		candidates_note(&l->all, text != NULL ? text : "");
		free(text);
	}
	if (d != NULL)
		closedir(d);
}

/* What kill takes; processes come and go, and none is suggested. */
static void add_killed(struct shell *sh, struct complete_list *l, bool signal, enum complete_by by, const char *word)
{
	if (signal || *word == '-') {
		add_signals(sh, l, word);
		return;
	}
	add_jobs(sh, l, word);
	if (by != COMPLETE_QUICKLY)
		add_processes(l, word);
}

/* The word that the operands begin with, of which the first is an option; "": there is none. */
static const char *first_option(const char *line, size_t command, size_t word)
{
	size_t i = command + strcspn(line + command, " \t");

	i += strspn(line + i, " \t");
	return i < word && line[i] == '-' ? line + i : "";
}

static bool has_letter(const char *option, char c)
{
	return memchr(option, c, strcspn(option, " \t")) != NULL;
}

/* Variables and their equals signs, behind which a value comes; behind -f and -F functions, and behind -p and -n names alone. */
static void add_declared(struct shell *sh, struct complete_list *l, const char *option, const char *word)
{
	bool functions = has_letter(option, 'f') || has_letter(option, 'F');
	bool valued = !functions && !has_letter(option, 'p') && !has_letter(option, 'n');
	struct compspec s = { .actions = 1u << (functions ? ACT_FUNCTION : ACT_VARIABLE),
			      .texts[SPEC_SUFFIX] = valued ? (char[]){ "=" } : NULL };

	(void)compgen_generate(sh, &s, "", word, "", &l->all);
	l->no_space = valued;
}

bool complete_builtin_is_before(const char *line, size_t at, const char *word)
{
	size_t len = strlen(word);

	while (at != 0 && ch_is(line[at - 1], CH_BLANK))
		at--;
	return at > len && ch_is(line[at - len - 1], CH_BLANK) && memcmp(line + at - len, word, len) == 0;
}

bool complete_builtin_operands(struct shell *sh, const char *line, const struct place *p, const char *command, enum complete_by by,
			       const char *word, struct complete_list *l)
{
	struct compspec s = { 0 };

	if (strcmp(command, "kill") == 0) {
		add_killed(sh, l, complete_builtin_is_before(line, p->word, "-s"), by, word);
		return true;
	}
	if (*word == '-')
		return false;
	if (takes_jobs(command)) {
		add_jobs(sh, l, word);
		return true;
	}
	if (takes_values(command)) {
		add_declared(sh, l, first_option(line, p->command, p->word), word);
		return true;
	}
	for (size_t i = 0; i < sizeof(operands) / sizeof(operands[0]); i++)
		if (strcmp(operands[i].name, command) == 0) {
			s.actions = 1u << operands[i].action;
			(void)compgen_generate(sh, &s, "", word, "", &l->all);
			l->is_file = operands[i].action == ACT_DIRECTORY;
			l->no_space = strcmp(command, "alias") == 0; /* its value may follow */
			return true;
		}
	return false;
}
