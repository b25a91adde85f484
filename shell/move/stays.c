#include <config.h>

#include "shell/move/stays.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "shell/expand/var.h"
#include "shell/jobs/left.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/fdpass.h"
#include "wire/now.h"

enum { ANSWER_MS = 20000 /* a peer of before this knew it says nothing */, TAKEN_MAX = 1 << 16 };

bool stays_begin(struct shell *sh)
{
	struct left_proc *procs;
	size_t size;

	if (!opt(sh, OPT_STAY))
		return false;
	left_procs(sh, &procs, &size);
	free(procs);
	left_staying(sh, size != 0);
	return size != 0;
}

void stays_over(struct shell *sh)
{
	struct session *me = sh->session;

	left_staying(sh, false);
	for (int i = 0; i < FDPASS_FDS; i++) {
		if (me->given[i] >= 0)
			close(me->given[i]);
		me->given[i] = -1;
	}
}

/* What else the peer has said comes before that. */
static int take(struct shell *sh)
{
	struct session *me = sh->session;
	int64_t end = now_mono_ms() + ANSWER_MS, left;
	uint8_t *buf = xmalloc(TAKEN_MAX);
	int r = 0;

	while (r == 0 && me->given[0] < 0 && (left = end - now_mono_ms()) > 0) {
		struct pollfd p = { .fd = me->control, .events = POLLIN };
		long n = poll(&p, 1, (int)left) > 0 ? fdpass_take(me->control, buf, TAKEN_MAX, me->given) : -EAGAIN;

		if (n == 0 || (n < 0 && n != -EAGAIN))
			r = -EPIPE;
		else if (n > 0)
			r = frame_buf_add(&me->control_in, buf, (size_t)n - (me->given[0] >= 0));
	}
	free(buf);
	return r < 0 ? r : me->given[0] >= 0 ? 0 : -ETIMEDOUT;
}

int stays_prepare(struct shell *sh, struct departure *d, char **why)
{
	struct session *me = sh->session;
	struct msg m;
	int r;

	left_procs(sh, (struct left_proc **)&d->jobs.s, &d->jobs.len);
	if (d->jobs.len > KEPT_MOST * sizeof(struct left_proc))
		r = -E2BIG;
	else if (getrandom(d->socket, sizeof(d->socket), 0) != (ssize_t)sizeof(d->socket) ||
	    getrandom(d->secret, sizeof(d->secret), 0) != (ssize_t)sizeof(d->secret))
		r = -EIO;
	else {
		msg_init(&m);
		msg_uint(&m, MSG_FLAGS, MSG_KEEP);
		r = frame_send(me->control, FRAME_JOB, &m);
	}
	if (r == 0)
		r = take(sh);
	if (r < 0 && asprintf(why, "the jobs cannot stay: %s", r == -ETIMEDOUT ? "the mish-peer here is an older one" : r == -E2BIG ? "they are more than 256 processes; end some, or stay" : strerror(-r)) < 0)
		*why = NULL;
	return r < 0 ? -1 : 0;
}

void stays_keep(struct shell *sh, const struct departure *d, const struct termios *modes)
{
	struct departure own = { .errand = ERRAND_MOVE, .flags = d->flags & MSG_PERSIST, .jobs = d->jobs /* borrowed */ };
	char number[3][16], *argv[] = { (char *)(uintptr_t)"mish-peer", (char *)(uintptr_t)"--keep", number[0], number[1], number[2], NULL };
	const struct session *me = sh->session;
	int fds[3] = { -1, me->given[0], me->control };

	memcpy(own.session, d->session, sizeof(own.session));
	memcpy(own.socket, d->socket, sizeof(own.socket));
	memcpy(own.secret, d->secret, sizeof(own.secret));
	fds[0] = handover_write(&departure_record, &own);
	explicit_bzero(own.secret, sizeof(own.secret));
	if (fds[0] < 0)
		return;
	(void)tcsetattr(sh->tty->fd, TCSADRAIN, modes);
	for (int i = 0; i < 3; i++) {
		snprintf(number[i], sizeof(number[i]), "%d", fds[i]);
		fcntl(fds[i], F_SETFD, 0);
	}
	fflush(stdout);
	fflush(stderr);
	sigs_before_exec(sh);
	execveat(me->given[1], "", argv, var_environ(sh), AT_EMPTY_PATH);
}
