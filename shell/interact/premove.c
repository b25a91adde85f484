#include <config.h>

#include "shell/interact/premove.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/expand/option.h"
#include "shell/interact/anywhere.h"
#include "shell/interact/autoplace.h"
#include "shell/jobs/forecast.h"
#include "shell/jobs/rud.h"
#include "shell/move/allocation.h"
#include "shell/move/eligible.h"
#include "shell/move/foresee.h"
#include "shell/move/mover.h"
#include "shell/move/records.h"
#include "shell/move/restore.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"
#include "wire/text.h"

enum { RECORDS_MS = 50, COST_LEAST_MS = 5, COST_MOST_MS = LINE_MOVE_MOST_MS, AGAIN_MS = 60000 /* after a move that failed */,
       WAIT_LEAST_MS = 5, WAIT_MOST_MS = 200 /* for mishd, which may be on a node where much runs: a fifth of what the command takes */ };

/* `make: on gamma, 12 s instead of 41 s' */
static void tell(const struct shell *sh, const char *text, const char *node, const struct nodes_times *t)
{
	char key[RUD_KEY];

	if (!opt(sh, OPT_PLACENOTICE))
		return;
	rud_key(text, key);
	text_clean(key);
	fprintf(stderr, "mish: %s: on %s", key, node);
	if (t->there >= 0)
		fprintf(stderr, t->there < 10 ? ", %.1f s" : ", %.0f s", t->there);
	if (t->here >= 0)
		fprintf(stderr, t->here < 10 ? " instead of %.1f s" : " instead of %.0f s", t->here);
	fputc('\n', stderr);
}

/* A node that could not be reached is not waited for each time. */
static int64_t not_before_ms;

/* Returns only if the shell is still here. */
static void move(struct shell *sh, const struct ast_list *list, const char *text, const char *node)
{
	const struct ast_list *rest = sh->frame.rest_list;

	restore_drop_rest(sh);
	sh->line.entered = xstrdup(text);
	sh->line.entered_for = xstrdup(node);
	sh->line.left_ms = now_wall_ms();
	sh->frame.rest_list = list;
	(void)mover_move(sh, ERRAND_MOVE, node, MSG_AUTOMATIC);
	sh->frame.rest_list = rest;
	restore_drop_rest(sh);
	not_before_ms = now_mono_ms() + AGAIN_MS;
}

static bool is_in_background(const struct ast_list *list)
{
	return list->next == NULL && list->andor[0].async;
}

/* One program, alone. */
static struct ast_command *placeable(const struct shell *sh, struct ast_list *list)
{
	struct ast_pipeline *p = list->andor;

	return list->next == NULL && p->next == NULL && !p->timed && autoplace_may(sh, list, p->commands) ? p->commands : NULL;
}

/* What is to go alone, in place of the shell; NULL: the shell, or with *ret_stays nothing. */
static struct ast_command *choose(struct shell *sh, struct ast_list *list, bool *ret_stays)
{
	char *why = is_in_background(list) ? xstrdup("it is to run in the background") : eligible_automatic(sh);
	struct ast_command *c = why != NULL ? placeable(sh, list) : NULL;

	*ret_stays = why != NULL && c == NULL;
	free(why);
	return c;
}

/* Neither by the user's wish, nor out of an allocation, nor in the midst of an entry of several lines. */
static bool may_go(struct shell *sh)
{
	return session_get(sh)->daemon >= 0 && opt(sh, OPT_AUTOMIGRATE) && allocation_at(0) == NULL && sh->line.unread == NULL && now_mono_ms() >= not_before_ms;
}

static void go(struct shell *sh, struct ast_list *list, const char *text, const struct forecast *f)
{
	struct nodes_need need = foresee_need(sh, f);
	struct nodes_times t;
	int wait = f->believed * 200 < WAIT_MOST_MS ? (int)(f->believed * 200) : WAIT_MOST_MS;
	bool stays;
	struct ast_command *c = choose(sh, list, &stays);
	char *node;

	if (stays)
		return;
	node = nodes_better(sh, &need, wait > WAIT_LEAST_MS ? wait : WAIT_LEAST_MS, &t);
	if (*node != '\0')
		tell(sh, text, node, &t);
	if (*node != '\0' && c != NULL) {
		autoplace_command(sh, c, node);
		c->told = true;
	}
	if (*node != '\0' && c == NULL)
		move(sh, list, text, node);
	free(node);
}

void premove_list(struct shell *sh, struct ast_list *list, const char *text)
{
	struct forecast f;
	char *why;

	if (!may_go(sh))
		return;
	records_ask(RECORDS_MS);
	forecast_command(sh, text, &f);
	if (f.believed < FORECAST_SHORT_S)
		return;
	why = anywhere_obstacle(sh, list);
	if (why == NULL)
		go(sh, list, text, &f);
	free(why);
}

/* What moves take: where the clocks of two nodes do not agree, that is not known. */
static void take_cost(struct shell *sh)
{
	int64_t took = now_wall_ms() - sh->line.left_ms;

	if (took >= COST_LEAST_MS && took <= COST_MOST_MS)
		sh->line.move_ms = sh->line.move_ms != 0 ? (3 * sh->line.move_ms + (uint64_t)took) / 4 : (uint64_t)took;
}

char *premove_arrived(struct shell *sh)
{
	char *text = sh->line.entered, *node = sh->line.entered_for;

	sh->line.entered = sh->line.entered_for = NULL;
	if (text != NULL && node != NULL && strcmp(node, session_get(sh)->node) == 0)
		take_cost(sh);
	else if (text != NULL)
		not_before_ms = now_mono_ms() + AGAIN_MS;
	free(node);
	return text;
}
