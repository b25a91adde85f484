#ifndef MISH_EXEC_HIST_MARK_H
#define MISH_EXEC_HIST_MARK_H

#include "shell/exec/hist.h"
#include "shell/parser/strbuf.h"

/*
 * What a history file has besides the commands, in lines that bash takes for times, too:
 *
 *	#1701266400			before an entry: when it began
 *	#1701266400 beta 250 0 42	somewhere behind it: where, how many ms, the status, and a sum of its text
 *	#1701266400 beta 0 - 42		… or that it is no entry
 *
 * A command's end is told behind what other shells have written since; its beginning and its text say whose it is.
 */
enum mark_kind { MARK_NONE, MARK_TIME, MARK_RESULT };

struct mark {
	int64_t time;
	char node[254];
	uint32_t ms, sum;
	int status; /* -1: it is no entry */
};

/* What a line without its newline is; one that is damaged is none. *ret is that of the line before, at first all 0. */
enum mark_kind mark_read(const char *s, const char *end, struct mark *ret);
/* What becomes of the entry: written down, and taken from there. */
void mark_put_time(struct strbuf *b, const struct hist_entry *e);
void mark_put_result(struct strbuf *b, const struct hist *h, const struct hist_entry *e, bool dropped);
void mark_apply(struct hist *h, const struct mark *m);

#endif
