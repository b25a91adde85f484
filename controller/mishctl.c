#include <config.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "controller/keygen.h"
#include "controller/listing.h"
#include "rendezvous/rdv_client.h"
#include "wire/node.h"
#include "wire/rud.h"

static const char usage[] =
	"usage: mishctl [--json] nodes | sessions | status\n"
	"       mishctl [--json] why SESSION\n"
	"       mishctl [--json] usage | records\n"
	"       mishctl histories export\n"
	"       mishctl [--json] move SESSION NODE\n"
	"       mishctl [--json] drain | undrain | evict [NODE]\n"
	"       mishctl top\n"
	"       mishctl keygen | key [FILE]\n"
	"See mishctl(8).\n";

enum { ANSWER_MS = 5000, TOP_MS = 2000 };

static const struct listing_column status_columns[] = {
	{ "node", "", MSG_NODE, LISTING_STR, 0 },
	{ "shells", "", MSG_COUNT, LISTING_UINT, 0 },
	{ "draining", "", MSG_DRAINING, LISTING_BOOL, 0 },
	{ "policy", "", MSG_TEXT, LISTING_STR, 0 },
	{ "load", "", MSG_INDEX, LISTING_MILLI, 0 },
	{ "queue", "", MSG_QUEUE, LISTING_MILLI, 0 },
	{ "cpus", "", MSG_CPUS, LISTING_MILLI, 0 },
	{ "speed", "", MSG_SPEED, LISTING_MILLI, 0 },
	{ "utilisation", "", MSG_UTILISATION, LISTING_MILLI, 0 },
	{ "memory_free", NULL, MSG_MEMORY_FREE, LISTING_KIB, 0 },
	{ "moves_in", "", MSG_MOVES_IN, LISTING_UINT, 0 },
	{ "moves_out", "", MSG_MOVES_OUT, LISTING_UINT, 0 },
	{ "uptime", "", MSG_UPTIME, LISTING_UINT, 0 },
	{ "pid", "", MSG_PID, LISTING_UINT, 0 },
	{ "protocol", "", MSG_VERSION, LISTING_UINT, 0 },
	{ 0 },
};

static const struct listing_column session_columns[] = {
	{ "session", "SESSION", MSG_SESSION, LISTING_STR, -16 },
	{ "user", "USER", MSG_USER, LISTING_STR, -10 },
	{ "node", "NODE", MSG_NODE, LISTING_STR, -12 },
	{ "origin", "ORIGIN", MSG_ORIGIN, LISTING_STR, -12 },
	{ "epoch", "EPOCH", MSG_EPOCH, LISTING_UINT, 5 },
	{ "cpu", "CPU", MSG_CPU, LISTING_MILLI, 5 },
	{ "pid", NULL, MSG_PID, LISTING_UINT, 0 },
	{ "state", "STATE", MSG_TEXT, LISTING_STR, -7 },
	{ "tty", "TTY", MSG_TTY, LISTING_STR, -10 },
	{ 0 },
};

static const struct listing_column node_columns[] = {
	{ "node", "NODE", MSG_NAME, LISTING_STR, -20 },
	{ "cluster", NULL, MSG_CLUSTER, LISTING_STR, 0 },
	{ "load", "LOAD", MSG_INDEX, LISTING_MILLI, 6 },
	{ "availability", "AVAIL", MSG_AVAILABILITY, LISTING_MILLI, 5 },
	{ "queue", "QUEUE", MSG_QUEUE, LISTING_MILLI, 6 },
	{ "cpus", "CPUS", MSG_CPUS, LISTING_MILLI, 6 },
	{ "speed", "SPEED", MSG_SPEED, LISTING_MILLI, 5 },
	{ "utilisation", "UTIL", MSG_UTILISATION, LISTING_MILLI, 5 },
	{ "memory_free", "FREE GiB", MSG_MEMORY_FREE, LISTING_KIB, 8 },
	{ "memory_total", NULL, MSG_MEMORY_TOTAL, LISTING_KIB, 0 },
	{ "psi_cpu", NULL, MSG_PSI_CPU, LISTING_MILLI, 0 },
	{ "psi_memory", NULL, MSG_PSI_MEMORY, LISTING_MILLI, 0 },
	{ "psi_io", NULL, MSG_PSI_IO, LISTING_MILLI, 0 },
	{ "sessions", "SHELLS", MSG_SESSIONS, LISTING_UINT, 6 },
	{ "age", "AGE s", MSG_AGE, LISTING_AGE, 5 },
	{ "here", NULL, MSG_HERE, LISTING_BOOL, 0 },
	{ "draining", NULL, MSG_DRAINING, LISTING_BOOL, 0 },
	{ "state", "STATE", MSG_TEXT, LISTING_STR, -8 },
	{ "why", "WHY", MSG_WHY, LISTING_STR, -4 },
	{ 0 },
};

