#include <config.h>

#include "shell/interact/bang.h"

#include <stdlib.h>
#include <string.h>

#include "shell/expand/quote.h"
#include "shell/interact/quoting.h"
#include "shell/parser/chclass.h"
#include "shell/parser/strbuf.h"

enum { BANG_MAX = 1 << 20 }; /* bytes of a line: `!!!!` makes one twice as long, over and over */

/* A line while the references in it are replaced. */
struct bang {
	const struct hist *h;
	const char *p;	 /* what is left of the line */
	const char *begin; /* of this reference, for messages */
	struct strbuf out; /* the line so far */
	const char *searched; /* the text of `!?text?`, for `:%` */
	size_t searched_len;
	char *old, *new; /* of the last :s, for :& */
	bool braced; /* this reference is in !{…}, which ends it */
	bool print; /* :p was there */
	char *error;
};

struct word {
	const char *s;
	size_t len;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The message names the reference as far as it was read. Returns false. */
static bool fail(struct bang *b, const char *what)
{
	struct strbuf s = { 0 };
	size_t len = (size_t)(b->p - b->begin);

	strbuf_add(&s, b->begin, len != 0 ? len : 1);
	strbuf_addf(&s, ": %s", what);
	free(b->error);
	b->error = strbuf_take(&s);
	return false;
}

/* Cuts a line into words and operators; quoted text is kept together. Caller frees *ret. */
static size_t split(const char *s, struct word **ret)
{
	size_t n = 0, cap = 0;

	*ret = NULL;
	for (;;) {
		const char *start;
		char quote = '\0';

		s += strspn(s, " \t\n");
		start = s;
		if (*s == '\0')
			break;
		if (ch_is(*s, CH_OPERATOR)) {
			s += s[1] == s[0] ? 2 : 1;
		} else {
			for (; *s != '\0' && (quote != '\0' || !ch_is(*s, CH_ENDS_WORD)); s++) {
				if (*s == '\\' && quote != '\'' && s[1] != '\0')
					s++;
				else if (quote == *s)
					quote = '\0';
				else if (quote == '\0' && (*s == '\'' || *s == '"' || *s == '`'))
					quote = *s;
			}
		}
		if (n == cap) {
			cap = cap != 0 ? cap * 2 : 32;
			*ret = xreallocarray(*ret, cap, sizeof(**ret));
		}
		(*ret)[n++] = (struct word){ start, (size_t)(s - start) };
	}
	return n;
}

/* ---- events ---- */

/* The entry so many commands ago, 1 being the newest. */
static const char *event_back(struct bang *b, size_t back)
{
	size_t n = hist_count(b->h);

	return back >= 1 && back <= n ? hist_at(b->h, n - back)->text : NULL;
}

static const char *event_search(struct bang *b, const char *text, size_t len, bool anywhere)
{
	char *what = xstrndup(text, len);
	const struct hist_entry *e = hist_at(b->h, hist_find(b->h, hist_count(b->h) - 1, -1, what, !anywhere, NULL));

	free(what);
	return e != NULL ? e->text : NULL;
}

/* The history entry that b->p, behind the `!`, names. NULL: fail() was called. */
static const char *event(struct bang *b)
{
	const char *s = b->p, *text = NULL;
	size_t len;
	char *end;

	if (*s == '!') {
		b->p++;
		text = event_back(b, 1);
	} else if (strchr("$^*:", *s) != NULL) {
		text = event_back(b, 1); /* !$ is !!$ */
	} else if (is_digit(*s)) {
		unsigned long number = strtoull(s, &end, 10);
		const struct hist_entry *e = number <= UINT32_MAX ?
						     hist_at(b->h, hist_position(b->h, (uint32_t)number)) : NULL;

		b->p = end;
		text = e != NULL ? e->text : NULL;
	} else if (*s == '-' && is_digit(s[1])) {
		text = event_back(b, strtoull(s + 1, &end, 10));
		b->p = end;
	} else if (*s == '?') {
		len = strcspn(s + 1, "?\n");
		b->p = s + 1 + len + (s[1 + len] == '?');
		b->searched = s + 1;
		b->searched_len = len;
		text = event_search(b, s + 1, len, true);
	} else {
		len = strcspn(s, b->braced ? " \t\n:;&|<>()'\"`$*^}" : " \t\n:;&|<>()'\"`$*^");
		b->p = s + len;
		text = len != 0 ? event_search(b, s, len, false) : NULL;
	}
	if (text == NULL)
		fail(b, "event not found");
	return text;
}

/* ---- word designators ---- */

/* The number of a word: digits, ^, $ or %; false when there is none of them. */
static bool position(struct bang *b, const struct word *w, size_t n, size_t *ret)
{
	const char *s = b->p;
	char *end;

	if (is_digit(*s)) {
		*ret = strtoull(s, &end, 10);
		b->p = end;
		return true;
	}
	if (*s != '^' && *s != '$' && *s != '%')
		return false;
	b->p++;
	*ret = *s == '^' ? 1 : n - 1;
	if (*s == '%')
		for (*ret = 0; *ret + 1 < n; (*ret)++)
			if (memmem(w[*ret].s, w[*ret].len, b->searched, b->searched_len) != NULL)
				break;
	return true;
}

/* Appends the words of the entry that b->p designates, or all of it; false: fail() was called. */
static bool designate(struct bang *b, const char *text, struct strbuf *out)
{
	struct word *w;
	size_t n = split(text, &w), from = 0, to = n - 1;
	const char *before = b->p;
	bool ok = true, all = false;

	if (*b->p == ':')
		b->p++;
	if (*b->p == '*') {
		b->p++;
		from = 1;
		if (n <= 1)
			goto out; /* there are none, which is no error */
	} else if (*b->p == '-' && before != b->p) {
		b->p++;
		if (!position(b, w, n, &to))
			to = n >= 2 ? n - 2 : 0;
	} else if (position(b, w, n, &from)) {
		to = from;
		if (*b->p == '*') {
			b->p++;
			to = n - 1;
			if (from == n)
				goto out;
		} else if (*b->p == '-') {
			b->p++;
			if (!position(b, w, n, &to))
				to = n >= 2 ? n - 2 : 0;
		}
	} else {
		b->p = before; /* a modifier, or nothing */
		all = true;
	}
	if (all)
		strbuf_adds(out, text);
	else if (from > to || to >= n)
		ok = fail(b, "bad word specifier");
	else
		strbuf_add(out, w[from].s, (size_t)(w[to].s + w[to].len - w[from].s));
out:
	free(w);
	return ok;
}

/* ---- modifiers ---- */

static void substitute(struct bang *b, struct strbuf *s, bool global)
{
	struct strbuf out = { 0 };
	const char *at = strbuf_str(s), *hit;
	size_t n = strlen(b->old);

	while (n != 0 && (hit = strstr(at, b->old)) != NULL && out.len <= BANG_MAX) {
		strbuf_add(&out, at, (size_t)(hit - at));
		for (const char *r = b->new; *r != '\0' && out.len <= BANG_MAX; r++) { /* each & may be long */
			if (*r == '\\' && r[1] == '&')
				strbuf_addc(&out, *++r);
			else if (*r == '&')
				strbuf_adds(&out, b->old);
			else
				strbuf_addc(&out, *r);
		}
		at = hit + n;
		if (!global)
			break;
	}
	strbuf_adds(&out, at);
	strbuf_release(s);
	*s = out;
}

/* old and new between delimiters; an empty old is the last one. */
static bool read_pair(struct bang *b)
{
	char delimiter = *b->p, **to[2] = { &b->old, &b->new };

	if (delimiter == '\0' || delimiter == '\n')
		return fail(b, "bad substitution");
	for (int i = 0; i < 2; i++) {
		struct strbuf s = { 0 };

		if (*b->p == delimiter)
			b->p++;
		for (; *b->p != '\0' && *b->p != '\n' && *b->p != delimiter; b->p++) {
			if (*b->p == '\\' && b->p[1] == delimiter)
				b->p++;
			strbuf_addc(&s, *b->p);
		}
		if (i == 1 || s.len != 0 || *to[i] == NULL) {
			free(*to[i]);
			*to[i] = xstrdup(strbuf_str(&s));
		}
		strbuf_release(&s);
	}
	if (*b->p == delimiter)
		b->p++;
	return true;
}

/* Keeps what is before the last such byte (head), or from it on but for `skip` bytes. */
static void cut(struct strbuf *s, char at, bool head, size_t skip)
{
	const char *text = strbuf_str(s), *hit = strrchr(text, at);
	char *keep;

	if (hit == NULL)
		return;
	keep = head ? xstrndup(text, (size_t)(hit - text)) : xstrdup(hit + skip);
	strbuf_clear(s);
	strbuf_adds(s, keep);
	free(keep);
}

/* The first small letter, or all of them, as a capital; or the other way round. */
static void change_case(struct strbuf *s, bool up, bool all)
{
	for (char *c = s->s; c != NULL && *c != '\0'; c++) {
		if (*c < (up ? 'a' : 'A') || *c > (up ? 'z' : 'Z'))
			continue;
		*c ^= 'a' ^ 'A';
		if (!all)
			break;
	}
}

static void quote(struct strbuf *s)
{
	char *quoted = quote_str(strbuf_str(s));

	strbuf_clear(s);
	strbuf_adds(s, quoted);
	free(quoted);
}

/* What a modifier makes of a text, or of one word; false: it is none of these. `over`: as often as it fits. */
static bool modify_word(struct strbuf *s, char c, bool over)
{
	size_t len;

	do {
		len = s->len;
		if (c == 'h')
			cut(s, '/', true, 0);
		else if (c == 't')
			cut(s, '/', false, 1);
		else if (c == 'r')
			cut(s, '.', true, 0);
		else if (c == 'e')
			cut(s, '.', false, 0);
	} while (over && s->len < len);
	if (c == 'u' || c == 'l')
		change_case(s, c == 'u', over);
	else if (c == 'q' || c == 'x')
		quote(s);
	return c != '\0' && strchr("htreulqx", c) != NULL;
}

/* As split(), but quotes and operators mean nothing. */
static size_t split_at_blanks(const char *s, struct word **ret)
{
	size_t n = 0;

	*ret = xreallocarray(NULL, strlen(s) / 2 + 1, sizeof(**ret));
	for (s += strspn(s, " \t\n"); *s != '\0'; s += strspn(s, " \t\n")) {
		(*ret)[n++] = (struct word){ s, strcspn(s, " \t\n") };
		s += strcspn(s, " \t\n");
	}
	return n;
}

/* Each of the words (csh's :g, and :x). */
static bool modify_words(struct strbuf *s, char c, bool over)
{
	const char *at = strbuf_str(s);
	struct strbuf out = { 0 };
	struct word *w;
	size_t n = c == 'x' ? split_at_blanks(at, &w) : split(at, &w);
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		struct strbuf word = { 0 };

		strbuf_add(&out, at, (size_t)(w[i].s - at));
		strbuf_add(&word, w[i].s, w[i].len);
		ok &= modify_word(&word, c, over);
		strbuf_adds(&out, strbuf_str(&word));
		strbuf_release(&word);
		at = w[i].s + w[i].len;
	}
	strbuf_adds(&out, at);
	free(w);
	strbuf_release(s);
	*s = out;
	return ok;
}

