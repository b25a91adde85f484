#include <config.h>

#include "shell/expand/dynamic.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/expand/option.h"
#include "shell/expand/var.h"
#include "shell/expand/var_table.h"
#include "shell/parser/strbuf.h"
#include "wire/now.h"

/* ---- the clock ---- */

/* SECONDS is kept in ms; a larger value is cut to half of what fits, so that it can go on. */
#define SECONDS_MAX (INT64_MAX / 2000)

/*
 * A steady clock, in units of sysconf(_SC_CLK_TCK). clock_gettime() is finer, but it reads the
 * kernel's page of clocks, and each shell would take a page fault for that when it starts.
 */
static clock_t ticks(void)
{
	return times(&(struct tms){ 0 });
}

static int64_t seconds_ms(const struct shell *sh)
{
	uint64_t passed = (uint64_t)(ticks() - sh->clock.seconds_since);

	return (int64_t)((uint64_t)sh->clock.seconds_ms + passed * 1000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

static void set_seconds_ms(struct shell *sh, int64_t ms)
{
	sh->clock.seconds_ms = ms;
	sh->clock.seconds_since = ticks();
}

void dynamic_clock_init(struct shell *sh)
{
	set_seconds_ms(sh, 0);
}

static void need_seed(struct shell *sh)
{
	if (sh->clock.seeded)
		return;
	sh->clock.seeded = true;
	/* shells that start together may have the same pid, in different namespaces */
	if (getrandom(&sh->clock.random, sizeof(sh->clock.random), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(sh->clock.random))
		sh->clock.random = (uint32_t)sh->pid * 2654435761u ^ (uint32_t)sh->clock.seconds_since;
}

/* ---- texts ---- */

static const char *number(char buf[DECIMAL_MAX], int64_t n)
{
	return decimal_print(buf, n);
}

static const char *lineno_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	return number(buf, sh->frame.lineno);
}

/* In place of a subshell nobody can tell what a real one would have: one is made. */
static bool wants_subshell(struct shell *sh)
{
	if (sh->frame.effects == EFFECTS_ON)
		return false;
	sh->frame.effects = EFFECTS_WANTED;
	return true;
}

static const char *random_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	if (wants_subshell(sh)) /* to draw a number changes the next one */
		return NULL;
	need_seed(sh);
	sh->clock.random = sh->clock.random * 1103515245u + 12345u;
	return number(buf, sh->clock.random >> 16 & 0x7fff);
}

static const char *seconds_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	int64_t n = seconds_ms(sh);

	return number(buf, n / 1000 - (n % 1000 < 0));
}

/* As in fish. */
static const char *duration_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	return number(buf, sh->clock.command_ms);
}

static const char *epoch_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)sh;
	return number(buf, now_wall_s());
}

static const char *realtime_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	struct timespec t;

	(void)sh;
	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(buf, DECIMAL_MAX, "%lld.%06ld", (long long)t.tv_sec, t.tv_nsec / 1000);
	return buf;
}

static const char *pid_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	return wants_subshell(sh) ? NULL : number(buf, getpid());
}

static const char *uid_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)sh;
	return number(buf, getuid());
}

static const char *euid_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)sh;
	return number(buf, geteuid());
}

static const char *command_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)buf;
	return sh->hooks.command_text(sh);
}

/* What bash says of the machine, asked of the kernel when it is wanted. */
static const struct utsname *machine(void)
{
	static struct utsname u;

	(void)uname(&u);
	return &u;
}

static const char *hostname_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)sh, (void)buf;
	return machine()->nodename;
}

/* The user's, where nobody says it. */
static const char *login_shell_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	const struct passwd *pw = getpwuid(getuid());

	(void)buf;
	if (opt(sh, OPT_POSIX))
		return NULL;
	return pw != NULL && pw->pw_shell[0] != '\0' ? pw->pw_shell : "/bin/sh";
}

static const char *hosttype_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)sh, (void)buf;
	return machine()->machine;
}

static const char *ostype_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)sh, (void)buf;
	return "linux-gnu";
}

static const char *subshell_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	return wants_subshell(sh) ? NULL : number(buf, sh->fork_depth);
}

static const char *last_word_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)buf;
	return opt(sh, OPT_POSIX) ? NULL : strbuf_str(sh->statuses.word);
}

