#include <config.h>

#include "shell/exec/subst.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/jobs/fork.h"
#include "shell/jobs/job.h"
#include "shell/exec/pipeline.h"
#include "shell/exec/procsub.h"
#include "shell/exec/pure.h"
#include "shell/exec/redir.h"
#include "shell/exec/trap.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/ast_print.h"
#include "shell/expand/var.h"
#include "wire/fd.h"

/* NUL bytes cannot be in a value. `s` may be where the output ends: there is room for it. */
static void add_output(struct strbuf *out, const char *s, size_t n)
{
	for (const char *end = s + n; s < end; s++)
		if (*s != '\0')
			out->s[out->len++] = *s;
	out->s[out->len] = '\0';
}

static void read_output(struct shell *sh, struct strbuf *out, int fd)
{
	ssize_t n;

	if (sh->interactive) /* the program at the other end may ignore ^C */
		sigs_interruptible(sh, true);
	for (;;) {
		strbuf_reserve(out, 4096);
		n = read(fd, out->s + out->len, out->cap - out->len - 1);
		if (n < 0 && errno == EINTR && !trap_interrupted(sh))
			continue;
		if (n <= 0)
			break;
		if (memchr(out->s + out->len, '\0', (size_t)n) == NULL)
			out->s[out->len += (size_t)n] = '\0';
		else
			add_output(out, out->s + out->len, (size_t)n);
	}
	if (sh->interactive)
		sigs_interruptible(sh, false);
	close(fd);
}

/*
 * A substitution is parsed with the command around it, before it is known which aliases there
 * will be when it runs. Text that is parsed as it runs sees those, and its own.
 */
static bool wants_aliases(const struct shell *sh, const struct ast_list *list)
{
	if (alias_at(sh->aliases, 0, NULL) != NULL)
		return true;
	for (; list != NULL; list = list->next) {
		const struct ast_command *c = list->andor->commands;

		if (c->kind == AST_SIMPLE && c->simple.words != NULL && c->simple.words->plain != NULL &&
		    strcmp(c->simple.words->plain, "alias") == 0)
			return true;
	}
	return false;
}

static void run_child(struct shell *sh, const struct ast_list *list)
{
	sh->frame.loop_depth = 0;
	if (wants_aliases(sh, list)) {
		struct strbuf text = { 0 };
		struct input_string is;

		ast_print_list(&text, list);
		input_string_init(&is, text.s, text.len);
		source_input(sh, &is.in, NULL, list->andor->commands->line, EXEC_TAIL);
	} else {
		exec_list(sh, list, EXEC_TAIL);
	}
	exec_exit(sh);
}

/* A builtin that prints; false: it needs a process. */
static bool run_builtin(struct shell *sh, const struct ast_command *c, struct strbuf *out)
{
	size_t len;
	char *s;
	int status = pure_run(sh, c, &s, &len);

	if (status < 0)
		return false;
	strbuf_reserve(out, len + 1);
	add_output(out, s, len);
	free(s);
	sh->frame.subst_status = status;
	return true;
}

/* After ^C the output is not complete, and must not be used. */
static int result(struct shell *sh)
{
	return trap_interrupted(sh) || sh->frame.flow.kind != FLOW_NONE ? -1 : 0;
}

/* `$(<file)`: what is in the file (not POSIX's, but bash's). */
static int run_file(struct shell *sh, const struct ast_redir *r, struct strbuf *out)
{
	struct redir_undo *undo = NULL;

	if (redir_apply(sh, r, &undo) < 0) {
		sh->frame.subst_status = 1;
		return result(sh);
	}
	read_output(sh, out, fcntl(r->fd, F_DUPFD_CLOEXEC, 0));
	redir_undo(undo);
	sh->frame.subst_status = 0;
	return result(sh);
}

static bool is_file(const struct ast_command *c)
{
	return c->kind == AST_SIMPLE && c->simple.words == NULL && c->simple.assigns == NULL && c->redirs != NULL &&
	       c->redirs->next == NULL && c->redirs->kind == AST_REDIR_IN;
}

/* Reads the job's output and waits for it. It runs in the shell's group, as part of its command. */
static void collect(struct shell *sh, struct job *j, struct strbuf *out, int fd)
{
	if (fd >= 0)
		read_output(sh, out, fd);
	if (trap_interrupted(sh) && sh->frame.flow.kind == FLOW_EXIT) /* hung up: the job hears it, too */
		(void)job_signal(sh, j, SIGHUP);
	sh->frame.subst_status = job_wait_fg(sh, j);
}

/* Each stage is a subshell environment anyway: none is needed around all of them. */
static int run_pipeline(struct shell *sh, const struct ast_command *c, struct strbuf *out)
{
	struct job *j = job_new(sh, NULL);
	struct frame outer = sh->frame;
	int fd, r;
	bool none;

	j->control = false;
	sh->frame.loop_depth = 0;
	r = pipeline_start(sh, c, j, JOB_FG, &fd);
	sh_frame_leave(sh, &outer);
	none = j->n_procs == 0;
	collect(sh, j, out, fd);
	if (r < 0 && none)
		return sh_abort(sh, 2, "command substitution: %s", strerror(-r));
	if (r < 0) {
		sh_warn(sh, "cannot start a pipeline: %s", strerror(-r));
		sh->frame.subst_status = 2;
	}
	return result(sh);
}

