#include <config.h>

#include "migrate/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "wire/fd.h"

static const char names[PROGRAMS][16] = { "mish",	  "mish-stub",	  "mish-link",
					  "mish-move.so", "mish-edit.so", "mish-peer" };

/* Opens DIR REST/NAME, where DIR is `len` bytes of `dir`; *ret is its path (caller frees). */
static int open_in(const char *dir, size_t len, const char *rest, const char *name, char **ret)
{
	int fd;

	if (asprintf(ret, "%.*s%s/%s", (int)len, dir, rest, name) < 0) {
		*ret = NULL;
		return -1;
	}
	fd = open(*ret, O_PATH | O_CLOEXEC);
	if (fd < 0) {
		free(*ret);
		*ret = NULL;
	}
	return fd;
}

/* Where we are ourselves. */
struct place {
	char self[4096];
	size_t len; /* of its directory; 0: not known */
};

static void look(struct place *here)
{
	ssize_t n = readlink("/proc/self/exe", here->self, sizeof(here->self) - 1);
	char *slash;

	here->self[n > 0 ? n : 0] = '\0';
	slash = strrchr(here->self, '/');
	here->len = slash != NULL ? (size_t)(slash - here->self) : 0;
}

static int find(const struct place *here, const char *name, char **ret)
{
	/* the last: from libexec/mish to the programs for people */
	static const char *const rest[] = { "", "/../libexec/mish", "/../../bin" };
	int fd = -1;

	for (size_t i = 0; here->len != 0 && fd < 0 && i < sizeof(rest) / sizeof(rest[0]); i++)
		fd = open_in(here->self, here->len, rest[i], name, ret);
	return fd >= 0 ? fd : open_in(MISH_LIBEXECDIR, strlen(MISH_LIBEXECDIR), "", name, ret);
}

char *programs_script(const char *name)
{
	struct place here;
	char *path;
	int fd;

	look(&here);
	fd = find(&here, name, &path);
	if (fd >= 0)
		close(fd);
	return path;
}

void programs_open(struct programs *p, enum program self)
{
	struct place here;

	look(&here);
	for (int i = 0; i < PROGRAM_PEER; i++) {
		char *path = NULL;
		int fd = -1, own;

		if (p->fd[i] != 0)
			continue;
		if (i == (int)self)
			fd = open("/proc/self/exe", O_PATH | O_CLOEXEC);
		if (fd < 0)
			fd = find(&here, names[i], &path);
		free(path);
		if (fd < 0)
			continue;
		own = fd_own(fd);
		if (own >= FD_OWN_MIN && own < UINT8_MAX)
			p->fd[i] = (uint8_t)(own + 1);
		else /* among the script's own, or beyond a record: the path will do */
			close(own >= 0 ? own : fd);
	}
}

void programs_inherit(const struct programs *p, bool on)
{
	for (int i = 0; i < PROGRAMS; i++)
		if (p->fd[i] != 0)
			(void)fcntl(p->fd[i] - 1, F_SETFD, on ? 0 : FD_CLOEXEC);
}

char *programs_path(const struct programs *p, enum program which)
{
	char *path = NULL;

	if (p->fd[which] != 0 && asprintf(&path, "/proc/self/fd/%d", p->fd[which] - 1) >= 0 &&
	    access(path, F_OK) == 0)
		return path;
	free(path);
	return programs_script(names[which]);
}

int programs_exec(const struct programs *p, enum program which, char *const argv[], char *const envp[])
{
	char *path;
	int r = ENOENT;

	if (p->fd[which] != 0) {
		execveat(p->fd[which] - 1, "", argv, envp, AT_EMPTY_PATH);
		r = errno;
	}
	path = programs_script(names[which]);
	if (path == NULL)
		return -r;
	execve(path, argv, envp);
	r = errno;
	free(path);
	return -r;
}

const char *programs_file(enum program which)
{
	return names[which];
}

void programs_name(enum program which)
{
	(void)prctl(PR_SET_NAME, names[which]);
}
