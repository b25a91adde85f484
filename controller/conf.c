#include <config.h>

#include "controller/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rendezvous/io_full.h"
#include "rendezvous/node.h"

enum { CONF_MAX = 1 << 20 };

void conf_release(struct conf *c)
{
	for (size_t i = 0; i < c->n_nodes; i++)
		free(c->nodes[i]);
	free(c->nodes);
	free(c->socket);
	*c = (struct conf){ 0 };
}

static const char *set_socket(struct conf *c, const char *value)
{
	if (value[0] != '/')
		return "the socket needs an absolute path";
	free(c->socket);
	c->socket = strdup(value);
	return c->socket != NULL ? NULL : "out of memory";
}

static const char *add_node(struct conf *c, const char *value)
{
	char **v;

	if (!node_name_valid(value))
		return "not a host name";
	v = reallocarray(c->nodes, c->n_nodes + 1, sizeof(*v));
	if (v == NULL)
		return "out of memory";
	c->nodes = v;
	v[c->n_nodes] = strdup(value);
	if (v[c->n_nodes] == NULL)
		return "out of memory";
	c->n_nodes++;
	return NULL;
}

static const char *set_drain(struct conf *c, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return "drain is yes or no";
	c->drain = value[0] == 'y';
	return NULL;
}

static const struct {
	const char *key;
	const char *(*set)(struct conf *c, const char *value); /* returns what is wrong */
} keys[] = {
	{ "socket", set_socket },
	{ "node", add_node },
	{ "drain", set_drain },
};

static const char *parse_line(struct conf *c, char *line)
{
	char *save = NULL, *key, *value;

	line[strcspn(line, "#")] = '\0';
	key = strtok_r(line, " \t\r", &save);
	value = strtok_r(NULL, " \t\r", &save);
	if (key == NULL)
		return NULL;
	if (value == NULL)
		return "a value is needed";
	if (strtok_r(NULL, " \t\r", &save) != NULL)
		return "one value is enough";
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].key, key) == 0)
			return keys[i].set(c, value);
	return "unknown key (known: socket, node, drain)";
}

int conf_parse(const char *path, const char *text, struct conf *ret, char **why)
{
	struct conf c = { 0 };
	int number = 1;

	for (const char *s = text; *s != '\0'; number++) {
		size_t len = strcspn(s, "\n");
		char *line = strndup(s, len);
		const char *wrong = line != NULL ? parse_line(&c, line) : "out of memory";

		free(line);
		if (wrong != NULL) {
			if (asprintf(why, "%s:%d: %s", path, number, wrong) < 0)
				*why = NULL;
			conf_release(&c);
			return -1;
		}
		s += len;
		s += *s == '\n';
	}
	*ret = c;
	return 0;
}

int conf_read(const char *path, struct conf *ret, char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r = fd < 0 ? -errno : 0;
	char *text = NULL;

	if (r == 0)
		r = io_read_file(fd, CONF_MAX, &text, NULL);
	if (fd >= 0)
		close(fd);
	if (r < 0) {
		if (asprintf(why, "%s: %s", path, strerror(-r)) < 0)
			*why = NULL;
		return -1;
	}
	r = conf_parse(path, text, ret, why);
	free(text);
	return r;
}
