#include <config.h>

#include "shell/builtin/compspec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/expand/quote.h"
#include "shell/parser/strbuf.h"

static const struct {
	char name[12];
	char letter; /* '\0': only by -A */
} actions[ACTIONS] = {
	[ACT_ALIAS] = { "alias", 'a' },	      [ACT_ARRAY] = { "arrayvar", '\0' },   [ACT_BUILTIN] = { "builtin", 'b' },
	[ACT_COMMAND] = { "command", 'c' },   [ACT_DIRECTORY] = { "directory", 'd' }, [ACT_EXPORT] = { "export", 'e' },
	[ACT_FILE] = { "file", 'f' },	      [ACT_FUNCTION] = { "function", '\0' }, [ACT_GROUP] = { "group", 'g' },
	[ACT_HOSTNAME] = { "hostname", '\0' }, [ACT_JOB] = { "job", 'j' },	   [ACT_KEYWORD] = { "keyword", 'k' },
	[ACT_SERVICE] = { "service", 's' },   [ACT_SETOPT] = { "setopt", '\0' },   [ACT_SHOPT] = { "shopt", '\0' },
	[ACT_SIGNAL] = { "signal", '\0' },    [ACT_USER] = { "user", 'u' },	   [ACT_VARIABLE] = { "variable", 'v' },
	[ACT_HELPTOPIC] = { "helptopic", '\0' }, [ACT_ENABLED] = { "enabled", '\0' }, [ACT_DISABLED] = { "disabled", '\0' },
	[ACT_RUNNING] = { "running", '\0' },  [ACT_STOPPED] = { "stopped", '\0' },
	[ACT_SENT] = { "sentsignal", '\0' },
};

static const char option_names[][12] = { "bashdefault", "default", "dirnames", "filenames",
					    "nospace",	   "plusdirs", "noquote",  "nosort" };
enum { N_OPTION_NAMES = sizeof(option_names) / sizeof(option_names[0]) };

static struct compspec *specs; /* in the order in which they were registered */

void compspec_clear(struct compspec *s)
{
	for (int i = 0; i < SPEC_TEXTS; i++) {
		free(s->texts[i]);
		s->texts[i] = NULL;
	}
	free(s->rules);
	s->rules = NULL;
	s->actions = s->options = 0;
}

bool compspec_has_text(const struct compspec *s)
{
	int i = 0;

	while (i < SPEC_TEXTS && s->texts[i] == NULL)
		i++;
	return i < SPEC_TEXTS;
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
		compspec_clear(s);
		free(s->name);
		free(s);
	}
}

static struct compspec *add(const char *name)
{
	struct compspec *s = xcalloc(1, sizeof(*s)), **p = &specs;

	s->name = xstrdup(name);
	while (*p != NULL)
		p = &(*p)->next;
	*p = s;
	return s;
}

void compspec_copy(struct compspec *to, const struct compspec *from)
{
	to->actions = from->actions;
	to->options = from->options;
	for (int i = 0; i < SPEC_TEXTS; i++)
		to->texts[i] = from->texts[i] != NULL ? xstrdup(from->texts[i]) : NULL;
	to->rules = from->rules != NULL ? xstrdup(from->rules) : NULL;
}

void compspec_define(const char *name, const struct compspec *like)
{
	struct compspec *s = compspec_find(name);

	if (s == NULL)
		s = add(name);
	compspec_clear(s);
	compspec_copy(s, like);
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
	return name != NULL && strcmp(name, "binding") == 0; /* there is none */
}

struct compspec *compspec_begin_loading(void)
{
	struct compspec *kept = NULL;

	for (const struct compspec *s = specs; s != NULL; s = s->next) {
		struct compspec *copy = xcalloc(1, sizeof(*copy));

		copy->name = xstrdup(s->name);
		compspec_copy(copy, s);
		copy->next = kept;
		kept = copy;
	}
	return kept;
}

void compspec_end_loading(struct compspec *kept)
{
	struct compspec *next;

	for (struct compspec *s = specs; s != NULL; s = s->next)
		s->options |= SPEC_LOADED;
	for (struct compspec *s = kept; s != NULL; s = next) {
		next = s->next;
		compspec_define(s->name, s);
		compspec_clear(s);
		free(s->name);
		free(s);
	}
}

static void print_rules(const struct compspec *s)
{
	printf("complete %s", s->name);
	for (const char *p = s->rules; *p != '\0'; p += strcspn(p, "\n"), p += *p == '\n') {
		char *rule = xstrndup(p, strcspn(p, "\n")), *q = quote_always(rule);

		printf(" %s", q);
		free(q);
		free(rule);
	}
	putchar('\n');
}

