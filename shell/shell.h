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
struct keyed;
struct hist;
struct job_table;
struct param_list;
struct parser;
struct session;
struct shell;
struct sigs;
struct state_section;
struct strbuf;
struct trap_table;
struct tty;
struct var_table;

/*
 * Why control leaves the normal order: a value and no setjmp(3), which would leave
 * redirections behind that nobody undoes. Every function that runs something looks at
 * sh->frame.flow afterwards and returns at once unless it is FLOW_NONE or its own to handle.
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
	bool discards; /* FLOW_ABORT: a script goes on with its next line; see sh_discard() */
};

/* May an expansion change something? See subst.h. */
enum effects { EFFECTS_ON, EFFECTS_OFF, EFFECTS_WANTED };

/* The action of `trap` that is being run. */
struct trap_action {
	int status;   /* $? before it; -1: none is run */
	int depth;    /* of functions and dot scripts where it began */
	bool is_exit; /* that of EXIT, or one within it */
};

/* What is to be done when a frame ends; it lives in the caller of sh_frame_leave(). */
struct frame_end {
	struct frame_end *next;
	void (*run)(struct shell *sh, void *arg);
	void *arg;
};

/*
 * Where execution is: all that a function, a dot script, a trap's action, a substitution or
 * a prompt has of its own, and gives back when it ends. Whoever begins one keeps the outer
 * frame by value; see sh_frame_leave(). None of it travels but $? and the line: a position
 * inside a tree is not part of the state, and the rest of a line is text (struct input_line).
 */
struct frame {
	struct flow flow;
	int status; /* $? */
	int lineno; /* of the running command */
	int nest; /* >0 inside a compound command, function, eval, … */
	int fn_depth, dot_depth, loop_depth; /* of functions, dot scripts and loops being run */
	int redirected;	 /* >0 while a builtin runs with redirections */
	int errexit_off; /* >0 where -e does not apply */
	const char *file; /* that `.` or a login reads, for messages; NULL: none */
	bool goes_on;	 /* an error ends the command, and not the file */
	int subst_status; /* of the last command substitution, -1 none */
	enum effects effects;
	const struct call *call; /* the function or file that is being run; see calls.h */
	unsigned events_off; /* bits of enum trap_event: whose action is not for this function or subshell */
	const struct ast_command *command; /* that runs now, while there is a DEBUG or ERR action; NULL none */
	bool builtin_error; /* a special builtin failed in a way that ends a script */
	struct trap_action action;
	struct parser *parser; /* of the input being read, for alias changes */
	struct arena *ast;     /* that of the tree being run */
	const struct ast_list *rest_list;	 /* lists after the running one */
	const struct ast_pipeline *rest_andor; /* pipelines after the running one */
	struct array_word *arrays; /* the running command's arguments NAME=(…); see expand.h */
	struct procsub *procsubs; /* that the running commands have; see procsub.h */
	struct frame_end *ends;
};

/* What was typed and has not been run. */
struct input_line {
	char *text;	/* half-typed, NULL when none */
	size_t cursor;	/* bytes before the cursor in it */
	const char *unread; /* lines of the entry behind the one that runs, borrowed; NULL none */
	char *mine;	/* it is an entry of the history: what was typed before; else NULL */
	size_t entry;	/* … of that one, from the oldest */
	char *open;	/* for %R: what is open in the lines so far (PS2), or the corrected line (PROMPT3); else NULL */
	bool is_body;	/* it is of a here-document */
	char *run;	/* what a key is bound to, while that is to be run; else NULL */
	char *no_locale; /* which the user was told that the host does not have; NULL none */
	char **kept;	/* what the editor has besides, in its own words; NULL-terminated, or NULL */
	char *ahead;	/* bytes typed, but not read by anybody yet */
	size_t ahead_len;
	char *rest_ok;	   /* what follows on the line after a move */
	char *rest_failed; /* … after one that failed */
	char *entered;	   /* … and that is all of the command, for which the shell moves (premove.h); else NULL */
	char *entered_for; /* … to this node */
	int64_t left_ms;   /* when that was, since the Epoch */
	uint64_t move_ms;  /* what such moves have taken; 0: not known */
};

enum { LINE_MOVE_MOST_MS = 5000 /* of move_ms */ };

