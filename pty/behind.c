#include <config.h>

#include "pty/behind.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty/term.h"
#include "session/stayed.h"
#include "wire/now.h"

enum { CONTINUED = 0xffff /* as WIFCONTINUED() has it */, HEARD_MS = 15000 };

/* What waitid(2) knows, as wait4(2) has it. */
static int status_of(const siginfo_t *si)
{
	switch (si->si_code) {
	case CLD_EXITED:
		return W_EXITCODE(si->si_status, 0);
	case CLD_KILLED:
		return si->si_status;
	case CLD_DUMPED:
		return si->si_status | WCOREFLAG;
	case CLD_STOPPED:
		return W_STOPCODE(si->si_status);
	default:
		return CONTINUED;
	}
}

/* How it is, which stays to be waited for; as it was, when there is no news. -1: it is no child of ours. */
static int look(const struct behind_proc *p)
{
	siginfo_t si = { .si_pid = 0 };

	if (p->pid <= 0 || waitid(P_PID, (id_t)p->pid, &si, WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT) < 0)
		return -1;
	return si.si_pid != 0 ? status_of(&si) : p->status;
}

/* Which job elsewhere it stands for, if any. */
static void find_stay(struct behind_proc *p, const struct blob *stays)
{
	struct stay s;

	for (size_t i = 0; stayed_at(stays, i, &s); i++)
		if (s.pid == p->pid && s.was != s.pid) {
			p->was = s.was;
			p->group = s.group;
			p->node = strdup(s.node);
			return;
		}
}

void behind_begin(struct behind *b, const struct blob *procs, const struct blob *stays)
{
	size_t n = procs->len / sizeof(struct left_proc);

	b->v = n != 0 ? calloc(n, sizeof(*b->v)) : NULL;
	for (size_t i = 0; b->v != NULL && i < n; i++) {
		struct behind_proc *p = &b->v[b->n];
		struct left_proc l;

		memcpy(&l, procs->s + i * sizeof(l), sizeof(l));
		*p = (struct behind_proc){ .pid = abs(l.pid), .status = WIFSTOPPED(l.stopped) ? l.stopped : CONTINUED, .keep = l.pid < 0, .group = l.group };
		if (l.pid == 0 || l.pid == INT_MIN || look(p) < 0)
			continue;
		find_stay(p, stays);
		b->n++;
	}
}

void behind_add(struct behind *b, pid_t pid, const struct stay *was)
{
	struct behind_proc *v = realloc(b->v, (b->n + 1) * sizeof(*v));

	if (v == NULL)
		return;
	b->v = v;
	b->v[b->n++] = (struct behind_proc){ .pid = pid, .status = WIFSTOPPED(was->stopped) ? was->stopped : CONTINUED, .keep = was->keep != 0, .was = was->was, .group = was->group, .node = strdup(was->node) };
}

void behind_stand_ins(const struct behind *b, struct blob *ret)
{
	struct stand_in *v = b->n != 0 ? calloc(b->n, sizeof(*v)) : NULL;
	size_t n = 0;

	for (size_t i = 0; v != NULL && i < b->n; i++) {
		if (b->v[i].node == NULL)
			continue;
		v[n].was = b->v[i].was;
		v[n].pid = b->v[i].pid;
		snprintf(v[n++].node, sizeof(v->node), "%s", b->v[i].node);
	}
	*ret = (struct blob){ (uint8_t *)v, n * sizeof(*v) };
}

static bool is_end(int status)
{
	return status != CONTINUED && !WIFSTOPPED(status);
}

