#include <config.h>

#include "shell/move/at_prompt.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/jobs/tty.h"
#include "shell/move/ask.h"
#include "shell/move/eligible.h"
#include "shell/move/mover.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/msg.h"
#include "wire/node.h"
#include "wire/now.h"
#include "wire/text.h"

/* The option is what is so: it can be set again when there is room. */
static void tell_unkept(struct shell *sh, struct session *me)
{
	char *why = me->unkept;

	me->unkept = NULL;
	if (why == NULL)
		return;
	text_clean(why);
	opt_set(sh, OPT_PERSIST, false);
	if (sh->tty->fd >= 0)
		(void)!write(sh->tty->fd, "\r\033[K", 4);
	sh_warn(sh, "persist: %s (off: nobody can attach to this session)", why);
	free(why);
	session_idle(sh); /* the guardian hears that it is off */
}

static void tell_idle(struct shell *sh)
{
	const struct session *me = sh->session;
	char *why = me->grant != NULL ? xstrdup("it is on its way") : eligible_automatic(sh);

	session_tell(sh, true, why, NULL);
	free(why);
}

/* Tells the node's name of a grant that came to nothing, and why. */
static void decline(struct shell *sh, const char *why)
{
	struct session *me = sh->session;
	char *node = me->grant;

	me->grant = NULL;
	free(me->connect.why);
	me->connect.why = NULL;
	me->connect.state = CONNECT_NONE;
	ask_drop_connecting(sh);
	session_tell(sh, true, why, node);
	free(node);
	tell_idle(sh); /* that node is not all there is */
}

/* The peer's chain asks the guardian; at home a link of ours begins. As ask_connect(). */
static int connect_to(struct shell *sh, const char *node)
{
	struct session *me = sh->session;
	struct msg m;
	int r;

	if (strcmp(node, "home") == 0 || strcmp(node, me->origin) == 0 || strcmp(node, me->node) == 0)
		return 1;
	if (me->control < 0)
		return ask_connect(sh, node);
	msg_init(&m);
	msg_str(&m, MSG_NODE, node);
	msg_uint(&m, MSG_SEQ, ++me->connect.seq);
	r = frame_send(me->control, FRAME_CONNECT, &m);
	return r < 0 ? r : 0;
}

/* What keeps us from going to the node of the grant (caller frees), NULL nothing. */
static char *refusal(struct shell *sh)
{
	struct session *me = sh->session;

	if (!node_name_valid(me->grant))
		return xstrdup("not a host name");
	if (!opt(sh, OPT_AUTOMIGRATE))
		return xstrdup("automigrate is off");
	return me->grant_by_hand ? NULL : eligible_automatic(sh);
}

/* A grant: while its node is connected to, the user has the prompt. True: nothing is to be waited for. */
static bool begin(struct shell *sh)
{
	struct session *me = sh->session;
	char *why = refusal(sh);
	int r;

	if (why != NULL) {
		decline(sh, why);
		free(why);
		return false;
	}
	session_tell(sh, true, "it is on its way", NULL); /* it may take a while */
	r = connect_to(sh, me->grant);
	me->connect.state = r == 0 ? CONNECT_BEGUN : CONNECT_DONE;
	if (r >= 0)
		return r != 0;
	decline(sh, strerror(-r));
	return false;
}

/* The way is open, or there is none: then we stay, and who sits here has seen nothing. */
static bool connected(struct shell *sh)
{
	struct session *me = sh->session;
	char *why = NULL;

	if (me->connect.fd >= 0 && !ask_connected(sh, &why)) {
		decline(sh, why);
		free(why);
		return false;
	}
	me->connect.state = CONNECT_DONE;
	if (me->connect.why == NULL)
		return true;
	why = me->connect.why;
	me->connect.why = NULL;
	text_clean(why);
	decline(sh, why);
	free(why);
	return false;
}

bool at_prompt_ready(struct shell *sh, int i)
{
	struct session *me = sh->session;

	if (i == 2)
		return connected(sh);
	if (!session_ready(sh, i))
		return false;
	if (i == 0)
		return me->connect.state == CONNECT_NONE && begin(sh);
	return me->connect.state == CONNECT_DONE ? connected(sh) || me->unkept != NULL : true;
}

void at_prompt_act(struct shell *sh)
{
	struct session *me = sh->session;
	char *why;

	tell_unkept(sh, me);
	if (me->grant == NULL || me->connect.state != CONNECT_DONE)
		return;
	why = refusal(sh);
	if (why == NULL) {
		if (sh->tty->fd >= 0) /* the prompt is drawn again, here or there */
			(void)!write(sh->tty->fd, "\r\033[K", 4);
		/* nothing that the user ran: $? stays */
		if (mover_move(sh, ERRAND_MOVE, me->grant, MSG_AUTOMATIC) != 0)
			why = xstrdup("the move failed");
	}
	decline(sh, why);
	free(why);
}

void at_prompt_idle(struct shell *sh)
{
	struct session *me = sh->session;
	char *late;

	tell_unkept(sh, me); /* heard while a move waited */
	session_idle(sh);
	if (me->daemon < 0)
		return;
	late = session_forget_grant(sh);
	if (late != NULL) { /* mishd gave up on the grant when the command began, unless the line was empty */
		me->grant = late;
		decline(sh, NULL);
	} else if ((me->grant != NULL && me->connect.state == CONNECT_NONE && begin(sh)) ||
		   (me->connect.state == CONNECT_DONE && connected(sh))) {
		at_prompt_act(sh); /* asked for, or answered, by hand while the command ran */
	}
	tell_idle(sh);
}

void at_prompt_busy(struct shell *sh, const char *text)
{
	struct session *me = sh->session;

	session_busy(sh, text);
	me->usage.busy_ms = now_mono_ms();
	session_tell(sh, false, "a command runs", NULL);
}

void at_prompt_more(struct shell *sh)
{
	session_tell(sh, false, "a command of several lines is half typed", NULL);
}

void at_prompt_begin(struct shell *sh)
{
	struct session *me = session_get(sh);

	programs_open(&me->programs, PROGRAM_MISH);
	session_set_variables(sh);
	sh->shell_only[0] = &me->daemon;
	sh->shell_only[1] = &me->warm_fd;
	sh->shell_only[2] = &me->connect.fd;
}
