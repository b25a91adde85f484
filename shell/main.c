#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/programs.h"
#include "shell/builtin/builtin.h"
#include "shell/exec/func.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/move/at_prompt.h"
#include "shell/move/place.h"
#include "shell/move/restore.h"
#include "shell/move/session.h"
#include "shell/exec/trap.h"
#include "shell/expand/expand.h"
#include "shell/expand/option.h"
#include "shell/expand/param.h"
#include "shell/expand/var.h"
#include "shell/interact/loop.h"
#include "shell/interact/prompt.h"
#include "shell/parser/decimal.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"
#include "shell/shell_init.h"
#include "wire/fd.h"

static const char usage[] =
	"usage: mish [-abCefHhilmnpuvx] [-o option] [-O shopt] [--rcfile file] [script [argument …]]\n"
	"       mish [options] -c command [name [argument …]]\n"
	"       mish [options] -s [argument …]\n"
	"       mish --attach [session] | --sessions\n"
	"       mish --help | --version | --status\n"
	"\n"
	"mish is a POSIX shell that moves between hosts: try `smigrate HOST' at its prompt.\n"
	"See mish(1).\n";

struct invocation {
	const char *command; /* -c */
	bool from_stdin, interactive, login;
	bool not_interactive; /* +i: also on a terminal */
	bool privileged;      /* -p: keeps the rights of a setuid file */
	bool no_profile, no_rc;
	const char *rc_file; /* in place of ENV and ~/.mishrc; NULL: those */
	int restore_fd, control_fd; /* --restore: -1 none */
};

