#include <config.h>

#include "shell/builtin/compspec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/expand/quote.h"
#include "shell/parser/strbuf.h"

static const struct {
	const char *name;
	char letter; /* '\0': only by -A */
} actions[ACTIONS] = {
	[ACT_ALIAS] = { "alias", 'a' },	      [ACT_ARRAY] = { "arrayvar", '\0' },   [ACT_BUILTIN] = { "builtin", 'b' },
	[ACT_COMMAND] = { "command", 'c' },   [ACT_DIRECTORY] = { "directory", 'd' }, [ACT_EXPORT] = { "export", 'e' },
	[ACT_FILE] = { "file", 'f' },	      [ACT_FUNCTION] = { "function", '\0' }, [ACT_GROUP] = { "group", 'g' },
	[ACT_HOSTNAME] = { "hostname", '\0' }, [ACT_JOB] = { "job", 'j' },	   [ACT_KEYWORD] = { "keyword", 'k' },
	[ACT_SERVICE] = { "service", 's' },   [ACT_SETOPT] = { "setopt", '\0' },   [ACT_SHOPT] = { "shopt", '\0' },
	[ACT_SIGNAL] = { "signal", '\0' },    [ACT_USER] = { "user", 'u' },	   [ACT_VARIABLE] = { "variable", 'v' },
};

static const char *const option_names[] = { "bashdefault", "default", "dirnames", "filenames",
					    "nospace",	   "plusdirs", "noquote",  "nosort" };
enum { N_OPTION_NAMES = sizeof(option_names) / sizeof(option_names[0]) };

static struct compspec *specs;

static void spec_clear(struct compspec *s)
{
	char **texts[] = { &s->function, &s->command, &s->words, &s->glob, &s->filter, &s->prefix, &s->suffix };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		free(*texts[i]);
		*texts[i] = NULL;
	}
	s->actions = s->options = 0;
}

struct compspec *compspec_find(const char *name)
{
	struct compspec *s = specs;

	while (s != NULL && strcmp(s->name, name) != 0)
		s = s->next;
	return s;
}

void compspec_remove(const char *name)
{
	for (struct compspec **p = &specs; *p != NULL;) {
		struct compspec *s = *p;

		if (name != NULL && strcmp(s->name, name) != 0) {
			p = &s->next;
			continue;
		}
		*p = s->next;
		spec_clear(s);
		free(s->name);
		free(s);
	}
}

static char *copy(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

void compspec_define(const char *name, const struct compspec *like)
{
	struct compspec *s = compspec_find(name);

	if (s == NULL) {
		s = xcalloc(1, sizeof(*s));
		s->name = xstrdup(name);
		s->next = specs;
		specs = s;
	}
	spec_clear(s);
	s->actions = like->actions;
	s->options = like->options;
	s->function = copy(like->function);
	s->command = copy(like->command);
	s->words = copy(like->words);
	s->glob = copy(like->glob);
	s->filter = copy(like->filter);
	s->prefix = copy(like->prefix);
	s->suffix = copy(like->suffix);
}

const struct compspec *compspec_at(size_t i)
{
	const struct compspec *s = specs;

	for (; i != 0 && s != NULL; i--)
		s = s->next;
	return s;
}

bool compspec_option(const char *name, uint32_t *ret)
{
	for (int i = 0; i < N_OPTION_NAMES; i++)
		if (strcmp(option_names[i], name) == 0) {
			*ret = 1u << i;
			return true;
		}
	return false;
}

bool compspec_action(const char *name, char letter, uint32_t *ret)
{
	for (int i = 0; i < ACTIONS; i++)
		if (name != NULL ? strcmp(actions[i].name, name) == 0 : actions[i].letter == letter) {
			*ret = 1u << i;
			return true;
		}
	return name != NULL && (strcmp(name, "binding") == 0 || strcmp(name, "disabled") == 0 ||
				strcmp(name, "enabled") == 0 || strcmp(name, "helptopic") == 0 ||
				strcmp(name, "running") == 0 || strcmp(name, "stopped") == 0);
}

void compspec_print(const struct compspec *s)
{
	const char *const texts[] = { s->function, s->command, s->words, s->glob, s->filter, s->prefix, s->suffix };

	fputs("complete", stdout);
	for (int i = 0; i < N_OPTION_NAMES; i++)
		if ((s->options & 1u << i) != 0)
			printf(" -o %s", option_names[i]);
	for (int i = 0; i < ACTIONS; i++) {
		if ((s->actions & 1u << i) != 0 && actions[i].letter != '\0')
			printf(" -%c", actions[i].letter);
		else if ((s->actions & 1u << i) != 0)
			printf(" -A %s", actions[i].name);
	}
	for (int i = 0; i < 7; i++)
		if (texts[i] != NULL) {
			char *q = i == 0 ? xstrdup(texts[i]) : quote_always(texts[i]);

			printf(" -%c %s", "FCWGXPS"[i], q);
			free(q);
		}
	printf(" %s\n", s->name);
}
