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
#include "shell/move/eligible.h"
#include "shell/move/foresee.h"
#include "shell/move/mover.h"
#include "shell/move/records.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"
#include "wire/text.h"

enum { COST_LEAST_MS = 5, COST_MOST_MS = 5000,
       WAIT_LEAST_MS = 5, WAIT_MOST_MS = 50 /* for mishd, which may be on a node where much runs: a tenth of what the command takes */ };

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

/* Returns only if the shell is still here. */
static void move(struct shell *sh, const struct ast_list *list, const char *text, const char *node)
{
	const struct ast_list *rest = sh->frame.rest_list;

	free(sh->line.entered);
	sh->line.entered = xstrdup(text);
	sh->line.left_ms = now_wall_ms();
	sh->frame.rest_list = list;
	(void)mover_move(sh, ERRAND_MOVE, node, MSG_AUTOMATIC);
	sh->frame.rest_list = rest;
	free(sh->line.entered);
	sh->line.entered = NULL;
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

static void go(struct shell *sh, struct ast_list *list, const char *text, const char *node, const struct nodes_times *t)
{
	char *why = is_in_background(list) ? xstrdup("it is to run in the background") : eligible_automatic(sh);
	struct ast_command *c = why != NULL ? placeable(sh, list) : NULL;

	if (why == NULL) {
		tell(sh, text, node, t);
		move(sh, list, text, node);
	} else if (c != NULL) {
		tell(sh, text, node, t);
		autoplace_command(sh, c, node);
	}
	free(why);
}

void premove_list(struct shell *sh, struct ast_list *list, const char *text)
{
	struct nodes_times t;
	struct nodes_need need;
	struct forecast f;
	char *node, *why;
	int wait;

	if (session_get(sh)->daemon < 0)
		return;
	records_ask(WAIT_MOST_MS);
	forecast_command(sh, text, &f);
	if (f.believed < FORECAST_SHORT_S)
		return;
	why = anywhere_obstacle(sh, list);
	if (why != NULL) {
		free(why);
		return;
	}
	need = foresee_need(sh, &f);
	wait = f.believed * 100 < WAIT_MOST_MS ? (int)(f.believed * 100) : WAIT_MOST_MS;
	node = nodes_better(sh, &need, wait > WAIT_LEAST_MS ? wait : WAIT_LEAST_MS, &t);
	if (*node != '\0')
		go(sh, list, text, node, &t);
	free(node);
}

char *premove_arrived(struct shell *sh)
{
	char *text = sh->line.entered;
	int64_t took = now_wall_ms() - sh->line.left_ms;

	sh->line.entered = NULL;
	if (text == NULL)
		return NULL;
	took = took < COST_LEAST_MS ? COST_LEAST_MS : took > COST_MOST_MS ? COST_MOST_MS : took;
	sh->line.move_ms = sh->line.move_ms != 0 ? (3 * sh->line.move_ms + (uint64_t)took) / 4 : (uint64_t)took;
	return text;
}
