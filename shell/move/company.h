#ifndef MISH_MOVE_COMPANY_H
#define MISH_MOVE_COMPANY_H

#include "shell/parser/strbuf.h"
#include "shell/shell.h"

/*
 * What comes along only as far as ssh takes it: agent, display, tickets. The state says which of them the shell had where it
 * was, so that the one that arrives knows which it has lost.
 */
struct state_section;
extern const struct state_section company_section;

/* Adds a line about those that were there and are not here, with what ssh would want for it (`hint'; none at home); nothing: none is lost. */
void company_tell(const struct shell *sh, bool hint, struct strbuf *warnings);

#endif
