#include <config.h>

#include "shell/interact/place.h"

#include <string.h>

#include "shell/parser/at.h"
#include "shell/parser/chclass.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"

/* Words behind which a command begins, and the letters of those of their options that take a word. */
static const struct {
	char name[10], letters[12];
} heads[] = {
	{ "if", "" }, { "then", "" }, { "else", "" }, { "elif", "" }, { "while", "" }, { "until", "" }, { "do", "" }, { "!", "" }, { "{", "" },
	{ "time", "" }, { "coproc", "" }, { "sudo", "CDghpRrTtUu" }, { "doas", "Cu" }, { "env", "CSu" }, { "nohup", "" }, { "nice", "n" },
	{ "exec", "a" }, { "command", "" }, { "builtin", "" }, { "setsid", "" }, { "stdbuf", "eio" }, { "xargs", "adEILnPs" }, { "noglob", "" },
};

enum { N_HEADS = sizeof(heads) / sizeof(heads[0]) };

/* The number of the one that a word is; N_HEADS: it is none. */
static size_t head_at(const char *s, size_t len)
{
	size_t i = 0;

	while (i < N_HEADS && (strlen(heads[i].name) != len || memcmp(heads[i].name, s, len) != 0))
		i++;
	return i;
}

size_t place_assigned(const char *s, size_t len)
{
	const char *eq = memchr(s, '=', len);
	size_t n = name_length(s);

	if (eq == NULL)
		return 0;
	if (*s == '-' || (n != 0 && (s[n] == '=' || s[n] == '[' || (s[n] == '+' && s[n + 1] == '='))))
		return (size_t)(eq + 1 - s);
	return 0;
}

bool place_is_command(const struct place *p)
{
	return !p->has_command && !p->is_file && !p->is_argument;
}

/* A word has ended: where the command is looked for behind it. */
static void pass_word(struct place *p, const char *line, size_t end)
{
	const char *s = line + p->word;
	size_t len = end - p->word;

	if (p->in_condition && len == 2 && memcmp(s, "]]", 2) == 0)
		p->in_condition = false;
	if (len == 0 || p->is_file || p->has_command)
		return;
	if (p->is_argument) {
		p->is_argument = false;
		p->command = end;
		return;
	}
	if (at_is_place(s, len, line + end, line + end + strlen(line + end))) {
		p->command = end;
		return;
	}
	if (place_assigned(s, len) != 0 || head_at(s, len) < N_HEADS) {
		if (head_at(s, len) < N_HEADS) {
			p->head = p->word;
			p->letters = heads[head_at(s, len)].letters;
		}
		p->command = end;
		return;
	}
	if (*s == '-' && p->command != p->word) {
		p->is_argument = p->letters != NULL && s[1] != '-' && strchr(p->letters, s[len - 1]) != NULL;
		p->command = end;
		return;
	}
	p->command = p->word;
	p->has_command = true;
	p->in_condition = len == 2 && memcmp(s, "[[", 2) == 0;
}

static void begin_part(struct place *p, size_t at)
{
	p->part = at;
	p->part_quote = p->quote;
}

/* Is the operator at the place one of a redirection: also the & of >&, <& and &>, and the | of >|? */
static bool redirects_at(const char *line, size_t at)
{
	char c = line[at], before = at != 0 ? line[at - 1] : '\0';

	return c == '<' || c == '>' || (c == '&' && (before == '<' || before == '>' || line[at + 1] == '>')) || (c == '|' && before == '>');
}

/* A command begins there. */
static void begin_command(struct place *p, size_t at)
{
	p->has_command = p->is_argument = p->is_file = p->in_condition = p->is_value = p->is_arithmetic = false;
	p->letters = NULL;
	p->command = p->word = at;
	begin_part(p, at);
}

/* May an operator, or a newline, begin a command? In [[ … ]] and its like they are parts of it. */
static bool is_among_values(const struct place *p, char c)
{
	return p->is_value || p->is_arithmetic || (p->in_condition && c != ';' && c != '\n');
}

/* A blank or an operator ends the word, and perhaps the command. */
static void pass_end(struct place *p, const char *line, size_t at)
{
	char c = line[at];
	bool redirects = redirects_at(line, at), blank = ch_is(c, CH_BLANK), empty = at == p->word, among;

	if (c == '&' || c == '|' || !redirects || strspn(line + p->word, "0123456789") != at - p->word) /* else it is a descriptor */
		pass_word(p, line, at);
	among = is_among_values(p, c);
	if (!redirects && !blank && !among) {
		begin_command(p, at + 1);
		return;
	}
	p->is_file = !among && (redirects || (p->is_file && blank && empty));
	p->word = at + 1;
	begin_part(p, p->word);
}

