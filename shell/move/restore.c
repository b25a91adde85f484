#include <config.h>

#include "shell/move/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/handover.h"
#include "migrate/keep.h"
#include "migrate/pack.h"
#include "shell/jobs/left.h"
#include "shell/jobs/tty.h"
#include "wire/fd.h"
#include "shell/exec/hist.h"
#include "shell/expand/var.h"
#include "shell/move/allocation.h"
#include "shell/move/company.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/epoch.h"
#include "wire/now.h"
#include "wire/text.h"

static void add_warning(void *arg, const char *line)
{
	char *clean = text_line(line); /* names in it are another node's, and a terminal gets it */

	strbuf_addf(arg, "%s\n", clean != NULL ? clean : "");
	free(clean);
}

/* Away from home: tells the peer why there is no shell; the origin still has the state. */
static int give_up(struct session *me, const char *why)
{
	struct msg msg;

	msg_init(&msg);
	msg_str(&msg, MSG_WHY, why);
	msg_uint(&msg, MSG_STATUS, 1);
	(void)frame_send(me->control, FRAME_ABORT, &msg);
	return -1;
}

static void tell_home(struct shell *sh, const struct arrival *h, const char *warnings)
{
	if ((h->flags & MSG_VERBOSE) != 0 && h->steps != NULL)
		fputs(h->steps, stderr);
	if (h->why != NULL)
		fprintf(stderr, "mish: %s\n", h->why);
	else if ((h->flags & MSG_QUIET) == 0 && *warnings != '\0')
		fprintf(stderr, "mish: %s: %s", ((struct session *)sh->session)->node, warnings);
	if ((h->flags & MSG_AUTOMATIC) == 0) /* else $? is still the last command's */
		sh->frame.status = (int)h->status;
}

