#include <config.h>

#include "shell/expand/pattern.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "shell/expand/locale.h"

/* One character at s: its width in bytes and its value; a bad byte stands for itself. */
static size_t get_char(const char *s, const char *end, wint_t *ret)
{
	unsigned char c = (unsigned char)*s;
	mbstate_t st = { 0 };
	wchar_t w;
	size_t n;

	if (c < 0x80) {
		*ret = c;
		return 1;
	}
	locale_need();
	if (MB_CUR_MAX == 1) {
		*ret = c;
		return 1;
	}
	n = mbrtowc(&w, s, (size_t)(end - s), &st);
	if (n == (size_t)-1 || n == (size_t)-2 || n == 0) {
		*ret = 0xdc00u + c; /* no character's code: equal only to the same bad byte */
		return 1;
	}
	*ret = (wint_t)w;
	return n;
}

/* Behind [:name:], [.x.] or [=x=] that begins at p; NULL: it has no end. */
static const char *skip_class(const char *p, const char *end, char kind)
{
	for (p += 2; end - p >= 2; p++)
		if (p[0] == kind && p[1] == ']')
			return p + 2;
	return NULL;
}

/* The end of a bracket expression that begins at p, or NULL: then `[` is itself. */
static const char *bracket_end(const char *p, const char *end)
{
	p++;
	if (p < end && (*p == '!' || *p == '^'))
		p++;
	if (p < end && *p == ']')
		p++;
	while (p < end && *p != ']') {
		const char *q = NULL;

		if (*p == '[' && end - p > 1 && (p[1] == ':' || p[1] == '.' || p[1] == '='))
			q = skip_class(p, end, p[1]);
		if (*p == '\\' && end - p > 1)
			p++;
		p = q != NULL ? q : p + 1;
	}
	return p < end ? p + 1 : NULL;
}

/* A longer name of a class is none of the locale's: it matches nothing, as any unknown one. */
enum { CLASS_NAME_ROOM = 32 };

static bool in_class(const char *name, size_t len, wint_t c)
{
	char buf[CLASS_NAME_ROOM];

	if (len >= sizeof(buf))
		return false;
	locale_need();
	memcpy(buf, name, len);
	buf[len] = '\0';
	return iswctype(c, wctype(buf)) != 0;
}

static int collate(wint_t a, wint_t b)
{
	return (a > b) - (a < b); /* by code point, as in the POSIX locale */
}

/* Reads one end of a range, or one member of the set; returns what follows it. */
static const char *member(const char *p, const char *end, wint_t *ret)
{
	if (*p == '[' && end - p > 1 && (p[1] == '.' || p[1] == '=')) {
		const char *q = skip_class(p, end, p[1]);

		if (q != NULL && q - p > 4) {
			get_char(p + 2, q - 2, ret);
			return q;
		}
	}
	if (*p == '\\' && end - p > 1)
		p++;
	return p + get_char(p, end, ret);
}

/* Whether c is in the set between p, behind `[`, and end, at `]`. */
static bool bracket_match(const char *p, const char *end, wint_t c)
{
	bool negate = *p == '!' || *p == '^', found = false;

	if (negate)
		p++;
	while (p < end) {
		wint_t lo, hi;

		if (*p == '[' && end - p > 1 && p[1] == ':') {
			const char *q = skip_class(p, end, ':');

			if (q != NULL) {
				found |= in_class(p + 2, (size_t)(q - p) - 4, c);
				p = q;
				continue;
			}
		}
		p = member(p, end, &lo);
		hi = lo;
		if (end - p > 1 && *p == '-')
			p = member(p + 1, end, &hi);
		found |= collate(lo, c) <= 0 && collate(c, hi) <= 0;
	}
	return found != negate;
}

/*
 * Matches one element of the pattern that is not a star against the character at s.
 * Returns the bytes of s it takes, 0 for no match; *pat moves behind the element.
 */
static inline size_t match_one(const char **pat, const char *pat_end, const char *s, const char *end)
{
	const char *p = *pat;
	wint_t c, pc;
	size_t n = get_char(s, end, &c);

	if (*p == '?') {
		*pat = p + 1;
		return n;
	}
	if (*p == '[') {
		const char *q = bracket_end(p, pat_end);

		if (q != NULL) {
			*pat = q;
			return bracket_match(p + 1, q - 1, c) ? n : 0;
		}
	}
	if (*p == '\\' && pat_end - p > 1)
		p++;
	*pat = p + get_char(p, pat_end, &pc);
	return pc == c ? n : 0;
}

/* ---- bash's groups: ?(…) *(…) +(…) @(…) !(…) ---- */

