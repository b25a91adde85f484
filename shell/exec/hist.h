#ifndef MISH_EXEC_HIST_H
#define MISH_EXEC_HIST_H

#include <stdint.h>

#include "shell/shell.h"

struct state_section;
extern const struct state_section hist_section;

/* The command history list (XCU sh, fc): numbered lines with time, exit status, and where and how long they ran. */
struct hist_entry {
	uint32_t number;
	char *text; /* without the final newline */
	int64_t time; /* seconds since the epoch; 0 unknown */
	int status; /* -1 while unknown */
	uint32_t ms;  /* that it took, once the status is known */
	uint16_t node; /* where it ran, for hist_node(); 0 unknown */
	bool own; /* entered in this shell, not read from a file */
};

struct hist *hist_new(void);
void hist_free(struct hist *h); /* takes NULL */

size_t hist_count(const struct hist *h);
/* By position, 0 the oldest; NULL outside. */
const struct hist_entry *hist_at(const struct hist *h, size_t i);
/* Position of a number; hist_count() when it is not there. */
size_t hist_position(const struct hist *h, uint32_t number);
/*
 * The first position from i on, backwards (step -1) or forwards (1), whose text begins with `text`, or has it somewhere;
 * hist_count() when there is none. `left` (NULL: whatever it takes) is how much work it may do, some 2 ns each, and what is left
 * of that; 0: it came as far as the position that it returns, where it can go on.
 */
size_t hist_find(const struct hist *h, size_t i, int step, const char *text, bool begins, size_t *left);
/* Makes that fast, some 80 ns for each entry that is new: for a moment when nobody waits. */
void hist_learn(struct hist *h);
/* Number that the next command gets. */
uint32_t hist_next_number(const struct hist *h);

/* Adds a command; beyond `max` entries the oldest are dropped. */
void hist_add(struct hist *h, const char *text, int64_t time);
/* The newest is the command that runs now, on that node (this one's name); NULL: it is not in the list. */
void hist_set_running(struct hist *h, const char *node);
/* The position of that command; hist_count() when it is not there. */
size_t hist_running(const struct hist *h);
/* What became of it; of one of several lines, what it took is added. */
void hist_set_result(struct hist *h, int status, int64_t ms);
/* A node's name; NULL: unknown. */
const char *hist_node(const struct hist *h, const struct hist_entry *e);
void hist_drop_newest(struct hist *h);
void hist_clear(struct hist *h);
void hist_set_max(struct hist *h, size_t max);

void hist_drop(struct hist *h, size_t i); /* the i-th */

/*
 * The history file: one entry a line, a newline inside after a backslash, and around them what is known of it (hist_mark.h).
 * Loading takes the last `max` entries, or those that came since it was read or written last; append writes the newest
 * one, write all of them. 0 or -errno. By itself the shell never makes it shorter: it is the user's, and other
 * shells append to it, also elsewhere.
 */
int hist_load_file(struct hist *h, const char *path);
int hist_load_new(struct hist *h, const char *path);
int hist_append_file(struct hist *h, const char *path);
/* `marks`: with what is known of the entries. */
int hist_write_file(struct hist *h, const char *path, bool append, bool marks);
/* What became of the command that runs, behind what others have appended; or that it is no entry. */
int hist_append_result(struct hist *h, const char *path);
int hist_append_dropped(struct hist *h, const char *path);
/* Appends to another file what was entered in this shell, and was not yet appended to that file. */
int hist_append_own(struct hist *h, const char *path, bool marks);

/*
 * History substitution in a line, which the editor knows of and hands over: false: *ret says why it cannot be done.
 * The caller frees *ret.
 */
void hist_set_expander(struct hist *h, bool (*expand)(const struct hist *h, const char *line, char **ret));
bool hist_expand(const struct hist *h, const char *line, char **ret);

#endif
