#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/candidates.h"
#include "shell/builtin/compgen.h"
#include "shell/expand/var.h"
#include "shell/interact/complete_builtin.h"
#include "shell/interact/complete_spec.h"
#include "shell/interact/edit.h"
#include "shell/interact/place.h"
#include "shell/move/nodes.h"
#include "shell/parser/arena.h"
#include "shell/exec/command.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/chclass.h"
#include "shell/parser/strbuf.h"
#include "wire/fd.h"

/* Completion of commands, files, variables and node names. */

enum { NOTE_MAX = 60 }; /* bytes of a value */

/* The beginning of a value; who shows it cleans it. */
static void note_value(struct complete_list *l, const char *value)
{
	char *s = xstrndup(value, strnlen(value, NOTE_MAX));

	candidates_note(&l->all, s);
	free(s);
}

static void add_variables(struct shell *sh, struct complete_list *l, const char *word)
{
	bool brace = word[1] == '{';
	const char *prefix = word + 1 + brace;
	size_t n;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++)
		if (candidates_begins(&l->all, v[i]->text, prefix)) {
			struct strbuf s = { 0 };

			strbuf_addf(&s, "%s%.*s%s", brace ? "${" : "$", (int)v[i]->name_len,
				    v[i]->text, brace ? "}" : "");
			candidates_add(&l->all, s.s);
			note_value(l, v[i]->text + v[i]->name_len + (v[i]->text[v[i]->name_len] == '='));
			strbuf_release(&s);
		}
	free(v);
}

/* In (( and $((: variables, by the name at the cursor. False: there are none, or no name. */
static bool add_numbers(struct shell *sh, const char *line, size_t cursor, const struct place *p, struct complete_list *l)
{
	struct compspec s = { .actions = 1u << ACT_VARIABLE };
	size_t at = cursor;
	char *name;

	while (at > p->word && ch_is(line[at - 1], CH_NAME))
		at--;
	name = xstrndup(line + at, cursor - at);
	if (*name != '\0')
		(void)compgen_generate(sh, &s, "", name, "", &l->all);
	free(name);
	if (l->all.n == 0)
		return false;
	l->start = at;
	l->no_space = true;
	return true;
}

static void add_nodes(struct shell *sh, struct complete_list *l, const char *word)
{
	const char *name, *load;

	candidates_add_if(&l->all, "home", word);
	for (size_t i = 0; (name = nodes_at(sh, i, &load)) != NULL; i++)
		candidates_add_if(&l->all, name, word);
	l->is_node = true;
}

/* @ and the beginning of a node's name. */
static void add_places(struct shell *sh, struct complete_list *l, const char *word)
{
	const char *name, *load;

	for (size_t i = 0; (name = nodes_at(sh, i, &load)) != NULL; i++) {
		struct strbuf at = { 0 };

		strbuf_addf(&at, "@%s", name);
		candidates_add_if(&l->all, at.s, word);
		strbuf_release(&at);
	}
}

/* Files below the directory that is typed, by their last component. */
static void add_files(struct shell *sh, struct complete_list *l, const char *line, const struct place *p, size_t cursor, bool exec_only)
{
	size_t from = p->word + place_assigned(line + p->word, p->part - p->word);
	const char *dir_from = line + from;
	char *typed, *name = candidates_unquote_in(p->part_quote, line + p->part, cursor - p->part), *dir;
	struct candidates all = { .fold = l->all.fold, .inside = l->all.inside };
	struct strbuf path = { 0 };

	for (size_t i = from; i < p->part; i++) /* of a list, the element */
		if (line[i] == ':' && from != p->word)
			dir_from = line + i + 1;
	typed = xstrndup(dir_from, (size_t)(line + p->part - dir_from));
	if (strrchr(typed, '/') == NULL)
		*typed = '\0';
	dir = candidates_directory(sh, typed);
	strbuf_addf(&path, "%s%s", dir, name);
	candidates_files(sh, &all, path.s, exec_only, l->is_default);
	for (size_t i = 0; i < all.n; i++)
		candidates_add(&l->all, all.v[i] + strlen(dir));
	candidates_release(&all);
	strbuf_release(&path);
	free(dir);
	free(typed);
	free(name);
	l->start = p->part;
	l->outer = p->part_quote;
	l->is_file = true;
}

