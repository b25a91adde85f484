#include <config.h>

#include "shell/exec/procsub.h"
#include "shell/exec/redir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/expand/expand.h"
#include "shell/expand/named.h"
#include "shell/jobs/sigs.h"
#include "shell/parser/arena.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/strbuf.h"
#include "shell/parser/decimal.h"
#include "shell/expand/var.h"
#include "wire/fd.h"
#include "wire/io_full.h"

enum { HERE_PIPE_MAX = 4096 }; /* what every pipe takes without a reader */

static void warn_errno(struct shell *sh, const char *name)
{
	sh_warn(sh, "%s: %s", name, strerror(errno));
}

static int open_out(struct shell *sh, const char *name, enum ast_redir_kind kind)
{
	struct stat st;
	int fd;

	if (kind == AST_REDIR_APPEND)
		return open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (kind == AST_REDIR_CLOBBER || !opt(sh, OPT_NOCLOBBER))
		return open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	/* noclobber protects regular files only, and nothing may change in between */
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0 || errno != EEXIST)
		return fd;
	fd = open(name, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		close(fd);
		errno = EEXIST;
		return -1;
	}
	return fd;
}

/* A descriptor to read the text from: a pipe when it fits into one, else a memfd. */
static int open_here(struct shell *sh, const struct ast_redir *r)
{
	const char *text;
	char *line;
	size_t len;
	int p[2], fd;

	if (r->kind == AST_REDIR_HERE_STRING) {
		text = expand_string(sh, r->target);
		if (text == NULL)
			return -2;
		len = strlen(text) + 1;
		line = arena_alloc(sh->arena, len + 1);
		memcpy(line, text, len - 1);
		memcpy(line + len - 1, "\n", 2);
		text = line;
	} else if (r->here_quoted) {
		text = r->target->parts != NULL ? r->target->parts->text : "";
		len = r->target->parts != NULL ? r->target->parts->len : 0;
	} else {
		text = expand_text(sh, r->target, &len);
		if (text == NULL)
			return -2;
	}
	if (len <= HERE_PIPE_MAX) {
		if (pipe2(p, O_CLOEXEC) < 0)
			return -1;
		if (len != 0 && write(p[1], text, len) != (ssize_t)len) {
			close(p[0]);
			p[0] = -1;
		}
		close(p[1]);
		return p[0];
	}
	fd = memfd_create("here-document", MFD_CLOEXEC);
	if (fd >= 0 && (io_write_full(fd, text, len) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/*
 * The number of <&word: a descriptor, -1 for `-`, -2 otherwise. *ret_move: `word` is `n-`, and n is to be
 * closed behind it (not POSIX's, but bash's).
 */
static int dup_source(const char *word, bool *ret_move)
{
	char *end;
	long n;

	*ret_move = false;
	if (strcmp(word, "-") == 0)
		return -1;
	n = strtol(word, &end, 10);
	*ret_move = end > word && strcmp(end, "-") == 0;
	return word[0] < '0' || word[0] > '9' || (*end != '\0' && !*ret_move) || n > 1 << 20 ? -2 : (int)n;
}

/* <&n wants a descriptor that is open for input, >&n one for output (XCU 2.7.5, 2.7.6). */
static bool is_open_for(int fd, enum ast_redir_kind kind)
{
	int mode = fcntl(fd, F_GETFL) & O_ACCMODE;

	return mode == O_RDWR || mode == (kind == AST_REDIR_DUP_IN ? O_RDONLY : O_WRONLY);
}

/* Remembers what fd was, out of the script's reach. */
static int save(struct redir_undo **undo, int fd)
{
	struct redir_undo *u;
	int saved = fcntl(fd, F_DUPFD_CLOEXEC, FD_OWN_MIN);

	if (saved < 0 && errno != EBADF)
		return -1;
	u = xmalloc(sizeof(*u));
	*u = (struct redir_undo){ *undo, fd, saved };
	*undo = u;
	return 0;
}

/* open() for the user, who may interrupt it: a FIFO that nobody opens blocks. */
static int open_file(struct shell *sh, const char *name, const struct ast_redir *r)
{
	int fd;

	do {
		if (sh->interactive)
			sigs_interruptible(sh, true);
		switch (r->kind) {
		case AST_REDIR_IN:
			fd = open(name, O_RDONLY | O_CLOEXEC);
			break;
		case AST_REDIR_RDWR:
			fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
			break;
		default:
			fd = open_out(sh, name, r->kind);
		}
		if (sh->interactive) {
			int err = errno;

			sigs_interruptible(sh, false);
			errno = err;
		}
	} while (fd < 0 && errno == EINTR && sigs_waiting(sh) == 0);
	return fd;
}

/* What becomes of the descriptor that was opened. */
struct source {
	bool borrowed; /* it is the script's, and stays */
	bool moves;    /* … and is closed */
	bool both;     /* standard error goes there, too */
};

/* `>&word` where the word is no number: a file for output and errors. */
static int open_both(struct shell *sh, const struct ast_redir *r, const char *name, struct source *ret)
{
	int fd;

	if (r->kind != AST_REDIR_DUP_OUT || r->fd != STDOUT_FILENO || opt(sh, OPT_POSIX)) {
		sh_warn(sh, "%s: not a file descriptor", name);
		return -1;
	}
	fd = open_out(sh, name, AST_REDIR_OUT);
	if (fd < 0)
		warn_errno(sh, name);
	ret->both = true;
	return fd;
}

/* The descriptor that <&word or >&word names; as open_source(). */
static int open_dup(struct shell *sh, const struct ast_redir *r, const char *name, struct source *ret)
{
	int fd = dup_source(name, &ret->moves), flags;

	if (fd == -1)
		return -3;
	if (fd == -2)
		return open_both(sh, r, name, ret);
	ret->borrowed = true;
	flags = fcntl(fd, F_GETFD);
	if (flags < 0 || (fd >= FD_OWN_MIN && fd < FD_COPROC_MIN && (flags & FD_CLOEXEC) != 0) ||
	    (opt(sh, OPT_POSIX) && !is_open_for(fd, r->kind))) {
		sh_warn(sh, "%s: %s", name, strerror(EBADF));
		return -1;
	}
	return fd;
}

/* What a redirection names: one word, as in bash, or nobody can tell which; in POSIX mode a text. NULL with a message. */
static char *target_name(struct shell *sh, const struct ast_redir *r)
{
	struct strbuf s = { 0 };
	struct fields f = { 0 };

	if (opt(sh, OPT_POSIX) || (r->target->plain != NULL && !r->target->braces))
		return expand_string(sh, r->target);
	if (expand_words(sh, r->target, &f) < 0)
		return NULL;
	if (f.n == 1)
		return f.v[0];
	ast_print_word(&s, r->target);
	sh_warn(sh, "%s: ambiguous redirection (%zu words)", strbuf_str(&s), f.n);
	strbuf_release(&s);
	return NULL;
}

/* Opens the new descriptor; -1: failed with a message, -3: close it. */
static int open_source(struct shell *sh, const struct ast_redir *r, struct source *ret)
{
	char *name;
	int fd = -1;

	*ret = (struct source){ 0 };
	if (r->kind == AST_REDIR_HERE || r->kind == AST_REDIR_HERE_STRING) {
		fd = open_here(sh, r);
		if (fd == -1)
			warn_errno(sh, "here-document");
		return fd < 0 ? -1 : fd;
	}
	name = target_name(sh, r);
	if (name == NULL)
		return -1;
	switch (r->kind) {
	case AST_REDIR_DUP_IN:
	case AST_REDIR_DUP_OUT:
		return open_dup(sh, r, name, ret);
	default:
		fd = open_file(sh, name, r);
		break;
	}
	if (fd < 0 && errno != EINTR)
		warn_errno(sh, name);
	return fd;
}

/* Puts fd in the place of `to`, which `undo` (NULL: nobody) remembers. 0, or -1 with a message. */
static int put_in_place(struct shell *sh, int fd, int to, struct redir_undo **undo)
{
	if (undo != NULL && save(undo, to) < 0) {
		warn_errno(sh, "cannot save a descriptor");
		return -1;
	}
	if (fd == -3) {
		close(to);
		return 0;
	}
	if (dup2(fd, to) < 0) {
		warn_errno(sh, "cannot redirect");
		return -1;
	}
	return 0;
}

/* It was opened right where it belongs, or is 1>&1. */
static void stays_in_place(int fd, bool borrowed, struct redir_undo **undo)
{
	if (!borrowed && undo != NULL) {
		struct redir_undo *u = xmalloc(sizeof(*u));

		*u = (struct redir_undo){ *undo, fd, -1 };
		*undo = u;
	}
	fcntl(fd, F_SETFD, 0);
}

/* {var}>…: the descriptor gets a number of its own, and stays. {var}>&-: it is closed. */
static int put_in_variable(struct shell *sh, const struct ast_redir *r, int fd, const struct source *src)
{
	struct element e = { 0 };
	char buf[DECIMAL_MAX];
	const char *now;
	int fresh;

	if (!named_element(sh, r->var, &e)) {
		if (fd >= 0 && !src->borrowed)
			close(fd);
		return -1;
	}
	now = fd == -3 ? element_get(sh, &e) : NULL;
	if (fd == -3) {
		if (now == NULL || *now < '0' || *now > '9' || close(atoi(now)) < 0) {
			sh_warn(sh, "%s: not a file descriptor", r->var);
			return -1;
		}
		return 0;
	}
	fresh = fcntl(fd, F_DUPFD, FD_OWN_MIN);
	if (!src->borrowed || src->moves)
		close(fd);
	if (fresh < 0)
		warn_errno(sh, r->var);
	if (fresh < 0 || element_set(sh, "exec", &e, decimal_print(buf, fresh), 0) < 0) {
		if (fresh >= 0)
			close(fresh);
		return -1;
	}
	return 0;
}

/* One redirection (XCU 2.7): the file or the copy, and what undoes it. */
static int apply_one(struct shell *sh, const struct ast_redir *r, struct redir_undo **undo)
{
	struct procsub *mark = sh->frame.procsubs;
	struct source src;
	int fd = open_source(sh, r, &src), status = 0;

	procsub_close(sh, mark); /* it is open by its name now */
	if (fd == -1)
		return -1;
	if (r->var != NULL)
		return put_in_variable(sh, r, fd, &src);
	if (fd == r->fd) {
		stays_in_place(fd, src.borrowed, undo);
		return src.both ? put_in_place(sh, fd, STDERR_FILENO, undo) : 0;
	}
	status = put_in_place(sh, fd, r->fd, undo);
	if (status == 0 && src.both && fd == STDERR_FILENO) { /* which was closed */
		stays_in_place(fd, false, undo);
		return 0;
	}
	if (status == 0 && src.both)
		status = put_in_place(sh, fd, STDERR_FILENO, undo);
	if (status == 0 && src.moves) {
		if (undo != NULL && save(undo, fd) < 0)
			warn_errno(sh, "cannot save a descriptor");
		close(fd);
	} else if (!src.borrowed && fd >= 0) {
		close(fd);
	}
	return status;
}

int redir_apply(struct shell *sh, const struct ast_redir *list, struct redir_undo **ret)
{
	struct redir_undo *undo = NULL;

	for (; list != NULL; list = list->next)
		if (apply_one(sh, list, ret != NULL ? &undo : NULL) < 0) {
			redir_undo(undo);
			return -1;
		}
	if (ret != NULL)
		*ret = undo;
	return 0;
}

void redir_undo(struct redir_undo *u)
{
	while (u != NULL) {
		struct redir_undo *next = u->next;

		if (u->saved >= 0) {
			dup2(u->saved, u->fd);
			close(u->saved);
		} else {
			close(u->fd);
		}
		free(u);
		u = next;
	}
}

void redir_drop(struct redir_undo *u)
{
	while (u != NULL) {
		struct redir_undo *next = u->next;

		if (u->saved >= 0)
			close(u->saved);
		free(u);
		u = next;
	}
}
