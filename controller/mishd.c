#include <config.h>

#include <getopt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/conf.h"
#include "controller/daemon.h"

static const char usage[] =
	"usage: mishd [-f] [-c file] [--check]\n"
	"\n"
	"  -f        stay in the foreground (the default; for symmetry with other daemons)\n"
	"  -c file   configuration (default " MISH_CONF_PATH ", which may be missing)\n"
	"  --check   read the configuration, say whether it is good, and exit\n"
	"See mishd(8).\n";

enum { DESCRIPTORS = 4096 + 256 }; /* for all clients, and the rest */

/* One user's connections (client.c) must leave some for the others. */
static void raise_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0 || l.rlim_cur >= DESCRIPTORS)
		return;
	l.rlim_cur = l.rlim_max < DESCRIPTORS ? l.rlim_max : DESCRIPTORS;
	(void)setrlimit(RLIMIT_NOFILE, &l);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "check", no_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = NULL;
	bool check = false;
	struct conf conf = { 0 };
	struct datagram_key key;
	char *why = NULL;
	int c, status;

	while ((c = getopt_long(argc, argv, "fc:h", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			break;
		case 'c':
			path = optarg;
			break;
		case 'k':
			check = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'v':
			puts("mishd " PACKAGE_VERSION);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	/* works for one node without any file */
	if (path == NULL && access(MISH_CONF_PATH, F_OK) == 0)
		path = MISH_CONF_PATH;
	if ((path != NULL ? conf_read(path, &conf, &why) : conf_parse("built-in defaults", "", &conf, &why)) < 0) {
		fprintf(stderr, "mishd: %s\n", why != NULL ? why : "out of memory");
		free(why);
		return 1;
	}
	if (check && conf.key_file != NULL && conf_read_key(conf.key_file, &key, &why) < 0) {
		fprintf(stderr, "mishd: %s\n", why != NULL ? why : "out of memory");
		free(why);
		conf_release(&conf);
		return 1;
	}
	if (check) {
		explicit_bzero(&key, sizeof(key));
		printf("%s: good, %zu nodes\n", path != NULL ? path : "built-in defaults", conf.n_nodes);
		conf_release(&conf);
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	raise_limit();
	umask(022);
	char *socket_path = conf.socket != NULL ? conf.socket : (char *)(uintptr_t)MISH_SOCKET_PATH;

	conf.socket = NULL; /* stays the same over a reload */
	status = daemon_run(path, &conf, socket_path);
	conf_release(&conf);
	if (socket_path != (char *)(uintptr_t)MISH_SOCKET_PATH)
		free(socket_path);
	return status;
}
