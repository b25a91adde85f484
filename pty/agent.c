#include <config.h>

#include "pty/agent.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Nobody else may put something there. */
static bool is_private(const char *dir)
{
	struct stat st;

	return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid() && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/* The session's path (caller frees); NULL: there is no place for it. */
static char *path_of(const char *session, bool make)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	char *dir = NULL, *path = NULL;

	if (session[strspn(session, "0123456789abcdef")] != '\0')
		return NULL;
	if (run != NULL && is_private(run))
		dir = strdup(run);
	else if (asprintf(&dir, "/tmp/mish-%u", (unsigned)getuid()) < 0)
		dir = NULL;
	if (dir != NULL && make)
		(void)mkdir(dir, S_IRWXU); /* it may be there: is_private() looks */
	if (dir == NULL || !is_private(dir) || asprintf(&path, "%s/mish-agent-%s", dir, session) < 0)
		path = NULL;
	free(dir);
	return path;
}

void agent_follow(const char *session)
{
	const char *now = getenv("SSH_AUTH_SOCK");
	char *path = now != NULL ? path_of(session, true) : NULL, *new = NULL;

	if (path != NULL && strcmp(now, path) != 0 && asprintf(&new, "%s.%ld", path, (long)getpid()) >= 0) {
		(void)unlink(new);
		if (symlink(now, new) == 0 && rename(new, path) == 0)
			setenv("SSH_AUTH_SOCK", path, 1);
		else
			(void)unlink(new);
	}
	free(new);
	free(path);
}

void agent_forget(const char *session)
{
	char *path = path_of(session, false), *slash = path != NULL ? strrchr(path, '/') : NULL;

	if (path != NULL && unlink(path) == 0 && strncmp(path, "/tmp/", 5) == 0) { /* ours, too, if no other session has one there */
		*slash = '\0';
		(void)rmdir(path);
	}
	free(path);
}
