#include <config.h>

#include "pty/askpass.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pty/term.h"
#include "wire/io_full.h"
#include "wire/text.h"

enum { ANSWER_MAX = 1024, TURN_MS = 1000 };

void askpass_show(int tty, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char *line = n != 0 ? text_line(text) : NULL; /* C0, DEL and C1 */

		dprintf(tty, "%s%s", line != NULL ? line : "", text[n] == '\n' ? "\r\n" : "");
		free(line);
		text += n + (text[n] == '\n');
	}
}

/* Takes the last character back, of any number of bytes, and what is shown of it. */
static size_t rub_out(int tty, const char *buf, size_t n, bool echo)
{
	if (n == 0)
		return 0;
	while (--n != 0 && ((unsigned char)buf[n] & 0xc0) == 0x80)
		;
	if (echo)
		dprintf(tty, "\b \b");
	return n;
}

/* A line from the raw terminal, with what the terminal's driver has of an editor, echoed or not. False at ^C, ^D or a hangup. */
static bool ask(int tty, const char *prompt, bool echo, char *buf, size_t size)
{
	size_t n = 0;

	askpass_show(tty, prompt);
	for (;;) {
		struct pollfd p[2] = { { .fd = tty, .events = POLLIN }, { .fd = STDERR_FILENO } };
		ssize_t got;
		char c;

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return false;
		if (p[1].revents != 0) /* the link, which reads that, is gone: the terminal is the shell's */
			return false;
		got = read(tty, &c, 1);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got != 1)
			return false;
		if (c == 3 || c == 4) {
			dprintf(tty, "\r\n");
			return false;
		}
		if (c == '\r' || c == '\n')
			break;
		if (c == 8 || c == 127) {
			n = rub_out(tty, buf, n, echo);
		} else if (c == 21) { /* ^U */
			while (n != 0)
				n = rub_out(tty, buf, n, echo);
		} else if (n + 1 < size) {
			buf[n++] = c;
			if (echo && (unsigned char)c >= ' ')
				(void)!write(tty, &c, 1);
		}
	}
	buf[n] = '\0';
	dprintf(tty, "\r\n");
	return true;
}

/* The link shows what was said before; one that does not is not waited for. */
static void await_turn(const char *cookie)
{
	int unread = 1;

	if (dprintf(STDERR_FILENO, ASKPASS_ASKS, cookie) < 0)
		return;
	for (int ms = 0; ms < TURN_MS && unread != 0; ms += 10)
		if (ioctl(STDERR_FILENO, FIONREAD, &unread) < 0 || poll(NULL, 0, 10) < 0)
			break;
	(void)poll(NULL, 0, 20); /* read is not shown yet */
}

/* No answer would be an empty password, three times. */
static void end_ssh(pid_t ssh)
{
	if (getppid() == ssh) /* else it is gone, and that is somebody else */
		kill(ssh, SIGTERM);
}

/* Where the terminal's keys go, and nowhere else, it can be read; our job has it only where a program of its own asked at it. */
static void join_foreground(int tty)
{
	signal(SIGINT, SIG_IGN); /* the guardian hears of it */
	if (tcgetpgrp(tty) > 0)
		(void)setpgid(0, tcgetpgrp(tty));
}

/* Asks as ask() does, whatever modes a program has that asked before. */
static bool ask_quietly(int tty, const char *prompt, bool echo, char *buf, size_t size)
{
	struct termios modes = { 0 }, quiet;
	bool ok, lines = tcgetattr(tty, &modes) == 0 && (modes.c_lflag & ICANON) != 0;

	quiet = modes;
	quiet.c_lflag &= ~(tcflag_t)(ICANON | ECHO); /* and no more: who is interrupted may write before these are back */
	if (lines)
		(void)tcsetattr(tty, TCSADRAIN, &quiet);
	ok = ask(tty, prompt, echo, buf, size);
	if (lines)
		(void)tcsetattr(tty, TCSADRAIN, &modes);
	return ok;
}

int askpass_main(const char *prompt)
{
	const char *cookie = getenv(ASKPASS_MARK);
	pid_t ssh = getppid();
	const char *hint = getenv("SSH_ASKPASS_PROMPT"); /* ssh(1), ENVIRONMENT */
	bool echo = strstr(prompt, "(yes/no") != NULL || (hint != NULL && strcmp(hint, "confirm") == 0);
	int tty = term_open(), r = 1;
	char answer[ANSWER_MAX];

	if (tty < 0 || cookie == NULL || strcmp(cookie, ASKPASS_NEVER) == 0) {
		end_ssh(ssh);
		return 1;
	}
	join_foreground(tty);
	if (hint != NULL && strcmp(hint, "none") == 0) { /* something to touch, at once perhaps: ssh(1) ends us */
		askpass_show(tty, prompt);
		askpass_show(tty, "\n");
		struct pollfd p = { .fd = STDERR_FILENO };

		while (poll(&p, 1, -1) < 0 && errno == EINTR)
			;
		return 1;
	}
	await_turn(cookie);
	if (ask_quietly(tty, prompt, echo, answer, sizeof(answer) - 1)) {
		size_t n = strlen(answer);

		answer[n] = '\n';
		r = io_write_full(STDOUT_FILENO, answer, n + 1) < 0;
	}
	explicit_bzero(answer, sizeof(answer));
	if (r != 0)
		end_ssh(ssh);
	return r;
}
