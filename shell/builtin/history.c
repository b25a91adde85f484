#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "wire/fd.h"
#include "wire/io_full.h"
#include "wire/node.h"
#include "wire/now.h"
#include "shell/builtin/builtin.h"
#include "shell/builtin/history_usage.h"
#include "shell/exec/exec.h"
#include "shell/exec/source.h"
#include "shell/exec/hist.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/jobs/rud.h"
#include "shell/parser/strbuf.h"

/* fc (XCU fc) and history. While they run interactively, the newest entry is their own line. */

enum {
	LISTED = 16,		/* commands that fc -l lists (XCU fc) */
	NUMBER_COLUMNS = 5,	/* of history, as in tcsh */
	EDITED_MAX = 16 << 20,	/* bytes of commands that come back from fc's editor */
};

/* XCU fc: "%d\t%s\n", with -n "\t%s\n"; further lines "\t%s\n". `width`: columns of the number. */
static void print_entry(const struct hist_entry *e, bool number, int width)
{
	if (number)
		printf("%*u", width, e->number);
	putchar('\t');
	for (const char *s = e->text; *s != '\0'; s++) {
		putchar(*s);
		if (*s == '\n')
			putchar('\t');
	}
	putchar('\n');
}

/* history -w, -r, -n, -a: with the file, or HISTFILE. A status. */
static int with_file(struct shell *sh, char what, const char *path)
{
	const char *own = var_text(sh, "HISTFILE");
	bool marks = sh->interactive || var_text(sh, "HISTTIMEFORMAT") != NULL; /* as in bash, where it is set */
	int r = 0;

	if (path == NULL)
		path = own;
	if (path == NULL || *path == '\0') {
		sh_warn(sh, "history: -%c: HISTFILE is not set", what);
		return 1;
	}
	if (what == 'w')
		r = hist_write_file(sh->hist, path, false, marks);
	else if (what == 'r')
		r = hist_load_file(sh->hist, path);
	else if (what == 'n')
		r = hist_load_new(sh->hist, path);
	else if (own != NULL && strcmp(path, own) == 0) /* in an interactive shell each is there as it was typed */
		r = hist_write_file(sh->hist, path, true, marks);
	else
		r = hist_append_own(sh->hist, path, marks);
	if (r < 0)
		sh_warn(sh, "history: %s: %s", path, strerror(-r));
	return r < 0;
}

/* history -d: of a number, a negative offset, or FIRST-LAST. A status. */
static int forget(struct shell *sh, const char *arg)
{
	const char *dash = *arg != '\0' ? strchr(arg + 1, '-') : NULL;
	size_t n = hist_count(sh->hist);
	char *end;
	long first = strtol(arg, &end, 10), last = dash != NULL ? strtol(dash + 1, NULL, 10) : first;

	bool fits = first <= UINT32_MAX && last <= UINT32_MAX;

	first = first < 0 ? (long)n + first : (long)hist_position(sh->hist, (uint32_t)first);
	last = last < 0 ? (long)n + last : (long)hist_position(sh->hist, (uint32_t)last);
	if (!fits || end == arg || (*end != '\0' && end != dash) || first < 0 || last < first || last >= (long)n) {
		sh_warn(sh, "history: %s: not in the history", arg);
		return 1;
	}
	for (long i = last; i >= first; i--)
		hist_drop(sh->hist, (size_t)i);
	return 0;
}

/* The line that asks for -s or -p is no entry, as in bash. */
static void forget_line(struct shell *sh)
{
	const char *path = var_text(sh, "HISTFILE");
	size_t i = hist_running(sh->hist);

	if (i == hist_count(sh->hist))
		return;
	if (path != NULL && *path != '\0')
		(void)hist_append_dropped(sh->hist, path);
	hist_drop(sh->hist, i);
}

/* history -p: what history substitution makes of the words. */
static int show_expanded(struct shell *sh, char **words)
{
	int status = 0;

	forget_line(sh);
	for (; *words != NULL; words++) {
		char *text = NULL;

		if (hist_expand(sh->hist, *words, &text)) {
			puts(text);
		} else {
			sh_warn(sh, "history: %s", text);
			status = 1;
		}
		free(text);
	}
	return status;
}

