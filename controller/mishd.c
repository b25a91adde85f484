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
#include "controller/journal.h"
#include "controller/keyfile.h"
#include "controller/limits.h"

static const char usage[] =
	"usage: mishd [-f] [-c file] [--check]\n"
	"\n"
	"  -f        stay in the foreground (the default; for symmetry with other daemons)\n"
	"  -c file   configuration (default " MISH_CONF_PATH ", which may be missing)\n"
	"  --check   read the configuration, say whether it is good, and exit\n"
	"See mishd(8).\n";

static const char built_in[] = "built-in defaults";

/* So that one user's connections leave some for the others: see limits.h. */
static void raise_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0 || l.rlim_cur >= MISHD_DESCRIPTORS_MAX)
		return;
	l.rlim_cur = l.rlim_max < MISHD_DESCRIPTORS_MAX ? l.rlim_max : MISHD_DESCRIPTORS_MAX;
	(void)setrlimit(RLIMIT_NOFILE, &l);
	if (l.rlim_cur < MISHD_DESCRIPTORS_MAX)
		journal_line("%ju descriptors, not %d: fewer connections; raise LimitNOFILE, or ulimit -n",
			     (uintmax_t)l.rlim_cur, MISHD_DESCRIPTORS_MAX);
}

struct options {
	const char *path; /* NULL: none was named */
	bool check;
};

/* Returns -1, or the exit status when there is nothing else to do. */
static int take_options(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
		{ "check", no_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "fc:h", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			break;
		case 'c':
			ret->path = optarg;
			break;
		case 'k':
			ret->check = true;
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
	return -1;
}

/* Says what is wrong, which is freed. Returns the exit status. */
static int fail(char *why)
{
	fprintf(stderr, "mishd: %s\n", why != NULL ? why : "out of memory");
	free(why);
	return 1;
}

/* --check: the configuration is good; the key? */
static int check(const char *path, const struct conf *conf)
{
	struct identity key;
	char *why = NULL;

	if (conf->key_file != NULL && keyfile_read(conf->key_file, &key, &why) < 0)
		return fail(why);
	identity_wipe(&key);
	printf("%s: good, %zu nodes\n", path != NULL ? path : built_in, conf->n_nodes);
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct conf conf = { 0 };
	char *why = NULL, *socket_path;
	int status = take_options(argc, argv, &o);

	if (status >= 0)
		return status;
	/* works for one node without any file */
	if (o.path == NULL && access(MISH_CONF_PATH, F_OK) == 0)
		o.path = MISH_CONF_PATH;
	if ((o.path != NULL ? conf_read(o.path, &conf, &why) : conf_parse(built_in, "", &conf, &why)) < 0)
		return fail(why);
	if (o.check) {
		status = check(o.path, &conf);
	} else {
		signal(SIGPIPE, SIG_IGN);
		raise_limit();
		umask(022);
		socket_path = conf.socket;
		conf.socket = NULL; /* stays the same over a reload */
		status = daemon_run(o.path, &conf, socket_path != NULL ? socket_path : MISH_SOCKET_PATH);
		free(socket_path);
	}
	conf_release(&conf);
	return status;
}
