#include <config.h>

#include "shell/expand/named.h"

#include <string.h>

#include "shell/expand/expand.h"
#include "shell/parser/parser.h"

bool named_element(struct shell *sh, const char *text, struct element *ret)
{
	struct ast_word *w;

	if (!element_split(sh, text, strlen(text), ret))
		return false;
	if (ret->subscript == NULL || strpbrk(ret->subscript, "$\"'\\") == NULL)
		return true;
	w = parser_subscript(sh->arena, ret->subscript);
	if (w != NULL)
		ret->subscript = expand_string(sh, w);
	return ret->subscript != NULL;
}
