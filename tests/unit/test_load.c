#include <config.h>

#include "tests/unit/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "controller/conf.h"
#include "controller/figures.h"
#include "controller/keyfile.h"
#include "controller/sample.h"

/* ---- a /proc and a /sys/fs/cgroup of our own ---- */

static char top[] = "/tmp/mish-load-XXXXXX";

static void put(const char *path, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put(const char *path, const char *fmt, ...)
{
	char name[512];
	va_list ap;
	FILE *f;

	snprintf(name, sizeof(name), "%s/%s", top, path);
	for (char *p = strchr(name + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(name, 0755);
		*p = '/';
	}
	f = fopen(name, "w");
	assert_non_null(f);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	assert_int_equal(fclose(f), 0);
}

static int fresh(void **state)
{
	(void)state;
	memcpy(top + strlen(top) - 6, "XXXXXX", 6);
	if (mkdtemp(top) == NULL)
		return -1;
	put("proc/meminfo", "MemTotal:       1000000 kB\nMemFree: 1 kB\nMemAvailable:    600000 kB\n");
	put("proc/loadavg", "0.10 0.20 0.30 4/300 4711\n");
	put("proc/stat", "cpu  100 0 0 300 0 0 0 0\n");
	put("proc/pressure/cpu", "some avg10=12.50 avg60=1 avg300=1 total=1\n");
	return 0;
}

static int gone(void **state)
{
	char command[600];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

static struct sampler begin(void)
{
	char proc[600];
	struct sampler s;

	snprintf(proc, sizeof(proc), "%s/proc", top);
	assert_int_equal(sampler_init(&s, proc, "/dev", 2), 0);
	s.smoothing_ms = 1000;
	return s;
}

static bool near(double a, double b)
{
	return fabs(a - b) < 0.01;
}

static void a_machine_counts_by_the_kernel(void **state)
{
	struct sampler s = begin();
	struct load l;

	(void)state;
	sampler_take(&s, 1000, &l);
	assert_true(near((double)l.queue, 3)); /* without ourselves */
	assert_true(near((double)l.speed, 2));
	assert_true(near((double)l.psi_cpu, 12.5));
	assert_int_equal(l.memory_total, 1000000);
	assert_int_equal(l.memory_free, 600000);
	put("proc/stat", "cpu  200 0 0 400 0 0 0 0\n");
	put("proc/loadavg", "0.10 0.20 0.30 1/300 4711\n");
	sampler_take(&s, 2000, &l);
	assert_true(near((double)l.utilisation, 0.5));
	assert_true(near((double)l.queue, 3 * exp(-1)));
	sampler_release(&s);
}

static void version_1_limits_count(void **state)
{
	struct sampler s;
	struct load l;

	(void)state;
	put("proc/1/cgroup", "5:cpu,cpuacct:/box/inner\n4:memory:/box\n0::/\n");
	put("proc/self/mountinfo",
	    "30 20 0:1 / %s/cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
	    "31 20 0:1 / %s/cg/memory rw shared:1 - cgroup cgroup rw,memory\n", top, top);
	put("cg/cpu/box/inner/cpu.cfs_quota_us", "-1\n");
	put("cg/cpu/box/cpu.cfs_quota_us", "20000\n");
	put("cg/cpu/box/cpu.cfs_period_us", "100000\n");
	put("cg/cpu/box/inner/cpuacct.usage", "1000000000\n");
	put("cg/memory/box/memory.limit_in_bytes", "%d\n", 1024 * 1024);
	put("cg/memory/box/memory.usage_in_bytes", "%d\n", 800 * 1024);
	put("cg/memory/box/memory.stat", "cache 5\ntotal_inactive_file %d\n", 100 * 1024);
	put("cg/memory/memory.limit_in_bytes", "9223372036854771712\n");
	s = begin();
	s.inside = true;
	sampler_take(&s, 1000, &l);
	assert_true(near((double)l.cpus, 0.2));
	assert_int_equal(l.memory_total, 1024);
	assert_int_equal(l.memory_free, 324);
	put("cg/cpu/box/inner/cpuacct.usage", "1100000000\n"); /* 100 ms of the 200 that may be */
	sampler_take(&s, 2000, &l);
	assert_true(near((double)l.utilisation, 0.5));
	sampler_release(&s);
}

static void version_2_limits_count_also_behind_a_namespace(void **state)
{
	struct sampler s;
	struct load l;

	(void)state;
	put("proc/1/cgroup", "0::/docker/7f/app\n");
	put("proc/self/mountinfo", "30 20 0:1 /docker/7f %s/cg rw - cgroup2 cgroup rw\n", top);
	put("cg/app/cpu.max", "max 100000\n");
	put("cg/cpu.max", "150000 100000\n");
	put("cg/app/memory.max", "max\n");
	put("cg/memory.max", "%d\n", 500 * 1024);
	put("cg/memory.current", "%d\n", 100 * 1024);
	put("cg/app/cpu.pressure", "some avg10=3.00 avg60=0 avg300=0 total=0\n");
	put("cg/app/cpu.stat", "usage_usec 5000\nuser_usec 1\n");
	s = begin();
	s.inside = true;
	sampler_take(&s, 1000, &l);
	assert_true(near((double)l.cpus, 1.5));
	assert_int_equal(l.memory_total, 500);
	assert_int_equal(l.memory_free, 400);
	assert_true(near((double)l.psi_cpu, 3));
	sampler_release(&s);
}

static void a_namespace_counts_what_it_sees(void **state)
{
	struct sampler s;
	struct load l;

	(void)state;
	put("proc/7/stat", "7 (a (b) c) R 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1\n");
	put("proc/8/stat", "8 (sh) S 1 8 8 34816 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1\n");
	put("proc/9/stat", "9 (R) R 1 9 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 1\n");
	put("proc/9/task/9/stat", "9 (R) S 1 9 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 1\n");
	put("proc/9/task/10/stat", "10 (R) R 1 9 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 1\n");
	put("proc/9/task/11/stat", "11 (R) R 1 9 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 1\n");
	put("proc/10/stat", "garbage");
	s = begin();
	s.inside = true;
	sampler_take(&s, 1000, &l);
	assert_true(near((double)l.queue, 3));
	sampler_release(&s);
}

static void an_owner_is_there_while_the_terminal_is_used(void **state)
{
	struct sampler s;
	struct load l;

	(void)state;
	put("proc/8/stat", "8 (sh) S 1 8 8 34819 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1\n"); /* pts/3 */
	put("dev/pts/3", "%s", "");
	s = begin();
	free(s.dev);
	assert_true(asprintf(&s.dev, "%s/dev", top) > 0);
	s.owners[s.n_owners++] = getuid();
	s.owner_idle_ms = 60000;
	sampler_take(&s, 1000, &l);
	assert_true(s.owner_here);
	s.owner_idle_ms = -1000;
	sampler_take(&s, 2000, &l);
	assert_false(s.owner_here);
	s.owner_idle_ms = 60000;
	s.owners[0] = getuid() + 1;
	sampler_take(&s, 3000, &l);
	assert_false(s.owner_here);
	sampler_release(&s);
}

static void a_costly_sample_is_taken_less_often(void **state)
{
	struct sampler s = { .cost_ms = 0.2 };

	(void)state;
	assert_int_equal(sampler_interval(&s, 1000), 1000);
	s.cost_ms = 5;
	assert_int_equal(sampler_interval(&s, 1000), 5000);
}

static void this_machine_can_be_measured(void **state)
{
	struct sampler s;
	struct load l;

	(void)state;
	assert_int_equal(sampler_init(&s, "/proc", "/dev", 0), 0);
	sampler_take(&s, 1000, &l);
	assert_true(l.cpus > 0 && l.memory_total > 0 && l.memory_free <= l.memory_total);
	assert_true(l.speed > 0.01f && l.speed < 100);
	sampler_release(&s);
}

/* ---- the configuration ---- */

#define KEY_A "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" /* RFC 8032, 7.1, TEST 1 */
#define KEY_B "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=" /* TEST 2 */

static void configuration_errors_name_file_and_line(void **state)
{
	static const struct {
		const char *text, *why;
	} v[] = {
		{ "node alpha\nnodes beta\n", "f:2: unknown key; see mishd.conf(5)" },
		{ "node\n", "f:1: a value is needed" },
		{ "\n# x\nnode a/b\n", "f:3: not a host name" },
		{ "node -oProxyCommand=x", "f:1: not a host name" },
		{ "node a b", "f:1: after the name only address=… cluster=… key=… cpus=… speed=… memory=… drain" },
		{ "node a address=b address=c", "f:1: given twice" },
		{ "node a cpus=4 cpus=8", "f:1: given twice" },
		{ "node a cpus=0", "f:1: a number from 0.01 to 100000 is needed" },
		{ "node a key=x", "f:1: not a node's public key; to see it, run there: mishctl key" },
		{ "node a key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		  "f:1: not a node's public key; to see it, run there: mishctl key" }, /* a weak one */
		{ "node a key=secret:x", "f:1: that is a secret key; to see its public one, run: mishctl key FILE" },
		{ "node a key=" KEY_A " key=" KEY_B " key=" KEY_A, "f:1: a node has at most 2 keys" },
		{ "node a key=" KEY_A "\nnode b key=" KEY_B " key=" KEY_A,
		  "f:2: another node has that key; each needs its own" },
		{ "drain maybe", "f:1: the value is yes or no" },
		{ "socket relative", "f:1: an absolute path is needed" },
		{ "port 0", "f:1: a number from 1 to 65535 is needed" },
		{ "port 1.5", "f:1: a whole number is needed" },
		{ "port 0x10", "f:1: a number is needed" },
		{ "lower nan", "f:1: a number is needed" },
		{ "lower -1", "f:1: a number from 0 to 1000 is needed" },
		{ "policy fastest", "f:1: no such policy (none, random, round-robin, threshold, limited, "
				    "shortest, speed-adjusted, memsat, prediction, best-fit)" },
		{ "choose best", "f:1: no such choice (cpu, first)" },
		{ "metrics 0.0.0.0:90", "f:1: a path, 127.0.0.1:PORT or [::1]:PORT is needed" },
		{ "metrics 127.0.0.1:99999", "f:1: not a port" },
		{ "shared home", "f:1: an absolute path is needed" },
		{ "residence", "f:1: a value is needed" },
		{ "lower 9", "f: lower has to be below upper" },
		{ "stale 6", "f: stale has to be two heartbeats or more" },
	};
	struct conf c;
	char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		why = NULL;
		assert_int_equal(conf_parse("f", v[i].text, &c, &why), -1);
		assert_string_equal(why, v[i].why);
		free(why);
	}
}

static void a_configuration_is_read(void **state)
{
	struct conf c;
	char *why = NULL;

	(void)state;
	assert_int_equal(conf_parse("f", "", &c, &why), 0);
	assert_int_equal(c.n_nodes, 0);
	assert_ptr_equal(c.share.policy, &policy_speed_adjusted);
	assert_true(conf_list_has(&c.shared, "/home"));
	conf_release(&c);
	assert_int_equal(conf_parse("f", "node a # x\nnode b address=10.0.0.1 drain cluster=west\ndrain yes\n"
				    "policy memsat\nresidence 2.5\nupper 3\ndeny_user eve mallory\nshared /proj\n",
				    &c, &why), 0);
	assert_int_equal(c.n_nodes, 2);
	assert_string_equal(c.nodes[1].address, "10.0.0.1");
	assert_string_equal(c.nodes[1].cluster, "west");
	assert_false(c.nodes[0].drain);
	assert_true(c.nodes[1].drain);
	assert_true(c.drain);
	assert_int_equal(c.share.residence_ms, 2500);
	assert_true(near(c.share.upper, 3));
	assert_false(conf_allows(&c.allow_user, &c.deny_user, "mallory"));
	assert_true(conf_allows(&c.allow_user, &c.deny_user, "mia"));
	assert_false(conf_list_has(&c.shared, "/home"));
	conf_release(&c);
}

static void a_credential_is_a_key_file_whenever_the_file_is_read(void **state)
{
	char path[600], *why = NULL;
	struct conf c;

	(void)state;
	snprintf(path, sizeof(path), "%s/mish.conf", top);
	put("mish-key", "%s", "0123456789abcdef0123456789abcdef\n");
	put("mish.conf", "%s", "node a\n");
	setenv("CREDENTIALS_DIRECTORY", top, 1);
	for (int i = 0; i < 2; i++) { /* also by a reload */
		assert_int_equal(conf_read(path, &c, &why), 0);
		assert_non_null(c.key_file);
		assert_non_null(strstr(c.key_file, "/mish-key"));
		conf_release(&c);
	}
	put("mish.conf", "node a%cpolcy none\n", '\0');
	assert_int_equal(conf_read(path, &c, &why), -1);
	assert_non_null(strstr(why, "not a text"));
	free(why);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void a_key_that_others_can_read_is_refused(void **state)
{
	struct identity k;
	char path[600], *why = NULL;

	(void)state;
	snprintf(path, sizeof(path), "%s/key", top);
	put("key", "%s", "secret:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(keyfile_read(path, &k, &why), -1);
	assert_non_null(strstr(why, "others can read it; run chmod 600"));
	free(why);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(keyfile_read(path, &k, &why), 0);
	put("key", "%s", "0123456789abcdef0123456789abcdef\n"); /* of an earlier version */
	assert_int_equal(keyfile_read(path, &k, &why), -1);
	free(why);
	assert_int_equal(keyfile_read("/dev/zero", &k, &why), -1);
	assert_non_null(strstr(why, "not a regular file"));
	free(why);
}

static void figures_are_read_line_by_line(void **state)
{
	static const char text[] = "queue 7\ncpus\n4\n speed 3\nlicences\t2.5 free\nqueue 9\nnan nan\nlarge 1e300\n"
				   "minus -1\nname_of_more_than_thirty_one_bytes 1\nqueue5\nmemory_free 1000\r\nlast 1e3";
	struct load l = { .queue = 1, .cpus = 2, .speed = 1 };
	struct figures f;

	(void)state;
	assert_true(figures_parse(&f, text));
	assert_int_equal(f.n, 4);
	assert_string_equal(f.v[1].name, "licences");
	assert_true(near(f.v[1].value, 2.5));
	assert_string_equal(f.v[3].name, "last");
	assert_true(near(f.v[3].value, 1000));
	figures_apply(&f, &l);
	assert_true(near((double)l.queue, 7) && near((double)l.cpus, 2) && near((double)l.speed, 1));
	assert_int_equal(l.memory_free, 1000);
}

/* sscanf() looked at the rest of the text for each: the daemon stood still for seconds. */
static void many_lines_without_a_figure_are_read_at_once(void **state)
{
	char *text = malloc(COMMAND_TEXT_MAX), *p;
	struct timespec start, end;
	struct figures f;

	(void)state;
	memset(text, '\n', COMMAND_TEXT_MAX);
	text[COMMAND_TEXT_MAX - 1] = '\0';
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	assert_true(figures_parse(&f, text));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_int_equal(f.n, 0);
	assert_true((double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9 < 0.5);
	p = text;
	for (int i = 0; i <= FIGURES_MAX; i++)
		p += snprintf(p, 32, "f%d %d\n", i, i);
	assert_false(figures_parse(&f, text));
	assert_int_equal(f.n, FIGURES_MAX);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_machine_counts_by_the_kernel, fresh, gone),
		cmocka_unit_test_setup_teardown(version_1_limits_count, fresh, gone),
		cmocka_unit_test_setup_teardown(version_2_limits_count_also_behind_a_namespace, fresh, gone),
		cmocka_unit_test_setup_teardown(a_namespace_counts_what_it_sees, fresh, gone),
		cmocka_unit_test_setup_teardown(an_owner_is_there_while_the_terminal_is_used, fresh, gone),
		cmocka_unit_test(a_costly_sample_is_taken_less_often),
		cmocka_unit_test(this_machine_can_be_measured),
		cmocka_unit_test(figures_are_read_line_by_line),
		cmocka_unit_test(many_lines_without_a_figure_are_read_at_once),
		cmocka_unit_test(configuration_errors_name_file_and_line),
		cmocka_unit_test(a_configuration_is_read),
		cmocka_unit_test_setup_teardown(a_credential_is_a_key_file_whenever_the_file_is_read, fresh, gone),
		cmocka_unit_test_setup_teardown(a_key_that_others_can_read_is_refused, fresh, gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
