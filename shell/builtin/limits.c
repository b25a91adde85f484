#include <config.h>

#include "shell/builtin/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/builtin/builtin.h"

/* What the kernel keeps for a process: ulimit, umask, times; and its state section. */

static const struct limit {
	char letter;
	int resource;
	unsigned unit; /* what ulimit counts in: so many bytes, or 1 */
	char text[40];
} limits[] = {
	{ 'c', RLIMIT_CORE, 512, "core file size (512-byte blocks)" },
	{ 'd', RLIMIT_DATA, 1024, "data segment (kbytes)" },
	{ 'e', RLIMIT_NICE, 1, "scheduling priority" },
	{ 'f', RLIMIT_FSIZE, 512, "file size (512-byte blocks)" },
	{ 'i', RLIMIT_SIGPENDING, 1, "pending signals" },
	{ 'l', RLIMIT_MEMLOCK, 1024, "locked memory (kbytes)" },
	{ 'm', RLIMIT_RSS, 1024, "resident memory (kbytes)" },
	{ 'n', RLIMIT_NOFILE, 1, "file descriptors" },
	{ 'q', RLIMIT_MSGQUEUE, 1, "message queues (bytes)" },
	{ 'r', RLIMIT_RTPRIO, 1, "real-time priority" },
	{ 's', RLIMIT_STACK, 1024, "stack (kbytes)" },
	{ 't', RLIMIT_CPU, 1, "CPU time (seconds)" },
	{ 'u', RLIMIT_NPROC, 1, "processes" },
	{ 'v', RLIMIT_AS, 1024, "address space (kbytes)" },
	{ 'x', RLIMIT_LOCKS, 1, "file locks" },
};

enum { N_LIMITS = sizeof(limits) / sizeof(limits[0]) };

static void print_limit(const struct limit *l, bool hard, bool with_text)
{
	struct rlimit r;
	rlim_t v;

	if (getrlimit((__rlimit_resource_t)l->resource, &r) < 0)
		return;
	v = hard ? r.rlim_max : r.rlim_cur;
	if (with_text)
		printf("-%c: %-36s ", l->letter, l->text);
	if (v == RLIM_INFINITY)
		puts("unlimited");
	else
		printf("%llu\n", (unsigned long long)v / l->unit);
}

/* Sets the soft, the hard or both: a number of the limit's units, unlimited, hard or soft. */
static int set_limit(struct shell *sh, const struct limit *l, bool soft, bool hard, const char *arg)
{
	struct rlimit r;
	rlim_t v;
	char *end;

	if (getrlimit((__rlimit_resource_t)l->resource, &r) < 0)
		goto fail;
	if (strcmp(arg, "unlimited") == 0) {
		v = RLIM_INFINITY;
	} else if (strcmp(arg, "hard") == 0) {
		v = r.rlim_max;
	} else if (strcmp(arg, "soft") == 0) {
		v = r.rlim_cur;
	} else {
		unsigned long long n = strtoull(arg, &end, 10);

		if (arg[0] < '0' || arg[0] > '9' || *end != '\0' ||
		    __builtin_mul_overflow(n, l->unit, &n)) {
			sh_warn(sh, "ulimit: %s: bad number", arg);
			return 2;
		}
		v = n;
	}
	if (hard)
		r.rlim_max = v;
	if (soft)
		r.rlim_cur = v;
	if (setrlimit((__rlimit_resource_t)l->resource, &r) == 0)
		return 0;
fail:
	sh_warn(sh, "ulimit: %s: %s", l->text, strerror(errno));
	return 1;
}

