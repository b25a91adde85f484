#include <config.h>

#include "shell/exec/pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rendezvous/io_full.h"
#include "shell/exec/exec.h"
#include "shell/exec/fork.h"
#include "shell/exec/pure.h"
#include "shell/exec/redir.h"
#include "shell/exec/simple.h"

int pipeline_null(const struct job *j)
{
	int fd = j->control ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && fd < REDIR_OWN_MIN ? redir_own(fd) : fd;
}

/* Where a stage reads and writes (-1: where the shell does), and what it must not keep. */
struct ends {
	int in, out;
	int rest[3];
};

static void enter_stage(const struct ends *e)
{
	for (int i = 0; i < 3; i++)
		if (e->rest[i] >= 0)
			close(e->rest[i]);
	if (e->in > STDIN_FILENO) {
		dup2(e->in, STDIN_FILENO);
		close(e->in);
	}
	if (e->out >= 0) {
		dup2(e->out, STDOUT_FILENO);
		close(e->out);
	}
}

/* Fits it there although nobody reads? A new pipe takes PIPE_BUF bytes at least. */
static bool pipe_takes(int fd, size_t len)
{
	return len <= PIPE_BUF || (ssize_t)len <= (ssize_t)fcntl(fd, F_GETPIPE_SZ);
}

/* A builtin runs here; only what it printed may need a process to bring it there. */
static int start_builtin(struct shell *sh, const struct ast_command *c, struct job *j,
			 const struct ends *e, char *s, size_t len, int status)
{
	pid_t pid;

	if (len == 0 || (e->out >= 0 && pipe_takes(e->out, len) && io_write_full(e->out, s, len) == 0)) {
		job_add_done(j, status);
		return 0;
	}
	pid = fork_shell(sh, j, JOB_FG);
	if (pid == 0) {
		enter_stage(e);
		if (io_write_full(STDOUT_FILENO, s, len) < 0) {
			sh_warn(sh, "%s: write error: %s", c->simple.words->plain, strerror(errno));
			status = 1;
		}
		_exit(status);
	}
	return pid < 0 ? (int)pid : 0;
}

static int fork_stage(struct shell *sh, const struct ast_command *c, struct job *j,
		      enum job_mode mode, const struct ends *e)
{
	pid_t pid = fork_shell(sh, j, mode);

	if (pid == 0) {
		enter_stage(e);
		exec_command(sh, c, EXEC_TAIL);
		exec_exit(sh);
	}
	return pid < 0 ? (int)pid : 0;
}

static int start_stage(struct shell *sh, const struct ast_command *c, struct job *j,
		       enum job_mode mode, bool alone, const struct ends *e)
{
	struct flow flow = sh->flow;
	int status = sh->status, r;
	enum pure way = PURE_NOT;
	enum stage stage;
	size_t len;
	char *s;

	/* with job control it would get the terminal, and ^Z would stop it */
	if (mode == JOB_FG && !j->control && !opt(sh, OPT_XTRACE))
		way = alone ? pure_command(sh, c) : pure_stage(sh, c);
	if (way == PURE_BUILTIN) {
		r = pure_run(sh, c, &s, &len);
		if (r >= 0) {
			r = start_builtin(sh, c, j, e, s, len, r);
			free(s);
			return r;
		}
	} else if (way == PURE_PROGRAM) {
		stage = simple_stage(sh, c, j, e->in, e->out);
		if (stage == STAGE_FAILED)
			job_add_done(j, sh->status);
		sh->flow = flow;
		sh->status = status;
		if (stage != STAGE_FORK)
			return 0;
	}
	return fork_stage(sh, c, j, mode, e);
}

int pipeline_start(struct shell *sh, const struct ast_command *c, struct job *j, enum job_mode mode,
		   const int out[2])
{
	int in = mode == JOB_BG ? pipeline_null(j) : -1, r = 0;
	bool alone = c->next == NULL;

	for (; r == 0 && c != NULL; c = c->next) {
		struct ends e = { in, -1, { -1, -1, -1 } };
		int p[2] = { -1, -1 };

		if (out != NULL) {
			e.rest[0] = out[0];
			e.rest[1] = c->next != NULL ? out[1] : -1;
			e.out = c->next != NULL ? -1 : out[1];
		}
		if (c->next != NULL) {
			if ((r = redir_pipe(p)) < 0)
				break;
			e.out = p[1];
			e.rest[2] = p[0];
		}
		r = start_stage(sh, c, j, mode, alone, &e);
		if (in >= 0)
			close(in);
		if (p[1] >= 0)
			close(p[1]);
		in = p[0];
	}
	if (in >= 0)
		close(in);
	return r;
}