static void send_ready(struct session *me, const char *warnings)
{
	struct msg msg;

	msg_init(&msg);
	msg_uint(&msg, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(&msg, MSG_NODE, me->node);
	msg_str(&msg, MSG_WARNINGS, warnings);
	msg_uint(&msg, MSG_PID, (uint64_t)getpid());
	(void)frame_send(me->control, FRAME_READY, &msg);
}

static void add_input(struct shell *sh, const struct blob *input)
{
	if (input->len == 0)
		return;
	sh_type_ahead(sh, (const char *)input->s, input->len);
}

void restore_drop_rest(struct shell *sh)
{
	free(sh->line.rest_ok);
	free(sh->line.rest_failed);
	free(sh->line.entered);
	free(sh->line.entered_for);
	sh->line.rest_ok = sh->line.rest_failed = sh->line.entered = sh->line.entered_for = NULL;
}

/*
 * Nothing that a user can notice may run before COMMIT: until then the origin may take the
 * session back and run the same.
 */
static void await_commit(struct session *me)
{
	enum frame_type type = FRAME_READY;
	const uint8_t *payload;
	size_t len, total;

	while (type != FRAME_COMMIT) {
		if (frame_recv(me->control, &me->control_in, -1, &type, &payload, &len, &total) < 0)
			_exit(1); /* the session is elsewhere */
		frame_buf_drop(&me->control_in, total);
	}
}

/* The programs that came along, or those that are here. */
static void take_programs(struct session *me, const struct arrival *a)
{
	me->programs = a->programs;
	programs_inherit(&me->programs, false);
	programs_open(&me->programs, PROGRAM_MISH);
	programs_name(PROGRAM_MISH);
}

/* Loads the state. 0, or -errno with *why where there is more to say. */
static int load(struct shell *sh, const struct arrival *a, struct strbuf *warnings, char **why)
{
	const struct pack_ops *ops = pack_load(&session_get(sh)->programs, why);

	if (ops == NULL)
		return -ENOENT;
	return a->sealed.state.s != NULL ?
		       ops->unpack(sh, sh->sections, a->session, &a->sealed, add_warning, warnings) :
		       -EBADMSG;
}

static const char *load_error(int err)
{
	return err == -EBADMSG ? "the state cannot be read" :
	       err == -EPROTO  ? "another version of mish wrote the state" :
				 handover_error(err);
}

int restore_try(struct shell *sh, int handover_fd)
{
	struct strbuf warnings = { 0 };
	struct arrival a;
	char *why = NULL;
	int r = handover_read(&arrival_record, handover_fd, &a);

	take_programs(session_get(sh), &a);
	if (r == 0)
		r = load(sh, &a, &warnings, &why);
	if (r < 0)
		fprintf(stderr, "%s\n", why != NULL ? why : load_error(r));
	free(why);
	strbuf_release(&warnings);
	return r < 0;
}

int restore_placed(struct shell *sh, int handover_fd)
{
	struct session *me = session_get(sh);
	struct strbuf warnings = { 0 };
	struct arrival a;
	char *why = NULL;
	int r = handover_read(&arrival_record, handover_fd, &a);

	close(handover_fd);
	take_programs(me, &a);
	if (r == 0)
		r = load(sh, &a, &warnings, &why);
	if (r < 0)
		fprintf(stderr, "mish: @%s: %s\n", me->node, why != NULL ? why : load_error(r));
	else if (warnings.len != 0)
		fprintf(stderr, "mish: @%s: %s", me->node, strbuf_str(&warnings));
	sh->pid = (pid_t)a.pid;
	free(why);
	strbuf_release(&warnings);
	record_release(&arrival_record, &a);
	return r < 0 ? -1 : 0;
}

/* At home a state that cannot be restored now is not thrown away. */
static void keep_state(struct shell *sh, const struct arrival *a, const char *why)
{
	if (keep_arrival(a) == 0)
		sh_warn(sh, "your session's state cannot be restored: %s; it is kept: mish --attach %.8s (a fresh shell)",
			why, a->session);
	else
		sh_warn(sh, "your session's state is lost: %s (a fresh shell)", why);
}

/* What became of the state: -1 where another shell goes on, 0 where this one does, as a fresh one. */
static int without_state(struct shell *sh, const struct arrival *a, const char *why)
{
	struct session *me = sh->session;

	if (me->control >= 0)
		return give_up(me, why);
	keep_state(sh, a, why);
	if ((a->flags & (MSG_LOST | MSG_STRANGER)) == 0)
		add_input(sh, &a->input); /* was typed, and has not been read */
	return 0;
}

/* Typed there and not read, as that node says: it is shown for editing, and does not run. */
static void ahead_to_line(struct shell *sh)
{
	struct strbuf s = { 0 };

	if (sh->line.ahead_len == 0)
		return;
	if (sh->line.text != NULL)
		strbuf_adds(&s, sh->line.text);
	for (size_t i = 0; i < sh->line.ahead_len; i++)
		strbuf_addc(&s, (unsigned char)sh->line.ahead[i] < ' ' ? ' ' : (char)sh->line.ahead[i]);
	free(sh->line.text);
	sh->line.cursor = s.len;
	sh->line.text = strbuf_take(&s);
	sh->line.ahead_len = 0;
}

/* Who the session is; and what of its state is not to run. */
static void take_identity(struct shell *sh, const struct arrival *a)
{
	struct session *me = sh->session;

	memcpy(me->session, a->session, sizeof(me->session) - 1);
	memcpy(me->origin, a->origin, sizeof(me->origin));
	me->epoch = epoch_next(a->from);
	me->arrived_ms = now_mono_ms();
	session_set_variables(sh);
	if ((a->flags & (MSG_LOST | MSG_STRANGER)) != 0)
		restore_drop_rest(sh);
	if ((a->flags & MSG_LOST) != 0)
		sh->line.ahead_len = 0;
	if (me->control < 0)
		add_input(sh, &a->input);
	if ((a->flags & MSG_STRANGER) != 0)
		ahead_to_line(sh);
}

/* Programs run $SHELL: where mish was carried to it may be none. */
static void shell_is_there(struct shell *sh)
{
	const char *shell = var_text(sh, "SHELL"), *own = getenv("SHELL");

	if (shell != NULL && own != NULL && access(shell, X_OK) != 0 && access(own, X_OK) == 0)
		(void)var_set(sh, "SHELL", own, 0);
}

static void go_on_there(struct shell *sh, const struct arrival *a, const char *warnings)
{
	struct session *me = sh->session;

	checkpoint_begin(&me->checkpoint, a);
	if ((a->flags & MSG_LOST) != 0)
		sh->frame.status = 128 + SIGHUP;
	else if ((a->flags & MSG_AUTOMATIC) == 0)
		sh->frame.status = 0;
	send_ready(me, warnings);
	/* a prompt alone may be printed early: it travels behind READY, and the link holds it */
	if (sh->line.rest_ok != NULL || sh->line.rest_failed != NULL || sh->line.ahead_len != 0 ||
	    allocation_at(0) != NULL) /* one that is left is given back */
		await_commit(me);
}

static void go_on_at_home(struct shell *sh, const struct arrival *a, const char *warnings)
{
	if (a->command != NULL && a->command[strcspn(a->command, "\n")] == '\0')
		hist_add(sh->hist, a->command, now_wall_s()); /* to run it again */
	tell_home(sh, a, warnings);
	/* a shell that moves has a terminal: it has gone while no shell was here to hear it */
	if ((a->flags & MSG_HANGUP) != 0 || sh->tty->fd < 0)
		raise(SIGHUP);
}

int restore_session(struct shell *sh, int handover_fd, int control)
{
	struct session *me = session_get(sh);
	struct strbuf warnings = { 0 };
	struct arrival a;
	char *why = NULL;
	int r = handover_read(&arrival_record, handover_fd, &a);

	close(handover_fd);
	if (a.errand != 0)
		a.status = 1;
	take_programs(me, &a);
	if (control >= 0) {
		me->control = fd_own(control);
		fcntl(me->control, F_SETFD, FD_CLOEXEC);
		session_away(sh);
		me->display = getenv("DISPLAY") != NULL ? strdup(getenv("DISPLAY")) : NULL;
	}
	if (sh->tty->have_modes) { /* the guardian has begun with that; the state says what the modes are */
		sh->tty->modes.c_lflag |= ECHO;
		tty_quiet(sh);
	}
	left_stand_ins(sh, &a.jobs);
	if (r == 0)
		r = load(sh, &a, &warnings, &why);
	left_stand_ins(sh, NULL);
	me->stays = a.stays;
	a.stays = (struct blob){ 0 };
	if (r < 0) {
		r = without_state(sh, &a, why != NULL ? why : load_error(r));
	} else {
		take_identity(sh, &a);
		shell_is_there(sh);
		if ((a.flags & (MSG_AUTOMATIC | MSG_LOST)) == 0 && a.why == NULL)
			company_tell(sh, me->control >= 0, &warnings);
		if (me->control >= 0)
			go_on_there(sh, &a, strbuf_str(&warnings));
		else
			go_on_at_home(sh, &a, strbuf_str(&warnings));
		/* after READY: what is printed before that is taken for a reason why there is no shell */
		if ((a.flags & MSG_AUTOMATIC) != 0 && a.why == NULL && opt(sh, OPT_MIGRATENOTICE))
			fprintf(stderr, "mish: moved from %s to %s\n", a.here, me->node);
	}
	free(why);
	strbuf_release(&warnings);
	record_release(&arrival_record, &a);
	return r;
}
