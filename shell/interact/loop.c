#include <config.h>

#include "shell/interact/loop.h"

#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/move/at_prompt.h"
#include "shell/move/session.h"
#include "wire/fd.h"
#include "wire/now.h"
#include "shell/builtin/batch.h"
#include "shell/builtin/builtin.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/exec/hist.h"
#include "shell/jobs/job.h"
#include "shell/exec/trap.h"
#include "shell/expand/locale.h"
#include "shell/expand/var.h"
#include "shell/interact/autoplace.h"
#include "shell/interact/premove.h"
#include "shell/interact/bang.h"
#include "shell/interact/correct.h"
#include "shell/interact/edit.h"
#include "shell/interact/hook.h"
#include "shell/interact/marks.h"
#include "shell/interact/measure.h"
#include "shell/interact/place.h"
#include "shell/interact/prompt.h"
#include "shell/interact/remember.h"
#include "shell/interact/timer.h"
#include "shell/interact/visual.h"
#include "shell/interact/winsize.h"
#include "shell/parser/arena.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"
#include "wire/text.h"

enum { KEPT_LOAD_MAX = 256 };
enum { EOF_LIMIT = 10 }; /* so many ^D in a row do not end the shell by ignoreeof; the next does */

/* The parser's input at a prompt, and the text of the command so far. */
struct prompt_input {
	struct input in;
	struct shell *sh;
	char *line;	       /* the entry: one line, or several */
	struct strbuf command; /* what is remembered: all entries of the command; empty for a further line of an entry */
	struct strbuf text;    /* what the parser had of it */
	bool refused;	       /* by history substitution: nothing ran */
	enum edit_result last;
	int eofs;
};

/* The history may be a file of anybody's: it steers no terminal. */
static void show_line(const char *line)
{
	char *copy = xstrdup(line);

	text_clean_lines(copy);
	fputs(copy, stderr);
	free(copy);
}

/* Replaces history references in the line; false: it is not to be run. */
static bool substitute_history(struct prompt_input *p)
{
	char *line = NULL;
	enum bang_result r = bang_expand(p->sh->hist, strbuf_str(&p->command), p->line, &line);

	if (r == BANG_NONE)
		return true;
	if (r == BANG_ERROR) {
		sh_warn(p->sh, "%s", line);
		if (opt(p->sh, OPT_HISTREEDIT))
			edit_again(p->sh, p->line);
	} else if (r == BANG_CHANGED && opt(p->sh, OPT_HISTVERIFY)) {
		edit_again(p->sh, line);
		r = BANG_PRINT;
	} else {
		show_line(line); /* what is run instead */
		free(p->line);
		p->line = line;
		line = NULL;
		if (r == BANG_PRINT)
			remember_command(p->sh, p->line);
	}
	free(line);
	return r == BANG_CHANGED;
}

/* zsh's RPS1 and RPROMPT; NULL: there is none. */
static char *right_prompt(struct shell *sh)
{
	const char *name = var_find(sh, "RPS1") != NULL ? "RPS1" : "RPROMPT";

	return opt(sh, OPT_POSIX) || var_text(sh, name) == NULL ? NULL : prompt_text(sh, name, "");
}

/* Gives the parser the next line of an entry: a command runs, or moves, before those behind it are looked at. */
static bool next_line(struct prompt_input *p, const char *from, const char **ret, size_t *len)
{
	*ret = from;
	*len = strcspn(from, "\n");
	*len += from[*len] == '\n';
	p->sh->line.unread = from[*len] != '\0' ? from + *len : NULL;
	strbuf_add(&p->text, from, *len);
	return true;
}

/* Prompts and reads an entry. */
static enum edit_result read_entry(struct prompt_input *p, bool fresh)
{
	char *text;
	struct edit_prompt prompt = { .right = fresh ? right_prompt(p->sh) : NULL };
	struct strbuf marked = { 0 };
	enum edit_result r;

	free(p->sh->line.open);
	p->sh->line.open = fresh ? NULL : place_open(strbuf_str(&p->command));
	p->sh->line.is_body = p->in.in_body;
	text = prompt_text(p->sh, fresh ? "PS1" : "PS2", fresh ? prompt_default : "> ");
	strbuf_adds(&marked, text);
	free(text);
	if (fresh) {
		marks_before_prompt(p->sh);
		marks_add_end(p->sh, &marked);
	}
	prompt.text = strbuf_str(&marked);
	free(p->line);
	p->line = NULL;
	if (!fresh)
		at_prompt_more(p->sh);
	r = edit_read(p->sh, &prompt, fresh, &p->line);
	p->sh->line.is_body = false; /* `read -e' asks for no body */
	strbuf_release(&marked);
	free(prompt.right);
	return r;
}

