#include <config.h>

#include "shell/move/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/pack.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/expand/var.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/move/nodes.h"
#include "shell/move/restore.h"
#include "shell/move/session.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/strbuf.h"
#include "wire/fd.h"

enum { STATUS_NOT_PLACED = 126 };

/* What only a shell at its prompt has, and no subshell needs; and its descriptors, which go as streams (pty/streams.h). */
static bool is_needed(const struct state_section *s)
{
	static const char *const at_prompt[] = { "fds", "history", "completions", "bindings", "abbreviations", "tasks", "schedule", "jobs", "allocations", "company", "terminal" };

	for (size_t i = 0; i < sizeof(at_prompt) / sizeof(at_prompt[0]); i++)
		if (strcmp(s->name, at_prompt[i]) == 0)
			return false;
	return true;
}

/* The command as the rest of a line, whatever $? is. */
static void take_command(struct shell *sh, const struct ast_command *body)
{
	struct ast_command c = *body;
	struct strbuf b = { 0 };

	c.next = NULL;
	c.redirs = NULL; /* they were made here */
	ast_print_command(&b, &c);
	restore_drop_rest(sh);
	free(sh->line.text);
	sh->line.text = NULL;
	sh->line.ahead_len = 0;
	sh->line.rest_ok = strbuf_take(&b);
	sh->line.rest_failed = xstrdup(sh->line.rest_ok);
}

/* Descriptors that these open as files of which nobody else has the offset: 1 << each. */
static unsigned truncated(const struct ast_redir *r)
{
	unsigned bits = 0;

	for (; r != NULL; r = r->next)
		if (r->fd >= 0 && r->fd < DESCRIPTORS)
			bits = r->kind == AST_REDIR_OUT || r->kind == AST_REDIR_CLOBBER ? bits | 1u << r->fd : bits & ~(1u << r->fd);
	return bits;
}

/* The order for a link, in a memfd, or -errno with *why (caller frees; NULL: errno says it). */
static int write_order(struct shell *sh, const char *wish, const struct ast_command *c, char **why)
{
	const struct session *me = session_get(sh);
	const struct pack_ops *ops = pack_load(&me->programs, why);
	struct errand_order o = { .errand = ERRAND_PLACE, .from = me->epoch, .pid = (uint64_t)sh->pid,
				   .flags = (c->by_itself ? MSG_OR_HERE : 0) | (sh->placed.waits ? MSG_QUEUED : 0), .own = truncated(c->function.body->redirs) };
	const struct state_section *sections[32] = { NULL };
	size_t n = 0;
	int r;

	if (ops == NULL)
		return -ENOENT;
	for (const struct state_section *const *s = sh->sections; *s != NULL && n + 1 < sizeof(sections) / sizeof(sections[0]); s++)
		if (is_needed(*s))
			sections[n++] = *s;
	snprintf(o.session, sizeof(o.session), "%s", me->session);
	snprintf(o.origin, sizeof(o.origin), "%s", me->origin);
	snprintf(o.here, sizeof(o.here), "%s", me->node);
	snprintf(o.wish, sizeof(o.wish), "%s", wish);
	o.sealed.epoch = o.from;
	r = ops->pack(sh, sections, me->session, &o.sealed);
	if (r == 0)
		r = handover_write(&errand_record, &o);
	record_release(&errand_record, &o);
	return r;
}

static int fail(struct shell *sh, const char *node, const char *why)
{
	sh_warn(sh, "@%s: %s", node, why);
	return STATUS_NOT_PLACED;
}

int place_run(struct shell *sh, const struct ast_command *c)
{
	char number[3][16], *argv[5] = { (char *)(uintptr_t)"mish-link" }, *wish, *why = NULL;
	const char *node = c->function.name;
	int fds[3] = { -1, sh->placed.file, -1 }, fd, r;

	wish = *node == '\0' ? nodes_place(sh, sh->placed.waits, &fds[2]) : xstrdup(strcmp(node, "home") == 0 ? session_get(sh)->origin : node);
	if (wish == NULL)
		return fail(sh, node, "mishd has ended, and with it the line; name a node: @HOST command");
	if (*wish == '\0') {
		free(wish);
		return fail(sh, node, "no other nodes are configured here; name one: @HOST command");
	}
	take_command(sh, c->function.body);
	fd = write_order(sh, wish, c, &why);
	free(wish);
	if (fd < 0) {
		r = fail(sh, node, why != NULL ? why : fd == -EFBIG ? "the state is too large (more than 64 MiB)" : strerror(-fd));
		free(why);
		return r;
	}
	fds[0] = handover_keep(fd);
	close_range(FD_OWN_MIN, ~0U, CLOSE_RANGE_CLOEXEC);
	for (size_t i = 0; i < 3; i++) {
		snprintf(number[i], sizeof(number[i]), "%d", fds[i]);
		argv[i + 1] = number[i];
		if (fds[i] >= 0)
			fcntl(fds[i], F_SETFD, 0);
	}
	sigs_before_exec(sh);
	r = programs_exec(&session_get(sh)->programs, PROGRAM_LINK, argv, var_environ(sh));
	return fail(sh, node, r == -ENOENT ? "mish-link is not installed" : strerror(-r));
}

void place_here(struct shell *sh, int handover_fd)
{
	if (restore_placed(sh, handover_fd) < 0)
		exit(STATUS_NOT_PLACED);
	sh->fork_depth = 1; /* it is a subshell */
	sh->interactive = false;
	sh->tty->no_control = true;
	opt_set(sh, OPT_MONITOR, false);
	source_rest(sh, EXEC_TAIL);
	exec_exit(sh);
}
