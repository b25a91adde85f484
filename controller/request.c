#include <config.h>

#include "controller/daemon.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "rendezvous/io_full.h"

/* What shells, peers and mishctl ask for on the unix socket. */

enum { TARGETS_MAX = 32, INDEX_MAX = 1000000000 };

static void answer(struct client *c, enum frame_type type, const char *why)
{
	struct frame_buf out = { 0 };
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_WHY, why);
	if (frame_put_msg(&out, type, &m) == 0)
		client_send(c, &out);
	else
		client_close(c);
}

/* Ends a listing. */
static void send_rows(struct client *c, struct frame_buf *out)
{
	struct msg m;

	msg_init(&m);
	(void)frame_put_msg(out, FRAME_OK, &m);
	client_send(c, out);
}

static bool is_admin(const struct client *c)
{
	return c->uid == 0 || c->uid == getuid();
}

static bool is_allowed(struct client *c)
{
	if (is_admin(c))
		return true;
	answer(c, FRAME_REFUSED, "only root may do that");
	return false;
}

const char *request_user_name(uid_t uid)
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
static void send_rules(struct client *c)
{
	const struct conf_list *shared = &c->d->conf->shared;
	struct frame_buf out = { 0 };
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
	if (frame_put_msg(&out, FRAME_OK, &m) == 0)
		client_send(c, &out);
	else
		client_close(c);
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

static void do_register(struct client *c, const struct msg_view *v)
{
	struct candidate *s = &c->shell;
	char session[RDV_ID_LEN + 1];
	uint64_t age = 0;

	if (s->session[0] != '\0' || msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != RDV_ID_LEN) {
		client_close(c);
		return;
	}
	for (struct candidate *k = c->d->balance.share.candidates; k != NULL; k = k->next)
		if (strcmp(k->session, session) == 0 && client_of(k)->uid != c->uid) {
			client_close(c); /* somebody else's */
			return;
		}
	memcpy(s->session, session, sizeof(session));
	snprintf(s->user, sizeof(s->user), "%s", request_user_name(c->uid));
	(void)msg_get_str(v, MSG_ORIGIN, s->origin, sizeof(s->origin));
	(void)msg_get_str(v, MSG_TTY, s->tty, sizeof(s->tty));
	(void)msg_get_uint(v, MSG_EPOCH, UINT64_MAX, &s->epoch);
	(void)msg_get_uint(v, MSG_PID, INT32_MAX, &s->pid);
	s->came = msg_get_uint(v, MSG_AGE, UINT32_MAX, &age) == 0;
	s->came_ms = io_now_ms() - (int64_t)age;
	take_update(s, v);
	daemon_log("session %.4s: a shell of uid %u is here", s->session, (unsigned)c->uid);
	send_rules(c);
	if (c->closing)
		return;
	balance_came(&c->d->balance, s, io_now_ms());
	balance_changed(&c->d->balance, s, io_now_ms());
	daemon_kick(c->d);
}

/* At a prompt, or no longer; or it will not go where it was asked to: then WHY with a NODE. */
static void do_update(struct client *c, const struct msg_view *v)
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
		balance_declined(&c->d->balance, s, s->eligible ? "a line was typed" : s->why, !s->eligible,
				 io_now_ms());
	else if (s->leaving && !s->idle) /* it will not look at our word before its next prompt */
		balance_declined(&c->d->balance, s, "a command began", false, io_now_ms());
	balance_changed(&c->d->balance, s, io_now_ms());
	if (s->leaving)
		daemon_kick(c->d);
}

void request_grant(struct client *c, const char *node, bool by_hand)
{
	struct frame_buf out = { 0 };
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_NODE, strcmp(node, c->shell.origin) == 0 ? "home" : node);
	if (by_hand)
		msg_uint(&m, MSG_FLAGS, MSG_FORCE);
	if (frame_put_msg(&out, FRAME_GRANT, &m) < 0)
		return;
	if (by_hand)
		daemon_log("session %.4s: asked to move", c->shell.session);
	client_send(c, &out);
}

