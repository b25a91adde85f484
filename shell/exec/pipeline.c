#include <config.h>

#include "shell/exec/pipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/jobs/job.h"
#include "wire/fd.h"
#include "wire/io_full.h"
#include "shell/exec/exec.h"
#include "shell/jobs/fork.h"
#include "shell/exec/pure.h"
#include "shell/exec/simple.h"
#include "shell/exec/trap.h"
#include "shell/expand/element.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/decimal.h"
#include "shell/parser/strbuf.h"

int pipeline_null(const struct job *j)
{
	int fd = j->control ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && fd < FD_OWN_MIN ? fd_own(fd) : fd;
}

/* One stage, with what was done of it before its pipe was made: commands must not inherit the pipe. */
struct stage {
	const struct ast_command *c;
	enum { STAGE_SHELL, STAGE_PROGRAM, STAGE_DONE } kind;
	struct fields words; /* of a program, expanded */
	int status;	     /* STAGE_DONE: its exit status; s has its output */
	char *s;
	size_t len;
	int in, out, unused; /* its descriptors, -1: the shell's; and the pipe's other end */
};

static void prepare(struct shell *sh, struct stage *t, bool alone)
{
	struct frame outer = sh->frame;

	switch (alone ? pure_command(sh, t->c) : pure_stage(sh, t->c)) {
	case PURE_BUILTIN:
		t->status = pure_run(sh, t->c, &t->s, &t->len);
		t->kind = t->status < 0 ? STAGE_SHELL : STAGE_DONE;
		break;
	case PURE_PROGRAM:
		switch (simple_expand(sh, t->c, &t->words)) {
		case WORDS_EXPANDED:
			t->kind = STAGE_PROGRAM;
			break;
		case WORDS_FAILED:
			t->kind = STAGE_DONE;
			t->status = sh->frame.status;
			break;
		case WORDS_WANT_EFFECTS:
			break;
		}
		sh->frame = outer;
		break;
	case PURE_NOT:
		break;
	}
}

/* Does so much fit into the pipe while nobody reads? A new pipe takes PIPE_BUF bytes at least. */
static bool pipe_takes(int fd, size_t len)
{
	return len <= PIPE_BUF || (ssize_t)len <= (ssize_t)fcntl(fd, F_GETPIPE_SZ);
}

static void run_child(struct shell *sh, struct stage *t)
{
	if (t->unused >= 0)
		close(t->unused);
	if (t->in > STDIN_FILENO) {
		dup2(t->in, STDIN_FILENO);
		close(t->in);
	}
	if (t->out >= 0) {
		dup2(t->out, STDOUT_FILENO);
		close(t->out);
		sh->placed.waits = false;
	}
	switch (t->kind) {
	case STAGE_SHELL:
		exec_command(sh, t->c, EXEC_TAIL | EXEC_WHOLE);
		break;
	case STAGE_PROGRAM:
		simple_become(sh, t->c, &t->words);
	case STAGE_DONE: /* it prints more than a pipe takes */
		sh->frame.lineno = t->c->line;
		sh->frame.status = t->status;
		if (io_write_full(STDOUT_FILENO, t->s, t->len) < 0) {
			sh_warn(sh, "%s: write error: %s", t->c->simple.words->plain, strerror(errno));
			sh->frame.status = 1;
		}
		break;
	}
	exec_exit(sh);
}

static int start(struct shell *sh, struct stage *t, struct job *j, enum job_mode mode)
{
	pid_t pid;

	if (t->kind == STAGE_DONE &&
	    (t->len == 0 || (t->out >= 0 && pipe_takes(t->out, t->len) &&
			     io_write_full(t->out, t->s, t->len) == 0))) {
		job_add_done(j, t->status);
		return 0;
	}
	if (t->kind == STAGE_PROGRAM && simple_spawn(sh, t->c, &t->words, j, t->in, t->out))
		return 0;
	pid = fork_shell(sh, j, mode);
	if (pid == 0)
		run_child(sh, t);
	return pid < 0 ? (int)pid : 0;
}

