#include <config.h>

#include "shell/interact/highlight.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/command.h"
#include "shell/exec/func.h"
#include "shell/expand/var.h"
#include "shell/interact/place.h"
#include "shell/interact/screen.h"
#include "shell/parser/alias.h"
#include "shell/parser/parser.h"

enum { LINE_MAX_STYLED = 8192 }; /* a paste of more is shown plainly: a key may cost no more than a millisecond */

bool highlight_is_command(struct shell *sh, const char *word)
{
	const char *path = var_text(sh, "PATH");

	if (parser_is_reserved(word) || strcmp(word, "time") == 0 || strcmp(word, "coproc") == 0 || alias_get(sh->aliases, word) != NULL || func_exists(sh, word) ||
	    cmd_builtin(sh, word) != NULL)
		return true;
	if (strchr(word, '/') != NULL)
		return access(word, X_OK) == 0;
	return path != NULL && cmd_find(sh, word, path) != NULL;
}

/* The word, with what follows it, may be one as far as can be known before it is expanded. */
static bool may_be_command(struct shell *sh, struct highlight *h, const char *s, size_t len)
{
	size_t i;
	char *word;

	if (*s == '-' || s[len] == '(' || s[len] == ')') /* an option of sudo's, a function, a pattern of case */
		return true;
	if (*s == '%' || s[len] == '<' || s[len] == '>') /* a job, a descriptor */
		return true;
	if (s[len] == ' ' && (s[len + 1] == '{' || s[len + 1] == '(')) /* the name of a coprocess, a function */
		return true;
	for (i = 0; i < len; i++)
		if (strchr("$`'\"\\*?[]{}~=!@+", s[i]) != NULL)
			return true;
	for (i = 0; i < HIGHLIGHT_WORDS; i++)
		if (h->known[i].word != NULL && strlen(h->known[i].word) == len && memcmp(h->known[i].word, s, len) == 0)
			return h->known[i].is_command;
	word = xstrndup(s, len);
	i = h->next++ % HIGHLIGHT_WORDS;
	free(h->known[i].word);
	h->known[i].word = word;
	h->known[i].is_command = highlight_is_command(sh, word);
	return h->known[i].is_command;
}

unsigned char *highlight_line(struct shell *sh, struct highlight *h, const char *line)
{
	size_t len = strlen(line), quote = 0;
	struct place p = { 0 }, before;
	unsigned char *styles;
	bool arithmetic = false;

	if (len > LINE_MAX_STYLED)
		return NULL;
	styles = xcalloc(len + 1, 1);
	for (size_t i = 0, next; i < len; i = next) {
		size_t end;

		before = p;
		next = place_step(&p, line, i, len);
		if (p.is_comment)
			styles[i] = STYLE_HINT;
		if (before.quote == '\0' && p.quote != '\0')
			quote = i;
		if (before.quote != '\0' || p.quote != '\0')
			memset(styles + i, STYLE_STRING, next - i);
		end = p.word != before.word ? i : next == len ? len : 0; /* of the word */
		if (line[i] == '(' && line[i + 1] == '(')
			arithmetic = true;
		else if (line[i] == ')' && line[i + 1] == ')')
			arithmetic = false;
		if (end > before.word && !p.is_comment && !arithmetic && place_is_command(&before) &&
		    !may_be_command(sh, h, line + before.word, end - before.word))
			memset(styles + before.word, STYLE_ERROR, end - before.word);
	}
	if (p.quote != '\0')
		styles[quote] = STYLE_ERROR;
	return styles;
}
