#include <config.h>

#include "controller/daemon.h"

#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "rendezvous/io_full.h"
#include "rendezvous/node.h"

enum {
	RESOLVE_MS = 300000, /* a name's address may change */
	RESOLVE_AGAIN_MS = 15000, /* there was none: the network may not be up yet */
	FRESH_MS = 1000,
};

struct daemon_address {
	struct sockaddr_storage sa;
	bool known;
};

/* A name being looked up; the view may have changed when the answer comes. */
struct lookup {
	uv_getaddrinfo_t req;
	struct daemon *d;
	char name[VIEW_NAME_MAX + 1];
	unsigned round;
};

void daemon_log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("mishd: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

int daemon_take_path(const char *path)
{
	int fd = io_connect(path);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == -EAGAIN) /* or there is a queue */
		return -EADDRINUSE;
	if (fd == -ECONNREFUSED) /* of a daemon that did not end well */
		return unlink(path) < 0 ? -errno : 0;
	return fd == -ENOENT ? 0 : fd;
}

/* ---- what the balance asks for ---- */

static void on_log(void *arg, const char *line)
{
	(void)arg;
	daemon_log("%s", line);
}

static uint64_t on_random(void *arg)
{
	uint64_t r = 0;

	(void)arg;
	if (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r))
		r = (uint64_t)io_now_ms() * UINT64_C(0x9e3779b97f4a7c15);
	return r;
}

static void on_grant(void *arg, struct candidate *c, const char *node)
{
	(void)arg;
	request_grant(client_of(c), node, false);
}

/* A datagram that does not fit into the socket now is lost, as others are on the way. */
static void on_send(void *arg, const struct view_node *to, const uint8_t *s, size_t len)
{
	struct daemon *d = arg;
	const struct daemon_address *a = &d->addresses[to - d->balance.share.view.nodes];
	uv_buf_t b = uv_buf_init((char *)(uintptr_t)s, (unsigned)len);

	if (a->known)
		(void)uv_udp_try_send(&d->udp, &b, 1, (const struct sockaddr *)&a->sa);
}

static const struct share_ops ops = {
	.send = on_send, .grant = on_grant, .log = on_log, .random = on_random,
};

static bool trusts_user(void *arg, const char *user)
{
	const struct daemon *d = arg;

	return conf_allows(&d->conf->allow_user, &d->conf->deny_user, user);
}

static bool trusts_node(void *arg, const char *node)
{
	const struct daemon *d = arg;

	return conf_allows(&d->conf->allow_node, &d->conf->deny_node, node);
}

/* ---- time ---- */

/* The owner at a mish prompt, at home: his terminal may be of a kind that the sampler cannot see. */
static bool owner_types(const struct daemon *d, int64_t now_ms)
{
	for (const struct candidate *c = d->balance.share.candidates; c != NULL; c = c->next)
		if (conf_list_has(&d->conf->owner, c->user) && strcmp(c->origin, d->node) == 0 &&
		    (!c->idle || now_ms - c->typed_ms < d->conf->owner_idle_ms))
			return true;
	return false;
}

static void take_sample(struct daemon *d, int64_t now_ms)
{
	struct load l;
	bool owner;

	sampler_take(&d->sampler, now_ms, &l);
	for (size_t i = 0; i < d->n_site; i++) { /* a site may know better */
		const struct daemon_site *x = &d->site[i];

		if (strcmp(x->name, "queue") == 0)
			l.queue = (float)x->value;
		else if (strcmp(x->name, "cpus") == 0)
			l.cpus = (float)x->value;
		else if (strcmp(x->name, "speed") == 0)
			l.speed = (float)x->value;
		else if (strcmp(x->name, "utilisation") == 0)
			l.utilisation = (float)x->value;
		else if (strcmp(x->name, "memory_free") == 0)
			l.memory_free = (uint64_t)x->value;
	}
	owner = d->sampler.owner_here || owner_types(d, now_ms);
	if (owner != d->balance.share.owner_here)
		daemon_log("%s", owner ? "an owner is here: guests leave" : "no owner is here");
	d->balance.share.owner_here = owner;
	balance_set_load(&d->balance, &l, now_ms);
	d->sample_ms = now_ms + sampler_interval(&d->sampler, d->conf->load_interval_ms);
}

