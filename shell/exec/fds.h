#ifndef MISH_EXEC_FDS_H
#define MISH_EXEC_FDS_H

struct state_section;
/* The script's descriptors, as from `exec 5<file`: those that can be opened again by path. */
extern const struct state_section fds_section;

/* Names the first descriptor that cannot be opened again (caller frees); NULL: all can. */
char *fds_obstacle(void);

#endif
