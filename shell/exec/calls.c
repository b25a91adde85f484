#include <config.h>

#include "shell/exec/calls.h"

#include <string.h>

#include "shell/parser/decimal.h"

const char *calls_file(const struct shell *sh)
{
	if (sh->frame.file != NULL)
		return sh->frame.file;
	if (sh->frame.call != NULL)
		return sh->frame.call->file;
	return sh->script_named ? sh->arg0 : "";
}

static void add(struct array *a, const char *text)
{
	array_set(a, (struct array_key){ .index = array_end(a) }, text);
}

struct array *calls_array(const struct shell *sh, enum calls_what what)
{
	struct array *a = array_new(false);
	char buf[DECIMAL_MAX];

	if (what == CALLS_FUNCNAME && sh->frame.fn_depth == 0)
		return a;

	for (const struct call *c = sh->frame.call; c != NULL; c = c->outer)
		add(a, what == CALLS_SOURCE   ? c->file :
		       what == CALLS_LINENO   ? decimal_print(buf, c->line) :
		       c->function != NULL    ? c->function :
						"source");
	if (sh->script_named && (what != CALLS_FUNCNAME || array_len(a) != 0))
		add(a, what == CALLS_SOURCE ? sh->arg0 : what == CALLS_LINENO ? "0" : "main");
	return a;
}