int builtin_ulimit(struct shell *sh, int argc, char **argv)
{
	bool hard = false, soft = false, all = false;
	const struct limit *l = NULL, *file_size = NULL;
	int c;

	for (size_t i = 0; i < N_LIMITS; i++)
		if (limits[i].letter == 'f')
			file_size = &limits[i];
	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "HSacdefilmnqrstuvx")) != -1) {
		if (c == '?')
			return 2;
		hard |= c == 'H';
		soft |= c == 'S';
		all |= c == 'a';
		for (size_t i = 0; i < N_LIMITS; i++)
			if (limits[i].letter == c)
				l = &limits[i];
	}
	if (all) {
		for (size_t i = 0; i < N_LIMITS; i++)
			print_limit(&limits[i], hard, true);
		return 0;
	}
	if (l == NULL)
		l = file_size;
	if (optind == argc) {
		print_limit(l, hard, false);
		return 0;
	}
	return set_limit(sh, l, soft || !hard, hard || !soft, argv[optind]);
}

/* ---- umask ---- */

static mode_t current_umask(void)
{
	mode_t m = umask(0);

	umask(m);
	return m;
}

static void print_symbolic(mode_t m)
{
	static const char who[] = "ugo";

	for (int i = 0; i < 3; i++) {
		mode_t bits = ~m >> (6 - 3 * i) & 7;

		printf("%s%c=%s%s%s", i != 0 ? "," : "", who[i], (bits & 4) != 0 ? "r" : "",
		       (bits & 2) != 0 ? "w" : "", (bits & 1) != 0 ? "x" : "");
	}
	putchar('\n');
}

/* Applies the clause of a symbolic mode at *ps to the allowed bits; false: it is no such clause. */
static bool apply_clause(const char **ps, mode_t *allowed)
{
	const char *s = *ps;
	mode_t who = 0;

	for (;; s++) {
		if (*s == 'u')
			who |= 0700;
		else if (*s == 'g')
			who |= 0070;
		else if (*s == 'o')
			who |= 0007;
		else if (*s == 'a')
			who |= 0777;
		else
			break;
	}
	if (who == 0)
		who = 0777;
	if (*s != '+' && *s != '-' && *s != '=')
		return false;
	while (*s == '+' || *s == '-' || *s == '=') {
		char op = *s++;
		mode_t perm = 0;

		if (*s == 'u' || *s == 'g' || *s == 'o') {
			mode_t from = *allowed >> (*s == 'u' ? 6 : *s == 'g' ? 3 : 0) & 7;

			perm = (mode_t)(from * 0111);
			s++;
		} else {
			for (;; s++) {
				if (*s == 'r')
					perm |= 0444;
				else if (*s == 'w')
					perm |= 0222;
				else if (*s == 'x' || (*s == 'X' && (*allowed & 0111) != 0))
					perm |= 0111;
				else if (*s != 's' && *s != 'X')
					break;
			}
		}
		if (op == '=')
			*allowed = (*allowed & ~who) | (perm & who);
		else if (op == '+')
			*allowed |= perm & who;
		else
			*allowed &= ~(perm & who);
	}
	*ps = s;
	return true;
}

static bool parse_umask(const char *s, mode_t *ret)
{
	mode_t allowed = ~current_umask() & 0777;

	if (*s >= '0' && *s <= '7') {
		char *end;
		unsigned long n = strtoull(s, &end, 8);

		*ret = (mode_t)n;
		return *end == '\0' && n <= 0777;
	}
	for (;; s++) {
		if (!apply_clause(&s, &allowed))
			return false;
		if (*s == '\0')
			break;
		if (*s != ',')
			return false;
	}
	*ret = ~allowed & 0777;
	return true;
}

int builtin_umask(struct shell *sh, int argc, char **argv)
{
	bool symbolic = false, again = false;
	mode_t m;
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "Sp")) != -1) {
		if (c == '?')
			return 2;
		symbolic |= c == 'S';
		again |= c == 'p';
	}
	if (optind == argc) {
		if (again)
			printf(symbolic ? "umask -S " : "umask ");
		if (symbolic)
			print_symbolic(current_umask());
		else
			printf("%04o\n", current_umask());
		return 0;
	}
	if (!parse_umask(argv[optind], &m)) {
		sh_warn(sh, "umask: %s: bad mode", argv[optind]);
		return opt(sh, OPT_POSIX) ? 2 : 1;
	}
	umask(m);
	return 0;
}