void daemon_fresh_load(struct daemon *d)
{
	int64_t now = io_now_ms();

	if (!d->sampler.begun || now - d->sampler.last_ms > FRESH_MS)
		take_sample(d, now);
}

static void resolve_all(struct daemon *d);
static void run_commands(struct daemon *d, int64_t now_ms);

/* Alone, and with nobody who watches, there is nothing to do until somebody asks. */
static bool is_needed(const struct daemon *d)
{
	return (d->balance.share.view.n > 1 && !d->balance.share.alone) || d->conf->nodes_command != NULL ||
	       d->conf->load_command != NULL ||
	       exchange_under_way(&d->balance.exchanges) != 0; /* before a reload */
}

static void on_tick(uv_timer_t *t)
{
	struct daemon *d = t->data;
	int64_t now = io_now_ms(), next;

	if (!is_needed(d))
		return;
	if (now >= d->sample_ms)
		take_sample(d, now);
	if (now >= d->resolve_ms && d->lookups == 0)
		resolve_all(d);
	run_commands(d, now);
	next = balance_tick(&d->balance, now);
	if (next > d->sample_ms - now)
		next = d->sample_ms - now;
	uv_timer_start(t, on_tick, next > 0 ? (uint64_t)next : 1, 0);
}

void daemon_kick(struct daemon *d)
{
	uv_timer_start(&d->tick, on_tick, 0, 0);
}

/* ---- the other controllers ---- */

static void on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct lookup *l = req->data;
	struct view_node *n = view_find(&l->d->balance.share.view, l->name);

	l->d->lookups--;
	if (l->round != l->d->lookup_round) /* the address in the configuration may be another now */
		n = NULL;
	if (status == 0 && n != NULL && res->ai_addrlen <= sizeof(struct sockaddr_storage)) {
		struct daemon_address *a = &l->d->addresses[n - l->d->balance.share.view.nodes];

		memcpy(&a->sa, res->ai_addr, res->ai_addrlen);
		if (!a->known) { /* what was told so far did not reach it */
			balance_reached(&l->d->balance);
			daemon_kick(l->d);
		}
		a->known = true;
	} else if (status != 0 && status != UV_ECANCELED && n != NULL) {
		daemon_log("node %s: %s", l->name, uv_strerror(status));
		l->d->resolve_ms = io_now_ms() + RESOLVE_AGAIN_MS;
	}
	uv_freeaddrinfo(res);
	free(l);
}

static void resolve_all(struct daemon *d)
{
	const struct view *v = &d->balance.share.view;
	char port[16];

	d->resolve_ms = io_now_ms() + RESOLVE_MS;
	if (d->balance.share.alone)
		return;
	snprintf(port, sizeof(port), "%u", d->conf->port);
	for (size_t i = 0; i < v->n; i++) {
		struct addrinfo hints = { .ai_family = d->v6 ? AF_INET6 : AF_INET, .ai_socktype = SOCK_DGRAM,
					  .ai_flags = d->v6 ? AI_V4MAPPED : 0 };
		struct lookup *l = i != v->self ? calloc(1, sizeof(*l)) : NULL;

		if (l == NULL)
			continue;
		l->d = d;
		l->round = d->lookup_round;
		l->req.data = l;
		snprintf(l->name, sizeof(l->name), "%s", v->nodes[i].name);
		if (uv_getaddrinfo(&d->loop, &l->req, on_resolved,
				   v->nodes[i].address != NULL ? v->nodes[i].address : l->name, port, &hints) < 0)
			free(l);
		else
			d->lookups++;
	}
}

