#include <config.h>

#include <fcntl.h>
#include <histedit.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "shell/exec/hist.h"
#include "shell/expand/var.h"
#include "shell/interact/edit.h"
#include "shell/jobs/tty.h"
#include "shell/move/session.h"
#include "shell/parser/strbuf.h"
#include "wire/text.h"

/* The module EDIT_MODULE: libedit as struct edit_ops has it. */

extern const struct edit_ops mish_edit_ops; /* found by dlsym() */
extern int el_cursor(EditLine *, int);	    /* exported, but not in <histedit.h> */

struct edit {
	EditLine *el;
	struct shell *sh;
	FILE *in, *out;
	const char *prompt;
	bool fresh;
	bool restore; /* the half-typed line is still to be put back */
	enum edit_result result;
	size_t hist_pos; /* position + 1 of the current history entry, 0 none */
	HistEvent event;
	mbstate_t mb;
	bool vi;
	bool listed; /* the last key was a tab with several completions: another lists them */
};

static struct edit *self(EditLine *el)
{
	struct edit *e = NULL;

	el_get(el, EL_CLIENTDATA, &e);
	return e;
}

static char *prompt(EditLine *el)
{
	return (char *)(uintptr_t)self(el)->prompt;
}

/* How many characters so many bytes of the line are: libedit counts in wchar_t. */
static int chars_before(const char *line, size_t bytes)
{
	char *head = strndup(line, bytes);
	size_t n = head != NULL ? mbstowcs(NULL, head, 0) : 0;

	free(head);
	return n == (size_t)-1 ? (int)bytes : (int)n;
}

/* Columns of text, without what stands between \1 marks; *rows counts its newlines. */
static int width_of(const char *s, size_t len, int *rows)
{
	int width = 0;
	bool shown = true;
	mbstate_t st = { 0 };

	for (size_t i = 0; i < len;) {
		wchar_t w;
		size_t n = mbrtowc(&w, s + i, len - i, &st);

		if (n == 0 || n > len - i) {
			n = 1;
			w = L'?';
			st = (mbstate_t){ 0 };
		}
		i += n;
		if (w == L'\1')
			shown = !shown;
		else if (w == L'\n')
			width = 0, ++*rows;
		else if (shown && wcwidth(w) > 0)
			width += wcwidth(w);
	}
	return width;
}

/*
 * Draws prompt and line. EL_REFRESH makes libedit forget what it has drawn and begin at the cursor,
 * so the cursor is first moved to the beginning of the prompt, and what follows is erased.
 */
static void draw_anew(struct edit *e, const char *line, size_t before_cursor)
{
	int rows = 0, cols = 80, width;

	el_get(e->el, EL_GETTC, "co", &cols);
	width = width_of(e->prompt, strlen(e->prompt), &rows);
	width += width_of(line, before_cursor, &rows);
	rows += cols > 0 ? width / cols : 0;
	fputc('\r', e->out);
	if (rows > 0)
		fprintf(e->out, "\033[%dA", rows);
	fputs("\033[J", e->out);
	fflush(e->out);
	el_set(e->el, EL_REFRESH);
}

/* Puts the half-typed line into the editor. */
static void put_back(struct edit *e)
{
	struct shell *sh = e->sh;
	int len, at;

	e->restore = false;
	if (sh->line.text == NULL)
		return;
	len = chars_before(sh->line.text, strlen(sh->line.text));
	at = chars_before(sh->line.text, sh->line.cursor);
	if (el_insertstr(e->el, sh->line.text) == 0) {
		el_cursor(e->el, at - len);
		draw_anew(e, "", 0); /* so far el_gets() has drawn nothing but the prompt */
	}
	free(sh->line.text);
	sh->line.text = NULL;
}

/* The reverse: keeps what is in the editor as the half-typed line. */
static void take_out(struct edit *e)
{
	const LineInfo *li = el_line(e->el);
	struct shell *sh = e->sh;

	free(sh->line.text);
	sh->line.text = NULL;
	sh->line.cursor = 0;
	if (li == NULL || li->lastchar == li->buffer)
		return;
	sh->line.text = strndup(li->buffer, (size_t)(li->lastchar - li->buffer));
	sh->line.cursor = (size_t)(li->cursor - li->buffer);
}

static void redraw(void *arg)
{
	struct edit *e = arg;
	const LineInfo *li = el_line(e->el);

	el_resize(e->el);
	draw_anew(e, li->buffer, (size_t)(li->cursor - li->buffer));
}

