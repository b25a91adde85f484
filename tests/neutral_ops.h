#ifndef MISH_TESTS_NEUTRAL_OPS_H
#define MISH_TESTS_NEUTRAL_OPS_H

#include <stdlib.h>
#include <string.h>

#include "session/carry.h"
#include "session/guard.h"
#include "session/hold.h"

/*
 * What the cores of session/ ask for, as somebody does it who has neither processes nor a
 * terminal: it works, and nothing comes of it. A test puts its own in place of those that
 * record or decide something. Several ops may share one of these.
 */

/* A table of ops that lacks one: the core would call NULL, and only once it came to that. */
static inline void neutral_complete(const void *ops, size_t size)
{
	for (size_t i = 0; i < size; i += sizeof(void (*)(void))) {
		void (*op)(void);

		memcpy(&op, (const char *)ops + i, sizeof(op));
		if (op == NULL)
			abort(); /* put the new op into the tables beside the caller of this */
	}
}

/* ---- struct guard_ops ---- */

static inline struct guard_link *neutral_start(void *arg, const struct errand_order *o, const struct blob *input,
					       int *err)
{
	(void)arg;
	(void)o;
	(void)input;
	*err = 0;
	return calloc(1, sizeof(struct guard_link));
}

static inline bool neutral_order(void *arg, struct guard_link *l, const struct errand_order *o,
				 const struct blob *input)
{
	(void)arg;
	(void)l;
	(void)o;
	(void)input;
	return true;
}

/* hang_up, promoted */
static inline void neutral_link(void *arg, struct guard_link *l)
{
	(void)arg;
	(void)l;
}

/* For links that calloc() made, as neutral_start() does. */
static inline bool neutral_end(void *arg, struct guard_link *l, int timeout_ms)
{
	(void)arg;
	free(l);
	return timeout_ms != 0;
}

static inline void neutral_fence(void *arg, const struct errand_order *o)
{
	(void)arg;
	(void)o;
}

static inline void neutral_typed_since(void *arg, uint64_t from, struct blob *ret)
{
	(void)arg;
	(void)from;
	*ret = (struct blob){ 0 };
}

/* unsent; undelivered of a link */
static inline void neutral_input(void *arg, struct blob *ret)
{
	(void)arg;
	*ret = (struct blob){ 0 };
}

static inline bool neutral_draw(void *arg, uint8_t *ret, size_t len)
{
	(void)arg;
	memset(ret, 9, len);
	return true;
}

static inline bool neutral_try_home(void *arg, const struct arrival *a, char **why)
{
	(void)arg;
	(void)a;
	(void)why;
	return true;
}

static inline void neutral_home(void *arg, struct arrival *a, const struct loss *loss)
{
	(void)arg;
	(void)loss;
	record_release(&arrival_record, a);
}

static inline void neutral_leave(void *arg, int status, const char *text)
{
	(void)arg;
	(void)status;
	(void)text;
}

static inline enum guard_file neutral_keep(void *arg, const struct kept *k, char **why)
{
	(void)arg;
	(void)k;
	(void)why;
	return GUARD_KEPT;
}

static inline bool neutral_trusts(void *arg, const char *node)
{
	(void)arg;
	(void)node;
	return true;
}

static inline void neutral_job(void *arg, const struct job_word *w)
{
	(void)arg;
	(void)w;
}

static inline int neutral_kept(void *arg, struct stay *s)
{
	(void)arg;
	(void)s;
	return 0;
}

static inline uint64_t neutral_typed(void *arg)
{
	(void)arg;
	return 0;
}

static inline bool neutral_line(void *arg, const char *text)
{
	(void)arg;
	return text != NULL;
}

/* ---- struct carry_ops ---- */

static inline void neutral_output(void *arg, const uint8_t *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
}

static inline bool neutral_acked(void *arg, uint64_t delivered)
{
	(void)arg;
	(void)delivered;
	return true;
}

/* ---- more than one core's ---- */

/* committed, redraw; menu; hang_up and close_link of a peer */
static inline void neutral_nothing(void *arg)
{
	(void)arg;
}

/* mode, terminal; kill */
static inline void neutral_flag(void *arg, bool on)
{
	(void)arg;
	(void)on;
}

/* ---- struct hold_ops ---- */

static inline void neutral_resize(void *arg, uint16_t rows, uint16_t cols)
{
	(void)arg;
	(void)rows;
	(void)cols;
}

#endif