bool pipeline_debug(struct shell *sh, const struct ast_command *c)
{
	if (sh->trap_events == 0 || c->kind != AST_SIMPLE || opt(sh, OPT_FUNCTRACE))
		return true;
	sh->frame.lineno = c->line;
	if (sh->frame.action.status < 0) /* not of an action */
		sh->frame.command = c;
	trap_event(sh, TRAP_DEBUG);
	return sh->frame.flow.kind == FLOW_NONE;
}

/* Starts the stages from c to before `end`; `debugs`: the DEBUG action comes before each. */
static int start_stages(struct shell *sh, const struct ast_command *c, const struct ast_command *end, struct job *j,
			enum job_mode mode, bool debugs, int *ret)
{
	int in = mode == JOB_BG ? pipeline_null(j) : -1, r = 0;
	bool alone = c->next == NULL;

	for (; r == 0 && c != end && (!debugs || pipeline_debug(sh, c)); c = c->next) {
		struct stage t = { .c = c, .in = in, .out = -1, .unused = -1 };
		void *mark = arena_mark(sh->arena);
		int p[2] = { -1, -1 };

		/* with job control it would get the terminal, and ^Z would stop it */
		if (mode == JOB_FG && !j->control && !opt(sh, OPT_XTRACE))
			prepare(sh, &t, alone);
		if (c->next != NULL || ret != NULL)
			r = fd_pipe(p);
		t.unused = p[0];
		t.out = p[1];
		if (r == 0)
			r = start(sh, &t, j, mode);
		free(t.s);
		arena_rewind(sh->arena, mark);
		if (in >= 0)
			close(in);
		if (p[1] >= 0)
			close(p[1]);
		in = p[0];
	}
	if (r == 0 && ret != NULL) {
		*ret = in;
		return 0;
	}
	if (in >= 0)
		close(in);
	if (ret != NULL)
		*ret = -1;
	return r;
}

int pipeline_start(struct shell *sh, const struct ast_command *c, struct job *j, enum job_mode mode,
		   int *ret)
{
	return start_stages(sh, c, NULL, j, mode, mode == JOB_BG, ret);
}

/* The last stage, in this shell, reading `in` (taken). A status. */
static int run_here(struct shell *sh, const struct ast_command *c, int in)
{
	int old = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, FD_OWN_MIN), status;

	dup2(in, STDIN_FILENO);
	if (in != STDIN_FILENO)
		close(in);
	status = exec_command(sh, c, 0);
	if (old >= 0) {
		dup2(old, STDIN_FILENO);
		close(old);
	} else {
		close(STDIN_FILENO);
	}
	return status;
}

int pipeline_run(struct shell *sh, const struct ast_pipeline *pl)
{
	const struct ast_command *last = pl->commands;
	struct ast_pipeline one = *pl;
	struct job *j;
	int in, r, status, own;
	bool ends;

	one.next = NULL;
	sh->frame.lineno = pl->commands->line;
	j = job_new(sh, &one);
	while (last->next != NULL)
		last = last->next;
	if (!opt(sh, OPT_LASTPIPE) || j->control)
		last = NULL;
	r = start_stages(sh, pl->commands, last, j, JOB_FG, true, last != NULL ? &in : NULL);
	ends = sh->frame.flow.kind != FLOW_NONE; /* by the DEBUG action */
	own = sh->frame.status;
	if (r == 0 && last != NULL && !ends)
		job_add_done(j, run_here(sh, last, in));
	else if (r == 0 && last != NULL && in >= 0)
		close(in);
	status = job_wait_fg(sh, j);
	if (ends)
		return own;
	if (r < 0) {
		sh_warn(sh, "cannot start a pipeline: %s", strerror(-r));
		status = 2;
	}
	return status;
}

