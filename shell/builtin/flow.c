#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/batch.h"
#include "shell/builtin/builtin.h"
#include "shell/exec/calls.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/exec/trap.h"
#include "shell/jobs/job.h"
#include "shell/expand/param.h"
#include "shell/expand/var.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"
#include "wire/fd.h"

/* The builtins that decide what runs next (POSIX.1-2017 XCU 2.14). */

int builtin_colon(struct shell *sh, int argc, char **argv)
{
	(void)sh;
	(void)argc;
	(void)argv;
	return 0;
}

int builtin_false(struct shell *sh, int argc, char **argv)
{
	(void)sh;
	(void)argc;
	(void)argv;
	return 1;
}

enum { NUMBER_MAX = 1 << 30 }; /* of a status, whose low byte counts, or of loops */

/* The operand of exit, return, break, …: 0 and *ret, or -1 with a message. */
static int number_operand(struct shell *sh, char **argv, long min, long *ret)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(argv[1], &end, 10);
	if (errno != 0 || end == argv[1] || *end != '\0' || n < min || n > NUMBER_MAX) {
		sh_warn(sh, "%s: %s: bad number", argv[0], argv[1]);
		return -1;
	}
	*ret = n;
	return 0;
}

/* These builtins have no options, but may have a "--" (XBD 12.2, guideline 10): skips it. */
static void skip_dashes(int *argc, char ***argv)
{
	if (*argc > 1 && strcmp((*argv)[1], "--") == 0) {
		(*argv)[1] = (*argv)[0];
		++*argv;
		--*argc;
	}
}

int builtin_break(struct shell *sh, int argc, char **argv)
{
	bool is_break = argv[0][0] == 'b';
	long n = 1;

	skip_dashes(&argc, &argv);
	bool bad = argc > 1 && number_operand(sh, argv, 1, &n) < 0;

	if (!bad && argc > 2 && !opt(sh, OPT_POSIX)) {
		sh_warn(sh, "%s: too many arguments", argv[0]);
		bad = true;
	}
	if (bad && opt(sh, OPT_POSIX))
		return builtin_fatal(sh, 2);
	if (sh->frame.loop_depth == 0)
		return bad ? 2 : 0;
	if (bad) { /* no loop goes on for ever because of that, as in bash */
		sh->frame.flow = (struct flow){ .kind = FLOW_BREAK, .count = sh->frame.loop_depth };
		return 2;
	}
	sh->frame.flow.kind = is_break ? FLOW_BREAK : FLOW_CONTINUE;
	sh->frame.flow.count = n > sh->frame.loop_depth ? sh->frame.loop_depth : (int)n;
	return 0;
}

/* The status of `return` or `exit` without an operand: $?, or in a trap that from before it. */
static int default_status(const struct shell *sh, bool returning)
{
	int status = trap_entry_status(sh, returning);

	return status >= 0 ? status : sh->frame.status;
}

int builtin_return(struct shell *sh, int argc, char **argv)
{
	long n = default_status(sh, true);

	skip_dashes(&argc, &argv);
	if (argc > 1 && number_operand(sh, argv, -NUMBER_MAX, &n) < 0) {
		if (opt(sh, OPT_POSIX))
			return builtin_fatal(sh, 2);
		n = 2; /* it returns all the same, as in bash */
	}
	/* outside of functions and dot scripts it ends the script, as in dash */
	sh->frame.flow.kind = sh->frame.fn_depth > 0 || sh->frame.dot_depth > 0 || sh->frame.action.status >= 0 ? FLOW_RETURN :
			sh->interactive ? FLOW_ABORT : FLOW_EXIT;
	return (int)(n & 0xff);
}

bool builtin_holds_exit(struct shell *sh, bool at_prompt)
{
	bool stopped = job_count(sh, true) > 0;

	if (!sh->interactive || sh->exit_warned || (!stopped && !(opt(sh, OPT_CHECKJOBS) && job_count(sh, false) > 0)))
		return false;
	if (at_prompt)
		putc('\n', stderr);
	sh_warn(sh, stopped ? "there are stopped jobs" : "there are running jobs");
	sh->exit_warned = true;
	return true;
}

int builtin_exit(struct shell *sh, int argc, char **argv)
{
	long n = default_status(sh, false);

	skip_dashes(&argc, &argv);
	if (argc > 1 && number_operand(sh, argv, -NUMBER_MAX, &n) < 0) {
		if (opt(sh, OPT_POSIX))
			return builtin_fatal(sh, 2);
		if (sh->interactive)
			return 2; /* it was a slip of the hand */
		n = 2;
	}
	if (builtin_holds_exit(sh, false))
		return 1;
	sh->frame.flow.kind = FLOW_EXIT;
	return (int)(n & 0xff);
}

/* logout: `exit` of a login shell. */
int builtin_logout(struct shell *sh, int argc, char **argv)
{
	if (opt(sh, OPT_LOGIN))
		return builtin_exit(sh, argc, argv);
	sh_warn(sh, "logout: not a login shell: use `exit'");
	return 1;
}

/* caller [n]: where the function, or file, was called. */
int builtin_caller(struct shell *sh, int argc, char **argv)
{
	const struct call *c = sh->frame.call;
	const char *file, *name;

	for (long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0; n > 0 && c != NULL; n--)
		c = c->outer;
	if (c == NULL)
		return 1;
	file = c->outer != NULL ? c->outer->file : sh->script_named ? sh->arg0 : "NULL";
	name = c->outer == NULL ? "main" : c->outer->function != NULL ? c->outer->function : "source";
	if (argc > 1)
		printf("%d %s %s\n", c->line, name, file);
	else
		printf("%d %s\n", c->line, file);
	return 0;
}

