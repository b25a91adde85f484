#include <config.h>

#include "controller/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "controller/accounts.h"
#include "controller/balance.h"
#include "controller/client.h"
#include "controller/command.h"
#include "controller/journal.h"
#include "controller/keyfile.h"
#include "controller/meter.h"
#include "controller/metrics.h"
#include "controller/network.h"
#include "controller/registry.h"
#include "controller/request.h"
#include "controller/ticker.h"
#include "controller/usage.h"
#include "controller/watch.h"
#include "wire/node.h"
#include "rendezvous/rdv.h"
#include "wire/now.h"

struct daemon {
	uv_loop_t loop;
	uv_signal_t sig_term, sig_int, sig_hup;
	struct conf *conf;
	const char *conf_path, *socket_path;
	char node[256];
	struct rdv *rdv;
	struct balance balance;
	struct ticker ticker;
	struct accounts accounts;
	struct meter meter;
	struct network network;
	struct watches watches;
	struct registry registry;
	struct requests requests;
	struct usage usage;
	struct clients clients;
	struct metrics *metrics;
	struct command nodes_command;
	int64_t nodes_command_ms;
	struct conf_node *found; /* by nodes_command */
	size_t n_found;
	bool reloads, reload_again; /* a reload is under way, another is to follow */
	bool ends;
};

/* ---- what the balance asks for ---- */

static void on_log(void *arg, const char *line)
{
	(void)arg;
	journal_line("%s", line);
}

static uint64_t on_random(void *arg)
{
	uint64_t r = 0;

	(void)arg;
	if (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r))
		r = (uint64_t)now_mono_ms() * UINT64_C(0x9e3779b97f4a7c15);
	return r;
}

static void on_grant(void *arg, struct candidate *c, const char *node)
{
	(void)arg;
	registry_grant(client_of(c), node, false);
}

static void on_send(void *arg, const struct view_node *to, const uint8_t *s, size_t len)
{
	struct daemon *d = arg;

	network_send(&d->network, to, s, len);
}

static const struct share_ops ops = {
	.send = on_send, .grant = on_grant, .log = on_log, .random = on_random,
};

static bool trusts_user(void *arg, const char *user)
{
	const struct conf *c = arg;

	return conf_allows(&c->allow_user, &c->deny_user, user);
}

static bool trusts_node(void *arg, const char *node)
{
	const struct conf *c = arg;

	return conf_allows(&c->allow_node, &c->deny_node, node);
}

static void on_name(void *arg, uid_t uid)
{
	struct daemon *d = arg;

	registry_answered(&d->registry, uid);
}

/* ---- nodes ---- */

/* From now on load is shared as this node, or not at all. */
static void take_key(struct daemon *d, bool has_key, struct identity *id)
{
	share_identify(&d->balance.share, has_key ? id : NULL);
	identity_wipe(id);
}

/* Says what keeps this node from sharing load with others, where the list of nodes is the reason. */
static void check_list(struct daemon *d)
{
	const struct share *s = &d->balance.share;
	struct identity_public own = identity_public(&s->identity);
	const struct view_node *self = view_self(&s->view);
	char text[IDENTITY_TEXT];
	bool listed = false;

	if (share_is_alone(s))
		return;
	for (size_t i = 0; i < s->view.n; i++)
		if (s->view.nodes[i].n_keys == 0)
			journal_line("node %s: no key= in the list: load is not shared with it", s->view.nodes[i].name);
	for (size_t i = 0; i < self->n_keys; i++)
		listed |= memcmp(self->keys[i].public.bytes, own.bytes, sizeof(own.bytes)) == 0;
	identity_public_to_text(&own, text);
	if (self->n_keys != 0 && !listed)
		journal_line("node %s: the list has another key than this node (%s): others cannot hear it",
			     self->name, text);
}

/* Returns 0, or -errno with nothing changed, which is in the log then. */
static int set_nodes(struct daemon *d)
{
	bool found = d->conf->nodes_command != NULL && d->found != NULL;
	size_t n = found ? d->n_found : d->conf->n_nodes;
	int r = network_set_nodes(&d->network, found ? d->found : d->conf->nodes, n);

	if (r < 0)
		journal_line("%zu nodes: %s (going on with %zu)", n, strerror(-r), d->balance.share.view.n);
	else
		check_list(d);
	return r;
}

static bool same_nodes(const struct conf_node *a, size_t n, const struct conf_node *b, size_t m)
{
	for (size_t i = 0; i < n && n == m; i++) {
		const char *x[] = { a[i].name, a[i].address, a[i].cluster };
		const char *y[] = { b[i].name, b[i].address, b[i].cluster };

		if (a[i].drain != b[i].drain || memcmp(&a[i].keys, &b[i].keys, sizeof(a[i].keys)) != 0 ||
		    memcmp(&a[i].bounds, &b[i].bounds, sizeof(a[i].bounds)) != 0)
			return false;
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
		journal_line("nodes_command: %s (going on with %zu nodes)", wrong != NULL ? wrong : why,
			   d->balance.share.view.n);
		free(wrong);
		return;
	}
	if (same_nodes(nodes, n, d->found, d->n_found)) {
		conf_node_free_all(nodes, n);
		return;
	}
	conf_node_free_all(d->found, d->n_found);
	d->found = nodes;
	d->n_found = n;
	journal_line("nodes_command: %zu nodes", n);
	if (set_nodes(d) < 0) { /* what it prints next is another list, then */
		conf_node_free_all(d->found, d->n_found);
		d->found = NULL;
		d->n_found = 0;
	}
}

