#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "controller/conf.h"
#include "controller/figures.h"
#include "controller/view.h"
#include "tests/fuzz/fuzz.h"

/* What nodes_command and load_command print, up to what mishd does with it: a view of nodes, and a load. */
static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_view(const struct view *v, const struct conf_node *nodes, size_t n)
{
	must(v->n >= 1 && v->n <= n + 1 && v->self < v->n && strcmp(view_self(v)->name, "n0") == 0);
	for (size_t i = 1; i < v->n; i++)
		must(strcmp(v->nodes[i - 1].name, v->nodes[i].name) < 0);
	for (size_t i = 0; i < n; i++)
		must(view_find(v, nodes[i].name) != NULL && strlen(nodes[i].name) <= VIEW_NAME_MAX);
}

static void nodes(const char *text)
{
	struct view_entry *e;
	struct conf_node *found;
	char *why = NULL;
	struct view v;
	size_t n;

	if (conf_parse_nodes(text, &found, &n, &why) < 0) {
		free(why);
		return;
	}
	must(n <= VIEW_NODES_MAX && view_init(&v, "n0") == 0);
	e = calloc(n + 1, sizeof(*e));
	must(e != NULL);
	for (size_t i = 0; i < n; i++)
		e[i] = (struct view_entry){ found[i].name, found[i].address, found[i].cluster, found[i].keys,
					    found[i].bounds, found[i].drain };
	must(view_configure(&v, e, n / 2) == 0); /* a shorter list before it */
	check_view(&v, found, n / 2);
	must(view_configure(&v, e, n) == 0);
	check_view(&v, found, n);
	view_release(&v);
	free(e);
	conf_node_free_all(found, n);
}

static void figures(const char *text)
{
	struct load l = { .queue = 1, .cpus = 2, .speed = 1 }, told;
	struct msg_view v;
	struct figures f;
	struct msg m;

	(void)figures_parse(&f, text);
	must(f.n <= FIGURES_MAX);
	for (size_t i = 0; i < f.n; i++) {
		must(f.v[i].name[0] != '\0' && f.v[i].value >= 0 && f.v[i].value < 1e15);
		for (size_t k = 0; k < i; k++)
			must(strcmp(f.v[i].name, f.v[k].name) != 0);
	}
	figures_apply(&f, &l);
	must(isfinite(load_index(&l)) && load_index(&l) >= 0);
	must(isfinite(load_availability(&l)) && load_availability(&l) >= 0);
	msg_init(&m); /* others believe it */
	load_put(&l, &m);
	must(msg_done(&m) == 0 && msg_parse(&v, m.buf, m.len) == 0 && load_get(&v, &told) == 0);
	msg_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	must(text != NULL);
	nodes(text);
	figures(text);
	free(text);
	return 0;
}
