#include <config.h>

#include "shell/jobs/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/strbuf.h"
#include "wire/fd.h"

enum { TTIN_TRIES = 16 };

struct tty *tty_new(void)
{
	struct tty *t = xcalloc(1, sizeof(*t));

	t->fd = -1;
	return t;
}

void tty_free(struct tty *t)
{
	free(t);
}

void tty_foreground(const struct shell *sh, pid_t pgid)
{
	sigset_t set, old;

	if (sh->tty->fd < 0)
		return;
	/* from a background group this would stop us; ignored or blocked it does not */
	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &old);
	tcsetpgrp(sh->tty->fd, pgid);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void tty_save_modes(struct shell *sh)
{
	if (sh->tty->fd >= 0 && !sh->tty->quiet)
		sh->tty->have_modes = tcgetattr(sh->tty->fd, &sh->tty->modes) == 0;
}

static int set_modes(const struct shell *sh, struct termios m)
{
	if (sh->tty->quiet)
		m.c_lflag &= ~(tcflag_t)ECHO;
	return tcsetattr(sh->tty->fd, TCSADRAIN, &m);
}

void tty_restore_modes(struct shell *sh)
{
	if (sh->tty->fd >= 0 && sh->tty->have_modes)
		(void)set_modes(sh, sh->tty->modes);
}

/* Turns echo on, or off. */
static void set_echo(struct shell *sh, bool on)
{
	struct termios t;

	sh->tty->quiet = !on;
	if (sh->tty->fd < 0 || tcgetattr(sh->tty->fd, &t) < 0)
		return;
	t.c_lflag |= ECHO;
	(void)set_modes(sh, t);
}

void tty_quiet(struct shell *sh)
{
	set_echo(sh, false);
}

void tty_loud(struct shell *sh)
{
	if (sh->tty->quiet)
		set_echo(sh, true);
}

void tty_loud_for_command(struct shell *sh)
{
	if (!sh->tty->at_prompt)
		tty_loud(sh);
}

bool tty_controls(const struct shell *sh)
{
	return opt(sh, OPT_MONITOR) && !sh->tty->no_control;
}

/* ---- job control on and off ---- */

int tty_control_set(struct shell *sh, bool on)
{
	struct tty *t = sh->tty;

	if (!on) {
		tty_loud(sh);
		if (sh->tty->fd >= 0 && t->entry_pgid != 0 && t->entry_pgid != t->shell_pgid) {
			tty_foreground(sh, t->entry_pgid);
			setpgid(0, t->entry_pgid);
			t->shell_pgid = t->entry_pgid;
		}
		if (!sh->interactive && sh->tty->fd >= 0) {
			close(sh->tty->fd);
			sh->tty->fd = -1;
		}
		sigs_job_control(sh, false);
		opt_set(sh, OPT_MONITOR, false);
		return 0;
	}
	if (sh_is_subshell(sh)) {
		sh->tty->no_control = true;
		opt_set(sh, OPT_MONITOR, true);
		return 0;
	}
	sh->tty->no_control = false;
	if (!sh->interactive && sh->tty->fd < 0) { /* set -m in a script: jobs take turns at it */
		int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

		t->shell_pgid = getpgrp();
		if (fd >= 0 && tcgetpgrp(fd) == t->shell_pgid)
			sh->tty->fd = fd_own(fd);
		else if (fd >= 0)
			close(fd);
	}
	if (sh->interactive && sh->tty->fd >= 0) {
		pid_t fg;
		int tries = 0;

		/* started in the background: stop until somebody brings us forward; in an
		 * orphaned group, or with SIGTTIN ignored, nothing stops us */
		while ((fg = tcgetpgrp(sh->tty->fd)) != getpgrp() && fg > 0)
			if (++tries > TTIN_TRIES)
				return -EPERM;
			else if (kill(0, SIGTTIN) < 0)
				return -errno;
		t->entry_pgid = getpgrp();
		sigs_job_control(sh, true);
		if (getpgrp() != getpid() && getsid(0) != getpid())
			setpgid(0, 0);
		t->shell_pgid = getpgrp();
		tty_foreground(sh, t->shell_pgid);
		tty_save_modes(sh);
	}
	opt_set(sh, OPT_MONITOR, true);
	return 0;
}

/* ---- state: the terminal's modes; flag bits are Linux's, on every architecture ---- */

enum { TERM_IFLAG = 1, TERM_OFLAG = 2, TERM_CFLAG = 3, TERM_LFLAG = 4, TERM_CC = 5 };

static void terminal_save(const struct shell *sh, struct state_enc *e)
{
	const struct termios *m = &sh->tty->modes;

	if (!sh->tty->have_modes)
		return;
	state_put_uint(e, TERM_IFLAG, m->c_iflag);
	state_put_uint(e, TERM_OFLAG, m->c_oflag);
	state_put_uint(e, TERM_CFLAG, m->c_cflag);
	state_put_uint(e, TERM_LFLAG, m->c_lflag);
	state_put_bytes(e, TERM_CC, m->c_cc, sizeof(m->c_cc));
}

static int terminal_load(struct shell *sh, const struct state_dec *d)
{
	static const uint32_t keys[] = { TERM_IFLAG, TERM_OFLAG, TERM_CFLAG, TERM_LFLAG };
	struct termios m;
	uint64_t v[4];
	const char *cc;
	size_t len;
	int r = 0;

	if (sh->tty->fd < 0 || tcgetattr(sh->tty->fd, &m) < 0)
		return 0;
	for (size_t i = 0; r == 0 && i < 4; i++)
		r = state_get_uint(d, keys[i], UINT32_MAX, &v[i]);
	if (r == 0)
		r = state_get_bytes(d, TERM_CC, &cc, &len);
	if (r < 0)
		return r;
	m.c_iflag = (tcflag_t)v[0];
	m.c_oflag = (tcflag_t)v[1];
	m.c_cflag = (tcflag_t)v[2];
	m.c_lflag = (tcflag_t)v[3];
	memcpy(m.c_cc, cc, len < sizeof(m.c_cc) ? len : sizeof(m.c_cc));
	sh->tty->modes = m;
	sh->tty->have_modes = true;
	if (set_modes(sh, m) < 0)
		state_warn(d, "terminal modes: %s", strerror(errno));
	return 0;
}

const struct state_section terminal_section = {
	.name = "terminal", .version = 1, .save = terminal_save, .load = terminal_load,
};
