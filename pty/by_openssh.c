#include <config.h>

#include "pty/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migrate/programs.h"
#include "pty/askpass.h"
#include "pty/keeper.h"
#include "pty/tcp.h"
#include "pty/term.h"
#include "wire/fd.h"
#include "wire/now.h"
#include "wire/text.h"

/* The way that always is ssh's own: ssh(1) as a child, with the channel on a socket pair. It asks by askpass.h. */

enum { SSH_FAILED = 255, /* ssh(1), EXIT STATUS */
       END_MS = 1000, LOGIN_MS = 150000 /* sshd's LoginGraceTime, and some more */, ALONE_MS = 60000,
       CONNECT_MS = 10000 /* as by libssh */ };

static const struct dial_ops openssh_ops;

/* In the job. */
static void exec_ssh(const struct dial_want *want, bool may_ask, const char *cookie)
{
	char *argv[24], *askpass = programs_path(&(struct programs){ 0 }, PROGRAM_LINK);
	/* what the configuration has for other uses of ssh(1) stays with those */
	static const char *const options[] = { "ssh", "-T", "-oClearAllForwardings=yes", "-oRemoteCommand=none" };
	static const char *const sessions[] = { "-oSessionType=default", "-oStdinNull=no", "-oForkAfterAuthentication=no" };
	struct ssh_operands operands;
	size_t n = 0, n_operands = ssh_config_operands(want->to, &operands);

	may_ask &= askpass != NULL;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		argv[n++] = (char *)(uintptr_t)options[i];
	if (!may_ask || !want->shares) /* whoever shares a master of ours would be cut with us: only where that is wanted */
		argv[n++] = (char *)(uintptr_t)"-oControlMaster=no";
	if (want->to->jump[0] != '\0' || (may_ask && want->shares && !want->probes)) /* a cut of such a way shows in no socket of ours */
		argv[n++] = (char *)(uintptr_t)"-oServerAliveInterval=15";
	for (size_t i = 0; want->sessions && i < sizeof(sessions) / sizeof(sessions[0]); i++)
		argv[n++] = (char *)(uintptr_t)sessions[i];
	if (want->known_only)
		argv[n++] = (char *)(uintptr_t)"-oStrictHostKeyChecking=yes";
	if (!may_ask) { /* nobody waits, and another try comes */
		argv[n++] = (char *)(uintptr_t)"-oBatchMode=yes";
		if (!want->timed)
			argv[n++] = (char *)(uintptr_t)(want->patient ? "-oConnectTimeout=120" : "-oConnectTimeout=10");
	}
	for (size_t i = 0; i < n_operands; i++)
		argv[n++] = (char *)(uintptr_t)operands.v[i];
	argv[n++] = (char *)(uintptr_t)want->command;
	argv[n] = NULL;
	if (askpass != NULL) { /* also where nobody may be asked: those through which it goes know nothing of BatchMode */
		setenv("SSH_ASKPASS", askpass, 1);
		setenv("SSH_ASKPASS_REQUIRE", "force", 1);
		setenv(ASKPASS_MARK, may_ask ? cookie : ASKPASS_NEVER, 1);
	}
	execvp("ssh", argv);
	dprintf(STDERR_FILENO, "ssh: %s\n", strerror(errno));
	_exit(SSH_FAILED);
}

/* So that nothing that a server says can be taken for askpass's words. */
static bool draw_cookie(char ret[DIAL_COOKIE])
{
	unsigned long long n;

	if (getrandom(&n, sizeof(n), 0) != (ssize_t)sizeof(n))
		return false;
	snprintf(ret, DIAL_COOKIE, "%016llx", n);
	return true;
}

/* What asks, where we may not: on the way through a node that nobody has named that is to name it. */
static void name_asking(struct dial *d, const struct dial_want *want)
{
	char text[NODE_DESTINATION_MAX];

	node_destination_operands(want->to, d->operands);
	node_destination_text(want->to, text);
	if (want->known_only)
		snprintf(d->ask, sizeof(d->ask), strchr(text, '\\') != NULL ? "smigrate '%s'" : "smigrate %s", text);
	else
		snprintf(d->ask, sizeof(d->ask), "ssh %s true", d->operands);
}

