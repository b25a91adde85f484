#include <config.h>

#include "pty/recover.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/keep.h"
#include "wire/now.h"

enum {
	SHOW_AFTER_MS = 3000,	 /* a short cut is nobody's business */
	RECOVER_AFTER_MS = 7000, /* when nothing runs there that could be lost */
	RETRY_MAX_MS = 8000,
	STEADY_MS = 5000,	 /* a link that lasted so long is replaced at once */
	REFRESH_MS = 1000,
};

void recover_up(struct guardian *g)
{
	bool covered = status_hide(&g->down.line, &g->spool);

	g->down.on = false;
	g->up_ms = now_mono_ms();
	free(g->down.why);
	g->down.why = NULL;
	child_send(&g->cur, FRAME_COMMIT, NULL, 0);
	if (covered)
		child_send(&g->cur, FRAME_WINCH, NULL, 0);
}

static void recovered_text(const struct guardian *g, const char *why, char **ret)
{
	char at[16] = "", command[60] = "";
	struct tm tm;

	if (g->command != NULL) { /* a line for people */
		snprintf(command, sizeof(command), "%s", g->command);
		command[strcspn(command, "\n")] = '\0';
		for (char *p = command; *p != '\0'; p++)
			if ((unsigned char)*p < ' ' || *p == 127)
				*p = '?';
	}
	if (localtime_r(&g->state_time, &tm) != NULL)
		strftime(at, sizeof(at), "%H:%M:%S", &tm);
	if (asprintf(ret, "%s: %s; your session continues on %s as of %s%s%s%s", g->node, why,
		     g->s.origin, at, g->command != NULL ? ", `" : "",
		     command, g->command != NULL ? "' was lost" : "") < 0)
		*ret = NULL;
}

/* Goes on here, from the last checkpoint. `there`: the holder may still be alive. */
void recover_here(struct guardian *g, const char *why, bool there)
{
	bool frozen = g->want.state != NULL && !g->recovering;
	char *text;

	(void)status_hide(&g->down.line, &g->spool);
	guardian_end_next(g);
	child_end(&g->cur, 0);
	if (there)
		guardian_fence(g);
	free(g->s.input);
	g->s.input = NULL;
	g->s.input_len = 0;
	if (frozen) { /* it waits for a verdict that will not come: nothing is newer than its offer */
		guardian_take_state(&g->s, &g->want);
		g->s.input = g->want.input;
		g->s.input_len = g->want.input_len;
		g->want.input = NULL;
		g->state_time = time(NULL);
		guardian_command_is(g, NULL);
	} else {
		g->s.flags |= MSG_LOST;
		/* typed while nobody was there; what was sent may have run already */
		if (g->idle)
			g->s.input = spool_unsent(&g->spool, &g->s.input_len);
	}
	g->s.holds = handover_holds(&g->s) + 1;
	recovered_text(g, why, &text);
	free(g->s.command);
	g->s.command = g->command;
	dprintf(STDERR_FILENO, "\r\n");
	guardian_become_shell(g, text, 128 + SIGHUP);
}

void recover_taken(struct guardian *g, const char *why)
{
	(void)status_hide(&g->down.line, &g->spool);
	child_end(&g->cur, 0);
	guardian_end_next(g);
	guardian_modes_restore(g);
	dprintf(STDERR_FILENO, "\r\nmish: %s\n", why);
	_exit(0); /* the key file is the other's now */
}

/* … or on another node. */
static void recover_on(struct guardian *g, const char *node)
{
	int r;

	if (g->persist && !keep_is_ours(&g->s))
		recover_taken(g, "another terminal has the session now");
	if (strcmp(node, g->s.origin) == 0 || *node == '\0') {
		recover_here(g, "given up", true);
		return;
	}
	child_end(&g->cur, 0);
	guardian_end_next(g);
	handover_release(&g->want);
	r = handover_copy(&g->s, &g->want);
	g->want.holds = handover_holds(&g->s) + 1;
	g->want.flags = (g->s.flags & MSG_LOGIN) | MSG_LOST | (g->persist ? MSG_PERSIST : 0);
	free(g->want.input);
	g->want.input = g->idle ? spool_unsent(&g->spool, &g->want.input_len) : NULL;
	snprintf(g->want.node, sizeof(g->want.node), "%s", node);
	g->recovering = true;
	if (r == 0)
		r = guardian_start_move(g, &g->want);
	if (r < 0)
		guardian_move_failed(g, strerror(-r), 1);
}

