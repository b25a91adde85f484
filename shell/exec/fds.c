#include <config.h>

#include "shell/exec/fds.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/shell.h"

enum { FDS_LIST = 1, FDS_LOST = 2 };
enum { FDS_COLUMNS = 6 }; /* fd, path, flags, offset, mode, inode */
enum { FDS_MAX = 1024 };

struct open_fd {
	int fd, flags;
	char path[4096];
	struct stat st;
	off_t offset;
};

/* A descriptor of the script's (not ours: those are close-on-exec) above the standard ones. */
static bool is_script_fd(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

static bool describe(int fd, struct open_fd *o)
{
	char link[32];
	ssize_t n;

	if (!is_script_fd(fd))
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, o->path, sizeof(o->path) - 1);
	o->path[n > 0 ? n : 0] = '\0';
	o->fd = fd;
	o->flags = fcntl(fd, F_GETFL);
	o->offset = lseek(fd, 0, SEEK_CUR);
	return fstat(fd, &o->st) == 0;
}

/* A regular file, directory or device that the path still names. */
static bool is_reopenable(const struct open_fd *o)
{
	struct stat st;

	if (o->path[0] != '/' || stat(o->path, &st) < 0)
		return false;
	if (S_ISCHR(st.st_mode))
		return strncmp(o->path, "/dev/pts/", 9) != 0;
	return (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) && st.st_dev == o->st.st_dev &&
	       st.st_ino == o->st.st_ino;
}

char *fds_obstacle(void)
{
	DIR *d = opendir("/proc/self/fd");
	char *why = NULL;
	struct dirent *e;
	struct open_fd o;

	while (d != NULL && why == NULL && (e = readdir(d)) != NULL) {
		int fd = atoi(e->d_name);

		if (fd > STDERR_FILENO && describe(fd, &o) && !is_reopenable(&o) &&
		    asprintf(&why, "descriptor %d is no file that can be opened elsewhere", fd) < 0)
			why = NULL;
	}
	if (d != NULL)
		closedir(d);
	return why;
}

static void fds_save(const struct shell *sh, struct state_enc *e)
{
	uint32_t n = 0, lost = 0;
	struct open_fd o;

	(void)sh;
	for (int fd = STDERR_FILENO + 1; fd < FDS_MAX; fd++)
		if (describe(fd, &o)) {
			if (is_reopenable(&o))
				n++;
			else
				lost++;
		}
	state_put_array(e, FDS_LIST, n * FDS_COLUMNS);
	for (int fd = STDERR_FILENO + 1; fd < FDS_MAX; fd++)
		if (describe(fd, &o) && is_reopenable(&o)) {
			state_add_uint(e, (uint64_t)fd);
			state_add_str(e, o.path);
			state_add_uint(e, (uint64_t)o.flags & (O_ACCMODE | O_APPEND | O_NONBLOCK));
			state_add_uint(e, o.offset >= 0 ? (uint64_t)o.offset : 0);
			state_add_uint(e, o.st.st_mode);
			state_add_uint(e, o.st.st_ino);
		}
	state_put_array(e, FDS_LOST, lost);
	for (int fd = STDERR_FILENO + 1; fd < FDS_MAX; fd++)
		if (describe(fd, &o) && !is_reopenable(&o))
			state_add_uint(e, (uint64_t)fd);
}

/* Why what a path names here is not to be used; NULL: it may be. */
static const char *unfit(const struct stat *st)
{
	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode) && !S_ISCHR(st->st_mode))
		return "it is no file here";
	if (st->st_uid != getuid() && st->st_uid != 0)
		return "it belongs to another user here";
	return NULL;
}

static void reopen(const struct state_dec *d, int want, const char *path, int flags, off_t offset,
		   uint64_t ino)
{
	struct stat st = { 0 };
	int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY); /* a FIFO of that name would block */
	const char *why = fd < 0 ? strerror(errno) : fstat(fd, &st) < 0 ? strerror(errno) : unfit(&st);

	if (why != NULL) {
		state_warn(d, "descriptor %d: %s: %s", want, path, why);
		if (fd >= 0)
			close(fd);
		return;
	}
	(void)fcntl(fd, F_SETFL, flags);
	if (st.st_ino != ino && S_ISREG(st.st_mode))
		state_warn(d, "descriptor %d: %s is another file here", want, path);
	else if (S_ISREG(st.st_mode))
		(void)lseek(fd, offset, SEEK_SET);
	if (fd != want) {
		if (dup2(fd, want) < 0) /* `ulimit -n` is lower here */
			state_warn(d, "descriptor %d: %s", want, strerror(errno));
		close(fd);
	} else {
		fcntl(fd, F_SETFD, 0);
	}
}

/* Opens again, by path, what the shell had open; what did not come along is told. */
static int fds_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n = 0;
	int r = state_get_array(d, FDS_LIST, &a, &n);

	(void)sh;
	if (r == 0 && (n % FDS_COLUMNS != 0 || n > FDS_MAX * FDS_COLUMNS))
		return -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < n; i += FDS_COLUMNS) {
		uint64_t fd, flags, offset, mode, ino;
		const char *path;

		r = state_elem_uint(d, a, i, FDS_MAX, &fd);
		if (r == 0)
			r = state_elem_str(d, a, i + 1, &path, NULL);
		if (r == 0)
			r = state_elem_uint(d, a, i + 2, INT32_MAX, &flags);
		if (r == 0)
			r = state_elem_uint(d, a, i + 3, INT64_MAX, &offset);
		if (r == 0)
			r = state_elem_uint(d, a, i + 4, UINT32_MAX, &mode);
		if (r == 0)
			r = state_elem_uint(d, a, i + 5, UINT64_MAX, &ino);
		if (r < 0)
			return r;
		if (fd <= STDERR_FILENO || path[0] != '/')
			return -EBADMSG;
		if (fcntl((int)fd, F_GETFD) >= 0 && !is_script_fd((int)fd))
			state_warn(d, "descriptor %d is in use by the shell here", (int)fd);
		else
			reopen(d, (int)fd, path,
			       (int)flags & (O_ACCMODE | O_APPEND | O_NONBLOCK), (off_t)offset, ino);
	}
	if (r == 0 || r == -ENOENT)
		r = state_get_array(d, FDS_LOST, &a, &n);
	for (uint32_t i = 0; r == 0 && i < n; i++) {
		uint64_t fd;

		r = state_elem_uint(d, a, i, FDS_MAX, &fd);
		if (r == 0)
			state_warn(d, "descriptor %d did not come along: it is no file", (int)fd);
	}
	return r;
}

const struct state_section fds_section = {
	.name = "fds", .version = 1, .save = fds_save, .load = fds_load,
};
