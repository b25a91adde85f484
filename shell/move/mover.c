#include <config.h>

#include "shell/move/mover.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "migrate/pack.h"
#include "migrate/trust.h"
#include "shell/jobs/left.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "wire/node.h"
#include "shell/move/ask.h"
#include "shell/move/eligible.h"
#include "shell/move/handoff.h"
#include "shell/move/restore.h"
#include "shell/move/session.h"
#include "shell/move/stays.h"
#include "shell/expand/var.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/strbuf.h"
#include "wire/epoch.h"
#include "wire/text.h"

/* What is left of the command line, depending on how the move ends. */
static void keep_rest(struct shell *sh)
{
	for (int failed = 0; failed < 2; failed++) {
		const struct ast_pipeline *pl = sh->frame.rest_andor;
		struct strbuf s = { 0 };

		while (pl != NULL && pl->is_or != (failed != 0))
			pl = pl->next;
		if (pl != NULL) {
			struct ast_list one = { .andor = { *pl } };

			ast_print_list(&s, &one);
		}
		if (sh->frame.rest_list != NULL)
			ast_print_list(&s, sh->frame.rest_list);
		if (sh->line.unread != NULL)
			strbuf_addf(&s, "%s%s", s.len != 0 ? "\n" : "", sh->line.unread);
		*(failed != 0 ? &sh->line.rest_failed : &sh->line.rest_ok) =
			s.len != 0 ? strbuf_take(&s) : NULL;
	}
}

/* ---- moving ---- */

/* The departure, in a memfd that the guardian inherits: its descriptor, or -errno. */
static int write_departure(const struct departure *d)
{
	int fd = handover_file(), r, spare; /* not sealed: the session comes back in it */

	if (fd < 0)
		return fd;
	r = handover_write_to(&departure_record, d, fd);
	if (r == 0) { /* the loader needs one more: is there one? */
		spare = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		r = spare < 0 ? -errno : close(spare);
	}
	if (r == 0)
		r = handover_keep(fd);
	if (r < 0)
		close(fd);
	return r;
}

/* From the origin: this process becomes the guardian. Returns only on failure. */
static int exec_stub(struct shell *sh, struct departure *d, const struct termios *modes)
{
	const struct session *me = sh->session;
	char number[16], mish[16], warm_fd[16], warm_pid[16];
	char *argv[] = { (char *)(uintptr_t)"mish-stub", number, mish, NULL, warm_pid,
			 (char *)(uintptr_t)me->warm_node, NULL };
	int fd, r;

	d->from = d->sealed.epoch;
	d->programs = me->programs;
	d->modes = (struct blob){ xmalloc(sizeof(*modes)), sizeof(*modes) };
	memcpy(d->modes.s, modes, sizeof(*modes));
	left_procs(sh, (struct left_proc **)&d->jobs.s, &d->jobs.len);
	left_stays(sh, &me->stays, &d->stays);
	fd = write_departure(d);
	if (fd < 0)
		return fd;
	snprintf(number, sizeof(number), "%d", fd);
	snprintf(mish, sizeof(mish), "%d", me->programs.fd[PROGRAM_MISH] - 1);
	if (me->warm_pid != 0) {
		snprintf(warm_fd, sizeof(warm_fd), "%d", me->warm_fd);
		snprintf(warm_pid, sizeof(warm_pid), "%d", (int)me->warm_pid);
		argv[3] = warm_fd;
		fcntl(me->warm_fd, F_SETFD, 0);
	}
	fflush(stdout);
	fflush(stderr);
	sigs_restore_original(sh);
	signal(SIGINT, SIG_IGN); /* until the guardian sees to it */
	ask_drop_connecting(sh); /* the guardian knows nothing of it */
	programs_inherit(&me->programs, true);
	r = programs_exec(&me->programs, PROGRAM_STUB, argv, var_environ(sh));
	programs_inherit(&me->programs, false);
	if (me->warm_pid != 0)
		fcntl(me->warm_fd, F_SETFD, FD_CLOEXEC);
	close(fd);
	sigs_init_interactive(sh);
	sigs_reinstall(sh);
	tty_control_set(sh, true);
	return r;
}

/* What a move to a node means that is not trusted; of several, the first is the likely one. */
static void tell_strangers(const char *wish)
{
	char node[256];

	snprintf(node, sizeof(node), "%.*s", (int)strcspn(wish, " "), wish);
	if (!trust_has(node))
		fprintf(stderr, "mish: %s is not in ~/.config/mish/nodes: before it comes home or goes on, this terminal asks\n",
			node_destination_end(node));
}

static int move_from_origin(struct shell *sh, const char *wish, unsigned flags)
{
	struct departure d;
	struct termios modes;
	char *why = NULL;
	int r;

	if ((flags & (MSG_QUIET | MSG_AUTOMATIC)) == 0)
		tell_strangers(wish);
	keep_rest(sh);
	handoff_quiet_terminal(sh, &modes, false);
	r = handoff_fill(sh, ERRAND_MOVE, wish, flags, &d, &why);
	if (r == 0) {
		r = exec_stub(sh, &d, &modes);
		if (asprintf(&why, "mish-stub: %s", r == -ENOENT ? "not installed" : strerror(-r)) < 0)
			why = NULL;
	}
	record_release(&departure_record, &d);
	restore_drop_rest(sh);
	tcsetattr(sh->tty->fd, TCSADRAIN, &modes);
	r = handoff_stays(sh, why != NULL ? why : "out of memory");
	free(why);
	return r;
}

