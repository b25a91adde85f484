#include <config.h>

#include "controller/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "controller/conf_value.h"
#include "controller/limits.h"
#include "controller/policies.h"
#include "wire/io_full.h"

enum { DEFAULT_PORT = 7473 };

static void list_release(struct conf_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct conf_list){ 0 };
}

void conf_release(struct conf *c)
{
	conf_node_free_all(c->nodes, c->n_nodes);
	free(c->socket);
	free(c->nodes_command);
	free(c->key_file);
	free(c->load_command);
	free(c->metrics);
	free(c->record);
	list_release(&c->shared);
	list_release(&c->allow_user);
	list_release(&c->deny_user);
	list_release(&c->allow_node);
	list_release(&c->deny_node);
	list_release(&c->owner);
	*c = (struct conf){ 0 };
}

/* ---- kinds of values; each returns what is wrong, NULL nothing ---- */

struct key;
typedef const char *conf_set(struct conf *c, const struct key *k, char **words, size_t n);

struct key {
	const char *name;
	conf_set *set;
	size_t offset;
	double min, max;
};

static void *field(struct conf *c, const struct key *k)
{
	return (char *)c + k->offset;
}

static const char *one(size_t n)
{
	return n == 1 ? NULL : n == 0 ? "a value is needed" : "one value is enough";
}

static const char *set_path(struct conf *c, const struct key *k, char **words, size_t n)
{
	char **ret = field(c, k);

	if (one(n) != NULL)
		return one(n);
	if (words[0][0] != '/')
		return "an absolute path is needed";
	free(*ret);
	*ret = strdup(words[0]);
	return *ret != NULL ? NULL : "out of memory";
}

static const char *set_bool(struct conf *c, const struct key *k, char **words, size_t n)
{
	if (one(n) != NULL)
		return one(n);
	if (strcmp(words[0], "yes") != 0 && strcmp(words[0], "no") != 0)
		return "the value is yes or no";
	*(bool *)field(c, k) = words[0][0] == 'y';
	return NULL;
}

static const char *number(const struct key *k, char **words, size_t n, double *ret)
{
	return one(n) != NULL ? one(n) : conf_value_number(words[0], k->min, k->max, ret);
}

static const char *set_double(struct conf *c, const struct key *k, char **words, size_t n)
{
	return number(k, words, n, field(c, k));
}

/* The file has seconds. */
static const char *set_ms(struct conf *c, const struct key *k, char **words, size_t n)
{
	double v = 0;
	const char *why = number(k, words, n, &v);

	if (why == NULL)
		*(int64_t *)field(c, k) = (int64_t)(v * 1000);
	return why;
}

static const char *set_unsigned(struct conf *c, const struct key *k, char **words, size_t n)
{
	double v = 0;
	const char *why = number(k, words, n, &v);

	if (why == NULL && v != floor(v))
		why = "a whole number is needed";
	if (why == NULL)
		*(unsigned *)field(c, k) = (unsigned)v;
	return why;
}

static const char *list_add(struct conf_list *l, const char *word)
{
	char **v = reallocarray(l->v, l->n + 1, sizeof(*v));

	if (v == NULL)
		return "out of memory";
	l->v = v;
	v[l->n] = strdup(word);
	if (v[l->n] == NULL)
		return "out of memory";
	l->n++;
	return NULL;
}

static const char *add_words(struct conf *c, const struct key *k, char **words, size_t n)
{
	const char *why = n != 0 ? NULL : "a value is needed";

	for (size_t i = 0; i < n && why == NULL; i++)
		why = list_add(field(c, k), words[i]);
	return why;
}

static const char *add_paths(struct conf *c, const struct key *k, char **words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words[i][0] != '/')
			return "an absolute path is needed";
	return add_words(c, k, words, n);
}

static const char *set_node(struct conf *c, const struct key *k, char **words, size_t n)
{
	(void)k;
	return conf_node_add(&c->nodes, &c->n_nodes, words, n);
}

/* Lists them all: no second copy of their names. */
static const char *no_such_policy(void)
{
	static char text[512]; /* the same each time */
	size_t len = (size_t)snprintf(text, sizeof(text), "no such policy (");

	for (size_t i = 0; policies_at(i) != NULL && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", policies_at(i)->name,
					policies_at(i + 1) != NULL ? ", " : ")");
	return text;
}

static const char *set_policy(struct conf *c, const struct key *k, char **words, size_t n)
{
	const struct policy *p;

	(void)k;
	if (one(n) != NULL)
		return one(n);
	p = policies_find(words[0]);
	if (p == NULL)
		return no_such_policy();
	c->share.policy = p;
	return NULL;
}

