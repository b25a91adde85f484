#include <config.h>

#include "shell/exec/simple.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "wire/fd.h"
#include "wire/io_full.h"
#include "shell/exec/calls.h"
#include "shell/exec/command.h"
#include "shell/exec/exec.h"
#include "shell/exec/func.h"
#include "shell/exec/procsub.h"
#include "shell/jobs/fork.h"
#include "shell/jobs/job.h"
#include "shell/exec/pure.h"
#include "shell/exec/redir.h"
#include "shell/exec/trace.h"
#include "shell/exec/trap.h"
#include "shell/expand/array_assign.h"
#include "shell/expand/element.h"
#include "shell/expand/expand.h"
#include "shell/expand/fields.h"
#include "shell/expand/param.h"
#include "shell/expand/quote.h"
#include "shell/expand/csh_var.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/name.h"

static int set_status(struct shell *sh, int status)
{
	sh->frame.status = status;
	return status;
}

enum { LAST_WORD_KEPT = 1 << 12 }; /* bytes of memory that stay for $_ */

/* $_ of what follows. */
static void keep_last_word(struct shell *sh, const char *s)
{
	struct strbuf *b = sh->statuses.word;
	size_t len = strlen(s);

	if (b->cap > LAST_WORD_KEPT)
		strbuf_release(b); /* the last one was large */
	if (len >= b->cap) { /* seldom */
		strbuf_clear(b);
		strbuf_reserve(b, len + 1);
	}
	memcpy(b->s, s, len + 1);
	b->len = len;
}

static bool is_array(const struct ast_assign *a)
{
	return a->value->parts != NULL && a->value->parts->kind == AST_ARRAY;
}

/* Assigns one, and returns the text that was assigned; NULL with the message printed. */
static const char *assign_one(struct shell *sh, const struct ast_assign *a, bool local, unsigned flags)
{
	struct element e = { .name = a->name };
	char *value;

	if (is_array(a)) {
		if (local)
			var_local(sh, a->name);
		return array_assign(sh, a->name, a->value->parts->array, a->append) < 0 ? NULL : "(…)";
	}
	value = expand_string(sh, a->value);
	if (value == NULL || (a->subscript != NULL && (e.subscript = expand_string(sh, a->subscript)) == NULL))
		return NULL;
	if (a->append && (value = element_appended(sh, &e, value)) == NULL)
		return NULL;
	if (local)
		var_local(sh, a->name);
	if (a->subscript == NULL) {
		int r = var_set(sh, a->name, value, flags);

		return r == 0 ? value : element_told(sh, NULL, a->name, r) < 0 ? NULL : value;
	}
	return element_set(sh, NULL, &e, value, flags) < 0 ? NULL : value;
}

/*
 * Assigns left to right; `local` saves them in the innermost scope first. `trace`: what -x
 * prints of it, NULL: nothing; `more`: words follow in its line.
 */
static int assign_all(struct shell *sh, const struct ast_assign *a, bool local, unsigned flags,
		      FILE *trace, bool more)
{
	for (; a != NULL; a = a->next) {
		const char *value = assign_one(sh, a, local, flags);

		if (value == NULL)
			return -1;
		if (trace != NULL) {
			trace_assignment(trace, a, value);
			if (a->next != NULL || more)
				putc(' ', trace);
		}
	}
	return 0;
}

/* `x=(1 2) program`: in an environment there are none. True with a message. */
static bool has_array(struct shell *sh, const struct ast_assign *a)
{
	while (a != NULL && !is_array(a))
		a = a->next;
	if (a != NULL)
		sh_discard(sh, "%s: an array cannot be given to a program", a->name);
	return a != NULL;
}

/* What -x prints. False: ^C came, and nothing is run with the words. */
static bool begin_line(struct shell *sh, struct trace *t)
{
	trace_begin(sh, t);
	if (!trap_interrupted(sh))
		return true;
	trace_end(t, NULL);
	return false;
}

/* As in a subshell environment (XCU 2.9.1.2): only an assignment could tell the difference. */
static int try_redirs(struct shell *sh, const struct ast_redir *redirs)
{
	struct redir_undo *undo = NULL;
	enum effects effects = sh->frame.effects;
	int r;
	struct job *j;
	pid_t pid;

	sh->frame.effects = EFFECTS_OFF;
	r = redir_apply(sh, redirs, &undo);
	redir_undo(undo);
	if (sh->frame.effects == EFFECTS_WANTED) {
		j = job_new(sh, NULL);
		j->control = false;
		pid = fork_shell(sh, j, JOB_FG);
		if (pid == 0)
			_exit(redir_apply(sh, redirs, NULL) < 0);
		if (pid > 0)
			r = job_wait_fg(sh, j) == 0 ? 0 : -1;
		else
			job_forget(sh, j);
	}
	sh->frame.effects = effects;
	return r;
}

