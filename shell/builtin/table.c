#include <config.h>

#include "shell/builtin/table.h"

#include <string.h>

#include "shell/builtin/builtin.h"

enum { SPECIAL = BUILTIN_SPECIAL, PURE = BUILTIN_PURE, FILE_TOO = BUILTIN_FILE,
       EXTRA = BUILTIN_EXTRA };

#define BUILTIN(name, run, flags, usage) { name, run, flags, usage },
static const struct builtin builtins[] = {
#include "shell/builtin/rows.def"
};
#undef BUILTIN

enum { N_BUILTINS = sizeof(builtins) / sizeof(builtins[0]) };

const struct builtin *table_at(size_t i)
{
	return i < N_BUILTINS ? &builtins[i] : NULL;
}

const struct builtin *table_find(const char *name)
{
	size_t lo = 0, hi = N_BUILTINS;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(name, builtins[mid].name);

		if (c == 0)
			return &builtins[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}