/* history -s: the words become an entry, in place of the line that asks for it. */
static int store(struct shell *sh, char **words)
{
	const char *path = var_text(sh, "HISTFILE");
	struct strbuf s = { 0 };

	for (; *words != NULL; words++)
		strbuf_addf(&s, "%s%s", s.len != 0 ? " " : "", *words);
	forget_line(sh);
	if (s.len != 0)
		hist_add(sh->hist, s.s, now_wall_s());
	if (s.len != 0 && sh->interactive && path != NULL && *path != '\0')
		(void)hist_append_file(sh->hist, path); /* as each that is typed */
	strbuf_release(&s);
	return 0;
}

/* With HISTTIMEFORMAT, as bash has it. False: there is none. */
static bool print_timed(struct shell *sh, const struct hist_entry *e)
{
	const char *format = var_text(sh, "HISTTIMEFORMAT");
	time_t at = (time_t)e->time;
	char buf[256];
	struct tm tm;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (format == NULL || localtime_r(&at, &tm) == NULL)
		return false;
	if (strftime(buf, sizeof(buf), format, &tm) == 0)
		buf[0] = '\0';
	if (at != 0)
		printf("%5u  %s%s\n", e->number, buf, e->text);
	else /* unknown: as wide */
		printf("%5u  %*s%s\n", e->number, (int)strlen(buf), "", e->text);
#pragma GCC diagnostic pop
	return true;
}

/* history -v: number, when, where, how long, the status, and the command. */
static void print_whole(struct shell *sh, const struct hist_entry *e)
{
	const char *node = hist_node(sh->hist, e);
	time_t at = (time_t)e->time;
	char when[32] = "?", status[16] = "?", took[32] = "?";
	struct tm tm;

	if (at != 0 && localtime_r(&at, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	if (e->status >= 0)
		snprintf(status, sizeof(status), "%d", e->status);
	if (e->status >= 0)
		snprintf(took, sizeof(took), "%u.%03u", e->ms / 1000, e->ms % 1000);
	printf("%5u  %s  %-12s %9s s %3s  %s\n", e->number, when, node != NULL ? node : "?", took, status, e->text);
}

/* How tcsh and bash show an entry: -T with its time, -h without its number. */
struct listing {
	bool timed, bare, whole;
};

static void show_entry(struct shell *sh, const struct hist_entry *e, const struct listing *l)
{
	time_t at = (time_t)e->time;
	char when[32] = "?";
	struct tm tm;

	if (l->bare) {
		puts(e->text);
	} else if (l->whole) {
		print_whole(sh, e);
	} else if (l->timed) {
		if (at != 0 && localtime_r(&at, &tm) != NULL)
			strftime(when, sizeof(when), "%H:%M", &tm);
		printf("%*u\t%s\t%s\n", NUMBER_COLUMNS, e->number, when, e->text);
	} else if (!print_timed(sh, e)) {
		print_entry(e, true, NUMBER_COLUMNS);
	}
}

/* tcsh's letters for what is done with the file: -S saves, -L loads, -M merges what is new in it. */
static char file_letter(int c, const char *path)
{
	return c == 'S' ? (path != NULL ? 'w' : 'a') : c == 'L' ? 'r' : c == 'M' ? (path != NULL ? 'r' : 'n') : (char)c;
}

int builtin_history(struct shell *sh, int argc, char **argv)
{
	size_t n = hist_count(sh->hist), from = 0;
	struct listing l = { 0 };
	char *end;
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "cd:wrnaspSLMhTuv")) != -1)
		switch (c) {
		case 'c':
			hist_clear(sh->hist);
			rud_clear();
			if (optind == argc)
				return 0;
			break;
		case 'd':
			return forget(sh, optarg);
		case 'u':
			return history_usage(sh, argv[optind]);
		case 's':
			return store(sh, argv + optind);
		case 'p':
			return show_expanded(sh, argv + optind);
		case '?':
			return 2;
		case 'h':
			l.bare = true;
			break;
		case 'T':
			l.timed = true;
			break;
		case 'v':
			l.whole = true;
			break;
		default:
			return with_file(sh, file_letter(c, argv[optind]), argv[optind]);
		}
	if (optind < argc) {
		unsigned long last = strtoull(argv[optind], &end, 10);

		if (optind + 1 < argc || *end != '\0' || end == argv[optind])
			return builtin_usage(sh, "history");
		from = last < n ? n - last : 0;
	}
	for (size_t i = from; i < n; i++)
		show_entry(sh, hist_at(sh->hist, i), &l);
	return 0;
}

