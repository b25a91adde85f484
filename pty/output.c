#include <config.h>

#include "pty/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty/keeper.h"
#include "wire/fd.h"

static void exec_child(char *const argv[], unsigned limit_s, int out, pid_t link)
{
	int null;

	keeper_begin(link, false, -1, -1);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || out < 0)
		_exit(127);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	(void)alarm(limit_s); /* it lasts beyond exec: a file system, or what a configuration runs, may hang */
	execvp(argv[0], argv);
	_exit(127);
}

bool output_read(char *const argv[], unsigned limit_s, bool (*take)(FILE *f, void *arg), void *arg)
{
	pid_t link = getpid(), pid;
	bool ok = false;
	int fds[2], st = -1;
	FILE *f;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0)
		exec_child(argv, limit_s, fcntl(fds[1], F_DUPFD_CLOEXEC, FD_OWN_MIN), link);
	close(fds[1]);
	f = fdopen(fds[0], "r");
	if (f != NULL) {
		ok = pid > 0 && take(f, arg) && !ferror(f); /* a signal is an error: the link is to end */
		fclose(f);
	} else {
		close(fds[0]);
	}
	if (pid > 0 && !ok)
		kill(pid, SIGTERM);
	while (pid > 0 && waitpid(pid, &st, 0) < 0 && errno == EINTR)
		;
	return ok && st == 0;
}
