#include <config.h>

#include "shell/expand/attribute.h"

#include <string.h>

#include "shell/expand/arith.h"
#include "shell/expand/param_op.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"

static const char *integer(struct shell *sh, const char *value)
{
	char buf[DECIMAL_MAX];
	int64_t n = 0;

	if (value[strspn(value, " \t\n")] != '\0' && arith_number(sh, 1, value, &n) < 0)
		return NULL;
	value = decimal_print(buf, n);
	return arena_strndup(sh->arena, value, strlen(value));
}

const char *attribute_convert(struct shell *sh, unsigned flags, const char *value)
{
	if ((flags & VAR_INTEGER) != 0)
		return integer(sh, value);
	return param_op_case(sh, (flags & VAR_UPPER) != 0 ? AST_PARAM_UPPER : AST_PARAM_LOWER, "", value);
}
