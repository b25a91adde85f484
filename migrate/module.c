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

/*
 * Where mish was carried to (`smigrate -i'), the libraries that the node may not have are beside it, and in a file, a name a line, those
 * first that others want. A library is known by its name once it is loaded, wherever from.
 */
static void *load_with_libraries(enum program which, const char *path)
{
	char *real = programs_path(&(struct programs){ 0 }, which), *slash = real != NULL ? strrchr(real, '/') : NULL, *line = NULL, *lib = NULL;
	FILE *f = slash != NULL && asprintf(&lib, "%.*s/libraries", (int)(slash - real), real) >= 0 ? fopen(lib, "re") : NULL;
	size_t room = 0;
	void *handle = NULL;

	free(lib);
	while (f != NULL && getline(&line, &room, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strchr(line, '/') != NULL || asprintf(&lib, "%.*s/%s", (int)(slash - real), real, line) < 0)
			continue;
		(void)dlopen(lib, RTLD_NOW | RTLD_LOCAL);
		free(lib);
	}
	if (f != NULL) {
		handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		fclose(f);
	}
	free(line);
	free(real);
	return handle;
}

const struct module *module_load(const struct programs *p, enum program which, const char *symbol, char **why)
{
	char *path = programs_path(p, which);
	void *handle = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	const struct module *m;
	bool other;

	if (handle == NULL && path != NULL)
		handle = load_with_libraries(which, path);
	m = handle != NULL ? dlsym(handle, symbol) : NULL;
	other = m != NULL && strcmp(m->build, MODULE_BUILD) != 0;

	if (m == NULL || other)
		*why = because(which, path,
			       path == NULL ? "not installed" :
			       other	    ? "mish was upgraded meanwhile; log in again for this" :
					      dlerror());
	free(path);
	return other ? NULL : m;
}
