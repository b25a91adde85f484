#ifndef MISH_BUILTIN_HISTORY_USAGE_H
#define MISH_BUILTIN_HISTORY_USAGE_H

/* history -u: what commands took (shell/jobs/rud.h), each kind once; of those whose key begins so, if that is not NULL. A status. */
struct shell;
int history_usage(struct shell *sh, const char *prefix);

#endif
