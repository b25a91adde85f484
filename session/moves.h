#ifndef MISH_SESSION_MOVES_H
#define MISH_SESSION_MOVES_H

#include "session/guard.h"

/*
 * A session's moves, and the questions that are asked like one: from the order for a link
 * until the session is there or has stayed.
 */

/*
 * A link for g->want or, in GUARD_FIRST and GUARD_RECOVERING, with the last state there is.
 * Where there can be no link the move has failed, see moves_failed().
 */
void moves_start(struct guard *g);
/* The move failed, or it was a question and is answered (status 0): the session stays. */
void moves_failed(struct guard *g, const char *why, int status);
/*
 * In how many ms a move that a controller asked for gives way to what is typed: nobody waits for a
 * node that does not answer because somebody else wanted to go there. -1: it does not.
 */
int64_t moves_yield_ms(const struct guard *g, int64_t now_ms);
/* Something is typed, and moves_yield_ms() is 0: the session stays, and reads it. */
void moves_yield(struct guard *g);
/*
 * The shell there is to go to that node, and stays at its prompt until a link to it is warm: CONNECT
 * is the answer, which says `seq` again. Where the move would be refused, it says so itself.
 */
void moves_connect(struct guard *g, const char *node, uint64_t seq);
/* The warm link is there, or (`why`) there will be none. */
void moves_connected(struct guard *g, struct guard_link *l, const char *why);
/* Another takes its place: who waits for it is told. */
void moves_forget_warm(struct guard *g);
/* The new node is ready and the rendezvous has committed: the session is there now. */
void moves_done(struct guard *g, struct guard_link *l, const struct ready *r, int64_t now_ms);
/* Ends the former holder, and waits for its last output: that comes before the new prompt. */
void moves_release_holder(struct guard *g);
/* A link has reached the session: it gets the terminal, and is the current one. */
void moves_link_up(struct guard *g, struct guard_link *l, int64_t now_ms);

/* Is what g->want wants to go home? */
bool moves_wants_home(const struct guard *g);
/* g->want goes home: the holder is released, when that can be. */
void moves_go_home(struct guard *g);

#endif
