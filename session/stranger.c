#include <config.h>

#include "session/stranger.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/lost.h"
#include "session/moves.h"

enum { WISH_SHOWN = 24 };

/* A holder that was trusted once stays so: when all is lost there may be no way to look again. */
static bool is_trusted(const struct guard *g, const struct holder *h)
{
	return h->trusted || g->ops->trusts(g->arg, h->address);
}

/* No word of the question is that node's, nor is anything on the terminal while it is there. */
static void ask(struct guard *g, enum guard_question question, const char *text)
{
	struct guard_link *l = guard_carrier(g);

	g->state = GUARD_ASKED;
	g->question = question;
	if (l != NULL)
		guard_send(g, l, FRAME_STALL, NULL, STALL_ASKED);
	g->ops->ask(g->arg, question, text);
}

static const char *or_left(const struct guard *g)
{
	return g->left.state.s != NULL ? ", state you (left) with" : "";
}

bool stranger_has_it(const struct guard *g)
{
	return !is_trusted(g, &g->holder);
}

static bool refuse(struct guard *g, const char *node, const char *what)
{
	char why[400];

	snprintf(why, sizeof(why), "%.255s is not trusted%s; see TRUST in mish(1)", node, what);
	moves_failed(g, why, 1);
	return true;
}

bool stranger_offers(struct guard *g)
{
	uint64_t typed = g->ops->typed(g->arg);
	bool by_itself = (g->want.flags & MSG_AUTOMATIC) != 0;
	char text[400];

	if (!stranger_has_it(g)) /* it sends shells on only to others like it */
		return by_itself && !moves_wants_home(g) && !g->ops->trusts(g->arg, g->want.wish) &&
		       refuse(g, g->want.wish, "");
	if (by_itself || typed == g->typed)
		return refuse(g, g->holder.address, " to move a session by itself");
	g->typed = typed;
	g->want.wish[strcspn(g->want.wish, " ")] = '\0'; /* one, which is shown */
	if (strlen(g->want.wish) > WISH_SHOWN) {
		moves_failed(g, "the name is too long to be asked about; go home first", 1);
		return true;
	}
	if (moves_wants_home(g))
		snprintf(text, sizeof(text), "mish: %.20s comes home? its (state)%s, or no:", g->holder.address,
			 or_left(g));
	else
		snprintf(text, sizeof(text), "mish: %.20s goes on to %.24s, as you? yes or no:", g->holder.address,
			 g->want.wish);
	ask(g, moves_wants_home(g) ? GUARD_ASK_HOME : GUARD_ASK_ONWARD, text);
	return true;
}

bool stranger_lost(struct guard *g, const char *why, bool there)
{
	bool answered = g->state == GUARD_ASKED && g->question == GUARD_ASK_LOST;
	char text[400];

	if (answered || !stranger_has_it(g))
		return false;
	(void)g->ops->line(g->arg, NULL);
	snprintf(text, sizeof(text), "mish: %.20s is lost. Here: its (state)%s, or quit:", g->holder.address, or_left(g));
	g->lost.there = there;
	if (g->lost.why != why) {
		free(g->lost.why);
		g->lost.why = strdup(why);
	}
	ask(g, GUARD_ASK_LOST, text);
	return true;
}

void stranger_follows(struct guard *g)
{
	const struct sealed *s = g->want.sealed.state.s != NULL ? &g->want.sealed : &g->sealed;

	g->next.trusted = is_trusted(g, &g->next);
	if (g->next.trusted) {
		sealed_drop(&g->left);
		return;
	}
	/* what such a node says of the state is not what the user left with */
	if (g->state != GUARD_FIRST && stranger_has_it(g))
		return;
	sealed_drop(&g->left);
	sealed_copy(&g->left, s);
}

/* The session comes home, with that node's state or with the one that the user left with. */
static void come_home(struct guard *g, bool left)
{
	if (left) {
		sealed_drop(&g->want.sealed);
		sealed_copy(&g->want.sealed, &g->left);
		g->want.flags |= MSG_LOST; /* it is an old one */
	}
	g->state = GUARD_ONWARD;
	moves_go_home(g);
}

static void go_on_here(struct guard *g, bool left)
{
	if (left) {
		sealed_drop(&g->sealed);
		sealed_copy(&g->sealed, &g->left);
		record_release(&departure_record, &g->want);
	}
	lost_go_home(g, g->lost.why != NULL ? g->lost.why : "lost", g->lost.there);
}

/* Keys that came since the offer, and are no answer: nobody has read them. */
static void keep_keys(struct guard *g)
{
	struct blob more = { 0 }, *input = &g->want.input;
	uint8_t *both;

	g->ops->typed_since(g->arg, g->typed, &more);
	both = more.len != 0 ? realloc(input->s, input->len + more.len) : NULL;
	if (both != NULL) {
		memcpy(both + input->len, more.s, more.len);
		*input = (struct blob){ both, input->len + more.len };
	}
	free(more.s);
}

void stranger_answered(struct guard *g, enum guard_answer answer)
{
	bool left = answer == GUARD_LEFT && g->left.state.s != NULL;
	struct guard_link *l = guard_carrier(g);

	if (g->state != GUARD_ASKED)
		return;
	(void)g->ops->line(g->arg, NULL);
	if (l != NULL)
		guard_send(g, l, FRAME_STALL, NULL, STALL_OVER);
	g->want.flags |= MSG_STRANGER;
	if (g->question == GUARD_ASK_LOST && answer == GUARD_NO) {
		g->persist = false;
		guard_hangup(g, SIGHUP);
	} else if (g->question == GUARD_ASK_LOST) {
		go_on_here(g, left);
	} else if (answer == GUARD_NO) {
		g->state = GUARD_ONWARD;
		moves_failed(g, "you said no", 1);
	} else if (g->question == GUARD_ASK_HOME) {
		keep_keys(g);
		come_home(g, left);
	} else {
		g->state = GUARD_ONWARD;
		free(g->want.input.s); /* which of it was read, only that node knows: it is not typed again elsewhere */
		g->want.input = (struct blob){ 0 };
		moves_start(g);
	}
}
