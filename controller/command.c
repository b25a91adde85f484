#include <config.h>

#include "controller/command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "controller/limits.h"

enum { COMMAND_REST_MS = 500 }; /* between the end of a program and that of its pipe, at most */

static void finish(struct command *c)
{
	/* what is behind a NUL would be lost: a part of a list is no list */
	bool binary = c->text != NULL && strlen(c->text) != c->len;
	char why[128];

	c->running = false;
	if (c->late)
		snprintf(why, sizeof(why), "took longer than %d s", COMMAND_MS_MAX / 1000);
	else if (c->cut)
		snprintf(why, sizeof(why), "printed more than %d KiB", COMMAND_TEXT_MAX / 1024);
	else if (binary)
		snprintf(why, sizeof(why), "printed no text");
	else
		snprintf(why, sizeof(why), "ended with status %d", (int)c->status);
	c->done(c->arg, c->late || c->cut || binary || c->status != 0 ? NULL : c->text != NULL ? c->text : "", why);
	free(c->text);
	free(c->path);
	c->text = c->path = NULL;
	c->len = 0;
}

static void on_closed(uv_handle_t *h)
{
	struct command *c = h->data;

	if (--c->handles == 0)
		finish(c);
}

static void close_handle(uv_handle_t *h)
{
	if (!uv_is_closing(h))
		uv_close(h, on_closed);
}

/* Closes the pipe; the timer, too, when the process has ended. */
static void close_out(struct command *c)
{
	close_handle((uv_handle_t *)&c->out);
	if (uv_is_closing((uv_handle_t *)&c->process))
		close_handle((uv_handle_t *)&c->timer);
}

static void on_timeout(uv_timer_t *t)
{
	struct command *c = t->data;

	if (uv_is_closing((uv_handle_t *)&c->process)) {
		close_out(c);
		return;
	}
	c->late = true;
	/* the whole process group: its children would keep the pipe open */
	kill(-c->process.pid, SIGKILL);
	close_out(c);
}

static void on_exit_status(uv_process_t *p, int64_t status, int signo)
{
	struct command *c = p->data;

	c->status = signo != 0 ? 128 + signo : status;
	close_handle((uv_handle_t *)&c->process);
	if (uv_is_closing((uv_handle_t *)&c->out))
		close_handle((uv_handle_t *)&c->timer);
	else /* what it left in the background may keep the pipe open for ever */
		uv_timer_start(&c->timer, on_timeout, COMMAND_REST_MS, 0);
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	(void)h;
	buf->base = malloc(suggested);
	buf->len = buf->base != NULL ? suggested : 0;
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct command *c = s->data;
	char *p = n > 0 && c->len + (size_t)n < COMMAND_TEXT_MAX ? realloc(c->text, c->len + (size_t)n + 1) : NULL;

	if (p != NULL) {
		c->text = p;
		memcpy(p + c->len, buf->base, (size_t)n);
		c->len += (size_t)n;
		p[c->len] = '\0';
	} else if (n != 0) {
		c->cut = n > 0; /* too much: a part of a list is no list */
		close_out(c);
	}
	free(buf->base);
}

void command_start(struct command *c, uv_loop_t *loop, const char *path,
		   void (*done)(void *arg, const char *text, const char *why), void *arg)
{
	uv_stdio_container_t stdio[3] = { { .flags = UV_IGNORE }, { .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE },
					  { .flags = UV_INHERIT_FD, .data.fd = 2 } };
	uv_process_options_t o = { .exit_cb = on_exit_status, .stdio_count = 3, .stdio = stdio,
				   .flags = UV_PROCESS_DETACHED };
	static char shell[] = "/bin/sh", option[] = "-c", script[] = "exec \"$0\"";
	char *argv[5] = { shell, option, script };
	int r;

	if (c->running)
		return;
	*c = (struct command){ .running = true, .done = done, .arg = arg, .path = strdup(path), .handles = 3 };
	/*
	 * uv_spawn() waits until the child has become the program, which may be on a file server
	 * that does not answer. So it starts /bin/sh, which is here, and the shell becomes the
	 * program under our time limit.
	 */
	argv[3] = c->path;
	o.file = shell;
	o.args = argv;
	uv_pipe_init(loop, &c->out, 0);
	uv_timer_init(loop, &c->timer);
	c->process.data = c->out.data = c->timer.data = c;
	stdio[1].data.stream = (uv_stream_t *)&c->out;
	r = c->path != NULL ? uv_spawn(loop, &c->process, &o) : UV_ENOMEM;
	if (r < 0) {
		c->status = 127;
		close_handle((uv_handle_t *)&c->out);
		close_handle((uv_handle_t *)&c->timer);
		close_handle((uv_handle_t *)&c->process);
		return;
	}
	uv_read_start((uv_stream_t *)&c->out, on_alloc, on_read);
	uv_timer_start(&c->timer, on_timeout, COMMAND_MS_MAX, 0);
}
