#include <config.h>

#include "shell/builtin/compgen.h"

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/comprule.h"
#include "shell/builtin/compspec.h"
#include "shell/expand/var.h"
#include "shell/parser/decimal.h"
#include "shell/parser/strbuf.h"

/* Completion of a word in its line: COMP_WORDS and its like, and which specification is asked. */

static struct compspec *current; /* whose function runs now; NULL none */

struct compspec *compgen_current(void)
{
	return current;
}

/* The end of what `$(` at s begins, or of the line: for a word's place, and not for what it means. */
static size_t skip_substitution(const char *s, size_t end)
{
	size_t i = 2, depth = 1;

	for (; i < end && depth != 0; i++)
		depth += (s[i] == '(') - (size_t)(s[i] == ')');
	return i;
}

/* Adds the line's words, and the breaks between them, from number n on: the last one is open, and may be empty. Returns its number. */
static int64_t split_line(struct array *a, int64_t n, const char *line, size_t end, const char *breaks, size_t *ret_start)
{
	struct strbuf w = { 0 };
	char quote = '\0';
	bool in_breaks = false;

	*ret_start = 0;
	for (size_t i = 0; i < end; i++) {
		char c = line[i];
		bool blank = quote == '\0' && strchr(" \t\n", c) != NULL;
		bool is_break = quote == '\0' && !blank && c != '"' && c != '\'' && strchr(breaks, c) != NULL;
		bool substitutes = c == '$' && quote == '\0' && i + 1 < end && line[i + 1] == '(' && memchr(line + i, ')', end - i) != NULL;

		if ((blank || is_break != in_breaks) && w.len != 0) {
			array_set(a, (struct array_key){ .index = n++ }, w.s);
			strbuf_clear(&w);
		}
		in_breaks = is_break;
		if (w.len == 0)
			*ret_start = i + blank;
		if (blank)
			continue;
		for (size_t k = substitutes ? skip_substitution(line + i, end - i) - 1 : 0; k != 0; k--)
			strbuf_addc(&w, line[i++]);
		if (c == '\\' && quote != '\'' && i + 1 < end)
			strbuf_addc(&w, line[i++]);
		else if (quote != '\0' ? c == quote : c == '"' || c == '\'')
			quote = quote != '\0' ? '\0' : c;
		strbuf_addc(&w, line[i]);
	}
	if (in_breaks) { /* a new word begins behind them */
		array_set(a, (struct array_key){ .index = n++ }, strbuf_str(&w));
		strbuf_clear(&w);
		*ret_start = end;
	}
	array_set(a, (struct array_key){ .index = n }, strbuf_str(&w));
	strbuf_release(&w);
	return n;
}

static void set_number(struct shell *sh, const char *name, int64_t n)
{
	char buf[DECIMAL_MAX];

	(void)var_set(sh, name, decimal_print(buf, n), 0);
}

void compgen_clear_line(struct shell *sh)
{
	(void)var_set(sh, "COMP_LINE", "", 0);
	set_number(sh, "COMP_POINT", 0);
	set_number(sh, "COMP_CWORD", -1);
}

static const struct compspec *spec_for(const char *command)
{
	const char *slash = strrchr(command, '/');
	const struct compspec *s = compspec_find(command);

	if (s == NULL && slash != NULL)
		s = compspec_find(slash + 1);
	return s != NULL ? s : compspec_find("-D");
}

/* Names below a directory, without it. */
static void generate_below(struct shell *sh, const struct comprule_request *q, const char *word, struct candidates *ret)
{
	struct candidates all = { 0 };
	struct strbuf path = { 0 };
	size_t skip = q->below != NULL ? strlen(q->below) : 0;

	strbuf_addf(&path, "%s%s", q->below != NULL ? q->below : "", word);
	(void)compgen_generate(sh, &q->spec, "", path.s, "", &all);
	for (size_t i = 0; i < all.n; i++)
		candidates_add(ret, all.v[i] + skip);
	candidates_release(&all);
	strbuf_release(&path);
}

/* tcsh's rules. False: none fits. */
static bool by_rules(struct shell *sh, const struct compspec *s, const struct array *a, struct compgen_request *r, struct candidates *ret)
{
	size_t n = (size_t)array_end(a);
	const char **words = xcalloc(n + 1, sizeof(*words));
	struct comprule_request q = { .words = words, .n = n };

	for (size_t i = 0; i < n; i++) {
		const char *w = array_get(a, (struct array_key){ .index = (int64_t)i });

		words[i] = w != NULL ? w : "";
	}
	bool found = comprule_find(s->rules, &q);

	if (found) {
		generate_below(sh, &q, words[n - 1] + q.kept, ret);
		r->kept = q.kept;
		r->is_file = q.is_file;
		r->suffix = q.plain ? '\0' : q.suffix;
		r->no_space = !q.plain && q.suffix == '\0';
	}
	comprule_release(&q);
	free(words);
	return found;
}

/* ---- the words ---- */

struct words {
	struct array *all; /* of the line up to the cursor: the last is the one there, … */
	size_t start;	   /* … which begins there in the line */
	int64_t at;	   /* … and its number */
	char *command, *word, *before;
};

static void words_init(struct words *w, const struct compgen_request *r, const char *breaks)
{
	struct array_key key;

	w->all = array_new(false);
	w->at = split_line(w->all, 0, r->line + r->first, r->cursor - r->first, breaks, &w->start);
	w->start += r->first;
	w->command = xstrdup(array_at(w->all, 0, &key));
	w->word = xstrdup(array_get(w->all, (struct array_key){ .index = w->at }));
	w->before = xstrdup(w->at > 0 ? array_get(w->all, (struct array_key){ .index = w->at - 1 }) : "");
}

