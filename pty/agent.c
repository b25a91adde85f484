#include <config.h>

#include "pty/agent.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A variable that holds a path of the connection's, behind a prefix; and what the session's is called. */
static const struct followed {
	const char *variable, *prefix, *name;
} followed[] = {
	{ "SSH_AUTH_SOCK", "", "agent" },
	{ "KRB5CCNAME", "FILE:", "krb5" }, /* caches of another kind are a user's, or a program's, and stay */
};

enum { FOLLOWED = sizeof(followed) / sizeof(followed[0]) };

/* Nobody else may put something there. */
static bool is_private(const char *dir)
{
	struct stat st;

	return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid() && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

/* The session's path (caller frees); NULL: there is no place for it. */
static char *path_of(const struct followed *f, const char *session, bool make)
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
	if (dir == NULL || !is_private(dir) || asprintf(&path, "%s/mish-%s-%s", dir, f->name, session) < 0)
		path = NULL;
	free(dir);
	return path;
}

static void follow(const struct followed *f, const char *session)
{
	const char *now = getenv(f->variable);
	size_t n = strlen(f->prefix);
	char *path = now != NULL && strncmp(now, f->prefix, n) == 0 ? path_of(f, session, true) : NULL, *new = NULL, *value = NULL;

	if (path != NULL && strcmp(now + n, path) != 0 && asprintf(&new, "%s.%ld", path, (long)getpid()) >= 0 &&
	    asprintf(&value, "%s%s", f->prefix, path) >= 0) {
		(void)unlink(new);
		if (symlink(now + n, new) == 0 && rename(new, path) == 0)
			setenv(f->variable, value, 1);
		else
			(void)unlink(new);
	}
	free(value);
	free(new);
	free(path);
}

void agent_follow(const char *session)
{
	for (size_t i = 0; i < FOLLOWED; i++)
		follow(&followed[i], session);
}

void agent_forget(const char *session)
{
	for (size_t i = 0; i < FOLLOWED; i++) {
		char *path = path_of(&followed[i], session, false), *slash = path != NULL ? strrchr(path, '/') : NULL;

		if (path != NULL && unlink(path) == 0 && strncmp(path, "/tmp/", 5) == 0) { /* ours, too, if no other session has one there */
			*slash = '\0';
			(void)rmdir(path);
		}
		free(path);
	}
}
