#include <config.h>

#include "shell/builtin/bind.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/builtin/bind_list.h"
#include "shell/builtin/bind_names.h"
#include "shell/builtin/builtin.h"
#include "shell/parser/strbuf.h"
#include "wire/io_full.h"

enum { INPUTRC_MAX = 1 << 20 };

static struct keyed rows; /* one shell to a process */
static unsigned changes;

const struct keyed *bind_rows(unsigned *ret_changes)
{
	*ret_changes = changes;
	return &rows;
}

bool bind_is_off(const char *bytes)
{
	for (size_t i = 0; i < rows.n; i++)
		if (rows.v[i].key[0] == BIND_MAIN && rows.v[i].text[0] == BIND_NONE && strcmp(rows.v[i].key + 1, bytes) == 0)
			return true;
	return false;
}

/* ---- notations of keys ---- */

static void put_control(struct strbuf *b, char c)
{
	strbuf_addc(b, (char)(c == '?' ? 0x7f : c & 0x1f));
}

/* A backslash and what is behind it, of which *s is the first; *s moves behind it. */
static void put_escaped(struct strbuf *b, const char **s, const char *end)
{
	static const char letters[] = "abdeEfnrtv", bytes[] = "\a\b\177\033\033\f\n\r\t\v";
	const char *p = strchr(letters, **s);
	unsigned value = 0;

	if ((**s == 'C' || **s == 'M') && end - *s > 2 && (*s)[1] == '-') {
		bool control = **s == 'C';

		*s += 2;
		if (control && **s == '\\' && end - *s > 1) { /* \C-\M-x */
			(*s)++;
			put_escaped(b, s, end);
			b->s[b->len - 1] &= 0x1f;
			return;
		}
		if (control)
			put_control(b, *(*s)++);
		else
			strbuf_addc(b, '\033');
		return;
	}
	if (**s == 'x' && end - *s > 1 && isxdigit((unsigned char)(*s)[1])) {
		(*s)++;
		for (int i = 0; i < 2 && *s < end && isxdigit((unsigned char)**s); i++, (*s)++)
			value = value * 16 + (unsigned)(**s <= '9' ? **s - '0' : (**s | 0x20) - 'a' + 10);
		strbuf_addc(b, (char)value);
	} else if (p != NULL && **s != '\0') {
		strbuf_addc(b, bytes[p - letters]);
		(*s)++;
	} else if (**s >= '0' && **s <= '7') {
		for (int i = 0; i < 3 && *s < end && **s >= '0' && **s <= '7'; i++)
			value = value * 8 + (unsigned)(*(*s)++ - '0');
		strbuf_addc(b, (char)value);
	} else {
		strbuf_addc(b, *(*s)++);
	}
}

/* C-x, M-x, Control-x, Meta-x, and names of keys without quotes (readline's); tcsh's first two. False: it is another notation. */
static bool put_named(struct strbuf *b, const char *s, size_t len, bool inputrc)
{
	static const struct {
		char name[9];
		char byte;
	} names[] = { { "DEL", 0x7f }, { "ESC", '\033' }, { "ESCAPE", '\033' }, { "LFD", '\n' }, { "NEWLINE", '\n' }, { "RET", '\r' },
		      { "RETURN", '\r' }, { "RUBOUT", 0x7f }, { "SPACE", ' ' }, { "SPC", ' ' }, { "TAB", '\t' } };
	static const struct {
		char text[9];
		bool meta;
	} heads[] = { { "C-", false }, { "Control-", false }, { "M-", true }, { "Meta-", true } };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t n = strlen(heads[i].text);

		if (len <= n || strncasecmp(s, heads[i].text, n) != 0)
			continue;
		if (heads[i].meta)
			strbuf_addc(b, '\033');
		if (len > n + 1 && put_named(b, s + n, len - n, inputrc)) { /* C-M-x */
			if (!heads[i].meta)
				b->s[b->len - 1] &= 0x1f;
			return true;
		}
		if (len != n + 1)
			return false;
		if (heads[i].meta)
			strbuf_addc(b, s[n]);
		else
			put_control(b, s[n]);
		return true;
	}
	for (size_t i = 0; inputrc && i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == len && strncasecmp(names[i].name, s, len) == 0) {
			strbuf_addc(b, names[i].byte);
			return true;
		}
	return false;
}

