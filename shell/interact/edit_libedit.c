#include <config.h>

#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "shell/exec/hist.h"
#include "shell/expand/var.h"
#include "shell/interact/edit_keys.h"
#include "shell/jobs/tty.h"
#include "shell/parser/strbuf.h"

/*
 * The module EDIT_MODULE: libedit as struct edit_ops has it. It reads the keys and ~/.editrc and changes the line; what it
 * draws goes nowhere, and screen.h shows the line before each key that has to be waited for.
 */

extern const struct edit_ops mish_edit_ops; /* found by dlsym() */
extern int el_cursor(EditLine *, int);	    /* exported, but not in <histedit.h> */

/* Where the shell's locale has ASCII only, terminals have UTF-8: else it is the shell's. */
static void choose_locale(struct edit *e)
{
	bool ascii = strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0;

	if (e->locale != (locale_t)0)
		freelocale(e->locale);
	e->locale = ascii ? newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0) : duplocale(LC_GLOBAL_LOCALE);
}

/* libedit's own drawing; its bells are for the person. */
static ssize_t drawn(void *cookie, const char *s, size_t len)
{
	struct edit *e = cookie;

	if (memchr(s, '\a', len) != NULL)
		edit_beep(e);
	strbuf_add(&e->said, s, len);
	if (e->said.len > 1 << 16) /* all keys are some thousand bytes */
		strbuf_clear(&e->said);
	return (ssize_t)len;
}

/* libedit's read function: one character, 0 at the end of the input, or -1 to leave the editor. */
static int get_char(EditLine *el, wchar_t *ret)
{
	struct edit *e = edit_self(el);

	edit_line_mend(el);
	if (e->begun) {
		/* what it thinks to draw needs no real size, and narrow screens with wide characters overflow its buffers */
		e->begun = false;
		el_wset(e->el, EL_SETTC, L"li", L"2", NULL);
		el_wset(e->el, EL_SETTC, L"co", L"4000", NULL);
	}
	if (e->restore)
		edit_put_back(e);
	if (e->to_command_mode) {
		e->to_command_mode = false;
		edit_keys_gave(e, L'\033');
		*ret = L'\033';
		return 1;
	}
	edit_keys_note(e);
	edit_vi_note(e);
	if (e->leaving) { /* libedit took what asks for its mode for something else */
		edit_take_out(e);
		return -1;
	}
	if (!edit_key(e, ret)) {
		if (e->result != EDIT_EVENT && e->result != EDIT_SIGNAL && e->result != EDIT_TIMER)
			return e->result == EDIT_EOF ? 0 : -1;
		e->leaving = true;
		*ret = EDIT_ASK_MODE;
		if (e->vi)
			return 1;
		edit_take_out(e);
		return -1;
	}
	if (e->vi)
		*ret = edit_vi_key(e, *ret);
	edit_abbreviate(e, *ret);
	edit_keys_gave(e, *ret);
	return 1;
}

/* The history for libedit (vi's commands), which so keeps none of its own. */
static int history_walk(void *arg, HistEventW *ev, int op, ...)
{
	struct edit *e = arg;
	size_t n = hist_count(e->sh->hist), pos = e->hist_pos;
	const struct hist_entry *h;

	switch (op) {
	case H_FIRST: /* the newest */
		pos = n;
		break;
	case H_LAST:
		pos = n != 0 ? 1 : 0;
		break;
	case H_NEXT: /* older */
		pos = pos > 1 ? pos - 1 : 0;
		break;
	case H_PREV:
		pos = pos != 0 && pos < n ? pos + 1 : 0;
		break;
	case H_CURR:
		break;
	default:
		return -1;
	}
	h = pos != 0 ? hist_at(e->sh->hist, pos - 1) : NULL;
	free(e->event_text);
	e->event_text = h != NULL ? edit_text_decode(h->text, strlen(h->text), NULL) : NULL;
	ev->num = h != NULL ? (int)h->number : -1;
	ev->str = h != NULL ? e->event_text : L"";
	if (h == NULL)
		return -1;
	e->hist_pos = pos;
	return 0;
}

/* ---- struct edit_ops ---- */

static void edit_close(struct edit *e)
{
	if (e == NULL)
		return;
	if (e->el != NULL)
		el_end(e->el);
	for (FILE **f = (FILE *[]){ e->in, e->out, e->none, NULL }; *f != NULL; f++)
		fclose(*f);
	if (e->locale != (locale_t)0)
		freelocale(e->locale);
	edit_keys_free(e);
	screen_free(e->screen);
	free(e->event_text);
	strbuf_release(&e->said);
	free(e);
}

static FILE *stream(int fd, const char *mode)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	FILE *f = own >= 0 ? fdopen(own, mode) : NULL;

	if (f == NULL && own >= 0)
		close(own);
	return f;
}

static char *no_prompt(EditLine *el)
{
	static char none[] = "";

	(void)el;
	return none;
}

/* The keys of that editor, ours, and then the user's. */
static void choose_keys(struct edit *e, bool vi)
{
	e->vi = vi;
	el_wset(e->el, EL_EDITOR, vi ? L"vi" : L"emacs");
	edit_bind_ours(e);
	if (var_text(e->sh, "HOME") != NULL) {
		struct strbuf rc = { 0 };

		strbuf_addf(&rc, "%s/.editrc", var_text(e->sh, "HOME"));
		el_source(e->el, rc.s);
		strbuf_release(&rc);
	}
	edit_bind(e);
}

