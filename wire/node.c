#include <config.h>

#include "wire/node.h"

#include <string.h>
#include <unistd.h>

void node_own_name(char *buf, size_t size)
{
	if (gethostname(buf, size) < 0)
		buf[0] = '\0';
	buf[size - 1] = '\0';
	buf[strcspn(buf, ".")] = '\0';
}

bool node_name_valid(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-._";
	size_t len = strlen(name);

	return len != 0 && len <= NODE_NAME_MAX && name[0] != '-' &&
	       strspn(name, allowed) == len;
}