/* Behind the `)` of the group that begins at p; NULL: none begins there. */
static const char *group_end(const char *p, const char *end)
{
	int depth = 0;

	if (end - p < 3 || p[1] != '(' || strchr("?*+@!", *p) == NULL)
		return NULL;
	for (p++; p < end; p++) {
		const char *q = *p == '[' ? bracket_end(p, end) : NULL;

		if (q != NULL)
			p = q - 1;
		else if (*p == '\\' && end - p > 1)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return NULL;
}

static bool has_group(const char *pat)
{
	const char *end = pat + strlen(pat);

	if (strchr(pat, '(') == NULL)
		return false;
	for (; pat < end; pat++) {
		if (*pat == '\\' && end - pat > 1)
			pat++;
		else if (group_end(pat, end) != NULL)
			return true;
	}
	return false;
}

static bool match_groups(const char *p, const char *pat_end, const char *s, const char *end);

/* Does one of the alternatives between p, behind the `(`, and close, at the `)`, match all of s? */
static bool match_any(const char *p, const char *close, const char *s, const char *end)
{
	const char *from = p;
	int depth = 0;

	for (;; p++) {
		if (p == close || (*p == '|' && depth == 0)) {
			if (match_groups(from, p, s, end))
				return true;
			if (p == close)
				return false;
			from = p + 1;
			continue;
		}
		if (*p == '\\' && close - p > 1)
			p++;
		else
			depth += (*p == '(') - (*p == ')');
	}
}

/* *(…) and +(…): the places that any number of matches in a row can reach. */
static bool match_repeated(const char *p, const char *close, const char *pat_end, const char *s, const char *end)
{
	size_t n = (size_t)(end - s);
	bool *reached = calloc(n + 1, sizeof(*reached)), found = false;
	wint_t c;

	if (reached == NULL)
		return false;
	reached[0] = true;
	for (size_t i = 0; i <= n && !found; i++) {
		if (!reached[i])
			continue;
		/* +(…) wants one, if only an empty one */
		found = (i != 0 || *p == '*' || match_any(p + 2, close, s, s)) && match_groups(close + 1, pat_end, s + i, end);
		for (size_t k = i; k < n && !found;) {
			k += get_char(s + k, end, &c);
			reached[k] = reached[k] || match_any(p + 2, close, s + i, s + k);
		}
	}
	free(reached);
	return found;
}

/* A group at p, up to close, then the rest. */
static bool match_group(const char *p, const char *close, const char *pat_end, const char *s, const char *end)
{
	wint_t c;

	if (*p == '*' || *p == '+')
		return match_repeated(p, close, pat_end, s, end);
	if (*p == '?' && match_groups(close + 1, pat_end, s, end))
		return true;
	for (const char *m = s;; m += get_char(m, end, &c)) {
		if (match_any(p + 2, close, s, m) != (*p == '!') && match_groups(close + 1, pat_end, m, end))
			return true;
		if (m == end)
			return false;
	}
}

/* Matches the whole of s, by trying: patterns with groups are short. */
static bool match_groups(const char *p, const char *pat_end, const char *s, const char *end)
{
	wint_t c;

	while (p < pat_end) {
		const char *close = group_end(p, pat_end);
		size_t n;

		if (close != NULL)
			return match_group(p, close - 1, pat_end, s, end);
		if (*p == '*') {
			for (const char *m = s;; m += get_char(m, end, &c)) {
				if (match_groups(p + 1, pat_end, m, end))
					return true;
				if (m == end)
					return false;
			}
		}
		n = s < end ? match_one(&p, pat_end, s, end) : 0;
		if (n == 0)
			return false;
		s += n;
	}
	return s == end;
}

/* True for ASCII characters that match themselves only. */
static bool is_plain(unsigned char c)
{
	return c < 0x80 && c != '*' && c != '?' && c != '[' && c != '\\' && c != '(';
}

/* True if [p, end) matches its own text only, in this encoding. */
static bool is_literal(const char *p, const char *end)
{
	if (!locale_is_bytewise())
		return p == end;
	while (p < end && *p != '*' && *p != '?' && *p != '[' && *p != '\\' && *p != '(')
		p++;
	return p == end;
}

/* The first or last place of a literal text in s; NULL: it is not there. */
static const char *find_literal(const char *s, size_t len, const char *lit, size_t n, bool last)
{
	if (!last)
		return memmem(s, len, lit, n);
	for (const char *p = s + len; len >= n; len--) {
		p = memrchr(s, lit[0], len - n + 1);
		if (p == NULL || memcmp(p, lit, n) == 0)
			return p;
		len = (size_t)(p - s) + n;
	}
	return NULL;
}

/*
 * Matches the whole of s. Only the last star needs to be tried again: an earlier one
 * could take no more than what a later one can skip, so this is O(pattern x string).
 */
bool pattern_match(const char *pat, const char *s, size_t len)
{
	const char *p = pat, *pat_end = pat + strlen(pat), *end = s + len;
	const char *star = NULL, *star_s = NULL;
	wint_t c;

	if (has_group(pat))
		return match_groups(pat, pat_end, s, end);
	for (;;) {
		if (p < pat_end && *p == '*') {
			star = ++p;
			star_s = s;
			if (is_literal(p, pat_end)) /* as in *.c */
				return end - s >= pat_end - p &&
				       memcmp(end - (pat_end - p), p, (size_t)(pat_end - p)) == 0;
			continue;
		}
		if (p < pat_end && s < end && is_plain((unsigned char)*p)) {
			if (*p == *s) {
				p++;
				s++;
				continue;
			}
			if (star == NULL)
				return false;
		}
		if (s == end && p == pat_end)
			return true;
		if (s < end && p < pat_end) {
			size_t n = match_one(&p, pat_end, s, end);

			if (n != 0) {
				s += n;
				continue;
			}
		}
		if (star == NULL || star_s == end)
			return false;
		star_s += get_char(star_s, end, &c);
		s = star_s;
		p = star;
	}
}

/* The text that a pattern without active characters matches (caller frees), or NULL. */
static char *literal_text(const char *pat)
{
	char *s, *out;

	if (pat[strcspn(pat, "*?[(")] != '\0' && pattern_is_active(pat))
		return NULL;
	s = out = malloc(strlen(pat) + 1);
	if (s == NULL)
		return NULL;
	while (*pat != '\0') {
		if (*pat == '\\' && pat[1] != '\0')
			pat++;
		*out++ = *pat++;
	}
	*out = '\0';
	return s;
}

/* How many characters a pattern without `*` matches; -1: it has one. */
static long fixed_length(const char *pat)
{
	const char *end = pat + strlen(pat), *close;
	long n = 0;
	wint_t c;

	for (; pat < end; n++) {
		if (*pat == '*' || group_end(pat, end) != NULL)
			return -1;
		if (*pat == '\\' && pat + 1 < end)
			pat++;
		else if (*pat == '[' && (close = bracket_end(pat, end)) != NULL)
			pat = close;
		pat += get_char(pat, end, &c);
	}
	return n;
}

/* The one length that a pattern without `*` can match at the beginning, or -1. */
static long fixed_prefix(const char *pat, const char *s, size_t len, long n)
{
	size_t i = 0;
	wint_t c;

	for (; n > 0 && i < len; n--)
		i += get_char(s + i, s + len, &c);
	return n == 0 && pattern_match(pat, s, i) ? (long)i : -1;
}

long pattern_prefix(const char *pat, const char *s, size_t len, bool longest)
{
	long fixed;

	char *lit = literal_text(pat);
	size_t i, n;
	wint_t c;

	if (lit != NULL) {
		n = strlen(lit);
		long r = n <= len && memcmp(s, lit, n) == 0 ? (long)n : -1;

		free(lit);
		return r;
	}
	n = strlen(pat);
	if (n > 1 && *pat == '*' && is_literal(pat + 1, pat + n)) { /* as in ${s##*sep} */
		const char *at = find_literal(s, len, pat + 1, n - 1, longest);

		return at != NULL ? (long)((size_t)(at - s) + n - 1) : -1;
	}
	fixed = fixed_length(pat);
	if (fixed >= 0)
		return fixed_prefix(pat, s, len, fixed);
	if (longest) {
		for (i = len + 1; i-- > 0;)
			if (pattern_match(pat, s, i))
				return (long)i;
		return -1;
	}
	for (i = 0;; i += get_char(s + i, s + len, &c)) {
		if (pattern_match(pat, s, i))
			return (long)i;
		if (i >= len)
			return -1;
	}
}

long pattern_suffix(const char *pat, const char *s, size_t len, bool longest)
{
	size_t i, n = strlen(pat);
	long best = -1;
	wint_t c;

	if (n > 1 && pat[n - 1] == '*' && is_literal(pat, pat + n - 1)) { /* as in ${s%%sep*} */
		const char *at = find_literal(s, len, pat, n - 1, !longest);

		return at != NULL ? (long)(len - (size_t)(at - s)) : -1;
	}
	for (i = 0;; i += get_char(s + i, s + len, &c)) {
		if (pattern_match(pat, s + i, len - i)) {
			if (longest)
				return (long)(len - i);
			best = (long)(len - i);
		}
		if (i >= len)
			return best;
	}
}

bool pattern_is_active(const char *pat)
{
	const char *end = pat + strlen(pat);

	for (; *pat != '\0'; pat++) {
		if (*pat == '\\' && pat[1] != '\0')
			pat++;
		else if (*pat == '*' || *pat == '?' || (*pat == '[' && bracket_end(pat, end) != NULL) || group_end(pat, end) != NULL)
			return true;
	}
	return false;
}
