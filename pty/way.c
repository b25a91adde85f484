#include <config.h>

#include "pty/way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/node.h"
#include "wire/text.h"

/* "node: why"; takes `why`. */
static char *with_node(const struct carrier *c, char *why)
{
	char *clean = why != NULL ? text_line(why) : NULL; /* libssh repeats what servers say */
	char *s = NULL;

	if (asprintf(&s, "%s: %s", c->node, clean != NULL ? clean : "failed") < 0)
		s = NULL;
	free(clean);
	free(why);
	return s;
}

int way_contact(struct carrier *c, char **ret_why)
{
	char *why = NULL;

	snprintf(c->node, sizeof(c->node), "%.255s", node_destination_end(c->o.wish));
	snprintf(c->address, sizeof(c->address), "%.255s", c->o.wish);
	if (reach_greet(c, &why) == 0)
		return 0;
	*ret_why = with_node(c, why);
	return -1;
}

/* A node as the wish has it; a connection that is there for it is used, and if that turns out to be broken, made anew. */
static int try_directly(struct carrier *c, const char *n, char **why)
{
	bool early = c->connection == CONNECTION_GREETED && strcmp(c->address, n) == 0;
	int r;

	if (c->connection == CONNECTION_GREETED && !early)
		reach_forget(c);
	snprintf(c->node, sizeof(c->node), "%s", node_destination_end(n));
	snprintf(c->address, sizeof(c->address), "%s", n);
	r = reach_try(c, why);
	if (r < 0 && (early || c->joined) && c->connection == CONNECTION_BROKEN) {
		free(*why);
		*why = NULL;
		reach_forget(c);
		r = reach_try(c, why);
	}
	return r;
}

/*
 * What cannot be reached from here can be, perhaps, from where the shell is: by SSH through that node, which sees only what is
 * encrypted. The keys stay here. *why, of the direct way, stays, and says more where that way ends at something else than the network.
 */
static int try_through(struct carrier *c, const char *n, char **why)
{
	char *also = NULL, *text, via[NODE_DESTINATION_MAX];
	struct node_destination by;
	int r;

	if (!c->d.unreachable || !node_destination(c->o.via, &by) || strchr(n, ',') != NULL)
		return -1;
	reach_forget(c);
	by.carried = false;
	node_destination_text(&by, via);
	if ((size_t)snprintf(c->address, sizeof(c->address), "%s,%s", via, n) >= sizeof(c->address) ||
	    !node_destination_valid(c->address)) /* not every user can be a hop's */
		return -1;
	c->unasked = true;
	r = reach_try(c, &also);
	c->unnamed = r == 0;
	c->unasked = false;
	if (r == 0 && asprintf(&text, "%sreached through %s: if that ends, so does this connection\n", c->warnings != NULL ? c->warnings : "", via) >= 0) {
		free(c->warnings);
		c->warnings = text;
	} else if (r < 0 && !c->d.unreachable && asprintf(&text, "%s; through %s: %s", *why != NULL ? *why : "failed", via, also != NULL ? also : "out of memory") >= 0) {
		free(*why);
		*why = text;
	}
	free(also);
	return r;
}

/* Once, as one leaves home. */
static void tell_forwards(struct carrier *c)
{
	char *text;

	if (!c->d.forwards || strcmp(c->o.here, c->o.origin) != 0 ||
	    asprintf(&text, "%sports that ssh forwards there (LocalForward and the like) stay with an ssh of your own\n", c->warnings != NULL ? c->warnings : "") < 0)
		return;
	free(c->warnings);
	c->warnings = text;
}

int way_node(struct carrier *c, char **ret_why)
{
	char *list = strdup(c->o.wish), *save = NULL, *why = NULL, *all = NULL;
	int r = -1;

	for (char *n = list != NULL ? strtok_r(list, " ", &save) : NULL; n != NULL && r < 0;
	     n = strtok_r(NULL, " ", &save)) {
		char *s = NULL;

		r = try_directly(c, n, &why) == 0 || try_through(c, n, &why) == 0 ? 0 : -1;
		if (r == 0)
			break;
		why = with_node(c, why);
		if (asprintf(&s, "%s%s%s", all != NULL ? all : "", all != NULL ? "; " : "",
			     why != NULL ? why : "out of memory") < 0)
			s = NULL;
		free(all);
		all = s;
		free(why);
		why = NULL;
		reach_forget(c);
	}
	free(list);
	if (r == 0) {
		free(why);
		tell_forwards(c);
	}
	*ret_why = all;
	return r;
}
