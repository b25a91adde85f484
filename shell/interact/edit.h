#ifndef MISH_INTERACT_EDIT_H
#define MISH_INTERACT_EDIT_H

#include <stddef.h>

#include "shell/builtin/candidates.h"
#include "shell/builtin/keyed.h"
#include "migrate/module.h"
#include "shell/move/at_prompt.h"
#include "shell/shell.h"

/*
 * The line editor. libedit is in a module that is loaded at the first prompt; where that fails,
 * lines are read without it: a login shell must work.
 */
enum edit_result {
	EDIT_LINE,	  /* *ret is the line with its newline (caller frees) */
	EDIT_EOF,
	EDIT_INTERRUPTED, /* SIGINT */
	EDIT_EVENT,	  /* at_prompt_act() has something to do; the line is in sh->line.text */
	EDIT_TIMER,	  /* a command of sched's is due; likewise */
	EDIT_LOGOUT,	  /* nobody has typed for as long as TMOUT or autologout says */
	EDIT_SIGNAL,	  /* a trap's action is due; the line is in sh->line.text */
	EDIT_HANGUP,	  /* the terminal is gone, or SIGHUP or SIGTERM came */
	EDIT_VISUAL,	  /* the line, in sh->line.text, is wanted in the user's own editor */
	EDIT_RUN,	  /* … or sh->line.run is to be run, which may change it */
	EDIT_HELP,	  /* … or help about its command is wanted, or … */
	EDIT_WHICH,	  /* … what that is */
};

struct edit_prompt {
	const char *text;
	char *right; /* at the right margin; NULL none */
};

struct edit;

/* `fresh`: a command begins with this line, so that events may interrupt; else it goes on. */
enum edit_result edit_read(struct shell *sh, const struct edit_prompt *prompt, bool fresh, char **ret);
/* For `read -e`: see struct hooks. */
int edit_for_command(struct shell *sh, const char *prompt, const char *begin, char **ret);
/* … and for bindkey and bind: rows as bind_rows() has them. */
void edit_list_keys(struct shell *sh, struct keyed *ret);
/* The next line that is read begins as this one, but for its newline. */
void edit_again(struct shell *sh, const char *line);

/* Completion candidates for the word at the cursor; complete.c. */
struct complete_list {
	struct candidates all;
	size_t start; /* byte of the line at which the replaced text begins */
	size_t typed; /* length of the replaced text without its quotes */
	char quote;   /* the quote that is open at the cursor, or 0, … */
	char outer;   /* … and where the replaced text begins */
	bool keeps;   /* what is typed stays, as it has quotes, and the rest of a candidate follows it */
	size_t word; /* where the word begins */
	bool is_variable; /* $ and braces are not to be quoted */
	bool is_tilde; /* nor is a tilde */
	bool is_node; /* shown with its load */
	bool is_file; /* a directory gets a slash and no blank behind it */
	bool no_space; /* no blank behind it in any case */
	char suffix;   /* instead of a blank, or '\0' */
	bool no_sort;  /* they are in order */
	bool is_plain; /* nothing in them is to be quoted */
	bool is_default; /* what is registered has left the word to files: with hidden ones, as in bash */
	bool is_written; /* and they have the quotes that are typed */
};
/* By everything there is, with what is done then, as COMP_TYPE tells functions; or by what is looked up, asks nobody and runs nothing. */
enum complete_by {
	COMPLETE_QUICKLY = 0,
	COMPLETE_TAKEN = '\t',	 /* what they have in common is put into the line */
	COMPLETE_LISTED = '?',	 /* they are listed, */
	COMPLETE_AT_ONCE = '!',	 /* … by the first Tab, where they are several, */
	COMPLETE_CHOSEN = '%',	 /* … or one is chosen from the menu, */
	COMPLETE_ALL = '*',	 /* … or all are put into the line */
};
void complete_line(struct shell *sh, const char *line, size_t cursor, enum complete_by by, struct complete_list *ret);
/*
 * What stands for the line up to the cursor from byte *ret_from on (caller frees; NULL: nothing): history references replaced, else
 * the files that a pattern matches; only the one, or the other; the home directory that a tilde is; and another word that is one slip of the hand away.
 */
char *complete_expand(struct shell *sh, const char *line, size_t cursor, size_t *ret_from);
char *complete_expand_history(struct shell *sh, const char *line, size_t cursor, size_t *ret_from);
char *complete_expand_glob(struct shell *sh, const char *line, size_t cursor, size_t *ret_from);
char *complete_expand_tilde(struct shell *sh, const char *line, size_t cursor, size_t *ret_from);
char *complete_spell(struct shell *sh, const char *line, size_t cursor, size_t *ret_from);

/* ---- between edit.c and the module ---- */

struct edit_ops {
	struct module module; /* first */
	struct edit *(*open)(struct shell *sh); /* NULL: cannot */
	void (*close)(struct edit *e);
	enum edit_result (*read)(struct edit *e, struct shell *sh, const struct edit_prompt *prompt, bool fresh,
				 char **ret);
	void (*list_keys)(struct edit *e, struct keyed *ret);
};

#define EDIT_SYMBOL "mish_edit_ops"

/* Why the editor is to change what it shows while it waits. */
enum edit_redraw {
	EDIT_RESIZED,	  /* the terminal has another size */
	EDIT_STAND_ASIDE, /* something is going to be printed, from the beginning of a row to that of another … */
	EDIT_AGAIN,	  /* … and was */
	EDIT_PAUSE,	  /* nobody has typed for pause_ms */
	EDIT_CAME,	  /* fd is ready to be read */
};

struct edit_waiter {
	void (*redraw)(void *arg, enum edit_redraw why); /* NULL: nothing is shown that changes */
	void *arg;
	int pause_ms; /* -1: no matter; becomes that with EDIT_PAUSE */
	int fd;	      /* -1: none */
};

/*
 * Waits for a byte from the terminal, watching signals and the session. Returns EDIT_LINE
 * when *ret has one. Bytes that were typed before a move (sh->line.ahead) come first.
 */
enum edit_result edit_wait_byte(struct shell *sh, bool fresh, struct edit_waiter *w, unsigned char *ret);

#endif
