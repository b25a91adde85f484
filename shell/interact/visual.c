#include <config.h>

#include "shell/interact/visual.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "shell/exec/command.h"
#include "shell/exec/func.h"
#include "shell/exec/source.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/interact/place.h"
#include "shell/parser/alias.h"
#include "shell/parser/decimal.h"
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

/* bash counts in characters. */
static size_t step(const char *s, mbstate_t *st)
{
	size_t n = mbrlen(s, strlen(s), st);

	if (n != (size_t)-1 && n != (size_t)-2 && n != 0)
		return n;
	*st = (mbstate_t){ 0 };
	return 1;
}

static size_t characters(const char *s, size_t bytes)
{
	mbstate_t st = { 0 };
	size_t n = 0;

	for (size_t at = 0; s != NULL && at < bytes; n++)
		at += step(s + at, &st);
	return n;
}

static size_t bytes_of(const char *s, size_t n)
{
	mbstate_t st = { 0 };
	size_t at = 0;

	for (; s != NULL && s[at] != '\0' && n != 0; n--)
		at += step(s + at, &st);
	return at;
}

void visual_key(struct shell *sh)
{
	char *command = sh->line.run, buf[DECIMAL_MAX];
	int status = sh->frame.status;
	const char *text;
	char *end;

	sh->line.run = NULL;
	if (command == NULL)
		return;
	var_set(sh, "READLINE_LINE", sh->line.text != NULL ? sh->line.text : "", 0);
	var_set(sh, "READLINE_POINT", decimal_print(buf, (int64_t)characters(sh->line.text, sh->line.cursor)), 0);
	sh->frame.nest++; /* it is no line that was typed */
	source_string(sh, command, "bind", 0);
	sh->frame.nest--;
	free(command);
	free(sh->line.text);
	text = var_text(sh, "READLINE_LINE");
	sh->line.text = text != NULL && *text != '\0' ? xstrdup(text) : NULL;
	text = var_text(sh, "READLINE_POINT");
	sh->line.cursor = text != NULL ? bytes_of(sh->line.text, strtoul(text, &end, 10)) : 0;
	var_unset(sh, "READLINE_LINE");
	var_unset(sh, "READLINE_POINT");
	sh->frame.status = status;
}

void visual_about(struct shell *sh, bool help)
{
	const char *line = sh->line.text != NULL ? sh->line.text : "";
	struct place p = place_find(line, sh->line.cursor);
	char *word = xstrndup(line + p.command, strcspn(line + p.command, " \t\n;&|()<>")), *q = quote_always(word);
	bool own = func_exists(sh, "helpcommand") || alias_get(sh->aliases, "helpcommand") != NULL;
	struct strbuf b = { 0 };
	int status = sh->frame.status;

	strbuf_addf(&b, "%s %s", !help ? "type -a" : own ? "helpcommand" : cmd_builtin(sh, word) != NULL ? "help" : "man", q);
	if (*word != '\0')
		source_string(sh, b.s, help ? "help" : "which", 0);
	sh->frame.status = status;
	strbuf_release(&b);
	free(q);
	free(word);
}