void behind_tend(struct behind *b, struct child *link)
{
	if (link == NULL || (b->n == 0 && !b->fresh))
		return;
	for (size_t i = 0; i < b->n; i++) {
		struct behind_proc *p = &b->v[i];
		int st = look(p);
		struct job_word w = { .pid = (uint64_t)p->pid, .status = (uint64_t)st, .was = (uint64_t)p->was };

		if (p->node != NULL)
			snprintf(w.node, sizeof(w.node), "%s", p->node);
		if (p->pid == 0 && b->told != link->pid) {
			w.status = SIGHUP;
			child_send_job(link, &w);
		}
		if (st >= 0 && (st != p->status || b->told != link->pid)) {
			p->status = st;
			p->told_ms = is_end(st) ? now_mono_ms() : 0;
			child_send_job(link, &w);
		}
	}
	if (b->fresh && b->told != link->pid)
		child_send_job(link, &(struct job_word){ 0 });
	b->told = link->pid;
}

static bool is_same_job(const struct behind_proc *a, const struct behind_proc *b)
{
	return a->group == b->group && a->node == NULL && b->node == NULL;
}

/* Its end was told, so long ago that a link on which it was lost would have gone. */
static bool is_heard(const struct behind_proc *p, int64_t now_ms)
{
	return p->told_ms != 0 && now_ms - p->told_ms >= HEARD_MS;
}

const struct behind_proc *behind_over(struct behind *b)
{
	int64_t now = now_mono_ms();

	for (size_t i = 0, k; i < b->n; i++) {
		struct behind_proc *p = &b->v[i];

		if (p->over || !is_heard(p, now))
			continue;
		for (k = 0; k < b->n && (!is_same_job(p, &b->v[k]) || is_heard(&b->v[k], now)); k++)
			;
		if (k < b->n)
			continue;
		p->over = true;
		for (k = i + 1; k < b->n; k++)
			b->v[k].over |= is_same_job(p, &b->v[k]);
		return p;
	}
	return NULL;
}

/* Its process group, if it is a child, and not our own; else 0. */
static pid_t group_of(const struct behind_proc *p)
{
	pid_t group = look(p) >= 0 ? getpgid(p->pid) : -1;

	return group > 0 && group != getpgrp() ? group : 0;
}

/* As the shell would. */
static void signal_group(const struct behind_proc *p, int signo)
{
	pid_t group = group_of(p);

	if (group != 0)
		(void)kill(-group, signo);
}

uint64_t behind_turn(void)
{
	uint16_t unlike = 0;

	(void)!getrandom(&unlike, sizeof(unlike), 0);
	return (uint64_t)now_wall_ms() << 16 | unlike;
}

/* Those that are the jobs themselves, as struct left_proc each. */
static void own(const struct behind *b, struct blob *ret)
{
	struct left_proc *v = b->n != 0 ? calloc(b->n, sizeof(*v)) : NULL;
	size_t n = 0;

	for (size_t i = 0; v != NULL && i < b->n; i++) {
		const struct behind_proc *p = &b->v[i];
		pid_t group = p->node == NULL && !p->over ? group_of(p) : 0;

		if (group != 0)
			v[n++] = (struct left_proc){ p->keep ? -p->pid : p->pid, WIFSTOPPED(p->status) ? p->status : 0, group };
	}
	*ret = (struct blob){ (uint8_t *)v, n * sizeof(*v) };
}

static struct behind_proc *find(struct behind *b, uint64_t pid)
{
	size_t i = 0;

	while (i < b->n && (uint64_t)b->v[i].pid != pid)
		i++;
	return i < b->n ? &b->v[i] : NULL;
}

pid_t behind_meant(const struct behind *b, const struct job_word *w)
{
	for (size_t i = 0; i < b->n; i++)
		if (w->node[0] == '\0' ? (uint64_t)b->v[i].pid == w->pid :
					  b->v[i].node != NULL && (uint64_t)b->v[i].was == w->pid && strcmp(b->v[i].node, w->node) == 0)
			return b->v[i].pid;
	return 0;
}

