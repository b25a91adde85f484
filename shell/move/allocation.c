#include <config.h>

#include "shell/move/allocation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "migrate/state.h"
#include "shell/parser/strbuf.h"

enum { JOB_MAX = 64, ALLOCATIONS_MAX = 64 };

/* One shell to a process. */
static struct allocation *all; /* travels */
static size_t n_all;

struct allocation *allocation_at(size_t i)
{
	return i < n_all ? &all[i] : NULL;
}

static struct allocation *find(const char *job)
{
	size_t i = 0;

	while (i < n_all && strcmp(all[i].job, job) != 0)
		i++;
	return allocation_at(i);
}

void allocation_set(const char *job, const char *nodes, int64_t end_s, bool ours)
{
	struct allocation *a = find(job);

	if (a == NULL) {
		all = xreallocarray(all, n_all + 1, sizeof(*all));
		a = &all[n_all++];
		*a = (struct allocation){ .job = xstrdup(job) };
	}
	free(a->nodes);
	a->nodes = xstrdup(nodes);
	a->end_s = end_s;
	a->ours |= ours; /* on within a job that the session made */
	a->told = 0;
}

void allocation_drop(const char *job)
{
	struct allocation *a = find(job);

	if (a == NULL)
		return;
	free(a->job);
	free(a->nodes);
	memmove(a, a + 1, (size_t)(all + --n_all - a) * sizeof(*a));
}

bool allocation_has(const struct allocation *a, const char *node)
{
	for (const char *s = a->nodes; *(s += strspn(s, " ")) != '\0'; s += strcspn(s, " ")) {
		size_t name = strcspn(s, ". ");

		if (strncasecmp(s, node, name) == 0 && node[name] == '\0')
			return true;
	}
	return false;
}

/* ---- state ---- */

enum { ALLOCATION_ROWS = 1, ALLOCATION_COLUMNS = 5 };

static void allocation_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	if (n_all == 0)
		return;
	state_put_array(e, ALLOCATION_ROWS, (uint32_t)(n_all * ALLOCATION_COLUMNS));
	for (size_t i = 0; i < n_all; i++) {
		state_add_str(e, all[i].job);
		state_add_str(e, all[i].nodes);
		state_add_uint(e, all[i].ours);
		state_add_uint(e, all[i].told);
		state_add_uint(e, (uint64_t)all[i].end_s);
	}
}

static int load_row(const struct state_dec *d, const struct state_value *v, uint32_t i)
{
	const char *job, *nodes;
	uint64_t ours, told, end_s;
	int r;

	if ((r = state_elem_str(d, v, i, &job, NULL)) < 0 || (r = state_elem_str(d, v, i + 1, &nodes, NULL)) < 0 ||
	    (r = state_elem_uint(d, v, i + 2, 1, &ours)) < 0 || (r = state_elem_uint(d, v, i + 3, UINT16_MAX, &told)) < 0 ||
	    (r = state_elem_uint(d, v, i + 4, UINT64_C(1) << 40, &end_s)) < 0)
		return r;
	if (*job == '\0' || strlen(job) > JOB_MAX || job[strspn(job, "0123456789_+")] != '\0')
		return -EBADMSG;
	allocation_set(job, nodes, (int64_t)end_s, ours != 0);
	find(job)->told = (unsigned)told;
	return 0;
}

static int allocation_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *v;
	uint32_t n;
	int r = state_get_array(d, ALLOCATION_ROWS, &v, &n);

	(void)sh;
	while (n_all != 0)
		allocation_drop(all[0].job);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (n % ALLOCATION_COLUMNS != 0 || n > ALLOCATIONS_MAX * ALLOCATION_COLUMNS)
		return -EBADMSG;
	for (uint32_t i = 0; i < n && r == 0; i += ALLOCATION_COLUMNS)
		r = load_row(d, v, i);
	return r;
}

const struct state_section allocation_section = {
	.name = "allocations", .version = 1, .save = allocation_save, .load = allocation_load,
};