/* ~ and the beginning of a user's name. */
static void add_users(struct shell *sh, struct complete_list *l, const char *word)
{
	struct compspec s = { .actions = 1u << ACT_USER };
	struct candidates users = { 0 };

	(void)compgen_generate(sh, &s, "", word + 1, "", &users);
	for (size_t i = 0; i < users.n; i++) {
		struct strbuf b = { 0 };

		strbuf_addf(&b, "~%s/", users.v[i]);
		candidates_add(&l->all, b.s);
		strbuf_release(&b);
	}
	candidates_release(&users);
	l->is_file = true;
	l->is_tilde = true;
}

/* How a name must be like what is typed. */
enum how { SAME, FOLDED, INSIDE };

/* The variable that is being typed, from its $ on; NULL: none, as it is quoted, or there are quotes behind it. */
static const char *find_dollar(const char *line, size_t cursor, const struct place *p)
{
	const char *s = memrchr(line + p->word, '$', cursor - p->word);
	size_t len = s != NULL ? (size_t)(line + cursor - s) : 0;

	if (s == NULL || s[1] == '(' || p->quote == '\'' || (s != line + p->word && s[-1] == '\\'))
		return NULL;
	return strcspn(s, "/'\"\\") >= len ? s : NULL;
}

static bool all_begin(const struct candidates *l, const char *s)
{
	size_t i = 0, len = strlen(s);

	while (i < l->n && strncmp(l->v[i], s, len) == 0)
		i++;
	return i == l->n;
}

/* How the candidates go with what is typed of them. */
static void compare_typed(const char *line, size_t cursor, struct complete_list *l)
{
	char *typed = xstrndup(line + l->start, cursor - l->start), *plain = candidates_unquote_in(l->outer, typed, cursor - l->start);

	l->is_written = l->is_plain && strcmp(typed, plain) != 0 && all_begin(&l->all, typed);
	l->keeps = !l->is_variable && !l->is_written && typed[strcspn(typed, "'\"$")] != '\0' && all_begin(&l->all, plain);
	l->typed = strlen(l->is_written ? typed : plain);
	free(typed);
	free(plain);
}

/* False: what `complete` has registered has the last word. */
static bool fill(struct shell *sh, const char *line, size_t cursor, enum how how, enum complete_by by, struct complete_list *ret)
{
	struct place p = sh->line.is_body ? place_in_body(line, cursor) : place_find(line, cursor);
	char *word = candidates_unquote(line + p.word, cursor - p.word), *command;
	void *mark = arena_mark(sh->arena);
	const char *dollar = find_dollar(line, cursor, &p);
	const struct builtin *b;
	bool by_spec = false;

	if (*word == '-' && p.command == p.word && p.letters != NULL && !p.is_argument) /* no command begins so: an option */
		p.command = p.head;
	command = xstrndup(line + p.command, strcspn(line + p.command, " \t"));
	b = p.command != p.word && !p.is_value && !p.is_arithmetic ? cmd_builtin(sh, command) : NULL;
	*ret = (struct complete_list){ .start = p.word, .quote = p.quote, .word = p.word,
				      .is_plain = sh->line.is_body, .all.fold = how != SAME, .all.inside = how == INSIDE };
	if (dollar != NULL) {
		ret->start = (size_t)(dollar - line);
		ret->outer = p.quote;
		ret->is_variable = true;
		add_variables(sh, ret, word + strlen(word) - (cursor - ret->start));
	} else if (word[0] == '~' && line[p.word] == '~' && strchr(word, '/') == NULL) {
		add_users(sh, ret, word);
	} else if (p.is_arithmetic && add_numbers(sh, line, cursor, &p, ret)) {
		;
	} else if (p.is_argument && complete_builtin_is_before(line, p.word, "-u")) {
		(void)compgen_generate(sh, &(struct compspec){ .actions = 1u << ACT_USER }, "", word, "", &ret->all);
	} else if (p.is_argument) {
		add_files(sh, ret, line, &p, cursor, false);
	} else if (p.command == p.word && !p.is_file && p.part == p.word && strchr(word, '/') == NULL && strcmp(word, "..") != 0) {
		if (*word == '@' && by != COMPLETE_QUICKLY)
			add_places(sh, ret, word);
		candidates_commands(sh, &ret->all, word);
	} else if (p.command == p.word && !p.is_file && place_assigned(line + p.word, cursor - p.word) == 0) {
		add_files(sh, ret, line, &p, cursor, strchr(word, '/') != NULL);
		if (strchr(word, '/') == NULL)
			candidates_commands(sh, &ret->all, word);
	} else if (!p.is_file && !p.is_value && !p.is_arithmetic && p.command != p.word && how == SAME && by != COMPLETE_QUICKLY &&
		   complete_by_spec(sh, line, cursor, &p, by, b != NULL && (*word == '-' || complete_builtin_knows(b)), ret) &&
		   (ret->all.n != 0 || *word != '-' || b == NULL)) { /* what is registered for `set' is its names alone */
		by_spec = true;
	} else if (strcmp(command, "smigrate") == 0 && b != NULL && *word != '-' && !p.is_file) {
		if (by != COMPLETE_QUICKLY)
			add_nodes(sh, ret, word);
	} else if (b != NULL && !p.is_file && p.part == p.word && complete_builtin_operands(sh, line, &p, command, by, word, ret)) {
		;
	} else if (*word == '-' && !p.is_file && complete_builtin_dashed(ret, b, command, word)) {
		;
	} else {
		add_files(sh, ret, line, &p, cursor, false);
	}
	compare_typed(line, cursor, ret);
	if (!ret->no_sort)
		candidates_sort(&ret->all);
	arena_rewind(sh->arena, mark);
	free(command);
	free(word);
	return !by_spec;
}