/* No command name: assignments stay, redirections are tried and undone. */
static int exec_assignments(struct shell *sh, const struct ast_command *c)
{
	bool failed = c->redirs != NULL && try_redirs(sh, c->redirs) < 0;
	struct fields none = { 0 };
	struct trace t;
	int r;

	if (sh->frame.flow.kind != FLOW_NONE)
		return sh->frame.status;
	if (!begin_line(sh, &t))
		return sh->frame.status;
	r = assign_all(sh, c->simple.assigns, false, 0, t.f, false);
	trace_end(&t, r < 0 ? NULL : &none);
	if (r < 0)
		return sh->frame.status;
	if (failed)
		return set_status(sh, 1);
	return set_status(sh, sh->frame.subst_status >= 0 ? sh->frame.subst_status : 0);
}

int exec_builtin(struct shell *sh, const struct builtin *b, int argc, char **argv)
{
	int status;

	status = b->run(sh, argc, argv);
	if ((__fpending(stdout) != 0 && fflush(stdout) != 0) || ferror(stdout)) {
		if (errno != EPIPE || status == 0)
			sh_warn(sh, "%s: write error: %s", argv[0], strerror(errno));
		clearerr(stdout);
		/* glibc keeps what it could not write: it must not turn up elsewhere */
		__fpurge(stdout);
		if (status == 0)
			status = 1;
	}
	/* those that run commands set the status themselves */
	return set_status(sh, status);
}

/* `exec` without a command, maybe behind `command`: it keeps its redirections. */
static bool is_plain_exec(char *const *v)
{
	while (strcmp(*v, "command") == 0) {
		v++;
		if (*v != NULL && strcmp(*v, "-p") == 0)
			v++;
		if (*v != NULL && strcmp(*v, "--") == 0)
			v++;
		if (*v == NULL)
			return false;
	}
	if (strcmp(*v++, "exec") != 0)
		return false;
	return *v == NULL || (strcmp(*v, "--") == 0 && v[1] == NULL);
}

/* csh's `set name = value`, as it is written, and not what an expansion makes: that sets the positional parameters. */
static bool is_csh_set(struct shell *sh, const struct ast_command *c, const struct fields *f)
{
	const struct ast_word *name = c->simple.words->next, *eq = name != NULL ? name->next : NULL;

	return f->n == 4 && !opt(sh, OPT_POSIX) && strcmp(f->v[0], "set") == 0 && eq != NULL && eq->plain != NULL &&
	       strcmp(eq->plain, "=") == 0 && name->plain != NULL && name_valid(name->plain);
}

static int exec_special(struct shell *sh, const struct ast_command *c, const struct builtin *b,
			struct fields *f)
{
	struct redir_undo *undo = NULL;
	bool is_exec = strcmp(b->name, "exec") == 0, plain = is_plain_exec(f->v);
	struct trace t;
	int status;

	if (!begin_line(sh, &t))
		return sh->frame.status;
	if (redir_apply(sh, c->redirs, plain ? NULL : &undo) < 0) {
		trace_end(&t, NULL);
		set_status(sh, 1);
		if (!sh->interactive && (opt(sh, OPT_POSIX) || is_exec)) /* XCU 2.8.1; bash ends for exec only */
			sh->frame.flow.kind = FLOW_EXIT;
		return sh->frame.status;
	}
	status = assign_all(sh, c->simple.assigns, false, is_exec && !plain ? VAR_EXPORT : 0, t.f, true);
	trace_end(&t, status < 0 ? NULL : f);
	if (status < 0) {
		redir_undo(undo);
		return sh->frame.status;
	}
	sh->frame.builtin_error = false;
	if (is_csh_set(sh, c, f)) {
		status = set_status(sh, csh_var_set(sh, f->v[1], f->v[3]));
	} else {
		status = exec_builtin(sh, b, (int)f->n, f->v);
	}
	redir_undo(undo);
	/* XCU 2.8.1; in bash it is an error like any other */
	if (sh->frame.builtin_error && opt(sh, OPT_POSIX) && sh->frame.flow.kind == FLOW_NONE)
		sh->frame.flow.kind = sh->interactive ? FLOW_ABORT : FLOW_EXIT;
	sh->frame.builtin_error = false;
	return status;
}