/* struct input: the next line. */
static bool refill(struct input *in, bool fresh, const char **ret, size_t *len)
{
	struct prompt_input *p = (struct prompt_input *)in;

	if (p->sh->line.unread != NULL)
		return next_line(p, p->sh->line.unread, ret, len);
	do {
		p->last = read_entry(p, fresh);
		if (p->last != EDIT_LINE)
			return false;
		p->eofs = 0;
		p->refused = opt(p->sh, OPT_HISTEXPAND) && !opt(p->sh, OPT_POSIX) && !substitute_history(p);
	} while (p->refused && !fresh); /* the lines before it are still there */
	if (!p->refused && fresh && !opt(p->sh, OPT_POSIX))
		p->refused = !correct_allows(p->sh, p->line) || correct_line(p->sh, &p->line) != CORRECT_RUN;
	if (p->refused)
		p->last = EDIT_INTERRUPTED;
	if (p->last != EDIT_LINE)
		return false;
	strbuf_adds(&p->command, p->line);
	return next_line(p, p->line, ret, len);
}

int loop_init(struct shell *sh)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 && isatty(STDIN_FILENO))
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, FD_OWN_MIN);
	if (fd >= 0 && fd < FD_OWN_MIN)
		fd = fd_own(fd);
	sh->interactive = true;
	opt_set(sh, OPT_INTERACTIVE, true);
	locale_need(); /* the editor counts columns, and a person reads the messages */
	if (fd >= 0 && tcgetpgrp(fd) < 0) { /* not our controlling terminal */
		sigs_init_interactive(sh);
		sh->tty->fd = fd;
		return 0;
	}
	sh->tty->fd = fd;
	sigs_init_interactive(sh);
	if (fd < 0)
		return -ENOTTY;
	return tty_control_set(sh, true);
}

/* Whoever has no history yet; from then on there is one, if an empty one. */
static void greet_who_is_new(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	fputs("mish: new here? `man mish' and `help' tell more, and `smigrate HOST' takes this shell to another host\n", stderr);
}

void loop_load_history(struct shell *sh)
{
	const char *home = var_text(sh, "HOME"), *path = var_text(sh, "HISTFILE");
	struct strbuf s = { 0 };

	if (path == NULL && home != NULL) {
		strbuf_addf(&s, "%s/.mish_history", home);
		var_set(sh, "HISTFILE", s.s, 0);
		path = var_text(sh, "HISTFILE");
		strbuf_release(&s);
	}
	if (path == NULL || *path == '\0' || hist_count(sh->hist) != 0)
		return;
	if (hist_load_file(sh->hist, path) == -ENOENT && !opt(sh, OPT_POSIX) && isatty(STDERR_FILENO))
		greet_who_is_new(path);
}

/* So many ^D are not taken: bash's IGNOREEOF, where it is a number, or the option. */
static int eof_limit(struct shell *sh)
{
	const char *s = var_text(sh, "IGNOREEOF");
	char *end;
	long n;

	if (s == NULL || opt(sh, OPT_POSIX))
		return opt(sh, OPT_IGNOREEOF) ? EOF_LIMIT : 0;
	n = strtol(s, &end, 10);
	return end == s || *end != '\0' || n < 0 || n > INT_MAX ? EOF_LIMIT : (int)n;
}

/* ^D at the prompt: true when the shell ends. */
static bool end_of_file(struct shell *sh, struct prompt_input *p)
{
	if (p->eofs < eof_limit(sh)) {
		p->eofs++;
		putc('\n', stderr);
		sh_warn(sh, "use `exit' to leave the shell");
		return false;
	}
	if (builtin_holds_exit(sh, true))
		return false;
	fputs("exit\n", stderr);
	return true;
}

