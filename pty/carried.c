#include <config.h>

#include "pty/carried.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migrate/programs.h"
#include "wire/fd.h"

enum { FILES_MAX = 64 << 20, WORD_MAX = 127, PACK_S = 60 };

/*
 * For /bin/sh, in one line without single quotes and exclamation marks: the user's login shell, of whatever kind, hands it on. %s is
 * the directory's name, the hash, the size, and the kind of system twice.
 */
static const char script[] =
	"exec /bin/sh -c '"
	"d=${XDG_CACHE_HOME:-$HOME/.cache}/mish/%s; "
	"whole() { [ \"$(sha256sum <$1/SHA256SUMS | cut -c 1-64)\" = %s ] && (cd \"$1\" && sha256sum -c --quiet SHA256SUMS); } >/dev/null 2>&1; "
	"no() { echo \"$1\" >&2; rm -rf \"$t\"; exit 126; }; "
	"if whole \"$d\"; then :; else t=$d.$$; "
	"[ \"$(uname -sm)\" = \"%s\" ] || no \"the mish here is for %s, and that node is $(uname -sm): it has to be installed there\"; "
	"umask 077; mkdir -p \"$t\" || no \"no directory for mish in ~/.cache\"; "
	"echo mish wants files; head -c %s | tar xf - -C \"$t\"; "
	"whole \"$t\" || no \"the files of mish did not arrive whole (are tar and sha256sum there? is the disk full?)\"; "
	"\"$t/mish\" --version >/dev/null || no \"mish does not run there: it has to be built there\"; "
	"rm -rf \"$d\"; mv \"$t\" \"$d\"; fi; "
	"exec \"$d/mish\" --peer'";

/* In the child. */
static void exec_pack(int out, pid_t link)
{
	static const enum program wanted[] = { PROGRAM_MISH, PROGRAM_PEER, PROGRAM_MOVE, PROGRAM_EDIT };
	char *argv[8] = { programs_script("mish-pack") };
	sigset_t none;
	int null;

	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	(void)alarm(PACK_S); /* it lasts beyond exec: a file system may hang */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != link || argv[0] == NULL)
		_exit(1);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO); /* the terminal is raw, and perhaps nobody asked */
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if ((argv[1 + i] = programs_path(&(struct programs){ 0 }, wanted[i])) == NULL)
			_exit(1);
	execv(argv[0], argv);
	_exit(127);
}

/* A word of what the node's shell gets: nothing in it may mean anything there. */
static bool is_word(const char *s)
{
	return *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ")] == '\0';
}

/* NAME HASH SIZE KIND, and so many bytes. */
static bool read_pack(FILE *f, struct carried *c)
{
	char name[WORD_MAX + 1], hash[WORD_MAX + 1], size[WORD_MAX + 1], kind[WORD_MAX + 1];
	unsigned long len;

	if (fscanf(f, "%127s %127s %127s %127[^\n]", name, hash, size, kind) != 4 || getc(f) != '\n' || !is_word(name) || !is_word(hash) ||
	    !is_word(size) || !is_word(kind))
		return false;
	len = strtoul(size, NULL, 10);
	if (len == 0 || len > FILES_MAX || (c->files = malloc(len)) == NULL)
		return false;
	c->len = len;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (asprintf(&c->command, script, name, hash, kind, kind, size) < 0)
		c->command = NULL;
#pragma GCC diagnostic pop
	return fread(c->files, 1, len, f) == len && c->command != NULL;
}

int carried_pack(struct carried *c, char **why)
{
	pid_t link = getpid(), pid;
	FILE *f = NULL;
	bool ok = false;
	int fds[2], st = 0;

	*c = (struct carried){ 0 };
	if (pipe2(fds, O_CLOEXEC) == 0) {
		pid = fork();
		if (pid == 0)
			exec_pack(fcntl(fds[1], F_DUPFD_CLOEXEC, FD_OWN_MIN), link);
		close(fds[1]);
		f = fdopen(fds[0], "r");
		ok = pid > 0 && f != NULL && read_pack(f, c);
		if (f != NULL)
			fclose(f);
		else
			close(fds[0]);
		if (pid > 0 && !ok)
			kill(pid, SIGTERM);
		while (pid > 0 && waitpid(pid, &st, 0) < 0 && errno == EINTR)
			;
	}
	if (ok && st == 0)
		return 0;
	carried_release(c);
	*why = strdup("mish cannot be packed here (mish-pack, which needs ldd, tar and sha256sum)");
	return -1;
}

void carried_release(struct carried *c)
{
	free(c->command);
	free(c->files);
	*c = (struct carried){ 0 };
}
