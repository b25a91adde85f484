#ifndef MISH_EXPAND_VAR_STATE_H
#define MISH_EXPAND_VAR_STATE_H

struct state_section;
/* The variables, in a state: those that are not bound to a host. */
extern const struct state_section var_section;

#endif
