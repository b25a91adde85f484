#include <config.h>

#include "migrate/keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "wire/now.h"
#include "wire/frame.h"
#include "wire/io_full.h"
#include "wire/text.h"
#include "rendezvous/rdv.h"

enum { LOCK_TRIES = 100, LOCK_WAIT_MS = 20, ATTACH_S = 60 };

/* The directory, made when it is to be written to. -errno. */
static int open_dir(bool make)
{
	const char *state = secure_getenv("XDG_STATE_HOME"), *home = secure_getenv("HOME");
	char *path = NULL;
	int fd;

	if (state != NULL && state[0] == '/') {
		if (asprintf(&path, "%s/mish", state) < 0)
			return -ENOMEM;
	} else if (home == NULL || home[0] != '/') {
		return -ENOENT;
	} else if (asprintf(&path, "%s/.local/state/mish", home) < 0) {
		return -ENOMEM;
	}
	for (char *p = path; make && (p = strchr(p + 1, '/')) != NULL; *p = '/') {
		*p = '\0';
		(void)mkdir(path, 0700);
	}
	if (make)
		(void)mkdir(path, 0700);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	free(path);
	return fd;
}

static bool is_session(const char *name)
{
	return strlen(name) == RDV_ID_LEN && strspn(name, "0123456789abcdef") == RDV_ID_LEN;
}

static int write_file(int dir, const char *name, const struct msg *m)
{
	char temp[RDV_ID_LEN + 32];
	uint64_t unique; /* a home has several nodes, whose pids are their own */
	int fd, r;

	if (getrandom(&unique, sizeof(unique), 0) != (ssize_t)sizeof(unique))
		return -EIO;
	snprintf(temp, sizeof(temp), ".%.16s.%016llx", name, (unsigned long long)unique);
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = io_write_full(fd, m->buf, m->len);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && renameat(dir, temp, dir, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, temp, 0);
	return r;
}

static int write_kept(int dir, const struct kept *k)
{
	struct msg m;
	int r;

	msg_init(&m);
	frame_put_version(&m, MSG_FORMAT);
	record_put(&kept_record, k, &m);
	r = msg_done(&m);
	if (r == 0)
		r = write_file(dir, k->session, &m);
	msg_release(&m);
	return r;
}

static int read_one(int dir, const char *name, struct kept *ret)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), r;
	struct stat st;

	if (fd < 0)
		return -errno;
	r = fstat(fd, &st) < 0 ? -errno : S_ISREG(st.st_mode) && st.st_uid == getuid() ? 0 : -EPERM;
	if (r == 0)
		r = handover_read(&kept_record, fd, ret);
	close(fd);
	if (r == 0 && strcmp(ret->session, name) != 0) {
		record_release(&kept_record, ret);
		r = -EBADMSG;
	}
	return r;
}

/* Takes the lock; a file system without locks is no worse than none. -errno. */
static int lock(int dir)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = openat(dir, ".lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (fcntl(fd, F_OFD_SETLK, &l) == 0 || (errno != EAGAIN && errno != EACCES))
			return fd;
		(void)poll(NULL, 0, LOCK_WAIT_MS);
	}
	close(fd);
	return -EBUSY;
}

/* Somebody began to attach, and has not come through for so long that the session is not his. */
static bool is_abandoned(int dir, const struct kept *now, const struct kept *was)
{
	struct stat st;

	return !record_secret_is_set(was->new_secret, sizeof(was->new_secret)) &&
	       fstatat(dir, now->session, &st, AT_SYMLINK_NOFOLLOW) == 0 && now_wall_s() - st.st_mtime > ATTACH_S;
}

/* Two that began to attach share the new secret: the other has written that it is taken over, and so would this one. */
static bool has_come_through(const struct kept *now, const struct kept *was)
{
	return record_secret_is_set(was->new_secret, sizeof(was->new_secret)) && memcmp(now->secret, was->new_secret, sizeof(now->secret)) == 0 &&
	       !record_secret_is_set(now->new_secret, sizeof(now->new_secret));
}

/* Does the file of that session say that? -ESTALE: it says something else. */
static int says(int dir, const char *session, const struct kept *was)
{
	struct kept now;
	int r = read_one(dir, session, &now);

	if (r == -ENOENT)
		return was == NULL ? 0 : -ESTALE;
	if (r < 0) /* what cannot be read is nobody's */
		return 0;
	r = was == NULL || (now.from == was->from && (has_come_through(&now, was) ||
			    (memcmp(now.secret, was->secret, sizeof(now.secret)) == 0 &&
			     (memcmp(now.new_secret, was->new_secret, sizeof(now.new_secret)) == 0 ||
			      is_abandoned(dir, &now, was))))) ?
		    0 :
		    -ESTALE;
	record_release(&kept_record, &now);
	return r;
}

