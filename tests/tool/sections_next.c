#include <config.h>

#include <stddef.h>

#include "migrate/state.h"
#include "shell/builtin/limits.h"
#include "shell/exec/cwd.h"
#include "shell/exec/func.h"
#include "shell/expand/option.h"
#include "shell/expand/param.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/var.h"
#include "shell/expand/var_state.h"
#include "shell/interact/loop.h"
#include "shell/jobs/tty.h"
#include "shell/parser/alias.h"
#include "shell/shell_init.h"

/*
 * The registry of a mish of the next version, for tests/next/mish. It has a section that this version
 * does not know and a known one with more keys; some of this version's are gone.
 */
enum { NEXT_NUMBER = 90, NEXT_LIST = 91 };

static void next_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	state_put_uint(e, NEXT_NUMBER, 1);
	state_put_array(e, NEXT_LIST, 2);
	state_add_uint(e, 1);
	state_add_str(e, "x");
}

static int next_load(struct shell *sh, const struct state_dec *d)
{
	uint64_t v;

	(void)sh;
	return state_get_uint(d, NEXT_NUMBER, 1, &v); /* -ENOENT from this version: a default */
}

static void options_save(const struct shell *sh, struct state_enc *e)
{
	option_section.save(sh, e);
	next_save(sh, e);
}

static int options_load(struct shell *sh, const struct state_dec *d)
{
	int r = next_load(sh, d);

	return r < 0 && d->version > 1 ? r : option_section.load(sh, d);
}

/* Variables as this version has them, and one with an attribute that it does not know. */
static void vars_save(const struct shell *sh, struct state_enc *e)
{
	if (var_find(sh, "NEXT") == NULL) /* a shell that began here, and did not arrive */
		(void)var_set((struct shell *)(uintptr_t)sh, "NEXT", "value", 0);
	((struct var *)(uintptr_t)var_find(sh, "NEXT"))->flags |= 1u << 20;
	var_section.save(sh, e);
}

static int vars_load(struct shell *sh, const struct state_dec *d)
{
	int r = var_section.load(sh, d);

	if (r == 0)
		(void)var_set(sh, "NEXT", "value", 0);
	return r;
}

static const struct state_section vars_section = {
	.name = "vars", .version = 1, .save = vars_save, .load = vars_load,
};
static const struct state_section next_section = {
	.name = "next", .version = 1, .save = next_save, .load = next_load,
};
static const struct state_section options_section = {
	.name = "options", .version = 2, .save = options_save, .load = options_load,
};

const struct state_section *const shell_sections[] = {
	&next_section, &process_section, &vars_section, &param_section, &cwd_section,
	&alias_section, &func_section, &options_section, &editor_section, &terminal_section, NULL,
};