/* ---- peers ---- */

static void do_admit(struct client *c, const struct msg_view *v)
{
	struct balance *b = &c->d->balance;
	char session[RDV_ID_LEN + 1] = "", text[192];
	uint64_t flags = 0;
	const char *why;

	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != strlen(session))
		session[0] = '\0'; /* not into the log */
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	daemon_fresh_load(c->d); /* alone, nobody else looks whether the owner is still there */
	why = share_refusal(&b->share, request_user_name(c->uid), NULL,
			    exchange_expects(&b->exchanges, session));
	if (why != NULL && (flags & MSG_FORCE) == 0) {
		daemon_log("session %.4s: refused: %s", session, why);
		snprintf(text, sizeof(text), "%s; smigrate -f overrides that", why);
		answer(c, FRAME_REFUSED, text);
		return;
	}
	answer(c, FRAME_OK, NULL);
}

/* ---- what is known ---- */

static void do_status(struct client *c)
{
	struct daemon *d = c->d;
	const struct share_counts *n = &d->balance.share.counts;
	const struct load *l = &view_self(&d->balance.share.view)->load;
	struct frame_buf out = { 0 };
	struct msg m;
	uint64_t shells = 0;

	daemon_fresh_load(d);
	for (const struct candidate *k = d->balance.share.candidates; k != NULL; k = k->next)
		shells++;
	msg_init(&m);
	msg_str(&m, MSG_NODE, d->node);
	msg_uint(&m, MSG_PID, (uint64_t)getpid());
	msg_uint(&m, MSG_UPTIME, (uint64_t)(io_now_ms() - d->started_ms) / 1000);
	msg_uint(&m, MSG_COUNT, shells);
	msg_uint(&m, MSG_DRAINING, d->balance.share.draining);
	msg_uint(&m, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(&m, MSG_TEXT, d->balance.share.conf.policy->name);
	msg_uint(&m, MSG_MOVES_IN, n->moves_in);
	msg_uint(&m, MSG_MOVES_OUT, n->moves_out);
	msg_uint(&m, MSG_INDEX, load_milli(load_index(l), INDEX_MAX));
	load_put(l, &m);
	(void)frame_put_msg(&out, FRAME_ROW, &m);
	send_rows(c, &out);
}

/* The shells here, and the sessions from here that are elsewhere; one's own, or all to root. */
static void do_sessions(struct client *c)
{
	struct balance *b = &c->d->balance;
	struct frame_buf out = { 0 };
	struct rdv_info info;
	struct msg m;

	for (struct candidate *s = b->share.candidates; s != NULL; s = s->next) {
		if (client_of(s)->uid != c->uid && !is_admin(c))
			continue;
		msg_init(&m);
		msg_str(&m, MSG_SESSION, s->session);
		msg_str(&m, MSG_USER, s->user);
		msg_str(&m, MSG_NODE, c->d->node);
		msg_str(&m, MSG_ORIGIN, s->origin);
		msg_str(&m, MSG_TTY, s->tty);
		msg_uint(&m, MSG_EPOCH, s->epoch);
		msg_uint(&m, MSG_PID, s->pid);
		msg_str(&m, MSG_TEXT, s->leaving ? "leaving" : !s->idle ? "busy" : s->eligible ? "idle" : "stays");
		msg_uint(&m, MSG_CPU, (uint64_t)(candidates_cpu(s, io_now_ms()) * 1000));
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	for (size_t i = 0; rdv_at(c->d->rdv, i, &info); i++) {
		if (info.holder[0] == '\0' || candidates_find(b->share.candidates, info.session) != NULL ||
		    (info.uid != c->uid && !is_admin(c)))
			continue;
		msg_init(&m);
		msg_str(&m, MSG_SESSION, info.session);
		msg_str(&m, MSG_USER, request_user_name(info.uid));
		msg_str(&m, MSG_NODE, info.holder);
		msg_str(&m, MSG_ORIGIN, c->d->node);
		msg_uint(&m, MSG_EPOCH, info.epoch);
		msg_str(&m, MSG_TEXT, "away");
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	send_rows(c, &out);
}

static void put_node(struct frame_buf *out, const struct daemon *d, const struct view_node *n)
{
	const struct view *v = &d->balance.share.view;
	int64_t now = io_now_ms();
	bool self = n == view_self(v), fresh = view_is_fresh(v, n, now, d->balance.share.conf.stale_ms);
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_NAME, n->name);
	msg_str(&m, MSG_CLUSTER, n->cluster[0] != '\0' ? n->cluster : NULL);
	if (self)
		msg_uint(&m, MSG_HERE, 1);
	if (fresh) {
		msg_uint(&m, MSG_AGE, self || now < n->heard_ms ? 0 : (uint64_t)(now - n->heard_ms));
		msg_uint(&m, MSG_INDEX, load_milli(load_index(&n->load), INDEX_MAX));
		msg_uint(&m, MSG_AVAILABILITY, load_milli(load_availability(&n->load), INDEX_MAX));
		msg_uint(&m, MSG_DRAINING, (n->load.flags & LOAD_DRAINING) != 0);
		load_put(&n->load, &m);
	}
	msg_str(&m, MSG_TEXT,
		!fresh ? "silent" : (n->load.flags & LOAD_DRAINING) != 0 ? "draining" :
		(n->load.flags & LOAD_OWNER) != 0 ? "owner" : now < n->avoid_ms ? "avoided" :
		(n->load.flags & LOAD_PAIRED) != 0 ? "moving" : "up");
	(void)frame_put_msg(out, FRAME_ROW, &m);
}

/* All nodes by name; or, when it asks for the best, those that would take a shell, best first. */
static void do_nodes(struct client *c, const struct msg_view *v)
{
	const struct view_node *best[TARGETS_MAX];
	struct daemon *d = c->d;
	struct frame_buf out = { 0 };
	uint64_t flags = 0;
	size_t n;

	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	daemon_fresh_load(d);
	if ((flags & MSG_BEST) != 0) {
		n = balance_targets(&d->balance, io_now_ms(), best, TARGETS_MAX);
		for (size_t i = 0; i < n; i++)
			put_node(&out, d, best[i]);
		/* who is not heard of may still be there: after the others */
		for (size_t i = 0; n == 0 && i < d->balance.share.view.n; i++)
			if (i != d->balance.share.view.self)
				put_node(&out, d, &d->balance.share.view.nodes[i]);
	} else {
		for (size_t i = 0; i < d->balance.share.view.n; i++)
			put_node(&out, d, &d->balance.share.view.nodes[i]);
	}
	send_rows(c, &out);
}

/* A shell of the caller's by the first digits of its session; answers when there is none. */
static struct candidate *find_session(struct client *c, const struct msg_view *v)
{
	char session[RDV_ID_LEN + 1];
	struct candidate *s = NULL;
	bool many = false;

	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 || session[0] == '\0') {
		answer(c, FRAME_REFUSED, "a session is needed");
		return NULL;
	}
	for (struct candidate *k = c->d->balance.share.candidates; k != NULL; k = k->next)
		if ((client_of(k)->uid == c->uid || is_admin(c)) &&
		    strncmp(k->session, session, strlen(session)) == 0) {
			many |= s != NULL;
			s = k;
		}
	if (many) {
		answer(c, FRAME_REFUSED, "more than one session begins like that");
		return NULL;
	}
	if (s == NULL) {
		answer(c, FRAME_REFUSED, "no such session here");
		return NULL;
	}
	return s;
}

static void do_why(struct client *c, const struct msg_view *v)
{
	struct candidate *s = find_session(c, v);
	struct frame_buf out = { 0 };
	char text[1024] = "";
	struct candidate as;
	uint64_t flags = 0;
	struct msg m;

	if (s == NULL)
		return;
	daemon_fresh_load(c->d);
	as = *s;
	/* the shell itself asks, which makes it busy */
	if (msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags) == 0 && (flags & MSG_IDLE) != 0) {
		as.idle = true;
		as.eligible = msg_get_str(v, MSG_WHY, as.why, sizeof(as.why)) < 0;
	}
	balance_explain(&c->d->balance, &as, io_now_ms(), text, sizeof(text));
	msg_init(&m);
	msg_str(&m, MSG_SESSION, s->session);
	msg_str(&m, MSG_TEXT, text);
	(void)frame_put_msg(&out, FRAME_ROW, &m);
	send_rows(c, &out);
}

