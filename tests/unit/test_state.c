#include <config.h>

#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "migrate/seal.h"
#include "migrate/state_msgpack.h"
#include "shell/exec/cwd.h"
#include "shell/exec/dirs.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/exec/fds.h"
#include "shell/exec/func.h"
#include "shell/exec/hist.h"
#include "shell/jobs/rud.h"
#include "shell/exec/trap.h"
#include "shell/expand/option.h"
#include "shell/expand/param.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/var.h"
#include "shell/expand/var_state.h"
#include "shell/interact/loop.h"
#include "shell/jobs/sigs.h"
#include "shell/move/allocation.h"
#include "shell/move/company.h"
#include "shell/parser/alias.h"
#include "shell/shell_init.h"

/* Sections that touch nothing but the shell itself. */
static const struct state_section *const inner[] = {
	&var_section,	 &param_section, &dirs_section, &alias_section,
	&func_section,	 &option_section, &hist_section, &rud_section, &allocation_section, &company_section, &editor_section, NULL,
};

static struct shell *shell(void)
{
	char *env[] = { NULL };

	return shell_new(env);
}

static char warnings[4096];

static void on_warning(void *arg, const char *line)
{
	(void)arg;
	strncat(warnings, line, sizeof(warnings) - strlen(warnings) - 2);
	strcat(warnings, "\n");
}

static int decode(struct shell *sh, const struct state_section *const *sections, const char *buf,
		  size_t len)
{
	warnings[0] = '\0';
	struct state_doc doc = { (char *)(uintptr_t)buf, len };

	return state_decode(sh, sections, &doc, 1, on_warning, NULL);
}

static void fill(struct shell *sh, uint32_t seed)
{
	char name[32], value[64];

	for (int i = 0; i < 40; i++) {
		seed = seed * 1664525u + 1013904223u;
		snprintf(name, sizeof(name), "v%u", seed % 1000);
		for (size_t k = 0; k < sizeof(value) - 1; k++)
			value[k] = (char)(1 + (seed >> (k % 24)) % 255);
		value[(seed >> 9) % sizeof(value)] = '\0';
		value[sizeof(value) - 1] = '\0';
		var_set(sh, name, (seed & 16) != 0 ? value : NULL, (seed >> 5) & VAR_EXPORT);
		snprintf(name, sizeof(name), "a%u", seed % 100);
		alias_set(sh->aliases, name, value);
		dirs_insert(sh->dirs, 0, value);
		hist_add(sh->hist, value, seed);
		rud_add(&(struct rud){ .key = "make all", .node = "beta", .args = seed, .at_ms = seed, .elapsed_ms = seed, .used.rss_kib = seed, .status = seed % 256 });
	}
	source_string(sh, "set -- one '' 'two\n three'; set -f -u; readonly ro=1\n"
			"f() { cat <<X; case $1 in a) b;; esac; } 2>&1\n$1 `x`\nX\ng() (:)\n(exit 7)",
		    NULL, 0);
	allocation_set("42", "beta gamma.example", 1800000000, true);
	allocation_at(0)->told = 2;
	sh->line.text = strdup("half typed");
	sh->line.cursor = 4;
	sh->line.ahead = malloc(3);
	memcpy(sh->line.ahead, "a\0b", 3);
	sh->line.ahead_len = 3;
}

static void a_state_loads_into_an_equal_shell(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 30; seed++) {
		struct shell *a = shell(), *b = shell();
		char *first, *second;
		size_t len, len2;

		fill(a, seed);
		assert_int_equal(state_encode(a, inner, NULL, &first, &len), 0);
		assert_int_equal(decode(b, inner, first, len), 0);
		assert_string_equal(warnings, "");
		assert_int_equal(b->frame.status, 7);
		assert_string_equal(b->line.text, "half typed");
		assert_string_equal(allocation_at(0)->job, "42");
		assert_int_equal(allocation_at(0)->told, 2);
		assert_int_equal(allocation_at(0)->end_s, 1800000000);
		assert_null(allocation_at(1));
		assert_int_equal(b->line.cursor, 4);
		assert_memory_equal(b->line.ahead, "a\0b", 3);
		assert_int_equal(state_encode(b, inner, NULL, &second, &len2), 0);
		assert_int_equal(len, len2);
		assert_memory_equal(first, second, len);
		free(first);
		free(second);
		shell_free(a);
		shell_free(b);
	}
}