static void run_nodes_command(struct daemon *d, int64_t now_ms)
{
	if (d->conf->nodes_command == NULL || now_ms < d->nodes_command_ms)
		return;
	d->nodes_command_ms = now_ms + d->conf->nodes_interval_ms;
	command_start(&d->nodes_command, &d->loop, d->conf->nodes_command, on_nodes, d);
}

/* ---- time ---- */

/* Alone, and with nobody who watches, there is nothing to do until somebody asks. */
static bool is_needed(const struct daemon *d)
{
	return !share_is_alone(&d->balance.share) || d->conf->nodes_command != NULL ||
	       d->conf->load_command != NULL ||
	       exchange_under_way(&d->balance.exchanges) != 0; /* from before a reload */
}

static int64_t on_tick(void *arg)
{
	struct daemon *d = arg;
	int64_t now = now_mono_ms(), sample, next;

	request_serve_places(&d->requests);
	if (!is_needed(d))
		return INT64_MAX;
	sample = meter_tick(&d->meter, &d->loop, now);
	network_tick(&d->network, now);
	run_nodes_command(d, now);
	next = balance_tick(&d->balance, now);
	return next < sample ? next : sample;
}

/* ---- configuration ---- */

/* What the configuration says, without the nodes. */
static void apply(struct daemon *d)
{
	struct share_conf *c = &d->balance.share.conf;

	*c = d->conf->share;
	c->trusts_user = trusts_user;
	c->trusts_node = trusts_node;
	c->trust_arg = d->conf;
	meter_configure(&d->meter);
	d->nodes_command_ms = 0;
}

static void on_end(uv_signal_t *s, int signo)
{
	(void)signo;
	uv_stop(s->loop);
}

/* ---- a reload: a thread reads the files, which may be on a server that does not answer ---- */

struct reload {
	uv_work_t req;
	struct daemon *daemon;
	struct conf conf;
	struct identity key;
	bool good;
	char *why;
};

static void read_files(uv_work_t *req)
{
	struct reload *r = req->data;

	if (conf_read(r->daemon->conf_path, &r->conf, &r->why) < 0)
		return;
	r->good = r->conf.key_file == NULL || keyfile_read(r->conf.key_file, &r->key, &r->why) == 0;
	if (!r->good)
		conf_release(&r->conf);
}

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Takes what was read. */
static void take_conf(struct daemon *d, struct reload *r)
{
	struct conf old = *d->conf;
	bool moved = (d->network.listens && r->conf.port != old.port) ||
		     !same_text(r->conf.metrics, old.metrics) || !same_text(r->conf.record, old.record);

	*d->conf = r->conf;
	if (d->network.listens)
		d->conf->port = old.port; /* the socket stays */
	take_key(d, d->conf->key_file != NULL, &r->key);
	if (!d->balance.share.alone && network_listen(&d->network) < 0) /* the first key that we have */
		d->balance.share.alone = true;
	if (d->conf->drain && !old.drain) /* mishctl's word stands; the file only begins it */
		d->balance.share.draining = true;
	conf_release(&old);
	apply(d);
	(void)set_nodes(d);
	journal_line("configuration read again: %zu nodes%s", d->balance.share.view.n,
		     moved ? " (another port, or place of the metrics or records, needs a restart)" : "");
}

static void start_reload(struct daemon *d);

static void on_files(uv_work_t *req, int status)
{
	struct reload *r = req->data;
	struct daemon *d = r->daemon;

	d->reloads = false;
	if (status == 0 && r->good && !d->ends)
		take_conf(d, r);
	else if (r->good)
		conf_release(&r->conf);
	else
		journal_line("%s (going on with what was)", r->why != NULL ? r->why : "cannot read it again");
	identity_wipe(&r->key);
	free(r->why);
	free(r);
	if (d->reload_again && !d->ends)
		start_reload(d);
}

static void start_reload(struct daemon *d)
{
	struct reload *r = calloc(1, sizeof(*r));

	d->reload_again = false;
	if (r != NULL) {
		r->daemon = d;
		r->req.data = r;
		if (uv_queue_work(&d->loop, &r->req, read_files, on_files) == 0) {
			d->reloads = true;
			return;
		}
	}
	free(r);
	journal_line("%s: out of memory (going on with what was)", d->conf_path);
}

static void on_reload(uv_signal_t *s, int signo)
{
	struct daemon *d = s->data;

	(void)signo;
	if (d->reloads)
		d->reload_again = true; /* what is being read may be older */
	else if (d->conf_path != NULL)
		start_reload(d);
}

/* ---- the loop ---- */

