#ifndef MISH_CONTROLLER_METER_H
#define MISH_CONTROLLER_METER_H

#include "controller/accounts.h"
#include "controller/balance.h"
#include "controller/command.h"
#include "controller/conf.h"
#include "controller/figures.h"
#include "controller/limits.h"
#include "controller/sample.h"

/*
 * This node's load, as its balance is told it: what the sampler measures, a site's own
 * figures in its place (load_command), and whether an owner is here.
 */
struct meter {
	struct balance *balance;
	struct accounts *accounts;
	const struct conf *conf;
	enum accounts_answer owner_told[SAMPLE_OWNERS_MAX]; /* of each: what the log has */
	struct sampler sampler;
	int64_t sample_ms; /* when the next is due */
	double measured_speed; /* 0: not measured yet */
	struct command command;
	int64_t command_ms; /* when load_command is due */
	struct figures site; /* what it printed */
	bool site_told, threads_told; /* that a limit was reached, in the log */
};

/* Borrows all of them. Returns 0 or -ENOMEM. */
int meter_init(struct meter *m, struct balance *b, struct accounts *a, const struct conf *conf);
void meter_release(struct meter *m);
/* What the configuration says now. */
void meter_configure(struct meter *m);

/* Does what is due, and returns in how many ms something will be. */
int64_t meter_tick(struct meter *m, uv_loop_t *loop, int64_t now_ms);
/* A load that is not older than a second, when somebody wants to see it. */
void meter_refresh(struct meter *m);

#endif