/* What the file says is true no longer. 1: it stays, and errno says why it could not be changed. */
static int remove_old(int dir, const char *session, int why)
{
	struct stat st;
	int r = unlinkat(dir, session, 0) == 0 ? 0 : -errno;

	/* where nothing may be removed, it is no matter whether there is anything */
	if (r == 0 || (fstatat(dir, session, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT))
		return why;
	errno = why < 0 ? -why : -r;
	return 1;
}

int keep_change(const struct kept *was, const struct kept *now, bool remove)
{
	const char *session = now != NULL ? now->session : was->session;
	int dir, fd, r;

	if (!is_session(session)) /* it becomes a name: "../.profile" is one, too */
		return -EINVAL;
	dir = open_dir(now != NULL);
	if (dir < 0 && dir != -ENOENT && was != NULL) {
		errno = -dir;
		return 1; /* nobody can get at it now, and it will be there again */
	}
	if (dir < 0)
		return dir == -ENOENT && was != NULL ? -ESTALE : dir;
	fd = lock(dir);
	r = fd == -EBUSY ? fd : says(dir, session, was);
	if (r == 0 && now != NULL)
		r = write_kept(dir, now);
	if (r != -ESTALE && r != -EBUSY && ((r < 0 && remove) || now == NULL))
		r = remove_old(dir, session, r);
	if (fd >= 0)
		close(fd);
	close(dir);
	return r;
}

int keep_arrival(const struct arrival *a)
{
	struct kept k = { .flags = a->flags & (MSG_LOGIN | MSG_LOST | MSG_STRANGER), .from = a->from, .sealed = a->sealed, .stays = a->stays, /* borrowed */
			  .time = (uint64_t)now_wall_s() };

	if (a->sealed.state.s == NULL)
		return -EBADMSG;
	memcpy(k.session, a->session, sizeof(k.session));
	memcpy(k.origin, a->origin, sizeof(k.origin));
	return keep_change(NULL, &k, true);
}

/* Calls for each session; what cannot be read is passed over. */
static void each(int dir, void (*take)(void *arg, const char *name), void *arg)
{
	DIR *d = fdopendir(fcntl(dir, F_DUPFD_CLOEXEC, 0));
	struct dirent *e;

	if (d == NULL)
		return;
	rewinddir(d);
	while ((e = readdir(d)) != NULL)
		if (is_session(e->d_name))
			take(arg, e->d_name);
	closedir(d);
}

struct search {
	const char *prefix;
	char found[RDV_ID_LEN + 1];
	int n;
};

static void compare(void *arg, const char *name)
{
	struct search *s = arg;

	if (strncmp(name, s->prefix, strlen(s->prefix)) != 0)
		return;
	s->n++;
	snprintf(s->found, sizeof(s->found), "%s", name);
}

int keep_read(const char *session, struct kept *ret, char **why)
{
	struct search s = { .prefix = session != NULL ? session : "" };
	int dir = open_dir(false), r;

	if (dir >= 0)
		each(dir, compare, &s);
	if (s.n != 1) {
		*why = strdup(s.n == 0 ? session != NULL ? "no such session persists; see mish --sessions"
							 : "no session persists; see `set -o persist' in mish(1)"
				       : "there are several; name one of mish --sessions");
		if (dir >= 0)
			close(dir);
		return -1;
	}
	r = read_one(dir, s.found, ret);
	if (r < 0 && asprintf(why, "%s: %s", s.found, strerror(-r)) < 0)
		*why = NULL;
	close(dir);
	return r < 0 ? -1 : 0;
}

struct listing {
	int dir, n;
};

static void print_one(void *arg, const char *name)
{
	struct listing *l = arg;
	char when[32] = "";
	struct kept k;
	struct tm tm;
	time_t at;

	if (read_one(l->dir, name, &k) < 0)
		return;
	at = (time_t)k.time;
	if (at != 0 && localtime_r(&at, &tm) != NULL)
		strftime(when, sizeof(when), "%F %T", &tm);
	text_clean(k.address);
	text_clean(k.origin);
	if (l->n++ == 0)
		printf("%-16s  %-12s  %-12s  %s\n", "SESSION", "NODE", "TERMINAL", "CHECKPOINT");
	printf("%-16s  %-12s  %-12s  %s\n", name, k.address, k.origin, when);
	record_release(&kept_record, &k);
}

int keep_list(void)
{
	struct listing l = { .dir = open_dir(false) };

	if (l.dir >= 0) {
		each(l.dir, print_one, &l);
		close(l.dir);
	}
	if (l.n == 0)
		puts("no session persists; see `set -o persist' in mish(1)");
	return fflush(stdout) == 0 ? 0 : 1;
}
