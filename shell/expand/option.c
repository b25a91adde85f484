#include <config.h>

#include "shell/expand/option.h"

#include <string.h>

#include "migrate/state.h"
#include "shell/expand/var.h"

#define OPTION(bit, name, letter, fixed) { name, letter, bit, fixed, false, false },
#define SHOPT(bit, name) { name, '\0', bit, true, true, false },
#define SHOPT_ON(bit, name) { name, '\0', bit, true, true, true },
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

bool option_is_on(const struct shell *sh, const struct option_info *o)
{
	return opt(sh, o->bit) != o->inverted;
}

void option_turn(struct shell *sh, const struct option_info *o, bool on)
{
	opt_set(sh, o->bit, on != o->inverted);
}

static void import(struct shell *sh, const char *variable, bool of_shopt)
{
	const struct var *v = var_find(sh, variable);
	const char *s = v != NULL && (v->flags & VAR_EXPORT) != 0 ? var_value(v) : NULL;

	for (; s != NULL && *s != '\0'; s += strcspn(s, ":"), s += *s == ':')
		for (size_t i = 0; i < N_OPTIONS; i++)
			if (options[i].shopt == of_shopt && (of_shopt || !options[i].fixed) && options[i].bit != OPT_MONITOR &&
			    strncmp(options[i].name, s, strcspn(s, ":")) == 0 && options[i].name[strcspn(s, ":")] == '\0')
				option_turn(sh, &options[i], true);
}

void option_import(struct shell *sh)
{
	import(sh, "SHELLOPTS", false);
	import(sh, "BASHOPTS", true);
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

enum { OPTION_ON = 1, OPTION_OFF = 2 /* those that begin as on; an older node looks at the first only */ };

static void save_bits(const struct shell *sh, struct state_enc *e, int key, bool inverted)
{
	uint32_t n = 0;

	for (size_t i = 0; i < N_OPTIONS; i++)
		n += options[i].inverted == inverted && opt(sh, options[i].bit);
	state_put_array(e, key, n);
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].inverted == inverted && opt(sh, options[i].bit))
			state_add_str(e, options[i].name);
}

static void option_save(const struct shell *sh, struct state_enc *e)
{
	save_bits(sh, e, OPTION_ON, false);
	save_bits(sh, e, OPTION_OFF, true);
}

/* Adds the bits of the names under a key. */
static int load_bits(const struct state_dec *d, int key, bool inverted, uint64_t *bits)
{
	const struct state_value *v;
	uint32_t n;
	int r = state_get_array(d, key, &v, &n);

	for (uint32_t i = 0; r == 0 && i < n; i++) {
		const struct option_info *o;
		const char *name;

		r = state_elem_str(d, v, i, &name, NULL);
		if (r == 0 && (o = option_by_name(name)) != NULL && o->inverted == inverted)
			*bits |= UINT64_C(1) << o->bit;
		else if (r == 0)
			state_warn(d, "option %s is not known here", name);
	}
	return r;
}

static int option_load(struct shell *sh, const struct state_dec *d)
{
	uint64_t bits = 0;
	int r = load_bits(d, OPTION_ON, false, &bits);

	(void)load_bits(d, OPTION_OFF, true, &bits); /* an older node has none */
	if (r == 0)
		sh->options = bits;
	return r;
}

const struct state_section option_section = {
	.name = "options", .version = 1, .save = option_save, .load = option_load,
};