/* ---- orders ---- */

static void do_drain(struct client *c, bool on)
{
	if (!is_allowed(c))
		return;
	c->d->balance.share.draining = on;
	if (!on) /* newcomers are accepted, whatever was ordered */
		c->d->balance.share.evicting = false;
	daemon_log("%s", on ? "draining" : "no longer draining");
	answer(c, FRAME_OK, NULL);
	balance_decide(&c->d->balance, io_now_ms());
	daemon_kick(c->d);
}

static void do_evict(struct client *c)
{
	if (!is_allowed(c))
		return;
	c->d->balance.share.evicting = true;
	daemon_log("guests are sent away");
	answer(c, FRAME_OK, NULL);
	balance_decide(&c->d->balance, io_now_ms());
	daemon_kick(c->d);
}

static void do_move(struct client *c, const struct msg_view *v)
{
	struct candidate *s;
	char node[256];

	if (msg_get_str(v, MSG_NODE, node, sizeof(node)) < 0) {
		answer(c, FRAME_REFUSED, "a session and a node are needed");
		return;
	}
	if (strcmp(node, "home") != 0 && view_find(&c->d->balance.share.view, node) == NULL) {
		answer(c, FRAME_REFUSED, "not a node of the configuration");
		return;
	}
	s = find_session(c, v);
	if (s == NULL)
		return;
	request_grant(client_of(s), node, true);
	answer(c, FRAME_OK, NULL);
}

