#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/msg.h"
#include "wire/node.h"
#include "shell/builtin/builtin.h"
#include "shell/exec/source.h"
#include "shell/expand/quote.h"
#include "shell/move/eligible.h"
#include "shell/move/mover.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"

/* What `smigrate -i' has left there goes, by the user's ssh(1). */
static int forget(struct shell *sh, const char *host)
{
	struct node_destination to;
	char operands[NODE_DESTINATION_MAX];
	struct strbuf b = { 0 };
	char *quoted;

	if (!node_destination(host, &to)) {
		sh_warn(sh, "smigrate: %s: not a host name", host);
		return 2;
	}
	node_destination_operands(&to, operands);
	quoted = quote_always("exec /bin/sh -c 'rm -rf \"${XDG_CACHE_HOME:-$HOME/.cache}/mish\"'");
	strbuf_addf(&b, "command ssh %s %s", operands, quoted);
	free(quoted);
	source_string(sh, b.s, "smigrate", 0);
	strbuf_release(&b);
	return sh->frame.status;
}

/* smigrate [-fnqv | --warm] [HOST | home]; smigrate -l */
int builtin_smigrate(struct shell *sh, int argc, char **argv)
{
	enum errand errand = ERRAND_MOVE;
	unsigned flags = 0;
	bool carried = false;
	char *nodes;
	int c, status;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		printf("usage: smigrate %s\n", sh->hooks.find_builtin("smigrate")->usage);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		return session_list_nodes(sh);
	if (argc == 3 && strcmp(argv[1], "--forget") == 0)
		return forget(sh, argv[2]);
	if (argc > 1 && strcmp(argv[1], "--warm") == 0) {
		errand = ERRAND_WARM;
		argv++;
		argc--;
	}
	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "finqv")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'n' && errand == ERRAND_MOVE)
			errand = ERRAND_ASK;
		else if (c == 'i')
			carried = true;
		else if (c != 'n')
			flags |= c == 'f' ? MSG_FORCE : c == 'q' ? MSG_QUIET : MSG_VERBOSE;
	}
	if (argc - optind > 1)
		return builtin_usage(sh, "smigrate");
	if (optind < argc) {
		struct node_destination to;
		char text[NODE_DESTINATION_MAX];

		text[0] = '\0';
		if (node_destination(argv[optind], &to)) {
			to.carried |= carried;
			node_destination_text(&to, text);
		}
		if (!node_destination_valid(text)) {
			sh_warn(sh, "smigrate: %s: not a host name", argv[optind]);
			return 2;
		}
		return mover_move(sh, errand, text, flags);
	}
	if (errand == ERRAND_ASK) {
		char *why = eligible_automatic(sh);

		session_print_why(sh, why);
		free(why);
	}
	nodes = session_nodes(sh);
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
