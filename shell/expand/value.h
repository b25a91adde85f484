#ifndef MISH_EXPAND_VALUE_H
#define MISH_EXPAND_VALUE_H

#include <stddef.h>

#include "shell/expand/array.h"

/*
 * What a parameter has. Who can use only text asks for that (value_text()); who treats kinds
 * differently looks at the kind, so that a kind more is found by the compiler.
 */
enum value_kind {
	VALUE_UNSET,
	VALUE_SCALAR,
	VALUE_ARRAY,
};

struct value {
	enum value_kind kind;
	union { /* borrowed until the parameter changes */
		const char *text;
		const struct array *array;
	};
};

static inline struct value value_scalar(const char *text)
{
	return (struct value){ .kind = text != NULL ? VALUE_SCALAR : VALUE_UNSET, .text = text };
}

/* As text, an array's first; NULL when it is unset. */
static inline const char *value_text(struct value v)
{
	switch (v.kind) {
	case VALUE_SCALAR:
		return v.text;
	case VALUE_ARRAY:
		return array_get(v.array, array_first(v.array));
	case VALUE_UNSET:
		break;
	}
	return NULL;
}

#endif
