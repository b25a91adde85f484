#include <config.h>

#include "shell/exec/subst.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/exec.h"
#include "shell/exec/fork.h"
#include "shell/exec/job.h"
#include "shell/exec/pure.h"
#include "shell/exec/redir.h"
#include "shell/exec/simple.h"
#include "shell/exec/trap.h"
#include "shell/parser/alias.h"
#include "shell/parser/ast_print.h"

/* May this run without a copy of the shell, and how? */
static enum pure choose(struct shell *sh, const struct ast_list *l)
{
	enum pure way;

	if (l->next != NULL || l->async || l->andor->next != NULL || l->andor->bang || l->andor->timed ||
	    l->andor->commands->next != NULL || opt(sh, OPT_NOEXEC))
		return PURE_NOT;
	way = pure_command(sh, l->andor->commands);
	/* with job control the program would get the terminal, and ^Z would stop it */
	return way == PURE_PROGRAM && (opt(sh, OPT_MONITOR) || trap_any(sh)) ? PURE_NOT : way;
}

/* ---- the ways ---- */

static void add_output(struct strbuf *out, const char *s, size_t n)
{
	strbuf_reserve(out, n + 1);
	for (const char *end = s + n; s < end; s++) /* NUL bytes cannot be in a value */
		if (*s != '\0')
			out->s[out->len++] = *s;
	out->s[out->len] = '\0';
}

static void read_output(struct strbuf *out, int fd)
{
	ssize_t n;

	for (;;) {
		strbuf_reserve(out, 4096);
		n = read(fd, out->s + out->len, out->cap - out->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (memchr(out->s + out->len, '\0', (size_t)n) == NULL)
			out->s[out->len += (size_t)n] = '\0';
		else
			add_output(out, out->s + out->len, (size_t)n);
	}
	close(fd);
}

/* What the command itself must leave as it was. */
struct kept {
	int status, nest, lineno;
};

static struct kept begin(struct shell *sh)
{
	struct kept k = { sh->status, sh->nest, sh->lineno };

	fork_flush();
	sh->nest++;
	sh->effects = EFFECTS_OFF;
	return k;
}

/* Returns whether it was done; if not, it wants a process of its own. */
static bool end(struct shell *sh, const struct kept *k)
{
	bool done = sh->effects != EFFECTS_WANTED;

	sh->effects = EFFECTS_ON;
	if (done)
		sh->subst_status = sh->status;
	sh->flow = (struct flow){ 0 }; /* what ends a subshell ends nothing here */
	sh->status = k->status;
	sh->nest = k->nest;
	sh->lineno = k->lineno;
	return done;
}

static bool run_builtin(struct shell *sh, const struct ast_command *c, struct strbuf *out)
{
	char *s = NULL;
	size_t len = 0, before = out->len;
	FILE *real = stdout, *mem = open_memstream(&s, &len);
	struct kept k;

	if (mem == NULL)
		return false;
	k = begin(sh);
	stdout = mem;
	exec_command(sh, c, 0);
	stdout = real;
	fclose(mem);
	add_output(out, s, len);
	free(s);
	if (end(sh, &k))
		return true;
	out->len = before;
	return false;
}

static bool run_program(struct shell *sh, const struct ast_command *c, struct strbuf *out)
{
	struct kept k;
	struct job *j;
	int p[2], saved;

	saved = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, REDIR_OWN_MIN);
	if (saved < 0 && errno != EBADF)
		return false;
	if (redir_pipe(p) < 0) {
		if (saved >= 0)
			close(saved);
		return false;
	}
	k = begin(sh);
	dup2(p[1], STDOUT_FILENO);
	close(p[1]);
	j = simple_start(sh, c);
	if (saved >= 0) {
		dup2(saved, STDOUT_FILENO);
		close(saved);
	} else {
		close(STDOUT_FILENO);
	}
	read_output(out, p[0]);
	if (j != NULL)
		sh->status = job_wait_fg(sh, j);
	return end(sh, &k);
}

/*
 * What is inside was parsed before it was known which aliases there are when it runs. Text that
 * is parsed as it runs sees them, and those that it defines itself.
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

static int run_forked(struct shell *sh, const struct ast_list *list, struct strbuf *out)
{
	struct job *j;
	int p[2], r = redir_pipe(p);
	pid_t pid;

	if (r < 0)
		return sh_abort(sh, 2, "command substitution: %s", strerror(-r));
	j = job_new(sh, NULL);
	j->control = false; /* stays in the shell's group, as part of its command */
	pid = fork_shell(sh, j, JOB_FG);
	if (pid < 0) {
		close(p[0]);
		close(p[1]);
		job_forget(sh, j);
		return sh_abort(sh, 2, "cannot fork: %s", strerror((int)-pid));
	}
	if (pid == 0) {
		dup2(p[1], STDOUT_FILENO);
		close(p[1]);
		close(p[0]);
		sh->loop_depth = 0;
		if (wants_aliases(sh, list)) {
			struct strbuf text = { 0 };
			struct input_string is;

			ast_print_list(&text, list);
			input_string_init(&is, text.s, text.len);
			exec_input(sh, &is.in, NULL, list->andor->commands->line, EXEC_TAIL);
		} else {
			exec_list(sh, list, EXEC_TAIL);
		}
		exec_exit(sh);
	}
	close(p[1]);
	read_output(out, p[0]);
	sh->subst_status = job_wait_fg(sh, j);
	return sh->flow.kind == FLOW_NONE ? 0 : -1;
}

int subst_run(struct shell *sh, const struct ast_list *list, struct strbuf *out)
{
	const struct ast_command *c = list->andor->commands;
	enum pure way = choose(sh, list);
	int effects = (int)sh->effects, r = 0;

	if (way == PURE_NOT || !(way == PURE_BUILTIN ? run_builtin(sh, c, out) : run_program(sh, c, out)))
		r = run_forked(sh, list, out);
	sh->effects = effects;
	return r;
}
