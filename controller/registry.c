#include <config.h>

#include "controller/registry.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controller/journal.h"
#include "rendezvous/io_full.h"

const char *registry_user_name(uid_t uid)
{
	static char number[16]; /* the loop is the only thread */
	struct passwd *pw = getpwuid(uid);

	if (pw != NULL)
		return pw->pw_name;
	snprintf(number, sizeof(number), "%u", (unsigned)uid);
	return number;
}

/* ---- shells ---- */

/* What it must know to judge itself. */
static void send_rules(const struct registry *r, struct client *c)
{
	const struct conf_list *shared = &r->conf->shared;
	size_t len = 0;
	char *text;
	struct msg m;
	FILE *f = open_memstream(&text, &len);

	for (size_t i = 0; f != NULL && i < shared->n; i++)
		fprintf(f, "%s\n", shared->v[i]);
	if (f == NULL || fclose(f) != 0) {
		client_close(c);
		return;
	}
	msg_init(&m);
	msg_str(&m, MSG_SHARED, text);
	free(text);
	client_send_msg(c, FRAME_OK, &m);
}

static void take_update(struct candidate *s, const struct msg_view *v)
{
	uint64_t n = 0, flags = 0;

	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	s->idle = (flags & MSG_IDLE) != 0;
	s->eligible = msg_get_uint(v, MSG_ELIGIBLE, 1, &n) == 0 && n == 1;
	if (msg_get_str(v, MSG_WHY, s->why, sizeof(s->why)) < 0)
		s->why[0] = '\0';
	for (char *p = s->why; *p != '\0'; p++) /* it gets to terminals */
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	if (msg_get_uint(v, MSG_CPU, 1000000, &n) == 0)
		s->cpu = (double)n / 1000;
	if (msg_get_uint(v, MSG_BUSY, 1000, &n) == 0)
		s->busy = (double)n / 1000;
	if (msg_get_uint(v, MSG_RSS, UINT64_MAX >> 1, &n) == 0)
		s->rss_kib = n;
	s->typed_ms = io_now_ms();
}

void registry_register(struct registry *r, struct client *c, const struct msg_view *v)
{
	struct candidate *s = &c->shell;
	char session[RDV_ID_LEN + 1];
	uint64_t age = 0;

	if (s->session[0] != '\0' || msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != RDV_ID_LEN) {
		client_close(c);
		return;
	}
	for (struct candidate *k = r->balance->share.candidates; k != NULL; k = k->next)
		if (strcmp(k->session, session) == 0 && client_of(k)->uid != c->uid) {
			client_close(c); /* somebody else's */
			return;
		}
	memcpy(s->session, session, sizeof(session));
	snprintf(s->user, sizeof(s->user), "%s", registry_user_name(c->uid));
	(void)msg_get_str(v, MSG_ORIGIN, s->origin, sizeof(s->origin));
	(void)msg_get_str(v, MSG_TTY, s->tty, sizeof(s->tty));
	(void)msg_get_uint(v, MSG_EPOCH, UINT64_MAX, &s->epoch);
	(void)msg_get_uint(v, MSG_PID, INT32_MAX, &s->pid);
	s->came = msg_get_uint(v, MSG_AGE, UINT32_MAX, &age) == 0;
	s->came_ms = io_now_ms() - (int64_t)age;
	take_update(s, v);
	journal_line("session %.4s: a shell of uid %u is here", s->session, (unsigned)c->uid);
	send_rules(r, c);
	if (c->closing)
		return;
	balance_came(r->balance, s, io_now_ms());
	balance_changed(r->balance, s, io_now_ms());
	ticker_kick(r->ticker);
}

void registry_update(struct registry *r, struct client *c, const struct msg_view *v)
{
	struct candidate *s = &c->shell;
	char node[256];

	if (s->session[0] == '\0') {
		client_close(c);
		return;
	}
	take_update(s, v);
	if (msg_get_str(v, MSG_NODE, node, sizeof(node)) == 0)
		/* one that may still go was only too late */
		balance_declined(r->balance, s, s->eligible ? "a line was typed" : s->why, !s->eligible,
				 io_now_ms());
	else if (s->leaving && !s->idle) /* it will not look at our word before its next prompt */
		balance_declined(r->balance, s, "a command began", false, io_now_ms());
	balance_changed(r->balance, s, io_now_ms());
	if (s->leaving)
		ticker_kick(r->ticker);
}

void registry_grant(struct client *c, const char *node, bool by_hand)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_NODE, strcmp(node, c->shell.origin) == 0 ? "home" : node);
	if (by_hand) {
		msg_uint(&m, MSG_FLAGS, MSG_FORCE);
		journal_line("session %.4s: asked to move", c->shell.session);
	}
	client_send_msg(c, FRAME_GRANT, &m);
}

void registry_admit(struct registry *r, struct client *c, const struct msg_view *v)
{
	struct balance *b = r->balance;
	char session[RDV_ID_LEN + 1] = "", text[192];
	uint64_t flags = 0;
	const char *why;

	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != strlen(session))
		session[0] = '\0'; /* not into the log */
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	meter_refresh(r->meter); /* alone, nobody else looks whether the owner is still there */
	why = share_refusal(&b->share, registry_user_name(c->uid), NULL,
			    exchange_expects(&b->exchanges, session));
	if (why != NULL && (flags & MSG_FORCE) == 0) {
		journal_line("session %.4s: refused: %s", session, why);
		snprintf(text, sizeof(text), "%s; smigrate -f overrides that", why);
		client_answer(c, text);
		return;
	}
	client_answer(c, NULL);
}

void registry_gone(struct registry *r, struct client *c)
{
	if (c->shell.session[0] == '\0')
		return;
	balance_left(r->balance, &c->shell);
	journal_line("session %.4s: the shell left", c->shell.session);
}