/* The options that are on, as bash tells them. */
static const char *options_text(struct shell *sh, bool of_shopt)
{
	static struct strbuf s;
	const struct option_info *o;

	if (opt(sh, OPT_POSIX))
		return NULL;
	strbuf_clear(&s);
	for (size_t i = 0; (o = option_at(i)) != NULL; i++)
		if (o->shopt == of_shopt && option_is_on(sh, o))
			strbuf_addf(&s, "%s%s", s.len != 0 ? ":" : "", o->name);
	return strbuf_str(&s);
}

static const char *set_options_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)buf;
	return options_text(sh, false);
}

static const char *shopt_options_now(struct shell *sh, char buf[DECIMAL_MAX])
{
	(void)buf;
	return options_text(sh, true);
}

/* `for _ in …`, `read _`: until the next command. */
static void last_word_assign(struct shell *sh, const char *value)
{
	strbuf_clear(sh->statuses.word);
	strbuf_adds(sh->statuses.word, value);
}

static void random_assign(struct shell *sh, const char *value)
{
	sh->clock.seeded = true;
	sh->clock.random = (uint32_t)strtoll(value, NULL, 10);
}

static void seconds_assign(struct shell *sh, const char *value)
{
	long long n = strtoll(value, NULL, 10);

	set_seconds_ms(sh, (n > SECONDS_MAX ? SECONDS_MAX : n < -SECONDS_MAX ? -SECONDS_MAX : n) * 1000);
}

/* ---- arrays ---- */

static struct array *groups_now(struct shell *sh)
{
	struct array *a = array_new(false);
	char buf[DECIMAL_MAX];
	int n = getgroups(0, NULL);
	gid_t *v = n > 0 ? xreallocarray(NULL, (size_t)n, sizeof(*v)) : NULL;

	(void)sh;
	n = v != NULL ? getgroups(n, v) : 0;
	array_set(a, (struct array_key){ 0 }, number(buf, getegid()));
	for (int i = 0; i < n; i++)
		if (v[i] != getegid())
			array_set(a, (struct array_key){ .index = array_end(a) }, number(buf, v[i]));
	free(v);
	return a;
}

static struct array *statuses_now(struct shell *sh)
{
	struct array *a = array_new(false);
	char buf[DECIMAL_MAX];

	for (size_t i = 0; i < sh->statuses.n; i++)
		array_set(a, (struct array_key){ .index = (int64_t)i }, number(buf, sh->statuses.v[i]));
	if (sh->statuses.n == 0)
		array_set(a, (struct array_key){ 0 }, number(buf, sh->statuses.one));
	return a;
}

/* In the order of enum calls_what. */
static struct array *funcname_now(struct shell *sh)
{
	return sh->hooks.calls(sh, 0);
}

static struct array *source_now(struct shell *sh)
{
	return sh->hooks.calls(sh, 1);
}

static struct array *call_lines_now(struct shell *sh)
{
	return sh->hooks.calls(sh, 2);
}

static struct array *dirstack_now(struct shell *sh)
{
	return sh->hooks.calls(sh, 3);
}

/* ---- which there are ---- */

static const struct dynamic {
	const char *name;
	const char *(*text)(struct shell *sh, char buf[DECIMAL_MAX]);
	struct array *(*array)(struct shell *sh); /* where it is one */
	void (*assign)(struct shell *sh, const char *value); /* NULL: it becomes an ordinary variable */
	bool yields; /* what the environment says counts more */
	bool ours;   /* in POSIX mode it is a variable like any other */
	unsigned flags; /* besides VAR_DYNAMIC */
} table[] = {
	{ "LINENO", lineno_now, NULL, NULL, false, false, 0 },
	{ "RANDOM", random_now, NULL, random_assign, false, false, 0 },
	{ "_", last_word_now, NULL, last_word_assign, false, true, 0 },
	{ "SHELLOPTS", set_options_now, NULL, NULL, false, true, VAR_READONLY },
	{ "BASHOPTS", shopt_options_now, NULL, NULL, false, true, VAR_READONLY },
	{ "SECONDS", seconds_now, NULL, seconds_assign, false, false, 0 },
	{ "EPOCHSECONDS", epoch_now, NULL, NULL, false, false, 0 },
	{ "EPOCHREALTIME", realtime_now, NULL, NULL, false, false, 0 },
	{ "BASHPID", pid_now, NULL, NULL, false, false, 0 },
	{ "UID", uid_now, NULL, NULL, false, false, 0 },
	{ "EUID", euid_now, NULL, NULL, false, false, 0 },
	{ "GROUPS", NULL, groups_now, NULL, false, false, 0 },
	{ "PIPESTATUS", NULL, statuses_now, NULL, false, false, 0 },
	{ "FUNCNAME", NULL, funcname_now, NULL, false, false, 0 },
	{ "BASH_SOURCE", NULL, source_now, NULL, false, false, 0 },
	{ "BASH_LINENO", NULL, call_lines_now, NULL, false, false, 0 },
	{ "DIRSTACK", NULL, dirstack_now, NULL, false, false, 0 },
	{ "BASH_COMMAND", command_now, NULL, NULL, false, false, 0 },
	{ "BASH_SUBSHELL", subshell_now, NULL, NULL, false, false, 0 },
	{ "SHELL", login_shell_now, NULL, NULL, true, false, 0 },
	{ "CMD_DURATION", duration_now, NULL, NULL, true, true, 0 },
	{ "HOSTNAME", hostname_now, NULL, NULL, true, false, 0 },
	{ "HOSTTYPE", hosttype_now, NULL, NULL, true, false, 0 },
	{ "OSTYPE", ostype_now, NULL, NULL, true, false, 0 },
};