static long long number_of(struct shell *sh, const char *name)
{
	return strtoll(var_text(sh, name), NULL, 10);
}

static void random_numbers_and_seconds_go_on(void **state)
{
	static const struct state_section *const clocks[] = { &var_section, &clock_section, NULL };
	struct shell *a = shell(), *b = shell();
	char *buf;
	size_t len;

	(void)state;
	source_string(a, "RANDOM=5; SECONDS=1000; x=$RANDOM", NULL, 0);
	assert_int_equal(state_encode(a, clocks, NULL, &buf, &len), 0);
	assert_int_equal(decode(b, clocks, buf, len), 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(number_of(a, "RANDOM"), number_of(b, "RANDOM"));
	assert_int_not_equal(number_of(a, "RANDOM"), number_of(a, "RANDOM"));
	source_string(b, "RANDOM=5", NULL, 0); /* the same seed, the same numbers */
	assert_int_equal(number_of(b, "RANDOM"), number_of(a, "x"));
	assert_in_range(number_of(b, "SECONDS"), 1000, 1100);
	free(buf);
	shell_free(a);
	shell_free(b);
}

/* As many as there are; what is over the limit is told, and is the oldest. */
static void a_long_history_comes_along(void **state)
{
	enum { MANY = 30000 };
	struct shell *a = shell(), *b = shell();
	char *buf, *large;
	size_t len;

	(void)state;
	source_string(a, "HISTSIZE=100000", NULL, 0);
	hist_set_max(a->hist, 100000);
	for (int i = 1; i <= MANY; i++) {
		char text[32];

		snprintf(text, sizeof(text), "command %d", i);
		hist_add(a->hist, text, i);
	}
	assert_int_equal(state_encode(a, inner, NULL, &buf, &len), 0);
	assert_int_equal(decode(b, inner, buf, len), 0);
	assert_string_equal(warnings, "");
	assert_int_equal(hist_count(b->hist), MANY);
	assert_string_equal(hist_at(b->hist, 0)->text, "command 1");
	assert_string_equal(hist_at(b->hist, MANY - 1)->text, "command 30000");
	free(buf);
	large = malloc((16 << 20) + 1);
	memset(large, 'x', 16 << 20);
	large[(16 << 20) - 20] = '\0';
	hist_add(a->hist, large, 1);
	assert_int_equal(state_encode(a, inner, NULL, &buf, &len), 0);
	assert_int_equal(decode(b, inner, buf, len), 0);
	assert_string_equal(warnings, "29999 older history entries did not come along (more than 16 MiB)\n");
	assert_int_equal(hist_count(b->hist), 2);
	free(buf);
	free(large);
	shell_free(a);
	shell_free(b);
}

/* A base and what changed since, any number of times, make what a whole state makes. */
static void checkpoints_add_up(void **state)
{
	enum { STEPS = 12 };
	struct state_tracker tracker = { 0 };
	struct state_doc docs[STEPS + 1];
	struct shell *a = shell(), *b = shell();
	char *whole, *again;
	size_t len, len2, n = 0;

	(void)state;
	fill(a, 3);
	assert_int_equal(state_encode(a, inner, &tracker, &docs[n].s, &docs[n].len), 0);
	n++;
	assert_int_equal(state_encode(a, inner, &tracker, &whole, &len), -ENOENT); /* nothing new */
	for (int i = 0; i < STEPS; i++) {
		char text[32];

		snprintf(text, sizeof(text), "command %d", i);
		hist_add(a->hist, text, i);
		if (i % 3 == 0)
			var_set(a, "changing", text, 0);
		if (i % 4 == 0)
			alias_set(a->aliases, text, "x");
		if (i == 5)
			hist_drop_newest(a->hist); /* then the list is not only longer */
		if (i == 7)
			var_unset(a, "changing");
		assert_int_equal(state_encode(a, inner, &tracker, &docs[n].s, &docs[n].len), 0);
		if (i != 5)
			assert_true(docs[n].len < docs[0].len / 2);
		n++;
	}
	assert_int_equal(state_decode(b, inner, docs, n, on_warning, NULL), 0);
	assert_int_equal(state_encode(a, inner, NULL, &whole, &len), 0);
	assert_int_equal(state_encode(b, inner, NULL, &again, &len2), 0);
	assert_int_equal(len, len2);
	assert_memory_equal(whole, again, len);
	for (size_t i = 0; i < n; i++)
		free(docs[i].s);
	free(whole);
	free(again);
	shell_free(a);
	shell_free(b);
}

/* ---- neighbours of another version ---- */

enum { NEXT_NUMBER = 77, NEXT_LIST = 78 };

static void next_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	state_put_uint(e, NEXT_NUMBER, 1);
	state_put_array(e, NEXT_LIST, 2);
	state_add_uint(e, 1);
	state_add_str(e, "x");
}

