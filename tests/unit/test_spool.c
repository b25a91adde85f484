#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty/confine.h"
#include "pty/spool.h"
#include "pty/stall.h"
#include "pty/status.h"

/* Output through a pipe that takes little at a time, and a link that is replaced meanwhile. */
static void output_is_shown_once_whoever_shows_it(void **state)
{
	uint8_t in[3000], out[4096];
	uint64_t put = 0, got = 0;
	struct spool s, other;
	int pipe_fds[2];

	(void)state;
	assert_int_equal(pipe2(pipe_fds, O_NONBLOCK), 0);
	assert_true(fcntl(pipe_fds[1], F_SETPIPE_SZ, 4096) > 0);
	assert_int_equal(spool_new(&s, NULL, 0), 0);
	while (got < 3 * SPOOL_OUTPUT) {
		size_t n = 1 + (size_t)put % sizeof(in);
		ssize_t r;

		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)((put + i) * 7);
		if (n <= spool_room(&s)) {
			spool_put(&s, in, n);
			put += n;
		}
		(void)spool_show(&s, pipe_fds[1], false);
		if (put % 5 == 0) { /* another process goes on from the same memory */
			assert_int_equal(spool_open(&other, dup(s.fd)), 0);
			assert_int_equal(spool_shown(&other), spool_shown(&s));
			assert_int_equal(spool_pending(&other), spool_pending(&s));
			spool_close(&other);
		}
		r = read(pipe_fds[0], out, sizeof(out));
		for (ssize_t i = 0; i < r; i++)
			assert_int_equal(out[i], (uint8_t)(got++ * 7));
	}
	spool_close(&s);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

static void input_waits_until_it_is_acknowledged(void **state)
{
	const uint8_t *p;
	struct spool s;
	size_t len;
	uint8_t *rest;

	(void)state;
	assert_int_equal(spool_new(&s, "first", 5), 0);
	assert_int_equal(spool_input_at(&s, 0, &p), 5);
	assert_memory_equal(p, "first", 5);
	spool_sent(&s, 5);
	spool_add_input(&s, (const uint8_t *)"second", 6);
	assert_true(spool_ack(&s, 3));
	assert_true(spool_ack(&s, 2)); /* said before */
	assert_false(spool_ack(&s, 12));
	rest = spool_undelivered(&s, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(rest, "stsecond", 8);
	free(rest);
	rest = spool_unsent(&s, &len);
	assert_int_equal(len, 6);
	assert_memory_equal(rest, "second", 6);
	free(rest);
	assert_int_equal(spool_input_room(&s), SPOOL_INPUT - 8);
	spool_close(&s);
	assert_true(spool_new(&s, "", SPOOL_INPUT + 1) < 0);
}

/* What every reader says must fit into the rings, and end. */
static void check_bounds(struct spool *s, int tty)
{
	uint8_t buf[300], *copy;
	const uint8_t *p;
	uint64_t from;
	size_t n, len;

	assert_true(spool_pending(s) < SPOOL_OUTPUT && spool_room(s) < SPOOL_OUTPUT);
	assert_true(spool_input_room(s) <= SPOOL_INPUT);
	(void)spool_show(s, tty, false);
	spool_put(s, buf, sizeof(buf));
	assert_true(spool_last_shown(s, buf, sizeof(buf)) <= sizeof(buf));
	spool_add_input(s, buf, sizeof(buf));
	for (from = spool_acked(s), len = 0; (n = spool_input_at(s, from, &p)) != 0; from += n)
		len += n;
	assert_true(len <= SPOOL_INPUT);
	copy = spool_undelivered(s, &n);
	assert_int_equal(n, len);
	free(copy);
	copy = spool_unsent(s, &n);
	assert_true(n <= SPOOL_INPUT);
	free(copy);
	(void)spool_ack(s, spool_typed(s));
}

/* Whoever has the memfd may write to it: output, then filled, typed, sent and acked. */
static void counters_that_cannot_be_lead_nowhere(void **state)
{
	static const uint64_t wrong[] = { 0, 1, SPOOL_INPUT, SPOOL_INPUT + 1, SPOOL_OUTPUT, 3 * SPOOL_OUTPUT + 7,
					  1 << 30, UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX };
	int null = open("/dev/null", O_WRONLY);

	(void)state;
	for (size_t which = 0; which < 4; which++)
		for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
			struct spool s, other;

			assert_int_equal(spool_new(&s, "typed", 5), 0);
			spool_put(&s, (const uint8_t *)"shown", 5);
			assert_int_equal(pwrite(s.fd, &wrong[i], 8, (off_t)(SPOOL_OUTPUT + 8 * which)), 8);
			check_bounds(&s, null);
			if (spool_open(&other, dup(s.fd)) == 0) {
				check_bounds(&other, null);
				spool_close(&other);
			}
			spool_close(&s);
		}
	close(null);
}

