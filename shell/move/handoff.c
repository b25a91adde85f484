#include <config.h>

#include "shell/move/handoff.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/pack.h"
#include "shell/jobs/tty.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"

int handoff_stays(struct shell *sh, const char *why)
{
	const struct session *me = sh->session;

	sh_warn(sh, "smigrate: %s (staying on %s)", why, me->node);
	return 1;
}

void handoff_quiet_terminal(struct shell *sh, struct termios *old, bool drain)
{
	struct termios t;
	char buf[4096];
	ssize_t n;

	memset(old, 0, sizeof(*old)); /* they travel as bytes, with what is between them */
	if (tcgetattr(sh->tty->fd, old) < 0) {
		cfmakeraw(old); /* nothing to put back: the terminal is gone */
		return;
	}
	t = *old;
	if (sh->tty->quiet)
		old->c_lflag |= ECHO;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN | (drain ? ISIG : 0));
	t.c_lflag |= NOFLSH; /* ^C calls a move off, and what was typed stays */
	t.c_cc[VQUIT] = t.c_cc[VSUSP] = _POSIX_VDISABLE;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	tcsetattr(sh->tty->fd, TCSADRAIN, &t);
	while (drain && (n = read(sh->tty->fd, buf, sizeof(buf))) > 0) {
		sh_type_ahead(sh, buf, (size_t)n);
	}
}

int handoff_fill(struct shell *sh, enum errand errand, const char *wish, unsigned flags,
		 struct departure *d, char **why)
{
	struct session *me = sh->session;
	const struct pack_ops *ops = pack_load(&me->programs, why);
	int r;

	*d = (struct departure){ .errand = errand, .flags = flags, .sealed.epoch = me->epoch };
	if (ops == NULL)
		return -1;
	if (opt(sh, OPT_LOGIN))
		d->flags |= MSG_LOGIN;
	if (opt(sh, OPT_PERSIST)) /* the first checkpoint may be long in coming */
		d->flags |= MSG_PERSIST;
	snprintf(d->session, sizeof(d->session), "%s", me->session);
	snprintf(d->wish, sizeof(d->wish), "%s", wish);
	snprintf(d->origin, sizeof(d->origin), "%s", me->origin);
	snprintf(d->here, sizeof(d->here), "%s", me->node);
	r = ops->pack(sh, sh->sections, me->session, &d->sealed);
	if (r < 0) {
		*why = strdup(r == -EFBIG ? "the state is too large (more than 64 MiB)" : strerror(-r));
		return -1;
	}
	return 0;
}
