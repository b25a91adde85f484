#include <config.h>

#include "controller/figures.h"

#include <stdlib.h>
#include <string.h>

static bool is_told(const struct figures *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0)
			return true;
	return false;
}

/* `name value`; what comes behind them, a unit say, is not looked at. */
static bool parse_line(const char *s, struct figure *ret)
{
	size_t len = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	size_t blanks = strspn(s + len, " \t");
	const char *value = s + len + blanks;
	char *end;

	/* strtod() would go on to the next line */
	if (len == 0 || len >= sizeof(ret->name) || blanks == 0 || *value == '\n' || *value == '\r')
		return false;
	ret->value = strtod(value, &end);
	if (end == value || !(ret->value >= 0 && ret->value < 1e15)) /* NaN, too */
		return false;
	memcpy(ret->name, s, len);
	ret->name[len] = '\0';
	return true;
}

bool figures_parse(struct figures *f, const char *text)
{
	struct figure x;

	f->n = 0;
	for (const char *s = text, *nl; s != NULL; s = nl != NULL ? nl + 1 : NULL) {
		nl = strchr(s, '\n');
		if (!parse_line(s, &x) || is_told(f, x.name))
			continue;
		if (f->n == FIGURES_MAX)
			return false;
		f->v[f->n++] = x;
	}
	return true;
}

void figures_apply(const struct figures *f, struct load *l)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct figure *x = &f->v[i];

		if (strcmp(x->name, "queue") == 0)
			l->queue = (float)x->value;
		else if (strcmp(x->name, "cpus") == 0)
			l->cpus = (float)x->value;
		else if (strcmp(x->name, "speed") == 0)
			l->speed = (float)x->value;
		else if (strcmp(x->name, "utilisation") == 0)
			l->utilisation = (float)x->value;
		else if (strcmp(x->name, "memory_free") == 0)
			l->memory_free = (uint64_t)x->value;
	}
}
