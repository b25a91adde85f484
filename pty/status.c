#include <config.h>

#include "pty/status.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/term.h"
#include "wire/now.h"

enum { ESCAPE_KEY = 035 /* ^] */, TAIL = 128, REPORT_MS = 300 };
enum {
	ANSWER_QUIET_MS = 1000, /* without a key: nobody types the rest of an answer any more */
	ANSWER_MS = 3000,	/* then the terminal is the session's in any case */
};

static void put(const struct status *s, const char *text)
{
	(void)!write(s->tty, text, strlen(text)); /* a terminal that is stopped does without it */
}

size_t status_unfinished(const uint8_t *s, size_t len)
{
	size_t i = len;

	/* a character of several bytes */
	while (i != 0 && len - i < 4 && (s[i - 1] & 0xc0) == 0x80)
		i--;
	if (i != 0 && s[i - 1] >= 0xc0) {
		size_t need = s[i - 1] >= 0xf0 ? 4 : s[i - 1] >= 0xe0 ? 3 : 2;

		if (len - i + 1 < need)
			return len - i + 1;
	}
	/* an escape sequence: ESC, or ESC [ parameters final, or a string up to BEL or ESC \ */
	for (i = len; i != 0 && len - i < TAIL; i--) {
		const uint8_t *p = s + i - 1;
		size_t n = len - i + 1;

		if (*p != 033)
			continue;
		if (n == 1)
			return 1;
		if (p[1] == '\\')
			continue; /* the end of a string */
		if (p[1] == '[') {
			for (size_t k = 2; k < n; k++)
				if (p[k] >= 0x40 && p[k] <= 0x7e)
					return 0;
			return n;
		}
		if (memchr("]PX^_", p[1], 5) != NULL)
			return memchr(p, 007, n) != NULL || memmem(p, n, "\033\\", 2) != NULL ? 0 : n;
		if (p[1] >= 0x20 && p[1] <= 0x2f) /* ESC ( B */
			return n < 3 ? n : 0;
		return 0;
	}
	return 0;
}

static void type(const struct status *s, struct spool *spool, const uint8_t *bytes, size_t len)
{
	if (spool_input_room(spool) >= len)
		spool_add_input(spool, bytes, len);
	else
		put(s, "\a");
}

/*
 * Takes a byte from the terminal while its report `ESC [ row ; column R` may come. True: the
 * byte belongs to the report, or to keys that began like one and are in the spool now. *row is
 * set when the report is complete.
 */
static bool report_byte(struct status *s, struct spool *spool, uint8_t c, int *row)
{
	size_t n = s->report_len;
	bool fits = n == 0 ? c == 033 : n == 1 ? c == '[' : (c >= '0' && c <= '9') || c == ';' || c == 'R';

	if (!s->report_due || (n == 0 && !fits))
		return false;
	if (fits && n + 1 < sizeof(s->report))
		s->report[s->report_len++] = c;
	if (!fits || n + 1 >= sizeof(s->report)) { /* a key */
		s->report_len = 0;
		type(s, spool, s->report, n);
		return c == 033 && report_byte(s, spool, c, row); /* the report may come behind it */
	}
	if (c == 'R') {
		s->report[n] = '\0';
		*row = atoi((const char *)s->report + 2);
		s->report_len = 0;
		s->report_due = false;
	}
	return true;
}

/* The cursor's row by the terminal's own report; 0 when it does not say in time. */
static int cursor_row(struct status *s, struct spool *spool)
{
	int64_t end = now_mono_ms() + REPORT_MS, left;
	int row = 0;

	put(s, "\033[6n");
	s->report_due = true;
	s->report_len = 0;
	while (row == 0 && spool_input_room(spool) != 0 && (left = end - now_mono_ms()) > 0) {
		struct pollfd p = { .fd = s->tty, .events = POLLIN };
		uint8_t c;

		if (poll(&p, 1, (int)left) <= 0)
			continue;
		if (read(s->tty, &c, 1) <= 0)
			break;
		if (!report_byte(s, spool, c, &row)) /* typed before */
			type(s, spool, &c, 1);
	}
	return row;
}