int builtin_eval(struct shell *sh, int argc, char **argv)
{
	struct strbuf s = { 0 };

	skip_dashes(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		if (i > 1)
			strbuf_addc(&s, ' ');
		strbuf_adds(&s, argv[i]);
	}
	if (s.len == 0) {
		strbuf_release(&s);
		return 0;
	}
	source_string(sh, s.s, "eval", 0);
	strbuf_release(&s);
	return sh->frame.status;
}

/* `.` looks along PATH for a readable file; executable it need not be (XCU dot). */
static int open_dot(struct shell *sh, const char *name)
{
	const char *path = var_text(sh, "PATH");
	struct strbuf s = { 0 };
	int fd = -1;

	if (strchr(name, '/') != NULL || path == NULL)
		return open(name, O_RDONLY | O_CLOEXEC);
	for (;;) {
		size_t len = strcspn(path, ":");

		strbuf_clear(&s);
		strbuf_add(&s, path, len);
		strbuf_adds(&s, len != 0 ? "/" : "./");
		strbuf_adds(&s, name);
		fd = open(s.s, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 || path[len] == '\0')
			break;
		path += len + 1;
	}
	strbuf_release(&s);
	if (fd < 0 && !opt(sh, OPT_POSIX)) /* bash's: at last the working directory */
		fd = open(name, O_RDONLY | O_CLOEXEC);
	return fd;
}

static void close_script(struct shell *sh, void *arg)
{
	(void)sh;
	close(*(const int *)arg);
}

int builtin_dot(struct shell *sh, int argc, char **argv)
{
	struct param_list *args, *before = NULL;
	struct frame_end end;
	struct frame outer;
	struct call call = { sh->frame.call, NULL, "", sh->frame.lineno };
	int fd, own;

	skip_dashes(&argc, &argv);
	if (argc < 2)
		return builtin_usage(sh, argv[0]);
	fd = open_dot(sh, argv[1]);
	if (fd < 0) {
		sh_warn(sh, "%s: %s: %s", argv[0], argv[1], strerror(errno));
		return builtin_fatal(sh, 1);
	}
	own = fd_own(fd);
	if (own < 0) {
		sh_warn(sh, ".: %s: %s", argv[1], strerror(errno));
		close(fd);
		return builtin_fatal(sh, 1);
	}
	outer = sh->frame;
	sh_frame_at_end(sh, &end, close_script, &own);
	sh->frame.dot_depth++;
	sh->frame.file = call.file = argv[1];
	sh->frame.call = &call;
	if (argc > 2 && !opt(sh, OPT_POSIX)) { /* arguments are bash's */
		args = param_list_new();
		before = param_swap(sh, args);
		param_set(sh, argv + 2, (size_t)(argc - 2));
	}
	source_fd(sh, own, argv[1]);
	trap_event(sh, TRAP_RETURN);
	if (before != NULL)
		param_list_free(param_swap(sh, before));
	sh_frame_leave(sh, &outer);
	if (sh->frame.flow.kind == FLOW_RETURN)
		sh->frame.flow.kind = FLOW_NONE;
	return sh->frame.status;
}

int builtin_exec(struct shell *sh, int argc, char **argv)
{
	static char *nothing[] = { NULL };
	bool clean = false, login = false;
	char *name = NULL;
	int c;

	builtin_opt_begin(); /* the options are bash's */
	while ((c = builtin_opt(sh, argc, argv, opt(sh, OPT_POSIX) ? "" : "a:cl")) != -1) {
		if (c == '?')
			return builtin_fatal(sh, 2);
		name = c == 'a' ? optarg : name;
		clean |= c == 'c';
		login |= c == 'l';
	}
	argc -= optind - 1;
	argv += optind - 1;
	if (argc < 2)
		return 0;
	const char *path = argv[1];

	if (strchr(path, '/') == NULL)
		path = cmd_find(sh, argv[1], NULL);
	if (path == NULL || access(path, X_OK) < 0) {
		int err = errno;

		sh_warn(sh, "exec: %s: %s", argv[1], err == ENOENT ? "not found" : strerror(err));
		sh->frame.status = err == ENOENT ? 127 : 126;
		if (!sh->interactive)
			sh->frame.flow.kind = FLOW_EXIT;
		return sh->frame.status;
	}
	bool monitor = sh->interactive && opt(sh, OPT_MONITOR);

	if (sh->fork_depth == 0)
		batch_tell_left(sh);
	fflush(stdout);
	if (monitor)
		tty_control_set(sh, false);
	sigs_restore_original(sh);
	if (name != NULL)
		argv[1] = name;
	if (login) {
		name = arena_alloc(sh->arena, strlen(argv[1]) + 2);
		*name = '-';
		memcpy(name + 1, argv[1], strlen(argv[1]) + 1);
		argv[1] = name;
	}
	sh->frame.status = cmd_exec(sh, path, argv + 1, clean ? nothing : var_environ(sh));
	sh->frame.flow.kind = sh->interactive ? FLOW_ABORT : FLOW_EXIT;
	sigs_reinstall(sh); /* exec failed */
	if (monitor)
		tty_control_set(sh, true);
	return sh->frame.status;
}
