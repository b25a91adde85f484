#include <config.h>

#include "wire/node.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

void node_own_name(char *buf, size_t size)
{
	struct utsname u = { 0 };

	(void)uname(&u);
	snprintf(buf, size, "%.*s", (int)strcspn(u.nodename, "."), u.nodename);
}

bool node_name_valid(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-._";
	size_t len = strlen(name);

	return len != 0 && len <= NODE_NAME_MAX && name[0] != '-' &&
	       strspn(name, allowed) == len;
}