static int run_forked(struct shell *sh, const struct ast_list *list, struct strbuf *out)
{
	struct job *j;
	int p[2], r = fd_pipe(p);
	pid_t pid = r;

	j = job_new(sh, NULL);
	j->control = false;
	if (r == 0) {
		pid = fork_shell(sh, j, JOB_FG);
		if (pid == 0) {
			dup2(p[1], STDOUT_FILENO);
			close(p[1]);
			close(p[0]);
			run_child(sh, list);
		}
		close(p[1]);
	}
	collect(sh, j, out, r == 0 ? p[0] : -1);
	if (pid < 0)
		return sh_abort(sh, 2, "command substitution: %s", strerror((int)-pid));
	return result(sh);
}

/* Is the list one pipeline, so that no copy of the shell is needed for the whole of it? */
static bool is_pipeline(struct shell *sh, const struct ast_list *l)
{
	return l->next == NULL && !l->andor->async && l->andor->next == NULL && !l->andor->bang &&
	       !l->andor->timed && !opt(sh, OPT_NOEXEC);
}

int subst_run(struct shell *sh, const struct ast_list *list, struct strbuf *out)
{
	const struct ast_command *c = list->andor->commands;
	bool pipeline = is_pipeline(sh, list);
	enum pure way = PURE_NOT;

	if (pipeline && c->next == NULL)
		way = pure_command(sh, c);
	if (pipeline && c->next == NULL && is_file(c))
		return run_file(sh, c->redirs, out);
	if (way == PURE_BUILTIN && run_builtin(sh, c, out))
		return result(sh);
	/* with job control a program would get the terminal, and ^Z would stop it */
	if (pipeline && !opt(sh, OPT_MONITOR) &&
	    (c->next == NULL ? way == PURE_PROGRAM : !wants_aliases(sh, list)))
		return run_pipeline(sh, c, out);
	return run_forked(sh, list, out);
}

/* ---- in the shell itself ---- */

/* Standard output becomes a file in memory. The descriptor, and where the outer one is kept (-1: it was closed); or -errno. */
static int begin_output(int *ret_outer)
{
	int fd = memfd_create("mish-output", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	fd = fd_own(fd);
	fflush(stdout);
	*ret_outer = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, FD_OWN_MIN);
	dup2(fd, STDOUT_FILENO);
	return fd;
}

static void end_output(int outer)
{
	fflush(stdout);
	if (outer < 0) {
		close(STDOUT_FILENO);
		return;
	}
	dup2(outer, STDOUT_FILENO);
	close(outer);
}

int subst_run_here(struct shell *sh, const struct ast_list *list, bool reply, struct strbuf *out)
{
	struct frame outer = sh->frame;
	int stdout_was = -1, fd = reply ? 0 : begin_output(&stdout_was);
	const char *value;

	if (fd < 0)
		return sh_abort(sh, 2, "command substitution: %s", strerror(-fd));
	var_scope_enter(sh);
	if (reply && var_local(sh, "REPLY"))
		(void)var_unset(sh, "REPLY");
	sh->frame.fn_depth++;
	sh->frame.nest++;
	sh->frame.loop_depth = 0;
	exec_list(sh, list, 0);
	if (reply && (value = var_text(sh, "REPLY")) != NULL)
		strbuf_adds(out, value);
	var_scope_leave(sh);
	sh_frame_leave(sh, &outer);
	sh->frame.subst_status = sh->frame.status;
	if (sh->frame.flow.kind == FLOW_RETURN)
		sh->frame.flow.kind = FLOW_NONE;
	if (sh->frame.flow.kind == FLOW_NONE)
		sh->frame.status = outer.status;
	if (!reply) {
		end_output(stdout_was);
		(void)lseek(fd, 0, SEEK_SET);
		read_output(sh, out, fd);
	}
	return sh->frame.flow.kind != FLOW_NONE ? -1 : 0;
}

/* ---- process substitution ---- */

enum { PROCESS_FD_MIN = 63 }; /* where bash begins, too: a script may use what is below */

/* In the child: its end of the pipe becomes its standard input or output. */
static void run_process(struct shell *sh, const struct ast_list *list, const int p[2], bool reads)
{
	dup2(p[!reads], reads ? STDIN_FILENO : STDOUT_FILENO);
	for (int i = 0; i < 2; i++)
		if (p[i] > STDERR_FILENO)
			close(p[i]); /* builtins run here, too, and are to see the end of their input */
	procsub_close(sh, NULL); /* who reads from another one is to see its end */
	sh->frame.loop_depth = 0;
	if (list != NULL)
		exec_list(sh, list, EXEC_TAIL | EXEC_WHOLE);
	exec_exit(sh);
}

char *subst_process(struct shell *sh, const struct ast_list *list, bool reads)
{
	char name[32];
	int p[2], r = fd_pipe(p), fd;
	pid_t pid;

	fd = r == 0 ? fcntl(p[reads], F_DUPFD, PROCESS_FD_MIN) : -1; /* without close-on-exec: the command opens it */
	if (r == 0 && fd < 0)
		fd = fcntl(p[reads], F_DUPFD, FD_OWN_MIN); /* a low `ulimit -n` */
	pid = r < 0 ? r : fd < 0 ? -errno : fork_shell(sh, NULL, JOB_FG);
	if (pid == 0) {
		close(fd);
		run_process(sh, list, p, reads);
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
	procsub_add(sh, fd);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	return arena_strndup(sh->arena, name, strlen(name));
}
