#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rendezvous/frame.h"
#include "rendezvous/rdv_client.h"

static const char usage[] =
	"usage: mishctl status | sessions | nodes\n"
	"       mishctl move SESSION NODE\n"
	"       mishctl drain | undrain\n"
	"See mishctl(8).\n";

enum { ANSWER_MS = 5000 };

static char *text(const struct msg_view *v, enum msg_key key)
{
	char *s = NULL;

	if (msg_get_strdup(v, key, &s) < 0)
		s = strdup("");
	for (char *p = s; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	return s;
}

static uint64_t number(const struct msg_view *v, enum msg_key key)
{
	uint64_t n = 0;

	(void)msg_get_uint(v, key, UINT64_MAX, &n);
	return n;
}

static void show_status(const struct msg_view *v)
{
	char *node = text(v, MSG_NODE);
	uint64_t up = number(v, MSG_UPTIME);

	printf("node      %s%s\n", node, number(v, MSG_DRAINING) != 0 ? " (draining)" : "");
	printf("shells    %llu\n", (unsigned long long)number(v, MSG_COUNT));
	printf("up        %llu:%02llu:%02llu\n", (unsigned long long)up / 3600,
	       (unsigned long long)up / 60 % 60, (unsigned long long)up % 60);
	printf("pid       %llu\n", (unsigned long long)number(v, MSG_PID));
	printf("protocol  %llu\n", (unsigned long long)number(v, MSG_VERSION));
	free(node);
}

static void show_session(const struct msg_view *v)
{
	char *session = text(v, MSG_SESSION), *user = text(v, MSG_USER), *node = text(v, MSG_NODE);
	char *origin = text(v, MSG_ORIGIN), *tty = text(v, MSG_TTY);

	printf("%-16s  %-12s  %-12s  %-12s  %5llu  %s\n", session, user, node, origin,
	       (unsigned long long)number(v, MSG_EPOCH), tty);
	free(session);
	free(user);
	free(node);
	free(origin);
	free(tty);
}

static void show_node(const struct msg_view *v)
{
	char *name = text(v, MSG_NAME);

	printf("%-20s%s\n", name, number(v, MSG_DRAINING) != 0 ? "  draining" : "");
	free(name);
}

static const struct command {
	const char *name;
	int operands;
	enum frame_type type;
	void (*show)(const struct msg_view *v);
	const char *heading;
} commands[] = {
	{ "status", 0, FRAME_GET_STATUS, show_status, NULL },
	{ "sessions", 0, FRAME_GET_SESSIONS, show_session,
	  "SESSION           USER          NODE          ORIGIN        EPOCH  TTY" },
	{ "nodes", 0, FRAME_GET_NODES, show_node, "NODE" },
	{ "drain", 0, FRAME_DRAIN, NULL, NULL },
	{ "undrain", 0, FRAME_UNDRAIN, NULL, NULL },
	{ "move", 2, FRAME_MOVE, NULL, NULL },
};

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int run(const struct command *cmd, int fd, char **operands)
{
	struct frame_buf in = { 0 };
	enum frame_type type = FRAME_REFUSED;
	const uint8_t *payload;
	size_t len, total;
	struct msg_view v;
	struct msg m;
	int r;

	msg_init(&m);
	if (cmd->operands == 2) {
		msg_str(&m, MSG_SESSION, operands[0]);
		msg_str(&m, MSG_NODE, operands[1]);
	}
	r = frame_send(fd, cmd->type, &m);
	if (r == 0 && cmd->heading != NULL)
		puts(cmd->heading);
	while (r == 0 && (r = frame_recv(fd, &in, ANSWER_MS, &type, &payload, &len, &total)) == 0) {
		if (msg_parse(&v, payload, len) < 0) {
			r = -EBADMSG;
			break;
		}
		if (type != FRAME_ROW)
			break;
		if (cmd->show != NULL)
			cmd->show(&v);
		frame_buf_drop(&in, total);
	}
	if (r < 0) {
		fprintf(stderr, "mishctl: %s: mishd: %s\n", cmd->name, strerror(-r));
	} else if (type == FRAME_REFUSED) {
		char *why = text(&v, MSG_WHY);

		fprintf(stderr, "mishctl: %s: %s\n", cmd->name, why);
		free(why);
		r = -EACCES;
	}
	frame_buf_release(&in);
	return r < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct command *cmd;
	int fd, status;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("mishctl " PACKAGE_VERSION);
		return 0;
	}
	cmd = argc > 1 ? find(argv[1]) : NULL;
	if (cmd == NULL || argc != 2 + cmd->operands) {
		fputs(usage, stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	fd = rdv_connect();
	if (fd < 0) {
		fprintf(stderr, "mishctl: %s: %s: %s (is mishd running?)\n", cmd->name,
			rdv_socket_path(), strerror(-fd));
		return 1;
	}
	status = run(cmd, fd, argv + 2);
	close(fd);
	return status;
}
