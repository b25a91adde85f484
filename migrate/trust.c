#include <config.h>

#include "migrate/trust.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rendezvous/rdv_client.h"
#include "wire/io_full.h"
#include "wire/node.h"

enum { FILE_MAX = 1 << 16 };

/* The user's list; NULL: there is none that only the user can have written. */
static char *own_list(void)
{
	const char *config = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");
	char *path = NULL, *text = NULL;
	struct stat st;
	size_t len;
	int fd = -1;

	if (config != NULL && config[0] == '/' ? asprintf(&path, "%s/mish/nodes", config) < 0 :
						 asprintf(&path, "%s/.config/mish/nodes", home != NULL ? home : "") < 0)
		return NULL;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (st.st_uid != getuid() && st.st_uid != 0) ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0 || io_read_file(fd, FILE_MAX, &text, &len) < 0)
		text = NULL;
	close(fd);
	return text;
}

static bool list_has(char *text, const char *node)
{
	bool found = false;
	char *lines = NULL, *words;

	for (char *line = strtok_r(text, "\n", &lines); line != NULL && !found; line = strtok_r(NULL, "\n", &lines)) {
		line[strcspn(line, "#")] = '\0';
		for (char *w = strtok_r(line, " \t\r", &words); w != NULL && !found; w = strtok_r(NULL, " \t\r", &words))
			found = strcasecmp(w, node) == 0;
	}
	return found;
}

struct search {
	const char *node;
	bool found;
};

static void compare(void *arg, const struct msg_view *v)
{
	struct search *s = arg;
	char name[256];

	if (msg_get_str(v, MSG_NAME, name, sizeof(name)) == 0)
		s->found |= strcasecmp(name, s->node) == 0;
}

bool trust_has(const char *node)
{
	struct search s = { .node = node_destination_end(node) };
	char *text;
	struct msg m;

	if (strchr(node, ' ') != NULL) /* a list is nobody */
		return false;
	text = own_list();
	if (text != NULL)
		s.found = list_has(text, s.node);
	free(text);
	if (!s.found) {
		msg_init(&m);
		(void)rdv_client_ask(FRAME_GET_NODES, &m, RDV_PATIENT_MS, compare, &s);
	}
	return s.found;
}
