#include <config.h>

#include "shell/interact/quoting.h"

#include <string.h>

#include "shell/parser/chclass.h"

static void push(struct quoting *q, char c)
{
	if (q->n < QUOTING_DEPTH)
		q->open[q->n++] = c;
}

/* Does a line of a here-document, from s on, say its end? */
static bool ends_document(const struct quoting *q, const char *s, size_t len)
{
	const char *end = q->documents[0].end;

	for (; q->documents[0].tabs && len != 0 && *s == '\t'; len--)
		s++;
	return strlen(end) == len && memcmp(s, end, len) == 0;
}

/* A whole line of a here-document. */
static size_t pass_document_line(struct quoting *q, const char *s, size_t at, size_t end)
{
	const char *newline = memchr(s + at, '\n', end - at);
	size_t next = newline != NULL ? (size_t)(newline - s) : end;

	if (ends_document(q, s + at, next - at)) {
		memmove(q->documents, q->documents + 1, sizeof(q->documents) - sizeof(q->documents[0]));
		q->n_documents--;
		q->in_document = q->n_documents != 0;
	}
	return next < end ? next + 1 : end;
}

/* Behind << : the word that ends the document, without its quotes. */
static size_t begin_document(struct quoting *q, const char *s, size_t at, size_t end)
{
	bool tabs = at < end && s[at] == '-';
	char quote = '\0', *word = q->n_documents < QUOTING_DOCUMENTS ? q->documents[q->n_documents].end : NULL;
	size_t n = 0;

	at += tabs;
	while (at < end && ch_is(s[at], CH_BLANK))
		at++;
	for (; at < end && s[at] != '\n' && (quote != '\0' || !ch_is(s[at], CH_ENDS_WORD)); at++) {
		if (s[at] == quote || (quote == '\0' && (s[at] == '\'' || s[at] == '"')))
			quote = quote != '\0' ? '\0' : s[at];
		else if (s[at] == '\\' && quote != '\'' && at + 1 < end)
			at++;
		if (word != NULL && n + 1 < QUOTING_WORD && s[at] != '\'' && s[at] != '"')
			word[n++] = s[at];
	}
	if (word != NULL && n != 0) {
		word[n] = '\0';
		q->documents[q->n_documents++].tabs = tabs;
	}
	return at;
}

static size_t step_quoted(struct quoting *q, const char *s, size_t at, size_t end)
{
	char quote = quoting_now(q), c = s[at];

	if (c == '\\' && quote != '\'' && at + 1 < end)
		return at + 2;
	if (c == (quote == '$' ? '\'' : quote)) {
		q->n--;
	} else if (quote == '"' && c == '$' && at + 1 < end && s[at + 1] == '(') {
		push(q, at + 2 < end && s[at + 2] == '(' ? '+' : '(');
		return at + 2;
	} else if (quote == '"' && c == '`') {
		push(q, c);
	}
	return at + 1;
}

static void close_parenthesis(struct quoting *q)
{
	if (q->n != 0 && strchr("(+", quoting_now(q)) != NULL)
		q->n--;
}

/* What stands in no quotes. */
static size_t step_plain(struct quoting *q, const char *s, size_t at, size_t end)
{
	char c = s[at], next = at + 1 < end ? s[at + 1] : '\0';
	bool was_word = q->in_word;

	q->in_word = !ch_is(c, CH_ENDS_WORD);
	if (c == '\\' && next != '\0')
		return at + 2;
	if (c == '#' && !was_word)
		q->is_comment = true;
	else if (c == '$' && next == '\'')
		push(q, '$');
	else if (c == '\'' || c == '"' || (c == '`' && quoting_now(q) != '`'))
		push(q, c);
	else if (c == '(')
		push(q, next == '(' || quoting_now(q) == '+' ? '+' : '(');
	else if (c == ')')
		close_parenthesis(q);
	else if (c == '`')
		q->n--;
	else if (c == '<' && next == '<' && at + 2 < end && s[at + 2] == '<')
		return at + 3;
	else if (c == '<' && next == '<' && quoting_now(q) != '+')
		return begin_document(q, s, at + 2, end);
	else if (c == '\n')
		q->in_document = q->n_documents != 0;
	return at + 1 + (c == '$' && next == '\'');
}

size_t quoting_step(struct quoting *q, const char *s, size_t at, size_t end)
{
	char quote = quoting_now(q);

	if (q->in_document)
		return pass_document_line(q, s, at, end);
	if (q->is_comment) {
		q->is_comment = s[at] != '\n';
		if (q->is_comment)
			return at + 1;
	}
	return quote == '\'' || quote == '"' || quote == '$' ? step_quoted(q, s, at, end) : step_plain(q, s, at, end);
}