/* Applies the modifiers at b->p, which begin with colons. */
static bool modify(struct bang *b, struct strbuf *s)
{
	while (*b->p == ':') {
		bool words = false, over = false;
		char c = *++b->p;

		for (; c == 'g' || c == 'a'; c = *++b->p) { /* of :s each alone is all of them here, which is :ag there */
			words |= c == 'g';
			over |= c == 'a';
		}
		if (c != '\0')
			b->p++;
		if (c == 'p') {
			b->print = true;
		} else if (c == 's' || c == '&') {
			if (c == 's' && !read_pair(b))
				return false;
			if (b->old == NULL || strstr(strbuf_str(s), b->old) == NULL)
				return fail(b, "substitution failed");
			substitute(b, s, words || over);
			if (s->len > BANG_MAX)
				return fail(b, "too long");
		} else if (words || c == 'x' ? !modify_words(s, c, over) : !modify_word(s, c, over)) {
			return fail(b, "unknown modifier");
		} else if (s->len > BANG_MAX) { /* :q:q makes three quotes of one, over and over */
			return fail(b, "too long");
		}
	}
	return true;
}

/* ---- the line ---- */

/* What the reference behind the `!` stands for; false: fail() was called. */
static bool dereference(struct bang *b, struct strbuf *ret)
{
	const char *text;
	char *line;
	bool ok;

	if (*b->p != '#') {
		text = event(b);
		return text != NULL && designate(b, text, ret) && modify(b, ret);
	}
	line = xstrdup(strbuf_str(&b->out)); /* !# is the line so far */
	b->p++;
	ok = designate(b, line, ret) && modify(b, ret);
	free(line);
	return ok;
}

