#ifndef MISH_MOVE_STAYS_H
#define MISH_MOVE_STAYS_H

#include <termios.h>

#include "migrate/handover.h"
#include "shell/shell.h"

/*
 * Jobs stay on a node that is not the session's home (set -o stay): once the session is elsewhere, the process that was its shell there becomes
 * mish-peer --keep (pty/kept.h), with the jobs for children and the peer's end of their terminal.
 */

/* Are there such jobs? Then they are in the state that is made next. */
bool stays_begin(struct shell *sh);
/* Asks the peer, which has frozen, for the terminal, and fills in what an offer says of the jobs. 0, or -1 with *why (caller frees). */
int stays_prepare(struct shell *sh, struct departure *d, char **why);
/* The session stays, and its shell too. */
void stays_over(struct shell *sh);
/* The session has gone: becomes what keeps them, with the terminal in these modes. Returns only when that fails. */
void stays_keep(struct shell *sh, const struct departure *d, const struct termios *modes);

#endif
