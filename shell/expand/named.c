#include <config.h>

#include "shell/expand/named.h"

#include <errno.h>
#include <string.h>

#include "shell/expand/expand.h"
#include "shell/parser/parser.h"

bool named_element(struct shell *sh, const char *text, struct element *ret)
{
	struct ast_word *w;

	if (!element_split(sh, text, strlen(text), ret))
		return false;
	if (ret->subscript == NULL || ret->subscript[strcspn(ret->subscript, "$\"'\\")] == '\0')
		return true;
	w = parser_subscript(sh->arena, ret->subscript);
	if (w != NULL)
		ret->subscript = expand_string(sh, w);
	return ret->subscript != NULL;
}

enum { DEPTH_MAX = 8 };

static int depth; /* of references to elements of references */

/* Begins to follow a reference. False with a message: they go round. */
static bool enter(struct shell *sh, const char *text)
{
	if (++depth <= DEPTH_MAX)
		return true;
	sh_discard(sh, "%s: a circle of references", text);
	return false;
}

const char *named_get(struct shell *sh, const char *text)
{
	const char *value = NULL;
	struct element e;

	if (enter(sh, text) && named_element(sh, text, &e))
		value = element_get(sh, &e);
	depth--;
	return value;
}

int named_set(struct shell *sh, const char *text, const char *value)
{
	int r = -EINVAL;
	struct element e;

	if (enter(sh, text) && named_element(sh, text, &e) && element_set(sh, NULL, &e, value, 0) == 0)
		r = 0;
	depth--;
	return r;
}
