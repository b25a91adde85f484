#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "controller/conf.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *why = NULL;
	struct conf_node *nodes;
	size_t n;
	struct conf c;

	if (text != NULL && conf_parse("conf", text, &c, &why) == 0)
		conf_release(&c);
	free(why);
	why = NULL;
	if (text != NULL && conf_parse_nodes(text, &nodes, &n, &why) == 0)
		conf_node_free_all(nodes, n);
	free(why);
	free(text);
	return 0;
}
