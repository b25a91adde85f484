#ifndef MISH_INTERACT_PROMPT_LANG_H
#define MISH_INTERACT_PROMPT_LANG_H

#include "shell/shell.h"

/* Prompts that are written in other shells' escapes. */

enum prompt_lang {
	PROMPT_OURS, /* %, and a backslash protects */
	PROMPT_MIXED, /* %, and behind a backslash what bash and zsh's $'…' agree on */
	PROMPT_TCSH, /* `set prompt = …` */
	PROMPT_BASH,
};

/* What the value of a prompt variable is written in. */
enum prompt_lang prompt_lang_of(struct shell *sh, const char *var, const char *value);

/* The same prompt in our escapes (caller frees). */
char *prompt_lang_to_ours(enum prompt_lang lang, const char *s);

#endif
