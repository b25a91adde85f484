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

/* COMP_WORDS: the line's words, and the breaks between them, up to `end`; the last is the one at the cursor. */
static struct array *split_line(const char *line, size_t end, const char *breaks, size_t *ret_start)
{
	struct array *a = array_new(false);
	struct strbuf w = { 0 };
	char quote = '\0';
	bool in_breaks = false;
	int64_t n = 0;

	*ret_start = 0;
	for (size_t i = 0; i < end; i++) {
		char c = line[i];
		bool blank = quote == '\0' && strchr(" \t\n", c) != NULL;
		bool is_break = quote == '\0' && !blank && c != '"' && c != '\'' && strchr(breaks, c) != NULL;

		if ((blank || is_break != in_breaks) && w.len != 0) {
			array_set(a, (struct array_key){ .index = n++ }, w.s);
			strbuf_clear(&w);
		}
		in_breaks = is_break;
		if (w.len == 0)
			*ret_start = i + blank;
		if (blank)
			continue;
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
	return a;
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

static const char *breaks(struct shell *sh)
{
	const char *s = var_text(sh, "COMP_WORDBREAKS");

	return s != NULL ? s : " \t\n\"'><=;|&(:";
}

bool compgen_line(struct shell *sh, struct compgen_request *r, struct candidates *ret)
{
	size_t start;
	struct array *words = split_line(r->line + r->first, r->cursor - r->first, breaks(sh), &start);
	int64_t cword = array_end(words) - 1;
	struct array_key key;
	char *command = xstrdup(array_at(words, 0, &key)), *word = xstrdup(array_get(words, (struct array_key){ .index = cword }));
	char *before = xstrdup(cword > 0 ? array_get(words, (struct array_key){ .index = cword - 1 }) : "");
	const struct compspec *s = spec_for(command);
	struct compspec now = { 0 };
	bool to_files;

	if (s == NULL || cword == 0) {
		array_free(words);
		words = NULL;
	} else {
		(void)var_set(sh, "COMP_LINE", r->line + r->first, 0);
		set_number(sh, "COMP_POINT", (int64_t)(r->cursor - r->first));
		set_number(sh, "COMP_CWORD", cword);
		set_number(sh, "COMP_TYPE", 9);
		set_number(sh, "COMP_KEY", 9);
		(void)var_set_array(sh, "COMP_WORDS", words);
	}
	for (int tries = 0; words != NULL && s != NULL && tries < 3; tries++) {
		compspec_clear(&now);
		compspec_copy(&now, s); /* its function may remove it */
		if (now.rules != NULL) {
			/* tcsh has blanks between words, and nothing else */
			struct array *blanks = split_line(r->line + r->first, r->cursor - r->first, "", &start);

			free(word);
			word = xstrdup(array_get(blanks, (struct array_key){ .index = array_end(blanks) - 1 }));
			if (!by_rules(sh, &now, blanks, r, ret))
				now.options |= SPEC_DEFAULT; /* files, as for any command */
			array_free(blanks);
			break;
		}
		current = &now;
		/* 124: the specification was replaced meanwhile */
		if (compgen_generate(sh, &now, command, word, before, ret) != 124)
			break;
		candidates_release(ret);
		s = spec_for(command);
	}
	current = NULL;
	if (now.rules != NULL) {
		r->start = r->first + start + r->kept;
		r->typed = strlen(word) - r->kept;
	} else {
		r->start = r->first + start;
		r->typed = strlen(word);
	}
	r->is_file = r->is_file || (now.options & SPEC_FILENAMES) != 0 || (now.actions & (1u << ACT_FILE | 1u << ACT_DIRECTORY)) != 0;
	r->is_plain = now.texts[SPEC_FUNCTION] != NULL && !r->is_file;
	r->no_space = r->no_space || (now.options & SPEC_NOSPACE) != 0;
	r->no_sort = (now.options & SPEC_NOSORT) != 0;
	free(command);
	free(word);
	free(before);
	to_files = ret->n == 0 && (now.options & (SPEC_DEFAULT | SPEC_BASHDEFAULT)) != 0;
	compspec_clear(&now);
	return words != NULL && !to_files;
}
