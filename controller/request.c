#include <config.h>

#include "controller/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "controller/journal.h"
#include "wire/now.h"

enum { INDEX_MAX = 1000000000, /* thousandths: what is shown as the largest load */
       TIME_MOST_S = 365 * 86400, PARALLEL_MOST = 1 << 20 };

/* Sends the rows of a listing, and its end. */
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
	client_answer(c, "only root may do that");
	return false;
}

/* ---- what is known ---- */

static void do_status(struct requests *r, struct client *c)
{
	const struct share *s = &r->balance->share;
	const struct load *l = &view_self(&s->view)->load;
	struct frame_buf out = { 0 };
	struct msg m;
	uint64_t shells = 0;

	meter_refresh(r->meter);
	for (const struct candidate *k = s->candidates; k != NULL; k = k->next)
		shells++;
	msg_init(&m);
	msg_str(&m, MSG_NODE, r->node);
	msg_uint(&m, MSG_PID, (uint64_t)getpid());
	msg_uint(&m, MSG_UPTIME, (uint64_t)(now_mono_ms() - r->started_ms) / 1000);
	msg_uint(&m, MSG_COUNT, shells);
	msg_uint(&m, MSG_DRAINING, share_is_draining(s));
	msg_uint(&m, MSG_VERSION, PROTOCOL_VERSION);
	msg_str(&m, MSG_TEXT, s->conf.policy->name);
	msg_uint(&m, MSG_MOVES_IN, s->counts.moves_in);
	msg_uint(&m, MSG_MOVES_OUT, s->counts.moves_out);
	msg_uint(&m, MSG_INDEX, load_milli(load_index(l), INDEX_MAX));
	load_put(l, &m);
	(void)frame_put_msg(&out, FRAME_ROW, &m);
	send_rows(c, &out);
}

/* Lists the shells here, and the sessions from here that are elsewhere: the asker's own; to root, all. */
static void do_sessions(struct requests *r, struct client *c)
{
	struct candidate *here = r->balance->share.candidates;
	char user[ACCOUNTS_NAME_MAX + 1];
	struct frame_buf out = { 0 };
	struct rdv_info info;
	struct msg m;

	for (struct candidate *s = here; s != NULL; s = s->next) {
		if (client_of(s)->uid != c->uid && !is_admin(c))
			continue;
		msg_init(&m);
		msg_str(&m, MSG_SESSION, s->session);
		msg_str(&m, MSG_USER, s->user);
		msg_str(&m, MSG_NODE, r->node);
		msg_str(&m, MSG_ORIGIN, s->origin);
		msg_str(&m, MSG_TTY, s->tty);
		msg_uint(&m, MSG_EPOCH, s->epoch);
		msg_uint(&m, MSG_PID, s->pid);
		msg_str(&m, MSG_TEXT, s->leaving ? "leaving" : !s->idle ? "busy" : s->eligible ? "idle" : "stays");
		msg_uint(&m, MSG_CPU, (uint64_t)(candidates_cpu(s, now_mono_ms()) * 1000));
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	for (size_t i = 0; rdv_at(r->rdv, i, &info); i++) {
		if (info.holder[0] == '\0' || candidates_find(here, info.session) != NULL ||
		    (info.uid != c->uid && !is_admin(c)))
			continue;
		(void)accounts_name(r->accounts, info.uid, user);
		msg_init(&m);
		msg_str(&m, MSG_SESSION, info.session);
		msg_str(&m, MSG_USER, user);
		msg_str(&m, MSG_NODE, info.holder);
		msg_str(&m, MSG_ORIGIN, r->node);
		msg_uint(&m, MSG_EPOCH, info.epoch);
		msg_str(&m, MSG_TEXT, "away");
		(void)frame_put_msg(&out, FRAME_ROW, &m);
	}
	send_rows(c, &out);
}

/* Why nothing is heard of a node, for people. */
static const char *why_silent(const struct share *s, const struct view_node *n, int64_t now_ms, char *buf, size_t room)
{
	if (s->alone)
		snprintf(buf, room, "this node has no key (mishctl keygen)");
	else if (n->n_keys == 0)
		snprintf(buf, room, "the list of nodes has no key of it");
	else if (n->no_address != NULL)
		snprintf(buf, room, "no address: %s", n->no_address);
	else if (n->boot == 0)
		snprintf(buf, room, "never heard of: does mishd run there, with this node's key in its list?");
	else
		snprintf(buf, room, "not heard of for %lld s", (long long)((now_ms - n->heard_ms) / 1000));
	return buf;
}

/* What a GET_NODES is asked for. */
struct asked {
	struct response_need need;
	double cost; /* s: of going elsewhere */
	const struct candidate *c; /* the shell that asks; NULL: not known */
	const struct view_node *best; /* where it would go; NULL: nowhere */
};

static void put_time(struct msg *m, enum msg_key key, const struct balance *b, const struct asked *a, const struct view_node *n)
{
	double t = balance_response(b, a->c, &a->need, n, now_mono_ms());

	if (t < TIME_MOST_S)
		msg_uint(m, key, (uint64_t)(t * 1000));
}

static void put_response(struct msg *m, const struct balance *b, const struct asked *a, const struct view_node *n)
{
	put_time(m, MSG_RESPONSE, b, a, n);
	put_time(m, MSG_RESPONSE_HERE, b, a, view_self(&b->share.view));
	if (n == a->best)
		msg_uint(m, MSG_FLAGS, MSG_BEST);
}

static void put_node(struct frame_buf *out, const struct balance *b, const struct view_node *n, const struct asked *a)
{
	const struct share *s = &b->share;
	const struct view *v = &s->view;
	int64_t now = now_mono_ms();
	bool self = n == view_self(v), fresh = view_is_fresh(v, n, now, s->conf.stale_ms);
	char why[128];
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
		if (a != NULL && a->need.known)
			put_response(&m, b, a, n);
	}
	msg_str(&m, MSG_TEXT,
		n->drain ? "draining" : !fresh ? "silent" : (n->load.flags & LOAD_DRAINING) != 0 ? "draining" :
		(n->load.flags & LOAD_OWNER) != 0 ? "owner" : now < n->avoid_ms ? "avoided" :
		(n->load.flags & LOAD_PAIRED) != 0 ? "moving" : "up");
	if (!fresh)
		msg_str(&m, MSG_WHY, why_silent(s, n, now, why, sizeof(why)));
	(void)frame_put_msg(out, FRAME_ROW, &m);
}

