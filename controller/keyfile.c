#include <config.h>

#include "controller/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/limits.h"
#include "wire/io_full.h"

static int tell(char **why, const char *path, const char *what)
{
	if (asprintf(why, "%s: %s", path, what) < 0)
		*why = NULL;
	return -1;
}

/* What is wrong with it; NULL: nothing. */
static const char *distrust(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if ((st->st_mode & 077) != 0)
		return "others can read it; run chmod 600 and start again";
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "it belongs to another user";
	return NULL;
}

int keyfile_read(const char *path, struct identity *ret, char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r = fd < 0 ? -errno : 0;
	const char *wrong = NULL;
	struct stat st = { 0 };
	char *text = NULL;
	size_t len = 0;

	if (r == 0 && fstat(fd, &st) < 0)
		r = -errno;
	if (r == 0)
		wrong = distrust(&st);
	if (r == 0 && wrong == NULL)
		r = io_read_file(fd, KEYFILE_BYTES_MAX, &text, &len);
	if (fd >= 0)
		close(fd);
	if (r == 0 && wrong == NULL && (strlen(text) != len || identity_from_text(text, ret) < 0))
		wrong = "not a node's secret key; to make one, run: mishctl keygen FILE";
	if (text != NULL)
		explicit_bzero(text, len);
	free(text);
	if (r < 0 || wrong != NULL)
		return tell(why, path, wrong != NULL ? wrong : strerror(-r));
	return 0;
}

/* Returns 0 or -errno; the file is whole then, also after a crash. */
static int write_text(int fd, const struct identity *id)
{
	char text[IDENTITY_SECRET_TEXT];
	int r;

	identity_to_text(id, text);
	text[sizeof(text) - 1] = '\n';
	r = io_write_full(fd, text, sizeof(text));
	explicit_bzero(text, sizeof(text));
	return r == 0 && fsync(fd) < 0 ? -errno : r;
}

int keyfile_make(const char *path, struct identity *ret, char **why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), r = fd < 0 ? -errno : 0;

	if (r == -EEXIST)
		return tell(why, path, "is there already, and stays; for a new key, name a new file");
	if (r == 0) {
		r = identity_draw(ret);
		if (r == 0)
			r = write_text(fd, ret);
		close(fd);
		if (r < 0)
			unlink(path);
	}
	if (r == -ENOENT)
		return tell(why, path, "its directory is not there: make it, or name a file elsewhere");
	return r < 0 ? tell(why, path, strerror(-r)) : 0;
}
