#include <config.h>

#include "pty/status.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty/term.h"
#include "rendezvous/io_full.h"

enum { ESCAPE_KEY = 035 /* ^] */, TAIL = 128, REPORT_MS = 300, REPORT_MAX = 32 };

static void put(const struct status *s, const char *text)
{
	(void)io_write_full(s->tty, text, strlen(text));
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

/* The cursor's row by the terminal's own report; 0 when it does not say. */
static int cursor_row(struct status *s, struct spool *spool)
{
	uint8_t buf[REPORT_MAX];
	int64_t end = io_now_ms() + REPORT_MS, left;
	size_t len = 0;
	int row = 0;

	put(s, "\033[6n");
	while (row == 0 && len < sizeof(buf) && (left = end - io_now_ms()) > 0) {
		struct pollfd p = { .fd = s->tty, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(s->tty, buf + len, 1);
		if (n <= 0)
			break;
		len++;
		if (buf[len - 1] != 'R')
			continue;
		for (size_t i = 0; row == 0 && i + 4 < len; i++) {
			char *rest;

			if (buf[i] != 033 || buf[i + 1] != '[')
				continue;
			row = (int)strtol((char *)buf + i + 2, &rest, 10);
			len = i; /* what came before was typed */
		}
	}
	if (spool_input_room(spool) >= len)
		spool_add_input(spool, buf, len);
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
	s->scrolled = 1;
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
	(void)io_write_full(s->tty, s->text, n);
	put(s, "\033[0m\033[K\0338");
}

static void set_text(struct status *s, const char *text)
{
	if (s->asking)
		snprintf(s->text, sizeof(s->text), "mish: wait, recover [HOST], or quit? %.*s", (int)s->len,
			 s->answer);
	else
		snprintf(s->text, sizeof(s->text), "%s", text);
}

void status_show(struct status *s, const struct spool *spool, const char *text)
{
	struct spool *sp = (struct spool *)(uintptr_t)spool;

	if (s->tty < 0) {
		s->tty = term_open();
		if (s->tty < 0)
			return;
		term_raw(s->tty, NULL);
		s->asking = false;
		s->scrolled = 0;
		put(s, "\030"); /* CAN: ends a sequence that the cut left open */
		make_room(s, sp);
	}
	if (s->asking)
		return;
	set_text(s, text);
	draw(s);
}

bool status_hide(struct status *s, const struct spool *spool)
{
	uint8_t tail[TAIL];
	uint16_t rows = 24, cols = 80;
	char erase[64];
	size_t n, open;

	if (s->tty < 0)
		return false;
	(void)term_size(s->tty, &rows, &cols);
	snprintf(erase, sizeof(erase), "\0337\033[%u;1H\033[0m\033[2K\0338", (unsigned)rows);
	put(s, erase);
	n = spool_last_shown(spool, tail, sizeof(tail));
	open = status_unfinished(tail, n);
	if (open != 0)
		(void)io_write_full(s->tty, tail + n - open, open);
	close(s->tty);
	s->tty = -1;
	return spool_alternate(spool);
}

static enum status_wish answered(struct status *s)
{
	char *word, *save = NULL, *node;

	s->answer[s->len] = '\0';
	s->asking = false;
	word = strtok_r(s->answer, " ", &save);
	node = word != NULL ? strtok_r(NULL, " ", &save) : NULL;
	if (word == NULL || strncmp("wait", word, strlen(word)) == 0)
		return STATUS_RETRY;
	if (strncmp("quit", word, strlen(word)) == 0)
		return STATUS_QUIT;
	if (strncmp("recover", word, strlen(word)) != 0)
		return STATUS_RETRY;
	memmove(s->answer, node != NULL ? node : "", node != NULL ? strlen(node) + 1 : 1);
	return STATUS_RECOVER;
}

/* One key of the answer. */
static enum status_wish key(struct status *s, char c)
{
	if (c == '\r' || c == '\n')
		return answered(s);
	if (c == 003 || c == 033 || c == ESCAPE_KEY) {
		s->asking = false;
		return STATUS_RETRY;
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
	ssize_t n = read(s->tty, buf, room < sizeof(buf) ? (room != 0 ? room : 1) : sizeof(buf));

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return STATUS_QUIT; /* the terminal has gone; HUP says so, too */
	for (ssize_t i = 0; i < n && wish == STATUS_NOTHING; i++) {
		if (s->asking) {
			wish = key(s, (char)buf[i]);
		} else if (buf[i] == ESCAPE_KEY) {
			s->asking = true;
			s->len = 0;
		} else if (spool_input_room(spool) != 0) {
			spool_add_input(spool, buf + i, 1);
		} else {
			put(s, "\a");
		}
	}
	if (s->asking) {
		set_text(s, "");
		draw(s);
	}
	return wish;
}