static const struct listing_column why_columns[] = {
	{ "session", NULL, MSG_SESSION, LISTING_STR, 0 },
	{ "why", NULL, MSG_TEXT, LISTING_STR, 0 },
	{ 0 },
};

/* What a command took, or those of a kind on the average. */
#define TOOK \
	{ "user", "USER s", MSG_USER_US, LISTING_MICRO, 9 }, { "sys", "SYS s", MSG_SYSTEM_US, LISTING_MICRO, 9 }, \
	{ "elapsed", "ELAPSED s", MSG_ELAPSED, LISTING_MILLI, 9 }, { "memory", "GiB", MSG_RSS, LISTING_KIB, 6 }, \
	{ "read", NULL, MSG_READ_KIB, LISTING_KIB, 0 }, { "written", NULL, MSG_WRITTEN_KIB, LISTING_KIB, 0 }, { "last", NULL, MSG_TIME, LISTING_UINT, 0 }, \
	{ "status", "STATUS", MSG_STATUS, LISTING_UINT, 6 }, { "node", "NODE", MSG_NODE, LISTING_STR, -12 }, \
	{ "command", "COMMAND", MSG_COMMAND, LISTING_STR, -7 }, { 0 }

static const struct listing_column usage_columns[] = { { "runs", "RUNS", MSG_COUNT, LISTING_UINT, 5 }, TOOK };
static const struct listing_column record_columns[] = {
	{ "processes", NULL, MSG_COUNT, LISTING_UINT, 0 }, { "args", NULL, MSG_ARGS, LISTING_UINT, 0 }, { "dir", NULL, MSG_DIR, LISTING_UINT, 0 }, TOOK
};

enum shape { SHAPE_ROWS, SHAPE_FIELDS, SHAPE_TEXT, SHAPE_NOTHING };

static const struct command {
	const char *name;
	int operands;
	enum frame_type type;
	enum shape shape;
	const struct listing_column *columns;
} commands[] = {
	{ "status", 0, FRAME_GET_STATUS, SHAPE_FIELDS, status_columns },
	{ "sessions", 0, FRAME_GET_SESSIONS, SHAPE_ROWS, session_columns },
	{ "nodes", 0, FRAME_GET_NODES, SHAPE_ROWS, node_columns },
	{ "why", 1, FRAME_GET_WHY, SHAPE_TEXT, why_columns },
	{ "usage", 0, FRAME_GET_USAGE, SHAPE_ROWS, usage_columns },
	{ "records", 0, FRAME_GET_RECORDS, SHAPE_ROWS, record_columns },
	{ "drain", 0, FRAME_DRAIN, SHAPE_NOTHING, NULL },
	{ "undrain", 0, FRAME_UNDRAIN, SHAPE_NOTHING, NULL },
	{ "evict", 0, FRAME_EVICT, SHAPE_NOTHING, NULL },
	{ "move", 2, FRAME_MOVE, SHAPE_NOTHING, NULL },
};

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static void show(FILE *f, const struct command *cmd, const struct msg_view *v, bool json, unsigned row)
{
	char *text;

	if (json) {
		fputs(row != 0 ? ",\n " : "", f);
		listing_json(f, cmd->columns, v);
	} else if (cmd->shape == SHAPE_ROWS) {
		listing_row(f, cmd->columns, v);
	} else if (cmd->shape == SHAPE_FIELDS) {
		for (const struct listing_column *c = cmd->columns; c->name != NULL; c++) {
			struct listing_column one[2] = { *c };

			if (c->heading != NULL) {
				fprintf(f, "%-12s", c->name);
				listing_row(f, one, v);
			}
		}
	} else {
		text = listing_text(v, MSG_TEXT, true);
		fputs(text != NULL ? text : "", f);
		free(text);
	}
}