/* ---- parentheses ---- */

static void push(struct place *p, enum place_kind kind)
{
	if (p->n == PLACE_LEVELS) {
		p->deeper++;
		return;
	}
	p->around[p->n++] = (struct place_level){ (uint32_t)p->command, (uint32_t)p->word, (uint32_t)p->part, (uint32_t)p->head,
						  p->letters, p->part_quote, (unsigned char)kind, p->is_file, p->has_command,
						  p->is_argument, p->in_condition, p->is_value, p->is_arithmetic };
}

static void pop(struct place *p)
{
	const struct place_level *l = &p->around[p->n - 1];

	if (p->deeper != 0) {
		p->deeper--;
		return;
	}
	p->n--;
	p->command = l->command;
	p->word = l->word;
	p->part = l->part;
	p->head = l->head;
	p->letters = l->letters;
	p->part_quote = l->part_quote;
	p->is_file = l->is_file;
	p->has_command = l->has_command;
	p->is_argument = l->is_argument;
	p->in_condition = l->in_condition;
	p->is_value = l->is_value;
	p->is_arithmetic = l->is_arithmetic;
}

static bool is_kind(const struct place *p, enum place_kind kind)
{
	return p->n != 0 && p->around[p->n - 1].kind == kind;
}

/* What the parenthesis begins; `end` is what is known of the line. */
static enum place_kind kind_of(const struct place *p, const char *line, size_t at, size_t end)
{
	char before = at > 0 ? line[at - 1] : '\0';
	bool twice = at + 1 < end && line[at + 1] == '(';

	if (before == '$')
		return twice ? PLACE_ARITHMETIC : PLACE_COMMANDS;
	if (p->in_condition || p->is_value || p->is_arithmetic)
		return PLACE_VALUES;
	if (before == '<' || before == '>')
		return PLACE_COMMANDS;
	if (at == p->word && twice && (!p->has_command || strncmp(line + p->command, "for", 3) == 0))
		return PLACE_ARITHMETIC;
	if (at > p->word && before == '=' && place_assigned(line + p->word, at - p->word) == at - p->word)
		return PLACE_VALUES;
	return at > p->word && p->has_command && strchr("?*+@!", before) != NULL ? PLACE_VALUES : PLACE_LIST;
}

/* Returns where it goes on. */
static size_t open_parenthesis(struct place *p, const char *line, size_t at, size_t end)
{
	enum place_kind kind = kind_of(p, line, at, end);

	push(p, kind);
	if (kind == PLACE_LIST || kind == PLACE_COMMANDS) {
		begin_command(p, at + 1);
		return at + 1;
	}
	at += kind == PLACE_ARITHMETIC ? 2 : 1;
	if (kind == PLACE_ARITHMETIC)
		p->is_arithmetic = true;
	else if (!p->in_condition && !p->is_arithmetic)
		p->is_value = true;
	p->has_command = true;
	p->is_file = p->is_argument = false;
	p->word = at;
	begin_part(p, at);
	return at;
}

static size_t close_parenthesis(struct place *p, const char *line, size_t at, size_t end)
{
	bool arithmetic = is_kind(p, PLACE_ARITHMETIC);

	if (p->n == 0 || is_kind(p, PLACE_BACKQUOTE)) { /* a pattern of case */
		begin_command(p, at + 1);
		return at + 1;
	}
	if (is_kind(p, PLACE_LIST)) {
		pop(p);
		begin_command(p, at + 1);
		return at + 1;
	}
	pop(p);
	return at + 1 + (arithmetic && at + 1 < end && line[at + 1] == ')');
}

static void pass_backquote(struct place *p, size_t at)
{
	if (is_kind(p, PLACE_BACKQUOTE)) {
		pop(p);
		return;
	}
	push(p, PLACE_BACKQUOTE);
	begin_command(p, at + 1);
}

static size_t step_quoted(struct place *p, const char *line, size_t at, size_t end)
{
	char c = line[at];

	if (c == p->quote)
		p->quote = '\0';
	else if (c == '\\' && (p->quote == '"' || p->is_escaped) && at + 1 < end)
		return at + 2;
	else if (c == '/')
		begin_part(p, at + 1);
	return at + 1;
}

