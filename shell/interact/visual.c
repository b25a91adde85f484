#include <config.h>

#include "shell/interact/visual.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/exec/source.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"
#include "wire/io_full.h"

static void read_back(struct shell *sh, int fd)
{
	struct strbuf b = { 0 };
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n; i++)
			if (buf[i] != '\0')
				strbuf_addc(&b, buf[i]);
	while (b.len != 0 && b.s[b.len - 1] == '\n')
		strbuf_cut(&b, b.len - 1);
	free(sh->line.text);
	sh->line.text = b.len != 0 ? strbuf_take(&b) : NULL;
	sh->line.cursor = sh->line.text != NULL ? strlen(sh->line.text) : 0;
	strbuf_release(&b);
}

void visual_run(struct shell *sh)
{
	const char *dir = var_text(sh, "TMPDIR"), *text = sh->line.text != NULL ? sh->line.text : "";
	struct strbuf path = { 0 }, command = { 0 };
	int fd, status = sh->frame.status;

	strbuf_addf(&path, "%s/mish-line.XXXXXX", dir != NULL && *dir != '\0' ? dir : "/tmp");
	fd = mkostemp(path.s, O_CLOEXEC);
	if (fd < 0 || io_write_full(fd, text, strlen(text)) < 0 || io_write_full(fd, "\n", 1) < 0) {
		sh_warn(sh, "%s: %s", path.s, strerror(errno));
	} else {
		strbuf_addf(&command, "${VISUAL:-${EDITOR:-vi}} '%s'", path.s);
		if (source_string(sh, command.s, "the editor", 0) == 0) {
			int again = open(path.s, O_RDONLY | O_CLOEXEC); /* it may be another file by now */

			if (again >= 0)
				read_back(sh, again);
			if (again >= 0)
				close(again);
		}
	}
	if (fd >= 0) {
		close(fd);
		unlink(path.s);
	}
	sh->frame.status = status;
	strbuf_release(&path);
	strbuf_release(&command);
}