int exec_function(struct shell *sh, const char *name, int argc, char **argv)
{
	struct func *fn = func_acquire(sh, name);
	struct param_list *args, *old;
	struct frame outer = sh->frame;
	struct call call = { sh->frame.call, name, NULL, sh->frame.lineno };

	if (fn == NULL)
		return set_status(sh, 127);
	args = param_list_new();
	old = param_swap(sh, args);
	param_set(sh, argv + 1, (size_t)(argc - 1));
	var_scope_enter(sh);
	call.file = fn->file;
	sh->frame.call = &call;
	sh->frame.fn_depth++;
	sh->frame.nest++;
	sh->frame.events_off |= trap_not_inherited(sh);
	sh->frame.loop_depth = 0;
	sh->frame.ast = fn->arena;
	exec_command(sh, fn->body, 0);
	trap_event(sh, TRAP_RETURN);
	sh_frame_leave(sh, &outer);
	var_scope_leave(sh);
	param_list_free(param_swap(sh, old));
	func_release(fn);
	if (sh->frame.flow.kind == FLOW_RETURN)
		sh->frame.flow.kind = FLOW_NONE;
	return sh->frame.status;
}

/* In the child, or instead of the shell. Never returns to the caller's command. */
static void replace_process(struct shell *sh, char **argv, const char *search_path)
{
	const char *path = argv[0];

	fork_flush();
	sigs_before_exec(sh);
	if (strchr(argv[0], '/') == NULL)
		path = cmd_find(sh, argv[0], search_path);
	if (path == NULL)
		sh->frame.status = cmd_not_found(sh, argv);
	else
		sh->frame.status = cmd_exec(sh, path, argv, var_environ(sh));
}

/* Runs a file in a copy of the shell, which can be stopped, and can run a file that is no program. */
static struct job *fork_file(struct shell *sh, char **argv, const char *path,
			     const struct ast_pipeline *pl)
{
	struct job *j = job_new(sh, pl);
	pid_t pid = fork_shell(sh, j, JOB_FG);

	if (pid == 0) {
		sigs_before_exec(sh);
		sh->frame.status = cmd_exec(sh, path, argv, var_environ(sh));
		fflush(stderr);
		_exit(sh->frame.status);
	}
	if (pid > 0)
		return j;
	job_forget(sh, j);
	set_status(sh, cmd_cannot(sh, argv[0], (int)-pid));
	return NULL;
}

/* Is the hash out of date, so that another search may find another file? */
static bool is_gone(int r)
{
	return r == -ENOENT || r == -ENOTDIR || r == -EACCES;
}

/* Starts a file; NULL with a message and the status when it cannot. */
static struct job *start_file(struct shell *sh, char **argv, const char *search_path,
			      const struct ast_pipeline *pl)
{
	bool search = strchr(argv[0], '/') == NULL, control = tty_controls(sh);
	const char *path = NULL;
	int r = -ENOENT;

	if (!search && sh->interactive && !sh_is_subshell(sh) && access(argv[0], F_OK) < 0 && errno == ENOENT) {
		set_status(sh, cmd_not_found(sh, argv)); /* here, where another name can be thought of */
		return NULL;
	}
	if (!search)
		path = argv[0];
	else if (search_path == NULL && !control)
		path = cmd_hashed(sh, argv[0]);

	for (int tries = 0; is_gone(r) && tries < (search ? 2 : 1); tries++) {
		struct job *j;

		if (path == NULL || tries != 0) /* what was remembered has gone */
			path = cmd_find(sh, argv[0], search_path);
		if (path == NULL) {
			set_status(sh, cmd_not_found(sh, argv));
			return NULL;
		}
		if (control)
			return fork_file(sh, argv, path, pl);
		j = job_new(sh, pl);
		r = fork_exec(sh, j, path, argv, (const int[3]){ -1, -1, -1 });
		if (r == 0)
			return j;
		job_forget(sh, j);
	}
	if (r == -ENOEXEC)
		return fork_file(sh, argv, path, pl);
	set_status(sh, cmd_cannot(sh, argv[0], -r));
	return NULL;
}

enum words simple_expand(struct shell *sh, const struct ast_command *c, struct fields *ret)
{
	enum effects effects = sh->frame.effects;
	enum words r = WORDS_EXPANDED;