/* libedit's read function: one character, or -1 to leave the editor. */
static int get_char(EditLine *el, wchar_t *ret)
{
	struct edit *e = self(el);
	unsigned char c;
	size_t n;

	if (e->restore)
		put_back(e);
	for (;;) {
		e->result = edit_wait_byte(e->sh, e->fresh, redraw, e, &c);
		if (e->result == EDIT_EVENT || e->result == EDIT_SIGNAL)
			take_out(e);
		if (e->result == EDIT_EOF)
			return 0;
		if (e->result != EDIT_LINE)
			return -1;
		bool within = !mbsinit(&e->mb);

		n = mbrtowc(ret, (const char *)&c, 1, &e->mb);
		if (n == (size_t)-1 && within) { /* one was cut short; c may begin another */
			e->mb = (mbstate_t){ 0 };
			n = mbrtowc(ret, (const char *)&c, 1, &e->mb);
		}
		if (n == 0 || n == 1)
			return 1;
		if (n == (size_t)-1) { /* no character of this encoding: it is dropped */
			e->mb = (mbstate_t){ 0 };
			continue;
		}
	}
}

/* The history for libedit, which so keeps none of its own. */
static int history_walk(void *arg, HistEvent *ev, int op, ...)
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
	if (h == NULL) {
		ev->num = -1;
		ev->str = "";
		return -1;
	}
	e->hist_pos = pos;
	ev->num = (int)h->number;
	ev->str = h->text;
	return 0;
}

/* ---- completion ---- */

/* A newline in a name would run what follows it, once Enter is typed. */
static void put_control(struct strbuf *b, char c, char quote)
{
	char q[2] = { quote, '\0' };

	strbuf_addf(b, "%s$'\\x%02x'%s", q, (unsigned)(unsigned char)c, q);
}

static void insert_quoted(EditLine *el, const char *s, const struct complete_list *l)
{
	const char *special = l->is_variable || l->is_plain || l->quote == '\'' ? ""
			      : l->quote == '"' ? "\\\"$`" : " \t\\'\"$`&|;()<>*?[#!";
	struct strbuf b = { 0 };

	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f) {
			put_control(&b, *s, l->quote);
			continue;
		}
		if (strchr(special, *s) != NULL)
			strbuf_addc(&b, '\\');
		strbuf_addc(&b, *s);
	}
	el_insertstr(el, strbuf_str(&b));
	strbuf_release(&b);
}

static size_t common_prefix(const struct complete_list *l)
{
	size_t n = strlen(l->all.v[0]);

	for (size_t i = 1; i < l->all.n; i++) {
		size_t k = 0;

		while (k < n && l->all.v[0][k] == l->all.v[i][k])
			k++;
		n = k;
	}
	/* not in the middle of a character */
	while (n != 0 && ((unsigned char)l->all.v[0][n] & 0xc0) == 0x80)
		n--;
	return n;
}

static const char *base(const char *s)
{
	size_t len = strlen(s);

	while (len > 1 && s[len - 1] == '/')
		len--;
	while (len != 0 && s[len - 1] != '/')
		len--;
	return s + len;
}

/* Lists nodes with their loads. */
static void show_nodes(struct edit *e, const struct complete_list *l)
{
	const char *name, *load;

	fputc('\n', e->out);
	for (size_t i = 0; (name = session_node(e->sh, i, &load)) != NULL; i++)
		for (size_t k = 0; k < l->all.n; k++)
			if (strcmp(name, l->all.v[k]) == 0)
				fprintf(e->out, "%-20s %s\n", name, load);
	for (size_t k = 0; k < l->all.n; k++)
		if (strcmp(l->all.v[k], "home") == 0)
			fputs("home\n", e->out);
	fflush(e->out);
}

static void show_list(struct edit *e, struct complete_list *l)
{
	size_t width = 0, columns;
	int cols = 80;

	if (l->is_node) {
		show_nodes(e, l);
		return;
	}
	el_get(e->el, EL_GETTC, "co", &cols);
	for (size_t i = 0; i < l->all.n; i++) {
		text_clean(l->all.v[i]); /* only to be shown from here on */
		if (strlen(base(l->all.v[i])) > width)
			width = strlen(base(l->all.v[i]));
	}
	columns = (size_t)cols / (width + 2);
	if (columns == 0)
		columns = 1;
	fputc('\n', e->out);
	for (size_t i = 0; i < l->all.n; i++)
		fprintf(e->out, "%-*s%s", (int)width + 2, base(l->all.v[i]),
			(i + 1) % columns == 0 || i + 1 == l->all.n ? "\n" : "");
	fflush(e->out);
}

