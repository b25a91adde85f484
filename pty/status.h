#ifndef MISH_PTY_STATUS_H
#define MISH_PTY_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pty/spool.h"
#include "session/guard.h"

/*
 * The line at the foot of the terminal while a session cannot be reached, and what the
 * user may do about it. Typing goes into the spool and arrives later; the line takes one key
 * for itself, ^], and only while it is there.
 */
enum status_wish { STATUS_NOTHING, STATUS_RETRY, STATUS_RECOVER, STATUS_LOGIN, STATUS_QUIT, STATUS_TYPED /* something for the session */,
		   STATUS_NO, STATUS_ITS, STATUS_LEFT, /* to status_ask() */
		   STATUS_GONE /* the terminal */ };

struct status {
	int tty; /* -1: the line is not there */
	bool asking; /* ^] was typed, or a question is there, and an answer is being typed */
	char question[300]; /* of status_ask(); "": what ^] asks */
	enum guard_question kind; /* of that question */
	char answer[300];
	size_t len;
	bool report_due; /* the terminal was asked where its cursor is, and may still answer */
	uint8_t report[16]; /* the part of that answer that has come */
	size_t report_len;
	char text[400];
};

/* Shows the line, or changes it. */
void status_show(struct status *s, struct spool *spool, const char *text);
/*
 * Shows a question, until it is answered or the line goes: in its place, not as the answer to ^]. What was
 * typed before it was there is no answer.
 */
void status_ask(struct status *s, struct spool *spool, enum guard_question kind, const char *question);
/* Asks there what to do, as ^] does. */
void status_menu(struct status *s);
/*
 * Takes it away; an answer that is half typed is waited for (3 s) and dropped. The screen is as it was; true: except that a full-screen program has to
 * draw its last line again.
 */
bool status_hide(struct status *s, struct spool *spool);
/* Is the line there, and room for what is typed? */
bool status_reads(const struct status *s, const struct spool *spool);
/*
 * Reads the terminal, which is readable. STATUS_RECOVER leaves a node in s->answer, or "".
 */
enum status_wish status_read(struct status *s, struct spool *spool);

/*
 * Length of an escape sequence or a character at the end of `s` that is not complete: what
 * would become garbage if something else were written now.
 */
size_t status_unfinished(const uint8_t *s, size_t len);

#endif