	sh->frame.lineno = c->line;
	sh->frame.effects = EFFECTS_OFF;
	sh->frame.arrays = NULL;
	if (expand_words(sh, c->simple.words, ret) < 0)
		r = WORDS_FAILED;
	if (sh->frame.effects == EFFECTS_WANTED)
		r = WORDS_WANT_EFFECTS;
	sh->frame.effects = effects;
	return r;
}

bool simple_spawn(struct shell *sh, const struct ast_command *c, const struct fields *f,
		  struct job *j, int in, int out)
{
	enum pure_stderr to = pure_stderr(c->redirs);
	int fds[3] = { in, out, to == STDERR_JOINED ? STDOUT_FILENO : -1 }, null = -1;
	const char *path;
	bool started;

	if (to == STDERR_JOINED && out < 0) /* is the shell's standard output open? */
		return false;
	path = strchr(f->v[0], '/') != NULL ? f->v[0] : cmd_find(sh, f->v[0], NULL);
	if (path == NULL)
		return false;
	if (to == STDERR_NULL) {
		null = fds[2] = open("/dev/null", O_WRONLY | O_CLOEXEC);
		if (null <= STDERR_FILENO) { /* none, or in the place of a closed 0, 1 or 2 */
			if (null >= 0)
				close(null);
			return false;
		}
	}
	started = fork_exec(sh, j, path, f->v, fds) == 0;
	if (null >= 0)
		close(null);
	return started;
}

void simple_become(struct shell *sh, const struct ast_command *c, const struct fields *f)
{
	sh->frame.lineno = c->line;
	if (redir_apply(sh, c->redirs, NULL) < 0)
		sh->frame.status = 1;
	else
		replace_process(sh, f->v, NULL);
	exec_exit(sh);
}

/* Redirections are done, and the caller undoes them. */
static int exec_file(struct shell *sh, char **argv, const struct ast_command *c,
		     const char *search_path, unsigned flags)
{
	struct ast_command one = { .kind = AST_SIMPLE };
	struct ast_pipeline pl = { .commands = &one };
	struct job *j;

	if ((flags & EXEC_TAIL) != 0) {
		replace_process(sh, argv, search_path);
		exec_exit(sh);
	}
	if (c != NULL) {
		one = *c;
		one.next = NULL;
	}
	j = start_file(sh, argv, search_path, c != NULL ? &pl : NULL);
	return j != NULL ? set_status(sh, job_wait_fg(sh, j)) : sh->frame.status;
}

int exec_argv(struct shell *sh, int argc, char **argv, const char *path)
{
	const struct builtin *b = cmd_builtin(sh, argv[0]);

	if (b != NULL)
		return exec_builtin(sh, b, argc, argv);
	return exec_file(sh, argv, NULL, path, 0);
}

bool simple_names_job(struct shell *sh, const struct ast_command *c)
{
	const struct ast_word *w = c->kind == AST_SIMPLE && c->next == NULL ? c->simple.words : NULL;
	const struct ast_part *p = w != NULL ? w->parts : NULL;
	const char *text = p == NULL ? (w != NULL ? w->plain : NULL) : p->kind == AST_LIT && !p->quoted ? p->text : NULL;

	return text != NULL && *text == '%' && tty_controls(sh) && !opt(sh, OPT_POSIX);
}

static void resume(struct shell *sh, struct fields *f, unsigned flags)
{
	char **v = arena_alloc(sh->arena, (f->n + 2) * sizeof(*v));

	v[0] = arena_strndup(sh->arena, (flags & EXEC_BG) != 0 ? "bg" : "fg", 2);
	memcpy(v + 1, f->v, (f->n + 1) * sizeof(*v));
	*f = (struct fields){ .v = v, .n = f->n + 1, .cap = f->n + 2 };
}

/* shopt autocd: a directory, and no command of that name. */
static bool is_directory_alone(struct shell *sh, const struct fields *f)
{
	struct stat st;

	return sh->interactive && opt(sh, OPT_AUTOCD) && f->n == 1 && stat(f->v[0], &st) == 0 && S_ISDIR(st.st_mode) &&
	       (strchr(f->v[0], '/') != NULL || cmd_find(sh, f->v[0], NULL) == NULL);
}

static void go_there(struct shell *sh, struct fields *f)
{
	char **v = arena_alloc(sh->arena, 4 * sizeof(*v));

	v[0] = arena_strndup(sh->arena, "cd", 2);
	v[1] = arena_strndup(sh->arena, "--", 2);
	v[2] = f->v[0];
	v[3] = NULL;
	*f = (struct fields){ .v = v, .n = 3, .cap = 4 };
}