/* Acts on what ended the reading without a command; true when the shell ends. */
static bool no_command(struct shell *sh, struct prompt_input *p)
{
	switch (p->last) {
	case EDIT_INTERRUPTED:
		if (!p->refused)
			sh->frame.status = 128 + SIGINT;
		return false;
	case EDIT_SIGNAL: /* trap_check() is next */
		return false;
	case EDIT_EVENT:
		at_prompt_act(sh);
		return false;
	case EDIT_TIMER:
		timer_run(sh);
		return sh->frame.flow.kind == FLOW_EXIT;
	case EDIT_LOGOUT:
		fputs("mish: nobody typed anything: auto-logout\n", stderr);
		return true;
	case EDIT_HANGUP:
		sh->frame.status = 128 + SIGHUP;
		job_hangup(sh);
		return true;
	case EDIT_EOF:
		return end_of_file(sh, p);
	case EDIT_VISUAL:
		visual_run(sh);
		return false;
	case EDIT_RUN:
		visual_key(sh);
		return false;
	case EDIT_HELP:
	case EDIT_WHICH:
		visual_about(sh, p->last == EDIT_HELP);
		return false;
	case EDIT_LINE:
		break;
	}
	return false;
}

/* How it went with the command that was entered. */
static void note_result(struct shell *sh, int64_t ms)
{
	remember_result(sh, ms);
	sh->clock.command_ms = ms;
	if (sh->frame.status != 0 && sh->frame.flow.kind == FLOW_NONE && !opt(sh, OPT_POSIX) && var_find(sh, "printexitvalue") != NULL)
		fprintf(stderr, "Exit %d\n", sh->frame.status);
}

static void run_command(struct shell *sh, struct prompt_input *p, struct ast_list *list)
{
	bool warned = sh->exit_warned;
	struct measure m = { 0 };
	int64_t began;

	sh->tty->at_prompt = false;
	if (p->command.len != 0)
		remember_command(sh, p->command.s);
	if (list != NULL) {
		winsize_note(sh); /* it may have changed while that was typed */
		at_prompt_busy(sh, p->text.s);
		marks_before_command(sh, p->text.s);
		hook_before_command(sh, p->text.s, list);
		measure_begin(sh, &m);
		began = now_mono_ms();
		if (!opt(sh, OPT_POSIX) && !(opt(sh, OPT_AUTOPLACE) && autoplace_list(sh, list)) && opt(sh, OPT_PREMOVE))
			premove_list(sh, list, p->text.s);
		if (!session_is_lost(sh)) /* else it goes on elsewhere, and with it this */
			exec_list(sh, list, 0);
		note_result(sh, now_mono_ms() - began);
		measure_end(sh, &m, p->text.s, now_mono_ms() - began);
		if (warned)
			sh->exit_warned = false;
	}
}

/* Where in the line it went wrong: the row of text, and a mark below. */
static void show_place(const struct prompt_input *p)
{
	const char *at = parser_error_at(p->sh->frame.parser), *begin, *end;
	char *row;
	int width;

	if (p->line == NULL || at == NULL || at <= p->line || at > p->line + strlen(p->line))
		return;
	for (begin = at - 1; begin != p->line && begin[-1] != '\n'; begin--)
		;
	for (end = at - 1; *end != '\0' && *end != '\n'; end++)
		;
	row = xstrndup(begin, (size_t)(end - begin));
	text_clean(row);
	width = (int)locale_columns(row, (size_t)(at - 1 - begin));
	fprintf(stderr, "  %s\n  %*s^\n", row, width, "");
	free(row);
}