/* Asks mishd, and prints its answer into f. Returns the exit status. */
static int run(FILE *f, const struct command *cmd, int fd, char **operands, bool json)
{
	struct frame_buf in = { 0 };
	enum frame_type type = FRAME_REFUSED;
	const uint8_t *payload;
	size_t len, total;
	unsigned rows = 0;
	struct msg_view v;
	struct msg m;
	int r;

	msg_init(&m);
	if (cmd->operands >= 1)
		msg_str(&m, MSG_SESSION, operands[0]);
	if (cmd->operands == 2)
		msg_str(&m, MSG_NODE, operands[1]);
	r = frame_send(fd, cmd->type, &m);
	while (r == 0 && (r = frame_recv(fd, &in, ANSWER_MS, &type, &payload, &len, &total)) == 0) {
		if (msg_parse(&v, payload, len) < 0) {
			r = -EBADMSG;
			break;
		}
		if (type != FRAME_ROW)
			break;
		if (rows == 0 && cmd->shape == SHAPE_ROWS)
			json ? (void)fputs("[", f) : listing_heading(f, cmd->columns);
		if (cmd->columns != NULL)
			show(f, cmd, &v, json, rows++);
		frame_buf_drop(&in, total);
	}
	if (r < 0) {
		fprintf(stderr, "mishctl: %s: mishd: %s\n", cmd->name, strerror(-r));
	} else if (type == FRAME_REFUSED) {
		char *why = listing_text(&v, MSG_WHY, false);

		fprintf(stderr, "mishctl: %s: %s\n", cmd->name, why);
		free(why);
		r = -EACCES;
	} else if (json) {
		fputs(cmd->shape == SHAPE_ROWS ? rows != 0 ? "]\n" : "[]\n" :
		      cmd->shape == SHAPE_NOTHING ? "{\"ok\": true}\n" : "\n", f);
	} else if (rows == 0 && cmd->shape == SHAPE_ROWS) {
		listing_heading(f, cmd->columns);
	}
	frame_buf_release(&in);
	return r < 0 ? 1 : 0;
}

static int reach(const char *what)
{
	int fd = rdv_connect();

	if (fd < 0)
		fprintf(stderr, "mishctl: %s: %s: %s (is mishd running?)\n", what, rdv_socket_path(), strerror(-fd));
	return fd;
}

/* ---- public histories ---- */

/* A line of a trace, as doc/prediction.md has it; -1: that is no row. */
static int put_history(const struct msg_view *v)
{
	char user[64];
	struct rud r;
	uint64_t at_s;

	if (record_get(&rud_record, v, &r) < 0 || msg_get_str(v, MSG_USER, user, sizeof(user)) < 0 || strspn(user, "0123456789abcdef") != strlen(user))
		return -1;
	at_s = r.at_ms / 1000;
	printf("%s %llu %llu %llu %.6f %llu %llu %llu.%03u %.3f %s %s %u\n", r.key, (unsigned long long)r.args, (unsigned long long)r.dir,
	       (unsigned long long)(at_s / 3600 % 24), (double)(r.used.user_us + r.used.system_us) / 1e6, (unsigned long long)r.used.rss_kib,
	       (unsigned long long)(r.used.read_kib + r.used.written_kib), (unsigned long long)at_s, (unsigned)(r.at_ms % 1000), (double)r.elapsed_ms / 1000, user, r.node,
	       (unsigned)r.status);
	return 0;
}

struct histories {
	size_t n; /* that came last */
	bool bad;
};

static void take_history(void *arg, const struct msg_view *v)
{
	struct histories *h = arg;

	h->bad = h->bad || put_history(v) < 0;
	h->n++;
}

/* As many as there are, some at a time. */
static int export_histories(void)
{
	int fd = reach("histories"), r = 0;
	struct histories h = { .n = 1 };

	if (fd < 0)
		return 1;
	while (h.n != 0 && r == 0 && !h.bad) {
		struct msg m;

		msg_init(&m);
		h.n = 0;
		r = rdv_client_ask_by(fd, FRAME_GET_HISTORIES, &m, ANSWER_MS, take_history, &h);
	}
	close(fd);
	if (r < 0 || h.bad)
		fprintf(stderr, "mishctl: histories: %s\n", h.bad ? "what mishd answered is no record; is it of another version than this mishctl?" : r == -EACCES ? "refused: they are for root, where mishd records (mishd.conf: record)" : strerror(-r));
	return r < 0 || h.bad || fflush(stdout) != 0;
}

