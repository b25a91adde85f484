#include <config.h>

#include "shell/exec/procsub.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/exec.h"
#include "shell/jobs/fork.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"
#include "wire/fd.h"

enum { FD_MIN = 63 }; /* where bash begins, too: a script may use what is below */

struct procsub {
	struct procsub *next; /* the one before */
	int fd;
};

/* In the child: its end of the pipe becomes its standard input or output. */
static void run(struct shell *sh, const struct ast_list *list, int end, bool reads)
{
	dup2(end, reads ? STDIN_FILENO : STDOUT_FILENO);
	procsub_close(sh, NULL); /* who reads from another one is to see its end */
	sh->frame.loop_depth = 0;
	if (list != NULL)
		exec_list(sh, list, EXEC_TAIL | EXEC_WHOLE);
	exec_exit(sh);
}

char *procsub_start(struct shell *sh, const struct ast_list *list, bool reads)
{
	struct procsub *s;
	char name[32];
	int p[2], r = fd_pipe(p), fd;
	pid_t pid;

	fd = r == 0 ? fcntl(p[reads], F_DUPFD, FD_MIN) : -1; /* without close-on-exec: the command opens it */
	if (r == 0 && fd < 0)
		fd = fcntl(p[reads], F_DUPFD, FD_OWN_MIN); /* a low `ulimit -n` */
	pid = r < 0 ? r : fd < 0 ? -errno : fork_shell(sh, NULL, JOB_FG);
	if (pid == 0) {
		close(fd);
		run(sh, list, p[!reads], reads);
	}
	if (r == 0) {
		close(p[0]);
		close(p[1]);
	}
	if (pid < 0) {
		if (fd >= 0)
			close(fd);
		sh_abort(sh, 1, "process substitution: %s", strerror((int)-pid));
		return NULL;
	}
	s = xmalloc(sizeof(*s));
	*s = (struct procsub){ sh->frame.procsubs, fd };
	sh->frame.procsubs = s;
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	return arena_strndup(sh->arena, name, strlen(name));
}

void procsub_close(struct shell *sh, struct procsub *mark)
{
	while (sh->frame.procsubs != mark && sh->frame.procsubs != NULL) {
		struct procsub *s = sh->frame.procsubs;

		sh->frame.procsubs = s->next;
		close(s->fd);
		free(s);
	}
}
