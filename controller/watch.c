#include <config.h>

#include "controller/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/journal.h"

struct watch {
	struct watch *next;
	struct watches *all;
	uv_poll_t poll; /* readable: the process has ended */
	int pidfd;
	uid_t uid;
	char session[RDV_ID_LEN + 1];
};

static void on_closed(uv_handle_t *h)
{
	struct watch *w = h->data;

	close(w->pidfd);
	free(w);
}

static void drop(struct watch **p)
{
	struct watch *w = *p;

	*p = w->next;
	uv_close((uv_handle_t *)&w->poll, on_closed);
}

void watch_end(struct watches *all, const char *session)
{
	for (struct watch **p = &all->first; *p != NULL; p = &(*p)->next)
		if (strcmp((*p)->session, session) == 0) {
			drop(p);
			return;
		}
}

void watch_end_all(struct watches *all)
{
	while (all->first != NULL)
		drop(&all->first);
}

static void on_end(uv_poll_t *h, int status, int events)
{
	struct watch *w = h->data;

	(void)status;
	(void)events;
	if (rdv_end(w->all->rdv, w->uid, w->session, UINT64_MAX) == RDV_OK)
		journal_line("session %.4s: its guardian is gone", w->session);
	watch_end(w->all, w->session);
}

/* 0: the parent cannot be told. */
static pid_t parent_of(pid_t pid)
{
	char path[32], line[256], *s;
	FILE *f;
	int ppid = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	/* the name before the last parenthesis may hold any byte */
	s = fgets(line, sizeof(line), f) != NULL ? strrchr(line, ')') : NULL;
	if (s != NULL && sscanf(s, ") %*c %d", &ppid) != 1)
		ppid = 0;
	fclose(f);
	return ppid;
}

static bool is_users(pid_t pid, uid_t uid)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return stat(path, &st) == 0 && st.st_uid == uid;
}

void watch_begin(struct watches *all, const char *session, uid_t uid, pid_t link)
{
	pid_t guardian = parent_of(link);
	struct watch *w;
	int fd;

	watch_end(all, session); /* it may have another guardian now */
	fd = guardian > 1 ? pidfd_open(guardian, 0) : -1;
	if (fd < 0)
		return;
	/* is it still the same process that has this pid? */
	w = parent_of(link) == guardian && is_users(guardian, uid) ? calloc(1, sizeof(*w)) : NULL;
	if (w == NULL || uv_poll_init(all->loop, &w->poll, fd) < 0) {
		close(fd);
		free(w);
		return;
	}
	w->all = all;
	w->pidfd = fd;
	w->uid = uid;
	snprintf(w->session, sizeof(w->session), "%s", session);
	w->poll.data = w;
	w->next = all->first;
	all->first = w;
	uv_poll_start(&w->poll, UV_READABLE, on_end);
}