/* csh's `unalias *` and `uncomplete *` are about these, whatever files there are. */
static bool is_name_pattern(struct shell *sh, const struct ast_word *w)
{
	bool names = strcmp(w->plain, "unalias") == 0 || strcmp(w->plain, "uncomplete") == 0;

	return names && (w = w->next) != NULL && w->next == NULL && w->parts != NULL &&
	       w->parts->next == NULL && w->parts->kind == AST_LIT && !w->braces && !opt(sh, OPT_POSIX);
}

/* Of csh's @ they are an expression: `@ x = $y * 2`. */
static int expand_arguments(struct shell *sh, const struct ast_word *words, struct fields *ret)
{
	if (words == NULL || words->plain == NULL || (strcmp(words->plain, "@") != 0 && !is_name_pattern(sh, words)))
		return expand_words(sh, words, ret);
	for (; words != NULL; words = words->next) {
		char *s = expand_string(sh, words);

		if (s == NULL)
			return -1;
		fields_add(sh, ret, s);
	}
	return 0;
}

static int exec_simple(struct shell *sh, const struct ast_command *c, unsigned flags, const char **ret_last)
{
	struct fields f = { 0 };
	struct redir_undo *undo = NULL;
	const struct builtin *b;
	bool is_function, is_last, scoped = false;
	struct trace t;
	int status = 0;

	sh->frame.subst_status = -1;
	sh->frame.arrays = NULL;
	if (expand_arguments(sh, c->simple.words, &f) < 0)
		return sh->frame.status;
	*ret_last = f.n != 0 ? f.v[f.n - 1] : "";
	if (f.n == 0)
		return exec_assignments(sh, c);
	if (*f.v[0] == '%' && simple_names_job(sh, c))
		resume(sh, &f, flags);
	b = cmd_builtin(sh, f.v[0]);
	if (b != NULL && (b->flags & BUILTIN_SPECIAL) != 0)
		return exec_special(sh, c, b, &f);
	is_function = func_answers(sh, f.v[0]);
	if (b == NULL && !is_function && is_directory_alone(sh, &f)) {
		go_there(sh, &f);
		b = cmd_builtin(sh, "cd");
	}
	/* the shell itself becomes the program: nothing is to be put back */
	is_last = (flags & EXEC_TAIL) != 0 && !is_function && b == NULL && !trap_any(sh);
	/* redirections come before assignments (XCU 2.9.1) */
	if (!begin_line(sh, &t))
		return sh->frame.status;
	if (c->redirs != NULL && redir_apply(sh, c->redirs, is_last ? NULL : &undo) < 0) {
		trace_end(&t, NULL);
		return set_status(sh, 1);
	}
	if (c->simple.assigns != NULL) {
		/* `V=1 local w`: a scope of its own would take w away with V */
		scoped = b == NULL || strcmp(b->name, "local") != 0;
		if (scoped)
			var_scope_enter(sh);
		status = is_function || b != NULL || !has_array(sh, c->simple.assigns) ?
				 assign_all(sh, c->simple.assigns, true, VAR_EXPORT, t.f, true) : -1;
	}
	trace_end(&t, status < 0 ? NULL : &f);
	if (status < 0) {
		status = sh->frame.status;
		goto out;
	}
	if (is_function)
		status = exec_function(sh, f.v[0], (int)f.n, f.v);
	else if (b != NULL) {
		sh->frame.redirected += undo != NULL;
		status = exec_builtin(sh, b, (int)f.n, f.v);
		sh->frame.redirected -= undo != NULL;
	} else
		status = exec_file(sh, f.v, c, NULL, is_last ? EXEC_TAIL : 0);
out:
	if (b != NULL && !is_function && sh->frame.flow.kind == FLOW_NONE && is_plain_exec(f.v))
		redir_drop(undo);
	else
		redir_undo(undo);
	if (scoped)
		var_scope_leave(sh);
	return status;
}

int simple_exec(struct shell *sh, const struct ast_command *c, unsigned flags)
{
	struct procsub *mark = sh->frame.procsubs;
	const char *last = NULL;
	int status = exec_simple(sh, c, flags, &last);

	if (last != NULL && !opt(sh, OPT_POSIX))
		keep_last_word(sh, last);
	if (sh->frame.procsubs != mark)
		procsub_close(sh, mark);
	return status;
}
