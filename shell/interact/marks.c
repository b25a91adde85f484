#include <config.h>

#include "shell/interact/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/expand/option.h"
#include "shell/expand/var.h"
#include "shell/jobs/tty.h"
#include "wire/io_full.h"
#include "wire/node.h"
#include "wire/text.h"

enum { TITLE_MAX = 200 };

static bool ran; /* a command, since the last prompt */

/* Terminals that keep what they do not know to themselves. */
static bool is_known(struct shell *sh)
{
	static const char *const known[] = { "xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "st-", "wezterm", "vte", "gnome",
					     "konsole", "putty", "contour", "ghostty", "mintty", "iterm" };
	const char *term = var_text(sh, "TERM");

	if (sh->tty->fd < 0 || term == NULL || opt(sh, OPT_POSIX))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(term, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static void put(const struct shell *sh, struct strbuf *b)
{
	if (b->len != 0)
		(void)io_write_full(sh->tty->fd, b->s, b->len);
	strbuf_release(b);
}

/* A title, without anything that would end it. */
static void add_title(struct strbuf *b, const char *text)
{
	size_t len = strnlen(text, TITLE_MAX);
	char *s;

	while (len != 0 && text[len - 1] == '\n')
		len--;
	s = xstrndup(text, len);

	text_clean(s);
	strbuf_addf(b, "\033]0;%s\a", s);
	free(s);
}

static void add_directory(struct shell *sh, struct strbuf *b)
{
	const char *pwd = var_text(sh, "PWD");
	char host[NODE_NAME_MAX + 1];

	if (pwd == NULL)
		return;
	node_own_name(host, sizeof(host));
	strbuf_addf(b, "\033]7;file://%s", host);
	for (const char *s = pwd; *s != '\0'; s++) { /* RFC 3986, 2.1 */
		bool plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || strchr("/-._~", *s) != NULL;

		strbuf_addf(b, plain ? "%c" : "%%%02X", (unsigned)(unsigned char)*s);
	}
	strbuf_addc(b, '\a');
}

void marks_before_prompt(struct shell *sh)
{
	const char *user = var_text(sh, "USER"), *pwd = var_text(sh, "PWD"), *home = var_text(sh, "HOME");
	struct strbuf b = { 0 }, title = { 0 };
	char host[NODE_NAME_MAX + 1];

	if (!is_known(sh))
		return;
	if (!opt(sh, OPT_NO_MARKS)) {
		if (ran)
			strbuf_addf(&b, "\033]133;D;%d\a", sh->frame.status);
		add_directory(sh, &b);
		strbuf_adds(&b, "\033]133;A\a");
	}
	ran = false;
	if (!opt(sh, OPT_NO_TITLE) && pwd != NULL) {
		size_t n = home != NULL && home[0] == '/' && home[1] != '\0' ? strlen(home) : 0;
		bool below = n != 0 && strncmp(pwd, home, n) == 0 && (pwd[n] == '/' || pwd[n] == '\0');

		node_own_name(host, sizeof(host));
		strbuf_addf(&title, "%s%s%s: %s%s", user != NULL ? user : "", user != NULL ? "@" : "", host, below ? "~" : "", below ? pwd + n : pwd);
		add_title(&b, title.s);
		strbuf_release(&title);
	}
	put(sh, &b);
}

void marks_add_end(struct shell *sh, struct strbuf *prompt)
{
	if (is_known(sh) && !opt(sh, OPT_NO_MARKS))
		strbuf_adds(prompt, "\033]133;B\a");
}

void marks_before_command(struct shell *sh, const char *command)
{
	struct strbuf b = { 0 };

	ran = true;
	if (!is_known(sh))
		return;
	if (!opt(sh, OPT_NO_TITLE))
		add_title(&b, command);
	if (!opt(sh, OPT_NO_MARKS))
		strbuf_adds(&b, "\033]133;C\a");
	put(sh, &b);
}