size_t place_step(struct place *p, const char *line, size_t at, size_t end)
{
	char c = line[at];

	if (p->is_comment) {
		p->is_comment = c != '\n';
		if (p->is_comment)
			return at + 1;
	}
	if (p->quote != '\0')
		return step_quoted(p, line, at, end);
	if (c == '\\' && at + 1 < end)
		return at + 2;
	if (c == '#' && at == p->word && !p->is_arithmetic) {
		p->is_comment = true;
	} else if (c == '\'' || c == '"') {
		p->quote = c;
		p->is_escaped = c == '\'' && p->behind_dollar == at && at != 0;
	} else if (c == '$' && (p->behind_dollar != at || at == 0)) { /* not the second of $$ */
		p->behind_dollar = at + 1;
	} else if (c == '/' || (c == ':' && place_assigned(line + p->word, at - p->word) != 0)) {
		begin_part(p, at + 1);
	} else if (c == '=' && place_assigned(line + p->word, at + 1 - p->word) != 0 && place_assigned(line + p->word, at - p->word) == 0) {
		begin_part(p, at + 1);
	} else if (c == '(') {
		return open_parenthesis(p, line, at, end);
	} else if (c == ')') {
		return close_parenthesis(p, line, at, end);
	} else if (c == '`') {
		pass_backquote(p, at);
	} else if (ch_is(c, CH_ENDS_WORD)) {
		pass_end(p, line, at);
	}
	return at + 1;
}

struct place place_find(const char *line, size_t end)
{
	struct place p = { 0 };

	for (size_t i = 0; i < end;)
		i = place_step(&p, line, i, end);
	if (!p.has_command)
		p.command = p.word;
	return p;
}

struct place place_in_body(const char *line, size_t end)
{
	struct place p = { .is_file = true };

	for (size_t i = 0; i < end; i++)
		if (ch_is(line[i], CH_BLANK) || line[i] == '\n')
			p.word = p.part = i + 1;
		else if (line[i] == '/')
			p.part = i + 1;
	return p;
}

size_t place_command_end(const char *line, size_t at)
{
	size_t end = strlen(line), i = 0;
	struct place p = { 0 };
	unsigned n;

	while (i < at)
		i = place_step(&p, line, i, end);
	for (n = p.n; i < end; i = place_step(&p, line, i, end)) {
		char c = line[i];
		bool plain = p.quote == '\0' && !p.is_comment && p.n <= n, ends = strchr(";|&\n", c) != NULL && !is_among_values(&p, c);

		if (plain && (ends || (c == ')' && p.n != 0) || (c == '`' && is_kind(&p, PLACE_BACKQUOTE))))
			break;
	}
	return i;
}

/* ---- what is open ---- */

enum { OPEN_MAX = 32 };

static const struct {
	char begin[8], end[8];
} pairs[] = {
	{ "if", "fi" }, { "for", "done" }, { "while", "done" }, { "until", "done" }, { "select", "done" }, { "case", "esac" }, { "{", "}" },
};

enum { N_PAIRS = sizeof(pairs) / sizeof(pairs[0]) };

static bool is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

/* A word of a command: it may open something, or close what was opened last. */
static void look_at_word(const char *s, size_t len, unsigned char *open, size_t *n)
{
	if (*n != 0 && is_word(s, len, pairs[open[*n - 1]].end)) {
		--*n;
		return;
	}
	for (unsigned char i = 0; i < N_PAIRS && *n < OPEN_MAX; i++)
		if (is_word(s, len, pairs[i].begin)) {
			open[(*n)++] = i;
			return;
		}
}

char *place_open(const char *text)
{
	size_t end = strlen(text), n = 0;
	unsigned char open[OPEN_MAX];
	struct strbuf b = { 0 };
	struct place p = { 0 };

	for (size_t i = 0; i < end;) {
		if (p.quote == '\0' && !p.is_comment && ch_is(text[i], CH_ENDS_WORD) && i > p.word && place_is_command(&p))
			look_at_word(text + p.word, i - p.word, open, &n);
		i = place_step(&p, text, i, end);
	}
	strbuf_adds(&b, "");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&b, "%s%s", i != 0 ? " " : "", pairs[open[i]].begin);
	if (p.quote != '\0')
		strbuf_addf(&b, "%s%s", n != 0 ? " " : "", p.quote == '"' ? "dquote" : "quote");
	return b.len != 0 ? strbuf_take(&b) : NULL;
}