/* Makes room: on the last row of an ordinary screen there may be text. */
static void make_room(struct status *s, struct spool *spool)
{
	uint16_t rows, cols;
	int row;

	if (spool_alternate(spool) || term_size(s->tty, &rows, &cols) < 0)
		return;
	row = cursor_row(s, spool);
	if (row == 0 || row < (int)rows)
		return;
	/* one line up, into the scroll-back; the cursor stays in its column */
	put(s, "\0337\n\0338\033[A");
}

static void draw(const struct status *s)
{
	uint16_t rows = 24, cols = 80;
	char head[64];
	size_t n = strlen(s->text);

	(void)term_size(s->tty, &rows, &cols);
	if (n + 1 > cols && cols > 1)
		n = (size_t)cols - 1;
	snprintf(head, sizeof(head), "\0337\033[%u;1H\033[0;7m", (unsigned)rows);
	put(s, head);
	(void)!write(s->tty, s->text, n);
	put(s, "\033[0m\033[K\0338");
}

static void set_text(struct status *s, const char *text)
{
	if (s->asking)
		snprintf(s->text, sizeof(s->text), "%s %.*s",
			 s->question[0] != '\0' ? s->question : "mish: wait, login, recover [HOST], or quit?", (int)s->len,
			 s->answer);
	else
		snprintf(s->text, sizeof(s->text), "%s", text);
}

void status_show(struct status *s, struct spool *spool, const char *text)
{
	if (s->tty < 0) {
		s->tty = term_open();
		if (s->tty < 0)
			return;
		term_raw(s->tty, NULL);
		s->asking = false;
		s->question[0] = '\0';
		put(s, "\030"); /* CAN: ends a sequence that the cut left open */
		make_room(s, spool);
	}
	if (s->asking)
		return;
	set_text(s, text);
	draw(s);
}

bool status_reads(const struct status *s, const struct spool *spool)
{
	return s->tty >= 0 && (s->asking || spool_input_room(spool) > sizeof(s->report));
}

void status_ask(struct status *s, struct spool *spool, enum guard_question kind, const char *question)
{
	uint8_t c;

	status_show(s, spool, "");
	if (s->tty < 0)
		return;
	while (status_reads(s, spool) && read(s->tty, &c, 1) == 1)
		type(s, spool, &c, 1);
	if (!status_reads(s, spool)) /* what there is no room for must not become the answer */
		tcflush(s->tty, TCIFLUSH);
	snprintf(s->question, sizeof(s->question), "%s", question);
	s->kind = kind;
	status_menu(s);
}

void status_menu(struct status *s)
{
	if (s->tty < 0)
		return;
	s->asking = true;
	s->len = 0;
	set_text(s, "");
	draw(s);
}

/*
 * The question has gone while it was being answered, and the rest of the answer is no command for
 * the shell that has the terminal next: it is dropped, up to Enter.
 */
static void drop_answer(struct status *s)
{
	int64_t end = now_mono_ms() + ANSWER_MS, left;
	struct pollfd p = { .fd = s->tty, .events = POLLIN };
	char c = 0;

	s->asking = false;
	set_text(s, "mish: it goes on: no answer is needed");
	draw(s);
	while (c != '\r' && c != '\n' && c != 003 && (left = end - now_mono_ms()) > 0)
		if (poll(&p, 1, (int)(left < ANSWER_QUIET_MS ? left : ANSWER_QUIET_MS)) <= 0 || read(s->tty, &c, 1) != 1)
			break;
}

bool status_hide(struct status *s, struct spool *spool)
{
	uint8_t tail[TAIL];
	uint16_t rows = 24, cols = 80;
	char erase[64];
	size_t n, open;

	if (s->tty < 0)
		return false;
	if (s->asking && s->len != 0)
		drop_answer(s);
	(void)term_size(s->tty, &rows, &cols);
	snprintf(erase, sizeof(erase), "\0337\033[%u;1H\033[0m\033[2K\0338", (unsigned)rows);
	put(s, erase);
	n = spool_last_shown(spool, tail, sizeof(tail));
	open = status_unfinished(tail, n);
	if (open != 0)
		(void)!write(s->tty, tail + n - open, open);
	if (s->report_len != 0) /* an Escape key, say: no report comes any more */
		type(s, spool, s->report, s->report_len);
	close(s->tty);
	s->tty = -1;
	s->report_due = false;
	s->report_len = 0;
	return spool_alternate(spool);
}

