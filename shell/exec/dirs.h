#ifndef MISH_EXEC_DIRS_H
#define MISH_EXEC_DIRS_H

#include "shell/shell.h"

struct state_section;
extern const struct state_section dirs_section;

/* The directory stack of pushd and popd, below the working directory itself. */
struct dir_stack {
	char **v; /* v[0] is the top, right below the working directory */
	size_t n;
};

struct dir_stack *dirs_new(void);
void dirs_free(struct dir_stack *d); /* takes NULL */
void dirs_clear(struct dir_stack *d);
/* Copies the path to position i (i <= n). */
void dirs_insert(struct dir_stack *d, size_t i, const char *path);
/* Takes out entry i (i < n); the caller frees it. */
char *dirs_take(struct dir_stack *d, size_t i);

#endif
