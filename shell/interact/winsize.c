#include <config.h>

#include "shell/interact/winsize.h"

#include <string.h>
#include <sys/ioctl.h>

#include "shell/expand/var.h"
#include "shell/jobs/tty.h"
#include "shell/parser/decimal.h"

/* Nothing where that is so: an assignment may be watched. A constant one of the user's stays. */
static void set(struct shell *sh, const char *name, unsigned short n)
{
	const char *now = var_text(sh, name);
	char buf[DECIMAL_MAX];
	const char *text = decimal_print(buf, n);

	if (n != 0 && (now == NULL || strcmp(now, text) != 0))
		(void)var_set(sh, name, text, 0);
}

void winsize_note(struct shell *sh)
{
	struct winsize ws;

	if (opt(sh, OPT_POSIX) || sh->tty->fd < 0 || ioctl(sh->tty->fd, TIOCGWINSZ, &ws) < 0)
		return;
	set(sh, "COLUMNS", ws.ws_col);
	set(sh, "LINES", ws.ws_row);
}
