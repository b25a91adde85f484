#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/trap.h"
#include "shell/expand/element.h"
#include "shell/expand/named.h"
#include "shell/expand/locale.h"
#include "shell/expand/var.h"
#include "shell/jobs/sigs.h"
#include "shell/jobs/tty.h"
#include "shell/parser/arena.h"
#include "shell/parser/chclass.h"
#include "shell/parser/name.h"
#include "shell/parser/strbuf.h"
#include "wire/fd.h"
#include "wire/now.h"

/* read (XCU read): one logical line, split at IFS. */

struct line {
	struct strbuf text;
	struct strbuf escaped; /* for each byte of text: 1 if it was behind a backslash */
};

/* What `read` is asked for. */
struct wanted {
	int fd;
	bool raw, silent, exactly; /* -r, -s, -N */
	int delim;
	long max;	/* -n, -N: characters; -1 all */
	int64_t end_ms; /* -t: when it is too late; 0 never */
	const char *array; /* -a, NULL: names */
	bool edit;	   /* -e */
	const char *prompt, *begin; /* -p, -i; NULL none */
};

/*
 * The input, of which nothing behind the line may be taken: read by the block, with an lseek() back, where
 * that works; of a pipe a block is looked at with tee(2), and as much as was of use is read then; else byte by byte.
 */
struct source {
	const struct wanted *w;
	char block[4096];
	size_t pos, len;
	bool seekable, is_pipe;
	int signo; /* a signal with a trap came while we waited; SIGALRM: it is too late */
};

/* Sleeps once until there is input. 1, 0: a signal came, or it is too late, -1: one that is nobody's did. */
static int sleep_for_input(struct shell *sh, struct source *s)
{
	struct pollfd p = { .fd = s->w->fd, .events = POLLIN };
	struct timespec ts, *limit = NULL;
	int n = 0;

	if (s->w->end_ms != 0) {
		int64_t left = s->w->end_ms - now_mono_ms();

		left = left > 0 ? left : 0;
		ts = (struct timespec){ left / 1000, left % 1000 * 1000000L };
		limit = &ts;
	}
	sigs_sleep_begin();
	s->signo = sigs_waiting(sh);
	if (s->signo == 0)
		n = ppoll(&p, 1, limit, sigs_sleep_mask());
	if (n < 0 && errno != EINTR)
		n = 1; /* read(2) has a word for it */
	sigs_sleep_end();
	if (s->signo == 0) /* ppoll() prefers the byte to a signal */
		s->signo = sigs_waiting(sh);
	if (s->signo == 0 && n == 0)
		s->signo = SIGALRM;
	return s->signo == 0 ? n : 0;
}

static bool await_input(struct shell *sh, struct source *s)
{
	int n;

	while ((n = sleep_for_input(sh, s)) < 0)
		;
	return n > 0;
}

/* Is it still that pipe, and not what somebody has put in its place? */
static bool is_pipe(int fd, ino_t ino)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) && st.st_ino == ino;
}

/* A pipe of this process alone, empty between two calls; NULL: there can be none. */
static const int *own_pipe(void)
{
	static int p[2] = { -1, -1 };
	static pid_t owner;
	static ino_t ino;
	int fresh[2];
	struct stat st;

	if (owner == getpid() && is_pipe(p[0], ino) && is_pipe(p[1], ino))
		return p;
	for (int i = 0; i < 2; i++) /* that of the shell which forked us; or its number is another's now */
		if (p[i] >= 0 && is_pipe(p[i], ino))
			close(p[i]);
	owner = getpid();
	p[0] = p[1] = -1;
	if (fd_pipe(fresh) < 0)
		return NULL;
	for (int i = 0; i < 2; i++) {
		p[i] = fd_own(fresh[i]);
		if (p[i] < 0)
			close(fresh[i]);
	}
	ino = p[0] >= 0 && fstat(p[0], &st) == 0 ? st.st_ino : 0;
	return p[0] >= FD_OWN_MIN && p[1] >= FD_OWN_MIN && ino != 0 ? p : NULL;
}

/* Looks at what is in the pipe, of which nothing is taken. Bytes; 0: the end; -1 with errno EINVAL: it is none. */
static ssize_t look(struct source *s)
{
	const int *p = own_pipe();
	ssize_t n;

	if (p == NULL) {
		errno = EINVAL;
		return -1;
	}
	n = tee(s->w->fd, p[1], sizeof(s->block), 0);
	return n > 0 ? read(p[0], s->block, (size_t)n) : n;
}

