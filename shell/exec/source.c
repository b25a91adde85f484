#include <config.h>

#include "shell/exec/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/exec/exec.h"
#include "shell/exec/trap.h"
#include "shell/expand/option.h"
#include "shell/jobs/tty.h"
#include "shell/parser/arena.h"
#include "shell/parser/parser.h"

static void echo_input(struct input *in, const char *s, size_t len)
{
	const struct shell *sh = in->echo_arg;

	if (opt(sh, OPT_VERBOSE))
		fwrite(s, 1, len, stderr);
}

static void syntax_error(struct shell *sh, const struct parser *p, const char *name)
{
	int line;
	const char *msg = parser_error(p, &line);

	sh->frame.lineno = line;
	if (name != NULL && !sh->script_named && sh->frame.file == NULL)
		sh_warn(sh, "%s: %d: %s", name, line, msg);
	else
		sh_warn(sh, "%s", msg);
	sh->frame.status = 2;
}

int source_input(struct shell *sh, struct input *in, const char *name, int line, unsigned flags)
{
	struct frame outer = sh->frame;
	struct parser *p = parser_new(in, sh->aliases, line);
	struct arena *ast = arena_new();
	struct ast_list *list;
	enum parse_result r = PARSE_OK;
	bool any = false;

	in->echo = echo_input;
	in->echo_arg = sh;
	sh->frame.parser = p;
	sh->frame.nest++;
	while (sh->frame.flow.kind == FLOW_NONE) {
		sh->frame.ast = ast = arena_reuse(ast);
		list = NULL;
		parser_set_posix(p, opt(sh, OPT_POSIX));
		parser_set_remote(p, opt(sh, OPT_REMOTE));
		parser_set_extglob(p, opt(sh, OPT_EXTGLOB));
		parser_set_aliases(p, opt(sh, OPT_NO_ALIASES) ? NULL : sh->aliases);
		r = parser_next(p, ast, &list);
		if (r == PARSE_EOF)
			break;
		if (r == PARSE_ERROR) {
			syntax_error(sh, p, name);
			any = true;
			if (sh->frame.flow.kind == FLOW_NONE)
				sh->frame.flow.kind = FLOW_ABORT;
			break;
		}
		if (list == NULL || (opt(sh, OPT_NOEXEC) && !sh->interactive))
			continue;
		any = true;
		exec_list(sh, list, (flags & EXEC_TAIL) != 0 && parser_at_end(p) ? EXEC_TAIL : 0);
		if (sh->frame.flow.kind == FLOW_ABORT && !trap_interrupted(sh) &&
		    (sh->frame.goes_on || (sh->frame.flow.discards && !sh->interactive)))
			sh->frame.flow = (struct flow){ 0 };
	}
	if (!any && sh->frame.flow.kind == FLOW_NONE)
		sh->frame.status = 0;
	line = sh->frame.lineno;
	sh_frame_leave(sh, &outer);
	if (outer.parser == NULL) /* the end of all input: what the EXIT action says has this line */
		sh->frame.lineno = line;
	parser_free(p);
	arena_free(ast);
	return sh->frame.status;
}

int source_string(struct shell *sh, const char *text, const char *name, unsigned flags)
{
	struct input_string is;

	input_string_init(&is, text, strlen(text));
	return source_input(sh, &is.in, name, name == NULL ? 1 : sh->frame.lineno, flags);
}

int source_fd(struct shell *sh, int fd, const char *name)
{
	struct input_fd *f = input_fd_new(fd, false);
	int status = source_input(sh, input_fd_base(f), name, 1, 0);

	input_fd_free(f);
	return status;
}

void source_rest(struct shell *sh, unsigned flags)
{
	char *text = sh->frame.status == 0 ? sh->line.rest_ok : sh->line.rest_failed;
	char *other = sh->frame.status == 0 ? sh->line.rest_failed : sh->line.rest_ok;
	struct input_string is;
	struct parser *p;
	struct ast_list *list = NULL;
	enum parse_result r = PARSE_OK;

	sh->line.rest_ok = sh->line.rest_failed = NULL;
	free(other);
	if (text == NULL)
		return;
	tty_loud(sh);
	if (sh->frame.ast == NULL)
		sh->frame.ast = arena_new();
	input_string_init(&is, text, strlen(text));
	p = parser_new(&is.in, NULL, sh->script_named ? sh->frame.lineno : 1); /* aliases were replaced where it was typed */
	parser_set_one_line(p, sh->script_named);
	parser_set_remote(p, opt(sh, OPT_REMOTE));
	parser_set_extglob(p, true); /* what is none was quoted when it was printed */
	while (sh->frame.flow.kind == FLOW_NONE && (r = parser_next(p, sh->frame.ast, &list)) == PARSE_OK)
		if (list != NULL)
			exec_list(sh, list, flags);
	if (r == PARSE_ERROR)
		syntax_error(sh, p, NULL);
	if (sh->frame.flow.kind == FLOW_ABORT)
		sh->frame.flow.kind = FLOW_NONE;
	parser_free(p);
	free(text);
}
