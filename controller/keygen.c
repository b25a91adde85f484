#include <config.h>

#include "controller/keygen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controller/keyfile.h"
#include "wire/node.h"

static int run(const char *command, int (*get)(const char *path, struct identity *ret, char **why), const char *path)
{
	char text[IDENTITY_TEXT], node[NODE_NAME_MAX + 1], *why = NULL;
	struct identity_public own;
	struct identity id;

	if (get(path != NULL ? path : MISH_KEY_PATH, &id, &why) < 0) {
		fprintf(stderr, "mishctl: %s: %s\n", command, why != NULL ? why : "out of memory");
		free(why);
		return 1;
	}
	own = identity_public(&id);
	identity_wipe(&id);
	identity_public_to_text(&own, text);
	node_own_name(node, sizeof(node));
	printf("node %s key=%s\n", node, text);
	return fflush(stdout) == 0 ? 0 : 1;
}

int keygen_make(const char *path)
{
	return run("keygen", keyfile_make, path);
}

int keygen_show(const char *path)
{
	return run("key", keyfile_read, path);
}
