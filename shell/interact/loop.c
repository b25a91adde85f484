#include <config.h>

#include "shell/interact/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/state.h"
#include "rendezvous/io_full.h"
#include "shell/exec/exec.h"
#include "shell/exec/hist.h"
#include "shell/exec/job.h"
#include "shell/exec/redir.h"
#include "shell/exec/trap.h"
#include "shell/expand/locale.h"
#include "shell/expand/var.h"
#include "shell/interact/bang.h"
#include "shell/interact/edit.h"
#include "shell/interact/prompt.h"
#include "shell/parser/arena.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

enum { EOF_LIMIT = 10 }; /* so many ^D in a row end the shell in spite of ignoreeof */

/* The parser's input at a prompt, and the text of the command so far. */
struct prompt_input {
	struct input in;
	struct shell *sh;
	char *line;
	struct strbuf command;
	enum edit_result last;
	int eofs;
};

/* Adds the command to the history and its file. */
static void remember(struct shell *sh, const char *text)
{
	const char *path = var_get(sh, "HISTFILE");
	size_t blank = strspn(text, " \t\n");

	if (text[blank] == '\0' || blank != 0) /* a leading blank keeps it out, as in bash */
		return;
	hist_add(sh->hist, text, io_wall_s());
	if (path != NULL && *path != '\0')
		(void)hist_append_file(sh->hist, path); /* a full disk does not stop the shell */
}

/* Replaces history references in the line; false: it is not to be run. */
static bool substitute_history(struct prompt_input *p)
{
	char *line = NULL;
	enum bang_result r = bang_expand(p->sh->hist, p->line, &line);

	if (r == BANG_NONE)
		return true;
	if (r == BANG_ERROR) {
		sh_warn(p->sh, "%s", line);
	} else {
		fputs(line, stderr); /* shows what is run instead */
		free(p->line);
		p->line = line;
		line = NULL;
		if (r == BANG_PRINT)
			remember(p->sh, p->line);
	}
	free(line);
	return r == BANG_CHANGED;
}

/* struct input: prompts and reads a line. */
static bool refill(struct input *in, bool fresh, const char **ret, size_t *len)
{
	struct prompt_input *p = (struct prompt_input *)in;
	char *prompt = prompt_text(p->sh, fresh ? "PS1" : "PS2", fresh ? prompt_default : "> ");

	free(p->line);
	p->line = NULL;
	if (!fresh && p->sh->prompt_hooks != NULL)
		p->sh->prompt_hooks->more(p->sh);
	p->last = edit_read(p->sh, prompt, fresh, &p->line);
	free(prompt);
	if (p->last != EDIT_LINE)
		return false;
	p->eofs = 0;
	if (opt(p->sh, OPT_HISTEXPAND) && !opt(p->sh, OPT_POSIX) && !substitute_history(p))
		p->last = EDIT_INTERRUPTED;
	if (p->last != EDIT_LINE)
		return false;
	strbuf_adds(&p->command, p->line);
	*ret = p->line;
	*len = strlen(p->line);
	return true;
}

int loop_init(struct shell *sh)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && isatty(STDIN_FILENO))
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, REDIR_OWN_MIN);
	if (fd >= 0 && fd < REDIR_OWN_MIN)
		fd = redir_own(fd);
	sh->interactive = true;
	sh->options |= OPT_INTERACTIVE;
	locale_need(); /* the editor counts columns, and a person reads the messages */
	if (fd >= 0 && tcgetpgrp(fd) < 0) { /* not our controlling terminal */
		trap_init_interactive(sh);
		sh->tty = fd;
		return 0;
	}
	sh->tty = fd;
	trap_init_interactive(sh);
	if (fd < 0)
		return -ENOTTY;
	return job_control_set(sh, true);
}

