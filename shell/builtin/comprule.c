#include <config.h>

#include "shell/builtin/comprule.h"

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/compgen.h"
#include "shell/expand/pattern.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"

bool comprule_is(const char *s)
{
	return s[0] != '\0' && strchr("cCnNp", s[0]) != NULL && s[1] != '\0' && strchr("/,:;@#%+=|!~", s[1]) != NULL &&
	       strchr(s + 2, s[1]) != NULL;
}

/* A rule taken apart; the texts are in its copy. */
struct rule {
	char word;
	char *pattern, *list, *select; /* select NULL: none */
	const char *suffix;	       /* NULL: the usual one */
};

/* Where a list ends: at the divider, but not in parentheses or backquotes. */
static char *list_end(char *s, char divider)
{
	bool quoted = false;
	int depth = 0;

	for (; *s != '\0' && (*s != divider || depth != 0 || quoted); s++) {
		quoted ^= *s == '`';
		depth += !quoted && *s == '(' ? 1 : !quoted && *s == ')' && depth != 0 ? -1 : 0;
	}
	return s;
}

static bool parse(char *s, struct rule *ret)
{
	char divider = s[1], *end;

	*ret = (struct rule){ .word = s[0], .pattern = s + 2 };
	end = strchr(s + 2, divider);
	if (end == NULL)
		return false;
	*end = '\0';
	ret->list = end + 1;
	end = list_end(ret->list, divider);
	if (*end != '\0') {
		*end = '\0';
		s = strchr(end + 1, divider);
		if (s != NULL) {
			*s = '\0';
			ret->suffix = end + 1;
		}
	}
	end = list_end(ret->list, ':');
	if (*end != '\0') {
		*end = '\0';
		ret->select = end + 1;
	}
	return true;
}

/* n, n-, -n, n-m, or *: is the word in the range? */
static bool in_range(const char *pattern, size_t at)
{
	char *end;
	unsigned long first, last;

	if (strcmp(pattern, "*") == 0)
		return true;
	first = strtoul(pattern, &end, 10);
	if (*end == '\0' && end != pattern)
		return at == first;
	if (*end != '-')
		return false;
	last = end[1] != '\0' ? strtoul(end + 1, &end, 10) : (unsigned long)-1;
	return at >= first && at <= last;
}

/* The length of the shortest beginning of the word that the pattern matches; -1: none. */
static long matched(const char *pattern, const char *word)
{
	for (size_t n = 0; n <= strlen(word); n++)
		if (pattern_match(pattern, word, n))
			return (long)n;
	return -1;
}

/* Does the rule fit the last word? Then *kept is what of it stays. */
static bool fits(const struct rule *r, const struct comprule_request *q, size_t *kept)
{
	const char *word = q->words[q->n - 1];
	long n;

	*kept = 0;
	switch (r->word) {
	case 'p':
		return in_range(r->pattern, q->n - 1);
	case 'n':
		return q->n > 1 && pattern_match(r->pattern, q->words[q->n - 2], strlen(q->words[q->n - 2]));
	case 'N':
		return q->n > 2 && pattern_match(r->pattern, q->words[q->n - 3], strlen(q->words[q->n - 3]));
	default:
		n = matched(r->pattern, word);
		*kept = n > 0 && r->word == 'c' ? (size_t)n : 0;
		return n >= 0;
	}
}

/* The actions of compgen that tcsh's letters stand for; 0: it is none of them. */
static uint32_t actions_of(char letter)
{
	static const struct {
		char letter;
		unsigned char action;
	} letters[] = {
		{ 'a', ACT_ALIAS }, { 'c', ACT_COMMAND }, { 'd', ACT_DIRECTORY }, { 'e', ACT_EXPORT }, { 'f', ACT_FILE }, { 't', ACT_FILE },
		{ 'g', ACT_GROUP }, { 'j', ACT_JOB }, { 's', ACT_VARIABLE }, { 'v', ACT_VARIABLE }, { 'S', ACT_SIGNAL }, { 'u', ACT_USER },
		{ 'C', ACT_COMMAND }, { 'D', ACT_DIRECTORY }, { 'F', ACT_FILE }, { 'T', ACT_FILE },
	};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i].letter == letter)
			return 1u << letters[i].action;
	return 0;
}

/* The words of a list that is one: (a b), $var, `command`. False: it is a letter. */
static bool add_words(struct shell *sh, char *list, const char *word, struct candidates *ret)
{
	struct compspec s = { 0 };
	size_t len = strlen(list);

	if (*list == '(' && len > 1) {
		list[len - 1] = '\0';
		list++;
	} else if (*list != '$' && *list != '`') {
		return false;
	}
	s.texts[SPEC_WORDS] = list;
	(void)compgen_generate(sh, &s, "", word, "", ret);
	return true;
}

/* Names below the directory that a letter in capitals has: D:/usr. */
static void add_below(struct shell *sh, const struct rule *r, const char *word, struct candidates *ret)
{
	struct compspec s = { .actions = actions_of(*r->list) };
	struct candidates all = { 0 };
	struct strbuf path = { 0 };
	size_t len;

	strbuf_addf(&path, "%s%s", r->select, r->select[0] != '\0' && r->select[strlen(r->select) - 1] != '/' ? "/" : "");
	len = path.len;
	strbuf_adds(&path, word);
	(void)compgen_generate(sh, &s, "", path.s, "", &all);
	for (size_t i = 0; i < all.n; i++)
		candidates_add(ret, all.v[i] + len);
	candidates_release(&all);
	strbuf_release(&path);
}

static void generate(struct shell *sh, const struct rule *r, const char *word, struct candidates *ret, bool *is_file)
{
	struct compspec s = { .actions = actions_of(*r->list) };
	struct strbuf filter = { 0 };

	*is_file = strchr("dftDFT", *r->list) != NULL && *r->list != '\0';
	if (add_words(sh, r->list, word, ret) || s.actions == 0) /* x and n: nothing, and others that are not here */
		return;
	if (r->select != NULL && strchr("CDFT", *r->list) != NULL) {
		add_below(sh, r, word, ret);
		return;
	}
	if (r->select != NULL && *r->list != 'f' && *r->list != 't')
		strbuf_addf(&filter, "!%s", r->select);
	else if (r->select != NULL) /* directories may have such files */
		strbuf_addf(&filter, "!@(%s|*/)", r->select);
	s.texts[SPEC_FILTER] = filter.s;
	(void)compgen_generate(sh, &s, "", word, "", ret);
	strbuf_release(&filter);
}

bool comprule_find(struct shell *sh, const char *rules, struct comprule_request *q, struct candidates *ret)
{
	bool found = false;

	for (const char *s = rules; *s != '\0' && !found; s += strcspn(s, "\n"), s += *s == '\n') {
		char *copy = xstrndup(s, strcspn(s, "\n"));
		struct rule r;

		found = parse(copy, &r) && fits(&r, q, &q->kept);
		if (found) {
			generate(sh, &r, q->words[q->n - 1] + q->kept, ret, &q->is_file);
			q->plain = r.suffix == NULL;
			q->suffix = r.suffix != NULL ? *r.suffix : '\0';
		}
		free(copy);
	}
	return found;
}
