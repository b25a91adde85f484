#include <config.h>

#include "shell/move/at_prompt.h"

#include <stdlib.h>
#include <unistd.h>

#include "shell/jobs/tty.h"
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

void at_prompt_act(struct shell *sh)
{
	struct session *me = sh->session;
	char *node = me->grant, *why;

	tell_unkept(sh, me);
	me->grant = NULL;
	if (node == NULL)
		return;
	why = !node_name_valid(node) ? xstrdup("not a host name") :
	      opt(sh, OPT_AUTOMIGRATE) ? NULL : xstrdup("automigrate is off");
	if (why == NULL && !me->grant_by_hand)
		why = eligible_automatic(sh);
	if (why == NULL) {
		if (sh->tty->fd >= 0) /* the prompt is drawn again, here or there */
			(void)!write(sh->tty->fd, "\r\033[K", 4);
		session_tell(sh, true, "it is on its way", NULL); /* the move may take a while */
		/* nothing that the user ran: $? stays */
		if (mover_move(sh, ERRAND_MOVE, node, MSG_AUTOMATIC) != 0)
			why = xstrdup("the move failed");
	}
	session_tell(sh, true, why, node);
	free(why);
	free(node);
}

void at_prompt_idle(struct shell *sh)
{
	struct session *me = sh->session;
	char *why, *late;

	session_idle(sh);
	if (me->daemon < 0)
		return;
	late = session_forget_grant(sh);
	if (late != NULL) /* mishd gave up on the grant when the command began, unless the line was empty */
		session_tell(sh, true, NULL, late);
	free(late);
	why = eligible_automatic(sh);
	session_tell(sh, true, why, NULL);
	free(why);
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
}