int by_openssh_open(struct dial *d, const struct dial_want *want, int tty, char **why)
{
	int in[2] = { -1, -1 }, err[2] = { -1, -1 }, told[2] = { -1, -1 };
	pid_t link = getpid();

	*d = (struct dial){ .fd = -1, .err = -1, .tcp = -1, .tty = -1, .status = -1 };
	d->tty = tty >= 0 && tcgetattr(tty, &d->modes) == 0 ? tty : -1;
	name_asking(d, want);
	d->shared = tty >= 0 && want->shares;
	dial_key_name(d, want->to);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) < 0 || pipe2(err, O_CLOEXEC) < 0 || pipe2(told, O_CLOEXEC) < 0 || !draw_cookie(d->cookie) || (d->pid = fork()) < 0) {
		*why = strdup(strerror(errno));
		for (int i = 0; i < 2; i++) {
			close(in[i]);
			close(err[i]);
			close(told[i]);
		}
		d->pid = 0;
		return -1;
	}
	if (d->pid == 0) {
		keeper_begin(link, tty >= 0, err[1], told[1]);
		in[1] = fcntl(in[1], F_DUPFD_CLOEXEC, FD_OWN_MIN); /* whatever of 0, 1 and 2 was closed */
		err[1] = fcntl(err[1], F_DUPFD_CLOEXEC, FD_OWN_MIN);
		dup2(in[1], STDIN_FILENO);
		dup2(in[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		exec_ssh(want, tty >= 0, d->cookie);
	}
	close(in[1]);
	close(err[1]);
	close(told[1]);
	if (read(told[0], &d->job, sizeof(d->job)) != (ssize_t)sizeof(d->job))
		d->job = 0;
	close(told[0]);
	if (d->tty >= 0)
		term_cooked(d->tty, false); /* a program that changes modes begins with these */
	d->ops = &openssh_ops;
	d->patience_ms = want->patient ? LOGIN_MS : ALONE_MS;
	d->look_ms = tty < 0 && want->patient && !want->timed ? now_mono_ms() + CONNECT_MS : 0;
	d->fd = in[0];
	d->err = err[0];
	fcntl(d->err, F_SETFL, O_NONBLOCK);
	return 0;
}

static int openssh_fd(const struct dial *d)
{
	return d->fd;
}

static int openssh_tcp(const struct dial *d)
{
	return d->tcp >= 0 ? d->tcp : d->fd;
}

/*
 * The connection of ssh(1), our child: without it a cut is noticed when ssh(1) does, which may be never. One that
 * goes through a proxy or a master has none.
 */
static int connection_of(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), found = -1;

	for (int n = 3; pidfd >= 0 && found < 0 && n < 16; n++) {
		int protocol = 0, fd = (int)syscall(SYS_pidfd_getfd, pidfd, n, 0);
		socklen_t len = sizeof(protocol);

		if (fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 && protocol == IPPROTO_TCP)
			found = fd;
		else if (fd >= 0)
			close(fd);
	}
	if (pidfd >= 0)
		close(pidfd);
	return found;
}

/*
 * For ssh(1) ConnectTimeout is one for the connection, which is not there soon or not at all, and for the greeting, which is slow
 * on a machine that is. What is connected is watched, so that a cut does not take as long as that.
 */
static void openssh_tend(struct dial *d)
{
	int fd = d->job > 0 ? connection_of(d->job) : -1;

	d->look_ms += CONNECT_MS;
	if (fd < 0) /* it looks for the name; or there is a proxy */
		return;
	if (!tcp_give_up(fd)) {
		tcp_watch(fd, true);
		d->look_ms = 0;
	}
	close(fd);
}

