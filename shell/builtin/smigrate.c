#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/msg.h"
#include "wire/node.h"
#include "shell/builtin/batch.h"
#include "shell/builtin/builtin.h"
#include "shell/move/eligible.h"
#include "shell/move/mover.h"
#include "shell/move/session.h"

/* The short options, up to argv[argc]. 0, or a status. */
static int take_options(struct shell *sh, int argc, char **argv, enum errand *errand, unsigned *flags)
{
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "fnqv")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'n' && *errand == ERRAND_MOVE)
			*errand = ERRAND_ASK;
		else if (c != 'n')
			*flags |= c == 'f' ? MSG_FORCE : c == 'q' ? MSG_QUIET : MSG_VERBOSE;
	}
	return 0;
}

static int to_host(struct shell *sh, enum errand errand, const char *host, unsigned flags)
{
	if (node_name_valid(host))
		return mover_move(sh, errand, host, flags);
	sh_warn(sh, strchr(host, '@') != NULL ?
			    "smigrate: %s: not a host name (for another user, name the host in ~/.ssh/config: Host, HostName, User)" :
			    "smigrate: %s: not a host name",
		host);
	return 2;
}

/* Wherever it is best. */
static int to_best(struct shell *sh, enum errand errand, unsigned flags)
{
	char *nodes;
	int status;

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

/* smigrate [-fnqv | --warm] [HOST | home]; smigrate -l; smigrate [-fnqv] --job ID [NODE]; smigrate [-fqv] --alloc [OPTION …] */
int builtin_smigrate(struct shell *sh, int argc, char **argv)
{
	enum errand errand = ERRAND_MOVE;
	unsigned flags = 0;
	int n = 1, status;
	bool gets;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		printf("usage: smigrate %s\n", sh->hooks.find_builtin("smigrate")->usage);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "-l") == 0)
		return session_list_nodes(sh);
	while (n < argc && argv[n][0] == '-' && argv[n][1] != '-')
		n++;
	gets = n < argc && strcmp(argv[n], "--alloc") == 0;
	if (gets || (n < argc && strcmp(argv[n], "--job") == 0)) {
		status = take_options(sh, n, argv, &errand, &flags);
		argc -= n + 1;
		if (status == 0 && (gets ? errand != ERRAND_MOVE : argc < 1 || argc > 2))
			status = builtin_usage(sh, "smigrate");
		return status != 0 ? status : batch_move(sh, errand, flags, gets, argc, argv + n + 1);
	}
	if (argc > 1 && strcmp(argv[1], "--warm") == 0) {
		errand = ERRAND_WARM;
		argv++;
		argc--;
	}
	status = take_options(sh, argc, argv, &errand, &flags);
	if (status != 0)
		return status;
	if (argc - optind > 1)
		return builtin_usage(sh, "smigrate");
	return optind < argc ? to_host(sh, errand, argv[optind], flags) : to_best(sh, errand, flags);
}