/* Takes what was of use. */
static void take(struct source *s)
{
	char used[sizeof(s->block)];

	for (size_t left = s->pos; left != 0;) {
		ssize_t n = read(s->w->fd, used, left);

		if (n <= 0 && errno != EINTR)
			break;
		left -= n > 0 ? (size_t)n : 0;
	}
	s->pos = s->len = 0;
}

/* A byte of the input, by the block where one can seek back. -1: the end, or a signal. */
static int next_byte(struct shell *sh, struct source *s)
{
	ssize_t n;

	if (s->pos < s->len)
		return (unsigned char)s->block[s->pos++];
	if (s->is_pipe)
		take(s);
	for (;;) {
		if (!s->seekable && (sh->interactive || trap_any(sh) || s->w->end_ms != 0)) {
			if (!await_input(sh, s))
				return -1;
		} else if (s->len == sizeof(s->block)) { /* a line without end, as of /dev/zero */
			s->signo = sigs_waiting(sh);
			if (s->signo != 0)
				return -1;
		}
		n = s->is_pipe ? look(s) : read(s->w->fd, s->block, s->seekable ? sizeof(s->block) : 1);
		if (n < 0 && errno == EINVAL && s->is_pipe) {
			s->is_pipe = false;
			continue;
		}
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return -1;
		s->pos = 1;
		s->len = (size_t)n;
		return (unsigned char)s->block[0];
	}
}

static void add(struct line *l, int c, bool escaped)
{
	if (c == '\0')
		return;
	strbuf_addc(&l->text, (char)c);
	strbuf_addc(&l->escaped, (char)escaped);
}

/* Is the character complete with this byte? Then it counts. */
static bool ends_char(mbstate_t *state, int c)
{
	char byte = (char)c;
	size_t n = mbrtowc(NULL, &byte, 1, state);

	if (n == (size_t)-1)
		memset(state, 0, sizeof(*state));
	return n != (size_t)-2;
}

/* After a backslash: what follows is itself. False: the end. */
static bool read_escaped(struct shell *sh, struct source *s, struct line *l)
{
	int c = next_byte(sh, s);

	if (c < 0)
		return false;
	if (c == '\n') {
		const char *ps2 = sh->interactive ? var_text(sh, "PS2") : NULL;

		if (ps2 != NULL && isatty(s->w->fd))
			fputs(ps2, stderr);
	} else {
		add(l, c, true);
	}
	return true;
}

/* Returns the exit status: 0, 1 at the end of input, or 128 + signal. */
static int read_line(struct shell *sh, const struct wanted *w, struct line *l)
{
	struct source s = { .w = w, .seekable = lseek(w->fd, 0, SEEK_CUR) >= 0 };
	mbstate_t state = { 0 };
	int status = 0;
	long n = 0;

	s.is_pipe = !s.seekable && !sh->interactive;
	if (w->max >= 0) /* characters are counted */
		locale_need();
	while (w->max < 0 || n < w->max) {
		int c = s.pos < s.len ? (unsigned char)s.block[s.pos++] : next_byte(sh, &s);
		bool end = c < 0;

		if (c == w->delim && !w->exactly)
			break;
		if (c == '\\' && !w->raw) {
			end = !read_escaped(sh, &s, l);
			n++;
		} else if (!end) {
			add(l, c, false);
			n += w->max >= 0 && ends_char(&state, c);
		}
		if (end) {
			status = s.signo != 0 ? 128 + s.signo : 1;
			break;
		}
	}
	if (s.is_pipe)
		take(&s);
	else if (s.pos < s.len)
		(void)lseek(w->fd, (off_t)s.pos - (off_t)s.len, SEEK_CUR);
	return status;
}

/* True for a byte that splits; with `space`, only for white space. */
static inline bool is_ifs(const struct line *l, size_t i, const char *ifs, bool space)
{
	const char *c = l->text.s + i;

	return l->escaped.s[i] == 0 && (!space || ch_is(*c, CH_WHITE)) &&
	       locale_has_char(ifs, c, locale_char(c, l->text.len - i));
}