static void on_udp_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	static char space[65536]; /* used before the next datagram is read */

	(void)h;
	(void)suggested;
	*buf = uv_buf_init(space, sizeof(space));
}

static void on_datagram(uv_udp_t *u, ssize_t n, const uv_buf_t *buf, const struct sockaddr *from,
			unsigned flags)
{
	struct daemon *d = u->data;

	if (n <= 0 || from == NULL || (flags & UV_UDP_PARTIAL) != 0)
		return;
	balance_receive(&d->balance, (const uint8_t *)buf->base, (size_t)n, io_now_ms());
	if (exchange_under_way(&d->balance.exchanges) != 0)
		daemon_kick(d);
}

static int listen_udp(struct daemon *d)
{
	struct sockaddr_in6 any6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)d->conf->port) };
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons((uint16_t)d->conf->port) };
	int r;

	if (d->listens)
		return 0;
	d->v6 = uv_udp_bind(&d->udp, (const struct sockaddr *)&any6, 0) == 0;
	r = d->v6 ? 0 : uv_udp_bind(&d->udp, (const struct sockaddr *)&any, 0);
	if (r == 0)
		r = uv_udp_recv_start(&d->udp, on_udp_alloc, on_datagram);
	if (r < 0)
		daemon_log("port %u: %s", d->conf->port, uv_strerror(r));
	d->listens = r == 0;
	return r;
}

/* ---- nodes ---- */

static void set_nodes(struct daemon *d)
{
	bool found = d->conf->nodes_command != NULL && d->found != NULL;
	const struct conf_node *nodes = found ? d->found : d->conf->nodes;
	size_t n = found ? d->n_found : d->conf->n_nodes;
	struct view_entry *e = calloc(n + 1, sizeof(*e));
	struct daemon_address *addresses;
	int r = e != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && r == 0; i++)
		e[i] = (struct view_entry){ nodes[i].name, nodes[i].address, nodes[i].cluster };
	if (r == 0)
		r = view_configure(&d->balance.share.view, e, n);
	addresses = r == 0 ? calloc(d->balance.share.view.n, sizeof(*addresses)) : NULL;
	free(e);
	if (addresses == NULL) {
		daemon_log("%zu nodes: %s", n, strerror(r < 0 ? -r : ENOMEM));
		exit(1); /* the view and the addresses go together */
	}
	free(d->addresses);
	d->addresses = addresses;
	d->lookup_round++;
	resolve_all(d);
	daemon_kick(d);
}

static bool same_nodes(const struct conf_node *a, size_t n, const struct conf_node *b, size_t m)
{
	for (size_t i = 0; i < n && n == m; i++) {
		const char *x[] = { a[i].name, a[i].address, a[i].cluster };
		const char *y[] = { b[i].name, b[i].address, b[i].cluster };

		for (int k = 0; k < 3; k++)
			if ((x[k] == NULL) != (y[k] == NULL) || (x[k] != NULL && strcmp(x[k], y[k]) != 0))
				return false;
	}
	return n == m;
}

static void on_nodes(void *arg, const char *text, const char *why)
{
	struct daemon *d = arg;
	struct conf_node *nodes = NULL;
	char *wrong = NULL;
	size_t n = 0;

	if (d->conf->nodes_command == NULL) /* a reload removed it while it ran */
		return;
	if (text == NULL || conf_parse_nodes(text, &nodes, &n, &wrong) < 0) {
		daemon_log("nodes_command: %s (going on with %zu nodes)", wrong != NULL ? wrong : why,
			   d->balance.share.view.n);
		free(wrong);
		return;
	}
	if (same_nodes(nodes, n, d->found, d->n_found)) {
		conf_nodes_free(nodes, n);
		return;
	}
	conf_nodes_free(d->found, d->n_found);
	d->found = nodes;
	d->n_found = n;
	daemon_log("nodes_command: %zu nodes", n);
	set_nodes(d);
}

