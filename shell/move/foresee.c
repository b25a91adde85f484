#include <config.h>

#include "shell/move/foresee.h"

#include <stdio.h>

enum { COST_MS = 100 /* of a move, until there was one */ };

struct nodes_need foresee_need(const struct shell *sh, const struct forecast *f)
{
	double parallel = f->elapsed > 0 ? f->mean_cpu / f->elapsed : 1;

	return (struct nodes_need){ .parallel = parallel < 1024 ? (uint64_t)(parallel * 1000) : 1024000, .cpu_us = (uint64_t)(f->believed * 1e6), .memory_kib = f->memory_kib, .io_kib = f->io_kib,
				    .cost_ms = sh->line.move_ms != 0 ? sh->line.move_ms : COST_MS };
}

bool foresee_explain(struct shell *sh, const char *text, int *ret_status)
{
	struct nodes_need need;
	struct forecast f;

	forecast_command(sh, text, &f);
	if (f.n == 0)
		return false;
	need = foresee_need(sh, &f);
	printf("%s: as %zu of its kind: %.2f s CPU (four of five: %.2f to %.2f; counted on: %.2f), %.0f MiB, %.2f s in all; to go elsewhere: %.2f s\n", text, f.n,
	       f.cpu, f.low, f.high, f.believed, (double)f.memory_kib / 1024, f.elapsed, (double)need.cost_ms / 1000);
	*ret_status = nodes_explain(sh, &need);
	return true;
}