/* The bytes, or NULL where there are none, or too many. Ends the buffer. */
static char *take_bytes(struct strbuf *b)
{
	struct strbuf all = { 0 };

	for (size_t i = 0; i < b->len; i++)
		strbuf_add(&all, b->s[i] != '\0' ? &b->s[i] : BIND_NUL, b->s[i] != '\0' ? 1 : strlen(BIND_NUL));
	strbuf_release(b);
	if (all.len != 0 && all.len < BIND_MAX - 2)
		return strbuf_take(&all);
	strbuf_release(&all);
	return NULL;
}

char *bind_parse_key(const char *s, size_t len, enum bind_notation how)
{
	bool inputrc = how != BIND_CSH;
	const char *end = s + len;
	struct strbuf b = { 0 };

	if (how != BIND_INPUTRC && put_named(&b, s, len, inputrc))
		return take_bytes(&b);
	strbuf_clear(&b);
	while (s < end) {
		if (*s == '\\' && end - s > 1) {
			s++;
			put_escaped(&b, &s, end);
		} else if (*s == '^' && end - s > 1 && !inputrc) {
			put_control(&b, s[1]);
			s += 2;
		} else {
			strbuf_addc(&b, *s++);
		}
	}
	return take_bytes(&b);
}

/* ---- what is bound ---- */

static void bind_row(enum bind_map map, const char *key, enum bind_kind kind, const char *text)
{
	struct strbuf k = { 0 }, t = { 0 };

	strbuf_addf(&k, "%c%s", map, key);
	strbuf_addf(&t, "%c%s", kind, text);
	keyed_set(&rows, k.s, t.s);
	changes++;
	strbuf_release(&k);
	strbuf_release(&t);
}

/*
 * A key of several characters that begins with a printable one (`jj'): where another follows, libedit drops both, and a command
 * would be another one.
 */
static bool is_dangerous(const char *key)
{
	return (unsigned char)key[0] >= ' ' && key[0] != 0x7f && (unsigned char)key[0] < 0x80 && key[1] != '\0';
}

/* Of readline's commands those that are commands of the shell's; NULL: it is another one. */
static const char *as_shell(const char *name)
{
	static const struct {
		char name[24], command[40];
	} v[] = { { "re-read-init-file", "bind -f \"${INPUTRC:-$HOME/.inputrc}\"" }, { "emacs-editing-mode", "set -o emacs" },
		  { "vi-editing-mode", "set -o vi" }, { "dump-functions", "bind -p" }, { "dump-macros", "bind -s" },
		  { "display-shell-version", "echo \"mish $MISH_VERSION\"" } };

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (strcmp(v[i].name, name) == 0)
			return v[i].command;
	return NULL;
}

/* Binds a key to a command by any of the names that people know. A status. */
static int bind_named(struct shell *sh, const char *cmd, enum bind_map map, const char *key, const char *name)
{
	const char *ours = bind_name_find(name), *command = as_shell(name);

	if (command != NULL) {
		bind_row(map, key, BIND_SHELL, command);
		return 0;
	}
	if (ours == NULL) {
		sh_warn(sh, "%s: %s: there is no such command (`bindkey -l' lists them)", cmd, name);
		return 1;
	}
	bind_row(map, key, BIND_EDITOR, ours);
	return 0;
}

static int bad_key(struct shell *sh, const char *cmd, const char *key)
{
	sh_warn(sh, "%s: %s: cannot be bound", cmd, key);
	return 1;
}

/* ---- bindkey ---- */

struct how {
	enum bind_map map;
	enum bind_kind kind;
	bool by_name; /* -k: up, down … */
};

/* The key that an operand names (caller frees); NULL: none. */
static char *operand_key(const struct how *h, const char *s)
{
	const char *name, *bytes;

	for (size_t i = 0; h->by_name && (name = bind_name_arrow(i, &bytes)) != NULL; i++)
		if (strcmp(name, s) == 0)
			return xstrdup(bytes);
	return h->by_name ? NULL : bind_parse_key(s, strlen(s), BIND_CSH);
}

