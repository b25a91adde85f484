#include <config.h>

#include "shell/move/ask.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "wire/fd.h"
#include "wire/frame.h"
#include "wire/text.h"
#include "shell/exec/dirs.h"
#include "shell/exec/func.h"
#include "shell/exec/hist.h"
#include "shell/jobs/fork.h"
#include "shell/jobs/job.h"
#include "shell/move/handoff.h"
#include "shell/move/session.h"
#include "shell/expand/var.h"
#include "shell/parser/alias.h"
#include "shell/parser/strbuf.h"

enum { LINK_MS = 160000 /* a login may ask for so long */, FRAME_MS = 1000 };

static void link_child(struct shell *sh, int control, int memfd)
{
	char *argv[] = { (char *)(uintptr_t)"mish-link", (char *)(uintptr_t)"3",
			 (char *)(uintptr_t)"4", NULL };

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(fd_own(memfd), 3) < 0 || dup2(fd_own(control), 4) < 0)
		_exit(127); /* a low `ulimit -n` */
	close_range(5, ~0U, CLOSE_RANGE_CLOEXEC);
	sigs_before_exec(sh);
	(void)programs_exec(&session_get(sh)->programs, PROGRAM_LINK, argv, var_environ(sh));
	_exit(127);
}

/* Sleeps until the link says something, or a signal comes: that signal, else 0. */
static int await_word(struct shell *sh, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct timespec ts = { LINK_MS / 1000, 0 };
	int signo;

	sigs_sleep_begin();
	while ((signo = sigs_waiting(sh)) == 0 &&
	       ppoll(&p, 1, &ts, sigs_sleep_mask()) < 0 && errno == EINTR)
		;
	sigs_sleep_end();
	return signo;
}

/* What a link answers. */
struct answer {
	struct frame_buf in;
	struct msg_view v;
	char *why; /* it did not say READY; NULL: out of memory */
};

static void release_answer(struct answer *a)
{
	frame_buf_release(&a->in);
	free(a->why);
}

/* Reads the link's answer. True: it said READY. */
static bool read_answer(int fd, const char *node, struct answer *a)
{
	enum frame_type type = FRAME_ABORT;
	const uint8_t *payload;
	size_t len, total;
	int r = frame_recv(fd, &a->in, FRAME_MS, &type, &payload, &len, &total);

	if (r == 0 && msg_parse(&a->v, payload, len) < 0)
		r = -EBADMSG;
	if (r == 0 && type == FRAME_READY)
		return true;
	if ((r != 0 || msg_get_strdup(&a->v, MSG_WHY, &a->why) < 0) &&
	    asprintf(&a->why, "%s: mish-link: %s", node, r < 0 ? strerror(-r) : "no answer") < 0)
		a->why = NULL;
	if (a->why != NULL)
		text_clean(a->why);
	return false;
}

/* Waits for the link's answer and tells the user. Returns a status; 0: it said READY. */
static int await_link(struct shell *sh, int fd, enum errand errand, const char *node, unsigned flags)
{
	int signo = await_word(sh, fd);
	struct answer a = { 0 };
	bool ready = signo == 0 && read_answer(fd, node, &a);
	char *s = NULL, who[256];

	if (ready && (errand == ERRAND_ASK || (flags & MSG_VERBOSE) != 0) &&
	    msg_get_strdup(&a.v, MSG_STEPS, &s) == 0)
		fputs(s, stdout);
	if (signo != 0 && asprintf(&a.why, "%s: interrupted", node) < 0)
		a.why = NULL;
	if (!ready && errand == ERRAND_WARM)
		handoff_stays(sh, a.why != NULL ? a.why : "out of memory");
	else if (!ready)
		printf("would not: %s\n", a.why != NULL ? a.why : "out of memory");
	else if (errand == ERRAND_ASK)
		printf("%s would accept\n", msg_get_str(&a.v, MSG_NODE, who, sizeof(who)) == 0 ? who : node);
	free(s);
	release_answer(&a);
	return signo != 0 ? 128 + signo : !ready;
}

/* The link ends with its socket; the shell's next wait reaps it. */
void ask_drop_warm(struct shell *sh)
{
	struct session *me = session_get(sh);

	if (me->warm_pid != 0)
		close(me->warm_fd);
	me->warm_pid = 0;
	me->warm_fd = -1;
}

static void keep_warm(struct shell *sh, const char *node, pid_t pid, int fd)
{
	struct session *me = session_get(sh);

	ask_drop_warm(sh);
	me->warm_fd = fd_own(fd);
	if (me->warm_fd < 0)
		close(fd);
	else
		me->warm_pid = pid;
	snprintf(me->warm_node, sizeof(me->warm_node), "%.255s", node);
}

/* Waits for the link's answer; ends the link, unless it is to stay warm. A status. */
static int hear_link(struct shell *sh, pid_t pid, int fd, enum errand errand, const char *node, unsigned flags)
{
	int status = await_link(sh, fd, errand, node, flags);

	if (status == 0 && errand == ERRAND_WARM) {
		keep_warm(sh, node, pid, fd);
		return 0;
	}
	kill(pid, status == 0 ? SIGTERM : SIGKILL); /* it may be connecting */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(fd);
	return status;
}

