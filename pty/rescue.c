#include <config.h>

#include "pty/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migrate/programs.h"
#include "pty/greeting.h"
#include "wire/fd.h"
#include "wire/fdpass.h"
#include "wire/node.h"

/* mish-peer, with that for its standard input and output, and nobody's child. */
static void exec_peer(int fd) __attribute__((noreturn));
static void exec_peer(int fd)
{
	const struct programs none = { 0 };
	char *argv[] = { (char *)(uintptr_t)"mish-peer", NULL };

	(void)setsid();
	if (fork() != 0)
		_exit(0);
	(void)dup2(fd, STDIN_FILENO);
	(void)dup2(fd, STDOUT_FILENO);
	close(STDERR_FILENO);
	fd_keep_only((const int[]){ STDIN_FILENO, STDOUT_FILENO }, 2);
	(void)programs_exec(&none, PROGRAM_PEER, argv, environ);
	_exit(127);
}

/* Who keeps the command is on this node: nobody needs to be logged in to. 0, or -1. */
static int greet_here(struct carrier *c)
{
	uint8_t words[GREETING_LEN];
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		exec_peer(pair[1]);
	close(pair[1]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	dial_socket(&c->d, pair[0], c->address);
	return pid > 0 && recv(pair[0], words, sizeof(words), MSG_WAITALL) == (ssize_t)sizeof(words) && memcmp(words, greeting, sizeof(words)) == 0 ? 0 : -1;
}

static void run(struct carrier *c, int (*greet)(struct carrier *, char **), int fd) __attribute__((noreturn));
static void run(struct carrier *c, int (*greet)(struct carrier *, char **), int fd)
{
	char byte, *why = NULL, here[HANDOVER_NODE];
	int pair[2];
	bool near;

	node_own_name(here, sizeof(here));
	near = strcmp(here, c->address) == 0;
	while (recv(fd, &byte, 1, 0) == 1) {
		c->connection = CONNECTION_NONE;
		if ((near ? greet_here(c) : greet(c, &why)) == 0) {
			pair[0] = pair[1] = dial_fd(&c->d);
			(void)fdpass_send(fd, near ? "n" : "", 1, pair);
		} else {
			(void)send(fd, "", 1, MSG_NOSIGNAL);
		}
		free(why);
		why = NULL;
		dial_close(&c->d);
		frame_buf_release(&c->in);
	}
	_exit(0);
}

int rescue_begin(const struct carrier *c, int (*greet)(struct carrier *, char **))
{
	struct carrier own = { .o.errand = ERRAND_PLACE, .o.flags = MSG_AUTOMATIC, .guardian = -1, .tty = -1, .d = { .fd = -1, .err = -1, .tcp = -1 } };
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE };
		static const int sent[] = { SIGTERM, SIGUSR1, SIGUSR2, SIGALRM };
		sigset_t none;

		for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
			signal(ignored[i], SIG_IGN);
		for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) /* to the job, of which we are one for this moment */
			signal(sent[i], SIG_IGN);
		(void)setpgid(0, 0);
		sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++)
			signal(sent[i], SIG_DFL);
		memcpy(own.address, c->address, sizeof(own.address));
		memcpy(own.node, c->node, sizeof(own.node));
		own.unasked = c->unnamed;
		fd_keep_only(&pair[1], 1);
		run(&own, greet, pair[1]);
	}
	close(pair[1]);
	if (pid > 0)
		return pair[0];
	close(pair[0]);
	return -1;
}

void rescue_ask(int rescue)
{
	(void)send(rescue, "", 1, MSG_NOSIGNAL);
}

int rescue_take(int rescue, struct carrier *c)
{
	char byte;
	int fds[FDPASS_FDS];
	long n = fdpass_recv(rescue, &byte, 1, fds);

	if (n <= 0)
		return n == -EBADMSG || n == -EAGAIN ? 0 : -1;
	close(fds[1]);
	dial_socket(&c->d, fds[0], c->address);
	c->o.flags = (c->o.flags & ~(uint64_t)MSG_NEAR) | (byte == 'n' ? MSG_NEAR : 0);
	c->connection = CONNECTION_GREETED;
	return 1;
}