/* KEY WHAT, or KEY alone. A status. */
static int bindkey_operands(struct shell *sh, const struct how *h, int n, char **operands)
{
	char *key = operand_key(h, operands[0]), *text;
	int status = 0;

	if (key == NULL || is_dangerous(key)) {
		free(key);
		return bad_key(sh, "bindkey", operands[0]);
	}
	if (h->kind == BIND_NONE) {
		bind_row(h->map, key, BIND_NONE, "");
	} else if (n == 1) {
		status = bind_list_key(sh, h->map, key);
	} else if (h->kind == BIND_STRING) {
		text = bind_parse_key(operands[1], strlen(operands[1]), BIND_CSH);
		if (text != NULL)
			bind_row(h->map, key, BIND_STRING, text);
		status = text == NULL ? bad_key(sh, "bindkey", operands[1]) : 0;
		free(text);
	} else if (h->kind == BIND_SHELL) {
		bind_row(h->map, key, BIND_SHELL, operands[1]);
	} else {
		status = bind_named(sh, "bindkey", h->map, key, operands[1]);
	}
	free(key);
	return status;
}

static void set_editor(struct shell *sh, bool vi)
{
	opt_set(sh, OPT_VI, vi);
	opt_set(sh, OPT_EMACS, !vi);
}

/* zsh's and readline's names of keymaps. False, with a message: it is none. */
static bool named_map(struct shell *sh, const char *cmd, const char *name, enum bind_map *ret)
{
	static const char *const command[] = { "vicmd", "vi-command", "vi-move", "vi" };
	static const char *const typing[] = { "main", "emacs", "viins", "vi-insert", "emacs-standard", "emacs-meta", "emacs-ctlx" };

	*ret = BIND_VI_COMMAND;
	for (size_t i = 0; i < sizeof(command) / sizeof(command[0]); i++)
		if (strcmp(command[i], name) == 0)
			return true;
	*ret = BIND_MAIN;
	for (size_t i = 0; i < sizeof(typing) / sizeof(typing[0]); i++)
		if (strcmp(typing[i], name) == 0)
			return true;
	sh_warn(sh, "%s: %s: there is no such keymap", cmd, name);
	return false;
}

int builtin_bindkey(struct shell *sh, int argc, char **argv)
{
	struct how h = { BIND_MAIN, BIND_EDITOR, false };
	bool own = false, chosen = false;
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "ablLdevukrscM:")) != -1) {
		switch (c) {
		case 'a':
			h.map = BIND_VI_COMMAND;
			break;
		case 'k':
			h.by_name = true;
			break;
		case 'r':
		case 's':
			h.kind = c == 'r' ? BIND_NONE : BIND_STRING;
			break;
		case 'c':
			h.kind = BIND_SHELL;
			break;
		case 'd':
			keyed_clear(&rows);
			changes++;
			return 0;
		case 'e':
		case 'v':
			set_editor(sh, c == 'v');
			chosen = true;
			break;
		case 'l':
			bind_names_print();
			return 0;
		case 'L':
			own = true;
			break;
		case 'M':
			if (!named_map(sh, argv[0], optarg, &h.map))
				return 1;
			break;
		case '?':
			return 2;
		default: /* -b and -u: that is so here */
			break;
		}
	}
	if (argc - optind > 2)
		return builtin_usage(sh, argv[0]);
	if (optind < argc)
		return bindkey_operands(sh, &h, argc - optind, argv + optind);
	if (!own && !chosen)
		return bind_list_all(sh);
	if (own)
		bind_list_own();
	return 0;
}

/* ---- bind ---- */

/* The end of what begins with a quote. */
static const char *quote_end(const char *s)
{
	char quote = *s++;

	for (; *s != '\0' && *s != quote; s++)
		if (*s == '\\' && s[1] != '\0')
			s++;
	return s;
}

/* One line of an inputrc: "key": command, "key": "what is typed", or (shell) "key": a command of the shell's. A status. */
static int bind_line(struct shell *sh, enum bind_map map, const char *line, bool shell)
{
	const char *s = line + strspn(line, " \t"), *end;
	char *key, *name;
	int status;

	if (*s == '\0' || *s == '#' || *s == '$' || strncmp(s, "set ", 4) == 0) /* what readline does otherwise is no key */
		return 0;
	end = *s == '"' ? quote_end(s) : s + strcspn(s, ": \t");
	key = bind_parse_key(s + (*s == '"'), (size_t)(end - s - (*s == '"')), *s == '"' ? BIND_INPUTRC : BIND_INPUTRC_NAME);
	end += *end == '"';
	end += strspn(end, " \t");
	if (key == NULL || *end != ':' || is_dangerous(key)) {
		free(key);
		return bad_key(sh, "bind", line);
	}
	s = end + 1 + strspn(end + 1, " \t");
	if (shell || *s == '"' || *s == '\'') {
		end = *s == '"' || *s == '\'' ? quote_end(s) : s + strlen(s);
		s += *s == '"' || *s == '\'';
		name = shell ? xstrndup(s, (size_t)(end - s)) : bind_parse_key(s, (size_t)(end - s), BIND_INPUTRC);
		status = name != NULL ? 0 : bad_key(sh, "bind", line);
		if (name != NULL)
			bind_row(map, key, shell ? BIND_SHELL : BIND_STRING, name);
	} else {
		name = xstrndup(s, strcspn(s, " \t"));
		status = bind_named(sh, "bind", map, key, name);
	}
	free(name);
	free(key);
	return status;
}

