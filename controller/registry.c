#include <config.h>

#include "controller/registry.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "controller/journal.h"
#include "wire/now.h"

enum {
	ADMIT_MS = 1500, /* a peer waits 2000 for an answer, and then does without */
	LATELY_S = 3,	 /* a shell judges by longer times (shell/move/eligible.c) */
};
#define UNCHECKED_CPU 0.02 /* of a CPU */
#define NEXT_MOST_US (UINT64_C(86400) * 365 * 1000000)

/* ---- shells ---- */

static void shell_changed(struct registry *r, struct candidate *s)
{
	balance_changed(r->balance, s, now_mono_ms());
	if (s->leaving) /* an exchange of it began, or is under way */
		ticker_kick(r->ticker);
}

/* Sends a shell what it must know to judge whether it may be moved. */
static void send_rules(const struct registry *r, struct client *c)
{
	const struct conf_list *shared = &r->conf->shared;
	size_t len = 0;
	char *text;
	struct msg m;
	FILE *f = open_memstream(&text, &len);

	for (size_t i = 0; f != NULL && i < shared->n; i++)
		fprintf(f, "%s\n", shared->v[i]);
	if (f == NULL || fclose(f) != 0) {
		client_close(c);
		return;
	}
	msg_init(&m);
	msg_str(&m, MSG_SHARED, text);
	free(text);
	client_send_msg(c, FRAME_OK, &m);
}

/* CPU time in s of a process and the children that it has waited for; as the kernel says. */
static double cpu_of(pid_t pid)
{
	unsigned long user, kernel, children, children_kernel;
	char path[32], text[1024], *p = NULL;
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	p = strrchr(text, ')'); /* the name before it may have blanks */
	if (p == NULL || sscanf(p, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu", &user, &kernel,
				&children, &children_kernel) != 4)
		return 0;
	return (double)(user + kernel + children + children_kernel) / (double)sysconf(_SC_CLK_TCK);
}

/* What a shell says its commands use, lately. It cannot be more than what it ever used would be in so short a time. */
static double claimed_cpu(pid_t pid, uint64_t milli)
{
	double claim = (double)milli / 1000, most;

	if (claim <= UNCHECKED_CPU)
		return claim;
	most = cpu_of(pid) / LATELY_S;
	return claim < most ? claim : most;
}

static void take_update(struct candidate *s, const struct msg_view *v)
{
	uint64_t n = 0, flags = 0;

	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	s->idle = (flags & MSG_IDLE) != 0;
	s->eligible = msg_get_uint(v, MSG_ELIGIBLE, 1, &n) == 0 && n == 1;
	if (msg_get_str(v, MSG_WHY, s->why, sizeof(s->why)) < 0)
		s->why[0] = '\0';
	for (char *p = s->why; *p != '\0'; p++) /* the text gets to terminals */
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	if (msg_get_uint(v, MSG_CPU, 1000000, &n) == 0)
		s->cpu = claimed_cpu(client_of(s)->pid, n);
	if (msg_get_uint(v, MSG_BUSY, 1000, &n) == 0)
		s->busy = (double)n / 1000;
	if (msg_get_uint(v, MSG_RSS, UINT64_MAX >> 1, &n) == 0)
		s->rss_kib = n;
	s->next_cpu = msg_get_uint(v, MSG_USER_US, NEXT_MOST_US, &n) == 0 ? (double)n / 1e6 : 0;
	s->typed_ms = now_mono_ms();
}

/* Notes the name of a shell's user when it is known; true: it was not before. */
static bool take_name(struct registry *r, struct client *c)
{
	enum accounts_answer answer;

	if (c->shell.named)
		return false;
	answer = accounts_name(r->accounts, c->uid, c->shell.user);
	/* without an account the digits are the name */
	c->shell.named = answer == ACCOUNTS_FOUND || answer == ACCOUNTS_NONE;
	return c->shell.named;
}

void registry_register(struct registry *r, struct client *c, const struct msg_view *v)
{
	struct candidate *s = &c->shell;
	char session[RDV_ID_LEN + 1];
	uint64_t age = 0;

	if (s->session[0] != '\0' || msg_get_str(v, MSG_SESSION, session, sizeof(session)) < 0 ||
	    strspn(session, "0123456789abcdef") != RDV_ID_LEN) {
		client_close(c);
		return;
	}
	for (struct candidate *k = r->balance->share.candidates; k != NULL; k = k->next)
		if (strcmp(k->session, session) == 0 && client_of(k)->uid != c->uid) {
			client_close(c); /* another user's session */
			return;
		}
	memcpy(s->session, session, sizeof(session));
	(void)take_name(r, c);
	(void)msg_get_str(v, MSG_ORIGIN, s->origin, sizeof(s->origin));
	(void)msg_get_str(v, MSG_TTY, s->tty, sizeof(s->tty));
	(void)msg_get_uint(v, MSG_EPOCH, UINT64_MAX, &s->epoch);
	s->pid = (uint64_t)c->pid; /* as the kernel says, whatever the shell does */
	s->came = msg_get_uint(v, MSG_AGE, UINT32_MAX, &age) == 0;
	s->came_ms = now_mono_ms() - (int64_t)age;
	take_update(s, v);
	journal_line("session %.4s: a shell of uid %u is here", s->session, (unsigned)c->uid);
	send_rules(r, c);
	if (c->closing)
		return;
	balance_came(r->balance, s, now_mono_ms());
	balance_changed(r->balance, s, now_mono_ms());
	ticker_kick(r->ticker);
}