static const char *set_choice(struct conf *c, const struct key *k, char **words, size_t n)
{
	const struct candidates_choice *x;

	(void)k;
	if (one(n) != NULL)
		return one(n);
	x = candidates_choice_find(words[0]);
	if (x == NULL)
		return "no such choice (cpu, first)";
	c->share.choice = x;
	return NULL;
}

/* A path, or a port of the loopback: who else may see the metrics, the site decides with other means. */
static const char *set_metrics(struct conf *c, const struct key *k, char **words, size_t n)
{
	const char *port = NULL;

	if (one(n) == NULL && strncmp(words[0], "127.0.0.1:", 10) == 0)
		port = words[0] + 10;
	if (one(n) == NULL && strncmp(words[0], "[::1]:", 6) == 0)
		port = words[0] + 6;
	if (port == NULL)
		return set_path(c, k, words, n) == NULL ? NULL : "a path, 127.0.0.1:PORT or [::1]:PORT is needed";
	if (*port == '\0' || strspn(port, "0123456789") != strlen(port) || atoi(port) < 1 || atoi(port) > 65535)
		return "not a port";
	free(c->metrics);
	c->metrics = strdup(words[0]);
	return c->metrics != NULL ? NULL : "out of memory";
}

/* A path, or `no'. */
static const char *set_record(struct conf *c, const struct key *k, char **words, size_t n)
{
	(void)k;
	if (one(n) != NULL || (strcmp(words[0], "no") != 0 && words[0][0] != '/'))
		return "a path, or `no', is needed";
	free(c->record);
	c->record = strdup(words[0][0] == '/' ? words[0] : "");
	return c->record != NULL ? NULL : "out of memory";
}

#define AT(x) offsetof(struct conf, x)

static const struct key keys[] = {
	{ "socket", set_path, AT(socket), 0, 0 },
	{ "node", set_node, 0, 0, 0 },
	{ "nodes_command", set_path, AT(nodes_command), 0, 0 },
	{ "nodes_interval", set_ms, AT(nodes_interval_ms), 1, 86400 },
	{ "key_file", set_path, AT(key_file), 0, 0 },
	{ "port", set_unsigned, AT(port), 1, 65535 },
	{ "drain", set_bool, AT(drain), 0, 0 },
	{ "policy", set_policy, 0, 0, 0 },
	{ "choose", set_choice, 0, 0, 0 },
	{ "offload_constant", set_double, AT(share.offload_constant), 0, 1000 },
	{ "gain", set_double, AT(share.gain), 0, 86400 },
	{ "lower", set_double, AT(share.lower), 0, 1000 },
	{ "upper", set_double, AT(share.upper), 0, 100000 },
	{ "residence", set_ms, AT(share.residence_ms), 0, 86400 },
	{ "min_period", set_ms, AT(share.min_period_ms), 0.1, 60 },
	{ "heartbeat", set_ms, AT(share.heartbeat_ms), 0.5, 300 },
	{ "stale", set_ms, AT(share.stale_ms), 1, 3600 },
	{ "across_clusters", set_bool, AT(share.across_clusters), 0, 0 },
	{ "smoothing", set_ms, AT(share.smoothing_ms), 0.5, 600 },
	{ "load_interval", set_ms, AT(load_interval_ms), 0.2, 60 },
	{ "load_command", set_path, AT(load_command), 0, 0 },
	{ "load_command_interval", set_ms, AT(load_command_interval_ms), 1, 3600 },
	{ "speed", set_double, AT(speed), 0.01, 1000 },
	{ "shared", add_paths, AT(shared), 0, 0 },
	{ "allow_user", add_words, AT(allow_user), 0, 0 },
	{ "deny_user", add_words, AT(deny_user), 0, 0 },
	{ "allow_node", add_words, AT(allow_node), 0, 0 },
	{ "deny_node", add_words, AT(deny_node), 0, 0 },
	{ "owner", add_words, AT(owner), 0, 0 },
	{ "owner_idle", set_ms, AT(owner_idle_ms), 1, 86400 },
	{ "record", set_record, AT(record), 0, 0 },
	{ "metrics", set_metrics, AT(metrics), 0, 0 },
};

/* ---- lines ---- */

/* The words of a line without its comment; returns how many, or -1: too many. */
static int split(char *line, char **words)
{
	char *save = NULL;
	int n = 0;

	line[strcspn(line, "#")] = '\0';
	for (char *w = strtok_r(line, " \t\r", &save); w != NULL; w = strtok_r(NULL, " \t\r", &save)) {
		if (n == CONF_WORDS_MAX)
			return -1;
		words[n++] = w;
	}
	return n;
}