/* Where a command that begins now runs better: that node, or none. */
static void put_place(struct requests *r, struct frame_buf *out, const struct asked *a)
{
	const struct share *s = &r->balance->share;

	if (a->best != NULL)
		put_node(out, r->balance, a->best, a);
	balance_expect(r->balance, a->best != NULL ? a->best : view_self(&s->view));
}

/* The nodes that would take a command, the best first; `first`, if not NULL, before those. None: one that is not heard of may still be there. */
static void put_best(struct requests *r, struct frame_buf *out, const struct view_node *first)
{
	const struct view_node *best[REQUEST_TARGETS_MAX];
	const struct share *s = &r->balance->share;
	size_t n = balance_targets(r->balance, now_mono_ms(), best, REQUEST_TARGETS_MAX);

	if (first != NULL)
		put_node(out, r->balance, first, NULL);
	for (size_t i = 0; i < n; i++)
		if (best[i] != first)
			put_node(out, r->balance, best[i], NULL);
	if (n != 0 && first == NULL)
		balance_expect(r->balance, best[0]);
	for (size_t i = 0; n == 0 && i < s->view.n; i++)
		if (i != s->view.self && !s->view.nodes[i].drain)
			put_node(out, r->balance, &s->view.nodes[i], NULL);
}

/* One that holds a place as long as it is connected. */
static void do_place(struct requests *r, struct client *c, bool queued)
{
	const struct view_node *n;
	struct frame_buf out = { 0 };

	if (queued && places_count_waiting(&r->places, c->uid) >= PLACES_WAITING_MAX) {
		client_answer(c, "the line is full");
		return;
	}
	n = places_take(&r->places, c, queued, now_mono_ms());
	if (places_waits(c))
		return;
	put_best(r, &out, n);
	send_rows(c, &out);
}

void request_serve_places(struct requests *r)
{
	const struct view_node *n;
	struct client *c;

	while ((c = places_next(&r->places, &n, now_mono_ms())) != NULL) {
		struct frame_buf out = { 0 };

		put_best(r, &out, n);
		send_rows(c, &out);
	}
}

/* What is told of the command that it is about, if anything; `c` is whose. */
static void take_need(const struct requests *r, const struct client *c, const struct msg_view *v, struct asked *a)
{
	uint64_t us, cost = 0, parallel;
	char session[RDV_ID_LEN + 1];

	*a = (struct asked){ 0 };
	if (msg_get_uint(v, MSG_USER_US, TIME_MOST_S * UINT64_C(1000000), &us) < 0)
		return;
	(void)msg_get_uint(v, MSG_RSS, UINT64_MAX >> 1, &a->need.memory_kib);
	(void)msg_get_uint(v, MSG_READ_KIB, UINT64_MAX >> 1, &a->need.io_kib);
	if (msg_get_uint(v, MSG_CPU, PARALLEL_MOST * UINT64_C(1000), &parallel) == 0)
		a->need.parallel = (double)parallel / 1000;
	(void)msg_get_uint(v, MSG_ELAPSED, TIME_MOST_S * UINT64_C(1000), &cost);
	a->need.cpu = (double)us / 1e6;
	a->need.known = true;
	a->cost = (double)cost / 1000;
	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) == 0)
		a->c = candidates_find(r->balance->share.candidates, session);
	if (a->c != NULL && client_of((struct candidate *)(uintptr_t)a->c)->uid != c->uid)
		a->c = NULL;
}