/* Starts a link on the order in `memfd`: its pid, with our end of its socket in *ret, or -errno. */
static pid_t start_link(struct shell *sh, int memfd, int *ret)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	pid = fork_shell(sh, NULL, JOB_FG);
	if (pid == 0)
		link_child(sh, pair[1], memfd);
	close(pair[1]);
	if (pid < 0)
		close(pair[0]);
	*ret = pair[0];
	return pid;
}

/* What a link is to do, in a memfd that it inherits, or -errno. */
static int write_order(struct shell *sh, enum errand errand, const char *node, unsigned flags)
{
	const struct session *me = session_get(sh);
	struct errand_order o = { .errand = errand, .flags = flags, .from = me->epoch };

	if (opt(sh, OPT_LOGIN))
		o.flags |= MSG_LOGIN;
	snprintf(o.session, sizeof(o.session), "%s", me->session);
	snprintf(o.origin, sizeof(o.origin), "%s", me->origin);
	snprintf(o.here, sizeof(o.here), "%s", me->node);
	snprintf(o.wish, sizeof(o.wish), "%s", node);
	return handover_write(&errand_record, &o);
}

/* Starts a link and waits for its answer. A status. */
static int run_link(struct shell *sh, int memfd, enum errand errand, const char *node, unsigned flags)
{
	struct termios modes;
	int fd, status;
	pid_t pid;

	handoff_quiet_terminal(sh, &modes, false); /* it may ask for a password */
	pid = start_link(sh, memfd, &fd);
	status = pid > 0 ? hear_link(sh, pid, fd, errand, node, flags) : handoff_stays(sh, strerror(-pid));
	tcsetattr(sh->tty->fd, TCSADRAIN, &modes);
	return status;
}

int ask_node(struct shell *sh, enum errand errand, const char *node, unsigned flags)
{
	char *path = programs_path(&session_get(sh)->programs, PROGRAM_LINK);
	int memfd, status;

	if (path == NULL)
		return handoff_stays(sh, "mish-link is not installed");
	free(path);
	memfd = write_order(sh, errand, node, flags);
	if (memfd < 0)
		return handoff_stays(sh, strerror(-memfd));
	status = run_link(sh, memfd, errand, node, flags);
	close(memfd);
	return status;
}

/* ---- beside the prompt ---- */

int ask_connect(struct shell *sh, const char *node)
{
	struct session *me = session_get(sh);
	int memfd, fd;
	pid_t pid;

	if (me->warm_pid != 0 && strcmp(me->warm_node, node) == 0)
		return 1;
	memfd = write_order(sh, ERRAND_WARM, node, MSG_AUTOMATIC);
	if (memfd < 0)
		return memfd;
	pid = start_link(sh, memfd, &fd);
	close(memfd);
	if (pid < 0)
		return pid;
	me->connect.fd = fd_own(fd);
	if (me->connect.fd < 0) {
		close(fd); /* which ends the link */
		return -EMFILE;
	}
	me->connect.pid = pid;
	return 0;
}

bool ask_connected(struct shell *sh, char **why)
{
	struct session *me = session_get(sh);
	struct answer a = { 0 };
	bool ready = read_answer(me->connect.fd, me->grant, &a);

	if (ready) {
		ask_drop_warm(sh);
		me->warm_fd = me->connect.fd;
		me->warm_pid = me->connect.pid;
		snprintf(me->warm_node, sizeof(me->warm_node), "%.255s", me->grant);
		me->connect.fd = -1;
	} else {
		*why = a.why != NULL ? a.why : xstrdup("out of memory");
		a.why = NULL;
		ask_drop_connecting(sh);
	}
	release_answer(&a);
	return ready;
}

void ask_drop_connecting(struct shell *sh)
{
	struct session *me = session_get(sh);

	if (me->connect.fd < 0)
		return;
	if (waitpid(me->connect.pid, NULL, WNOHANG) == 0) /* else it has ended, and its pid may be another's */
		kill(me->connect.pid, SIGKILL); /* it may be connecting */
	close(me->connect.fd);
	me->connect.fd = -1;
	me->connect.state = CONNECT_NONE;
}

/* What would come along and what would not. */
void ask_report(struct shell *sh, const char *blocked)
{
	size_t n, vars = 0, bound = 0, funcs = 0, aliases = 0;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++) {
		bool stays_here = state_is_host_bound(v[i]->text, v[i]->name_len);

		vars += !stays_here;
		bound += stays_here && var_value(v[i]) != NULL;
	}
	while (func_at(sh, funcs) != NULL)
		funcs++;
	while (alias_at(sh->aliases, aliases, NULL) != NULL)
		aliases++;
	printf("would travel: %zu variables, %zu functions, %zu aliases, %zu history entries, "
	       "%zu directories\n",
	       vars, funcs, aliases, hist_count(sh->hist), sh->dirs->n + 1);
	printf("would not: %zu variables of this host%s", bound, bound != 0 ? ":" : "");
	for (size_t i = 0; i < n; i++)
		if (var_value(v[i]) != NULL && state_is_host_bound(v[i]->text, v[i]->name_len))
			printf(" %.*s", (int)v[i]->name_len, v[i]->text);
	putchar('\n');
	if (blocked != NULL)
		printf("in the way: %s\n", blocked);
	free(v);
}
