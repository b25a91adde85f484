#ifndef MISH_WIRE_EPOCH_H
#define MISH_WIRE_EPOCH_H

#include <stdint.h>

/*
 * Epochs count a session's handoffs. Whoever has the highest holds the session, and an older
 * one is fenced: it can neither offer nor commit.
 *
 * This is the one place where an epoch becomes another. It does so when
 *   - a state is restored on behalf of a holder: who restores it holds the next;
 *   - an offer comes to nothing: the holder that made it goes on with the next, so that
 *     whoever has the ticket of that offer is fenced;
 *   - a holder is given up: who goes on in its place holds the next.
 */
static inline uint64_t epoch_next(uint64_t epoch)
{
	return epoch + 1;
}

#endif