/* Replaces the reference whose `!` was read; false: fail() was called. */
static bool replace_reference(struct bang *b)
{
	struct strbuf s = { 0 };
	bool ok;

	b->braced = *b->p == '{';
	b->p += b->braced;
	ok = dereference(b, &s);
	if (ok && b->braced) {
		ok = *b->p == '}' || fail(b, "missing }");
		b->p += ok;
	}
	if (ok && b->out.len + s.len > BANG_MAX)
		ok = fail(b, "too long");
	if (ok)
		strbuf_adds(&b->out, strbuf_str(&s));
	strbuf_release(&s);
	return ok;
}

/* A line that is `^old^new^`, with modifiers and text behind it. */
static bool quick_substitution(struct bang *b)
{
	const char *text = event_back(b, 1);
	struct strbuf s = { 0 };
	bool ok = text != NULL || fail(b, "event not found");

	if (ok)
		strbuf_adds(&s, text);
	ok = ok && read_pair(b);
	if (ok && strstr(strbuf_str(&s), b->old) == NULL)
		ok = fail(b, "substitution failed");
	if (ok) {
		substitute(b, &s, false);
		ok = modify(b, &s);
	}
	if (ok && s.len > BANG_MAX)
		ok = fail(b, "too long");
	if (ok) {
		strbuf_adds(&b->out, strbuf_str(&s));
		strbuf_adds(&b->out, b->p);
	}
	strbuf_release(&s);
	return ok;
}