const struct behind_proc *behind_order(struct behind *b, const struct job_word *w)
{
	pid_t pid = behind_meant(b, w);
	struct behind_proc *p = pid != 0 ? find(b, (uint64_t)pid) : NULL;

	if (p == NULL)
		return NULL;
	for (size_t i = 0; (w->flags & MSG_KEEP) != 0 && i < b->n; i++)
		b->v[i].keep |= &b->v[i] == p || is_same_job(p, &b->v[i]);
	if (w->status == SIGKILL && p->node != NULL) {
		(void)sigqueue(p->pid, PLACED_WORD, (union sigval){ .sival_int = PLACED_KILL });
		signal_group(p, SIGCONT); /* which it may need to hear that */
	} else if (w->status > 0 && w->status < NSIG) {
		signal_group(p, (int)w->status);
	}
	return p;
}

void behind_persist(const struct behind *b, bool persist)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].node != NULL && b->v[i].pid > 0 && !is_end(b->v[i].status))
			(void)sigqueue(b->v[i].pid, PLACED_WORD, (union sigval){ .sival_int = persist ? PLACED_PERSIST : PLACED_PERSIST_NOT });
}

static bool runs(const struct behind *b, pid_t group)
{
	size_t i = 0;

	while (i < b->n && (look(&b->v[i]) != CONTINUED || getpgid(b->v[i].pid) != group))
		i++;
	return i < b->n;
}

bool behind_front(struct behind *b, pid_t pid, const struct child *link, const struct termios *modes)
{
	const struct behind_proc *p = find(b, (uint64_t)pid);
	pid_t group = p != NULL ? group_of(p) : 0;
	int tty = group != 0 ? term_open() : -1;

	if (tty < 0)
		return false;
	if (modes != NULL)
		(void)tcsetattr(tty, TCSADRAIN, modes);
	for (size_t i = 0; i < b->n; i++) /* who stands for one that has stopped need not have done so yet, and then the kernel says nothing */
		if (getpgid(b->v[i].pid) == group && WIFSTOPPED(b->v[i].status))
			b->v[i].status = CONTINUED;
	if (tcsetpgrp(tty, group) == 0) {
		b->front = group;
		b->front_link = link->pid;
		(void)kill(-group, SIGCONT);
	}
	close(tty);
	return b->front != 0;
}

bool behind_front_ends(struct behind *b, const struct child *link)
{
	int tty;

	if (b->front == 0 || (link != NULL && link->pid == b->front_link && runs(b, b->front)))
		return false;
	b->front = 0;
	tty = term_open();
	if (tty >= 0) {
		(void)tcsetpgrp(tty, getpgrp());
		(void)term_raw(tty, NULL);
		close(tty);
	}
	return true;
}

void behind_hangup(const struct behind *b, bool ended)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->v[i].keep || (ended && (b->v[i].node == NULL || !WIFSTOPPED(b->v[i].status))))
			continue;
		signal_group(&b->v[i], SIGHUP);
		signal_group(&b->v[i], SIGCONT);
	}
}

void behind_become_keeper(const struct behind *b, struct departure *d, const struct programs *programs, bool tell)
{
	char number[16], *argv[] = { (char *)(uintptr_t)"mish-peer", (char *)(uintptr_t)"--keep", number, (char *)(uintptr_t)"-1", (char *)(uintptr_t)"-1", NULL };
	sigset_t all;
	int fd = -1;
	bool one;

	own(b, &d->jobs);
	one = d->jobs.len == sizeof(struct left_proc);
	if (d->jobs.len != 0)
		fd = handover_write(&departure_record, d);
	record_release(&departure_record, d);
	if (fd < 0)
		return;
	if (tell)
		dprintf(STDERR_FILENO, "mish: %s: this terminal waits for %s end, and may be closed\n", one ? "a job of it runs here" : "jobs of it run here", one ? "its" : "their");
	snprintf(number, sizeof(number), "%d", fd);
	fcntl(fd, F_SETFD, 0);
	sigfillset(&all); /* until it has said what they are to it */
	sigprocmask(SIG_SETMASK, &all, NULL);
	(void)programs_exec(programs, PROGRAM_PEER, argv, environ);
}
