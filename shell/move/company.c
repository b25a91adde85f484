#include <config.h>

#include "shell/move/company.h"

#include <errno.h>
#include <stdbool.h>

#include "migrate/state.h"
#include "shell/expand/var.h"

enum { COMPANY_HAD = 1 };

static const struct companion {
	const char *variable, *what, *keyword;
} companions[] = { /* their places are bits of the state */
	{ "SSH_AUTH_SOCK", "ssh agent", "ForwardAgent" },
	{ "DISPLAY", "display", "ForwardX11" },
	{ "KRB5CCNAME", "Kerberos tickets", "GSSAPIDelegateCredentials" },
};

enum { COMPANIONS = sizeof(companions) / sizeof(companions[0]) };

static uint64_t had; /* by the state that was loaded last */

/* Where programs can see it: a variable of the shell's own leads nowhere. */
static bool has(const struct shell *sh, const struct companion *c)
{
	const struct var *v = var_find(sh, c->variable);
	const char *value = v != NULL && (v->flags & VAR_EXPORT) != 0 ? var_value(v) : NULL;

	return value != NULL && *value != '\0';
}

void company_tell(const struct shell *sh, bool hint, struct strbuf *warnings)
{
	const char *before = "did not come along: ";

	for (size_t i = 0; i < COMPANIONS; i++) {
		const struct companion *c = &companions[i];

		if ((had & UINT64_C(1) << i) == 0 || has(sh, c))
			continue;
		strbuf_addf(warnings, "%s%s", before, c->what);
		if (hint)
			strbuf_addf(warnings, " (%s)", c->keyword);
		before = ", ";
	}
	if (*before == ',')
		strbuf_addc(warnings, '\n');
}

/* ---- state ---- */

static void company_save(const struct shell *sh, struct state_enc *e)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < COMPANIONS; i++)
		bits |= (uint64_t)has(sh, &companions[i]) << i;
	state_put_uint(e, COMPANY_HAD, bits);
}

static int company_load(struct shell *sh, const struct state_dec *d)
{
	int r;

	(void)sh;
	had = 0;
	r = state_get_uint(d, COMPANY_HAD, UINT32_MAX, &had); /* a later version may know more of them */
	return r == -ENOENT ? 0 : r;
}

const struct state_section company_section = {
	.name = "company", .version = 1, .save = company_save, .load = company_load, .quiet = true,
};
