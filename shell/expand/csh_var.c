#include <config.h>

#include "shell/expand/csh_var.h"

#include <string.h>

#include "shell/expand/element.h"
#include "shell/expand/option.h"
#include "shell/expand/var.h"

/* What some are here. */
static const struct {
	char name[10], ours[10];
} same[] = { { "prompt", "PS1" }, { "prompt2", "PS2" }, { "rprompt", "RPS1" }, { "history", "HISTSIZE" }, { "histfile", "HISTFILE" } };

/* Those that are here as they are there, and those whose best is always so. */
static const char kept[][15] = {
	"prompt3", "histdup", "savehist", "correct", "listmax", "nobeep", "printexitvalue", "rmstar", "tperiod", "autologout",
	"watch", "who", "autoexpand", "addsuffix", "complete", "filec", "edit", "color", "dspmbyte", "nokanji", "autorehash",
	"symlinks", "pushdsilent", "noding",
};

bool csh_var_is(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (strlen(same[i].name) == len && memcmp(same[i].name, name, len) == 0)
			return true;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (strlen(kept[i]) == len && memcmp(kept[i], name, len) == 0)
			return true;
	return false;
}

int csh_var_set(struct shell *sh, const char *name, const char *value)
{
	if (element_told(sh, "set", name, var_set(sh, name, value, 0)) < 0)
		return 1;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (strcmp(same[i].name, name) == 0)
			(void)var_set(sh, same[i].ours, value, 0);
	if (strcmp(name, "correct") == 0)
		opt_set(sh, OPT_CORRECT, strcmp(value, "cmd") == 0 || strcmp(value, "all") == 0);
	if (strcmp(name, "autolist") == 0)
		opt_set(sh, OPT_AUTOLIST, true);
	return 0;
}

const char *csh_var_of(const char *ours)
{
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (strcmp(same[i].ours, ours) == 0)
			return same[i].name;
	return NULL;
}

const struct option_info *csh_var_option(const char *name, bool *ret_on)
{
	static const struct {
		char name[12], ours[12];
	} options[] = {
		{ "autocorrect", "autocorrect" }, { "autolist", "autolist" }, { "implicitcd", "autocd" }, { "noclobber", "noclobber" },
		{ "noglob", "noglob" }, { "notify", "notify" }, { "ignoreeof", "ignoreeof" }, { "echo", "xtrace" },
		{ "verbose", "verbose" }, { "vimode", "vi" }, { "globstar", "globstar" }, { "globdot", "dotglob" },
		{ "nonomatch", "failglob" },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strcmp(options[i].name, name) == 0) {
			*ret_on = strcmp(name, "nonomatch") != 0;
			return option_by_name(options[i].ours);
		}
	return NULL;
}
