#include <config.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/locate.h"
#include "migrate/pack.h"

const struct pack_ops *pack_load(char **why)
{
	static const struct pack_ops *ops; /* a cache: an update on disk changes nothing here */
	char *path = NULL;
	const char *error = NULL;
	void *module;

	if (ops != NULL)
		return ops;
	path = locate_program(PACK_MODULE);
	module = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	ops = module != NULL ? dlsym(module, PACK_SYMBOL) : NULL;
	if (ops == NULL && path != NULL)
		error = dlerror();
	if (ops == NULL && why != NULL)
		*why = strdup(error != NULL ? error : PACK_MODULE " is not installed");
	free(path);
	return ops;
}