void compspec_print(const struct compspec *s)
{
	if (s->rules != NULL) {
		print_rules(s);
		return;
	}
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
	for (int i = 0; i < SPEC_TEXTS; i++)
		if (s->texts[i] != NULL) {
			char *q = i == SPEC_FUNCTION ? xstrdup(s->texts[i]) : quote_always(s->texts[i]);

			printf(" -%c %s", SPEC_LETTERS[i], q);
			free(q);
		}
	printf(" %s\n", s->name);
}

/* ---- state ---- */

enum { COMPSPEC_ROWS = 1, COMPSPEC_RULES = 2 /* name and rules, of those that have any */ };
enum { ROW_NAME = 0, ROW_ACTIONS, ROW_OPTIONS, ROW_WHICH /* bits: which texts there are */, ROW_TEXTS,
       ROW_LEN = ROW_TEXTS + SPEC_TEXTS };

static void compspec_save(const struct shell *sh, struct state_enc *e)
{
	uint32_t n = 0;

	(void)sh;
	for (const struct compspec *s = specs; s != NULL; s = s->next)
		n++;
	state_put_array(e, COMPSPEC_ROWS, ROW_LEN * n);
	for (const struct compspec *s = specs; s != NULL; s = s->next) {
		uint32_t which = 0;

		for (int i = 0; i < SPEC_TEXTS; i++)
			which |= (uint32_t)(s->texts[i] != NULL) << i;
		state_add_str(e, s->name);
		state_add_uint(e, s->actions);
		state_add_uint(e, s->options);
		state_add_uint(e, which);
		for (int i = 0; i < SPEC_TEXTS; i++)
			state_add_str(e, s->texts[i] != NULL ? s->texts[i] : "");
	}
	n = 0;
	for (const struct compspec *s = specs; s != NULL; s = s->next)
		n += s->rules != NULL;
	state_put_array(e, COMPSPEC_RULES, 2 * n);
	for (const struct compspec *s = specs; s != NULL; s = s->next)
		if (s->rules != NULL) {
			state_add_str(e, s->name);
			state_add_str(e, s->rules);
		}
}

static int load_rules(const struct state_dec *d)
{
	const struct state_value *a;
	const char *name, *rules;
	struct compspec *s;
	uint32_t n;
	int r = state_get_array(d, COMPSPEC_RULES, &a, &n);

	for (uint32_t i = 0; r == 0 && i + 1 < n; i += 2) {
		r = state_elem_str(d, a, i, &name, NULL);
		if (r == 0)
			r = state_elem_str(d, a, i + 1, &rules, NULL);
		s = r == 0 ? compspec_find(name) : NULL;
		if (s != NULL) {
			free(s->rules);
			s->rules = xstrdup(rules);
		}
	}
	return r == -ENOENT ? 0 : r;
}

static int load_row(const struct state_dec *d, const struct state_value *a, uint32_t at)
{
	struct compspec *s;
	const char *text;
	uint64_t acts, opts, which;
	int r = state_elem_str(d, a, at + ROW_NAME, &text, NULL);

	if (r < 0 || (r = state_elem_uint(d, a, at + ROW_ACTIONS, UINT32_MAX, &acts)) < 0 ||
	    (r = state_elem_uint(d, a, at + ROW_OPTIONS, UINT32_MAX, &opts)) < 0 ||
	    (r = state_elem_uint(d, a, at + ROW_WHICH, UINT32_MAX, &which)) < 0)
		return r;
	s = add(text);
	s->actions = (uint32_t)acts & ((1u << ACTIONS) - 1); /* a later version may have more */
	s->options = (uint32_t)opts & (((1u << N_OPTION_NAMES) - 1) | SPEC_LOADED);
	for (uint32_t i = 0; i < SPEC_TEXTS; i++) {
		r = state_elem_str(d, a, at + ROW_TEXTS + i, &text, NULL);
		if (r < 0)
			return r;
		if ((which & 1u << i) != 0)
			s->texts[i] = xstrdup(text);
	}
	return 0;
}

static int compspec_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	int r = state_get_array(d, COMPSPEC_ROWS, &a, &n);

	(void)sh;
	if (r < 0 || n % ROW_LEN != 0)
		return r < 0 ? r : -EBADMSG;
	compspec_remove(NULL);
	for (uint32_t i = 0; r == 0 && i < n; i += ROW_LEN)
		r = load_row(d, a, i);
	return r == 0 ? load_rules(d) : r;
}

const struct state_section compspec_section = {
	.name = "completions", .version = 1, .save = compspec_save, .load = compspec_load,
};