/* As mmap(2) takes it, and the first look at a counter would be the last. */
static void a_spool_that_is_too_short_is_refused(void **state)
{
	int fd = memfd_create("short", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct spool s;

	(void)state;
	assert_int_equal(ftruncate(fd, SPOOL_OUTPUT), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	assert_int_equal(spool_open(&s, fd), -EPROTO);
	close(fd);
}

/* A link of another version has another struct there: it ends, and does not guess. */
static void a_spool_of_another_version_is_refused(void **state)
{
	const off_t layout = SPOOL_OUTPUT + 4 * 8 + 4; /* behind four counters and `alternate` */
	struct spool s, other;
	uint32_t n = 0;

	(void)state;
	assert_int_equal(spool_new(&s, NULL, 0), 0);
	assert_int_equal(pread(s.fd, &n, sizeof(n), layout), sizeof(n));
	n++;
	assert_int_equal(pwrite(s.fd, &n, sizeof(n), layout), sizeof(n));
	assert_int_equal(spool_open(&other, s.fd), -EPROTO);
	spool_close(&s);
}

static void the_alternate_screen_is_followed(void **state)
{
	static const char on[] = "text\033[?1049h", off[] = "more\033[?1049l";
	struct spool s;
	int null = open("/dev/null", O_WRONLY);

	(void)state;
	assert_int_equal(spool_new(&s, NULL, 0), 0);
	for (size_t i = 0; i < strlen(on); i++) { /* in any pieces */
		spool_put(&s, (const uint8_t *)on + i, 1);
		assert_int_equal(spool_show(&s, null, false), 0);
	}
	assert_true(spool_alternate(&s));
	spool_put(&s, (const uint8_t *)off, strlen(off));
	assert_int_equal(spool_show(&s, null, false), 0);
	assert_false(spool_alternate(&s));
	spool_close(&s);
	close(null);
}

static void unfinished_sequences_are_recognised(void **state)
{
	static const struct {
		const char *text;
		size_t open;
	} cases[] = {
		{ "", 0 },		{ "plain", 0 },		 { "x\033", 1 },
		{ "x\033[", 2 },	{ "x\033[3", 3 },	 { "x\033[31;4", 6 },
		{ "x\033[31m", 0 },	{ "x\033[31mabc", 0 },	 { "\033]0;title", 9 },
		{ "\033]0;t\007", 0 },	{ "\033]0;t\033\\", 0 }, { "\033]0;t\033", 1 },
		{ "\033(", 2 },		{ "\033(B", 0 },	 { "\0337", 0 },
		{ "a\303", 1 },		{ "a\303\244", 0 },	 { "a\342\202", 2 },
		{ "a\360\237\230", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(status_unfinished((const uint8_t *)cases[i].text, strlen(cases[i].text)),
				 cases[i].open);
}

/* Half an answer is typed when its question goes: the rest is not typed into the shell. */
static void the_rest_of_an_answer_is_dropped(void **state)
{
	struct status line = { .tty = -1 };
	struct spool s;
	char left[16];
	int tty[2];
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, tty), 0);
	assert_int_equal(spool_new(&s, NULL, 0), 0);
	line.tty = tty[0];
	status_menu(&line);
	assert_int_equal(write(tty[1], "reco", 4), 4);
	assert_int_equal(status_read(&line, &s), STATUS_NOTHING);
	pid = fork();
	if (pid == 0) {
		(void)!write(tty[1], "ver ", 4);
		usleep(50000);
		(void)!write(tty[1], "beta\rls\r", 8);
		_exit(0);
	}
	line.tty = dup(tty[0]);
	assert_false(status_hide(&line, &s));
	assert_int_equal(line.tty, -1);
	assert_false(line.asking);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(recv(tty[0], left, sizeof(left), MSG_DONTWAIT), 3);
	assert_memory_equal(left, "ls\r", 3);
	assert_int_equal(spool_pending(&s), 0);
	/* nothing typed yet: nothing to wait for */
	line.tty = dup(tty[0]);
	status_menu(&line);
	assert_int_equal(write(tty[1], "ls\r", 3), 3);
	assert_false(status_hide(&line, &s));
	assert_int_equal(recv(tty[0], left, sizeof(left), MSG_DONTWAIT), 3);
	spool_close(&s);
	close(tty[0]);
	close(tty[1]);
}

/* Which ^] is for the guardian: after Enter, or the third in a row. */
static void escapes_are_few(void **state)
{
	static const struct {
		const char *typed;
		size_t at; /* 99: none */
	} rows[] = {
		{ "\x1d", 0 },		{ "a\x1d", 99 },	      { "a\r\x1d", 2 },	   { "a\n\x1dmore", 2 },
		{ "a\x1d\x1d", 99 },	{ "a\x1d\x1d\x1d", 3 },  { "a\x1d\x1dx\x1d", 99 }, { "ls\rls", 99 },
		{ "\x1d\x1d\x1d", 0 }, { "x\x1d\x1d\x1d\x1d", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t piece = 1; piece <= 8; piece++) { /* in pieces of any size */
			struct stall s = { 0 };
			size_t len = strlen(rows[i].typed), found = 99;

			for (size_t off = 0; off < len && found == 99; off += piece) {
				size_t n = len - off < piece ? len - off : piece;
				size_t at = stall_escape(&s, (const uint8_t *)rows[i].typed + off, n);

				if (at != n)
					found = off + at;
			}
			assert_int_equal(found, rows[i].at);
		}
}

static void the_last_keys_can_be_taken_back(void **state)
{
	struct spool s;
	uint8_t last[3];

	(void)state;
	assert_int_equal(spool_new(&s, "abcdef", 6), 0);
	spool_last_typed(&s, last, 3);
	assert_memory_equal(last, "def", 3);
	spool_untype(&s, 3);
	assert_int_equal(spool_typed(&s), 3);
	spool_close(&s);
}

/* What the link cannot do any more once it is connected; each in a process of its own. */
static int in_a_cage(int (*try)(void))
{
	pid_t pid = fork();
	int st;

	if (pid == 0) {
		confine_memory();
		confine_rights();
		errno = EPERM; /* where nobody says more */
		_exit(try() == 0 ? 0 : errno);
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_true(WIFEXITED(st));
	return WEXITSTATUS(st);
}

static int opens_a_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? -1 : 0;
}

static int makes_a_file(void)
{
	return open("/tmp/mish-test-confine", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? -1 : 0;
}

static int is_dumped(void)
{
	struct rlimit core = { 1, 1 };

	return prctl(PR_GET_DUMPABLE) == 0 && getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 &&
	       core.rlim_max == 0 ? -1 : 0;
}

static int gains_rights(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -1 : 0;
}

static int executes(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int types_for_the_user(void)
{
	return ioctl(0, TIOCSTI, "x");
}

static int makes_a_socket_and_writes(void)
{
	int p[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0 && write(p[0], "x", 1) == 1 &&
	       socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : -1;
}

static void a_link_gives_up_what_it_does_not_need(void **state)
{
	(void)state;
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 0) {
		assert_int_equal(in_a_cage(opens_a_file), EACCES);
		assert_int_equal(in_a_cage(makes_a_file), EACCES);
	}
	assert_int_equal(in_a_cage(is_dumped), EPERM);
	assert_int_equal(in_a_cage(gains_rights), EPERM);
	assert_int_equal(in_a_cage(executes), EPERM);
	assert_int_equal(in_a_cage(types_for_the_user), EPERM);
	assert_int_equal(in_a_cage(makes_a_socket_and_writes), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_gives_up_what_it_does_not_need),
		cmocka_unit_test(the_rest_of_an_answer_is_dropped),
		cmocka_unit_test(escapes_are_few),
		cmocka_unit_test(the_last_keys_can_be_taken_back),
		cmocka_unit_test(output_is_shown_once_whoever_shows_it),
		cmocka_unit_test(input_waits_until_it_is_acknowledged),
		cmocka_unit_test(counters_that_cannot_be_lead_nowhere),
		cmocka_unit_test(a_spool_that_is_too_short_is_refused),
		cmocka_unit_test(a_spool_of_another_version_is_refused),
		cmocka_unit_test(the_alternate_screen_is_followed),
		cmocka_unit_test(unfinished_sequences_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
