#include <config.h>

#include "shell/move/nodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rendezvous/rdv_client.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/fd.h"
#include "wire/node.h"
#include "wire/text.h"

struct node_list {
	const struct session *me;
	struct strbuf names;
	bool home_first;
	bool by_name; /* home is one like any */
	struct nodes_times times;
};

/* Seconds; < 0: not known. */
static double time_of(const struct msg_view *v, enum msg_key key)
{
	uint64_t ms;

	return msg_get_uint(v, key, UINT64_MAX, &ms) == 0 ? (double)ms / 1000 : -1;
}

static void take_node(void *arg, const struct msg_view *v)
{
	struct node_list *l = arg;
	uint64_t index;
	char name[256];

	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) < 0 || strcmp(name, l->me->node) == 0)
		return;
	if (!l->by_name && strcmp(name, l->me->origin) == 0) {
		l->home_first |= l->names.len == 0 && msg_get_uint(v, MSG_INDEX, UINT64_MAX, &index) == 0;
		return;
	}
	if (l->names.len == 0)
		l->times = (struct nodes_times){ time_of(v, MSG_RESPONSE), time_of(v, MSG_RESPONSE_HERE) };
	else
		strbuf_addc(&l->names, ' ');
	strbuf_adds(&l->names, name);
}

static void put_need(struct msg *m, const struct session *me, const struct nodes_need *need)
{
	if (need == NULL)
		return;
	msg_str(m, MSG_SESSION, me->session);
	msg_uint(m, MSG_USER_US, need->cpu_us);
	msg_uint(m, MSG_RSS, need->memory_kib);
	msg_uint(m, MSG_READ_KIB, need->io_kib);
	msg_uint(m, MSG_ELAPSED, need->cost_ms);
	msg_uint(m, MSG_CPU, need->parallel);
}

/* By that connection to mishd; -1: there is none. 0 or -errno. */
static int ask_best(struct shell *sh, struct node_list *l, int fd, uint64_t flags, const struct nodes_need *need, int wait_ms)
{
	struct msg m;

	l->me = session_get(sh);
	if (fd < 0)
		return fd;
	msg_init(&m);
	msg_uint(&m, MSG_FLAGS, MSG_BEST | flags);
	put_need(&m, l->me, need);
	return rdv_client_ask_by(fd, FRAME_GET_NODES, &m, wait_ms, take_node, l);
}

static void ask_best_once(struct shell *sh, struct node_list *l, uint64_t flags, const struct nodes_need *need, int wait_ms)
{
	int fd = rdv_connect();

	(void)ask_best(sh, l, fd, flags, need, wait_ms);
	if (fd >= 0)
		close(fd);
}

char *nodes_best(struct shell *sh)
{
	struct node_list l = { 0 };

	ask_best_once(sh, &l, 0, NULL, RDV_PATIENT_MS);
	if (l.home_first) {
		strbuf_clear(&l.names);
		strbuf_adds(&l.names, "home");
	}
	return strbuf_take(&l.names);
}

/* It answers in less than one ms; where it does not, a command that nobody placed does not wait for it. */
enum { BETTER_MS = 50 };

char *nodes_better(struct shell *sh, const struct nodes_need *need, int wait_ms, struct nodes_times *ret)
{
	struct node_list l = { .by_name = true };

	ask_best_once(sh, &l, MSG_AUTOMATIC, need, wait_ms < 0 ? BETTER_MS : wait_ms);
	if (ret != NULL)
		*ret = l.times;
	return strbuf_take(&l.names);
}

/* A connection to mishd, or to one that is started again within ten seconds; -1 or -errno: none. */
static int connect_again(void)
{
	int fd = -1;

	for (int i = 0; i < 50 && fd < 0; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
		fd = rdv_connect();
	}
	return fd;
}

/* Not one of those that the command has: where no other number is to be had, it is not counted. */
static int hold(int fd)
{
	int own = fd >= 0 ? fd_own(fd) : -1;

	if (own >= FD_OWN_MIN)
		return own;
	if (fd >= 0)
		close(own >= 0 ? own : fd);
	return -1;
}

char *nodes_place(struct shell *sh, bool queued, int *ret_hold)
{
	struct node_list l = { .by_name = true };
	int fd = rdv_connect(), r = ask_best(sh, &l, fd, MSG_HOLD | (queued ? MSG_QUEUED : 0), NULL, queued ? -1 : RDV_PATIENT_MS);
	bool was = fd >= 0;

	while (r < 0 && queued && fd >= 0) { /* it has ended, or the line is full */
		close(fd);
		nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
		strbuf_clear(&l.names);
		fd = connect_again();
		r = ask_best(sh, &l, fd, MSG_HOLD | MSG_QUEUED, NULL, -1);
	}
	*ret_hold = hold(fd);
	if (queued && was && fd < 0) {
		free(strbuf_take(&l.names));
		return NULL;
	}
	return strbuf_take(&l.names);
}

