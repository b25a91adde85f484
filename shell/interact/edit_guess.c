#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/interact/edit_keys.h"
#include "shell/interact/edit_quote.h"
#include "shell/interact/place.h"
#include "shell/jobs/fork.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/strbuf.h"

/*
 * What completion suggests behind a line for which the history has nothing. Directories may take long, and those of a server
 * that is gone for ever: a child looks, once nobody has typed for a moment.
 */

enum { PAUSE_MS = 80, GUESS_MAX = 4096 };

/* What completion puts behind the line; of commands only where it is the only one. */
static void find_rest(struct edit *e, const char *line, struct strbuf *ret)
{
	size_t len = strlen(line);
	struct place p = place_find(line, len);
	struct complete_list l = { 0 };

	edit_shell_locale(e);
	complete_line(e->sh, line, len, COMPLETE_QUICKLY, &l);
	if (l.all.n != 0 && l.typed != 0 && strlen(l.all.v[0]) > l.typed && (l.all.n == 1 || l.is_file || p.command != p.word))
		edit_quote_candidate(l.all.v[0] + l.typed, &l, ret);
	/* the process ends here: nothing is freed */
}

static void be_child(struct edit *e, const char *line, int fd)
{
	struct strbuf rest = { 0 };

	if (fd != 0 && dup2(fd, 0) < 0)
		_exit(1);
	for (int i = 1; i < 3; i++) /* a message has no place to be */
		dup2(0, i);
	close_range(3, ~0U, 0); /* nobody waits for us, and nobody sees that we are still there */
	find_rest(e, line, &rest);
	if (rest.len != 0 && rest.len < GUESS_MAX)
		(void)!write(0, rest.s, rest.len);
	_exit(0);
}

/* True: there is no child, or no more. */
static bool is_gone(struct edit_guess *g)
{
	pid_t r;

	if (g->pid == 0)
		return true;
	while ((r = waitpid(g->pid, NULL, WNOHANG)) < 0 && errno == EINTR)
		;
	if (r != 0) /* the shell may have had it, with its other children */
		g->pid = 0;
	return r != 0;
}

/* Nobody waits for what is being looked for. */
static void stop(struct edit *e)
{
	struct edit_guess *g = &e->guess;

	if (!is_gone(g))
		kill(g->pid, SIGKILL);
	if (e->waiter.fd >= 0)
		close(e->waiter.fd);
	e->waiter.fd = -1;
	e->waiter.pause_ms = -1;
	strbuf_clear(&g->came);
}

void edit_guess_end(struct edit *e)
{
	stop(e);
	free(e->guess.line);
	e->guess.line = NULL;
	strbuf_release(&e->guess.came);
}

/* Is the last thing on the line a word that goes on? */
static bool is_in_word(const char *line)
{
	size_t n = strlen(line);

	return n != 0 && strchr(" \t\n;|&()<>", line[n - 1]) == NULL;
}

void edit_guess(struct edit *e, const char *line)
{
	struct edit_guess *g = &e->guess;
	size_t n = strlen(line);

	if (g->line != NULL && e->waiter.fd < 0 && n >= g->asked && strncmp(g->line, line, n) == 0) {
		if (g->line[n] != '\0')
			e->hint = edit_text_decode(g->line + n, strlen(g->line + n), NULL);
		return;
	}
	edit_guess_end(e);
	/* a trap would hear of our child, and the prompt begin anew */
	if (!opt(e->sh, OPT_POSIX) && !opt(e->sh, OPT_NO_SUGGEST_COMPLETION) && !sigs_acts(e->sh, SIGCHLD) && is_in_word(line))
		e->waiter.pause_ms = PAUSE_MS;
}

void edit_guess_begin(struct edit *e)
{
	struct edit_guess *g = &e->guess;
	struct edit_line l = edit_line(e->el);
	int fds[2];

	if (!is_gone(g) || pipe2(fds, O_CLOEXEC) < 0) /* one that hangs is enough */
		return;
	g->line = edit_text_encode(l.s, l.len);
	g->asked = strlen(g->line);
	g->pid = fork_shell(e->sh, NULL, JOB_FG);
	if (g->pid == 0)
		be_child(e, g->line, fds[1]);
	close(fds[1]);
	if (g->pid > 0) {
		e->waiter.fd = fds[0];
		return;
	}
	close(fds[0]);
	g->pid = 0;
	edit_guess_end(e);
}

bool edit_guess_came(struct edit *e)
{
	struct edit_guess *g = &e->guess;
	char buf[512];
	ssize_t n = read(e->waiter.fd, buf, sizeof(buf));
	struct strbuf line = { 0 };

	if (n < 0 && errno == EINTR)
		return false;
	if (n > 0 && g->came.len + (size_t)n < GUESS_MAX) {
		strbuf_add(&g->came, buf, (size_t)n);
		return false;
	}
	strbuf_addf(&line, "%s%s", g->line, strbuf_str(&g->came));
	free(g->line);
	g->line = strbuf_take(&line);
	stop(e);
	return true;
}