void loop_load_history(struct shell *sh)
{
	const char *home = var_get(sh, "HOME"), *path = var_get(sh, "HISTFILE");
	struct strbuf s = { 0 };

	if (path == NULL && home != NULL) {
		strbuf_addf(&s, "%s/.mish_history", home);
		var_set(sh, "HISTFILE", s.s, 0);
		path = var_get(sh, "HISTFILE");
		strbuf_release(&s);
	}
	if (path != NULL && hist_count(sh->hist) == 0)
		(void)hist_load_file(sh->hist, path);
}

/* ^D at the prompt: true when the shell ends. */
static bool end_of_file(struct shell *sh, struct prompt_input *p)
{
	if (opt(sh, OPT_IGNOREEOF) && ++p->eofs < EOF_LIMIT) {
		fputc('\n', stderr);
		sh_warn(sh, "use `exit' to leave the shell");
		return false;
	}
	if (job_count(sh, true) > 0 && !sh->exit_warned) {
		fputc('\n', stderr);
		sh_warn(sh, "there are stopped jobs");
		sh->exit_warned = true;
		return false;
	}
	fputs("exit\n", stderr);
	return true;
}

/* Acts on what ended the reading without a command; true when the shell ends. */
static bool no_command(struct shell *sh, struct prompt_input *p)
{
	switch (p->last) {
	case EDIT_INTERRUPTED:
		sh->status = 128 + SIGINT;
		return false;
	case EDIT_SIGNAL: /* trap_check() is next */
		return false;
	case EDIT_EVENT:
		sh->prompt_hooks->act(sh);
		return false;
	case EDIT_HANGUP:
		sh->status = 128 + SIGHUP;
		job_hangup(sh);
		return true;
	case EDIT_EOF:
		return end_of_file(sh, p);
	case EDIT_LINE:
		break;
	}
	return false;
}

static void run_command(struct shell *sh, struct prompt_input *p, const struct ast_list *list)
{
	bool warned = sh->exit_warned;

	if (p->command.len != 0)
		remember(sh, p->command.s);
	if (list != NULL) {
		if (sh->prompt_hooks != NULL)
			sh->prompt_hooks->busy(sh, p->command.s);
		exec_list(sh, list, 0);
		hist_set_status(sh->hist, sh->status);
		if (warned)
			sh->exit_warned = false;
	}
}

/* Prompts, reads a command and runs it. True when the shell ends. */
static bool prompt_and_run(struct shell *sh, struct prompt_input *p)
{
	struct ast_list *list = NULL;
	int line;

	job_notify(sh);
	trap_check(sh);
	if (sh->flow.kind == FLOW_EXIT)
		return true;
	sh->flow = (struct flow){ 0 };
	sh->loop_depth = sh->errexit_off = 0;
	/* of the command before, which is gone: no move may take them for the rest of its line */
	sh->rest_andor = NULL;
	sh->rest_list = NULL;
	sh->ast = arena_reuse(sh->ast);
	strbuf_clear(&p->command);
	p->last = EDIT_LINE;
	if (sh->prompt_hooks != NULL)
		sh->prompt_hooks->idle(sh);
	switch (parser_next(sh->parser, sh->ast, &list)) {
	case PARSE_EOF:
		return no_command(sh, p);
	case PARSE_ERROR:
		if (p->last == EDIT_INTERRUPTED || p->last == EDIT_HANGUP)
			return no_command(sh, p);
		if (p->last == EDIT_EOF)
			fputc('\n', stderr);
		if (p->command.len != 0)
			remember(sh, p->command.s);
		sh_warn(sh, "%s", parser_error(sh->parser, &line));
		sh->status = 2;
		return false;
	case PARSE_OK:
		break;
	}
	run_command(sh, p, list);
	if (sh->flow.kind == FLOW_ABORT)
		sh->flow.kind = FLOW_NONE;
	return sh->flow.kind == FLOW_EXIT;
}

static void echo_input(struct input *in, const char *s, size_t len)
{
	struct prompt_input *p = (struct prompt_input *)in;

	if (opt(p->sh, OPT_VERBOSE))
		fwrite(s, 1, len, stderr);
}

