#ifndef MISH_CONTROLLER_FIGURES_H
#define MISH_CONTROLLER_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "controller/limits.h"
#include "controller/load.h"

/* A site's own figures, as load_command prints them: `name value` lines, see mishd.conf(5). */
struct figure {
	char name[32];
	double value; /* 0 or more, below 1e15 */
};

struct figures {
	struct figure v[FIGURES_MAX];
	size_t n;
};

/*
 * Reads them in place of what was there: of a name the first. A line that is no such thing spoils
 * nothing. False: there are more than fit, and the rest is left out.
 */
bool figures_parse(struct figures *f, const char *text);
/* A site may know better than the sampler: puts what a load has into it. */
void figures_apply(const struct figures *f, struct load *l);

#endif