int builtin_times(struct shell *sh, int argc, char **argv)
{
	long hz = sysconf(_SC_CLK_TCK);
	struct tms t;
	clock_t v[4];

	(void)argc;
	(void)argv;
	times(&t);
	v[0] = t.tms_utime;
	v[1] = t.tms_stime;
	v[2] = t.tms_cutime + (clock_t)(sh->placed.us[0] * (uint64_t)hz / 1000000);
	v[3] = t.tms_cstime + (clock_t)(sh->placed.us[1] * (uint64_t)hz / 1000000);
	for (int i = 0; i < 4; i++)
		printf("%ldm%.3fs%c", (long)v[i] / hz / 60,
		       (double)(v[i] % (60 * hz)) / (double)hz, i % 2 == 0 ? ' ' : '\n');
	return 0;
}

/* ---- state ---- */

enum { PROCESS_UMASK = 1, PROCESS_NICE = 2, PROCESS_LIMITS = 3 };
enum { NICE_OFFSET = 20, NICE_RANGE = 40 }; /* -20 to 19, as 0 to 39 */

static void process_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	state_put_uint(e, PROCESS_UMASK, current_umask());
	state_put_uint(e, PROCESS_NICE, (uint64_t)(getpriority(PRIO_PROCESS, 0) + NICE_OFFSET));
	state_put_array(e, PROCESS_LIMITS, 2 * N_LIMITS);
	for (size_t i = 0; i < N_LIMITS; i++) {
		struct rlimit r = { .rlim_cur = RLIM_INFINITY };

		getrlimit((__rlimit_resource_t)limits[i].resource, &r);
		state_add_bytes(e, &limits[i].letter, 1);
		state_add_uint(e, r.rlim_cur == RLIM_INFINITY ? UINT64_MAX : r.rlim_cur);
	}
}

static void load_limit(const struct state_dec *d, char letter, uint64_t value)
{
	for (size_t i = 0; i < N_LIMITS; i++) {
		rlim_t want = value == UINT64_MAX ? RLIM_INFINITY : (rlim_t)value;
		__rlimit_resource_t res = (__rlimit_resource_t)limits[i].resource;
		struct rlimit r;

		if (limits[i].letter != letter || getrlimit(res, &r) < 0 || r.rlim_cur == want)
			continue;
		/* the hard limit stays; the soft one comes as near to the state's as it may */
		if (r.rlim_max != RLIM_INFINITY && (want == RLIM_INFINITY || want > r.rlim_max)) {
			if (want != RLIM_INFINITY)
				state_warn(d, "limit lowered: %s", limits[i].text);
			want = r.rlim_max;
		}
		r.rlim_cur = want;
		if (setrlimit(res, &r) < 0)
			state_warn(d, "limit not set: %s: %s", limits[i].text, strerror(errno));
	}
}

/* The umask, niceness and limits as they were; what this node does not allow is told. */
static int process_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint64_t v;
	uint32_t n = 0;
	int r = state_get_uint(d, PROCESS_UMASK, 0777, &v);

	(void)sh;
	if (r == 0)
		umask((mode_t)v);
	if ((r == 0 || r == -ENOENT) &&
	    (r = state_get_uint(d, PROCESS_NICE, NICE_RANGE - 1, &v)) == 0) {
		int want = (int)v - NICE_OFFSET;

		errno = 0;
		if (want != getpriority(PRIO_PROCESS, 0) && setpriority(PRIO_PROCESS, 0, want) < 0)
			state_warn(d, "nice value %d: %s", want, strerror(errno));
	}
	if (r == 0 || r == -ENOENT)
		r = state_get_array(d, PROCESS_LIMITS, &a, &n);
	if (r == 0 && n % 2 != 0)
		r = -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < n; i += 2) {
		const char *letter;

		r = state_elem_str(d, a, i, &letter, NULL);
		if (r == 0)
			r = state_elem_uint(d, a, i + 1, UINT64_MAX, &v);
		if (r == 0)
			load_limit(d, letter[0], v);
	}
	return r;
}

const struct state_section process_section = {
	.name = "process", .version = 1, .save = process_save, .load = process_load,
};