/* Waits, frozen, for what the origin decides. */
static int await_verdict(struct shell *sh, const struct departure *d, const struct termios *modes, char **why, uint64_t *status)
{
	struct session *me = sh->session;
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;

	for (;;) {
		int r = frame_recv(me->control, &me->control_in, -1, &type, &payload, &len, &total);

		if (r < 0)
			return r;
		(void)session_on_frame(sh, type, payload, len);
		if (type == FRAME_RELEASE) { /* the session is elsewhere: no trap, no history, no trace */
			if (d->jobs.len != 0)
				stays_keep(sh, d, modes);
			_exit(0);
		}
		if (type == FRAME_RESUME && msg_parse(&v, payload, len) == 0) {
			if (msg_get_strdup(&v, MSG_WHY, why) == 0)
				text_clean(*why);
			*status = 0;
			(void)msg_get_uint(&v, MSG_STATUS, 255, status);
			frame_buf_drop(&me->control_in, total);
			return 0;
		}
		frame_buf_drop(&me->control_in, total);
	}
}

/* Asks the peer to hold input back, so that what was typed is in one place only. */
static int freeze(struct shell *sh)
{
	struct session *me = sh->session;
	enum frame_type type = FRAME_COMMIT;
	const uint8_t *payload;
	size_t len, total;
	struct msg msg;
	int r;

	msg_init(&msg);
	r = frame_send(me->control, FRAME_FROZEN, &msg);
	while (r == 0 && type != FRAME_FROZEN) {
		r = frame_recv(me->control, &me->control_in, -1, &type, &payload, &len, &total);
		if (r < 0)
			return r;
		(void)session_on_frame(sh, type, payload, len);
		frame_buf_drop(&me->control_in, total);
	}
	return r;
}

/* No offer after all: the peer and the link let input pass again. */
static void thaw(struct session *me)
{
	struct msg msg;

	msg_init(&msg);
	(void)frame_send(me->control, FRAME_RESUME, &msg);
}

/* Offers the state, and waits. 0 with *status and *why from the origin, or -errno: the peer is gone. */
static int offer(struct shell *sh, const struct departure *d, const struct termios *modes, char **why, uint64_t *status)
{
	struct session *me = sh->session;
	struct msg msg;
	int r;

	msg_init(&msg);
	record_put(&departure_record, d, &msg);
	r = frame_send(me->control, FRAME_OFFER, &msg);
	if (r == 0)
		r = await_verdict(sh, d, modes, why, status);
	me->epoch = epoch_next(me->epoch); /* the offer used the old one up: its ticket is fenced, and we are not */
	return r;
}

/* Tells how it went when the shell is still here. Returns an exit status; `why` is freed. */
static int tell_outcome(struct shell *sh, enum errand errand, char *why, int status)
{
	if (errand == ERRAND_ASK)
		printf("%s%s\n", status == 0 ? "" : "would not: ",
		       why != NULL ? why : status == 0 ? "it would accept" : "out of memory");
	else if (errand != ERRAND_WARM || status != 0)
		handoff_stays(sh, why != NULL ? why : "out of memory");
	free(why);
	return status;
}

static int move_from_peer(struct shell *sh, enum errand errand, const char *wish, unsigned flags)
{
	struct session *me = sh->session;
	uint64_t status = 1;
	struct departure d = { 0 };
	struct termios modes;
	bool stays = errand == ERRAND_MOVE && stays_begin(sh);
	char *why = NULL;
	int r;

	keep_rest(sh);
	fflush(stdout);
	fflush(stderr);
	r = freeze(sh);
	handoff_quiet_terminal(sh, &modes, true);
	if (r == 0 && (handoff_fill(sh, errand, wish, flags, &d, &why) < 0 || (stays && stays_prepare(sh, &d, &why) < 0)))
		thaw(me);
	else if (r == 0)
		r = offer(sh, &d, &modes, &why, &status);
	stays_over(sh);
	if (r < 0) { /* the peer is gone, and with it the terminal: the session goes on elsewhere, with the rest of the line */
		me->lost = true;
		raise(SIGHUP);
		why = strdup("the link is gone");
	}
	record_release(&departure_record, &d);
	restore_drop_rest(sh);
	tcsetattr(sh->tty->fd, TCSADRAIN, &modes);
	return tell_outcome(sh, errand, why, (int)status);
}

/* What keeps the shell from going to `wish` at once, for a message (caller frees); NULL nothing. */
static char *obstacle(struct shell *sh, const char *wish, bool home, char *blocked)
{
	const struct session *me = sh->session;
	char *why = blocked, *s = NULL;

	if (strcmp(wish, me->node) == 0 || (home && me->control < 0)) {
		free(why);
		why = xstrdup(home ? "already at home" : "already there");
	}
	if (why != NULL && strchr(wish, ' ') == NULL && !home && asprintf(&s, "%s: %s", wish, why) >= 0) {
		free(why);
		why = s;
	}
	return why;
}

int mover_move(struct shell *sh, enum errand errand, const char *wish, unsigned flags)
{
	struct session *me = session_get(sh);
	const char *name = wish + (*wish == '+'); /* smigrate -i */
	bool home = strcmp(name, "home") == 0 || strcmp(name, me->origin) == 0;
	char *why = eligible_obstacle(sh);
	int status;

	if (home || strcmp(name, me->node) == 0) /* where mish is */
		wish = name;
	if (errand == ERRAND_ASK)
		ask_report(sh, why);
	why = obstacle(sh, wish, home, why);
	if (why != NULL) {
		status = errand == ERRAND_ASK ? 1 : handoff_stays(sh, why);
		free(why);
		return status;
	}
	if (home && errand != ERRAND_MOVE) {
		if (errand == ERRAND_ASK)
			puts("home would accept");
		return 0;
	}
	if (me->control >= 0)
		return move_from_peer(sh, errand, wish, flags);
	return errand != ERRAND_MOVE ? ask_node(sh, errand, wish, flags) : move_from_origin(sh, wish, flags);
}
