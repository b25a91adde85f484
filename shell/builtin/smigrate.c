#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/msg.h"
#include "wire/node.h"
#include "shell/builtin/batch.h"
#include "shell/builtin/builtin.h"
#include "shell/exec/source.h"
#include "shell/expand/quote.h"
#include "shell/move/eligible.h"
#include "shell/move/foresee.h"
#include "shell/move/mover.h"
#include "shell/move/nodes.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"

/* Would ssh(1) take it for a host all the same, as far as anybody can see? */
static bool may_be_host(const char *host)
{
	bool other = strpbrk(host, "!#$&*;=?^{}~") != NULL;

	for (const char *s = host; !other && *s != '\0'; s++)
		other = (unsigned char)*s >= 0x80;
	return other && host[0] != '-';
}

/* What ssh(1) might take has a way out. Returns a status. */
static int refuse(struct shell *sh, const char *host)
{
	struct node_destination last;
	const char *why = "";

	if (strpbrk(host, " \t\n") == NULL && node_destination(node_destination_end(host), &last) && strchr(host, ',') != NULL)
		why = " that can be used on the way; use a Host alias of letters, digits, . - _";
	else if (may_be_host(host))
		why = "; use a Host alias of letters, digits, . - _, with User and HostName";
	sh_warn(sh, "smigrate: %s: not a host name%s", host, why);
	return 2;
}

/* What `smigrate -i' has left there goes, by the user's ssh(1), which has the keys at home. */
static int forget(struct shell *sh, const char *host)
{
	const struct session *me = session_get(sh);
	struct node_destination to;
	char operands[NODE_DESTINATION_MAX];
	struct strbuf b = { 0 };
	char *quoted;

	if (!node_destination(host, &to))
		return refuse(sh, host);
	if (me->control >= 0) {
		sh_warn(sh, "smigrate: --forget: %s: not from %s: go home first (smigrate home)", host, me->node);
		return 1;
	}
	node_destination_operands(&to, operands);
#define HEX4 "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]"
#define HASH HEX4 HEX4 HEX4 /* mish-pack: a directory is called SYSTEM-HASH */
	/* a directory elsewhere, behind a link, may have something of the user's, too */
	quoted = quote_always("exec /bin/sh -c 'd=${XDG_CACHE_HOME:-$HOME/.cache}/mish; if [ -L \"$d\" ]; then "
			      "rm -rf \"$d\"/packed \"$d\"/*-" HASH "; else rm -rf \"$d\"; fi'");
	/* what the configuration has for other uses stays with those, as in pty/by_openssh.c */
	strbuf_addf(&b, "command ssh -T -oClearAllForwardings=yes -oRemoteCommand=none -oControlMaster=no %s %s", operands, quoted);
	free(quoted);
	source_string(sh, b.s, "smigrate", 0);
	strbuf_release(&b);
	return sh->frame.status;
}

/* What the short options ask for. */
struct wanted {
	enum errand errand;
	unsigned flags;
	bool carried;
};

/* The short options, up to argv[argc]. 0, or a status. */
static int take_options(struct shell *sh, int argc, char **argv, struct wanted *w)
{
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "finqv")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'n' && w->errand == ERRAND_MOVE)
			w->errand = ERRAND_ASK;
		else if (c == 'i')
			w->carried = true;
		else if (c != 'n')
			w->flags |= c == 'f' ? MSG_FORCE : c == 'q' ? MSG_QUIET : MSG_VERBOSE;
	}
	return 0;
}

static int to_host(struct shell *sh, const struct wanted *w, const char *host)
{
	struct node_destination to;
	char text[NODE_DESTINATION_MAX] = "";

	if (node_destination(host, &to)) {
		to.carried |= w->carried;
		node_destination_text(&to, text);
	}
	if (node_destination_valid(text))
		return mover_move(sh, w->errand, text, w->flags);
	return refuse(sh, host);
}

/* -n COMMAND: what it would take, and where. False: nothing is known of one, and it may be a host. */
static bool about_command(struct shell *sh, int argc, char **argv, int *ret_status)
{
	struct strbuf text = { 0 };
	bool known;

	for (int i = 0; i < argc; i++)
		strbuf_addf(&text, "%s%s", i != 0 ? " " : "", argv[i]);
	known = foresee_explain(sh, strbuf_str(&text), ret_status);
	if (!known && argc > 1) {
		sh_warn(sh, "smigrate: %s: nothing is known yet of what it takes (history -u)", text.s);
		*ret_status = 1;
	}
	strbuf_release(&text);
	return known || argc > 1;
}

/* Wherever it is best. */
static int to_best(struct shell *sh, enum errand errand, unsigned flags)
{
	char *nodes;
	int status;

	if (errand == ERRAND_ASK) {
		char *why = eligible_automatic(sh);

		nodes_print_why(sh, why);
		free(why);
	}
	nodes = nodes_best(sh);
	if (*nodes == '\0') {
		sh_warn(sh, "smigrate: no other nodes are configured here; name one: smigrate HOST");
		free(nodes);
		return 1;
	}
	if (errand == ERRAND_WARM) /* only the node that a move tries first */
		nodes[strcspn(nodes, " ")] = '\0';
	status = mover_move(sh, errand, nodes, flags);
	free(nodes);
	return status;
}

/* smigrate [-finqv | --warm] [HOST | home]; smigrate -l, --forget HOST; smigrate [-fnqv] --job ID [NODE]; smigrate [-fqv] --alloc [OPTION …] */
int builtin_smigrate(struct shell *sh, int argc, char **argv)
{
	struct wanted w = { .errand = ERRAND_MOVE };
	int n = 1, status;
	bool gets;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		printf("usage: smigrate %s\n", sh->hooks.find_builtin("smigrate")->usage);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		return nodes_list(sh);
	while (n < argc && argv[n][0] == '-' && argv[n][1] != '-')
		n++;
	gets = n < argc && strcmp(argv[n], "--alloc") == 0;
	if (gets || (n < argc && strcmp(argv[n], "--job") == 0)) {
		status = take_options(sh, n, argv, &w);
		argc -= n + 1;
		if (status == 0 && (w.carried || (gets ? w.errand != ERRAND_MOVE : argc < 1 || argc > 2)))
			status = builtin_usage(sh, "smigrate");
		return status != 0 ? status : batch_move(sh, w.errand, w.flags, gets, argc, argv + n + 1);
	}
	if (argc == 3 && strcmp(argv[1], "--forget") == 0)
		return forget(sh, argv[2]);
	if (argc > 1 && strcmp(argv[1], "--warm") == 0) {
		w.errand = ERRAND_WARM;
		argv++;
		argc--;
	}
	status = take_options(sh, argc, argv, &w);
	if (status != 0)
		return status;
	if (w.errand == ERRAND_ASK && optind < argc && about_command(sh, argc - optind, argv + optind, &status))
		return status;
	if (argc - optind > 1)
		return builtin_usage(sh, "smigrate");
	return optind < argc ? to_host(sh, &w, argv[optind]) : to_best(sh, w.errand, w.flags);
}
