#ifndef MISH_INTERACT_EDIT_QUOTE_H
#define MISH_INTERACT_EDIT_QUOTE_H

#include "shell/interact/edit.h"
#include "shell/parser/strbuf.h"

/* A candidate, or a part of one, as it is written in the line. */
void edit_quote_candidate(const char *s, const struct complete_list *l, struct strbuf *ret);

#endif