static short openssh_events(struct dial *d, bool more)
{
	(void)d;
	return (short)(POLLIN | (more ? POLLOUT : 0));
}

static bool openssh_has_more(struct dial *d)
{
	return d->ended;
}

/* It has closed its end, and so ends. */
static void reap(struct dial *d)
{
	int st, r = 0;

	d->ended = true;
	for (int ms = 0; d->pid > 0 && r == 0 && ms < END_MS; ms += 10) {
		r = waitpid(d->pid, &st, WNOHANG);
		if (r == 0)
			(void)poll(NULL, 0, 10);
	}
	if (r < 0)
		d->pid = 0;
	if (r <= 0)
		return;
	d->pid = 0;
	d->status = WIFEXITED(st) ? WEXITSTATUS(st) : SSH_FAILED;
}

/* From ssh(1), and what it runs: they have done with it. */
static void take_terminal(struct dial *d)
{
	if (d->tty < 0)
		return;
	keeper_take_back(d->tty, d->job);
	(void)tcsetattr(d->tty, TCSADRAIN, &d->modes);
	d->tty = -1;
}

static long openssh_read(struct dial *d, void *buf, size_t size)
{
	ssize_t n = d->ended ? 0 : recv(d->fd, buf, size, MSG_DONTWAIT);

	if (n > 0 && !d->looked) { /* it is logged in; and later we may not look any more */
		d->looked = true;
		if (d->job > 0 && !d->shared)
			d->tcp = connection_of(d->job);
		take_terminal(d);
	}
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return n > 0 ? n : 0;
	if (!d->ended)
		reap(d);
	return d->status == SSH_FAILED ? -1 : 0;
}

static long openssh_read_error(struct dial *d, void *buf, size_t size)
{
	ssize_t n = read(d->err, buf, size); /* it does not block */

	return n > 0 ? n : 0;
}

static long openssh_write(struct dial *d, const void *s, size_t len)
{
	ssize_t n = send(d->fd, s, len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n >= 0 || errno == EAGAIN || errno == EINTR)
		return n > 0 ? n : 0;
	return -1;
}

static bool openssh_is_connected(struct dial *d)
{
	return !d->ended || d->status != SSH_FAILED;
}

static bool openssh_has_ended(struct dial *d)
{
	return d->ended;
}

static int openssh_status(struct dial *d)
{
	return d->ended ? d->status : -1;
}

/* "ssh: connect to host beta port 22: Connection refused": what is behind the place, in our style. A file's place stays. */
static char *without_place(const char *line)
{
	const char *s = strncmp(line, "ssh: ", 5) == 0 ? line + 5 : line, *colon = strstr(s, ": ");
	char *r;

	if (colon != NULL && *s != '/')
		s = colon + 2;
	r = strdup(s);
	if (r != NULL && r[0] >= 'A' && r[0] <= 'Z' && r[1] >= 'a')
		r[0] = (char)(r[0] - 'A' + 'a');
	for (size_t n = r != NULL ? strlen(r) : 0; n != 0 && (r[n - 1] == '.' || r[n - 1] == '\r'); n--)
		r[n - 1] = '\0';
	return r;
}