static int help(void)
{
	fputs(usage, stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* Does this process have the rights of the file's owner or group besides its user's? */
static bool other_rights;

static void find_rights(void)
{
	other_rights = getuid() != geteuid() || getgid() != getegid();
}

/* A setuid shell runs what its environment and its user say: with the user's rights only, unless told so. */
static void drop_rights(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0) {
		other_rights = false;
		return;
	}
	fprintf(stderr, "mish: cannot give up the rights of %ju: %s\n", (uintmax_t)geteuid(), strerror(errno));
	exit(126);
}

static void run_program(enum program which, const char *name, char **argv)
{
	const struct programs none = { 0 };
	int r;

	argv[0] = (char *)(uintptr_t)name;
	r = programs_exec(&none, which, argv, environ);
	fprintf(stderr, "mish: %s: %s\n", name, r == -ENOENT ? "not installed beside mish" : strerror(-r));
	exit(r == -ENOENT ? 127 : 126);
}

/* bash's words about start-up files and the editor. False: it is none. */
static bool bash_option(struct invocation *inv, const char *s, int argc, char **argv, int *i)
{
	if ((strcmp(s, "rcfile") == 0 || strcmp(s, "init-file") == 0) && *i + 1 < argc)
		inv->rc_file = argv[++*i];
	else if (strcmp(s, "norc") == 0)
		inv->no_rc = true;
	else if (strcmp(s, "noprofile") == 0)
		inv->no_profile = true;
	else
		return strcmp(s, "noediting") == 0; /* without a terminal that can be drawn on there is none */
	return true;
}

/* --word options; returns a status to exit with, or -1 to go on. */
static int long_option(struct shell *sh, struct invocation *inv, int argc, char **argv, int *i)
{
	const char *s = argv[*i] + 2;

	if (strcmp(s, "help") == 0)
		return help();
	if (strcmp(s, "version") == 0) {
		puts("mish " PACKAGE_VERSION);
		return 0;
	}
	if (strcmp(s, "status") == 0)
		return session_print_status();
	if (strcmp(s, "login") == 0) {
		inv->login = true;
		return -1;
	}
	if (strcmp(s, "posix") == 0) {
		opt_set(sh, OPT_POSIX, true);
		return -1;
	}
	if (bash_option(inv, s, argc, argv, i))
		return -1;
	if (other_rights) /* what follows never has them, also with -p */
		drop_rights();
	if (strcmp(s, "peer") == 0)
		run_program(PROGRAM_PEER, "mish-peer", argv + *i);
	if (strcmp(s, "attach") == 0 || strcmp(s, "sessions") == 0)
		run_program(PROGRAM_STUB, "mish-stub", argv + *i - 1);
	if (strcmp(s, "try-restore") == 0 && *i + 1 < argc)
		exit(restore_try(sh, atoi(argv[*i + 1])));
	if (strcmp(s, "placed") == 0 && *i + 1 < argc)
		place_here(sh, atoi(argv[*i + 1]));
	if (strcmp(s, "restore") == 0 && *i + 2 < argc) {
		inv->restore_fd = atoi(argv[*i + 1]);
		inv->control_fd = atoi(argv[*i + 2]);
		/* `ps` shows a shell, whose arguments mean nothing to people */
		for (int k = argc - 1; k >= *i; k--)
			memset(argv[k], 0, strlen(argv[k]));
		*i += 2;
		return -1;
	}
	sh_warn(sh, "--%s: unknown option", s);
	fputs(usage, stderr);
	return 2;
}

/* One word of option letters; *ret_c is set by a -c. A status to exit with, or -1 to go on. */
static int letters(struct shell *sh, struct invocation *inv, int argc, char **argv, int *i,
		   bool *ret_c)
{
	bool on = argv[*i][0] == '-';
	char *word = argv[*i];

	for (char *s = word + 1; *s != '\0'; s++) {
		char one[3] = { word[0], *s, '\0' };
		char *v[4] = { argv[0], one, NULL, NULL };
		bool operands = false;
		int n = 2, k = 1, status;

		if (*s == 'c') {
			*ret_c = true;
		} else if (*s == 's' && on) {
			inv->from_stdin = true;
		} else if (*s == 'i') {
			inv->interactive = on;
			inv->not_interactive = !on;
		} else if (*s == 'l' && on) {
			inv->login = true;
		} else if (*s == 'p') {
			inv->privileged = on;
		} else if (*s == 'O' && *i + 1 < argc) {
			if (!builtin_shopt_set(sh, argv[++*i], on))
				return 2;
		} else {
			if (*s == 'o' && *i + 1 < argc)
				v[n++] = argv[++*i];
			if (*s == 'm') { /* job control begins when the terminal is known */
				opt_set(sh, OPT_MONITOR, on);
				continue;
			}
			status = builtin_set_options(sh, n, v, &k, &operands);
			if (status != 0)
				return status;
		}
	}
	return -1;
}

/* Options, -c, and the positional parameters (XCU sh). An exit status, or -1 to go on. */
static int parse_arguments(struct shell *sh, struct invocation *inv, int argc, char **argv,
			   int *ret_first)
{
	bool has_c = false, operands = false;
	int i, status;

	for (i = 1; i < argc; i++) {
		const char *s = argv[i];

		if ((s[0] != '-' && s[0] != '+') || s[1] == '\0')
			break;
		if (strcmp(s, "--") == 0) {
			i++;
			operands = true;
			break;
		}
		status = s[0] == '-' && s[1] == '-' ? long_option(sh, inv, argc, argv, &i)
						    : letters(sh, inv, argc, argv, &i, &has_c);
		if (status >= 0)
			return status;
	}
	if (!operands && i < argc && strcmp(argv[i], "-") == 0)
		i++;
	if (has_c) {
		if (i >= argc) {
			fprintf(stderr, "mish: -c: a command is needed\n%s", usage);
			return 2;
		}
		inv->command = argv[i++];
	}
	*ret_first = i;
	return -1;
}

static void set_arg0(struct shell *sh, const char *name)
{
	free(sh->arg0);
	sh->arg0 = xstrdup(name);
}

/* Runs a startup file; what goes wrong in it must not keep anybody out. */
static void source(struct shell *sh, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct frame outer;

	if (fd < 0)
		return;
	outer = sh->frame;
	fd = fd_own(fd);
	sh->frame.dot_depth++;
	sh->frame.errexit_off++; /* `set -e` in a startup file must not end the login */
	sh->frame.file = path;
	sh->frame.goes_on = true;
	source_fd(sh, fd, path);
	sh_frame_leave(sh, &outer);
	close(fd);
	if (sh->frame.flow.kind != FLOW_EXIT)
		sh->frame.flow.kind = FLOW_NONE;
}

static void source_in_home(struct shell *sh, const char *name)
{
	const char *home = var_text(sh, "HOME");
	struct strbuf s = { 0 };

	if (home == NULL)
		return;
	strbuf_addf(&s, "%s/%s", home, name);
	source(sh, s.s);
	strbuf_release(&s);
}

/* /etc/profile has `$ ' for shells that it does not know, where PS1 is set: that is nobody's choice. */
static void keep_prompt(struct shell *sh)
{
	const char *ps1 = var_text(sh, "PS1");

	if (ps1 != NULL && (strcmp(ps1, "$ ") == 0 || strcmp(ps1, "# ") == 0))
		var_set(sh, "PS1", prompt_default, 0);
}

static void startup_files(struct shell *sh, const struct invocation *inv)
{
	const char *env;
	bool interactive = sh->interactive;

	if (other_rights) /* HOME and ENV are the user's, who may not have the rights that are kept */
		return;
	/* an error in a file ends the file, not the login */
	if (opt(sh, OPT_LOGIN) && !inv->no_profile) {
		sh->interactive = true;
		source(sh, "/etc/profile");
		keep_prompt(sh);
		if (sh->frame.flow.kind == FLOW_NONE)
			source_in_home(sh, ".profile");
		sh->interactive = interactive;
	}
	if (!interactive || sh->frame.flow.kind != FLOW_NONE || inv->no_rc)
		return;
	if (inv->rc_file != NULL) {
		source(sh, inv->rc_file);
		return;
	}
	env = var_text(sh, "ENV");
	if (env != NULL && *env != '\0') {
		char *path = expand_dquoted(sh, env);

		if (path != NULL && *path != '\0')
			source(sh, path);
		trap_check(sh); /* ^C in it */
		if (sh->frame.flow.kind == FLOW_ABORT)
			sh->frame.flow = (struct flow){ 0 };
	}
	if (sh->frame.flow.kind == FLOW_NONE && !opt(sh, OPT_POSIX))
		source_in_home(sh, ".mishrc");
}

static int run_script(struct shell *sh, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct input_fd *f;

	if (fd < 0) {
		int err = errno;

		sh_warn(sh, "%s: %s", path, strerror(err));
		sh->frame.status = err == ENOENT ? 127 : 126;
		return sh->frame.status;
	}
	fd = fd_own(fd);
	sh->script_named = true;
	f = input_fd_new(fd, false);
	source_input(sh, input_fd_base(f), NULL, 1, 0);
	input_fd_free(f);
	return sh->frame.status;
}

static void run_stdin(struct shell *sh)
{
	struct input_fd *f = input_fd_new(STDIN_FILENO, true);

	source_input(sh, input_fd_base(f), NULL, 1, 0);
	input_fd_free(f);
}

/* How many shells are around this one, which are not the login (not POSIX's, but everybody's). */
static void raise_shlvl(struct shell *sh)
{
	const char *was = var_text(sh, "SHLVL");
	char buf[DECIMAL_MAX];
	long n = was != NULL ? strtol(was, NULL, 10) : 0;

	var_set(sh, "SHLVL", decimal_print(buf, n >= 0 && n < 1000 ? n + 1 : 1), VAR_EXPORT);
}

/* A shell that is interactive: a state that arrives, or start-up files, then -c, a script or prompts. */
static void interactive(struct shell *sh, const struct invocation *inv)
{
	int r = loop_init(sh);

	if (r < 0) {
		sh_warn(sh, "no job control here: %s", strerror(-r));
		sh->tty->no_control = true;
	}
	if (inv->restore_fd >= 0) {
		sigs_keys_on(sh);
		if (restore_session(sh, inv->restore_fd, inv->control_fd) < 0)
			exit(2);
	} else {
		opt_set(sh, OPT_HISTEXPAND, true);
		opt_set(sh, OPT_PLACENOTICE, true);
		opt_set(sh, OPT_RECORD, true);
		opt_set(sh, OPT_REMOTE, true);
		if (var_text(sh, "PS1") == NULL) /* files ask for it, and change it */
			var_set(sh, "PS1", prompt_default, 0);
		raise_shlvl(sh);
		if (opt(sh, OPT_LOGIN) && geteuid() != 0)
			opt_set(sh, OPT_AUTOMIGRATE, true);
		startup_files(sh, inv);
		if (inv->command == NULL && inv->from_stdin) {
			sh->editor.from_stdin = !isatty(STDIN_FILENO);
			loop_load_history(sh);
		}
	}
	if (sh->frame.flow.kind == FLOW_EXIT)
		return;
	if (inv->restore_fd < 0 && inv->command != NULL) {
		source_string(sh, inv->command, NULL, 0);
	} else if (inv->restore_fd < 0 && !inv->from_stdin) {
		run_script(sh, sh->arg0);
	} else {
		at_prompt_begin(sh);
		loop_run(sh);
	}
}

int main(int argc, char **argv, char **env)
{
	struct invocation inv = { .restore_fd = -1, .control_fd = -1 };
	struct shell *sh = shell_new(env);
	const char *name = argc > 0 ? argv[0] : "mish", *slash;
	int first = argc > 0 ? 1 : 0, status;

	find_rights();
	sh->sections = shell_sections;
	var_set(sh, "MISH_VERSION", PACKAGE_VERSION, 0);
	inv.login = name[0] == '-';
	name += inv.login;
	slash = strrchr(name, '/');
	if (strcmp(slash != NULL ? slash + 1 : name, "sh") == 0)
		opt_set(sh, OPT_POSIX, true);
	set_arg0(sh, name);
	if (!opt(sh, OPT_POSIX) && !other_rights)
		option_import(sh);
	status = parse_arguments(sh, &inv, argc, argv, &first);
	if (status >= 0)
		return status;
	if (inv.command == NULL && (inv.from_stdin || first >= argc)) {
		inv.from_stdin = true;
		opt_set(sh, OPT_STDIN, true);
		inv.interactive |= !inv.not_interactive && isatty(STDIN_FILENO) &&
				   isatty(STDERR_FILENO);
	}
	if (other_rights && !inv.privileged)
		drop_rights();
	else if (!other_rights && !opt(sh, OPT_POSIX) && inv.restore_fd < 0)
		func_import(sh, env);
	opt_set(sh, OPT_LOGIN, inv.login);
	if (!inv.from_stdin && first < argc)
		set_arg0(sh, argv[first++]);
	if (first < argc)
		param_set(sh, argv + first, (size_t)(argc - first));

	if (inv.interactive || inv.restore_fd >= 0) {
		interactive(sh, &inv);
	} else {
		if (opt(sh, OPT_MONITOR))
			tty_control_set(sh, true);
		if (opt(sh, OPT_LOGIN))
			startup_files(sh, &inv);
		if (sh->frame.flow.kind == FLOW_EXIT)
			exec_exit(sh);
		if (inv.command != NULL)
			source_string(sh, inv.command, NULL, EXEC_TAIL);
		else if (inv.from_stdin)
			run_stdin(sh);
		else
			run_script(sh, sh->arg0);
	}
	exec_exit(sh);
}
