#include <config.h>

#include "shell/jobs/unread.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "wire/fd.h"
#include "wire/io_full.h"

enum { UNREAD_MAX = 1 << 20 };

int unread_new(const struct shell *sh, const struct ast_pipeline *pl)
{
	const struct ast_command *c = sh->interactive && pl != NULL ? pl->commands : NULL;

	while (c != NULL && c->kind != AST_PLACED)
		c = c->next;
	return c != NULL ? fd_own(memfd_create("mish-unread", MFD_CLOEXEC)) : -1;
}

void unread_take(struct shell *sh, int fd)
{
	char *s;
	size_t len;

	if (fd < 0 || io_read_file(fd, UNREAD_MAX, &s, &len) < 0)
		return;
	sh_type_ahead(sh, s, len);
	free(s);
}
