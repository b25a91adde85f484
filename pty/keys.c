#include <config.h>

#include "pty/keys.h"

#include <errno.h>
#include <unistd.h>

#include "wire/now.h"

enum {
	INPUT_CHUNK = 1 << 14,
	ACK_WITH_KEY = 1 << 12, /* costs no packet; who attaches later sees less output again */
};

void keys_gone(struct carrier *c)
{
	close(c->tty);
	c->tty = -1;
}

/* What was typed goes out as far as the window of the spool lets it. */
void keys_send(struct carrier *c)
{
	const uint8_t *s;
	size_t n;

	while (carry_types(&c->core) && c->core.out.len < 2 * INPUT_CHUNK &&
	       (n = spool_input_at(&c->spool, c->core.sent, &s)) != 0) {
		if (n > INPUT_CHUNK)
			n = INPUT_CHUNK;
		spool_sent(&c->spool, c->core.sent + n);
		if (carry_send_input(&c->core, s, n) < 0)
			return;
		stall_await(&c->stall, now_mono_ms());
		carry_ack_output(&c->core, spool_shown(&c->spool), ACK_WITH_KEY);
	}
}

static void lend(struct carrier *c, enum stall_why why)
{
	c->stall.lent = why;
	carry_stall(&c->core, (int)why);
}

void keys_to_front(struct carrier *c)
{
	if (!c->core.front_due || spool_pending(&c->spool) != 0 || c->stall.lent != STALL_OVER)
		return;
	c->stall.lent = STALL_ASKED;
	carry_front(&c->core);
}

/* What follows a ^] for the guardian goes to the program after all. */
void keys_read(struct carrier *c)
{
	long got = spool_type(&c->spool, c->tty);
	uint8_t typed[SPOOL_INPUT];
	size_t at;

	if (got > 0) {
		eager_sent(&c->eager);
		spool_last_typed(&c->spool, typed, (size_t)got);
		at = stall_escape(&c->stall, typed, (size_t)got);
		if (at == (size_t)got)
			return;
		spool_untype(&c->spool, (size_t)got - at);
		spool_add_input(&c->spool, typed + at + 1, (size_t)got - at - 1);
		lend(c, STALL_ESCAPE);
	} else if (got != -EAGAIN) {
		keys_gone(c);
	}
}

void keys_tend(struct carrier *c)
{
	bool frozen = c->core.state == CARRY_FROZEN;

	if (c->readable && !frozen)
		c->stall.since_ms = 0; /* an answer */
	if (stall_is_due(&c->stall, frozen ? -1 : dial_tcp(&c->d), now_mono_ms())) {
		lend(c, STALL_SILENT);
	} else if (c->stall.lent == STALL_SILENT && c->stall.since_ms == 0) {
		carry_stall(&c->core, STALL_OVER);
		c->stall.lent = STALL_ASKED; /* told once; the guardian gives it back */
	}
}
