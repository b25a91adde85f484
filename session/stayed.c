#include <config.h>

#include "session/stayed.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/node.h"

bool stayed_at(const struct blob *list, size_t i, struct stay *ret)
{
	if (i >= list->len / sizeof(*ret) || i >= STAYS_MOST)
		return false;
	memcpy(ret, list->s + i * sizeof(*ret), sizeof(*ret));
	ret->node[sizeof(ret->node) - 1] = ret->address[sizeof(ret->address) - 1] = '\0';
	return true;
}

static bool add(struct guard *g, const struct stay *what)
{
	uint8_t *s = g->stays.len < STAYS_MOST * sizeof(*what) ? realloc(g->stays.s, g->stays.len + sizeof(*what)) : NULL;

	if (s == NULL)
		return false;
	memcpy(s + g->stays.len, what, sizeof(*what));
	g->stays.s = s;
	g->stays.len += sizeof(*what);
	return true;
}

/* A job of the list for each process group, from the i-th process on, of so many; `model` has what they share. */
static bool next_group(const struct blob *procs, size_t *i, size_t most, struct stay *model)
{
	int32_t last = model->group;
	struct left_proc l;

	while ((*i + 1) * sizeof(l) <= procs->len && *i < most) {
		memcpy(&l, procs->s + (*i)++ * sizeof(l), sizeof(l));
		if (l.pid == 0 || l.pid == INT_MIN || l.group <= 0 || l.group == last)
			continue;
		model->was = abs(l.pid);
		model->group = l.group;
		model->stopped = l.stopped;
		model->keep = l.pid < 0;
		return true;
	}
	return false;
}

static bool has_pid(const struct guard *g, int32_t pid)
{
	struct stay s;

	for (size_t i = 0; stayed_at(&g->stays, i, &s); i++)
		if (s.pid == pid)
			return true;
	return false;
}

void stayed_begin(struct guard *g, struct departure *d)
{
	struct stay own = { 0 };
	size_t i = 0;

	g->stays = d->stays;
	d->stays = (struct blob){ 0 };
	if (d->jobs.len == 0 || !g->ops->draw(g->arg, g->here_socket, sizeof(g->here_socket)) || !g->ops->draw(g->arg, g->here_secret, sizeof(g->here_secret)))
		return;
	memcpy(own.node, g->origin, sizeof(own.node));
	memcpy(own.address, g->origin, sizeof(own.address));
	memcpy(own.socket, g->here_socket, sizeof(own.socket));
	memcpy(own.secret, g->here_secret, sizeof(own.secret));
	while (next_group(&d->jobs, &i, SIZE_MAX, &own))
		if (!has_pid(g, own.pid = own.was)) /* else it stands for one */
			(void)add(g, &own);
	explicit_bzero(&own, sizeof(own));
}

size_t stayed_list(struct guard *g)
{
	size_t had = g->stays.len, i = 0;
	struct stay s = { 0 };

	memcpy(s.node, g->holder.node, sizeof(s.node));
	memcpy(s.address, g->holder.address, sizeof(s.address));
	memcpy(s.socket, g->want.socket, sizeof(s.socket));
	memcpy(s.secret, g->want.secret, sizeof(s.secret));
	while (next_group(&g->want.jobs, &i, KEPT_MOST, &s))
		(void)add(g, &s);
	explicit_bzero(&s, sizeof(s));
	return had;
}

void stayed_start(struct guard *g)
{
	struct stay s;

	for (size_t i = 0; stayed_at(&g->stays, i, &s); i++) {
		if (s.pid != 0)
			continue;
		s.pid = g->ops->kept(g->arg, &s);
		if (s.pid <= 0)
			s.pid = -1;
		memcpy(g->stays.s + i * sizeof(s), &s, sizeof(s));
	}
	explicit_bzero(&s, sizeof(s));
}

void stayed_attached(struct blob *list)
{
	struct stay s;
	size_t n = 0;

	for (size_t i = 0; stayed_at(list, i, &s); i++) {
		if (s.was <= 0 || s.group <= 0 || !node_name_valid(s.node) || !node_destination_valid(s.address))
			continue;
		s.turn++;
		s.pid = s.stopped = 0; /* who keeps it says how it is */
		memcpy(list->s + n++ * sizeof(s), &s, sizeof(s));
	}
	list->len = n * sizeof(s);
}

/* Its place in the list; SIZE_MAX: none. */
static size_t find(const struct guard *g, const char *node, int32_t group, struct stay *ret)
{
	for (size_t i = 0; stayed_at(&g->stays, i, ret); i++)
		if (ret->group == group && strcmp(ret->node, node) == 0)
			return i;
	return SIZE_MAX;
}

bool stayed_forget(struct guard *g, const char *node, int32_t group)
{
	struct stay s;
	size_t i = find(g, node, group, &s);

	if (i == SIZE_MAX)
		return false;
	g->stays.len -= sizeof(s);
	memmove(g->stays.s + i * sizeof(s), g->stays.s + (i + 1) * sizeof(s), g->stays.len - i * sizeof(s));
	return true;
}

bool stayed_keep(struct guard *g, const char *node, int32_t group)
{
	struct stay s;
	size_t i = find(g, node, group, &s);

	if (i == SIZE_MAX || s.keep != 0)
		return false;
	s.keep = 1;
	memcpy(g->stays.s + i * sizeof(s), &s, sizeof(s));
	return true;
}

/* What is kept here becomes the shell's own again. */
void stayed_take(struct guard *g, struct blob *ret)
{
	struct stay s;
	size_t n = 0;

	for (size_t i = 0; stayed_at(&g->stays, i, &s); i++)
		if (memcmp(s.secret, g->here_secret, sizeof(s.secret)) != 0)
			memcpy(g->stays.s + n++ * sizeof(s), &s, sizeof(s));
	*ret = (struct blob){ g->stays.s, n * sizeof(s) };
	g->stays = (struct blob){ 0 };
}
