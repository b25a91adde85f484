#include <config.h>

#include "shell/interact/correct.h"

#include <stdlib.h>
#include <string.h>

#include "shell/exec/suggest.h"
#include "shell/expand/var.h"
#include "shell/interact/edit.h"
#include "shell/interact/highlight.h"
#include "shell/interact/prompt.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

/* The length of the line's first word, if it is a plain name and nothing is behind it but arguments; else 0. */
static size_t plain_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+");

	return s[n] == '\0' || strchr(" \t\n;&|", s[n]) != NULL ? n : 0;
}

/* What is answered, its first letter; at the end of the input a. */
static char ask(struct shell *sh, const char *text)
{
	struct edit_prompt prompt = { .text = text };
	char *answer = NULL, c = 'a';

	if (edit_read(sh, &prompt, false, &answer) == EDIT_LINE && answer != NULL)
		c = answer[strspn(answer, " \t")];
	free(answer);
	return c;
}

enum correct_answer correct_line(struct shell *sh, char **line)
{
	const char *s = *line + strspn(*line, " \t"), *found = NULL;
	size_t n = plain_name(s);
	void *mark = arena_mark(sh->arena);
	char *word = xstrndup(s, n), *text, c = 'n';
	struct strbuf b = { 0 };
	enum correct_answer r = CORRECT_RUN;

	if (opt(sh, OPT_CORRECT) && n != 0 && !highlight_is_command(sh, word))
		found = suggest_command(sh, word);
	if (found != NULL) {
		strbuf_addf(&b, "%.*s%s%s", (int)(s - *line), *line, found, s + n);
		free(sh->line.open);
		sh->line.open = xstrndup(b.s, strcspn(b.s, "\n"));
		text = prompt_text(sh, "prompt3", "CORRECT>%R (y|n|e|a)? ");
		c = ask(sh, text);
		free(text);
		free(sh->line.open);
		sh->line.open = NULL;
	}
	if (c == 'y' || c == 'Y') {
		free(*line);
		*line = strbuf_take(&b);
	} else if (c == 'e') {
		edit_again(sh, *line);
		r = CORRECT_EDIT;
	} else if (c == 'a') {
		r = CORRECT_ABORT;
	}
	strbuf_release(&b);
	free(word);
	arena_rewind(sh->arena, mark);
	return r;
}

/* The next word at *s, and its length; 0: there is none. */
static size_t next_word(const char **s)
{
	*s += strspn(*s, " \t");
	return strcspn(*s, " \t\n;&|");
}

bool correct_allows(struct shell *sh, const char *line)
{
	size_t n = next_word(&line);
	bool all = false;

	if (n != 2 || memcmp(line, "rm", 2) != 0 || var_find(sh, "rmstar") == NULL)
		return true;
	for (line += n; (n = next_word(&line)) != 0; line += n)
		all |= n == 1 && *line == '*';
	return !all || ask(sh, "Do you really want to delete all files? [n/y] ") == 'y';
}
