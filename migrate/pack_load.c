#include <config.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/locate.h"
#include "migrate/pack.h"

const struct pack_ops *pack_load(char **why)
{
	char *path = locate_program(PACK_MODULE);
	/* dlopen() counts: a second call finds what is there */
	void *module = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	const struct pack_ops *ops = module != NULL ? dlsym(module, PACK_SYMBOL) : NULL;
	const char *error = ops == NULL && path != NULL ? dlerror() : NULL;

	if (ops == NULL && why != NULL)
		*why = strdup(error != NULL ? error : PACK_MODULE " is not installed");
	free(path);
	return ops;
}
