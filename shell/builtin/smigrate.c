#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rendezvous/msg.h"
#include "rendezvous/node.h"
#include "shell/builtin/builtin.h"
#include "shell/exec/eligible.h"
#include "shell/exec/mover.h"
#include "shell/exec/session.h"

/* smigrate [-fnqv | --warm] [HOST | home]; smigrate -l */
int builtin_smigrate(struct shell *sh, int argc, char **argv)
{
	unsigned flags = 0;
	char *nodes;
	int c, status;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		printf("usage: smigrate %s\n", builtin_find("smigrate")->usage);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		return session_list_nodes(sh);
	if (argc > 1 && strcmp(argv[1], "--warm") == 0) {
		flags = MSG_PROBE | MSG_WARM;
		argv++;
		argc--;
	}
	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "fnqv")) != -1) {
		if (c == '?')
			return 2;
		flags |= c == 'f' ? MSG_FORCE : c == 'n' ? MSG_PROBE : c == 'q' ? MSG_QUIET
										 : MSG_VERBOSE;
	}
	if (argc - optind > 1)
		return builtin_usage(sh, "smigrate");
	if (optind < argc) {
		if (!node_name_valid(argv[optind])) {
			sh_warn(sh, "smigrate: %s: not a host name", argv[optind]);
			return 2;
		}
		return mover_move(sh, argv[optind], flags);
	}
	if ((flags & MSG_PROBE) != 0 && (flags & MSG_WARM) == 0) {
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
	if ((flags & MSG_WARM) != 0) /* only the node that a move tries first */
		nodes[strcspn(nodes, " ")] = '\0';
	status = mover_move(sh, nodes, flags);
	free(nodes);
	return status;
}
