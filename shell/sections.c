#include <config.h>

#include <stddef.h>

#include "migrate/state.h"
#include "shell/builtin/abbr.h"
#include "shell/builtin/bind.h"
#include "shell/builtin/compspec.h"
#include "shell/builtin/limits.h"
#include "shell/builtin/sched.h"
#include "shell/builtin/tasks.h"
#include "shell/exec/cwd.h"
#include "shell/exec/dirs.h"
#include "shell/exec/fds.h"
#include "shell/exec/func.h"
#include "shell/exec/hist.h"
#include "shell/exec/trap.h"
#include "shell/expand/option.h"
#include "shell/expand/param.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/var.h"
#include "shell/expand/var_state.h"
#include "shell/interact/loop.h"
#include "shell/jobs/left.h"
#include "shell/jobs/rud.h"
#include "shell/jobs/tty.h"
#include "shell/move/allocation.h"
#include "shell/move/company.h"
#include "shell/parser/alias.h"
#include "shell/shell_init.h"

/* The order matters where one section leans on another: variables before the directory. */
const struct state_section *const shell_sections[] = {
	&process_section, &var_section,	  &clock_section,  &param_section,  &cwd_section,
	&dirs_section,	  &alias_section,	  &func_section,  &option_section, &trap_section,   &fds_section,
	&hist_section,	  &rud_section, &compspec_section, &bind_section, &abbr_section, &tasks_section,
	&sched_section, &jobs_section, &allocation_section, &company_section, &editor_section, &terminal_section, NULL,
};
