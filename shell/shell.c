#include <config.h>

#include "shell/shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/parser/strbuf.h"
#include "wire/text.h"

/*
 * A message, to be freed. Names in it are anybody's, and a file's name steers no terminal; a file gets them as they are, as scripts
 * compare what they were told.
 */
static void put_message(char *text)
{
	if (text == NULL)
		return;
	if (isatty(STDERR_FILENO))
		text_clean_lines(text);
	/* one write, so that other output and the terminal's echo do not get in between */
	fprintf(stderr, "%s\n", text);
	free(text);
}

static void print_message(const struct shell *sh, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void print_message(const struct shell *sh, const char *fmt, va_list ap)
{
	struct strbuf s = { 0 };
	char *text = NULL;

	fflush(stdout);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	if (sh->frame.file != NULL)
		strbuf_addf(&s, "%s%s: %d: ", sh->script_named ? "" : "mish: ", sh->frame.file, sh->frame.lineno);
	else if (sh->script_named)
		strbuf_addf(&s, "%s: %d: ", sh->arg0, sh->frame.lineno);
	else
		strbuf_adds(&s, "mish: ");
	strbuf_adds(&s, text != NULL ? text : fmt);
	free(text);
	put_message(strbuf_take(&s));
}

static const struct shell *only; /* the shell whose process this is: memory runs out where none is at hand */

static void tell_no_memory(void)
{
	char s[512];
	int n = only->script_named ? snprintf(s, sizeof(s), "%.400s: %d: out of memory\n", only->arg0, only->frame.lineno) :
				     snprintf(s, sizeof(s), "mish: out of memory\n");

	(void)!write(STDERR_FILENO, s, (size_t)n);
}

void sh_keep_of_line(struct shell *sh, char *s)
{
	size_t n = 0;

	while (sh->line.kept != NULL && sh->line.kept[n] != NULL)
		n++;
	sh->line.kept = xreallocarray(sh->line.kept, n + 2, sizeof(*sh->line.kept));
	sh->line.kept[n] = s;
	sh->line.kept[n + 1] = NULL;
}

void sh_drop_of_line(struct shell *sh)
{
	for (char **s = sh->line.kept; s != NULL && *s != NULL; s++)
		free(*s);
	free(sh->line.kept);
	sh->line.kept = NULL;
}

void sh_type_ahead(struct shell *sh, const char *s, size_t len)
{
	if (len == 0)
		return;
	sh->line.ahead = xreallocarray(sh->line.ahead, sh->line.ahead_len + len, 1);
	memcpy(sh->line.ahead + sh->line.ahead_len, s, len);
	sh->line.ahead_len += len;
}

void sh_type_back(struct shell *sh, char c)
{
	sh_type_ahead(sh, &c, 1); /* for the room */
	memmove(sh->line.ahead + 1, sh->line.ahead, sh->line.ahead_len - 1);
	sh->line.ahead[0] = c;
}

void sh_warn(const struct shell *sh, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(sh, fmt, ap);
	va_end(ap);
}

static int abandon(struct shell *sh, bool ends)
{
	if (sh->frame.flow.kind < FLOW_ABORT)
		sh->frame.flow = (struct flow){ .kind = ends ? FLOW_EXIT : FLOW_ABORT, .discards = !ends };
	return -1;
}

int sh_abort(struct shell *sh, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(sh, fmt, ap);
	va_end(ap);
	sh->frame.status = opt(sh, OPT_POSIX) ? status : 1; /* as dash, and as bash */
	return abandon(sh, !sh->interactive);
}

int sh_bad_substitution(struct shell *sh, const char *text)
{
	struct strbuf s = { 0 };

	if (sh->frame.file == NULL)
		return sh_abort(sh, 2, "${%s}: bad substitution", text);
	fflush(stdout);
	strbuf_addf(&s, "%s: %d: %s: bad substitution (${%s})", sh->script_named ? sh->arg0 : "mish", sh->frame.lineno, sh->frame.file, text);
	put_message(strbuf_take(&s));
	sh->frame.status = opt(sh, OPT_POSIX) ? 2 : 1;
	return abandon(sh, !sh->interactive);
}

int sh_discard(struct shell *sh, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message(sh, fmt, ap);
	va_end(ap);
	sh->frame.status = 1;
	return abandon(sh, !sh->interactive && (opt(sh, OPT_POSIX) || opt(sh, OPT_ERREXIT)));
}

void sh_tell_no_memory(const struct shell *sh)
{
	only = sh;
	xmalloc_tell(sh != NULL ? tell_no_memory : NULL);
}

void sh_frame_at_end(struct shell *sh, struct frame_end *e, void (*run)(struct shell *sh, void *arg),
		     void *arg)
{
	*e = (struct frame_end){ .next = sh->frame.ends, .run = run, .arg = arg };
	sh->frame.ends = e;
}

void sh_frame_leave(struct shell *sh, const struct frame *outer)
{
	struct flow flow = sh->frame.flow;
	int status = sh->frame.status;

	while (sh->frame.ends != outer->ends) {
		struct frame_end *e = sh->frame.ends;

		sh->frame.ends = e->next;
		e->run(sh, e->arg);
	}
	sh->frame = *outer;
	sh->frame.flow = flow;
	sh->frame.status = status;
}

void sh_frame_reset(struct shell *sh)
{
	sh->frame = (struct frame){ .status = sh->frame.status,
				    .lineno = sh->frame.lineno,
				    .parser = sh->frame.parser,
				    .ast = sh->frame.ast,
				    .subst_status = -1,
				    .action.status = -1 };
}