/* libedit on the terminal, with the user's .editrc. NULL: a terminal that it cannot use. */
/* What edit_wait_byte() says while it waits. */
static void edit_redraw(void *arg, enum edit_redraw why)
{
	struct edit *e = arg;

	edit_own_locale(e, (locale_t)0);
	if (why == EDIT_RESIZED)
		edit_resized(e);
	if (why == EDIT_CAME && edit_guess_came(e))
		edit_keys_suggest(e);
	if (why == EDIT_PAUSE)
		edit_guess_begin(e);
	else if (why == EDIT_STAND_ASIDE)
		edit_take_away(e);
	else
		edit_draw(e);
	edit_shell_locale(e);
}

static struct edit *edit_open(struct shell *sh)
{
	struct edit *e = calloc(1, sizeof(*e));
	const char *term = var_text(sh, "TERM");

	if (e == NULL || sh->tty->fd < 0 || term == NULL || strcmp(term, "dumb") == 0) {
		free(e);
		return NULL;
	}
	setenv("TERM", term, 1); /* libedit asks the process's environment, not the shell */
	e->sh = sh;
	e->waiter = (struct edit_waiter){ .redraw = edit_redraw, .arg = e, .pause_ms = -1, .fd = -1 };
	e->in = stream(sh->tty->fd, "r");
	e->out = e->in != NULL ? stream(sh->tty->fd, "w") : NULL;
	e->none = e->out != NULL ? fopencookie(e, "w", (cookie_io_functions_t){ .write = drawn }) : NULL;
	choose_locale(e); /* which characters insert themselves depends on it */
	edit_own_locale(e, (locale_t)0);
	e->el = e->none != NULL ? el_init_fd("mish", e->in, e->none, e->none, fileno(e->in), fileno(e->out), fileno(e->out)) : NULL;
	if (e->el == NULL) {
		edit_shell_locale(e);
		edit_close(e);
		return NULL;
	}
	el_wset(e->el, EL_SETTY, L"-x", L"-echo", NULL); /* tty_loud() is for us to say */
	e->screen = screen_new();
	el_wset(e->el, EL_CLIENTDATA, e);
	el_wset(e->el, EL_SIGNAL, 0);
	el_set(e->el, EL_PROMPT, no_prompt);
	el_wset(e->el, EL_HIST, history_walk, e);
	choose_keys(e, opt(sh, OPT_VI));
	el_wset(e->el, EL_SETTY, L"-d", L"-ixon", NULL); /* ^S is a key like others; no screen stands still for it */
	el_wset(e->el, EL_GETCFN, get_char);
	edit_shell_locale(e);
	return e;
}

/* Reads one line in the editor's locale; *ret is set with EDIT_LINE only. */
static enum edit_result read_line(struct edit *e, char **ret)
{
	const wchar_t *line;
	int n = 0;

	edit_begin(e);
	line = el_wgets(e->el, &n);
	if (e->result == EDIT_LINE && (line == NULL || n <= 0))
		e->result = EDIT_EOF;
	if (e->result == EDIT_EVENT || e->result == EDIT_RUN || e->result == EDIT_TIMER)
		edit_take_away(e);
	edit_end_pastes(e);
	if (e->result != EDIT_EVENT && e->result != EDIT_RUN && e->result != EDIT_TIMER && e->result != EDIT_EOF && e->result != EDIT_HANGUP) {
		e->shown = true; /* keys may have come faster than they were shown */
		edit_leave_with(e, e->result == EDIT_INTERRUPTED ? "^C" : "");
	}
	e->after_ready = e->after != NULL && (e->after_ready || e->result == EDIT_LINE || e->result == EDIT_INTERRUPTED);
	if (e->result != EDIT_LINE) {
		el_reset(e->el);
		return e->result;
	}
	*ret = edit_text_encode(line, (size_t)n);
	edit_keep_kills(e); /* the command may be a move */
	return EDIT_LINE;
}

static enum edit_result edit_read_line(struct edit *e, struct shell *sh, const struct edit_prompt *p, bool fresh, char **ret)
{
	enum edit_result r;

	e->prompt = p->text;
	e->right = p->right;
	e->fresh = fresh;
	e->restore = fresh || sh->line.text != NULL;
	e->begun = true;
	e->result = EDIT_LINE;
	e->decoder.n = 0;
	e->hist_pos = hist_count(sh->hist) + 1;
	edit_keys_reset(e);
	choose_locale(e);
	edit_own_locale(e, (locale_t)0);
	if (opt(sh, OPT_VI) != e->vi || edit_bind_is_new(e))
		choose_keys(e, opt(sh, OPT_VI));
	r = read_line(e, ret);
	edit_guess_end(e);
	edit_shell_locale(e);
	return r;
}

const struct edit_ops mish_edit_ops = {
	.module = { MODULE_BUILD }, .open = edit_open, .close = edit_close, .read = edit_read_line,
	.list_keys = edit_listing,
};