static void start_attach(struct guardian *g)
{
	struct handover h = { .flags = MSG_ATTACH | MSG_AUTOMATIC | (g->persist ? MSG_PERSIST : 0),
			      .peer_epoch = g->s.peer_epoch, .seq = g->last_seq,
			      .modes = g->s.modes, .modes_len = g->s.modes_len };

	memcpy(h.session, g->s.session, sizeof(h.session));
	memcpy(h.origin, g->s.origin, sizeof(h.origin));
	memcpy(h.secret, g->s.secret, sizeof(h.secret));
	memcpy(h.new_secret, g->s.new_secret, sizeof(h.new_secret));
	snprintf(h.node, sizeof(h.node), "%s", g->address);
	h.flags |= g->s.flags & MSG_FRESH;
	if (child_start(&g->cur, &h, &g->spool, &g->sleep_mask) < 0)
		g->cur = (struct child){ .fd = -1 };
	explicit_bzero(&h, sizeof(h));
	g->down.wait_ms = g->down.wait_ms == 0 ? 500 : 2 * g->down.wait_ms;
	if (g->down.wait_ms > RETRY_MAX_MS)
		g->down.wait_ms = RETRY_MAX_MS;
	g->down.retry_ms = now_mono_ms() + g->down.wait_ms;
}

/* The link has ended, however: the next one is begun. */
void recover_link_lost(struct guardian *g)
{
	child_end(&g->cur, 0);
	g->attached = false;
	if (!g->down.on) {
		g->down.on = true;
		g->down.since_ms = now_mono_ms();
		if (g->down.since_ms - g->up_ms > STEADY_MS)
			g->down.wait_ms = 0;
		g->down.retry_ms = g->down.since_ms + g->down.wait_ms;
	}
}

/* What a link that was to attach says first. */
void recover_on_attach(struct guardian *g, enum frame_type type, const struct msg_view *v)
{
	uint64_t status = MSG_ATTACH_FAILED;
	char *why = NULL;

	if (type == FRAME_READY) {
		g->attached = true;
		if (handover_is_set(g->s.new_secret)) {
			memcpy(g->s.secret, g->s.new_secret, sizeof(g->s.secret));
			memset(g->s.new_secret, 0, sizeof(g->s.new_secret));
			(void)msg_get_str(v, MSG_NODE, g->node, sizeof(g->node));
			guardian_save_key(g);
		}
		g->s.flags &= ~(uint64_t)MSG_FRESH;
		recover_up(g);
		return;
	}
	if (type != FRAME_ABORT)
		return;
	(void)msg_get_uint(v, MSG_STATUS, 255, &status);
	(void)msg_get_strdup(v, MSG_WHY, &why);
	if (status == MSG_ATTACH_GONE)
		recover_here(g, "the shell there is gone", false);
	if (status == MSG_ATTACH_TAKEN)
		recover_taken(g, why != NULL ? why : "another terminal has the session now");
	free(g->down.why);
	g->down.why = why;
}

static void down_text(const struct guardian *g, char *buf, size_t size)
{
	int64_t s = (now_mono_ms() - g->down.since_ms) / 1000;

	snprintf(buf, size, "mish: %.64s: no answer for %lld s%s%.100s. Typing is kept; ^] for more",
		 g->node, (long long)s, g->down.why != NULL ? ": " : "",
		 g->down.why != NULL ? g->down.why : "");
}

void recover_on_wish(struct guardian *g, enum status_wish wish)
{
	switch (wish) {
	case STATUS_RETRY:
		g->down.retry_ms = now_mono_ms();
		g->down.wait_ms = 0;
		break;
	case STATUS_RECOVER:
		recover_on(g, g->down.line.answer);
		break;
	case STATUS_QUIT:
		guardian_signal = SIGHUP;
		g->persist = false;
		break;
	case STATUS_GONE: /* HUP says so, too, if it comes: what persists stays */
		guardian_signal = SIGHUP;
		break;
	case STATUS_NOTHING:
		break;
	}
}

/* Unasked: nothing would be lost, and nobody can have attached from elsewhere. */
static bool may_recover(const struct guardian *g)
{
	return g->idle && !g->persist && g->next.pid == 0;
}

/* What is due while the session cannot be reached. */
void recover_tend(struct guardian *g)
{
	int64_t now = now_mono_ms(), since = now - g->down.since_ms;
	char text[300];

	if (g->cur.pid == 0 && !g->recovering && now >= g->down.retry_ms)
		start_attach(g);
	if (may_recover(g) && since >= RECOVER_AFTER_MS)
		recover_here(g, g->down.why != NULL ? g->down.why : "no answer", true);
	if (since >= SHOW_AFTER_MS) {
		down_text(g, text, sizeof(text));
		status_show(&g->down.line, &g->spool, text);
	}
}

int64_t recover_next_due(const struct guardian *g)
{
	int64_t now = now_mono_ms(), at = g->down.since_ms + SHOW_AFTER_MS;

	if (!g->down.on)
		return -1;
	if (now >= at) /* it is shown, or cannot be */
		at = now + REFRESH_MS;
	if (g->cur.pid == 0 && !g->recovering && g->down.retry_ms < at)
		at = g->down.retry_ms;
	if (may_recover(g) && g->down.since_ms + RECOVER_AFTER_MS < at)
		at = g->down.since_ms + RECOVER_AFTER_MS;
	return at > now ? at - now : 0;
}
