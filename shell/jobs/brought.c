#include <config.h>

#include "shell/jobs/brought.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "migrate/handover.h"
#include "wire/fd.h"
#include "wire/io_full.h"

enum { BROUGHT_MAX = 1 << 20 };

int brought_new(const struct ast_pipeline *pl)
{
	const struct ast_command *c = pl != NULL ? pl->commands : NULL;

	while (c != NULL && c->kind != AST_PLACED)
		c = c->next;
	return c != NULL ? fd_own(memfd_create("mish-brought", MFD_CLOEXEC)) : -1;
}

void brought_take(struct shell *sh, int fd, bool typed)
{
	struct brought b;
	size_t len, at = 0;
	char *s;

	if (fd < 0 || io_read_file(fd, BROUGHT_MAX, &s, &len) < 0)
		return;
	for (; len - at >= sizeof(b); at += sizeof(b) + b.typed) {
		memcpy(&b, s + at, sizeof(b));
		if (b.typed > len - at - sizeof(b))
			break;
		sh->placed.us[0] += b.user_us;
		sh->placed.us[1] += b.system_us;
		if (typed)
			sh_type_ahead(sh, s + at + sizeof(b), b.typed);
	}
	free(s);
}
