#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/peek.h"

/* What is there of fd, without waiting. */
static size_t rest_of(int fd, char *buf, size_t size)
{
	size_t n = 0;
	ssize_t got;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while ((got = read(fd, buf + n, size - n)) > 0)
		n += (size_t)got;
	buf[n] = '\0';
	return n;
}

/* A pipe with that in it, which is looked at. */
static void begin(struct peek *k, int p[2], const char *text)
{
	assert_int_equal(pipe(p), 0);
	peek_begin(k, p[0]);
	assert_int_equal(k->kind, PEEK_PIPE);
	assert_int_equal(write(p[1], text, strlen(text)), strlen(text));
}

static void expect(struct peek *k, int fd, size_t room, const char *text)
{
	char buf[64];

	assert_int_equal(peek_read(k, fd, buf, room), strlen(text));
	assert_memory_equal(buf, text, strlen(text));
}

static bool has_news(const struct peek *k, int fd)
{
	struct pollfd p = { .fd = peek_fd(k, fd), .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void a_pipe_keeps_what_nobody_read(void **state)
{
	struct peek k;
	char buf[64];
	int p[2];

	(void)state;
	begin(&k, p, "");
	assert_false(has_news(&k, p[0]));
	assert_int_equal(write(p[1], "one\ntwo\n", 8), 8);
	assert_true(has_news(&k, p[0]));
	expect(&k, p[0], sizeof(buf), "one\ntwo\n");
	assert_false(has_news(&k, p[0])); /* though it is readable */
	assert_int_equal(peek_read(&k, p[0], buf, sizeof(buf)), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(write(p[1], "three\n", 6), 6);
	expect(&k, p[0], 2, "th"); /* only what is new, as far as there is room, and the rest is news again */
	assert_true(has_news(&k, p[0]));
	expect(&k, p[0], sizeof(buf), "ree\n");
	close(p[1]);
	assert_true(has_news(&k, p[0]));
	assert_int_equal(peek_read(&k, p[0], buf, sizeof(buf)), 0);
	peek_settle(&k, 4);
	assert_int_equal(rest_of(p[0], buf, sizeof(buf) - 1), 10);
	assert_string_equal(buf, "two\nthree\n");
	close(p[0]);
}

static void the_end_comes_behind_what_was_written(void **state)
{
	struct peek k;
	char buf[64];
	int p[2];

	(void)state;
	begin(&k, p, "last");
	close(p[1]);
	assert_true(has_news(&k, p[0]));
	expect(&k, p[0], sizeof(buf), "last");
	assert_true(has_news(&k, p[0]));
	assert_int_equal(peek_read(&k, p[0], buf, sizeof(buf)), 0);
	peek_settle(&k, 1000); /* more than there was */
	assert_int_equal(rest_of(p[0], buf, sizeof(buf) - 1), 0);
	close(p[0]);
}

static void who_reads_much_gets_it_at_once(void **state)
{
	static char big[20000];
	struct peek k;
	char buf[64];
	int p[2];

	(void)state;
	begin(&k, p, "");
	assert_int_equal(write(p[1], big, sizeof(big)), sizeof(big));
	assert_int_equal(peek_read(&k, p[0], big, sizeof(big)), sizeof(big));
	peek_proved(&k, PEEK_PROOF);
	assert_int_equal(k.kind, PEEK_PIPE);
	peek_proved(&k, PEEK_PROOF + 1);
	assert_int_equal(k.kind, PEEK_NONE);
	assert_int_equal(write(p[1], "more", 4), 4);
	assert_true(has_news(&k, p[0]));
	expect(&k, p[0], sizeof(buf), "more");
	peek_settle(&k, 100);
	close(p[0]);
	close(p[1]);
}

static void others_may_have_read_it(void **state)
{
	struct peek k;
	char buf[64];
	int p[2];

	(void)state;
	begin(&k, p, "one\n");
	expect(&k, p[0], sizeof(buf), "one\n");
	assert_int_equal(read(p[0], buf, 4), 4);
	peek_settle(&k, 4); /* and does not wait */
	close(p[0]);
	close(p[1]);
}

static void a_file_is_put_back(void **state)
{
	char name[] = "/tmp/test-peek.XXXXXX", buf[64];
	int fd = mkstemp(name);
	struct peek k;

	(void)state;
	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	lseek(fd, 2, SEEK_SET);
	peek_begin(&k, fd);
	assert_int_equal(peek_read(&k, fd, buf, sizeof(buf)), 8);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 2); /* for others, too */
	lseek(fd, 1, SEEK_CUR);
	peek_settle(&k, 2);
	assert_int_equal(rest_of(fd, buf, sizeof(buf) - 1), 5);
	assert_string_equal(buf, "56789");
	close(fd);
}

static void what_cannot_be_peeked_at_is_read(void **state)
{
	struct peek k;
	int p[2];

	(void)state;
	assert_int_equal(pipe(p), 0);
	fcntl(p[1], F_SETPIPE_SZ, 4096);
	peek_begin(&k, p[0]); /* too small to learn from */
	assert_int_equal(k.kind, PEEK_NONE);
	peek_begin(&k, p[1]);
	assert_int_equal(k.kind, PEEK_NONE);
	assert_int_equal(peek_fd(&k, 7), 7);
	peek_settle(&k, 1);
	close(p[0]);
	close(p[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_keeps_what_nobody_read), cmocka_unit_test(the_end_comes_behind_what_was_written),
		cmocka_unit_test(who_reads_much_gets_it_at_once), cmocka_unit_test(others_may_have_read_it), cmocka_unit_test(a_file_is_put_back),
		cmocka_unit_test(what_cannot_be_peeked_at_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