static void do_rendezvous(struct client *c, enum frame_type type, const struct msg_view *v)
{
	struct frame_buf out = { 0 };
	char session[RDV_ID_LEN + 1];
	uint8_t random[16];
	enum frame_type reply;
	const uint8_t *payload;
	size_t len, total;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random) ||
	    rdv_serve(c->d->rdv, c->uid, type, v, io_now_ms(), random, &out) < 0) {
		frame_buf_release(&out);
		client_close(c);
		return;
	}
	if (frame_next(&out, FRAME_MAX, &reply, &payload, &len, &total) == 1 && reply == FRAME_OK &&
	    msg_get_str(v, MSG_SESSION, session, sizeof(session)) == 0) {
		if (type == FRAME_RDV_OFFER)
			watch_begin(c->d, session, c->uid, c->pid);
		else if (type == FRAME_RDV_END)
			watch_end(c->d, session);
	}
	client_send(c, &out);
}

void request_dispatch(struct client *c, enum frame_type type, const struct msg_view *v)
{
	switch (type) {
	case FRAME_RDV_OFFER:
	case FRAME_RDV_TAKE:
	case FRAME_RDV_COMMIT:
	case FRAME_RDV_ABORT:
	case FRAME_RDV_END:
		do_rendezvous(c, type, v);
		break;
	case FRAME_REGISTER:
		do_register(c, v);
		break;
	case FRAME_UPDATE:
		do_update(c, v);
		break;
	case FRAME_ADMIT:
		do_admit(c, v);
		break;
	case FRAME_GET_STATUS:
		do_status(c);
		break;
	case FRAME_GET_SESSIONS:
		do_sessions(c);
		break;
	case FRAME_GET_NODES:
		do_nodes(c, v);
		break;
	case FRAME_GET_WHY:
		do_why(c, v);
		break;
	case FRAME_DRAIN:
	case FRAME_UNDRAIN:
		do_drain(c, type == FRAME_DRAIN);
		break;
	case FRAME_EVICT:
		do_evict(c);
		break;
	case FRAME_MOVE:
		do_move(c, v);
		break;
	default:
		answer(c, FRAME_REFUSED, "unknown request");
		break;
	}
}