/* The tab key. */
static unsigned char complete(EditLine *el, int ch)
{
	struct edit *e = self(el);
	const LineInfo *li = el_line(el);
	size_t cursor = (size_t)(li->cursor - li->buffer), typed, common;
	struct complete_list l = { 0 };
	char *line = xstrndup(li->buffer, (size_t)(li->lastchar - li->buffer));
	unsigned char r = CC_REFRESH;

	(void)ch;
	if (strspn(line, " \t") >= cursor) { /* indentation, as in a text that is pasted */
		free(line);
		el_insertstr(el, "\t");
		return CC_REFRESH;
	}
	complete_line(e->sh, line, cursor, &l);
	if (l.all.n == 0) {
		r = CC_REFRESH_BEEP;
	} else {
		typed = cursor - l.start;
		common = common_prefix(&l);
		el_deletestr(el, chars_before(line + l.start, typed));
		char *head = xstrndup(l.all.v[0], common);

		insert_quoted(el, head, &l);
		if (l.all.n == 1 && !l.no_space && !(l.is_file && common != 0 && head[common - 1] == '/')) {
			const char close[] = { l.is_variable ? '\0' : l.quote, '\0' };

			el_insertstr(el, close);
			if (!l.is_variable || l.quote == '\0')
				el_insertstr(el, " ");
		} else if (l.all.n > 1 && common == l.typed) {
			if (e->listed) {
				show_list(e, &l);
				r = CC_REDISPLAY;
			} else {
				r = CC_REFRESH_BEEP;
			}
			e->listed = !e->listed;
		}
		free(head);
	}
	candidates_release(&l.all);
	free(line);
	return r;
}

/* ---- struct edit_ops ---- */

static void edit_close(struct edit *e)
{
	if (e == NULL)
		return;
	if (e->el != NULL)
		el_end(e->el);
	if (e->in != NULL)
		fclose(e->in);
	if (e->out != NULL)
		fclose(e->out);
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

/* libedit on the terminal, with the user's .editrc. NULL: a terminal that it cannot use. */
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
	e->in = stream(sh->tty->fd, "r");
	e->out = stream(sh->tty->fd, "w");
	e->el = e->in != NULL && e->out != NULL ? el_init("mish", e->in, e->out, e->out) : NULL;
	if (e->el == NULL) {
		edit_close(e);
		return NULL;
	}
	el_set(e->el, EL_CLIENTDATA, e);
	el_set(e->el, EL_SIGNAL, 0);
	el_set(e->el, EL_PROMPT_ESC, prompt, '\1');
	el_set(e->el, EL_HIST, history_walk, e);
	el_set(e->el, EL_EDITOR, "emacs");
	el_set(e->el, EL_ADDFN, "mish-complete", "complete the word", complete);
	el_set(e->el, EL_BIND, "^I", "mish-complete", NULL);
	el_set(e->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	if (var_text(sh, "HOME") != NULL) {
		struct strbuf rc = { 0 };

		strbuf_addf(&rc, "%s/.editrc", var_text(sh, "HOME"));
		el_source(e->el, rc.s);
		strbuf_release(&rc);
	}
	el_set(e->el, EL_GETCFN, get_char);
	return e;
}

static void choose_keys(struct edit *e)
{
	bool vi = opt(e->sh, OPT_VI);

	if (vi == e->vi)
		return;
	e->vi = vi;
	el_set(e->el, EL_EDITOR, vi ? "vi" : "emacs");
	el_set(e->el, EL_BIND, "^I", "mish-complete", NULL);
}

/* Reads one line after the prompt `text`; *ret is set with EDIT_LINE only. */
static enum edit_result edit_read_line(struct edit *e, struct shell *sh, const char *text,
				       bool fresh, char **ret)
{
	const char *line;
	int n = 0;

	e->prompt = text;
	e->fresh = fresh;
	e->restore = fresh;
	e->result = EDIT_LINE;
	e->mb = (mbstate_t){ 0 };
	e->hist_pos = hist_count(sh->hist) + 1;
	e->listed = false;
	choose_keys(e);
	el_resize(e->el);
	line = el_gets(e->el, &n);
	if (e->result == EDIT_INTERRUPTED) {
		fputs("^C\n", e->out);
		fflush(e->out);
		el_reset(e->el);
		return EDIT_INTERRUPTED;
	}
	if (e->result == EDIT_SIGNAL) {
		fputc('\n', e->out);
		fflush(e->out);
	}
	if (e->result != EDIT_LINE) {
		el_reset(e->el);
		return e->result;
	}
	if (line == NULL || n <= 0)
		return EDIT_EOF;
	*ret = xstrndup(line, (size_t)n);
	return EDIT_LINE;
}

const struct edit_ops mish_edit_ops = {
	.module = { MODULE_BUILD }, .open = edit_open, .close = edit_close, .read = edit_read_line,
};
