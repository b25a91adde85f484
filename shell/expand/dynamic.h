#ifndef MISH_EXPAND_DYNAMIC_H
#define MISH_EXPAND_DYNAMIC_H

#include "shell/expand/array.h"
#include "shell/parser/decimal.h"
#include "shell/shell.h"

struct state_section;
extern const struct state_section clock_section;

/* The variables that are computed when somebody looks at them (VAR_DYNAMIC). */

/* Makes those that do not exist. */
void dynamic_init(struct shell *sh);
/* Is it an ordinary variable where the environment has it, as HOSTNAME and all arrays are? */
bool dynamic_yields(const char *name, size_t len);
/* Begins SECONDS and RANDOM; needs sh->pid. */
void dynamic_clock_init(struct shell *sh);

/* What it is now, borrowed or in buf; NULL: as it was. */
const char *dynamic_text(struct shell *sh, const char *name, size_t len, char buf[DECIMAL_MAX]);
/* The same of an array, which the caller frees. */
struct array *dynamic_array(struct shell *sh, const char *name);
/* Something is assigned. False: it becomes an ordinary variable. */
bool dynamic_assign(struct shell *sh, const char *name, size_t len, const char *value);

#endif
