#ifndef MISH_INTERACT_MEASURE_H
#define MISH_INTERACT_MEASURE_H

#include "shell/shell.h"
#include "wire/rud.h"

/* What a command at the prompt takes, for its record (shell/jobs/rud.h). */
struct measure {
	bool on;
	struct used own; /* of the shell itself, so far */
	uint64_t placed_us[2];
	size_t stopped; /* jobs */
};

void measure_begin(struct shell *sh, struct measure *m);
/* It has ended, or gone to the background, where it is recorded by itself. */
void measure_end(struct shell *sh, const struct measure *m, const char *text, int64_t elapsed_ms);

#endif
