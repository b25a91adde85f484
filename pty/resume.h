#ifndef MISH_PTY_RESUME_H
#define MISH_PTY_RESUME_H

#include "pty/peer.h"

/*
 * Another link at p->listener: who knows the session's secret takes over where the last one
 * was, and hears again what that one did not acknowledge; or it fences the session, which
 * ends the process (DESIGN 6, 7).
 */
void resume_accept(struct peer *p);

#endif
