#include <config.h>

#include "controller/metrics.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "controller/journal.h"
#include "controller/limits.h"
#include "controller/listener.h"
#include "wire/now.h"

enum { READER_MS = 5000 }; /* for a request and its answer */

struct metrics {
	uv_loop_t *loop;
	struct meter *meter;
	union {
		uv_tcp_t tcp;
		uv_pipe_t pipe;
		uv_stream_t stream;
		uv_handle_t handle;
	} server;
	char *path; /* of a unix socket */
	struct reader *readers[METRICS_READERS_MAX]; /* who came first stands first */
	size_t n_readers;
	struct journal_often refused;
};

struct reader {
	union {
		uv_tcp_t tcp;
		uv_pipe_t pipe;
		uv_stream_t stream;
		uv_handle_t handle;
	} h;
	uv_timer_t timer;
	uv_write_t req;
	struct metrics *m;
	char in[METRICS_REQUEST_MAX], *text;
	size_t len;
	int handles;
};

static void gauge(FILE *f, const char *name, const char *help, double v)
{
	fprintf(f, "# HELP mish_%s %s\n# TYPE mish_%s gauge\nmish_%s %.9g\n", name, help, name, name, v);
}

static void counter(FILE *f, const char *name, const char *help, uint64_t v)
{
	fprintf(f, "# HELP mish_%s_total %s\n# TYPE mish_%s_total counter\nmish_%s_total %llu\n", name, help, name,
		name, (unsigned long long)v);
}

static void print_nodes(FILE *f, const struct share *s)
{
	const struct view *v = &s->view;
	int64_t now = now_mono_ms();

	fputs("# HELP mish_node_load The load index of a node, as heard here.\n# TYPE mish_node_load gauge\n", f);
	for (size_t i = 0; i < v->n; i++)
		if (view_is_fresh(v, &v->nodes[i], now, s->conf.stale_ms))
			fprintf(f, "mish_node_load{node=\"%s\"} %.9g\n", v->nodes[i].name,
				load_index(&v->nodes[i].load));
}

/* All metrics, in Prometheus' text format. */
static void print_all(FILE *f, const struct meter *m)
{
	const struct balance *b = m->balance;
	const struct share *s = &b->share;
	const struct load *l = &view_self(&s->view)->load;
	const struct share_counts *n = &s->counts;
	size_t busy = 0;

	for (const struct candidate *c = s->candidates; c != NULL; c = c->next)
		busy += !c->idle;
	gauge(f, "load", "The load index: tasks by capacity.", load_index(l));
	gauge(f, "availability", "The share of a CPU of speed 1 that one more task would get.", load_availability(l));
	gauge(f, "queue", "Tasks that run or could, smoothed.", (double)l->queue);
	gauge(f, "cpus", "Usable CPUs.", (double)l->cpus);
	gauge(f, "speed", "Speed of one CPU.", (double)l->speed);
	gauge(f, "utilisation", "Part of the CPUs that is used.", (double)l->utilisation);
	gauge(f, "memory_free_bytes", "Memory that can be had.", (double)l->memory_free * 1024);
	gauge(f, "memory_total_bytes", "Memory.", (double)l->memory_total * 1024);
	gauge(f, "sessions", "Shells here.", (double)l->sessions);
	gauge(f, "sessions_busy", "Shells here that run a command.", (double)busy);
	gauge(f, "draining", "1: shells leave and none come.", share_is_draining(s));
	gauge(f, "owner_here", "1: an owner is here.", s->owner_here);
	gauge(f, "exchanges", "Moves under way.", (double)(exchange_under_way(&b->exchanges)));
	counter(f, "moves_in", "Shells that came in an exchange.", n->moves_in);
	counter(f, "moves_out", "Shells that left in an exchange.", n->moves_out);
	counter(f, "offers", "Nodes that were asked to take a shell.", n->asked);
	counter(f, "offers_refused", "… and refused.", n->refused);
	counter(f, "moves_failed", "Moves that failed.", n->failed);
	counter(f, "datagrams_sent", "Datagrams to other controllers.", n->datagrams_out);
	counter(f, "datagrams_received", "Datagrams from other controllers.", n->datagrams_in);
	counter(f, "datagrams_dropped", "Datagrams that were not believed.", n->dropped);
	counter(f, "datagram_bytes_sent", "Bytes to other controllers.", n->bytes_out);
	for (size_t i = 0; i < m->site.n; i++)
		fprintf(f, "mish_site{name=\"%s\"} %.9g\n", m->site.v[i].name, m->site.v[i].value);
	print_nodes(f, s);
}

static void on_closed(uv_handle_t *h)
{
	struct reader *r = h->data;

	if (--r->handles != 0)
		return;
	free(r->text);
	free(r);
}