static bool is_told(const struct daemon *d, const char *name)
{
	for (size_t i = 0; i < d->n_site; i++)
		if (strcmp(d->site[i].name, name) == 0)
			return true;
	return false;
}

/* `name value` lines, the first of a name; a line that is no such thing spoils nothing. */
static void on_load(void *arg, const char *text, const char *why)
{
	struct daemon *d = arg;

	d->n_site = 0;
	if (d->conf->load_command == NULL) /* a reload removed it while it ran */
		return;
	if (text == NULL) {
		daemon_log("load_command: %s (going on without it)", why);
		return;
	}
	while (text != NULL && *text != '\0' && d->n_site < DAEMON_SITE_MAX) {
		struct daemon_site *x = &d->site[d->n_site];

		if (sscanf(text, "%31[A-Za-z0-9_] %lf", x->name, &x->value) == 2 && x->value >= 0 &&
		    x->value < 1e15 && !is_told(d, x->name))
			d->n_site++;
		text = strchr(text, '\n');
		text += text != NULL;
	}
}

static void run_commands(struct daemon *d, int64_t now_ms)
{
	if (d->conf->nodes_command != NULL && now_ms >= d->nodes_command_ms) {
		d->nodes_command_ms = now_ms + d->conf->nodes_interval_ms;
		command_start(&d->nodes_command, &d->loop, d->conf->nodes_command, on_nodes, d);
	}
	if (d->conf->load_command != NULL && now_ms >= d->load_command_ms) {
		d->load_command_ms = now_ms + d->conf->load_command_interval_ms;
		command_start(&d->load_command, &d->loop, d->conf->load_command, on_load, d);
	}
}

/* ---- configuration ---- */

static int load_key(struct daemon *d, char **why)
{
	struct datagram_key key;

	if (d->conf->key_file == NULL) {
		d->balance.share.alone = true;
		return 0;
	}
	if (conf_read_key(d->conf->key_file, &key, why) < 0)
		return -1;
	d->balance.share.key = key;
	explicit_bzero(&key, sizeof(key));
	d->balance.share.alone = false;
	return 0;
}

/* What the configuration says, without the nodes. */
static void apply(struct daemon *d)
{
	const struct conf *c = d->conf;

	d->balance.share.conf = c->share;
	d->balance.share.conf.trusts_user = trusts_user;
	d->balance.share.conf.trusts_node = trusts_node;
	d->balance.share.conf.trust_arg = d;
	d->sampler.smoothing_ms = c->share.smoothing_ms;
	d->sampler.owner_idle_ms = c->owner_idle_ms;
	if (c->speed <= 0 && d->measured_speed <= 0)
		d->measured_speed = sample_speed();
	d->sampler.speed = c->speed > 0 ? c->speed : d->measured_speed;
	d->sampler.n_owners = 0;
	for (size_t i = 0; i < c->owner.n; i++) {
		const struct passwd *pw = getpwnam(c->owner.v[i]);

		if (pw == NULL)
			daemon_log("owner %s: no such user", c->owner.v[i]);
		else if (d->sampler.n_owners < SAMPLE_OWNERS_MAX)
			d->sampler.owners[d->sampler.n_owners++] = pw->pw_uid;
	}
	if (c->load_command == NULL)
		d->n_site = 0;
	d->nodes_command_ms = d->load_command_ms = 0;
}

static void on_end(uv_signal_t *s, int signo)
{
	(void)signo;
	uv_stop(s->loop);
}