/* Prompts, reads a command and runs it. True when the shell ends. */
static bool prompt_and_run(struct shell *sh, struct prompt_input *p)
{
	struct ast_list *list = NULL;
	int line;

	sh->tty->at_prompt = true;
	if (sh->line.unread == NULL) {
		hist_set_running(sh->hist, NULL);
		job_notify(sh);
		trap_check(sh);
		winsize_note(sh);
		hook_after_command(sh);
		hook_before_prompt(sh);
		remember_others(sh);
	}
	if (sh->frame.flow.kind == FLOW_EXIT)
		return true;
	/* what is left of the command before is gone: no move may take it for the rest of its line */
	sh_frame_reset(sh);
	sh->frame.ast = arena_reuse(sh->frame.ast);
	strbuf_clear(&p->command);
	strbuf_clear(&p->text);
	p->last = EDIT_LINE;
	p->refused = false;
	if (sh->line.unread == NULL) {
		batch_at_prompt(sh);
		at_prompt_idle(sh);
	}
	parser_set_posix(sh->frame.parser, opt(sh, OPT_POSIX));
	parser_set_remote(sh->frame.parser, opt(sh, OPT_REMOTE));
	parser_set_extglob(sh->frame.parser, opt(sh, OPT_EXTGLOB));
	switch (parser_next(sh->frame.parser, sh->frame.ast, &list)) {
	case PARSE_EOF:
		return no_command(sh, p);
	case PARSE_ERROR:
		sh->line.unread = NULL;
		if (p->last == EDIT_INTERRUPTED && p->command.len != 0) /* what was given up can be called back, as in bash */
			remember_command(sh, p->command.s);
		if (p->last == EDIT_INTERRUPTED || p->last == EDIT_HANGUP || p->last == EDIT_LOGOUT)
			return no_command(sh, p);
		if (p->last == EDIT_EOF)
			putc('\n', stderr);
		if (p->command.len != 0)
			remember_command(sh, p->command.s);
		sh_warn(sh, "%s", parser_error(sh->frame.parser, &line));
		show_place(p);
		sh->frame.status = 2;
		return false;
	case PARSE_OK: /* behind a backslash nothing else may have come */
		if (p->last == EDIT_INTERRUPTED && p->command.len != 0)
			remember_command(sh, p->command.s);
		if (p->last != EDIT_LINE && p->last != EDIT_EOF)
			return no_command(sh, p);
		break;
	}
	run_command(sh, p, list);
	if (sh->frame.flow.kind == FLOW_ABORT) {
		sh->frame.flow.kind = FLOW_NONE;
		sh->line.unread = NULL; /* what ends a command ends its entry */
	}
	return sh->frame.flow.kind == FLOW_EXIT;
}

static void echo_input(struct input *in, const char *s, size_t len)
{
	struct prompt_input *p = (struct prompt_input *)in;

	if (opt(p->sh, OPT_VERBOSE))
		fwrite(s, 1, len, stderr);
}

/* What is left of the line that brought the shell here. */
static void run_rest(struct shell *sh)
{
	char *entered = premove_arrived(sh);
	struct measure m = { 0 };
	int64_t began = now_mono_ms();

	if (entered == NULL) {
		source_rest(sh, 0);
		remember_result(sh, -1);
		return;
	}
	at_prompt_busy(sh, entered);
	measure_begin(sh, &m);
	source_rest(sh, 0);
	note_result(sh, now_mono_ms() - began);
	measure_end(sh, &m, entered, now_mono_ms() - began);
	free(entered);
}

void loop_run(struct shell *sh)
{
	struct prompt_input p = { .in = { .refill = refill, .interactive = true,
					  .echo = echo_input },
				  .sh = sh };

	sh->frame.ast = arena_new();
	sh->frame.parser = parser_new(&p.in, sh->aliases, 1);
	batch_arrived(sh);
	run_rest(sh);
	while (sh->frame.flow.kind != FLOW_EXIT && !prompt_and_run(sh, &p))
		;
	parser_free(sh->frame.parser);
	sh->frame.parser = NULL;
	strbuf_release(&p.command);
	strbuf_release(&p.text);
	sh->line.unread = NULL;
	free(p.line);
	arena_free(sh->frame.ast);
	sh->frame.ast = NULL;
	sh->frame.flow = (struct flow){ 0 };
	if (session_orphaned(sh)) {
		job_hangup(sh);
		_exit(128 + SIGHUP);
	}
	trap_exit(sh);
	batch_at_end(sh);
	if (opt(sh, OPT_MONITOR))
		tty_control_set(sh, false);
}

/* ---- state ---- */

enum { EDITOR_LINE = 1, EDITOR_CURSOR = 2, EDITOR_TYPEAHEAD = 3, EDITOR_REST_OK = 4,
       EDITOR_REST_FAILED = 5, EDITOR_MINE = 6, EDITOR_ENTRY = 7, EDITOR_KEPT = 8,
       EDITOR_NO_LOCALE = 9, EDITOR_ENTERED = 10, EDITOR_LEFT = 11, EDITOR_MOVE = 12, EDITOR_FOR = 13 };

static void save_kept(const struct shell *sh, struct state_enc *e)
{
	uint32_t n = 0;

	if (sh->line.kept == NULL)
		return;
	while (sh->line.kept[n] != NULL)
		n++;
	state_put_array(e, EDITOR_KEPT, n);
	for (uint32_t i = 0; i < n; i++)
		state_add_str(e, sh->line.kept[i]);
}