static int set(struct shell *sh, const char *name, const char *s, size_t len)
{
	char *value = arena_strndup(sh->arena, s, len);
	struct element e;

	if (strchr(name, '[') == NULL)
		return element_told(sh, "read", name, var_set(sh, name, value, 0)) < 0 ? 2 : 0;
	if (!named_element(sh, name, &e))
		return 2;
	return element_set(sh, "read", &e, value, 0) < 0 ? 2 : 0;
}

/*
 * The end of what the last variable gets, from byte i on: all but trailing IFS white space, and
 * but one other delimiter if it ends the line and the rest has one field (XCU read, 2.6.5).
 */
static size_t rest_end(const struct line *l, size_t i, const char *ifs)
{
	size_t end = l->text.len, k = i;

	while (end > i && is_ifs(l, end - 1, ifs, true))
		end--;
	while (k < end && !is_ifs(l, k, ifs, false))
		k++;
	if (k < end) {
		size_t after = k;

		while (after < end && is_ifs(l, after, ifs, true))
			after++;
		if (after < end && is_ifs(l, after, ifs, false))
			after += locale_char(l->text.s + after, end - after);
		while (after < end && is_ifs(l, after, ifs, true))
			after++;
		if (after == end)
			end = k;
	}
	return end;
}

/* The end of the field that begins at i, which moves to the next one. */
static size_t next_field(const struct line *l, size_t *i, const char *ifs)
{
	size_t len = l->text.len, end;

	while (*i < len && !is_ifs(l, *i, ifs, false))
		++*i;
	end = *i;
	while (*i < len && is_ifs(l, *i, ifs, true))
		++*i;
	if (*i < len && is_ifs(l, *i, ifs, false) && !is_ifs(l, *i, ifs, true))
		*i += locale_char(l->text.s + *i, len - *i);
	while (*i < len && is_ifs(l, *i, ifs, true))
		++*i;
	return end;
}

static int assign_array(struct shell *sh, const struct line *l, const char *name, size_t i, const char *ifs)
{
	struct array *a = array_new(false);
	const char *s = strbuf_str(&l->text);

	for (int64_t k = 0; i < l->text.len; k++) {
		size_t start = i, end = next_field(l, &i, ifs);

		array_set(a, (struct array_key){ .index = k }, arena_strndup(sh->arena, s + start, end - start));
	}
	return element_told(sh, "read", name, var_set_array(sh, name, a)) < 0 ? 2 : 0;
}

static int assign(struct shell *sh, const struct wanted *w, const struct line *l, int n, char **names)
{
	const char *now = var_text(sh, "IFS"), *s = strbuf_str(&l->text);
	char *ifs = xstrdup(now != NULL ? now : " \t\n"); /* `read IFS` would change it */
	size_t i = 0;
	int status = 0;

	while (i < l->text.len && is_ifs(l, i, ifs, true))
		i++;
	if (w->array != NULL)
		status = assign_array(sh, l, w->array, i, ifs);
	for (int k = 0; k < n && w->array == NULL; k++) { /* beside an array names mean nothing, as in bash */
		size_t start = i, end;

		if (w->exactly) { /* nothing is split */
			status |= set(sh, names[k], k == 0 ? s : "", k == 0 ? l->text.len : 0);
			continue;
		}
		end = k == n - 1 ? rest_end(l, i, ifs) : next_field(l, &i, ifs);
		status |= set(sh, names[k], s + start, end - start);
	}
	free(ifs);
	return status;
}

/* Keys one by one, or unseen. False: it is no terminal, or as wanted. */
static bool change_modes(const struct wanted *w, struct termios *old)
{
	struct termios t;

	if ((w->max < 0 && !w->silent && w->delim == '\n') || tcgetattr(w->fd, old) < 0)
		return false;
	t = *old;
	if (w->max >= 0 || w->delim != '\n') {
		t.c_lflag &= ~(tcflag_t)ICANON;
		t.c_cc[VMIN] = 1;
		t.c_cc[VTIME] = 0;
	}
	if (w->silent)
		t.c_lflag &= ~(tcflag_t)ECHO;
	return tcsetattr(w->fd, TCSADRAIN, &t) == 0;
}

/* -t 0: is there anything to read? */
static int can_read(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0 ? 0 : 1;
}

static int bad_number(struct shell *sh, const char *what)
{
	sh_warn(sh, "read: %s: bad number", what);
	return 2;
}