/*
 * Lists all nodes by name; or, with MSG_BEST, those that would take a shell, the best first; and with MSG_AUTOMATIC, too, the one that
 * would be chosen for what begins now; with MSG_HOLD it is counted until the connection ends, with MSG_QUEUED it waits until there is room.
 * Where it is told what a command is predicted to take, rows say in what time it would end there and here, and one of them
 * that it is where it would go.
 */
static void do_nodes(struct requests *r, struct client *c, const struct msg_view *v)
{
	const struct share *s = &r->balance->share;
	struct frame_buf out = { 0 };
	struct asked a;
	uint64_t flags = 0;

	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	meter_refresh(r->meter);
	take_need(r, c, v, &a);
	if ((flags & MSG_HOLD) == 0 && (a.need.known || (flags & MSG_AUTOMATIC) != 0))
		a.best = balance_place(r->balance, a.c, &a.need, a.cost, now_mono_ms());
	if ((flags & MSG_BEST) != 0 && (flags & MSG_HOLD) != 0) {
		do_place(r, c, (flags & MSG_QUEUED) != 0);
		return;
	}
	if ((flags & MSG_BEST) != 0 && (flags & MSG_AUTOMATIC) != 0)
		put_place(r, &out, &a);
	else if ((flags & MSG_BEST) != 0)
		put_best(r, &out, NULL);
	else
		for (size_t i = 0; i < s->view.n; i++)
			put_node(&out, r->balance, &s->view.nodes[i], &a);
	send_rows(c, &out);
}

/* The asker's shell whose session begins with the given digits; NULL: there is none, which is answered. */
static struct candidate *find_session(const struct requests *r, struct client *c, const struct msg_view *v)
{
	char session[RDV_ID_LEN + 1];
	struct candidate *s = NULL;
	bool many = false;

	if (msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 || session[0] == '\0') {
		client_answer(c, "a session is needed");
		return NULL;
	}
	for (struct candidate *k = r->balance->share.candidates; k != NULL; k = k->next)
		if ((client_of(k)->uid == c->uid || is_admin(c)) &&
		    strncmp(k->session, session, strlen(session)) == 0) {
			many |= s != NULL;
			s = k;
		}
	if (many) {
		client_answer(c, "more than one session begins like that");
		return NULL;
	}
	if (s == NULL) {
		client_answer(c, "no such session here");
		return NULL;
	}
	return s;
}

static void do_why(struct requests *r, struct client *c, const struct msg_view *v)
{
	struct candidate *s = find_session(r, c, v);
	struct frame_buf out = { 0 };
	char text[1024] = "";
	struct candidate as;
	uint64_t flags = 0;
	struct msg m;

	if (s == NULL)
		return;
	meter_refresh(r->meter);
	as = *s;
	/* `smigrate -n`: a shell that asks is busy only because it asks */
	if (msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags) == 0 && (flags & MSG_IDLE) != 0) {
		as.idle = true;
		as.eligible = msg_get_str(v, MSG_WHY, as.why, sizeof(as.why)) < 0;
	}
	balance_explain(r->balance, &as, now_mono_ms(), text, sizeof(text));
	msg_init(&m);
	msg_str(&m, MSG_SESSION, s->session);
	msg_str(&m, MSG_TEXT, text);
	(void)frame_put_msg(&out, FRAME_ROW, &m);
	send_rows(c, &out);
}

/* ---- orders ---- */

static void do_drain(struct requests *r, struct client *c, bool on)
{
	if (!is_allowed(c))
		return;
	r->balance->share.draining = on;
	if (!on) /* undrain ends evict, too: newcomers are accepted again */
		r->balance->share.evicting = false;
	journal_line("%s", on ? "draining" : "no longer draining");
	client_answer(c, !on && share_is_draining(&r->balance->share) ?
				 "the list of nodes says that it drains (nodes_command): undrain it there" : NULL);
	balance_decide(r->balance, now_mono_ms());
	ticker_kick(r->ticker);
}

