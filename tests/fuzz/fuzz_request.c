#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "controller/client.h"
#include "controller/registry.h"
#include "controller/request.h"
#include "tests/fuzz/fuzz.h"
#include "wire/io_full.h"
#include "wire/now.h"
#include "wire/sock.h"

/*
 * mishd's unix socket with hostile clients of several users, and one other node, which would take
 * shells. The first byte is the configuration; then come steps: one byte, of which the lower two bits
 * say which client speaks, and a frame as on the wire. Each input has a mishd of its own.
 */
enum { CLIENTS = 4, PACKETS = 64, TURNS = 3, IDLE_TURNS = 20 };
enum config { CONF_LISTS = 1, CONF_TWO_NODES = 2, CONF_DRAINING = 4 };
enum step { STEP_WHO = 3, STEP_CLOSE = 4, STEP_NAMES = 8, STEP_TICK = 16, STEP_CUT = 32 };

static const uid_t uids[CLIENTS] = { 0, 1000, 1001, 1000 };

static char directory[] = "/tmp/fuzz-request.XXXXXX", path[64];
static uv_loop_t loop;
static struct clients clients;
static struct accounts accounts;
static struct ticker ticker;
static struct meter meter;
static struct conf conf;
static struct registry registry;
static struct requests requests;
static struct usage usage; /* which keeps nothing */
static struct watches watches;
static struct balance here, there;
static int fds[CLIENTS];
static struct frame_buf answers[CLIENTS];
static bool names_known, lists;
static uint64_t drawn;

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* ---- what mishd has from outside: names, randomness, its log ---- */

enum accounts_answer accounts_name(struct accounts *a, uid_t uid, char ret[ACCOUNTS_NAME_MAX + 1])
{
	(void)a;
	snprintf(ret, ACCOUNTS_NAME_MAX + 1, "%s%u", names_known ? "u" : "", (unsigned)uid);
	return names_known ? ACCOUNTS_FOUND : ACCOUNTS_WAIT;
}

enum accounts_answer accounts_uid(struct accounts *a, const char *name, uid_t *ret)
{
	(void)a;
	(void)name;
	(void)ret;
	return ACCOUNTS_NONE;
}

/* So that an input can have the ticket that it gets. */
ssize_t getrandom(void *buf, size_t len, unsigned flags)
{
	(void)flags;
	memset(buf, 0, len);
	drawn++;
	memcpy(buf, &drawn, len < sizeof(drawn) ? len : sizeof(drawn));
	return (ssize_t)len;
}

void journal_line(const char *fmt, ...)
{
	char line[2048];
	va_list ap;

	va_start(ap, fmt);
	must(vsnprintf(line, sizeof(line), fmt, ap) > 0);
	va_end(ap);
}

void journal_often(struct journal_often *o, const char *fmt, ...)
{
	(void)o;
	journal_line("%s", fmt);
}

/* ---- two nodes ---- */

static struct packet {
	struct balance *to;
	size_t len;
	uint8_t s[DATAGRAM_MAX];
} packets[PACKETS];
static size_t n_packets;

static void on_send(void *arg, const struct view_node *to, const uint8_t *s, size_t len)
{
	(void)to;
	if (n_packets == PACKETS)
		return;
	packets[n_packets].to = arg == &here ? &there : &here;
	packets[n_packets].len = len;
	memcpy(packets[n_packets++].s, s, len);
}

static void on_grant(void *arg, struct candidate *c, const char *node)
{
	must(arg == &here);
	registry_grant(client_of(c), node, false);
}

static void on_log(void *arg, const char *line)
{
	(void)arg;
	must(strlen(line) < 4096);
}

static uint64_t on_random(void *arg)
{
	(void)arg;
	return ++drawn * UINT64_C(0x9e3779b97f4a7c15);
}

static const struct share_ops ops = { .send = on_send, .grant = on_grant, .log = on_log, .random = on_random };

static bool trusts(void *arg, const char *user)
{
	(void)arg;
	return !lists || (user != NULL && strcmp(user, "u1001") != 0);
}

static void deliver(void)
{
	for (int turns = 0; n_packets != 0 && turns < 4 * PACKETS; turns++) {
		struct packet p = packets[0];

		memmove(packets, packets + 1, --n_packets * sizeof(*packets));
		balance_receive(p.to, p.s, p.len, now_mono_ms());
	}
	n_packets = 0;
}

static void tick(void)
{
	(void)balance_tick(&here, now_mono_ms());
	(void)balance_tick(&there, now_mono_ms());
	deliver();
	request_serve_places(&requests);
}

static int64_t on_due(void *arg)
{
	(void)arg;
	tick();
	return INT64_MAX;
}

static void begin_node(struct balance *b, const char *name, size_t nodes, float queue)
{
	static const uint8_t seeds[2][IDENTITY_KEY] = { { 1 }, { 2 } };
	struct view_entry entries[] = { { .name = "n0" }, { .name = "n1" } };
	struct identity ids[2];
	struct load l = { .queue = queue, .cpus = 1, .speed = 1, .memory_total = 1 << 20, .memory_free = 1 << 19 };

	for (int i = 0; i < 2; i++) {
		must(identity_from_seed(seeds[i], &ids[i]) == 0);
		entries[i].keys = (struct identity_keys){ .v = { identity_public(&ids[i]) }, .n = 1 };
	}
	must(balance_init(b, name, 1000, &ops, b) == 0 && view_configure(&b->share.view, entries, nodes) == 0);
	share_identify(&b->share, &ids[name[1] - '0']);
	b->share.conf.trusts_user = trusts;
	b->share.conf.residence_ms = 0;
	balance_set_load(b, &l, now_mono_ms());
}

/* ---- mishd ---- */

