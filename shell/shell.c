#include <config.h>

#include "shell/shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shell/parser/strbuf.h"

static void print_message(const struct shell *sh, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void print_message(const struct shell *sh, const char *fmt, va_list ap)
{
	char *text = NULL;

	fflush(stdout);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	/* one write: what others say, and the terminal's echo, stay outside of it */
	if (sh->script_named)
		fprintf(stderr, "%s: %d: %s\n", sh->arg0, sh->lineno, text != NULL ? text : fmt);
	else
		fprintf(stderr, "mish: %s\n", text != NULL ? text : fmt);
	free(text);
}

static const struct shell *only; /* shell of this process */

static void tell_no_memory(void)
{
	char s[512];
	int n = only->script_named ? snprintf(s, sizeof(s), "%.400s: %d: out of memory\n", only->arg0, only->lineno) :
				     snprintf(s, sizeof(s), "mish: out of memory\n");

	(void)!write(STDERR_FILENO, s, (size_t)n);
}

void sh_warn(const struct shell *sh, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(sh, fmt, ap);
	va_end(ap);
}

int sh_abort(struct shell *sh, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(sh, fmt, ap);
	va_end(ap);
	sh->status = status;
	if (sh->flow.kind < FLOW_ABORT)
		sh->flow.kind = sh->interactive ? FLOW_ABORT : FLOW_EXIT;
	return -1;
}

void sh_tell_no_memory(const struct shell *sh)
{
	only = sh;
	xmalloc_tell(sh != NULL ? tell_no_memory : NULL);
}
