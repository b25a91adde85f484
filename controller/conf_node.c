#include <config.h>

#include "controller/conf_node.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "controller/conf_value.h"
#include "controller/limits.h"
#include "wire/node.h"

static void node_release(struct conf_node *x)
{
	free(x->name);
	free(x->address);
	free(x->cluster);
}

void conf_node_free_all(struct conf_node *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		node_release(&v[i]);
	free(v);
}

static const char *node_text(char **to, const char *value)
{
	if (*to != NULL)
		return "given twice";
	*to = strdup(value);
	return *to != NULL ? NULL : "out of memory";
}

static const char *node_address(struct conf_node *x, const char *value)
{
	return node_text(&x->address, value);
}

static const char *node_cluster(struct conf_node *x, const char *value)
{
	return node_text(&x->cluster, value);
}

static const char *node_key(struct conf_node *x, const char *value)
{
	if (x->keys.n == IDENTITY_KEYS)
		return conf_value_wrong("a node has at most %d keys", IDENTITY_KEYS);
	if (strncmp(value, "secret:", 7) == 0)
		return "that is a secret key; to see its public one, run: mishctl key FILE";
	if (identity_public_from_text(value, &x->keys.v[x->keys.n]) < 0)
		return "not a node's public key; to see it, run there: mishctl key";
	x->keys.n++;
	return NULL;
}

static const char *node_number(const char *value, double max, double *ret)
{
	return *ret > 0 ? "given twice" : conf_value_number(value, 0.01, max, ret);
}

static const char *node_cpus(struct conf_node *x, const char *value)
{
	return node_number(value, 100000, &x->bounds.cpus);
}

static const char *node_speed(struct conf_node *x, const char *value)
{
	return node_number(value, 1000, &x->bounds.speed);
}

static const char *node_memory(struct conf_node *x, const char *value)
{
	double gib = (double)x->bounds.memory;
	const char *why = node_number(value, 1 << 20, &gib);

	if (why == NULL)
		x->bounds.memory = (uint64_t)(gib * (1 << 20));
	return why;
}

static const char *node_word(struct conf_node *x, const char *word)
{
	static const struct {
		const char *name;
		const char *(*set)(struct conf_node *x, const char *value);
	} all[] = {
		{ "address=", node_address }, { "cluster=", node_cluster }, { "key=", node_key },
		{ "cpus=", node_cpus }, { "speed=", node_speed }, { "memory=", node_memory },
	};

	if (strcmp(word, "drain") == 0) {
		x->drain = true;
		return NULL;
	}
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		size_t len = strlen(all[i].name);

		if (strncmp(word, all[i].name, len) == 0 && word[len] != '\0')
			return all[i].set(x, word + len);
	}
	return "after the name only address=… cluster=… key=… cpus=… speed=… memory=… drain";
}

/* Two nodes with one key could speak for each other. */
static bool has_key_of_another(const struct conf_node *v, size_t n, const struct conf_node *x)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < x->keys.n; k++)
			if (strcmp(v[i].name, x->name) != 0 && identity_has(&v[i].keys, &x->keys.v[k]))
				return true;
	return false;
}

static const char *parse_node(struct conf_node *x, char **words, size_t n)
{
	const char *why = NULL;

	if (n == 0)
		return "a value is needed";
	if (!node_name_valid(words[0]))
		return "not a host name";
	if (strlen(words[0]) > VIEW_NAME_MAX)
		return conf_value_wrong("a node's name has at most %d bytes", VIEW_NAME_MAX);
	for (size_t i = 1; i < n && why == NULL; i++)
		why = node_word(x, words[i]);
	if (why == NULL && (x->name = strdup(words[0])) == NULL)
		why = "out of memory";
	return why;
}

const char *conf_node_add(struct conf_node **v, size_t *n_nodes, char **words, size_t n)
{
	struct conf_node *all = NULL, x = { 0 };
	const char *why = parse_node(&x, words, n);

	if (why == NULL && has_key_of_another(*v, *n_nodes, &x))
		why = "another node has that key; each needs its own";
	if (why == NULL && (all = reallocarray(*v, *n_nodes + 1, sizeof(*all))) == NULL)
		why = "out of memory";
	if (why != NULL) {
		node_release(&x);
		return why;
	}
	*v = all;
	all[(*n_nodes)++] = x;
	return *n_nodes <= VIEW_NODES_MAX ? NULL : conf_value_wrong("a site has at most %d nodes", VIEW_NODES_MAX);
}