/* Our ends of the pipes to and from a coprocess, where they are in nobody's way. -errno; then all are closed. */
static int coproc_pipes(int theirs[2], int ours[2])
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, r = fd_pipe(in);

	if (r == 0)
		r = fd_pipe(out);
	ours[0] = r == 0 ? fcntl(out[0], F_DUPFD_CLOEXEC, FD_COPROC_MIN) : -1;
	ours[1] = r == 0 ? fcntl(in[1], F_DUPFD_CLOEXEC, FD_COPROC_MIN) : -1;
	theirs[0] = in[0];
	theirs[1] = out[1];
	if (r == 0 && (ours[0] < 0 || ours[1] < 0))
		r = -errno;
	if (out[0] >= 0)
		close(out[0]);
	if (in[1] >= 0)
		close(in[1]);
	for (int i = 0; i < 2 && r < 0; i++) {
		if (theirs[i] >= 0)
			close(theirs[i]);
		if (ours[i] >= 0)
			close(ours[i]);
	}
	return r;
}

/* Those of the coprocess of that name before this one. */
static void close_last_coproc(struct shell *sh, const char *name)
{
	struct value v = var_get(sh, name, strlen(name));

	for (int i = 0; v.kind == VALUE_ARRAY && i < 2; i++) {
		const char *text = array_get(v.array, (struct array_key){ .index = i });
		int fd = text != NULL ? atoi(text) : -1;

		if (fd >= FD_COPROC_MIN && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0)
			close(fd);
	}
}

/* NAME=(read write). False with a message: it cannot be. */
static bool name_coproc(struct shell *sh, const char *name, const int ours[2])
{
	struct array *a = array_new(false);
	char buf[DECIMAL_MAX];

	for (int i = 0; i < 2; i++)
		array_set(a, (struct array_key){ .index = i }, decimal_print(buf, ours[i]));
	return element_told(sh, "coproc", name, var_set_array(sh, name, a)) == 0;
}

/* NAME_PID and $!. */
static void tell_coproc(struct shell *sh, const char *name, pid_t pid)
{
	struct strbuf s = { 0 };
	char buf[DECIMAL_MAX];

	strbuf_addf(&s, "%s_PID", name);
	(void)var_set(sh, s.s, decimal_print(buf, pid), 0);
	strbuf_release(&s);
	free(sh->last_bg);
	sh->last_bg = xstrdup(decimal_print(buf, pid));
}

int pipeline_coproc(struct shell *sh, const struct ast_command *c)
{
	struct ast_command one = *c;
	struct ast_pipeline pl = { .commands = &one };
	int theirs[2], ours[2], r;
	struct job *j;
	pid_t pid;

	close_last_coproc(sh, c->function.name);
	r = coproc_pipes(theirs, ours);
	if (r < 0) {
		sh_warn(sh, "coproc: %s", strerror(-r));
		return 1;
	}
	if (!name_coproc(sh, c->function.name, ours)) {
		for (int i = 0; i < 2; i++) {
			close(theirs[i]);
			close(ours[i]);
		}
		return 1;
	}
	one.next = NULL;
	j = job_new(sh, &pl);
	j->background = true;
	pid = fork_shell(sh, j, JOB_BG);
	if (pid == 0) {
		for (int i = 0; i < 2; i++) {
			close(ours[i]);
			dup2(theirs[i], i);
			close(theirs[i]);
		}
		exec_command(sh, c->function.body, EXEC_TAIL | EXEC_WHOLE);
		exec_exit(sh);
	}
	for (int i = 0; i < 2; i++) {
		close(theirs[i]);
		if (pid < 0)
			close(ours[i]);
	}
	if (pid < 0) {
		sh_warn(sh, "coproc: %s", strerror((int)-pid));
		job_forget(sh, j);
		return 1;
	}
	job_number(sh, j);
	tell_coproc(sh, c->function.name, pid);
	if (sh->interactive)
		fprintf(stderr, "[%d] %s\n", j->id, sh->last_bg);
	return 0;
}