/* After a move: runs what followed on the line, `make` in `smigrate beta && make`. */
static void run_rest(struct shell *sh)
{
	char *text = sh->status == 0 ? sh->rest_ok : sh->rest_failed;
	char *other = sh->status == 0 ? sh->rest_failed : sh->rest_ok;
	struct input_string is;
	struct parser *p;
	struct ast_list *list = NULL;

	sh->rest_ok = sh->rest_failed = NULL;
	free(other);
	if (text == NULL)
		return;
	input_string_init(&is, text, strlen(text));
	p = parser_new(&is.in, NULL, 1); /* aliases were replaced where it was typed */
	while (sh->flow.kind == FLOW_NONE && parser_next(p, sh->ast, &list) == PARSE_OK)
		if (list != NULL)
			exec_list(sh, list, 0);
	if (sh->flow.kind == FLOW_ABORT)
		sh->flow.kind = FLOW_NONE;
	parser_free(p);
	free(text);
}

void loop_run(struct shell *sh)
{
	struct prompt_input p = { .in = { .refill = refill, .interactive = true,
					  .echo = echo_input },
				  .sh = sh };

	sh->ast = arena_new();
	sh->parser = parser_new(&p.in, sh->aliases, 1);
	run_rest(sh);
	while (sh->flow.kind != FLOW_EXIT && !prompt_and_run(sh, &p))
		;
	parser_free(sh->parser);
	sh->parser = NULL;
	strbuf_release(&p.command);
	free(p.line);
	arena_free(sh->ast);
	sh->ast = NULL;
	sh->flow = (struct flow){ 0 };
	if (sh->prompt_hooks != NULL && sh->prompt_hooks->orphaned(sh)) {
		job_hangup(sh);
		_exit(128 + SIGHUP);
	}
	trap_exit(sh);
	if (opt(sh, OPT_MONITOR))
		job_control_set(sh, false);
}

/* ---- state ---- */

enum { EDITOR_LINE = 1, EDITOR_CURSOR = 2, EDITOR_TYPEAHEAD = 3, EDITOR_REST_OK = 4,
       EDITOR_REST_FAILED = 5 };

static void editor_save(const struct shell *sh, struct state_enc *e)
{
	state_put_str(e, EDITOR_LINE, sh->edit_line);
	state_put_uint(e, EDITOR_CURSOR, sh->edit_cursor);
	state_put_str(e, EDITOR_REST_OK, sh->rest_ok);
	state_put_str(e, EDITOR_REST_FAILED, sh->rest_failed);
	if (sh->typeahead_len != 0)
		state_put_bytes(e, EDITOR_TYPEAHEAD, sh->typeahead, sh->typeahead_len);
}

static int editor_load(struct shell *sh, const struct state_dec *d)
{
	const char *s;
	uint64_t cursor = 0;
	size_t len;
	int r = state_get_str(d, EDITOR_LINE, &s);

	if (r == 0) {
		free(sh->edit_line);
		sh->edit_line = xstrdup(s);
		r = state_get_uint(d, EDITOR_CURSOR, strlen(s), &cursor);
		if (r == 0)
			sh->edit_cursor = (size_t)cursor;
	}
	if (r < 0 && r != -ENOENT)
		return r;
	if (state_get_str(d, EDITOR_REST_OK, &s) == 0)
		sh->rest_ok = xstrdup(s);
	if (state_get_str(d, EDITOR_REST_FAILED, &s) == 0)
		sh->rest_failed = xstrdup(s);
	r = state_get_bytes(d, EDITOR_TYPEAHEAD, &s, &len);
	if (r == 0) {
		free(sh->typeahead);
		sh->typeahead = xmalloc(len);
		memcpy(sh->typeahead, s, len);
		sh->typeahead_len = len;
	}
	return r;
}

const struct state_section editor_section = {
	.name = "editor", .version = 1, .save = editor_save, .load = editor_load,
};
