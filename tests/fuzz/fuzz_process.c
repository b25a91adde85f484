#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "migrate/state_msgpack.h"
#include "shell/builtin/limits.h"
#include "shell/exec/cwd.h"
#include "shell/exec/fds.h"
#include "shell/exec/trap.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/var.h"
#include "shell/expand/var_state.h"
#include "shell/jobs/tty.h"
#include "shell/shell_init.h"
#include "tests/fuzz/fuzz.h"

/*
 * The sections of a state that change the process (fuzz_state has the others): what loads is saved again,
 * and that loads. Limits, niceness and dispositions are not changed, by --wrap: they would end the fuzzer.
 * A path to be opened is taken for a name in a directory of ours, which has all kinds of files.
 */
int __wrap_setrlimit64(__rlimit_resource_t resource, const struct rlimit *r);
int __real_setrlimit64(__rlimit_resource_t resource, const struct rlimit *r);
int __wrap_setpriority(__priority_which_t which, id_t who, int value);
int __real_setpriority(__priority_which_t which, id_t who, int value);
int __wrap_sigaction(int signo, const struct sigaction *sa, struct sigaction *old);
int __real_sigaction(int signo, const struct sigaction *sa, struct sigaction *old);
int __wrap_open64(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __wrap___open64_2(const char *path, int flags);

enum { OURS = 500 }; /* descriptors from here on are the fuzzer's */

static const struct state_section *const sections[] = {
	&process_section, &var_section,	 &clock_section,    &cwd_section,
	&trap_section,	  &fds_section, &terminal_section, NULL,
};

static char directory[] = "/tmp/fuzz-process.XXXXXX";
static int files = -1, here = -1, master = -1, tty = -1;
static struct termios modes;
static bool loading;

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* ---- what the sections call ---- */

int __wrap_setrlimit64(__rlimit_resource_t resource, const struct rlimit *r)
{
	struct rlimit now;

	if (!loading)
		return __real_setrlimit64(resource, r);
	must(getrlimit(resource, &now) == 0 && r->rlim_max == now.rlim_max && r->rlim_cur <= r->rlim_max);
	return 0;
}

int __wrap_setpriority(__priority_which_t which, id_t who, int value)
{
	if (!loading)
		return __real_setpriority(which, who, value);
	must(which == PRIO_PROCESS && who == 0 && value >= -20 && value <= 19);
	return 0;
}

int __wrap_sigaction(int signo, const struct sigaction *sa, struct sigaction *old)
{
	must(!loading || (signo > 0 && signo < NSIG));
	return __real_sigaction(signo, loading ? NULL : sa, old);
}

static int open_ours(const char *path, int flags)
{
	const char *slash = strrchr(path, '/');

	/* nothing is made or emptied, nothing blocks, nothing becomes the terminal */
	must((flags & (O_CREAT | O_TRUNC)) == 0 && (flags & O_NONBLOCK) != 0 && (flags & O_NOCTTY) != 0);
	return openat(files, slash != NULL ? slash + 1 : path, flags);
}

int __wrap_open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (loading && strncmp(path, "/usr/", 5) != 0) /* libc's locales */
		return open_ours(path, flags);
	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	return __real_open64(path, flags, mode);
}

/* open() of a fortified build; config.h asks for the names of large files */
int __wrap___open64_2(const char *path, int flags)
{
	return loading ? open_ours(path, flags) : __real_open64(path, flags);
}

/* ---- the process ---- */

static int own(int fd)
{
	int n = fcntl(fd, F_DUPFD_CLOEXEC, OURS);

	must(n >= 0);
	close(fd);
	return n;
}

static void end(void)
{
	static const char *const names[] = { "file", "fifo", "socket", "loop", "null" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlinkat(files, names[i], 0);
	(void)unlinkat(files, "dir", AT_REMOVEDIR);
	(void)rmdir(directory);
}

static void make_files(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM, 0), fd;

	must(mkdtemp(directory) != NULL);
	files = own(open(directory, O_RDONLY | O_DIRECTORY));
	(void)atexit(end);
	fd = openat(files, "file", O_WRONLY | O_CREAT, 0600);
	must(fd >= 0 && s >= 0 && mkfifoat(files, "fifo", 0600) == 0 && mkdirat(files, "dir", 0700) == 0 &&
	     symlinkat("loop", files, "loop") == 0 && symlinkat("/dev/null", files, "null") == 0);
	must((size_t)snprintf(a.sun_path, sizeof(a.sun_path), "%s/socket", directory) < sizeof(a.sun_path) &&
	     bind(s, (struct sockaddr *)&a, sizeof(a)) == 0);
	close(s);
	close(fd);
}

static void begin(void)
{
	here = own(open(".", O_RDONLY | O_DIRECTORY));
	make_files();
	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0) {
		master = own(master);
		tty = own(open(ptsname(master), O_RDWR | O_NOCTTY));
		must(tcgetattr(tty, &modes) == 0);
	}
	for (int fd = STDERR_FILENO + 1; fd < OURS; fd++) /* inherited: no script's */
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void put_back(mode_t mask)
{
	umask(mask);
	must(fchdir(here) == 0);
	if (tty >= 0)
		(void)tcsetattr(tty, TCSANOW, &modes);
	for (int fd = STDERR_FILENO + 1; fd <= 1024; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
			close(fd);
	}
}

static void on_warning(void *arg, const char *line)
{
	unsigned *n = arg;

	must(*line != '\0' && ++*n < 1000);
}

static struct shell *begin_shell(void)
{
	char *env[] = { NULL };
	struct shell *sh = shell_new(env);

	sh->tty->fd = tty;
	return sh;
}

static int load(struct shell *sh, const char *s, size_t len)
{
	struct state_doc doc = { (char *)(uintptr_t)s, len };
	unsigned warnings = 0;
	int r;

	loading = true;
	r = state_decode(sh, sections, &doc, 1, on_warning, &warnings);
	loading = false;
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct shell *a, *b;
	mode_t mask = umask(022);
	size_t len;
	char *s;

	if (here < 0)
		begin();
	a = begin_shell();
	if (load(a, (const char *)data, size) == 0) {
		b = begin_shell();
		must(state_encode(a, sections, NULL, &s, &len) == 0 && load(b, s, len) == 0);
		free(s);
		shell_free(b);
	}
	shell_free(a);
	put_back(mask);
	return 0;
}