static void load_kept(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint32_t n;
	const char *s;

	sh_drop_of_line(sh);
	if (state_get_array(d, EDITOR_KEPT, &a, &n) < 0)
		return;
	for (uint32_t i = 0; i < n && i < KEPT_LOAD_MAX; i++)
		if (state_elem_str(d, a, i, &s, NULL) == 0)
			sh_keep_of_line(sh, xstrdup(s));
}

static void editor_save(const struct shell *sh, struct state_enc *e)
{
	state_put_str(e, EDITOR_LINE, sh->line.text);
	state_put_uint(e, EDITOR_CURSOR, sh->line.cursor);
	state_put_str(e, EDITOR_MINE, sh->line.mine);
	if (sh->line.mine != NULL)
		state_put_uint(e, EDITOR_ENTRY, sh->line.entry);
	state_put_str(e, EDITOR_REST_OK, sh->line.rest_ok);
	state_put_str(e, EDITOR_REST_FAILED, sh->line.rest_failed);
	state_put_str(e, EDITOR_ENTERED, sh->line.entered);
	if (sh->line.entered != NULL)
		state_put_uint(e, EDITOR_LEFT, (uint64_t)sh->line.left_ms);
	state_put_str(e, EDITOR_FOR, sh->line.entered_for);
	if (sh->line.move_ms != 0)
		state_put_uint(e, EDITOR_MOVE, sh->line.move_ms);
	save_kept(sh, e);
	state_put_str(e, EDITOR_NO_LOCALE, sh->line.no_locale);
	if (sh->line.ahead_len != 0)
		state_put_bytes(e, EDITOR_TYPEAHEAD, sh->line.ahead, sh->line.ahead_len);
}

static void load_entered(struct shell *sh, const struct state_dec *d)
{
	const char *s;
	uint64_t left = 0;

	(void)state_get_uint(d, EDITOR_MOVE, LINE_MOVE_MOST_MS, &sh->line.move_ms);
	if (state_get_str(d, EDITOR_ENTERED, &s) < 0 || state_get_uint(d, EDITOR_LEFT, INT64_MAX, &left) < 0)
		return;
	free(sh->line.entered);
	sh->line.entered = xstrdup(s);
	sh->line.left_ms = (int64_t)left;
	if (state_get_str(d, EDITOR_FOR, &s) == 0) {
		free(sh->line.entered_for);
		sh->line.entered_for = xstrdup(s);
	}
}

static int editor_load(struct shell *sh, const struct state_dec *d)
{
	const char *s;
	uint64_t cursor = 0;
	size_t len;
	int r = state_get_str(d, EDITOR_LINE, &s);

	if (r == 0) {
		free(sh->line.text);
		sh->line.text = xstrdup(s);
		r = state_get_uint(d, EDITOR_CURSOR, strlen(s), &cursor);
		if (r == 0)
			sh->line.cursor = (size_t)cursor;
	}
	if (r < 0 && r != -ENOENT)
		return r;
	if (state_get_str(d, EDITOR_MINE, &s) == 0 && state_get_uint(d, EDITOR_ENTRY, SIZE_MAX / 2, &cursor) == 0) {
		free(sh->line.mine);
		sh->line.mine = xstrdup(s);
		sh->line.entry = (size_t)cursor;
	}
	load_kept(sh, d);
	if (state_get_str(d, EDITOR_NO_LOCALE, &s) == 0) {
		free(sh->line.no_locale);
		sh->line.no_locale = xstrdup(s);
	}
	if (state_get_str(d, EDITOR_REST_OK, &s) == 0)
		sh->line.rest_ok = xstrdup(s);
	if (state_get_str(d, EDITOR_REST_FAILED, &s) == 0)
		sh->line.rest_failed = xstrdup(s);
	load_entered(sh, d);
	r = state_get_bytes(d, EDITOR_TYPEAHEAD, &s, &len);
	if (r == 0) {
		free(sh->line.ahead);
		sh->line.ahead = xmalloc(len);
		memcpy(sh->line.ahead, s, len);
		sh->line.ahead_len = len;
	}
	return r;
}

const struct state_section editor_section = {
	.name = "editor", .version = 1, .save = editor_save, .load = editor_load,
};