static void on_walk(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

/* NULL: nothing is kept. */
static const char *usage_path(const struct conf *c)
{
	if (c->record == NULL)
		return MISH_USAGE_PATH;
	return *c->record != '\0' ? c->record : NULL;
}

/* Wires the modules together; each gets the lower ones that it asks. */
static int wire(struct daemon *d)
{
	struct timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	/* larger for each later run, as long as the clock does not go back: see is_alive() in balance.c */
	if (balance_init(&d->balance, d->node, (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000,
			 &ops, d) < 0 ||
	    meter_init(&d->meter, &d->balance, &d->accounts, d->conf) < 0 || (d->rdv = rdv_new()) == NULL) {
		journal_line("out of memory");
		return -1;
	}
	accounts_init(&d->accounts, &d->loop, on_name, d);
	ticker_init(&d->ticker, &d->loop, on_tick, d);
	network_init(&d->network, &d->loop, &d->balance, d->conf, &d->ticker);
	usage_init(&d->usage, &d->loop, &d->clients, usage_path(d->conf));
	d->watches = (struct watches){ .loop = &d->loop, .rdv = d->rdv };
	d->registry = (struct registry){ .balance = &d->balance, .meter = &d->meter, .ticker = &d->ticker,
					 .accounts = &d->accounts, .clients = &d->clients, .conf = d->conf };
	registry_init(&d->registry, &d->loop);
	d->requests = (struct requests){ .registry = &d->registry, .balance = &d->balance, .meter = &d->meter,
					 .ticker = &d->ticker, .accounts = &d->accounts, .rdv = d->rdv,
					 .watches = &d->watches, .usage = &d->usage, .places = { .balance = &d->balance, .clients = &d->clients }, .node = d->node, .started_ms = now_mono_ms() };
	client_init(&d->clients, &d->loop, &request_ops, &d->requests);
	return 0;
}

static int begin(struct daemon *d)
{
	struct identity key;
	char *why = NULL;

	if (wire(d) < 0)
		return -1;
	if (d->conf->key_file != NULL && keyfile_read(d->conf->key_file, &key, &why) < 0) {
		journal_line("%s", why != NULL ? why : "cannot read the key");
		free(why);
		return -1;
	}
	take_key(d, d->conf->key_file != NULL, &key);
	d->balance.share.draining = d->conf->drain;
	if (client_listen(&d->clients, d->socket_path) < 0)
		return -1;
	if ((!d->balance.share.alone && network_listen(&d->network) < 0) ||
	    (d->conf->metrics != NULL &&
	     (d->metrics = metrics_listen(&d->loop, &d->meter, d->conf->metrics)) == NULL)) {
		unlink(d->socket_path);
		return -1;
	}
	apply(d); /* not before: it looks accounts up in threads, which would hold up a start that fails */
	(void)set_nodes(d);
	if (d->balance.share.alone && d->balance.share.view.n > 1)
		journal_line("no key_file: load is not shared, moves are by hand");
	return 0;
}

static void heed_signals(struct daemon *d)
{
	uv_signal_init(&d->loop, &d->sig_term);
	uv_signal_init(&d->loop, &d->sig_int);
	uv_signal_init(&d->loop, &d->sig_hup);
	d->sig_hup.data = d;
	uv_signal_start(&d->sig_term, on_end, SIGTERM);
	uv_signal_start(&d->sig_int, on_end, SIGINT);
	uv_signal_start(&d->sig_hup, on_reload, SIGHUP);
}

/* A thread waits for a server that does not answer: nothing can end it but the end of the process. */
static bool is_stuck(struct daemon *d)
{
	return !accounts_stop(&d->accounts) || !usage_stop(&d->usage) || d->network.lookups != 0 || d->reloads;
}

static void end(struct daemon *d)
{
	d->ends = true;
	unlink(d->socket_path);
	while (d->clients.first != NULL) {
		client_close_all(&d->clients);
		uv_run(&d->loop, UV_RUN_NOWAIT);
	}
	watch_end_all(&d->watches);
	uv_walk(&d->loop, on_walk, NULL);
	uv_run(&d->loop, UV_RUN_NOWAIT); /* which closes them all */
	if (is_stuck(d)) {
		metrics_close(d->metrics);
		_exit(0);
	}
	uv_run(&d->loop, UV_RUN_DEFAULT);
	uv_loop_close(&d->loop);
	metrics_close(d->metrics);
	rdv_free(d->rdv);
	network_release(&d->network);
	meter_release(&d->meter);
	accounts_release(&d->accounts);
	usage_release(&d->usage);
	balance_release(&d->balance);
	conf_node_free_all(d->found, d->n_found);
}

int daemon_run(const char *conf_path, struct conf *conf, const char *socket_path)
{
	struct daemon d = { .conf = conf, .conf_path = conf_path, .socket_path = socket_path };

	node_own_name(d.node, sizeof(d.node));
	if (uv_loop_init(&d.loop) < 0 || begin(&d) < 0)
		return 1;
	heed_signals(&d);
	journal_line("listening on %s, %zu nodes, policy %s, speed %.2f", socket_path, d.balance.share.view.n,
		     d.balance.share.conf.policy->name, d.meter.sampler.speed);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	end(&d);
	return 0;
}