static void words_release(struct words *w)
{
	array_free(w->all);
	free(w->command);
	free(w->word);
	free(w->before);
}

/* Somebody may have unset it; but who appends to it shall not lose the others. */
static const char *breaks(struct shell *sh)
{
	const char *s = var_text(sh, "COMP_WORDBREAKS");

	if (s == NULL)
		(void)var_set(sh, "COMP_WORDBREAKS", COMPGEN_BREAKS, 0);
	return s != NULL ? s : COMPGEN_BREAKS;
}

/* COMP_WORDS: those behind the cursor, too, and the one at it is whole. */
static struct array *whole_words(const struct words *w, const struct compgen_request *r, const char *breaks)
{
	bool apart = *w->word == '\0' && (r->cursor == r->end || strchr(" \t\n", r->line[r->cursor]) != NULL);
	size_t from = apart ? r->cursor : r->first, start;
	struct array *a = apart ? array_copy(w->all) : array_new(false);
	int64_t last = split_line(a, apart ? w->at + 1 : 0, r->line + from, r->end - from, breaks, &start);
	const char *text = array_get(a, (struct array_key){ .index = last });

	if (last > w->at && *text == '\0')
		array_remove(a, (struct array_key){ .index = last });
	return a;
}

/* What a function looks at. */
static void set_line(struct shell *sh, const struct compgen_request *r, const struct words *w, const char *breaks)
{
	char *line = xstrndup(r->line + r->first, r->end - r->first);

	(void)var_set(sh, "COMP_LINE", line, 0);
	set_number(sh, "COMP_POINT", (int64_t)(r->cursor - r->first));
	set_number(sh, "COMP_CWORD", w->at);
	set_number(sh, "COMP_TYPE", r->type);
	set_number(sh, "COMP_KEY", 9);
	(void)var_set_array(sh, "COMP_WORDS", whole_words(w, r, breaks));
	free(line);
}

/* By what is registered for the command: a copy of that, as its function may remove it. Rules are left to by_rules(). */
static void by_spec(struct shell *sh, const struct words *w, struct compspec *ret_spec, struct candidates *ret)
{
	const struct compspec *s = spec_for(w->command);
	/* as in bash, a function gets what is behind the quote that it begins with */
	const char *word = w->word + (*w->word == '"' || *w->word == '\'');

	for (int tries = 0; s != NULL && tries < 3; tries++) {
		compspec_clear(ret_spec);
		compspec_copy(ret_spec, s);
		if (ret_spec->rules != NULL)
			break;
		current = ret_spec;
		/* 124: the specification was replaced meanwhile */
		if (compgen_generate(sh, ret_spec, w->command, word, w->before, ret) != 124)
			break;
		candidates_release(ret);
		s = spec_for(w->command);
	}
	current = NULL;
}

static bool all_begin(const struct candidates *l, const char *word)
{
	char *plain = candidates_unquote(word, strlen(word));
	size_t i = 0, len = strlen(plain);

	while (i < l->n && (strncmp(l->v[i], plain, len) == 0 || strncmp(l->v[i], word, strlen(word)) == 0))
		i++;
	free(plain);
	return i == l->n;
}

/*
 * How much of the word stays: where COMP_WORDBREAKS lacks what a function looks at itself, as the = of if=FILE, it has completed
 * what is behind that alone.
 */
static size_t kept_head(const char *word, const struct candidates *l)
{
	if (l->n == 0 || all_begin(l, word))
		return 0;
	for (size_t i = 0; word[i] != '\0' && strchr("\"'\\", word[i]) == NULL; i++)
		if (strchr(COMPGEN_BREAKS, word[i]) != NULL && all_begin(l, word + i + 1))
			return i + 1;
	return 0;
}

/* Directories that -o dirnames or plusdirs has found make all of them files, as in bash. */
static bool has_directories(const struct compspec *s, const struct candidates *l)
{
	for (size_t i = 0; (s->options & (SPEC_DIRNAMES | SPEC_PLUSDIRS)) != 0 && i < l->n; i++)
		if (l->v[i][0] != '\0' && l->v[i][strlen(l->v[i]) - 1] == '/')
			return true;
	return false;
}

static void answer(const struct compspec *s, const struct candidates *l, struct compgen_request *r)
{
	r->is_file = r->is_file || (s->options & SPEC_FILENAMES) != 0 ||
		     (s->actions & (1u << ACT_FILE | 1u << ACT_DIRECTORY)) != 0 || has_directories(s, l);
	r->is_plain = s->texts[SPEC_FUNCTION] != NULL && !r->is_file;
	r->no_space = r->no_space || (s->options & SPEC_NOSPACE) != 0;
	r->no_sort = (s->options & SPEC_NOSORT) != 0;
}

bool compgen_line(struct shell *sh, struct compgen_request *r, struct candidates *ret)
{
	struct compspec now = { 0 };
	struct words w;
	bool found;

	words_init(&w, r, breaks(sh));
	found = w.at > 0 && spec_for(w.command) != NULL;
	if (found) {
		set_line(sh, r, &w, breaks(sh));
		by_spec(sh, &w, &now, ret);
	}
	if (now.rules != NULL) { /* tcsh has blanks between words, and nothing else */
		words_release(&w);
		words_init(&w, r, "");
		if (!by_rules(sh, &now, w.all, r, ret))
			now.options |= SPEC_DEFAULT; /* files, as for any command */
	} else {
		r->kept = kept_head(w.word, ret);
	}
	r->start = w.start + r->kept;
	answer(&now, ret, r);
	r->to_files = found && ret->n == 0 && (now.options & (SPEC_DEFAULT | SPEC_BASHDEFAULT)) != 0;
	words_release(&w);
	compspec_clear(&now);
	return found && !r->to_files;
}
