#include <config.h>

#include "migrate/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What dlerror() says begins with the path, which may be a descriptor's. */
static char *because(enum program which, const char *path, const char *error)
{
	size_t len = path != NULL ? strlen(path) : 0;
	char *why;

	if (error == NULL)
		error = "cannot be loaded";
	else if (len != 0 && strncmp(error, path, len) == 0)
		error += len + strspn(error + len, ": ");
	return asprintf(&why, "%s: %s", programs_file(which), error) >= 0 ? why : NULL;
}

const struct module *module_load(const struct programs *p, enum program which, const char *symbol, char **why)
{
	char *path = programs_path(p, which);
	void *handle = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	const struct module *m = handle != NULL ? dlsym(handle, symbol) : NULL;
	bool other = m != NULL && strcmp(m->build, MODULE_BUILD) != 0;

	if (m == NULL || other)
		*why = because(which, path,
			       path == NULL ? "not installed" :
			       other	    ? "mish was upgraded meanwhile; log in again for this" :
					      dlerror());
	free(path);
	return other ? NULL : m;
}