static int next_loads;

static int next_load(struct shell *sh, const struct state_dec *d)
{
	uint64_t v;

	(void)sh;
	next_loads++;
	return state_get_uint(d, NEXT_NUMBER, 1, &v);
}

/* The options section of a later version: the old keys, and more. */
static void later_options_save(const struct shell *sh, struct state_enc *e)
{
	option_section.save(sh, e);
	next_save(sh, e);
}

static const struct state_section later_options = {
	.name = "options", .version = 2, .save = later_options_save, .load = next_load,
};
static const struct state_section new_section = {
	.name = "containers", .version = 1, .save = next_save, .load = next_load,
};

static const struct state_section *const later[] = {
	&var_section, &later_options, &param_section, &new_section, &alias_section, NULL,
};

static void a_later_version_is_read_with_a_warning(void **state)
{
	struct shell *a = shell(), *b = shell();
	char *buf;
	size_t len;

	(void)state;
	source_string(a, "set -f; set -- x y; alias l=ls", NULL, 0);
	assert_int_equal(state_encode(a, later, NULL, &buf, &len), 0);
	assert_int_equal(decode(b, inner, buf, len), 0);
	assert_true(opt(b, OPT_NOGLOB));
	assert_int_equal(b->params->n, 2);
	assert_string_equal(alias_get(b->aliases, "l"), "ls");
	assert_non_null(strstr(warnings, "containers"));
	free(buf);
	shell_free(a);
	shell_free(b);
}

static void an_earlier_version_leaves_defaults(void **state)
{
	static const struct state_section *const earlier[] = { &var_section, NULL };
	struct shell *a = shell(), *b = shell();
	char *buf;
	size_t len;

	(void)state;
	source_string(a, "x=1", NULL, 0);
	alias_set(b->aliases, "kept", "as it was");
	assert_int_equal(state_encode(a, earlier, NULL, &buf, &len), 0);
	next_loads = 0;
	assert_int_equal(decode(b, later, buf, len), 0);
	assert_int_equal(next_loads, 0);
	assert_string_equal(warnings, "");
	assert_string_equal(var_text(b, "x"), "1");
	assert_string_equal(alias_get(b->aliases, "kept"), "as it was");
	free(buf);
	shell_free(a);
	shell_free(b);
}

/* ---- sections that change the process: what a hostile node could have put into them ---- */

static void long_path_save(const struct shell *sh, struct state_enc *e)
{
	enum { LONG = 1 << 22 };
	char *path = malloc(LONG + 1);

	(void)sh;
	for (size_t i = 0; i < LONG; i++)
		path[i] = i % 2 == 0 ? '/' : 'a';
	path[LONG] = '\0';
	state_put_str(e, 1, path);
	free(path);
}

static void high_fd_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	state_put_array(e, 1, 6);
	state_add_uint(e, 900);
	state_add_str(e, "/dev/null");
	for (int i = 0; i < 4; i++)
		state_add_uint(e, 0);
}

static char there[64]; /* what a descriptor's path names here */

static void path_fd_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	state_put_array(e, 1, 6);
	state_add_uint(e, 90);
	state_add_str(e, there);
	for (int i = 0; i < 4; i++) /* to read, from its beginning */
		state_add_uint(e, 0);
}

/* More of them than there are descriptors. */
static void many_fds_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	state_put_array(e, 1, 6 * 2000);
	for (int i = 0; i < 2000; i++) {
		state_add_uint(e, 900);
		state_add_str(e, "/nowhere");
		for (int k = 0; k < 4; k++)
			state_add_uint(e, 0);
	}
}

static void trap_names_save(const struct shell *sh, struct state_enc *e)
{
	/* by 32 bits: RTMIN - 10, a negative number, one that overflows; what is no name at all */
	static const char *const names[] = { "RTMIN+4294967286", "RTMIN+2147483648", "RTMIN+2147483647", "RTMINor" };

	(void)sh;
	state_put_array(e, 1, 8);
	for (int i = 0; i < 4; i++) {
		state_add_str(e, names[i]);
		state_add_str(e, "echo caught");
	}
}

