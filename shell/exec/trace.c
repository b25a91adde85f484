#include <config.h>

#include "shell/exec/trace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/ast_print.h"
#include "wire/fd.h"
#include "wire/io_full.h"

void trace_begin(struct shell *sh, struct trace *t)
{
	const char *ps4;
	char *s = NULL;

	*t = (struct trace){ .fd = -1 };
	if (opt(sh, OPT_XTRACE)) {
		ps4 = var_text(sh, "PS4");
		opt_set(sh, OPT_XTRACE, false); /* not while PS4 itself is expanded */
		s = expand_dquoted(sh, ps4 != NULL ? ps4 : opt(sh, OPT_POSIX) ? "+ " : "");
		opt_set(sh, OPT_XTRACE, true);
	}
	if (!opt(sh, OPT_XTRACE) || (t->f = open_memstream(&t->s, &t->len)) == NULL)
		return;
	t->fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, FD_OWN_MIN);
	fputs(s != NULL ? s : "+ ", t->f);
}

void trace_end(struct trace *t, const struct fields *words)
{
	if (t->f == NULL)
		return;
	for (size_t i = 0; words != NULL && i < words->n; i++) {
		if (i != 0)
			putc(' ', t->f);
		quote_print(t->f, words->v[i]);
	}
	putc('\n', t->f);
	fclose(t->f);
	if (words != NULL)
		(void)io_write_full(t->fd >= 0 ? t->fd : STDERR_FILENO, t->s, t->len);
	free(t->s);
	if (t->fd >= 0)
		close(t->fd);
}

void trace_command(struct shell *sh, const struct ast_command *c)
{
	struct strbuf s = { 0 };
	struct trace t;
	char *line;
	struct fields words = { .v = &line, .n = 0 };
	struct ast_command one = *c;
	struct ast_pipeline pl = { .commands = &one };

	one.next = NULL;
	trace_begin(sh, &t);
	if (t.f != NULL) {
		ast_print_pipeline_brief(&s, &pl);
		fputs(strbuf_str(&s), t.f);
		strbuf_release(&s);
	}
	trace_end(&t, &words);
}

void trace_assignment(FILE *f, const struct ast_assign *a, const char *value)
{
	struct strbuf s = { 0 };

	strbuf_adds(&s, a->name);
	if (a->subscript != NULL) {
		strbuf_addc(&s, '[');
		ast_print_word(&s, a->subscript);
		strbuf_addc(&s, ']');
	}
	strbuf_adds(&s, a->append ? "+=" : "=");
	if (a->value->parts != NULL && a->value->parts->kind == AST_ARRAY)
		ast_print_word(&s, a->value);
	fputs(s.s, f);
	if (a->value->parts == NULL || a->value->parts->kind != AST_ARRAY)
		quote_print(f, value);
	strbuf_release(&s);
}
