#include <config.h>

#include "shell/expand/option.h"

#include <string.h>

#include "migrate/state.h"

#define OPTION(bit, name, letter, fixed) { name, letter, bit, fixed, false },
#define SHOPT(bit, name) { name, '\0', bit, true, true },
static const struct option_info options[] = {
#include "shell/expand/option.def"
};
#undef OPTION

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };
_Static_assert(N_OPTIONS < (int)OPTION_LETTERS_ROOM, "room for a letter each");

const struct option_info *option_at(size_t i)
{
	return i < N_OPTIONS ? &options[i] : NULL;
}

const struct option_info *option_by_name(const char *name)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

const struct option_info *option_by_letter(char letter)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].letter == letter && letter != '\0')
			return &options[i];
	return NULL;
}

const char *option_letters(const struct shell *sh, char buf[OPTION_LETTERS_ROOM])
{
	size_t n = 0;

	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].letter != '\0' && opt(sh, options[i].bit))
			buf[n++] = options[i].letter;
	buf[n] = '\0';
	return buf;
}

/* ---- state: options travel by name, so that bits may be renumbered ---- */

enum { OPTION_ON = 1 };

static void option_save(const struct shell *sh, struct state_enc *e)
{
	uint32_t n = 0;

	for (size_t i = 0; i < N_OPTIONS; i++)
		n += opt(sh, options[i].bit);
	state_put_array(e, OPTION_ON, n);
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (opt(sh, options[i].bit))
			state_add_str(e, options[i].name);
}

static int option_load(struct shell *sh, const struct state_dec *d)
{
	uint64_t bits = 0;
	uint32_t n;
	const struct state_value *v;
	int r = state_get_array(d, OPTION_ON, &v, &n);

	for (uint32_t i = 0; r == 0 && i < n; i++) {
		const struct option_info *o;
		const char *name;

		r = state_elem_str(d, v, i, &name, NULL);
		if (r == 0 && (o = option_by_name(name)) != NULL)
			bits |= UINT64_C(1) << o->bit;
		else if (r == 0)
			state_warn(d, "option %s is not known here", name);
	}
	if (r == 0)
		sh->options = bits;
	return r;
}

const struct state_section option_section = {
	.name = "options", .version = 1, .save = option_save, .load = option_load,
};