/* What SECONDS and RANDOM count from; see var.c. */
struct shell_clock {
	uint32_t random; /* once `seeded`, which is when it is first asked for */
	bool seeded;
	int64_t seconds_ms;    /* SECONDS, in ms, … */
	clock_t seconds_since; /* … at this time */
	int64_t command_ms;    /* CMD_DURATION: what the last command at a prompt took */
	int64_t periodic_s;    /* when `periodic` ran last, in seconds since the Epoch; 0: never */
};

/* The line editor; see edit.h. */
struct editor {
	const struct edit_ops *ops;
	struct edit *handle; /* NULL: lines are read plainly */
	bool from_stdin; /* -i, and standard input is no terminal: read that */
	bool tried;
	bool busy; /* it reads a line just now: what completion runs may not ask it for another */
};

/* The memory that calls may nest in: nobody's input may end the shell by recursion; see sh_stack_is_full(). */
struct stack {
	char *base; /* where it began */
	size_t max;
};

/* What lower parts ask of higher ones; shell_init.c sets them. */
struct hooks {
	const struct builtin *(*find_builtin)(const char *name);
	const struct builtin *(*builtin_at)(size_t i); /* NULL past the end */
	int (*subst)(struct shell *sh, const struct ast_list *list, struct strbuf *out);
	int (*subst_here)(struct shell *sh, const struct ast_list *list, bool reply, struct strbuf *out);
	char *(*procsub)(struct shell *sh, const struct ast_list *list, bool reads);
	int (*run_text)(struct shell *sh, const char *text, const char *name, unsigned flags); /* source_string() */
	unsigned (*not_inherited)(const struct shell *sh); /* by a subshell: bits of enum trap_event */
	struct array *(*calls)(const struct shell *sh, int what); /* enum calls_what */
	const char *(*command_text)(struct shell *sh); /* BASH_COMMAND */
	int (*place)(struct shell *sh, const struct ast_command *c); /* in a child: as a rule it does not return; a status */
	int (*tell_left)(struct shell *sh, const char *node, pid_t pid, int signo, unsigned what); /* enum left_what. 0, or -errno: nobody hears it */
	bool (*hear_left)(struct shell *sh, bool wait); /* false: nobody says anything */
	const char *(*prompt)(struct shell *sh, const char *text); /* ${name@P}; in sh->arena */
	/* A line of the editor's for a command: 0 with *ret (free(3)), 1 at the end of the input, or 128 + signal. */
	int (*edit_line)(struct shell *sh, const char *prompt, const char *begin, char **ret);
	void (*editor_keys)(struct shell *sh, struct keyed *ret); /* what the line editor has; none: there is no editor */
	void (*var_changed)(struct shell *sh, const char *name);
	/* of the element that a reference (declare -n) names: its value; and assigning it, as var_set() */
	const char *(*element_get)(struct shell *sh, const char *text);
	int (*element_set)(struct shell *sh, const char *text, const char *value);
	const char *(*var_convert)(struct shell *sh, unsigned flags, const char *value);
};

/* What is left of the last commands: how those of a pipeline ended, and $_. */
struct statuses {
	int *v;
	size_t n; /* 0: it was one command */
	int one;
	struct strbuf *word; /* the last one of the command before */
};

enum { SHELL_ONLY_FDS = 3 };

/* Of placed commands (`@node command`). */
struct sh_placed {
	int file;	/* in a job's child, where they leave what they bring back; see job.h. -1: none */
	bool waits;	/* … of the background, where they may wait until a node has room */
	uint64_t us[2]; /* CPU that they took, user and system */
	const char *node; /* where one of the line that runs goes by itself; in that line's arena, NULL: there is none */
};

/*
 * One shell. Everything that must survive a move hangs off it. Each field says what
 * happens to it in a move: it `travels` in a state section, is `rebuilt` on arrival,
 * or `stays` (means nothing elsewhere).
 */
