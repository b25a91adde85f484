#ifndef MISH_MOVE_RECORDS_H
#define MISH_MOVE_RECORDS_H

#include "shell/move/session.h"

/* What commands took (shell/jobs/rud.h), as the node's mishd keeps it. */

/* Tells it what it has not heard of: at a new node that is all. Not too many at once, for it need not read now. */
void records_tell(struct session *me);
/* Takes over what it knows from other shells of this user; once. It waits so long; what does not come in time may be asked for again, twice. */
void records_ask(int wait_ms);

#endif