static const char *parse_line(void *arg, char **words, size_t n)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].name, words[0]) == 0)
			return keys[i].set(arg, &keys[i], words + 1, n - 1);
	return "unknown key; see mishd.conf(5)";
}

/* Calls `take` for each line that is not empty. Returns 0, or -1 with *why. */
static int each_line(const char *path, const char *text,
		     const char *(*take)(void *arg, char **words, size_t n), void *arg, char **why)
{
	int line_number = 1;

	for (const char *s = text; *s != '\0'; line_number++) {
		size_t len = strcspn(s, "\n");
		char *line = strndup(s, len), *words[CONF_WORDS_MAX];
		const char *wrong = NULL;
		int n = line != NULL ? split(line, words) : -1;

		if (line == NULL)
			wrong = "out of memory";
		else if (n < 0)
			wrong = conf_value_wrong("more than %d words; use several lines", CONF_WORDS_MAX);
		else if (n > 0)
			wrong = take(arg, words, (size_t)n);
		if (wrong != NULL && asprintf(why, "%s:%d: %s", path, line_number, wrong) < 0)
			*why = NULL;
		free(line);
		if (wrong != NULL)
			return -1;
		s += len;
		s += *s == '\n';
	}
	return 0;
}

static void set_defaults(struct conf *ret)
{
	*ret = (struct conf){
		.port = DEFAULT_PORT, .nodes_interval_ms = 60000, .load_interval_ms = 1000,
		.load_command_interval_ms = 15000, .owner_idle_ms = 600000,
	};
	share_conf_default(&ret->share);
}

/* What is wrong with the lines together; NULL: nothing. */
static const char *contradiction(struct conf *c)
{
	if (c->share.lower >= c->share.upper)
		return "lower has to be below upper";
	if (c->share.stale_ms < 2 * c->share.heartbeat_ms)
		return "stale has to be two heartbeats or more";
	if (c->share.heartbeat_ms < c->share.min_period_ms)
		return "heartbeat has to be min_period or more";
	if (c->shared.n == 0)
		return list_add(&c->shared, "/home");
	return NULL;
}

/* The path of a key that systemd hands over (LoadCredential=mish-key:…); NULL: there is none. */
static char *credential(void)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	char *path = NULL;

	if (dir == NULL || asprintf(&path, "%s/mish-key", dir) < 0)
		return NULL;
	if (access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

int conf_parse(const char *path, const char *text, struct conf *ret, char **why)
{
	struct conf c;
	const char *wrong;

	set_defaults(&c);
	if (each_line(path, text, parse_line, &c, why) < 0) {
		conf_release(&c);
		return -1;
	}
	if (c.key_file == NULL)
		c.key_file = credential();
	wrong = contradiction(&c);
	if (wrong != NULL) {
		if (asprintf(why, "%s: %s", path, wrong) < 0)
			*why = NULL;
		conf_release(&c);
		return -1;
	}
	*ret = c;
	return 0;
}

struct node_lines {
	struct conf_node *v;
	size_t n;
};

static const char *take_node(void *arg, char **words, size_t n)
{
	struct node_lines *l = arg;

	return conf_node_add(&l->v, &l->n, words, n);
}

int conf_parse_nodes(const char *text, struct conf_node **ret, size_t *ret_n, char **why)
{
	struct node_lines l = { 0 };

	if (each_line("nodes_command", text, take_node, &l, why) < 0) {
		conf_node_free_all(l.v, l.n);
		return -1;
	}
	*ret = l.v;
	*ret_n = l.n;
	return 0;
}

/* ---- files ---- */

static int why_path(char **why, const char *path, const char *what)
{
	if (asprintf(why, "%s: %s", path, what) < 0)
		*why = NULL;
	return -1;
}

int conf_read(const char *path, struct conf *ret, char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r = fd < 0 ? -errno : 0;
	char *text = NULL;
	size_t len = 0;

	if (r == 0)
		r = io_read_file(fd, CONF_BYTES_MAX, &text, &len);
	if (fd >= 0)
		close(fd);
	if (r < 0)
		return why_path(why, path, strerror(-r));
	if (strlen(text) != len) /* what is behind a NUL would be lost */
		r = why_path(why, path, "not a text");
	else
		r = conf_parse(path, text, ret, why);
	free(text);
	return r;
}

bool conf_list_has(const struct conf_list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], name) == 0)
			return true;
	return false;
}

bool conf_allows(const struct conf_list *allow, const struct conf_list *deny, const char *name)
{
	if (name == NULL)
		return allow->n == 0 && deny->n == 0;
	return (allow->n == 0 || conf_list_has(allow, name)) && !conf_list_has(deny, name);
}
