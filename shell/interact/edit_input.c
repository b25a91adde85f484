#include <config.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/bind.h"
#include "shell/exec/hist.h"
#include "shell/interact/edit_keys.h"
#include "shell/parser/strbuf.h"

/* What comes from the keyboard: characters, keys of several bytes, pastes, and what the terminal answers. */

enum { SEQUENCE_MS = 50 }; /* the bytes of one key come at once; a person's ESC comes alone */

void edit_type(struct edit *e, wchar_t w)
{
	if (e->next == e->queued)
		e->next = e->queued = 0;
	if (e->queued < sizeof(e->queue) / sizeof(e->queue[0]))
		e->queue[e->queued++] = w;
}

/* Is another byte there, or comes within so many ms? */
static bool is_pending(const struct edit *e, int ms)
{
	struct pollfd p = { .fd = fileno(e->in), .events = POLLIN };

	int r = 0;

	while (e->sh->line.ahead_len == 0 && (r = poll(&p, 1, ms)) < 0 && errno == EINTR)
		;
	return e->sh->line.ahead_len != 0 || r > 0;
}

/* A byte from the terminal. */
static bool get_byte(struct edit *e, unsigned char *ret)
{
	locale_t was = edit_shell_locale(e);

	hist_learn(e->sh->hist); /* at the first byte, as a rule, when the prompt stands and nobody waits */
	e->result = edit_wait_byte(e->sh, edit_keys_may_leave(e), &e->waiter, ret);
	edit_own_locale(e, was);
	return e->result == EDIT_LINE;
}

/* The rest of a key that begins with ESC [ or ESC O, in s behind these two. False: it broke off. */
static bool get_sequence(struct edit *e, char *s, size_t room)
{
	size_t n = 2;
	unsigned char c;

	while (n + 1 < room && is_pending(e, SEQUENCE_MS) && get_byte(e, &c)) {
		s[n++] = (char)c;
		s[n] = '\0';
		if (s[1] == 'O' || (c >= 0x40 && c <= 0x7e && (n > 3 || c != '[')))
			return true;
	}
	return false;
}

/* Has the user, or libedit, or have we something for it? libedit says it in words only. */
static bool is_bound(struct edit *e, const char *sequence)
{
	wchar_t *w = edit_text_decode(sequence, strlen(sequence), NULL);
	bool r;

	fflush(e->none);
	strbuf_clear(&e->said);
	el_wset(e->el, EL_BIND, w, NULL);
	fflush(e->none);
	r = strstr(strbuf_str(&e->said), "Unbound") == NULL;
	strbuf_clear(&e->said);
	free(w);
	return r;
}

/* What stands between the marks of a paste goes into the line as it is. */
static void take_paste(struct edit *e)
{
	static const char mark[] = "\033[201~";
	struct strbuf b = { 0 };
	unsigned char c, last = 0;
	wchar_t *w;

	while (get_byte(e, &c)) {
		bool both = (c == '\n' && last == '\r') || (c == '\r' && last == '\n');

		last = both ? '\0' : c;
		if (both) /* one end of a line, of a file from other systems; the terminal may swap them (INLCR) */
			continue;
		strbuf_addc(&b, c == '\r' ? '\n' : (char)c);
		if (b.len >= sizeof(mark) - 1 && memcmp(b.s + b.len - (sizeof(mark) - 1), mark, sizeof(mark) - 1) == 0) {
			strbuf_cut(&b, b.len - (sizeof(mark) - 1));
			break;
		}
	}
	while (b.len != 0 && b.s[b.len - 1] == '\n')
		strbuf_cut(&b, b.len - 1); /* it is not run before it was looked at */
	w = edit_text_decode(strbuf_str(&b), b.len, NULL);
	strbuf_release(&b);
	if (e->search != NULL) { /* it is looked for */
		for (const wchar_t *p = w; *p != L'\0' && *p != L'\n'; p++)
			edit_type(e, *p);
		free(w);
		return;
	}
	edit_keys_note(e);
	if (*w != L'\0' && el_winsertstr(e->el, w) < 0)
		edit_beep(e);
	edit_keys_note(e); /* one step for undo */
	free(w);
}

/* A byte of text. */
static void take_byte(struct edit *e, unsigned char c)
{
	wchar_t w[EDIT_TEXT_MAX];
	size_t n = edit_text_feed(&e->decoder, c, w);

	for (size_t i = 0; i < n; i++)
		if (w[i] != L'\0' || !e->quoting) /* NUL is no text */
			edit_type(e, w[i] != L'\0' ? w[i] : EDIT_NUL);
}

