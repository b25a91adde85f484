#include <config.h>

#include "controller/network.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "controller/journal.h"
#include "wire/now.h"

enum {
	RESOLVE_MS = 300000, /* a name's address may change */
	RESOLVE_AGAIN_MS = 15000, /* there was none: the network may not be up yet */
};

struct network_address {
	struct sockaddr_storage sa;
	socklen_t len; /* 0: not known */
};

/* A name being looked up; the view may have changed when the answer comes. */
struct lookup {
	uv_getaddrinfo_t req;
	struct network *network;
	char name[VIEW_NAME_MAX + 1];
	unsigned round;
};

void network_init(struct network *n, uv_loop_t *loop, struct balance *b, const struct conf *conf,
		  struct ticker *t)
{
	*n = (struct network){ .loop = loop, .balance = b, .conf = conf, .ticker = t };
	uv_udp_init(loop, &n->udp);
	n->udp.data = n;
}

void network_release(struct network *n)
{
	free(n->addresses);
}

/* ---- where they are ---- */

static void on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct lookup *l = req->data;
	struct network *n = l->network;
	const struct view *v = &n->balance->share.view;
	const struct view_node *node = view_find(v, l->name);

	n->lookups--;
	if (l->round != n->round) /* the address in the configuration may be another now */
		node = NULL;
	if (status == 0 && node != NULL && res->ai_addrlen <= sizeof(struct sockaddr_storage)) {
		struct network_address *a = &n->addresses[node - v->nodes];

		memcpy(&a->sa, res->ai_addr, res->ai_addrlen);
		if (a->len == 0) { /* what was told so far did not reach it */
			balance_reached(n->balance);
			ticker_kick(n->ticker);
		}
		a->len = res->ai_addrlen;
		v->nodes[node - v->nodes].no_address = NULL;
	} else if (status != 0 && status != UV_ECANCELED && node != NULL) {
		journal_line("node %s: %s", l->name, uv_strerror(status));
		n->resolve_ms = now_mono_ms() + RESOLVE_AGAIN_MS;
		v->nodes[node - v->nodes].no_address = uv_strerror(status);
	}
	uv_freeaddrinfo(res);
	free(l);
}

static void resolve(struct network *n, const struct view_node *node, const char *port)
{
	struct addrinfo hints = { .ai_family = n->v6 ? AF_INET6 : AF_INET, .ai_socktype = SOCK_DGRAM,
				  .ai_flags = n->v6 ? AI_V4MAPPED : 0 };
	struct lookup *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return;
	l->network = n;
	l->round = n->round;
	l->req.data = l;
	snprintf(l->name, sizeof(l->name), "%s", node->name);
	if (uv_getaddrinfo(n->loop, &l->req, on_resolved, node->address != NULL ? node->address : l->name, port,
			   &hints) < 0)
		free(l);
	else
		n->lookups++;
}

static void resolve_all(struct network *n)
{
	const struct view *v = &n->balance->share.view;
	char port[16];

	n->resolve_ms = now_mono_ms() + RESOLVE_MS;
	if (n->balance->share.alone)
		return;
	snprintf(port, sizeof(port), "%u", n->conf->port);
	for (size_t i = 0; i < v->n; i++)
		if (i != v->self)
			resolve(n, &v->nodes[i], port);
}

void network_tick(struct network *n, int64_t now_ms)
{
	if (now_ms >= n->resolve_ms && n->lookups == 0)
		resolve_all(n);
}

int network_set_nodes(struct network *n, const struct conf_node *nodes, size_t n_nodes)
{
	struct view_entry *e = calloc(n_nodes + 1, sizeof(*e));
	/* before the view, which may get this node besides: the two change together */
	struct network_address *addresses = calloc(n_nodes + 1, sizeof(*addresses));
	int r = e != NULL && addresses != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < n_nodes && r == 0; i++)
		e[i] = (struct view_entry){ nodes[i].name, nodes[i].address, nodes[i].cluster, nodes[i].keys,
					    nodes[i].bounds, nodes[i].drain };
	if (r == 0)
		r = view_configure(&n->balance->share.view, e, n_nodes);
	free(e);
	if (r < 0) {
		free(addresses);
		return r;
	}
	free(n->addresses);
	n->addresses = addresses;
	n->round++;
	resolve_all(n);
	ticker_kick(n->ticker);
	return 0;
}

/* ---- datagrams ---- */

void network_send(struct network *n, const struct view_node *to, const uint8_t *s, size_t len)
{
	const struct network_address *a;
	uv_os_fd_t fd;

	if (n->addresses == NULL)
		return;
	a = &n->addresses[to - n->balance->share.view.nodes];
	if (a->len != 0 && uv_fileno((uv_handle_t *)&n->udp, &fd) == 0)
		(void)sendto(fd, s, len, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&a->sa,
			     a->len);
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	static char space[65536]; /* used before the next datagram is read */

	(void)h;
	(void)suggested;
	*buf = uv_buf_init(space, sizeof(space));
}

static void on_datagram(uv_udp_t *u, ssize_t len, const uv_buf_t *buf, const struct sockaddr *from,
			unsigned flags)
{
	struct network *n = u->data;

	if (len <= 0 || from == NULL || (flags & UV_UDP_PARTIAL) != 0)
		return;
	balance_receive(n->balance, (const uint8_t *)buf->base, (size_t)len, now_mono_ms());
	if (exchange_under_way(&n->balance->exchanges) != 0)
		ticker_kick(n->ticker);
}

int network_listen(struct network *n)
{
	struct sockaddr_in6 any6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)n->conf->port) };
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons((uint16_t)n->conf->port) };
	int r;

	if (n->listens)
		return 0;
	n->v6 = uv_udp_bind(&n->udp, (const struct sockaddr *)&any6, 0) == 0;
	r = n->v6 ? 0 : uv_udp_bind(&n->udp, (const struct sockaddr *)&any, 0);
	if (r == 0)
		r = uv_udp_recv_start(&n->udp, on_alloc, on_datagram);
	if (r < 0)
		journal_line("port %u: %s", n->conf->port, uv_strerror(r));
	n->listens = r == 0;
	return r;
}