enum { MENU = 1 << 8 }; /* what ^] asks; else a bit for each enum guard_question */

static const struct {
	unsigned asked;
	const char *word;
	enum status_wish wish;
} words[] = {
	{ MENU, "wait", STATUS_RETRY },
	{ MENU, "recover", STATUS_RECOVER },
	{ MENU, "login", STATUS_LOGIN },
	{ MENU, "quit", STATUS_QUIT },
	{ 1 << GUARD_ASK_HOME | 1 << GUARD_ASK_LOST, "state", STATUS_ITS },
	{ 1 << GUARD_ASK_HOME | 1 << GUARD_ASK_LOST, "left", STATUS_LEFT },
	{ 1 << GUARD_ASK_ONWARD, "yes", STATUS_ITS },
	{ 1 << GUARD_ASK_HOME | 1 << GUARD_ASK_ONWARD, "no", STATUS_NO },
	{ 1 << GUARD_ASK_LOST, "quit", STATUS_NO },
};

/* A word, or its beginning. What is none of them is asked again, or to ^] no more than to wait. */
static enum status_wish answered(struct status *s)
{
	bool question = s->question[0] != '\0';
	unsigned asked = question ? 1u << s->kind : MENU;
	char *word, *save = NULL, *node;

	s->answer[s->len] = '\0';
	word = strtok_r(s->answer, " ", &save);
	node = word != NULL ? strtok_r(NULL, " ", &save) : NULL;
	for (size_t i = 0; word != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		if ((words[i].asked & asked) != 0 && strncmp(words[i].word, word, strlen(word)) == 0) {
			s->asking = false;
			memmove(s->answer, node != NULL ? node : "", node != NULL ? strlen(node) + 1 : 1);
			return words[i].wish;
		}
	s->len = 0;
	s->asking = question;
	return question ? STATUS_NOTHING : STATUS_RETRY;
}

/* One key of the answer. */
static enum status_wish key(struct status *s, char c)
{
	if (c == '\r' || c == '\n')
		return answered(s);
	if (s->question[0] == '\0' && (c == 003 || c == 033 || c == ESCAPE_KEY)) {
		s->asking = false;
		return STATUS_RETRY;
	}
	if (c == 003) { /* ^C is no word: it does not end a session that is lost */
		s->len = 0;
		return s->kind != GUARD_ASK_LOST ? STATUS_NO : STATUS_NOTHING;
	}
	if (c == 010 || c == 0177)
		s->len -= s->len != 0;
	else if (c == 025)
		s->len = 0;
	else if (c >= ' ' && s->len + 1 < sizeof(s->answer))
		s->answer[s->len++] = c;
	return STATUS_NOTHING;
}

enum status_wish status_read(struct status *s, struct spool *spool)
{
	uint8_t buf[256];
	enum status_wish wish = STATUS_NOTHING;
	size_t room = spool_input_room(spool);
	bool typed = false;
	int row;
	ssize_t n = read(s->tty, buf, room < sizeof(buf) ? (room != 0 ? room : 1) : sizeof(buf));

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return STATUS_GONE;
	for (ssize_t i = 0; i < n; i++) {
		if (report_byte(s, spool, buf[i], &row))
			continue;
		if (s->asking && wish == STATUS_NOTHING) {
			wish = key(s, (char)buf[i]);
		} else if (buf[i] == ESCAPE_KEY && wish == STATUS_NOTHING) {
			status_menu(s);
		} else { /* what comes after an answer is typed again */
			type(s, spool, buf + i, 1);
			typed = true;
		}
	}
	if (wish == STATUS_NOTHING && typed)
		wish = STATUS_TYPED;
	if (s->asking) {
		set_text(s, "");
		draw(s);
	}
	return wish;
}
