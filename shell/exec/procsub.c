#include <config.h>

#include "shell/exec/procsub.h"

#include <stdlib.h>
#include <unistd.h>

#include "shell/parser/strbuf.h"

struct procsub {
	struct procsub *next; /* the one before */
	int fd;
};

void procsub_add(struct shell *sh, int fd)
{
	struct procsub *s = xmalloc(sizeof(*s));

	*s = (struct procsub){ sh->frame.procsubs, fd };
	sh->frame.procsubs = s;
}

void procsub_close(struct shell *sh, struct procsub *mark)
{
	while (sh->frame.procsubs != mark && sh->frame.procsubs != NULL) {
		struct procsub *s = sh->frame.procsubs;

		sh->frame.procsubs = s->next;
		close(s->fd);
		free(s);
	}
}
