#include <config.h>

#include "shell/interact/edit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/trap.h"
#include "shell/expand/locale.h"
#include "shell/interact/timer.h"
#include "shell/jobs/job.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/move/at_prompt.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

/* What is waited for: a byte, what the session has, what the editor waits for. */
enum { WAIT_BYTE, WAIT_SESSION, WAIT_EDITOR = WAIT_SESSION + SESSION_FDS, WAITS };

/* Sleeps until one of them or a signal comes; ms < 0: without a limit. */
static int wait_for(struct pollfd p[WAITS], int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	/* no more of them than there are: `ulimit -n 4' bounds these, too */
	return ppoll(p, p[WAIT_EDITOR].fd >= 0 ? WAITS : WAIT_EDITOR, ms >= 0 ? &ts : NULL, sigs_sleep_mask());
}

/* Of two times to wait, of which -1 is for ever. */
static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* What was typed before the prompt. */
static bool take_ahead(struct shell *sh, unsigned char *ret)
{
	if (sh->line.ahead_len == 0)
		return false;
	*ret = (unsigned char)sh->line.ahead[0];
	memmove(sh->line.ahead, sh->line.ahead + 1, --sh->line.ahead_len);
	return true;
}

/* What is drawn may ask the terminal something, and waits for bytes itself: it must not end our sleep's mask. */
static void draw(struct edit_waiter *w, enum edit_redraw why)
{
	if (w->redraw == NULL)
		return;
	sigs_sleep_end();
	w->redraw(w->arg, why);
	sigs_sleep_begin();
}

/* What the editor itself waits for. `since`: when the last key came. */
static void look_at_editor(struct edit_waiter *w, const struct pollfd *p, int64_t since)
{
	if (p->revents != 0)
		draw(w, EDIT_CAME);
	if (w->pause_ms < 0 || now_mono_ms() - since < w->pause_ms)
		return;
	w->pause_ms = -1;
	draw(w, EDIT_PAUSE);
}

static int until_pause(const struct edit_waiter *w, int64_t since)
{
	int64_t left = w->pause_ms < 0 ? -1 : since + w->pause_ms - now_mono_ms();

	return w->pause_ms >= 0 && left < 0 ? 0 : (int)left;
}

/* Children that ended meanwhile are no zombies while nobody types, and are told at once if that is wanted. */
static void look_at_jobs(struct shell *sh, struct edit_waiter *w)
{
	if (!sigs_take_chld())
		return;
	job_poll(sh);
	if (!opt(sh, OPT_NOTIFY) || !job_has_news(sh))
		return;
	if (w->redraw == NULL)
		putc('\n', stderr);
	draw(w, EDIT_STAND_ASIDE);
	job_notify(sh);
	draw(w, EDIT_AGAIN);
}

/* What may come next; fresh: also what ends the editing. */
static void fill_waits(struct shell *sh, bool fresh, const struct edit_waiter *w, struct pollfd p[WAITS])
{
	for (int i = 0; i < SESSION_FDS; i++)
		p[WAIT_SESSION + i] = (struct pollfd){ .fd = fresh ? session_fd(sh, i) : -1, .events = POLLIN };
	p[WAIT_EDITOR] = (struct pollfd){ .fd = w->fd, .events = POLLIN };
}

enum edit_result edit_wait_byte(struct shell *sh, bool fresh, struct edit_waiter *w, unsigned char *ret)
{
	enum edit_result result = EDIT_LINE;
	int fd = sh->editor.from_stdin ? STDIN_FILENO : sh->tty->fd;
	struct pollfd p[WAITS] = { [WAIT_BYTE] = { .fd = fd, .events = POLLIN } };
	int64_t since = w->pause_ms >= 0 ? now_mono_ms() : 0;
	bool ready = false; /* a byte is there: signals are looked at once more before it is read */

	sigs_sleep_begin();
	for (;;) {
		enum timer due;
		ssize_t n;

		/* ppoll() prefers a byte to a signal, but a ^C may have been typed before it */
		sigs_sleep_deliver();
		if (sigs_take_int(sh)) {
			result = EDIT_INTERRUPTED;
			break;
		}
		if (sigs_take_end(sh) == SIGHUP) {
			result = EDIT_HANGUP;
			break;
		}
		if (fresh && sigs_waiting(sh) != 0) {
			result = EDIT_SIGNAL;
			break;
		}
		if (sigs_take_winch())
			draw(w, EDIT_RESIZED);
		look_at_jobs(sh, w);
		if (sh->line.ahead_len != 0) /* what was drawn may have asked the terminal, and read what is ready */
			ready = false;
		if (take_ahead(sh, ret))
			break;
		if (!ready)
			fill_waits(sh, fresh, w, p);
		if (!ready &&
		    wait_for(p, sooner(sooner(fresh ? session_timeout(sh) : -1, timer_wait(sh, fresh)), until_pause(w, since))) < 0)
			continue;
		due = !ready && p[WAIT_BYTE].revents == 0 ? timer_due(sh, fresh) : TIMER_NONE;
		if (due != TIMER_NONE) {
			result = due == TIMER_SCHED ? EDIT_TIMER : EDIT_LOGOUT;
			break;
		}
		for (int i = 0; !ready && i < SESSION_FDS; i++)
			if (p[WAIT_SESSION + i].revents != 0 && at_prompt_ready(sh, i))
				result = EDIT_EVENT;
		if (result == EDIT_EVENT)
			break;
		if (p[WAIT_BYTE].revents == 0) {
			look_at_editor(w, &p[WAIT_EDITOR], since);
			continue;
		}
		if (!ready) {
			ready = true;
			continue;
		}
		ready = false;
		n = read(fd, ret, 1);
		if (n == 1) {
			timer_touch();
			break;
		}
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		/* reading from a terminal that hung up gives 0, perhaps before SIGHUP arrives */
		if (n == 0 && (sh->editor.from_stdin || (p[WAIT_BYTE].revents & POLLHUP) == 0))
			result = EDIT_EOF;
		else
			result = EDIT_HANGUP;
		break;
	}
	sigs_sleep_end();
	return result;
}