static int decode_as(const char *name, void (*save)(const struct shell *, struct state_enc *),
		     const struct state_section *section)
{
	const struct state_section hostile = { .name = name, .version = 1, .save = save };
	const struct state_section *const from[] = { &hostile, NULL }, *const to[] = { section, NULL };
	struct shell *a = shell(), *b = shell();
	size_t len;
	char *buf;
	int r;

	assert_int_equal(state_encode(a, from, NULL, &buf, &len), 0);
	r = decode(b, to, buf, len);
	free(buf);
	shell_free(a);
	shell_free(b);
	return r;
}

static uint32_t n_jobs;

/* The first with a name that is longer each time. */
static void jobs_save(const struct shell *sh, struct state_enc *e)
{
	char job[128];

	(void)sh;
	state_put_array(e, 1, 5 * n_jobs);
	for (uint32_t i = 0; i < n_jobs; i++) {
		memset(job, '7', sizeof(job));
		snprintf(job + (i == 0 ? n_jobs - 1 : 0), 16, "%02u", i);
		state_add_str(e, job);
		state_add_str(e, "  gamma.example beta ");
		state_add_uint(e, i % 2);
		state_add_uint(e, 0);
		state_add_uint(e, 7);
	}
}

static void allocations_are_bounded_and_know_their_nodes(void **state)
{
	(void)state;
	n_jobs = 3;
	assert_int_equal(decode_as("allocations", jobs_save, &allocation_section), 0);
	assert_true(allocation_has(allocation_at(2), "beta"));
	assert_true(allocation_has(allocation_at(2), "gamma"));
	assert_false(allocation_has(allocation_at(2), "gam"));
	assert_false(allocation_has(allocation_at(2), "betas"));
	assert_false(allocation_has(allocation_at(2), ""));
	allocation_set("01", "delta", 9, false); /* known already: it stays ours */
	assert_true(allocation_at(1)->ours);
	assert_string_equal(allocation_at(1)->nodes, "delta");
	allocation_drop("01");
	assert_string_equal(allocation_at(1)->job, "02");
	assert_null(allocation_at(2));
	for (n_jobs = 64; n_jobs < 66; n_jobs++)
		assert_int_equal(decode_as("allocations", jobs_save, &allocation_section), -EBADMSG);
	n_jobs = 0;
	assert_int_equal(decode_as("allocations", jobs_save, &allocation_section), 0);
	assert_null(allocation_at(0));
}

/* It was asked for each of two million directories above it, and the rest copied each time. */
static void near_a_very_long_directory_is_found_at_once(void **state)
{
	char *here = getcwd(NULL, 0), *now;
	time_t start = time(NULL);

	(void)state;
	assert_int_equal(decode_as("cwd", long_path_save, &cwd_section), 0);
	assert_int_equal(strncmp(warnings, "/a/a/a", 6), 0);
	assert_true(time(NULL) - start < 20);
	now = getcwd(NULL, 0);
	assert_string_equal(now, "/");
	free(now);
	assert_int_equal(chdir(here), 0);
	free(here);
}

static void a_descriptor_that_does_not_fit_is_told(void **state)
{
	struct rlimit was, low;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	low = was;
	low.rlim_cur = 256;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	assert_int_equal(decode_as("fds", high_fd_save, &fds_section), 0);
	assert_non_null(strstr(warnings, "descriptor 900: "));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(decode_as("fds", many_fds_save, &fds_section), -EBADMSG);
}

