#ifndef MISH_BUILTIN_LIMITS_H
#define MISH_BUILTIN_LIMITS_H

struct state_section;
/* umask, nice value, soft limits (DESIGN 5: process). */
extern const struct state_section process_section;

#endif
