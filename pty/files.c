#include <config.h>

#include "pty/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What says that it is the same file. */
struct identity {
	uint64_t ino, size, uid, mode, seconds, nanoseconds;
};

static struct identity identity_of(const struct stat *st)
{
	return (struct identity){ st->st_ino, (uint64_t)st->st_size, st->st_uid, st->st_mode, (uint64_t)st->st_ctim.tv_sec, (uint64_t)st->st_ctim.tv_nsec };
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is it another descriptor, too? Then they may share their offset. */
static bool is_shared(int fd, const struct stat *st, unsigned bits, uint64_t same)
{
	struct stat other;

	for (int i = 0; i < DESCRIPTORS; i++)
		if (i != fd && handover_same(same, i) != fd && !(i == STDERR_FILENO && fd == STDOUT_FILENO && (bits & TERMINALS_ALIKE) != 0) && fstat(i, &other) == 0 && is_same(st, &other))
			return true;
	return false;
}

/* May it be opened there? Its path in `path`. */
static bool is_fit(int fd, unsigned bits, uint64_t same, unsigned own, struct stat *st, char *path, size_t size)
{
	int how = fcntl(fd, F_GETFL);
	bool reads = (how & O_ACCMODE) == O_RDONLY;
	char name[32];
	ssize_t n;

	if (how < 0 || fstat(fd, st) < 0 || !S_ISREG(st->st_mode) || handover_same(same, fd) >= 0 || is_shared(fd, st, bits, same) ||
	    (!reads && ((how & O_ACCMODE) != O_WRONLY || (how & O_APPEND) != 0 || (own & 1u << fd) == 0)))
		return false;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, path, size - 1);
	if (n <= 0 || (size_t)n >= size - 1 || path[0] != '/')
		return false;
	path[n] = '\0';
	return true;
}

void files_describe(unsigned bits, uint64_t same, unsigned own, struct blob *ret)
{
	FILE *f = open_memstream((char **)&ret->s, &ret->len);
	char path[PATH_MAX];
	struct stat st;

	for (int i = 0; f != NULL && i < DESCRIPTORS; i++)
		if (is_fit(i, bits, same, own, &st, path, sizeof(path))) {
			const struct identity d = identity_of(&st);

			fprintf(f, "%d %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %lld", i, fcntl(i, F_GETFL) & O_ACCMODE,
				d.ino, d.size, d.uid, d.mode, d.seconds, d.nanoseconds, (long long)lseek(i, 0, SEEK_CUR));
			fprintf(f, "%c%s%c", '\0', path, '\0');
		}
	if (f != NULL && fclose(f) == 0 && ret->len != 0)
		return;
	free(ret->s);
	*ret = (struct blob){ 0 };
}

/* One of them. -1: it is another, or none. */
static int open_same(const char *path, int how, const struct identity *d, long long offset)
{
	int fd = open(path, how | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct identity found;
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0) {
		found = identity_of(&st);
		if (S_ISREG(st.st_mode) && memcmp(&found, d, sizeof(found)) == 0 && lseek(fd, offset, SEEK_SET) == offset && fcntl(fd, F_SETFL, 0) == 0)
			return fd;
	}
	close(fd);
	return -1;
}

/* The line of one, and what descriptor it is. */
static bool read_line(const char *line, int *fd, int *how, struct identity *d, long long *offset)
{
	return sscanf(line, "%d %d %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %lld", fd, how, &d->ino, &d->size, &d->uid, &d->mode,
		      &d->seconds, &d->nanoseconds, offset) == 9 && *fd >= 0 && *fd < DESCRIPTORS && (*how == O_RDONLY || *how == O_WRONLY);
}

unsigned files_open(const struct blob *files, int least, int fds[DESCRIPTORS])
{
	const char *s = (const char *)files->s, *end = s + files->len;
	unsigned opened = 0;

	for (int i = 0; i < DESCRIPTORS; i++)
		fds[i] = -1;
	if (files->len == 0 || end[-1] != '\0')
		return 0;
	while (s < end) {
		const char *path = s + strlen(s) + 1;
		struct identity d;
		long long offset;
		int fd, how, found;

		if (path >= end)
			break;
		if (read_line(s, &fd, &how, &d, &offset) && fds[fd] < 0 && (found = open_same(path, how, &d, offset)) >= 0) {
			fds[fd] = fcntl(found, F_DUPFD_CLOEXEC, least);
			close(found);
			opened |= fds[fd] >= 0 ? 1u << fd : 0;
		}
		s = path + strlen(path) + 1;
	}
	return opened;
}