/* Somebody made a FIFO of that name: nobody waits for a writer, and it is not what the shell had. */
static void what_a_path_names_here_is_looked_at_before_it_is_used(void **state)
{
	char dir[] = "/tmp/mish-state-XXXXXX";
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(there, sizeof(there), "%s/it", dir);
	assert_int_equal(mkfifo(there, 0600), 0);
	alarm(20);
	assert_int_equal(decode_as("fds", path_fd_save, &fds_section), 0);
	alarm(0);
	assert_non_null(strstr(warnings, "descriptor 90: "));
	assert_non_null(strstr(warnings, "it is no file here"));
	assert_int_equal(fcntl(90, F_GETFD), -1);
	assert_int_equal(unlink(there), 0);
	fd = open(there, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(decode_as("fds", path_fd_save, &fds_section), 0);
	assert_true(fcntl(90, F_GETFD) >= 0);
	assert_int_equal(close(90), 0);
	if (fchown(fd, 30001, (gid_t)-1) == 0) { /* another user's */
		assert_int_equal(decode_as("fds", path_fd_save, &fds_section), 0);
		assert_non_null(strstr(warnings, "it belongs to another user here"));
		assert_int_equal(fcntl(90, F_GETFD), -1);
	}
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(there), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void a_signal_is_what_its_name_says_or_none(void **state)
{
	(void)state;
	assert_int_equal(decode_as("traps", trap_names_save, &trap_section), 0);
	for (const char *s = warnings; *s != '\0'; s = strchr(s, '\n') + 1)
		assert_int_equal(strncmp(s, "trap: no signal RTMIN", 21), 0);
	assert_int_equal(sigs_number("RTMIN+1"), SIGRTMIN + 1);
	assert_int_equal(sigs_number("rtmin"), SIGRTMIN);
	assert_int_equal(sigs_number("RTMIN+99"), -1);
}

static unsigned told;

static void count_warning(void *arg, const char *line)
{
	(void)arg;
	assert_true(strlen(line) < 2000);
	told++;
}

static void a_state_does_not_warn_without_end(void **state)
{
	enum { N = 60000 };
	struct shell *b = shell();
	uint8_t *s = malloc(6 + N * 6), *p = s + 6;

	(void)state;
	memcpy(s, "\xdd\x00\x00\xea\x61\x01", 6); /* the format and N sections: [ "x", 1, {} ] */
	for (int i = 0; i < N; i++, p += 6)
		memcpy(p, "\x93\xc4\x01x\x01\x80", 6);
	struct state_doc doc = { (char *)s, (size_t)(p - s) };

	told = 0;
	assert_int_equal(state_decode(b, inner, &doc, 1, count_warning, NULL), 0);
	assert_in_range(told, 2, 1000);
	free(s);
	shell_free(b);
}

/* Sections and numbers may be new in the same format; another format may mean anything. */
static void a_later_format_is_refused_and_nothing_loaded(void **state)
{
	struct shell *a = shell();
	struct state_doc docs[2];

	(void)state;
	source_string(a, "x=1; alias l=ls", NULL, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(state_encode(a, inner, NULL, &docs[i].s, &docs[i].len), 0);
	for (int i = 0; i < 2; i++) { /* the state, and a checkpoint on top of it */
		struct shell *b = shell();

		assert_int_equal(docs[i].s[1], STATE_FORMAT); /* behind the array's header */
		docs[i].s[1] = STATE_FORMAT + 1;
		warnings[0] = '\0';
		assert_int_equal(state_decode(b, inner, docs, 2, on_warning, NULL), -EPROTO);
		assert_string_equal(warnings, "");
		assert_null(var_text(b, "x"));
		assert_null(alias_get(b->aliases, "l"));
		docs[i].s[1] = STATE_FORMAT;
		assert_int_equal(state_decode(b, inner, docs, 2, on_warning, NULL), 0);
		assert_string_equal(var_text(b, "x"), "1");
		shell_free(b);
	}
	for (int i = 0; i < 2; i++)
		free(docs[i].s);
	shell_free(a);
}

static void host_bound_variables_stay(void **state)
{
	struct shell *a = shell(), *b = shell();
	char *buf;
	size_t len;

	(void)state;
	var_set(a, "SSH_CONNECTION", "there", VAR_EXPORT);
	var_set(a, "DBUS_SESSION_BUS_ADDRESS", "there", 0);
	var_set(a, "gone", "no", 0);
	var_unset(a, "gone");
	var_set(b, "SSH_CONNECTION", "here", VAR_EXPORT);
	var_set(b, "gone", "must go", 0);
	assert_int_equal(state_encode(a, inner, NULL, &buf, &len), 0);
	assert_int_equal(decode(b, inner, buf, len), 0);
	assert_string_equal(var_text(b, "SSH_CONNECTION"), "here");
	assert_null(var_text(b, "DBUS_SESSION_BUS_ADDRESS"));
	assert_null(var_text(b, "gone"));
	free(buf);
	shell_free(a);
	shell_free(b);
}

static void no_prefix_and_no_flipped_bit_crashes_the_decoder(void **state)
{
	struct shell *a = shell();
	char *buf;
	size_t len;

	(void)state;
	source_string(a, "x=1; set -- a b; f() { a; }; alias l=ls", NULL, 0);
	assert_int_equal(state_encode(a, inner, NULL, &buf, &len), 0);
	for (size_t n = 0; n < len; n += n < 64 ? 1 : 17) {
		char *copy = malloc(n + 1);
		struct shell *b = shell();

		memcpy(copy, buf, n);
		assert_int_equal(decode(b, inner, copy, n), -EBADMSG);
		shell_free(b);
		free(copy);
	}
	for (size_t bit = 0; bit < len * 8; bit += 3) {
		char *copy = malloc(len);
		struct shell *b = shell();

		memcpy(copy, buf, len);
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
		(void)decode(b, inner, copy, len);
		shell_free(b);
		free(copy);
	}
	free(buf);
	shell_free(a);
}

static void counts_that_lie_are_refused_before_memory_is_taken(void **state)
{
	static const char *const lies[] = { "\x92\x01\xdd\xff\xff\xff\xff", "\xdf\x7f\xff\xff\xff",
					    "\x92\x01\xc6\xff\xff\xff\xff" };
	char deep[4096];
	struct shell *b = shell();

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		assert_int_equal(decode(b, inner, lies[i], strlen(lies[i])), -EBADMSG);
	memset(deep, 0x91, sizeof(deep));
	assert_int_equal(decode(b, inner, deep, sizeof(deep)), -EBADMSG);
	shell_free(b);
}

static void only_the_right_key_session_and_epoch_open_a_seal(void **state)
{
	struct seal_key k, wrong;
	uint8_t *sealed, *plain;
	size_t len, plain_len;

	(void)state;
	assert_int_equal(seal_key_draw(&k), 0);
	assert_int_equal(seal_key_draw(&wrong), 0);
	assert_int_equal(seal_close(&k, "s1", 4, 0, "secret", 6, &sealed, &len), 0);
	assert_null(memmem(sealed, len, "secret", 6));
	assert_int_equal(seal_open(&k, "s1", 4, 0, sealed, len, &plain, &plain_len), 0);
	assert_memory_equal(plain, "secret", 6);
	free(plain);
	assert_int_equal(seal_open(&wrong, "s1", 4, 0, sealed, len, &plain, &plain_len), -EBADMSG);
	assert_int_equal(seal_open(&k, "s2", 4, 0, sealed, len, &plain, &plain_len), -EBADMSG);
	assert_int_equal(seal_open(&k, "s1", 5, 0, sealed, len, &plain, &plain_len), -EBADMSG);
	assert_int_equal(seal_open(&k, "s1", 4, 0, sealed, 10, &plain, &plain_len), -EBADMSG);
	for (size_t i = 0; i < len; i++) {
		sealed[i] ^= 1;
		assert_int_equal(seal_open(&k, "s1", 4, 0, sealed, len, &plain, &plain_len), -EBADMSG);
		sealed[i] ^= 1;
	}
	free(sealed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_loads_into_an_equal_shell),
		cmocka_unit_test(random_numbers_and_seconds_go_on),
		cmocka_unit_test(a_long_history_comes_along),
		cmocka_unit_test(checkpoints_add_up),
		cmocka_unit_test(a_later_version_is_read_with_a_warning),
		cmocka_unit_test(an_earlier_version_leaves_defaults),
		cmocka_unit_test(allocations_are_bounded_and_know_their_nodes),
		cmocka_unit_test(near_a_very_long_directory_is_found_at_once),
		cmocka_unit_test(a_descriptor_that_does_not_fit_is_told),
		cmocka_unit_test(what_a_path_names_here_is_looked_at_before_it_is_used),
		cmocka_unit_test(a_signal_is_what_its_name_says_or_none),
		cmocka_unit_test(a_state_does_not_warn_without_end),
		cmocka_unit_test(a_later_format_is_refused_and_nothing_loaded),
		cmocka_unit_test(host_bound_variables_stay),
		cmocka_unit_test(no_prefix_and_no_flipped_bit_crashes_the_decoder),
		cmocka_unit_test(counts_that_lie_are_refused_before_memory_is_taken),
		cmocka_unit_test(only_the_right_key_session_and_epoch_open_a_seal),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
