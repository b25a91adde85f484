#ifndef MISH_BUILTIN_LIMITS_H
#define MISH_BUILTIN_LIMITS_H

struct state_section;
/* The state section of umask, nice value and soft limits. */
extern const struct state_section process_section;

#endif