/* ESC was read: a key of several bytes, a paste, or ESC itself. */
static void take_sequence(struct edit *e)
{
	char s[32] = "\033";
	unsigned char c;

	if (!is_pending(e, SEQUENCE_MS)) {
		edit_type(e, L'\033');
		return;
	}
	if (!get_byte(e, &c))
		return;
	s[1] = (char)c;
	if (c == '\033' && e->vi) { /* the first is vi's Escape, and another key begins */
		edit_type(e, L'\033');
		sh_type_back(e->sh, '\033');
	} else if (c != '[' && c != 'O') { /* with the meta key */
		edit_type(e, L'\033');
		take_byte(e, c);
	} else if (get_sequence(e, s, sizeof(s))) {
		if (strcmp(s, "\033[200~") == 0)
			take_paste(e);
		else if (e->choosing && s[1] == '[' && strchr("ABCDZ", s[2]) != NULL) /* the menu's, whatever they do elsewhere */
			edit_type(e, edit_keys_private(s + 1));
		else if (is_bound(e, s)) /* by the user */
			for (const char *k = s; *k != '\0'; k++)
				edit_type(e, (unsigned char)*k);
		else if (!bind_is_off(s) && edit_keys_private(s + 1) != 0)
			edit_type(e, edit_keys_private(s + 1));
		/* else it is nobody's key, and no text either */
	} else if (s[2] == '\0') { /* Alt with [ or O */
		edit_type(e, L'\033');
		edit_type(e, c);
	} /* else a key that broke off on its way */
}

/* … of which nobody may see half. */
static void take_escape(struct edit *e)
{
	bool was = e->busy;

	e->busy = true;
	take_sequence(e);
	e->busy = was;
}

/* While nobody types. */
static void look_on(struct edit *e)
{
	bool was = e->looking;

	while (e->looking && !is_pending(e, 0))
		edit_look_on(e);
	if (was && !e->looking)
		edit_draw(e);
}

/* The next character for libedit, or for one of our commands. */
bool edit_key(struct edit *e, wchar_t *ret)
{
	unsigned char c;

	while (e->next == e->queued) {
		if (!is_pending(e, 0)) {
			if (!e->busy)
				edit_keys_suggest(e);
			edit_draw(e);
			look_on(e);
		}
		if (!get_byte(e, &c))
			return false;
		if (c == '\033' && e->decoder.n == 0 && !e->quoting) {
			take_escape(e);
			if (e->result != EDIT_LINE)
				return false;
			continue;
		}
		take_byte(e, c);
	}
	*ret = e->queue[e->next++];
	return true;
}

/* Takes the terminal's answer out of what came; false: it is not there, or not whole. */
static bool take_answer(struct strbuf *b, int *ret)
{
	const char *s = strbuf_str(b), *end = s + b->len;

	for (; (s = memchr(s, '\033', (size_t)(end - s))) != NULL; s++) {
		size_t at = (size_t)(s - b->s);
		int row, col, used = 0;

		if (sscanf(s, "\033[%d;%dR%n", &row, &col, &used) == 2 && used != 0) {
			*ret = col - 1;
			memmove(b->s + at, b->s + at + used, b->len - at - (size_t)used);
			strbuf_cut(b, b->len - (size_t)used);
			return true;
		}
	}
	return false;
}

/* What the terminal says where its cursor is (ECMA-48 CPR); false: nothing, for a while. What is typed meanwhile waits. */
bool edit_ask_column(struct edit *e, int *ret)
{
	struct pollfd p = { .fd = fileno(e->in), .events = POLLIN };
	struct strbuf came = { 0 };
	bool answered = false;
	char buf[256];
	int ready;

	fputs("\033[6n", e->out);
	fflush(e->out);
	while (!answered && ((ready = poll(&p, 1, 4 * SEQUENCE_MS)) > 0 || (ready < 0 && errno == EINTR))) {
		ssize_t n = ready > 0 ? read(p.fd, buf, sizeof(buf)) : 0;

		if (n <= 0 && ready > 0)
			break;
		if (n > 0)
			strbuf_add(&came, buf, (size_t)n);
		answered = take_answer(&came, ret);
	}
	sh_type_ahead(e->sh, strbuf_str(&came), came.len);
	strbuf_release(&came);
	return answered;
}