/*
 * The position that an operand of fc names: a number, a negative offset, or the
 * beginning of a command. -1 when there is none; with `clamp`, a number outside is the nearest one.
 */
static long resolve(struct shell *sh, const char *arg, size_t n, bool clamp)
{
	char *end;
	long v = strtol(arg, &end, 10);
	size_t i;

	if (*end == '\0' && end != arg) {
		if (v < 0 || (v == 0 && arg[0] == '-'))
			return -v <= (long)n ? (long)n + v : clamp ? 0 : -1;
		i = hist_position(sh->hist, (uint32_t)v);
		if (i < n)
			return (long)i;
		if (!clamp || n == 0)
			return -1;
		return hist_at(sh->hist, 0)->number > (uint32_t)v ? 0 : (long)n - 1;
	}
	i = hist_find(sh->hist, n - 1, -1, arg, true, NULL);
	return i < n ? (long)i : -1;
}

static int list(struct shell *sh, long first, long last, bool reverse, bool numbers)
{
	if (first > last) {
		long t = first;

		first = last;
		last = t;
		reverse = !reverse;
	}
	for (long i = first; i <= last; i++)
		print_entry(hist_at(sh->hist, (size_t)(reverse ? last - (i - first) : i)), numbers, 0);
	return 0;
}

/* Runs a line as if it had been typed: in the history it replaces the line of fc itself. */
static int run(struct shell *sh, const char *text)
{
	const struct hist_entry *own = hist_at(sh->hist, hist_count(sh->hist) - 1);
	int64_t when = own != NULL ? own->time : 0;
	char *copy = xstrdup(text), node[NODE_NAME_MAX + 1];

	node_own_name(node, sizeof(node));
	hist_drop_newest(sh->hist);
	hist_add(sh->hist, copy, when);
	hist_set_running(sh->hist, node);
	source_string(sh, copy, "fc", 0);
	free(copy);
	return sh->frame.status;
}

/* fc -s: shows the command with the first OLD of OLD=NEW replaced, and runs it. */
static int substitute(struct shell *sh, const char *subst, const char *text)
{
	const char *eq = subst != NULL ? strchr(subst, '=') : NULL, *at;
	struct strbuf s = { 0 };
	int status;

	if (eq == NULL) {
		strbuf_adds(&s, text);
	} else {
		char *old = xstrndup(subst, (size_t)(eq - subst));

		at = strstr(text, old);
		if (at == NULL || *old == '\0') /* then it is run as it is, as in bash */
			at = text + strlen(text);
		strbuf_add(&s, text, (size_t)(at - text));
		strbuf_adds(&s, *at != '\0' ? eq + 1 : "");
		strbuf_adds(&s, *at != '\0' ? at + strlen(old) : "");
		free(old);
	}
	printf("%s\n", s.s);
	fflush(stdout);
	status = run(sh, s.s);
	strbuf_release(&s);
	return status;
}