static void do_evict(struct requests *r, struct client *c)
{
	if (!is_allowed(c))
		return;
	r->balance->share.evicting = true;
	journal_line("guests are sent away");
	client_answer(c, NULL);
	balance_decide(r->balance, now_mono_ms());
	ticker_kick(r->ticker);
}

static void do_move(struct requests *r, struct client *c, const struct msg_view *v)
{
	struct candidate *s;
	char node[256];

	if (msg_get_str(v, MSG_NODE, node, sizeof(node)) < 0) {
		client_answer(c, "a session and a node are needed");
		return;
	}
	if (strcmp(node, "home") != 0 && view_find(&r->balance->share.view, node) == NULL) {
		client_answer(c, "not a node of the configuration");
		return;
	}
	s = find_session(r, c, v);
	if (s == NULL)
		return;
	registry_grant(client_of(s), node, true);
	client_answer(c, NULL);
}

/* Tells the log that a user's quota at the rendezvous is used up; the answer tells the user. */
static void tell_quota(struct requests *r, const struct client *c, const uint8_t *payload, size_t len)
{
	uint64_t refusal;
	struct msg_view v;

	if (msg_parse(&v, payload, len) == 0 && msg_get_uint(&v, MSG_STATUS, UINT32_MAX, &refusal) == 0 &&
	    refusal == RDV_QUOTA)
		journal_often(&r->quota,
			      "uid %u: an offer is refused: more than %d sessions or %d MiB of state",
			      (unsigned)c->uid, RDV_MAX_SESSIONS, RDV_MAX_BYTES >> 20);
}

static void do_rendezvous(struct requests *r, struct client *c, enum frame_type type, const struct msg_view *v)
{
	struct frame_buf out = { 0 };
	char session[RDV_ID_LEN + 1];
	uint8_t random[16];
	enum frame_type reply = FRAME_REFUSED;
	const uint8_t *payload;
	size_t len, total;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random) ||
	    rdv_serve(r->rdv, c->uid, type, v, now_mono_ms(), random, &out) < 0) {
		frame_buf_release(&out);
		client_close(c);
		return;
	}
	if (frame_next(&out, FRAME_MAX, &reply, &payload, &len, &total) == 1 && reply == FRAME_REFUSED)
		tell_quota(r, c, payload, len);
	else if (reply == FRAME_OK && msg_get_str(v, MSG_SESSION, session, sizeof(session)) == 0) {
		if (type == FRAME_RDV_OFFER)
			watch_begin(r->watches, session, c->uid, c->pid);
		else if (type == FRAME_RDV_END)
			watch_end(r->watches, session);
	}
	client_send(c, &out);
}

/* Gives a request to its function; the answer is that one's. */
static void on_request(void *arg, struct client *c, enum frame_type type, const struct msg_view *v)
{
	struct requests *r = arg;

	switch (type) {
	case FRAME_RDV_OFFER:
	case FRAME_RDV_TAKE:
	case FRAME_RDV_COMMIT:
	case FRAME_RDV_ABORT:
	case FRAME_RDV_END:
		do_rendezvous(r, c, type, v);
		break;
	case FRAME_REGISTER:
		registry_register(r->registry, c, v);
		break;
	case FRAME_UPDATE:
		registry_update(r->registry, c, v);
		break;
	case FRAME_ADMIT:
		registry_admit(r->registry, c, v);
		break;
	case FRAME_GET_STATUS:
		do_status(r, c);
		break;
	case FRAME_GET_SESSIONS:
		do_sessions(r, c);
		break;
	case FRAME_GET_NODES:
		do_nodes(r, c, v);
		break;
	case FRAME_GET_WHY:
		do_why(r, c, v);
		break;
	case FRAME_RECORD:
		usage_record(r->usage, c, v);
		break;
	case FRAME_GET_USAGE:
	case FRAME_GET_RECORDS:
		usage_ask(r->usage, c, v, type == FRAME_GET_USAGE ? USAGE_KINDS : USAGE_RECORDS);
		break;
	case FRAME_GET_HISTORIES:
		if (is_allowed(c))
			usage_ask(r->usage, c, v, USAGE_HISTORIES);
		break;
	case FRAME_DRAIN:
	case FRAME_UNDRAIN:
		do_drain(r, c, type == FRAME_DRAIN);
		break;
	case FRAME_EVICT:
		do_evict(r, c);
		break;
	case FRAME_MOVE:
		do_move(r, c, v);
		break;
	default:
		client_answer(c, "unknown request");
		break;
	}
}

static void on_gone(void *arg, struct client *c)
{
	struct requests *r = arg;

	registry_gone(r->registry, c);
	if (c->place.node[0] != '\0')
		request_serve_places(r);
}

const struct client_ops request_ops = { .request = on_request, .gone = on_gone };