static void end(void)
{
	(void)unlink(path);
	(void)rmdir(directory);
}

static void begin(void)
{
	must(mkdtemp(directory) != NULL && signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	snprintf(path, sizeof(path), "%s/socket", directory);
	(void)atexit(end);
	share_conf_default(&conf.share);
	must(uv_loop_init(&loop) == 0 && meter_init(&meter, &here, &accounts, &conf) == 0);
	ticker_init(&ticker, &loop, on_due, NULL);
	watches = (struct watches){ .loop = &loop };
	registry = (struct registry){ .balance = &here, .meter = &meter, .ticker = &ticker, .accounts = &accounts,
				      .clients = &clients, .conf = &conf };
	registry_init(&registry, &loop);
	requests = (struct requests){ .registry = &registry, .balance = &here, .meter = &meter, .places = { .balance = &here, .clients = &clients }, .usage = &usage, .ticker = &ticker,
				      .accounts = &accounts, .watches = &watches, .node = "n0" };
	client_init(&clients, &loop, &request_ops, &requests);
	usage_init(&usage, &loop, &clients, NULL);
	must(client_listen(&clients, path) == 0);
}

static void turn(int n)
{
	while (n-- > 0)
		(void)uv_run(&loop, UV_RUN_NOWAIT);
}

/* The rows of others are root's. */
static void check_row(size_t who, const struct msg_view *v)
{
	char user[ACCOUNTS_NAME_MAX + 1], digits[16];

	if (uids[who] == 0 || uids[who] == getuid() || msg_get_str(v, MSG_USER, user, sizeof(user)) < 0)
		return;
	snprintf(digits, sizeof(digits), "%u", (unsigned)uids[who]);
	must(strcmp(user + (user[0] == 'u'), digits) == 0);
}

static void hang_up(size_t who)
{
	close(fds[who]);
	fds[who] = -1;
	frame_buf_release(&answers[who]);
}

/* What is answered is frames of the kinds that mishd says. */
static void hear(size_t who)
{
	enum frame_type type;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	long n = 1;

	while (n > 0 && fds[who] >= 0)
		n = frame_fill(&answers[who], fds[who]);
	while (frame_next(&answers[who], FRAME_MAX, &type, &payload, &len, &total) == 1) {
		must(msg_parse(&v, payload, len) == 0);
		must(type == FRAME_OK || type == FRAME_REFUSED || type == FRAME_ROW || type == FRAME_GRANT);
		if (type == FRAME_ROW)
			check_row(who, &v);
		frame_buf_drop(&answers[who], total);
	}
	if (fds[who] >= 0 && n != -EAGAIN)
		hang_up(who);
}

/* Connects as that user: the newest connection is ours. */
static void connect_as(size_t who)
{
	fds[who] = sock_connect(path);
	must(fds[who] >= 0);
	turn(1);
	must(clients.first != NULL && !clients.first->closing);
	clients.first->uid = uids[who];
	clients.first->pid = getpid();
}

static void say(size_t who, const uint8_t *s, size_t len)
{
	if (fds[who] < 0)
		connect_as(who);
	(void)io_write(fds[who], s, len); /* of a large one what goes: it is cut short */
	turn(TURNS);
	hear(who);
}

static void start(unsigned config)
{
	drawn = 0;
	names_known = (config & CONF_LISTS) == 0;
	lists = !names_known;
	requests.rdv = watches.rdv = rdv_new();
	must(requests.rdv != NULL);
	begin_node(&here, "n0", (config & CONF_TWO_NODES) != 0 ? 2 : 1, 6);
	begin_node(&there, "n1", 2, 0);
	here.share.draining = (config & CONF_DRAINING) != 0;
	for (int i = 0; i < 4; i++)
		tick();
	for (size_t i = 0; i < CLIENTS; i++)
		fds[i] = -1;
}

static void finish(void)
{
	for (size_t i = 0; i < CLIENTS; i++)
		if (fds[i] >= 0)
			hang_up(i);
	client_close_all(&clients);
	watch_end_all(&watches);
	for (int i = 0; i < IDLE_TURNS && clients.n != 0; i++)
		turn(1);
	turn(1);
	must(clients.n == 0 && here.share.candidates == NULL);
	n_packets = 0;
	balance_release(&here);
	balance_release(&there);
	rdv_free(requests.rdv);
}

static void step(unsigned how, const uint8_t *frame, size_t len)
{
	size_t who = (how & STEP_WHO) % CLIENTS;

	if ((how & STEP_NAMES) != 0 && !names_known) {
		names_known = true;
		for (size_t i = 0; i < CLIENTS; i++)
			registry_answered(&registry, uids[i]);
	}
	if ((how & STEP_TICK) != 0)
		tick();
	if (len != 0)
		say(who, frame, (how & STEP_CUT) != 0 ? len / 2 : len);
	if ((how & STEP_CLOSE) != 0 && fds[who] >= 0)
		hang_up(who);
	turn(1);
	for (size_t i = 0; i < CLIENTS; i++)
		if (fds[i] >= 0)
			hear(i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;

	if (!begun)
		begin();
	begun = true;
	if (size == 0)
		return 0;
	start(*data);
	for (data++, size--; size != 0;) {
		struct frame_buf in = { (uint8_t *)(uintptr_t)(data + 1), 0, size - 1, size - 1 };
		size_t len, total = size - 1;
		enum frame_type type;
		const uint8_t *payload;

		if (frame_next(&in, FRAME_MAX, &type, &payload, &len, &total) != 1)
			total = size - 1; /* what is no whole frame is said all the same */
		step(*data, data + 1, total);
		data += 1 + total;
		size -= 1 + total;
	}
	finish();
	return 0;
}