/* ---- top ---- */

static volatile sig_atomic_t ended;

static void on_end(int signo)
{
	(void)signo;
	ended = 1;
}

/* Draws the screen once: as many lines as fit. Returns an exit status. */
static int picture(int fd)
{
	static const char *const parts[] = { "status", "nodes", "sessions" };
	struct winsize w = { .ws_row = 24, .ws_col = 80 };
	char *text = NULL, *line, *save = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int r = f != NULL ? 0 : 1, row = 0;

	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &w);
	for (size_t i = 0; i < 3 && r == 0; i++) {
		r = run(f, find(parts[i]), fd, NULL, false);
		fputs(" \n", f);
	}
	if (f == NULL || fclose(f) != 0)
		return 1;
	fputs("\033[H", stdout);
	for (line = strtok_r(text, "\n", &save); line != NULL && row + 1 < w.ws_row && r == 0;
	     line = strtok_r(NULL, "\n", &save), row++)
		printf("%.*s\033[K\r\n", w.ws_col - 1, line);
	fputs("\033[J", stdout);
	fflush(stdout);
	free(text);
	return r;
}

/* Draws again and again until q or a signal; what is no terminal gets everything once. */
static int top(void)
{
	bool screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct sigaction sa = { .sa_handler = on_end };
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	struct termios old, raw;
	int fd = reach("top"), r = 0;

	if (fd < 0)
		return 1;
	if (!screen) {
		for (size_t i = 0; i < 3 && r == 0; i++)
			r = run(stdout, &commands[i], fd, NULL, false);
		close(fd);
		return r;
	}
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	tcgetattr(STDIN_FILENO, &old);
	raw = old;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	fputs("\033[?1049h\033[?25l", stdout);
	while (!ended && r == 0) {
		char c = 0;

		r = picture(fd);
		if (r == 0 && poll(&p, 1, TOP_MS) > 0 && (read(STDIN_FILENO, &c, 1) <= 0 || c == 'q'))
			break;
	}
	fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	close(fd);
	return r;
}

/* drain, undrain and evict are for the node they are said on. True when that is the one named. */
static bool is_here(const char *command, const char *node)
{
	char own[NODE_NAME_MAX + 1];

	node_own_name(own, sizeof(own));
	if (strcmp(node, own) == 0)
		return true;
	fprintf(stderr, "mishctl: %s: this is %s; run: ssh %s mishctl %s\n", command, own,
		node_name_valid(node) ? node : "NODE", command);
	return false;
}

int main(int argc, char **argv)
{
	const struct command *cmd;
	bool json = false;
	int fd, status;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("mishctl " PACKAGE_VERSION);
		return 0;
	}
	for (int i = 1, k = 1; i < argc; i++) { /* --json may stand anywhere */
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else
			argv[k++] = argv[i];
		if (i + 1 == argc)
			argc = k;
	}
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && strcmp(argv[1], "top") == 0 && !json)
		return top();
	if ((argc == 2 || argc == 3) && strcmp(argv[1], "keygen") == 0)
		return keygen_make(argv[2]);
	if ((argc == 2 || argc == 3) && strcmp(argv[1], "key") == 0)
		return keygen_show(argv[2]);
	if (argc == 3 && strcmp(argv[1], "histories") == 0 && strcmp(argv[2], "export") == 0)
		return export_histories();
	cmd = argc > 1 ? find(argv[1]) : NULL;
	if (cmd != NULL && cmd->shape == SHAPE_NOTHING && cmd->operands == 0 && argc == 3) {
		if (!is_here(cmd->name, argv[2]))
			return 1;
		argc--;
	}
	if (cmd == NULL || argc != 2 + cmd->operands) {
		fputs(usage, stderr);
		return 2;
	}
	fd = reach(cmd->name);
	if (fd < 0)
		return 1;
	status = run(stdout, cmd, fd, argv + 2, json);
	close(fd);
	return status;
}