/* Reads a line without an editor, but with what the terminal's driver has of one. */
static enum edit_result read_plain(struct shell *sh, const char *prompt, bool fresh, char **ret)
{
	struct edit_waiter nobody = { .pause_ms = -1, .fd = -1 };
	struct strbuf line = { 0 };
	enum edit_result r;
	unsigned char c;

	for (const char *s = prompt; *s != '\0'; s++)
		if (*s != '\1')
			putc(*s, stderr);
	fflush(stderr);
	if (sh->line.text != NULL) {
		free(sh->line.text);
		sh->line.text = NULL;
	}
	while ((r = edit_wait_byte(sh, fresh && line.len == 0, &nobody, &c)) == EDIT_LINE) {
		strbuf_addc(&line, (char)c);
		if (c == '\n')
			break;
	}
	if (r == EDIT_LINE || (r == EDIT_EOF && line.len != 0)) {
		*ret = strbuf_take(&line);
		return EDIT_LINE;
	}
	if (r == EDIT_INTERRUPTED || r == EDIT_SIGNAL || r == EDIT_TIMER)
		putc('\n', stderr);
	strbuf_release(&line);
	return r;
}

/* Loads and opens the editor, once; a missing one is told. */
static void load_module(struct shell *sh)
{
	char *why = NULL;
	const struct edit_ops *ops = (const struct edit_ops *)(const void *)module_load(
		&session_get(sh)->programs, PROGRAM_EDIT, EDIT_SYMBOL, &why);

	sh->editor.ops = ops;
	sh->editor.handle = ops != NULL ? ops->open(sh) : NULL;
	sh->editor.tried = true;
	if (ops == NULL)
		sh_warn(sh, "no line editor: %s (lines are read plainly)",
			why != NULL ? why : "out of memory");
	free(why);
}

void edit_again(struct shell *sh, const char *line)
{
	size_t len = strlen(line);

	len -= len != 0 && line[len - 1] == '\n';
	free(sh->line.text);
	sh->line.text = xstrndup(line, len);
	sh->line.cursor = len;
}

enum edit_result edit_read(struct shell *sh, const struct edit_prompt *prompt, bool fresh, char **ret)
{
	enum edit_result r;

	timer_touch();
	locale_tell(sh); /* also after a move, or an assignment */
	if (!sh->editor.tried && !sh->editor.from_stdin)
		load_module(sh);
	if (sh->editor.handle == NULL || sh->editor.from_stdin || sh->editor.busy) {
		tty_loud(sh);
		r = read_plain(sh, prompt->text, fresh, ret);
	} else {
		sh->editor.busy = true;
		r = sh->editor.ops->read(sh->editor.handle, sh, prompt, fresh, ret);
		sh->editor.busy = false;
		sh->tty->quiet = true; /* so libedit has left it */
	}
	if (r != EDIT_EVENT) /* that may be a move */
		tty_loud(sh);
	return r;
}

int edit_for_command(struct shell *sh, const char *prompt, const char *begin, char **ret)
{
	struct edit_prompt p = { .text = prompt };
	enum edit_result r;

	*ret = NULL;
	if (begin != NULL)
		edit_again(sh, begin);
	while ((r = edit_read(sh, &p, false, ret)) == EDIT_SIGNAL) {
		trap_check(sh);
		if (sh->frame.flow.kind != FLOW_NONE)
			break;
	}
	free(sh->line.text); /* what was not entered is nobody's */
	sh->line.text = NULL;
	if (r == EDIT_INTERRUPTED && trap_get(sh, SIGINT) != NULL)
		raise(SIGINT);
	else if (r == EDIT_INTERRUPTED && sh->frame.flow.kind == FLOW_NONE)
		sh->frame.flow.kind = FLOW_ABORT; /* as where no editor is; but the row of ^C is at its end already */
	return r == EDIT_LINE ? 0 : r == EDIT_EOF ? 1 : 128 + (r == EDIT_HANGUP ? SIGHUP : SIGINT);
}

void edit_list_keys(struct shell *sh, struct keyed *ret)
{
	if (sh->editor.handle != NULL)
		sh->editor.ops->list_keys(sh->editor.handle, ret);
}