struct shell {
	struct frame frame;	     /* travels: $? and the line; stays: the rest */
	struct var_table *vars;	     /* travels */
	struct param_list *params;   /* travels */
	struct alias_table *aliases; /* travels */
	struct func_table *funcs;    /* travels */
	struct trap_table *traps;    /* travels */
	struct sigs *sigs;	     /* travels, with traps */
	struct dir_stack *dirs;	     /* travels */
	struct hist *hist;	     /* travels */
	struct input_line line;	     /* travels */
	struct shell_clock clock;    /* travels: RANDOM, periodic; rebuilt: SECONDS */
	struct tty *tty;	     /* travels: the modes; rebuilt: the rest */
	uint64_t options;	     /* travels: 1 << enum shell_option */
	char *arg0;		     /* travels: $0 */
	char *pwd;		     /* travels: the logical working directory, NULL unknown */
	char *last_bg;		     /* travels: the text of $!, NULL while unset */
	int getopts_pos;	     /* travels: byte within a group of option letters */
	bool interactive;	     /* travels */
	struct cmd_hash *hash;	     /* rebuilt */
	struct session *session;     /* rebuilt: who we are to others; NULL until it is needed */
	struct editor editor;	     /* rebuilt */
	const struct state_section *const *sections; /* stays: the registry */
	pid_t pid;		     /* stays: $$ */
	struct job_table *jobs;	     /* stays */
	struct arena *arena;	     /* stays: fields of the commands being run */
	FILE *out;		     /* stays: stdout, also while a substitution takes it */
	struct stack stack;	     /* stays */
	int *shell_only[SHELL_ONLY_FDS]; /* stays: descriptors that a subshell closes; NULL none */
	struct statuses statuses;    /* travels: PIPESTATUS; stays: $_ */
	unsigned trap_events;	     /* travels, with traps: bits of enum trap_event that have an action */
	int fork_depth;		     /* stays: of forked copies; 0 in the shell itself */
	bool exit_warned;	     /* stays: `exit` told about stopped jobs */
	bool script_named;	     /* travels (to a placed command): messages name file and line */
	struct sh_placed placed;     /* stays */
	struct hooks hooks;	     /* stays */
};

static inline bool sh_is_subshell(const struct shell *sh)
{
	return sh->fork_depth != 0;
}

/*
 * Ends a frame: runs what was put off (newest first), then puts back `outer`, but for the
 * results, flow and status. Who wants these as they were assigns the outer frame itself.
 */
void sh_frame_leave(struct shell *sh, const struct frame *outer);
/* Puts something off to the end of the frame; `e` is the caller's until then. */
void sh_frame_at_end(struct shell *sh, struct frame_end *e, void (*run)(struct shell *sh, void *arg),
		     void *arg);
/* As at a prompt: nothing runs. The status, the line, the parser and its tree stay. */
void sh_frame_reset(struct shell *sh);

/* The options of `set`; shell/expand/option.def has a row each. */
enum shell_option {
#define OPTION(bit, name, letter, fixed) bit,
#include "shell/expand/option.def"
#undef OPTION
	SHELL_OPTIONS
};
_Static_assert(SHELL_OPTIONS <= 64, "options are bits of a uint64_t");

static inline bool opt(const struct shell *sh, enum shell_option o)
{
	return (sh->options >> o & 1) != 0;
}

static inline void opt_set(struct shell *sh, enum shell_option o, bool on)
{
	sh->options = (sh->options & ~(UINT64_C(1) << o)) | (uint64_t)on << o;
}

static inline bool sh_stack_is_full(const struct shell *sh)
{
	const char *here = __builtin_frame_address(0);

	/* a caller that is less deep than where the shell was made is above the base */
	return sh->stack.base > here && (size_t)(sh->stack.base - here) > sh->stack.max;
}

/* Another of sh->line.kept (takes `s`); and none of them any more. */
void sh_keep_of_line(struct shell *sh, char *s);
void sh_drop_of_line(struct shell *sh);

/* Bytes that were typed, but that nobody has read yet: behind those that wait already. */
void sh_type_ahead(struct shell *sh, const char *s, size_t len);
/* … and before all of them: a byte that was read too far. */
void sh_type_back(struct shell *sh, char c);

/* One message on stderr, after what stdout still has: `mish: …`, or `file: line: …` in a script. */
void sh_warn(const struct shell *sh, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The same, and the running command is abandoned with `status`: a non-interactive
 * shell exits (XCU 2.8.1), an interactive one goes back to its prompt. Returns -1.
 */
int sh_abort(struct shell *sh, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The same for a ${text} that is none. In a file that is read the line comes before the file, as dash has it: by such a
 * message Intel's oneAPI (setvars.sh, vars.sh) finds its own place in shells that it does not know.
 */
int sh_bad_substitution(struct shell *sh, const char *text);

/*
 * The same for what POSIX does not know: the command is abandoned up to its list, and a script goes on with the next
 * line, as in bash. In POSIX mode and under -e it is sh_abort(). Returns -1.
 */
int sh_discard(struct shell *sh, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* When memory runs out: a message of that shell, and the end. NULL: of nobody any more. */
void sh_tell_no_memory(const struct shell *sh);

#endif
