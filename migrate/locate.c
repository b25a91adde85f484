#include <config.h>

#include "migrate/locate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *try_path(const char *dir, size_t len, const char *rest, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%.*s%s/%s", (int)len, dir, rest, name) < 0)
		return NULL;
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

char *locate_program(const char *name)
{
	char self[4096], *path = NULL, *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n > 0) {
		self[n] = '\0';
		slash = strrchr(self, '/');
		size_t dir = slash != NULL ? (size_t)(slash - self) : 0;

		path = try_path(self, dir, "", name);
		if (path == NULL)
			path = try_path(self, dir, "/../libexec/mish", name);
		if (path == NULL) /* from libexec/mish to the programs for people */
			path = try_path(self, dir, "/../../bin", name);
	}
	return path != NULL ? path : try_path(MISH_LIBEXECDIR, strlen(MISH_LIBEXECDIR), "", name);
}
