#include <config.h>

#include "shell/builtin/comprule.h"

#include <stdlib.h>
#include <string.h>

#include "shell/expand/pattern.h"
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
	char divider, *end;

	if (!comprule_is(s)) /* another node said so */
		return false;
	divider = s[1];

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
		} else if (end[1] != '\0') { /* the last divider may be left out behind one */
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

/* tcsh's pattern as ours: {a,b} is @(a|b). *unlike: a ^ before it, so that it is for what it does not match. (Caller frees.) */
static char *translated(const char *pattern, bool *unlike)
{
	struct strbuf b = { 0 };
	int depth = 0;

	*unlike = *pattern == '^';
	for (const char *s = pattern + *unlike; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0') {
			strbuf_addc(&b, *s++);
			strbuf_addc(&b, *s);
		} else if (*s == '{' && strchr(s, '}') != NULL) {
			depth++;
			strbuf_adds(&b, "@(");
		} else if (depth != 0 && (*s == '}' || *s == ',')) {
			depth -= *s == '}';
			strbuf_addc(&b, *s == '}' ? ')' : '|');
		} else {
			strbuf_addc(&b, *s);
		}
	}
	return strbuf_take(&b);
}

/* The length of the longest beginning of the word, or with `whole` of the word, that the pattern is for; -1: it is not. */
static long matched(const char *pattern, const char *word, bool whole)
{
	bool unlike;
	char *ours = translated(pattern, &unlike);
	long n = (long)strlen(word), least = whole ? n : 0;

	while (n >= least && !pattern_match(ours, word, (size_t)n))
		n--;
	free(ours);
	if (unlike)
		return n >= least ? -1 : (long)strlen(word);
	return n >= least ? n : -1;
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
		return q->n > 1 && matched(r->pattern, q->words[q->n - 2], true) >= 0;
	case 'N':
		return q->n > 2 && matched(r->pattern, q->words[q->n - 3], true) >= 0;
	default:
		n = matched(r->pattern, word, false);
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
		{ 'g', ACT_GROUP }, { 'j', ACT_JOB }, { 's', ACT_VARIABLE }, { 'v', ACT_VARIABLE }, { 'S', ACT_SENT }, { 'u', ACT_USER },
		{ 'C', ACT_COMMAND }, { 'D', ACT_DIRECTORY }, { 'F', ACT_FILE }, { 'T', ACT_FILE },
	};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i].letter == letter)
			return 1u << letters[i].action;
	return 0;
}

/* The words of a list that is one: (a b), $var, `command`. NULL: it is a letter. */
static const char *words_of(char *list)
{
	size_t len = strlen(list);

	if (*list == '(' && len > 1) {
		list[len - 1] = '\0';
		return list + 1;
	}
	return *list == '$' || *list == '`' ? list : NULL;
}

static char *filter_of(const struct rule *r)
{
	struct strbuf b = { 0 };
	bool unlike;
	char *ours = translated(r->select, &unlike);

	if (unlike)
		strbuf_adds(&b, ours);
	else if (*r->list == 'f' || *r->list == 't') /* directories may have such files */
		strbuf_addf(&b, "!@(%s|*/)", ours);
	else
		strbuf_addf(&b, "!%s", ours);
	free(ours);
	return strbuf_take(&b);
}

/* What the rule makes of a word, as compgen knows it. */
static void make_spec(const struct rule *r, struct comprule_request *q)
{
	const char *words = words_of(r->list);
	bool has_slash = r->select != NULL && r->select[0] != '\0' && r->select[strlen(r->select) - 1] == '/';
	struct strbuf b = { 0 };

	q->is_file = *r->list != '\0' && strchr("dftDFT", *r->list) != NULL;
	if (words != NULL) {
		q->spec.texts[SPEC_WORDS] = xstrdup(words);
		return;
	}
	q->spec.actions = actions_of(*r->list); /* none: x and n, and others that are not here */
	if (r->select != NULL && q->spec.actions != 0 && strchr("CDFT", *r->list) != NULL) {
		strbuf_addf(&b, "%s%s", r->select, has_slash ? "" : "/");
		q->below = strbuf_take(&b);
	} else if (r->select != NULL && q->spec.actions != 0) {
		q->spec.texts[SPEC_FILTER] = filter_of(r);
	}
}

bool comprule_find(const char *rules, struct comprule_request *q)
{
	bool found = false;

	for (const char *s = rules; *s != '\0' && !found; s += strcspn(s, "\n"), s += *s == '\n') {
		char *copy = xstrndup(s, strcspn(s, "\n"));
		struct rule r;

		found = parse(copy, &r) && fits(&r, q, &q->kept);
		if (found) {
			make_spec(&r, q);
			q->plain = r.suffix == NULL;
			q->suffix = r.suffix != NULL ? *r.suffix : '\0';
		}
		free(copy);
	}
	return found;
}

void comprule_release(struct comprule_request *q)
{
	compspec_clear(&q->spec);
	free(q->below);
}
