#include <config.h>

#include "pty/raise.h"

#include <stddef.h>
#include <sys/resource.h>

void raise_limits(void)
{
	static const int what[] = { RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_STACK };
	struct rlimit l;

	for (size_t i = 0; i < sizeof(what) / sizeof(what[0]); i++)
		if (getrlimit((__rlimit_resource_t)what[i], &l) == 0) {
			l.rlim_cur = l.rlim_max;
			(void)setrlimit((__rlimit_resource_t)what[i], &l);
		}
}
