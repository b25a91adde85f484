#include <config.h>

#include "tests/unit/unit.h"

#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shell/jobs/tty.h"
#include "shell/move/mover.h"
#include "shell/move/session.h"
#include "shell/shell.h"
#include "shell/shell_init.h"
#include "wire/frame.h"

/* What the peer says at any time: at the prompt, and while a move waits for something else. */

struct world {
	struct shell *sh;
	struct session *me;
	int peer, tty;
};

static int open_module(void)
{
	const char *dir = getenv("MISH_BUILDDIR");
	char *path = NULL;
	int fd;

	assert_true(asprintf(&path, "%s/mish-move.so", dir != NULL ? dir : ".") > 0);
	fd = open(path, O_PATH | O_CLOEXEC);
	free(path);
	assert_true(fd >= 0);
	return fd;
}

static struct world begin(void)
{
	static const struct state_section *const none[] = { NULL };
	static char *env[] = { NULL };
	struct world w = { .sh = shell_new(env) };
	int sv[2];

	w.me = session_get(w.sh);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv), 0);
	w.me->control = sv[0];
	w.peer = sv[1];
	assert_int_equal(openpty(&w.tty, &w.sh->tty->fd, NULL, NULL, NULL), 0);
	w.sh->interactive = true;
	w.sh->sections = none;
	w.me->programs.fd[PROGRAM_MOVE] = (uint8_t)(open_module() + 1);
	return w;
}

static void finish(struct world *w)
{
	close(w->me->control);
	w->me->control = -1;
	close(w->peer);
	close(w->tty);
	shell_free(w->sh);
}

/* The peer says it; why NULL and seq 0: without. */
static void says(const struct world *w, enum frame_type type, const char *why, uint64_t seq)
{
	struct msg m;

	msg_init(&m);
	if (why != NULL) {
		msg_str(&m, MSG_WHY, why);
		msg_uint(&m, MSG_STATUS, 1);
	}
	if (seq != 0)
		msg_uint(&m, MSG_SEQ, seq);
	if (type == FRAME_ATTACHED)
		msg_str(&m, MSG_ORIGIN, "delta");
	assert_int_equal(frame_send(w->peer, type, &m), 0);
}

static void an_answer_to_another_connect_is_none(void **state)
{
	struct world w = begin();

	(void)state;
	w.me->connect.seq = 7;
	w.me->connect.state = CONNECT_BEGUN;
	says(&w, FRAME_CONNECT, "no route", 6); /* of the grant before */
	says(&w, FRAME_CONNECT, "no route", 0);
	(void)session_ready(w.sh, 1);
	assert_int_equal(w.me->connect.state, CONNECT_BEGUN);
	says(&w, FRAME_CONNECT, "no route", 7);
	says(&w, FRAME_CONNECT, "said twice", 7);
	assert_true(session_ready(w.sh, 1));
	assert_int_equal(w.me->connect.state, CONNECT_DONE);
	assert_string_equal(w.me->connect.why, "no route");
	finish(&w);
}

static void what_comes_while_a_move_waits_is_not_lost(void **state)
{
	(void)state;
	/* before FROZEN, and where the state is offered, before the verdict */
	for (int offered = 0; offered < 2; offered++) {
		struct world w = begin();

		w.me->connect.seq = 7;
		w.me->connect.state = CONNECT_BEGUN;
		if (offered != 0)
			says(&w, FRAME_FROZEN, NULL, 0);
		says(&w, FRAME_UNKEPT, "no room", 0);
		says(&w, FRAME_CONNECT, NULL, 7);
		says(&w, FRAME_ATTACHED, NULL, 0);
		if (offered == 0)
			says(&w, FRAME_FROZEN, NULL, 0);
		says(&w, FRAME_RESUME, "no route", 0);
		assert_int_not_equal(mover_move(w.sh, ERRAND_MOVE, "gamma", 0), 0);
		assert_string_equal(w.me->unkept, "no room");
		assert_int_equal(w.me->connect.state, CONNECT_DONE);
		assert_string_equal(w.me->origin, "delta");
		finish(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_to_another_connect_is_none),
		cmocka_unit_test(what_comes_while_a_move_waits_is_not_lost),
	};

	return cmocka_run_group_tests_name("peer_says", tests, NULL, NULL);
}
