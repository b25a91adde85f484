#ifndef MISH_SHELL_SHELL_H
#define MISH_SHELL_SHELL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct alias_table;
struct arena;
struct ast_list;
struct ast_pipeline;
struct builtin;
struct cmd_hash;
struct dir_stack;
struct edit;
struct edit_ops;
struct func_table;
struct hist;
struct job_table;
struct session;
struct param_list;
struct parser;
struct sigs;
struct state_section;
struct strbuf;
struct trap_table;
struct tty;
struct var_table;

/*
 * Why control leaves the normal order (STYLE 3: no setjmp). Every function that runs
 * something looks at sh->flow afterwards and returns at once unless it is FLOW_NONE
 * or its own to handle.
 */
enum flow_kind {
	FLOW_NONE,
	FLOW_BREAK,
	FLOW_CONTINUE,
	FLOW_RETURN,
	FLOW_ABORT, /* an error or SIGINT: an interactive shell goes back to its prompt */
	FLOW_EXIT,
};

struct flow {
	enum flow_kind kind;
	int count; /* loops left to leave: FLOW_BREAK, FLOW_CONTINUE */
};

enum { SHELL_ONLY_FDS = 2 };

/* The action of `trap` that is being run. */
struct trap_action {
	int status;   /* $? before it; -1: none is run */
	int depth;    /* of functions and dot scripts where it began */
	bool is_exit; /* that of EXIT, or one within it */
};

/*
 * One shell. Everything that must survive a move hangs off it. Each field says what
 * happens to it in a move: it `travels` in a state section, is `rebuilt` on arrival,
 * or `stays` (means nothing elsewhere). tests/unit/test_shell_fields.c walks the list.
 */
struct shell {
	struct var_table *vars;	     /* travels */
	struct param_list *params;   /* travels */
	struct alias_table *aliases; /* travels */
	struct func_table *funcs;    /* travels */
	struct trap_table *traps;    /* travels */
	struct sigs *sigs;	     /* travels, with traps */
	struct trap_action action;   /* stays: the one being run */
	struct dir_stack *dirs;	     /* travels */
	struct hist *hist;	     /* travels */
	uint32_t options;	     /* travels */
	int status;		     /* travels: $? */
	char *arg0;		     /* travels: $0 */
	char *pwd;		     /* travels: the logical working directory, NULL unknown */
	char *last_bg;		     /* travels: the text of $!, NULL while unset */
	char *edit_line;	     /* travels: the half-typed line, NULL when none */
	size_t edit_cursor;	     /* travels: bytes before the cursor in it */
	char *typeahead;	     /* travels: bytes typed, but not read by anybody yet */
	size_t typeahead_len;	     /* travels */
	char *rest_ok;		     /* travels: what follows on the line after a move */
	char *rest_failed;	     /* travels: … after one that failed */
	const struct ast_list *rest_list; /* stays: lists after the running one */
	const struct ast_pipeline *rest_andor; /* stays: pipelines after the running one */
	int nest;		     /* stays: >0 inside a compound command, function, eval, … */
	int redirected;		     /* stays: >0 while a builtin runs with redirections */
	const struct state_section *const *sections; /* stays: the registry */
	int lineno;		     /* travels: the running command's line */
	int getopts_pos;	     /* travels: byte within a group of option letters */
	uint32_t random;	     /* travels */
	int64_t seconds_ms;	     /* rebuilt: SECONDS, in ms, … */
	clock_t seconds_since;	     /* rebuilt: … at this time of var.c's clock */
	bool login;		     /* travels */
	bool interactive;	     /* travels */
	pid_t pid;		     /* stays: $$ */
	struct job_table *jobs;	     /* stays */
	struct cmd_hash *hash;	     /* rebuilt */
	struct arena *arena;	     /* stays: fields of the commands being run */
	struct arena *ast;	     /* stays: that of the tree being run */
	struct parser *parser;	     /* stays: of the input being read, for alias changes */
	struct session *session;     /* rebuilt: who we are to others; NULL until it is needed */
	int *shell_only[SHELL_ONLY_FDS]; /* stays: descriptors that a subshell closes; NULL none */
	const struct edit_ops *edit_ops; /* rebuilt */
	struct edit *edit;	     /* rebuilt: the line editor, NULL: lines are read plainly */
	bool edit_stdin;	     /* rebuilt: -i, and standard input is no terminal: read that */
	bool edit_tried;	     /* rebuilt */
	struct flow flow;	     /* stays */
	int fn_depth;		     /* stays: functions and dot scripts being run */
	int dot_depth;		     /* stays */
	int loop_depth;		     /* stays */
	FILE *out;		     /* stays: stdout, also while a substitution takes it */
	enum { EFFECTS_ON, EFFECTS_OFF, EFFECTS_WANTED } effects; /* stays: see subst.h */
	int subst_status;	     /* stays: of the last command substitution, -1 none */
	char *stack_base;	     /* stays: where the stack began, to bound recursion */
	size_t stack_max;	     /* stays */
	int errexit_off;	     /* stays: >0 where -e does not apply */
	struct tty *tty;	     /* travels: the modes; rebuilt: the rest */
	bool exit_warned;	     /* stays: `exit` told about stopped jobs */
	int fork_depth;		     /* stays: of forked copies */
	bool subshell;		     /* stays: a forked copy */
	bool no_job_control;	     /* stays: set -m cannot work, or in a subshell */
	bool script_named;	     /* stays: messages name file and line */
	bool builtin_error;	     /* stays: a special builtin failed in a way that ends a script */
	const struct builtin *(*find_builtin)(const char *name);	   /* stays */
	int (*subst)(struct shell *sh, const struct ast_list *list, struct strbuf *out); /* stays */
	void (*var_changed)(struct shell *sh, const char *name);	   /* stays */
};

enum shell_option {
	OPT_ALLEXPORT = 1 << 0,
	OPT_NOTIFY = 1 << 1,
	OPT_NOCLOBBER = 1 << 2,
	OPT_ERREXIT = 1 << 3,
	OPT_NOGLOB = 1 << 4,
	OPT_HASHALL = 1 << 5,
	OPT_INTERACTIVE = 1 << 6,
	OPT_MONITOR = 1 << 7,
	OPT_NOEXEC = 1 << 8,
	OPT_STDIN = 1 << 9,
	OPT_NOUNSET = 1 << 10,
	OPT_VERBOSE = 1 << 11,
	OPT_XTRACE = 1 << 12,
	OPT_IGNOREEOF = 1 << 13,
	OPT_NOLOG = 1 << 14,
	OPT_PIPEFAIL = 1 << 15,
	OPT_EMACS = 1 << 16,
	OPT_VI = 1 << 17,
	OPT_POSIX = 1 << 18,
	OPT_AUTOMIGRATE = 1 << 19,
	OPT_MIGRATENOTICE = 1 << 20,
	OPT_PERSIST = 1 << 21,
	OPT_LOGIN = 1 << 22,
	OPT_HISTEXPAND = 1 << 23,
};

static inline bool opt(const struct shell *sh, enum shell_option o)
{
	return (sh->options & (uint32_t)o) != 0;
}

/* One message on stderr: `mish: …`, or `file: line: …` in a script (STYLE 5). */
void sh_warn(const struct shell *sh, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The same, and the running command is abandoned with `status`: a non-interactive
 * shell exits (XCU 2.8.1), an interactive one goes back to its prompt. Returns -1.
 */
int sh_abort(struct shell *sh, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* When memory runs out: a message of that shell, and the end. NULL: of nobody any more. */
void sh_tell_no_memory(const struct shell *sh);

#endif