/*
 * Is the `!` at b->p, in what `q` says, a reference? `$!` is the last background job's number, `${!x}`, `[!a]` and `! cmd` are not ours either; nor
 * is what a script has in single quotes, a comment or a here-document.
 */
static bool is_reference(const struct bang *b, const struct quoting *q)
{
	const char next = b->p[1];
	const struct strbuf *out = &b->out;
	bool quoted = q->n != 0 && q->open[q->n - 1] == '"';

	if (q->in_document || q->is_comment || (q->n != 0 && strchr("'$", q->open[q->n - 1]) != NULL))
		return false;
	return next != '\0' && strchr(" \t\n=(", next) == NULL && !(quoted && next == '"') &&
	       (out->len == 0 || strchr("$[", out->s[out->len - 1]) == NULL) &&
	       (out->len < 2 || memcmp(out->s + out->len - 2, "${", 2) != 0);
}

/* The line up to its end. `changed`: there was a reference. */
static bool replace_references(struct bang *b, struct quoting *q, bool *changed)
{
	size_t end = strlen(b->p), next;

	for (const char *line = b->p; *b->p != '\0';) {
		size_t at = (size_t)(b->p - line);

		if (*b->p == '!' && is_reference(b, q)) {
			*changed = q->in_word = true;
			b->begin = b->p++;
			if (!replace_reference(b))
				return false;
			continue;
		}
		next = quoting_step(q, line, at, end);
		strbuf_add(&b->out, b->p, next - at);
		b->p = line + next;
	}
	return true;
}

enum bang_result bang_expand(const struct hist *h, const char *before, const char *line, char **ret)
{
	struct bang b = { .h = h, .p = line, .begin = line, .searched = "" };
	enum bang_result r = BANG_NONE;
	struct quoting q = { 0 };
	bool changed = false, ok;

	if (strchr(line, '!') == NULL && line[0] != '^')
		return BANG_NONE;
	for (size_t i = 0, end = strlen(before); i < end;)
		i = quoting_step(&q, before, i, end);
	if (line[0] == '^' && q.n == 0 && !q.in_document) {
		changed = true;
		ok = quick_substitution(&b);
	} else {
		ok = replace_references(&b, &q, &changed);
	}
	if (!ok) {
		*ret = b.error;
		r = BANG_ERROR;
	} else if (changed) {
		*ret = strbuf_take(&b.out);
		r = b.print ? BANG_PRINT : BANG_CHANGED;
	}
	strbuf_release(&b.out);
	free(b.old);
	free(b.new);
	return r;
}

bool bang_of_text(const struct hist *h, const char *text, char **ret)
{
	enum bang_result r = bang_expand(h, "", text, ret);

	if (r == BANG_NONE)
		*ret = xstrdup(text);
	return r != BANG_ERROR;
}