/* What ssh(1) wrote last, and for a login that was refused what the server said before. */
static char *openssh_why(struct dial *d, const char *messages)
{
	const char *refused = strstr(messages, ": Permission denied (");
	char *last, *before, *part, *said = NULL, *s = NULL;
	bool closed;

	if (!d->ended || d->status != SSH_FAILED)
		return NULL;
	if (strstr(messages, KEEPER_INTERRUPTED "\n") != NULL)
		return strdup(KEEPER_INTERRUPTED);
	d->denied = strstr(messages, KEEPER_ASKS) != NULL;
	if (d->denied)
		return strdup(KEEPER_ASKS);
	if (strstr(messages, "HOST IDENTIFICATION HAS CHANGED") != NULL || strstr(messages, "Host key verification failed") != NULL) {
		bool changed = strstr(messages, "changed") != NULL || strstr(messages, "CHANGED") != NULL;
		bool revoked = strstr(messages, "revoked") != NULL || strstr(messages, "REVOKED") != NULL;

		if (asprintf(&s, revoked ? "its host key is revoked; ask who runs %s for the key that it has now" :
			     changed ? "its host key has changed; if that is expected, run: ssh-keygen -R %s" :
				       "its host key is not known; to accept it, run: %s", changed ? d->key : d->ask) < 0)
			s = NULL;
		return s;
	}
	d->unreachable = strstr(messages, "connect to host") != NULL || strstr(messages, "Could not resolve") != NULL ||
			 strstr(messages, "open failed: connect failed") != NULL; /* from the node between */
	if (strstr(messages, "open failed: administratively prohibited") != NULL)
		return strdup("the node between forbids forwarding (AllowTcpForwarding)");
	d->denied = refused != NULL || strstr(messages, "Too many authentication failures") != NULL;
	if (refused != NULL) { /* through another node more is said behind it */
		while (refused != messages && refused[-1] != '\n')
			refused--;
		said = strndup(messages, (size_t)(refused - messages) + strcspn(refused, "\n"));
		messages = said != NULL ? said : messages;
	}
	last = text_last_line(messages, 0);
	before = text_last_line(messages, 1);
	free(said);
	if (last != NULL && before != NULL && strncmp(last, "Disconnected from ", 18) == 0) { /* the server's reason is the line before */
		char *place = last;

		last = before;
		before = NULL;
		free(place);
	}
	part = without_place(last != NULL ? last : "ssh failed");
	/* as pam_slurm_adopt(8) does it, with a word of its own before; else that is where ssh was */
	closed = part != NULL && strncmp(part, "connection closed", 17) == 0 && before != NULL &&
		 strstr(before, "exchange_identification") == NULL;
	if (refused == NULL && !closed) {
		free(last);
		free(before);
		return part;
	}
	if (asprintf(&s, "%s%s%s%s%s%s", part, before != NULL ? " (" : "", before != NULL ? before : "", before != NULL ? ")" : "",
		     refused != NULL ? "; to see why, run: " : "", refused != NULL ? d->ask : "") < 0)
		s = NULL;
	free(part);
	free(last);
	free(before);
	return s;
}

static void openssh_watch(struct dial *d, bool brisk)
{
	if (d->tcp >= 0)
		tcp_watch(d->tcp, brisk);
}

static void openssh_close(struct dial *d)
{
	if (d->tcp >= 0)
		close(d->tcp);
	close(d->fd);
	close(d->err);
	if (d->pid > 0 && d->looked) /* it ends in order */
		reap(d);
	for (int i = 0; d->pid > 0 && i < 2; i++) {
		kill(d->pid, i == 0 ? SIGTERM : SIGKILL);
		reap(d);
	}
	take_terminal(d);
}

/* There is but one: the connection and what goes over it cannot be told apart. */
static void openssh_split(struct dial *first, struct dial *ret)
{
	*ret = *first;
	*first = (struct dial){ .fd = -1, .err = -1, .tcp = -1 };
}

static const struct dial_ops openssh_ops = {
	.fd = openssh_fd, .tcp = openssh_tcp, .events = openssh_events, .has_more = openssh_has_more, .read = openssh_read, .read_error = openssh_read_error,
	.write = openssh_write, .is_connected = openssh_is_connected, .has_ended = openssh_has_ended, .status = openssh_status,
	.why = openssh_why, .watch = openssh_watch, .tend = openssh_tend, .split = openssh_split, .close = openssh_close,
};

void dial_socket(struct dial *d, int fd, const char *node)
{
	struct node_destination to;

	*d = (struct dial){ .ops = &openssh_ops, .fd = fd, .err = -1, .tcp = -1, .tty = -1, .status = -1, .looked = true };
	if (node_destination(node, &to))
		node_destination_operands(&to, d->operands);
}
