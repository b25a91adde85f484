#include <config.h>

#include "migrate/module.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/io_full.h"

enum { LIST_MAX = 4096 };

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
static void *load_with_libraries(const char *path)
{
	char *list = programs_script("libraries"), *slash = list != NULL ? strrchr(list, '/') : NULL, *text = NULL, *save = NULL, *lib;
	int fd = slash != NULL ? open(list, O_RDONLY | O_CLOEXEC) : -1;
	void *handle = NULL;
	size_t len;

	if (fd >= 0 && io_read_file(fd, LIST_MAX, &text, &len) == 0) {
		for (char *name = strtok_r(text, "\n", &save); name != NULL; name = strtok_r(NULL, "\n", &save)) {
			if (strchr(name, '/') != NULL || asprintf(&lib, "%.*s/%s", (int)(slash - list), list, name) < 0)
				continue;
			(void)dlopen(lib, RTLD_NOW | RTLD_LOCAL);
			free(lib);
		}
		handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	}
	if (fd >= 0)
		close(fd);
	free(text);
	free(list);
	return handle;
}

const struct module *module_load(const struct programs *p, enum program which, const char *symbol, char **why)
{
	char *path = programs_path(p, which);
	void *handle = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
	const struct module *m;
	bool other;

	if (handle == NULL && path != NULL)
		handle = load_with_libraries(path);
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