/* What a completion prints would be in the midst of the line: it goes nowhere, until restore_output(). */
static void hide_output(int saved[2])
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 2; i++) {
		saved[i] = fcntl(STDOUT_FILENO + i, F_DUPFD_CLOEXEC, FD_OWN_MIN);
		if (nowhere >= 0 && saved[i] >= 0)
			dup2(nowhere, STDOUT_FILENO + i);
	}
	if (nowhere >= 0)
		close(nowhere);
}

static void restore_output(const int saved[2])
{
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 2; i++)
		if (saved[i] >= 0) {
			dup2(saved[i], STDOUT_FILENO + i);
			close(saved[i]);
		}
}

/* Does the name end in one of a list of suffixes, which colons divide? */
static bool is_ignored(const char *list, const char *name)
{
	size_t len = strlen(name), n;

	for (; *list != '\0'; list += n, list += *list == ':') {
		n = strcspn(list, ":");
		if (n != 0 && len > n && memcmp(name + len - n, list, n) == 0)
			return true;
	}
	return false;
}

/* FIGNORE: files of these suffixes are left out, where there are others. */
static void leave_out(struct shell *sh, struct candidates *l)
{
	const char *list = var_text(sh, "FIGNORE");
	size_t n = 0;

	for (size_t i = 0; list != NULL && i < l->n; i++)
		n += !is_ignored(list, l->v[i]);
	if (n == 0 || n == l->n || l->notes != NULL)
		return;
	n = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (is_ignored(list, l->v[i]))
			free(l->v[i]);
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
}

enum { TIME_LIMIT_S = 10 };

/* In ms; COMPLETE_TIMEOUT has seconds, 0: no limit. */
static long time_limit(struct shell *sh)
{
	const char *s = var_text(sh, "COMPLETE_TIMEOUT");
	long n = s != NULL ? strtol(s, NULL, 10) : TIME_LIMIT_S;

	return n > 0 && n < 3600 ? n * 1000 : 0;
}

void complete_line(struct shell *sh, const char *line, size_t cursor, enum complete_by by, struct complete_list *ret)
{
	int output[2];
	bool more;

	hide_output(output);
	(void)sigs_limit_time(time_limit(sh));
	more = fill(sh, line, cursor, SAME, by, ret) && by != COMPLETE_QUICKLY;
	/* what begins with a dash is an option, and stands in the midst of nothing */
	for (enum how how = FOLDED; more && how <= (line[ret->word] == '-' ? FOLDED : INSIDE) && ret->all.n == 0 && ret->typed != 0; how++) {
		candidates_release(&ret->all); /* nothing is written so */
		(void)fill(sh, line, cursor, how, by, ret);
	}
	if (ret->is_file)
		leave_out(sh, &ret->all);
	if (sigs_limit_time(0))
		(void)sigs_take_int(sh); /* it was no ^C: the line stays */
	restore_output(output);
}
