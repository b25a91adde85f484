#ifndef MISH_EXEC_FDS_H
#define MISH_EXEC_FDS_H

struct state_section;
/* `exec 5<file` and friends: what can be opened again by path. */
extern const struct state_section fds_section;

/* The first descriptor that cannot, in words (caller frees); NULL: all can. */
char *fds_obstacle(void);

#endif