void registry_update(struct registry *r, struct client *c, const struct msg_view *v)
{
	struct candidate *s = &c->shell;
	char node[256];

	if (s->session[0] == '\0') {
		client_close(c);
		return;
	}
	take_update(s, v);
	(void)take_name(r, c); /* again, if it could not be looked up */
	if (msg_get_str(v, MSG_NODE, node, sizeof(node)) == 0) {
		if (c->asked)
			journal_line("session %.4s: stays: %s", s->session, s->why);
		c->asked = false;
		/* a shell that may go all the same was only asked too late */
		balance_declined(r->balance, s, s->eligible ? "a line was typed" : s->why, !s->eligible,
				 now_mono_ms());
	} else if (s->leaving && !s->idle) /* it reads what it was asked only at its next prompt */
		balance_declined(r->balance, s, "a command began", false, now_mono_ms());
	shell_changed(r, s);
}

void registry_grant(struct client *c, const char *node, bool by_hand)
{
	struct msg m;

	msg_init(&m);
	msg_str(&m, MSG_NODE, strcmp(node, c->shell.origin) == 0 ? "home" : node);
	if (by_hand) {
		msg_uint(&m, MSG_FLAGS, MSG_FORCE);
		journal_line("session %.4s: asked to move", c->shell.session);
		c->asked = true;
	}
	client_send_msg(c, FRAME_GRANT, &m);
}

/* ---- newcomers ---- */

static void answer_admission(struct registry *r, struct client *c)
{
	const struct client_admission *a = &c->admission;
	char user[ACCOUNTS_NAME_MAX + 1], text[192];
	enum accounts_answer name = accounts_name(r->accounts, c->uid, user);
	bool known = name == ACCOUNTS_FOUND || name == ACCOUNTS_NONE;
	const struct share *s = &r->balance->share;
	const char *why = share_refusal(s, known ? user : NULL, NULL,
					exchange_expects(&r->balance->exchanges, a->session));
	/* what the site says of users is no policy of the moment: nobody overrides that */
	bool denied = !share_trusts_user(s, known ? user : NULL);

	c->held = false;
	if (why == NULL || (a->by_force && !denied)) {
		client_answer(c, NULL);
		return;
	}
	journal_line("session %.4s: refused: %s", a->session, why);
	snprintf(text, sizeof(text), "%s%s", why, denied ? "" : "; smigrate -f overrides that");
	client_answer(c, text);
}

/* Answers, without a name, the admissions that have been held for too long. */
static void on_late(uv_timer_t *t)
{
	struct registry *r = t->data;
	int64_t now = now_mono_ms(), next = INT64_MAX;

	for (struct client *c = r->clients->first; c != NULL; c = c->next) {
		if (!c->held || c->closing)
			continue;
		if (now >= c->admission.until_ms)
			answer_admission(r, c);
		else if (c->admission.until_ms < next)
			next = c->admission.until_ms;
	}
	if (next != INT64_MAX)
		uv_timer_start(t, on_late, (uint64_t)(next - now), 0);
}

void registry_admit(struct registry *r, struct client *c, const struct msg_view *v)
{
	struct client_admission *a = &c->admission;
	char user[ACCOUNTS_NAME_MAX + 1];
	uint64_t flags = 0;

	*a = (struct client_admission){ .until_ms = now_mono_ms() + ADMIT_MS };
	if (msg_get_str(v, MSG_SESSION, a->session, sizeof(a->session)) < 0 ||
	    strspn(a->session, "0123456789abcdef") != strlen(a->session))
		a->session[0] = '\0'; /* the log gets hex digits only */
	(void)msg_get_uint(v, MSG_FLAGS, UINT32_MAX, &flags);
	a->by_force = (flags & MSG_FORCE) != 0;
	meter_refresh(r->meter); /* on a node that shares no load nothing else looks for the owner */
	if (!share_trusts_user(&r->balance->share, NULL) &&
	    accounts_name(r->accounts, c->uid, user) == ACCOUNTS_WAIT) {
		c->held = true;
		if (!uv_is_active((const uv_handle_t *)&r->late))
			uv_timer_start(&r->late, on_late, ADMIT_MS, 0);
		return;
	}
	answer_admission(r, c);
}

void registry_init(struct registry *r, uv_loop_t *loop)
{
	uv_timer_init(loop, &r->late);
	r->late.data = r;
}

void registry_answered(struct registry *r, uid_t uid)
{
	for (struct client *c = r->clients->first; c != NULL; c = c->next) {
		if (c->uid != uid || c->closing)
			continue;
		if (c->held)
			answer_admission(r, c);
		if (c->shell.session[0] != '\0' && take_name(r, c))
			shell_changed(r, &c->shell);
	}
}

void registry_gone(struct registry *r, struct client *c)
{
	if (c->shell.session[0] == '\0')
		return;
	balance_left(r->balance, &c->shell, now_mono_ms());
	journal_line("session %.4s: the shell left", c->shell.session);
}