/* Has an editor change the commands, and runs what it leaves. */
static int edit(struct shell *sh, const char *editor, long first, long last, bool reverse)
{
	const char *tmp = var_text(sh, "TMPDIR");
	struct strbuf text = { 0 }, cmd = { 0 };
	char *path = NULL, *back = NULL;
	int fd, status = 1;

	if (first > last) {
		long t = first;

		first = last;
		last = t;
		reverse = !reverse;
	}
	for (long i = first; i <= last; i++) {
		strbuf_adds(&text, hist_at(sh->hist, (size_t)(reverse ? last - (i - first) : i))->text);
		strbuf_addc(&text, '\n');
	}
	if (asprintf(&path, "%s/mish-fc.XXXXXX", tmp != NULL ? tmp : "/tmp") < 0)
		path = NULL;
	fd = path != NULL ? mkostemp(path, O_CLOEXEC) : -1;
	if (fd < 0 || io_write_full(fd, text.s, text.len) < 0) {
		sh_warn(sh, "fc: %s: %s", path != NULL ? path : "", strerror(errno));
		goto out;
	}
	fd = fd_own(fd);
	strbuf_addf(&cmd, "%s %s", editor, path);
	source_string(sh, cmd.s, "fc", 0);
	status = sh->frame.status;
	if (status == 0 && sh->frame.flow.kind == FLOW_NONE && fd >= 0) {
		/* the editor may have replaced the file */
		int again = open(path, O_RDONLY | O_CLOEXEC);

		if (again >= 0) {
			close(fd);
			fd = again;
		}
		int r = io_read_file(fd, EDITED_MAX, &back, NULL);

		if (r < 0) {
			sh_warn(sh, "fc: %s: %s", path, strerror(-r));
			status = 1;
		} else {
			fputs(back, stderr);
			size_t n = strlen(back);

			while (n != 0 && back[n - 1] == '\n')
				back[--n] = '\0';
			status = run(sh, back);
		}
	}
out:
	if (fd >= 0) {
		close(fd);
		unlink(path);
	}
	free(back);
	free(path);
	strbuf_release(&text);
	strbuf_release(&cmd);
	return status;
}

int builtin_fc(struct shell *sh, int argc, char **argv)
{
	const char *editor = var_text(sh, "FCEDIT"), *subst = NULL;
	bool do_list = false, numbers = true, reverse = false, again = false;
	size_t n = hist_count(sh->hist);
	long first, last;
	int c, i = 1;

	/* by hand: getopt() would take the operand -5 for an option */
	for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
		if (argv[i][1] >= '0' && argv[i][1] <= '9')
			break;
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		for (const char *s = argv[i] + 1; *s != '\0'; s++) {
			c = *s;
			do_list |= c == 'l';
			numbers &= c != 'n';
			reverse |= c == 'r';
			again |= c == 's';
			if (c == 'e') {
				editor = s[1] != '\0' ? s + 1 : i + 1 < argc ? argv[++i] : NULL;
				if (editor == NULL)
					return builtin_usage(sh, "fc");
				break;
			}
			if (strchr("lnrs", c) == NULL) {
				sh_warn(sh, "fc: -%c: unknown option", c);
				return builtin_usage(sh, "fc");
			}
		}
	}
	if (editor == NULL)
		editor = var_text(sh, "EDITOR");
	if (editor == NULL)
		editor = "ed";
	again |= strcmp(editor, "-") == 0;
	if (n > 0 && sh->interactive)
		n--; /* without this command itself */
	if (again && i < argc && strchr(argv[i], '=') != NULL)
		subst = argv[i++];
	if (n == 0) {
		if (!do_list)
			sh_warn(sh, "fc: the history is empty");
		return do_list ? 0 : 1;
	}
	first = i < argc ? resolve(sh, argv[i], n, do_list)
			 : do_list ? (n > LISTED ? (long)n - LISTED : 0) : (long)n - 1;
	if (i < argc && first < 0) {
		sh_warn(sh, "fc: %s: not in the history", argv[i]);
		return 1;
	}
	i++;
	last = i < argc ? resolve(sh, argv[i], n, do_list) : do_list ? (long)n - 1 : first;
	if (last < 0) {
		sh_warn(sh, "fc: %s: not in the history", argv[i]);
		return 1;
	}
	if (do_list)
		return list(sh, first, last, reverse, numbers);
	if (again)
		return substitute(sh, subst, hist_at(sh->hist, (size_t)first)->text);
	return edit(sh, editor, first, last, reverse);
}