enum { N_TABLE = sizeof(table) / sizeof(table[0]) };

static const struct dynamic *find(const char *name, size_t len)
{
	for (size_t i = 0; i < N_TABLE; i++)
		if (strncmp(table[i].name, name, len) == 0 && table[i].name[len] == '\0')
			return &table[i];
	return NULL;
}

void dynamic_init(struct shell *sh)
{
	for (size_t i = 0; i < N_TABLE; i++) {
		const struct dynamic *d = &table[i];

		if (var_find(sh, d->name) == NULL)
			var_table_make_constant(sh->vars, d->name)->flags =
				VAR_DYNAMIC | d->flags | (d->array != NULL ? VAR_INDEXED : 0);
	}
}

bool dynamic_yields(const char *name, size_t len)
{
	const struct dynamic *d = find(name, len);

	return d != NULL && (d->yields || d->array != NULL);
}

const char *dynamic_text(struct shell *sh, const char *name, size_t len, char buf[DECIMAL_MAX])
{
	const struct dynamic *d = find(name, len);

	return d != NULL && d->text != NULL ? d->text(sh, buf) : NULL;
}

struct array *dynamic_array(struct shell *sh, const char *name)
{
	const struct dynamic *d = find(name, strlen(name));

	return d != NULL && d->array != NULL ? d->array(sh) : array_new(false);
}

bool dynamic_assign(struct shell *sh, const char *name, size_t len, const char *value)
{
	const struct dynamic *d = find(name, len);

	if (d == NULL || d->assign == NULL || (d->ours && opt(sh, OPT_POSIX)))
		return false;
	d->assign(sh, value);
	return true;
}

/* ---- state of RANDOM and SECONDS: a section that is different each time ---- */

enum { CLOCK_RANDOM = 1, CLOCK_SECONDS_MS = 2, CLOCK_COMMAND_MS = 3, CLOCK_PERIODIC_S = 4 };

static void clock_save(const struct shell *sh, struct state_enc *e)
{
	if (sh->clock.seeded)
		state_put_uint(e, CLOCK_RANDOM, sh->clock.random);
	state_put_uint(e, CLOCK_SECONDS_MS, (uint64_t)seconds_ms(sh));
	state_put_uint(e, CLOCK_COMMAND_MS, (uint64_t)sh->clock.command_ms);
	if (sh->clock.periodic_s > 0)
		state_put_uint(e, CLOCK_PERIODIC_S, (uint64_t)sh->clock.periodic_s);
}

static int clock_load(struct shell *sh, const struct state_dec *d)
{
	uint64_t number;

	if (state_get_uint(d, CLOCK_RANDOM, UINT32_MAX, &number) == 0) {
		sh->clock.seeded = true;
		sh->clock.random = (uint32_t)number;
	}
	if (state_get_uint(d, CLOCK_COMMAND_MS, INT64_MAX, &number) == 0)
		sh->clock.command_ms = (int64_t)number;
	if (state_get_uint(d, CLOCK_PERIODIC_S, INT64_MAX, &number) == 0)
		sh->clock.periodic_s = (int64_t)number;
	if (state_get_uint(d, CLOCK_SECONDS_MS, UINT64_MAX, &number) == 0)
		set_seconds_ms(sh, (int64_t)number); /* it may be negative */
	return 0;
}

const struct state_section clock_section = {
	.name = "clock", .version = 1, .save = clock_save, .load = clock_load, .quiet = true,
};