static void reader_close(struct reader *r)
{
	struct metrics *m = r->m;

	for (size_t i = 0; i < m->n_readers; i++)
		if (m->readers[i] == r) {
			m->n_readers--;
			memmove(&m->readers[i], &m->readers[i + 1], (m->n_readers - i) * sizeof(struct reader *));
			break;
		}
	if (!uv_is_closing(&r->h.handle))
		uv_close(&r->h.handle, on_closed);
	if (!uv_is_closing((uv_handle_t *)&r->timer))
		uv_close((uv_handle_t *)&r->timer, on_closed);
}

static void on_written(uv_write_t *req, int status)
{
	(void)status;
	reader_close(req->data);
}

static void on_late(uv_timer_t *t)
{
	reader_close(t->data);
}

static void reply(struct reader *r)
{
	size_t len = 0;
	FILE *f = open_memstream(&r->text, &len);
	uv_buf_t b[2];
	static char head[] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n"
			     "Connection: close\r\n\r\n";

	uv_read_stop(&r->h.stream);
	if (f == NULL) {
		reader_close(r);
		return;
	}
	meter_refresh(r->m->meter);
	print_all(f, r->m->meter);
	if (fclose(f) != 0) {
		reader_close(r);
		return;
	}
	b[0] = uv_buf_init(head, sizeof(head) - 1);
	b[1] = uv_buf_init(r->text, (unsigned)len);
	r->req.data = r;
	if (uv_write(&r->req, &r->h.stream, b, 2, on_written) < 0)
		reader_close(r);
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	struct reader *r = h->data;

	(void)suggested;
	*buf = uv_buf_init(r->in + r->len, (unsigned)(METRICS_REQUEST_MAX - r->len));
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct reader *r = s->data;

	(void)buf;
	if (n == 0)
		return;
	if (n > 0)
		r->len += (size_t)n;
	if (r->len == METRICS_REQUEST_MAX)
		journal_often(&r->m->refused, "metrics: a request of %d bytes or more is not answered",
			      METRICS_REQUEST_MAX);
	if (n < 0 || r->len == METRICS_REQUEST_MAX)
		reader_close(r);
	else if (memmem(r->in, r->len, "\r\n\r\n", 4) != NULL || memmem(r->in, r->len, "\n\n", 2) != NULL)
		reply(r);
}

static void on_connection(uv_stream_t *server, int status)
{
	struct metrics *m = server->data;
	struct reader *r = status == 0 ? calloc(1, sizeof(*r)) : NULL;

	if (r == NULL)
		return;
	r->m = m;
	r->handles = 2;
	if (m->path != NULL)
		uv_pipe_init(m->loop, &r->h.pipe, 0);
	else
		uv_tcp_init(m->loop, &r->h.tcp);
	uv_timer_init(m->loop, &r->timer);
	r->h.handle.data = r->timer.data = r;
	if (m->n_readers == METRICS_READERS_MAX) { /* they only hold the places, else they had ended */
		journal_often(&m->refused, "metrics: a reader has to go for the %dth", METRICS_READERS_MAX + 1);
		reader_close(m->readers[0]);
	}
	m->readers[m->n_readers++] = r;
	if (uv_accept(server, &r->h.stream) < 0 ||
	    uv_timer_start(&r->timer, on_late, READER_MS, 0) < 0 ||
	    uv_read_start(&r->h.stream, on_alloc, on_read) < 0)
		reader_close(r);
}

static int bind_tcp(struct metrics *m, const char *where)
{
	struct sockaddr_storage sa = { 0 };
	const char *port = strrchr(where, ':') + 1;
	int r;

	if (where[0] == '[')
		r = uv_ip6_addr("::1", atoi(port), (struct sockaddr_in6 *)&sa);
	else
		r = uv_ip4_addr("127.0.0.1", atoi(port), (struct sockaddr_in *)&sa);
	uv_tcp_init(m->loop, &m->server.tcp);
	return r < 0 ? r : uv_tcp_bind(&m->server.tcp, (const struct sockaddr *)&sa, 0);
}

struct metrics *metrics_listen(uv_loop_t *loop, struct meter *meter, const char *where)
{
	struct metrics *m = calloc(1, sizeof(*m));
	int r;

	if (m == NULL)
		return NULL;
	m->loop = loop;
	m->meter = meter;
	if (where[0] == '/') {
		m->path = strdup(where);
		uv_pipe_init(loop, &m->server.pipe, 0);
		r = listener_bind(&m->server.pipe, where);
	} else {
		r = bind_tcp(m, where);
	}
	m->server.handle.data = m;
	if (r == 0)
		r = uv_listen(&m->server.stream, SOMAXCONN, on_connection);
	if (r == 0)
		return m;
	journal_line("metrics %s: %s", where, uv_strerror(r));
	free(m->path);
	free(m); /* mishd ends: nothing runs the loop again */
	return NULL;
}

void metrics_close(struct metrics *m)
{
	if (m == NULL)
		return;
	if (m->path != NULL)
		unlink(m->path);
	free(m->path);
	free(m);
}
