#ifndef MISH_JOBS_PREDICT_H
#define MISH_JOBS_PREDICT_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a command will take, from what those of its kind took (wire/rud.h): pure functions of a history, the oldest first, and what is known before it runs. The predictors of
 * the literature, and a best combination; tests/bench/predict compares them (doc/prediction.md). Sources: average and persistence (Bubendorfer 1996, 2); state
 * transitions (Goswami, Devarakonda and Iyer 1993); weighted attributes (Bond's STARS); all as in papers/ of the design.
 */
enum predict_resource { PREDICT_CPU /* s, on a CPU of speed 1 */, PREDICT_MEMORY /* KiB */, PREDICT_IO /* KiB */, PREDICT_RESOURCES };

/* What tells one command from another of its kind. */
struct predict_context {
	uint32_t args, dir; /* hashes of the whole command, and of the directory */
	uint32_t hour;	    /* of the day */
};

struct predict_case {
	struct predict_context context;
	double used[PREDICT_RESOURCES];
};

/* `low` to `high`: where four of five would be, if the past is any guide; `believed`: what may be counted on, half-way between the mean and what that would be if it were
 * as wrong as the last ones were, on the whole. */
struct predict_value {
	double mean, low, high, believed;
};

struct predicted {
	struct predict_value of[PREDICT_RESOURCES];
	size_t n; /* commands that it is from; 0: nothing is known */
};

struct predictor {
	const char *name;
};

enum { PREDICT_HISTORY = 64 /* of a kind, the newest: what is older says little, and a decision may take a millisecond */ };

/* NULL past the end. */
const struct predictor *predictor_at(size_t i);
const struct predictor *predictor_find(const char *name);
/* The one that tests/bench/predict found best. */
const struct predictor *predictor_default(void);

/* By that predictor, with the spread of how it was wrong before. */
void predict(const struct predictor *by, const struct predict_case *history, size_t n, const struct predict_context *now, struct predicted *ret);

#endif