/* Thousandths, as "1.25"; "-" when it is not known. */
static void print_milli(const struct msg_view *v, enum msg_key key, int width)
{
	uint64_t n;

	if (msg_get_uint(v, key, UINT64_MAX, &n) < 0)
		printf(" %*s", width, "-");
	else
		printf(" %*.2f", width, (double)n / 1000);
}

static void print_node(void *arg, const struct msg_view *v)
{
	const struct session *me = arg;
	char name[256], state[64], why[256] = "";
	uint64_t free_kib;

	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) < 0 || !node_name_valid(name) ||
	    msg_get_str(v, MSG_TEXT, state, sizeof(state)) < 0)
		return;
	printf("%-20s", name);
	print_milli(v, MSG_INDEX, 7);
	print_milli(v, MSG_CPUS, 7);
	print_milli(v, MSG_SPEED, 6);
	if (msg_get_uint(v, MSG_MEMORY_FREE, UINT64_MAX, &free_kib) == 0)
		printf(" %8.1f", (double)free_kib / 1048576);
	else
		printf(" %8s", "-");
	(void)msg_get_str(v, MSG_WHY, why, sizeof(why));
	text_clean(why);
	printf("  %s%s%s%s%s\n", state, strcmp(name, me->node) == 0 ? ", here" : "",
	       strcmp(name, me->origin) == 0 && me->control >= 0 ? ", home" : "", *why != '\0' ? ": " : "", why);
}

int nodes_list(struct shell *sh)
{
	struct session *me = session_get(sh);
	struct msg m;
	int r;

	msg_init(&m);
	printf("%-20s %7s %7s %6s %8s  %s\n", "NODE", "LOAD", "CPUS", "SPEED", "FREE GiB", "STATE");
	r = rdv_client_ask(FRAME_GET_NODES, &m, RDV_PATIENT_MS, print_node, me);
	if (r == 0)
		return 0;
	sh_warn(sh, "smigrate: mishd: %s", strerror(-r));
	return 1;
}

/* "*": it would go there. */
static void print_time(void *arg, const struct msg_view *v)
{
	double s = time_of(v, MSG_RESPONSE);
	uint64_t flags = 0, here = 0;
	char name[256];

	(void)arg;
	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) < 0 || !node_name_valid(name))
		return;
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	(void)msg_get_uint(v, MSG_HERE, 1, &here);
	printf("%c %-20s", (flags & MSG_BEST) != 0 ? '*' : ' ', name);
	if (s >= 0)
		printf(" %8.2f s", s);
	else
		printf(" %8s  ", "-");
	print_milli(v, MSG_INDEX, 7);
	printf("%s\n", here != 0 ? "  here" : "");
}

int nodes_explain(struct shell *sh, const struct nodes_need *need)
{
	struct msg m;
	int r;

	msg_init(&m);
	put_need(&m, session_get(sh), need);
	printf("  %-20s %10s %7s\n", "NODE", "WOULD TAKE", "LOAD");
	r = rdv_client_ask(FRAME_GET_NODES, &m, RDV_PATIENT_MS, print_time, NULL);
	if (r == 0)
		return 0;
	sh_warn(sh, "smigrate: mishd: %s", strerror(-r));
	return 1;
}

static void print_why(void *arg, const struct msg_view *v)
{
	char *text = NULL;

	(void)arg;
	if (msg_get_strdup(v, MSG_TEXT, &text) == 0)
		fputs(text, stdout);
	free(text);
}

void nodes_print_why(struct shell *sh, const char *why)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_SESSION, session_get(sh)->session);
	msg_uint(&m, MSG_FLAGS, MSG_IDLE); /* but for this question, we would be */
	msg_str(&m, MSG_WHY, why);
	(void)rdv_client_ask(FRAME_GET_WHY, &m, RDV_PATIENT_MS, print_why, NULL);
}

/* "name\0load\0" of each node but this one; the load "" when it is not known. */
static void keep_node(void *arg, const struct msg_view *v)
{
	struct node_list *l = arg;
	uint64_t index;
	char name[256];

	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) < 0 || !node_name_valid(name) ||
	    strcmp(name, l->me->node) == 0)
		return;
	strbuf_adds(&l->names, name);
	strbuf_addc(&l->names, '\0');
	if (msg_get_uint(v, MSG_INDEX, UINT64_MAX, &index) == 0)
		strbuf_addf(&l->names, "%.2f", (double)index / 1000);
	strbuf_addc(&l->names, '\0');
}

const char *nodes_at(struct shell *sh, size_t i, const char **ret_load)
{
	struct session *me = sh->session;
	const char *s;

	if (i == 0) { /* somebody begins to walk: ask */
		struct node_list l = { .me = me };
		struct msg m;

		msg_init(&m);
		(void)rdv_client_ask(FRAME_GET_NODES, &m, RDV_PATIENT_MS, keep_node, &l);
		strbuf_addc(&l.names, '\0'); /* the end */
		free(me->nodes);
		me->nodes = strbuf_take(&l.names);
	}
	for (s = me->nodes; i != 0 && *s != '\0'; i--) {
		s += strlen(s) + 1;
		s += strlen(s) + 1;
	}
	*ret_load = s + strlen(s) + 1;
	return *s != '\0' ? s : NULL;
}
