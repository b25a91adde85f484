#include <config.h>

#include "migrate/pack.h"

static const struct pack_ops *loaded;

const struct pack_ops *pack_load(const struct programs *p, char **why)
{
	if (loaded == NULL)
		loaded = (const struct pack_ops *)(const void *)module_load(p, PROGRAM_MOVE, PACK_SYMBOL, why);
	return loaded;
}

const struct pack_ops *pack_loaded(void)
{
	return loaded;
}