/* $if, $else and $endif of an inputrc (not one in another). True: what follows is not for us. */
static bool directive(struct shell *sh, const char *line, bool skips)
{
	if (strncmp(line, "$if ", 4) == 0)
		return strncasecmp(line + 4, "bash", 4) != 0 && strcmp(line + 4, opt(sh, OPT_VI) ? "mode=vi" : "mode=emacs") != 0;
	return strncmp(line, "$else", 5) == 0 ? !skips : false;
}

static int bind_file(struct shell *sh, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r = fd >= 0 ? 0 : -errno, status = 0;
	enum bind_map map = BIND_MAIN;
	char *text = NULL, *next;
	bool skips = false;

	if (r == 0)
		r = io_read_file(fd, INPUTRC_MAX, &text, NULL);
	if (fd >= 0)
		close(fd);
	if (r < 0) {
		sh_warn(sh, "bind: %s: %s", path, strerror(-r));
		return 1;
	}
	for (char *line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		line += strspn(line, " \t");
		if (*line == '$')
			skips = directive(sh, line, skips);
		else if (!skips && strncmp(line, "set keymap ", 11) == 0)
			map = strncmp(line + 11, "vi", 2) == 0 && strncmp(line + 11, "vi-insert", 9) != 0 ? BIND_VI_COMMAND : BIND_MAIN;
		else if (!skips && *line != '\0' && bind_line(sh, map, line, false) != 0)
			status = 1;
	}
	free(text);
	return status;
}

int builtin_bind(struct shell *sh, int argc, char **argv)
{
	enum bind_map map = BIND_MAIN;
	const char *shell = NULL, *gone = NULL, *asked = NULL;
	char *key, listed = '\0';
	int c, status = 0;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "lpPsSvVXm:f:q:u:r:x:")) != -1) {
		switch (c) {
		case 'l':
			bind_names_print();
			return 0;
		case 'm':
			if (!named_map(sh, argv[0], optarg, &map))
				return 1;
			break;
		case 'f':
			return bind_file(sh, optarg);
		case 'x':
			shell = optarg;
			break;
		case 'r':
			gone = optarg;
			break;
		case 'q':
			asked = optarg;
			break;
		case 'u': /* what is not the user's has other keys, too */
			return 1;
		case 'v':
		case 'V': /* variables of readline's: there are none */
			break;
		case '?':
			return 2;
		default:
			listed = (char)c;
		}
	}
	if (listed != '\0')
		bind_list_inputrc(sh, map, listed);
	if (asked != NULL)
		status = bind_list_keys_of(sh, map, asked);
	if (gone != NULL) {
		key = bind_parse_key(gone, strlen(gone), BIND_INPUTRC);
		if (key == NULL)
			return bad_key(sh, "bind", gone);
		bind_row(map, key, BIND_NONE, "");
		free(key);
	}
	if (shell != NULL)
		status = bind_line(sh, map, shell, true);
	for (int i = optind; i < argc; i++)
		if (bind_line(sh, map, argv[i], false) != 0)
			status = 1;
	return status;
}

/* ---- state ---- */

enum { BIND_ROWS = 1 };

static void bind_save(const struct shell *sh, struct state_enc *e)
{
	(void)sh;
	keyed_save(&rows, e, BIND_ROWS);
}

static int bind_load(struct shell *sh, const struct state_dec *d)
{
	(void)sh;
	changes++;
	return keyed_load(&rows, d, BIND_ROWS);
}

const struct state_section bind_section = {
	.name = "bindings", .version = 1, .save = bind_save, .load = bind_load,
};