static void on_reload(uv_signal_t *s, int signo)
{
	struct daemon *d = s->data;
	struct conf fresh, old = *d->conf;
	char *why = NULL;
	bool changed;

	(void)signo;
	if (d->conf_path == NULL)
		return;
	if (conf_read(d->conf_path, &fresh, &why) < 0) {
		daemon_log("%s (going on with what was)", why != NULL ? why : "cannot reload");
		free(why);
		return;
	}
	changed = (d->listens && fresh.port != old.port) ||
		  strcmp(fresh.metrics != NULL ? fresh.metrics : "", old.metrics != NULL ? old.metrics : "") != 0;
	if (d->listens)
		fresh.port = old.port; /* the socket stays */
	*d->conf = fresh;
	if (load_key(d, &why) < 0) {
		daemon_log("%s (going on with what was)", why != NULL ? why : "cannot read the key");
		free(why);
		*d->conf = old;
		conf_release(&fresh);
		return;
	}
	if (!d->balance.share.alone && listen_udp(d) < 0) /* the first key that we have */
		d->balance.share.alone = true;
	if (fresh.drain && !old.drain) /* mishctl's word stands; the file only begins it */
		d->balance.share.draining = true;
	conf_release(&old);
	apply(d);
	set_nodes(d);
	daemon_log("configuration read again: %zu nodes%s", d->balance.share.view.n,
		   changed ? " (another port or place of the metrics needs a restart)" : "");
}

/* ---- the loop ---- */

static void on_walk(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

static int begin(struct daemon *d)
{
	struct timespec wall;
	char *why = NULL;

	clock_gettime(CLOCK_REALTIME, &wall);
	/* larger for each later run, as long as the clock does not go back; see balance.c */
	if (balance_init(&d->balance, d->node, (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000,
			 &ops, d) < 0 ||
	    sampler_init(&d->sampler, "/proc", "/dev", 1) < 0 || (d->rdv = rdv_new()) == NULL) {
		daemon_log("out of memory");
		return -1;
	}
	if (load_key(d, &why) < 0) {
		daemon_log("%s", why != NULL ? why : "cannot read the key");
		free(why);
		return -1;
	}
	d->balance.share.draining = d->conf->drain;
	apply(d);
	if (client_listen(d) < 0)
		return -1;
	if ((!d->balance.share.alone && listen_udp(d) < 0) ||
	    (d->conf->metrics != NULL && (d->metrics = metrics_listen(d, d->conf->metrics)) == NULL)) {
		unlink(d->socket_path);
		return -1;
	}
	set_nodes(d);
	if (d->balance.share.alone && d->balance.share.view.n > 1)
		daemon_log("no key_file: load is not shared, moves are by hand");
	return 0;
}

int daemon_run(const char *conf_path, struct conf *conf, const char *socket_path)
{
	struct daemon d = { .conf = conf, .conf_path = conf_path, .socket_path = socket_path,
			    .started_ms = io_now_ms() };

	node_own_name(d.node, sizeof(d.node));
	if (uv_loop_init(&d.loop) < 0)
		return 1;
	uv_timer_init(&d.loop, &d.tick);
	d.tick.data = &d;
	uv_udp_init(&d.loop, &d.udp);
	d.udp.data = &d;
	if (begin(&d) < 0)
		return 1;
	uv_signal_init(&d.loop, &d.sig_term);
	uv_signal_init(&d.loop, &d.sig_int);
	uv_signal_init(&d.loop, &d.sig_hup);
	d.sig_hup.data = &d;
	uv_signal_start(&d.sig_term, on_end, SIGTERM);
	uv_signal_start(&d.sig_int, on_end, SIGINT);
	uv_signal_start(&d.sig_hup, on_reload, SIGHUP);
	daemon_log("listening on %s, %zu nodes, policy %s, speed %.2f", socket_path, d.balance.share.view.n,
		   d.balance.share.conf.policy->name, d.sampler.speed);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	while (d.clients != NULL) {
		for (struct client *c = d.clients; c != NULL; c = c->next)
			client_close(c);
		uv_run(&d.loop, UV_RUN_NOWAIT);
	}
	watch_end_all(&d);
	uv_walk(&d.loop, on_walk, NULL);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	uv_loop_close(&d.loop);
	metrics_close(d.metrics);
	unlink(socket_path);
	rdv_free(d.rdv);
	balance_release(&d.balance);
	sampler_release(&d.sampler);
	conf_nodes_free(d.found, d.n_found);
	free(d.addresses);
	return 0;
}