/* One option. 0, or a status with the message printed. */
static int take_option(struct shell *sh, struct wanted *w, int c, bool *poll_only)
{
	char *end = NULL;
	double seconds;

	switch (c) {
	case '?':
		return 2;
	case 'd':
		w->delim = (unsigned char)optarg[0];
		break;
	case 'N':
	case 'n':
		w->max = strtol(optarg, &end, 10);
		w->exactly = c == 'N';
		if (w->max < 0)
			return bad_number(sh, optarg);
		break;
	case 't':
		seconds = (double)strtold(optarg, &end);
		if (!(seconds >= 0 && seconds < 1e9))
			return bad_number(sh, optarg);
		*poll_only = seconds == 0;
		w->end_ms = now_mono_ms() + (int64_t)(seconds * 1000);
		break;
	case 'u':
		w->fd = (int)strtol(optarg, &end, 10);
		if (*optarg == '\0' || *end != '\0' || fcntl(w->fd, F_GETFD) < 0)
			return bad_number(sh, optarg);
		break;
	case 'a':
		w->array = optarg;
		break;
	case 'i':
		w->begin = optarg;
		break;
	case 'p':
		w->prompt = optarg;
		break;
	default:
		w->raw |= c == 'r';
		w->silent |= c == 's';
		w->edit |= c == 'e';
	}
	return end != NULL && (end == optarg || *end != '\0' || w->max < -1) ? bad_number(sh, optarg) : 0;
}

static int read_options(struct shell *sh, int argc, char **argv, struct wanted *w, bool *poll_only)
{
	int c, status;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "rsea:d:i:n:N:p:t:u:")) != -1) {
		status = take_option(sh, w, c, poll_only);
		if (status != 0)
			return status;
	}
	/* the editor reads lines, of the terminal, for the shell that has it */
	w->edit = w->edit && sh->interactive && !sh_is_subshell(sh) && w->fd == STDIN_FILENO && isatty(w->fd) && w->max < 0 && w->delim == '\n' &&
		  !w->silent && w->end_ms == 0;
	if (w->prompt != NULL && !w->edit && isatty(w->fd))
		fputs(w->prompt, stderr);
	return 0;
}

/* -e: the line as it was edited. A status. */
static int edit_whole_line(struct shell *sh, const struct wanted *w, struct line *l)
{
	char *text;
	int status = sh->hooks.edit_line(sh, w->prompt != NULL ? w->prompt : "", w->begin, &text);

	for (const char *c = text; status == 0 && *c != '\0' && *c != '\n'; c++) {
		bool escaped = *c == '\\' && !w->raw && c[1] != '\0' && c[1] != '\n';

		c += escaped;
		add(l, (unsigned char)*c, escaped);
	}
	free(text);
	return status;
}

static int bad_name(struct shell *sh, const char *name)
{
	sh_warn(sh, "read: %s: bad variable name", name);
	return 2;
}

int builtin_read(struct shell *sh, int argc, char **argv)
{
	static char reply[] = "REPLY", *const alone[] = { reply };
	struct wanted w = { .delim = '\n', .max = -1 };
	struct line l = { 0 };
	struct termios old;
	struct element e;
	bool poll_only = false, changed;
	int status = read_options(sh, argc, argv, &w, &poll_only), bad = 0;

	if (status != 0)
		return status;
	for (int i = optind; i < argc; i++)
		if (!name_valid(argv[i]) && !named_element(sh, argv[i], &e))
			return bad_name(sh, argv[i]);
	if (w.array != NULL && !name_valid(w.array))
		return bad_name(sh, w.array);
	if (optind == argc && w.array == NULL && opt(sh, OPT_POSIX))
		return builtin_usage(sh, "read");
	if (poll_only)
		return can_read(w.fd);
	tty_loud(sh);
	changed = !w.edit && change_modes(&w, &old);
	status = w.edit ? edit_whole_line(sh, &w, &l) : read_line(sh, &w, &l);
	if (changed)
		tcsetattr(w.fd, TCSADRAIN, &old);
	if (status > 1 && status != 128 + SIGALRM)
		; /* a signal: nothing is assigned */
	else if (optind == argc && w.array == NULL)
		bad = set(sh, alone[0], strbuf_str(&l.text), l.text.len);
	else
		bad = assign(sh, &w, &l, argc - optind, argv + optind);
	strbuf_release(&l.text);
	strbuf_release(&l.escaped);
	return bad != 0 ? bad : status;
}
