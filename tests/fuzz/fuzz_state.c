#include <config.h>

#include "migrate/state_msgpack.h"
#include "shell/exec/dirs.h"
#include "shell/exec/func.h"
#include "shell/exec/hist.h"
#include "shell/jobs/rud.h"
#include "shell/expand/option.h"
#include "shell/expand/param.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/var.h"
#include "shell/expand/var_state.h"
#include "shell/interact/loop.h"
#include "shell/move/allocation.h"
#include "shell/move/company.h"
#include "shell/parser/alias.h"
#include "shell/shell_init.h"
#include "tests/fuzz/fuzz.h"

/* Sections that change nothing outside of the shell: no files, limits or directories. */
static const struct state_section *const sections[] = {
	&var_section,	 &param_section, &dirs_section, &alias_section,
	&func_section,	 &option_section, &hist_section, &rud_section, &allocation_section, &company_section, &editor_section, NULL,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *env[] = { NULL };
	struct shell *sh = shell_new(env);

	struct state_doc doc = { (char *)(uintptr_t)data, size };

	(void)state_decode(sh, sections, &doc, 1, NULL, NULL);
	shell_free(sh);
	return 0;
}
