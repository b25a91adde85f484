#include <config.h>

#include "shell/builtin/bind_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/builtin/bind_names.h"
#include "shell/expand/quote.h"
#include "shell/parser/strbuf.h"

/* In the notation that bind_parse_key() reads, without quotes around it. */
static void put_bytes(struct strbuf *b, const char *s, enum bind_notation how)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (strncmp(s, BIND_NUL, strlen(BIND_NUL)) == 0)
			strbuf_adds(b, how == BIND_CSH ? "^@" : "\\C-@"), s += strlen(BIND_NUL) - 1;
		else if (how != BIND_CSH && c == '\033')
			strbuf_adds(b, "\\e");
		else if (c < ' ' || c == 0x7f)
			strbuf_addf(b, "%s%c", how == BIND_CSH ? "^" : "\\C-", how == BIND_CSH || c == 0x7f ? c ^ 0x40 : (c ^ 0x40) | (c <= 26 ? 0x20 : 0));
		else if (c == '"' || c == '\\' || (c == '^' && how == BIND_CSH))
			strbuf_addf(b, "\\%c", c);
		else
			strbuf_addc(b, (char)c);
	}
}

static void print_key(const char *s, enum bind_notation how)
{
	struct strbuf b = { 0 };

	put_bytes(&b, s, how);
	printf("\"%s\"", strbuf_str(&b));
	strbuf_release(&b);
}

static void print_own(const struct keyed_row *r)
{
	char *q;

	printf("bindkey %s%s", r->key[0] == BIND_VI_COMMAND ? "-a " : "", r->text[0] == BIND_STRING ? "-s " :
	       r->text[0] == BIND_SHELL ? "-c " : r->text[0] == BIND_NONE ? "-r " : "");
	print_key(r->key + 1, BIND_CSH);
	if (r->text[0] == BIND_STRING) {
		putchar(' ');
		print_key(r->text + 1, BIND_CSH);
	} else if (r->text[0] != BIND_NONE) {
		q = quote_str(r->text + 1);
		printf(" %s", q);
		free(q);
	}
	putchar('\n');
}

void bind_list_own(void)
{
	unsigned changes;
	const struct keyed *own = bind_rows(&changes);

	for (size_t i = 0; i < own->n; i++)
		print_own(&own->v[i]);
}

/* What the editor has, and over it what is bound (caller clears). */
static void take_all(struct shell *sh, struct keyed *ret)
{
	unsigned changes;
	const struct keyed *own = bind_rows(&changes);

	sh->hooks.editor_keys(sh, ret);
	for (size_t i = 0; i < own->n; i++)
		keyed_set(ret, own->v[i].key, own->v[i].text[0] != BIND_NONE ? own->v[i].text : NULL);
}

static void release(struct keyed *k)
{
	keyed_clear(k);
	free(k->v);
}

/* ---- tcsh's ---- */

static bool is_several(const struct keyed_row *r)
{
	return r->key[1] != '\0' && r->key[2] != '\0' && strcmp(r->key + 1, BIND_NUL) != 0;
}

/* Does b go on where a ends, with the same? */
static bool goes_on(const struct keyed_row *a, const struct keyed_row *b)
{
	return !is_several(a) && !is_several(b) && b->key[0] == a->key[0] && b->key[1] == a->key[1] + 1 && strcmp(a->text, b->text) == 0;
}

static void print_what(const struct keyed_row *r)
{
	struct strbuf b = { 0 };
	char *name;

	if (r->text[0] == BIND_STRING) {
		put_bytes(&b, r->text + 1, BIND_CSH);
		printf("->  \"%s\"\n", strbuf_str(&b));
	} else if (r->text[0] == BIND_SHELL) {
		printf("->  [%s]\n", r->text + 1);
	} else {
		name = bind_name_shown(r->text + 1, BIND_CSH);
		printf("->  %s\n", name);
		free(name);
	}
	strbuf_release(&b);
}

/* "^A"           ->  beginning-of-line; or from one key to another. */
static void print_rows(const struct keyed_row *first, const struct keyed_row *last)
{
	struct strbuf b = { 0 };

	strbuf_adds(&b, "\"");
	put_bytes(&b, first->key + 1, BIND_CSH);
	if (last != first) {
		strbuf_adds(&b, "\" to \"");
		put_bytes(&b, last->key + 1, BIND_CSH);
	}
	strbuf_adds(&b, "\"");
	printf("%-15s", b.s);
	print_what(first);
	strbuf_release(&b);
}

static void print_map(const struct keyed *all, const char *heading, enum bind_map map, bool several)
{
	puts(heading);
	for (size_t i = 0; i < all->n; i++) {
		const struct keyed_row *first = &all->v[i];

		if (first->key[0] != (char)map || is_several(first) != several)
			continue;
		while (i + 1 < all->n && goes_on(&all->v[i], &all->v[i + 1]))
			i++;
		print_rows(first, &all->v[i]);
	}
}

static void print_arrows(const struct keyed *all)
{
	const char *name, *bytes;

	puts("Arrow key bindings");
	for (size_t n = 0; (name = bind_name_arrow(n, &bytes)) != NULL; n++)
		for (size_t i = 0; i < all->n; i++)
			if (all->v[i].key[0] == BIND_MAIN && strcmp(all->v[i].key + 1, bytes) == 0) {
				printf("%-15s", name);
				print_what(&all->v[i]);
			}
}

int bind_list_all(struct shell *sh)
{
	struct keyed all = { 0 };

	take_all(sh, &all);
	print_map(&all, "Standard key bindings", BIND_MAIN, false);
	print_map(&all, "Alternative key bindings", BIND_VI_COMMAND, false);
	print_map(&all, "Multi-character bindings", BIND_MAIN, true);
	print_map(&all, "Alternative multi-character bindings", BIND_VI_COMMAND, true);
	print_arrows(&all);
	release(&all);
	return 0;
}

int bind_list_key(struct shell *sh, enum bind_map map, const char *key)
{
	struct keyed all = { 0 };
	int status = 1;

	take_all(sh, &all);
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].key[0] == (char)map && strcmp(all.v[i].key + 1, key) == 0) {
			print_rows(&all.v[i], &all.v[i]);
			status = 0;
		}
	release(&all);
	return status;
}

/* ---- readline's ---- */

/* -s, -S and -X: strings, and commands of the shell's. */
static void print_texts(const struct keyed *all, enum bind_map map, char letter)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct keyed_row *r = &all->v[i];
		struct strbuf b = { 0 };

		if (r->key[0] != (char)map || r->text[0] != (letter == 'X' ? BIND_SHELL : BIND_STRING))
			continue;
		put_bytes(&b, r->key + 1, BIND_INPUTRC);
		if (letter == 'S')
			printf("%s outputs ", b.s);
		else
			printf("\"%s\": \"", b.s);
		strbuf_clear(&b);
		if (letter == 'X')
			strbuf_adds(&b, r->text + 1);
		else
			put_bytes(&b, r->text + 1, BIND_INPUTRC);
		printf("%s%s\n", strbuf_str(&b), letter == 'S' ? "" : "\"");
		strbuf_release(&b);
	}
}

/* The keys of a command, with ", " between them; returns how many. */
static size_t put_keys(const struct keyed *all, enum bind_map map, const char *ours, struct strbuf *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].key[0] == (char)map && all->v[i].text[0] == BIND_EDITOR && strcmp(all->v[i].text + 1, ours) == 0) {
			strbuf_adds(ret, n++ != 0 ? ", \"" : "\"");
			put_bytes(ret, all->v[i].key + 1, BIND_INPUTRC);
			strbuf_addc(ret, '"');
		}
	return n;
}

/* -p: as an inputrc has it, a line for each key; -P: as one reads it. */
static void print_command(const struct keyed *all, enum bind_map map, const char *ours, char letter)
{
	char *name = bind_name_shown(ours, BIND_INPUTRC);
	struct strbuf keys = { 0 };
	size_t n = put_keys(all, map, ours, &keys);

	if (letter == 'P' && n != 0)
		printf("%s can be found on %s.\n", name, keys.s);
	else if (letter == 'P')
		printf("%s is not bound to any keys\n", name);
	else if (n == 0)
		printf("# %s (not bound)\n", name);
	for (size_t i = 0; letter == 'p' && n != 0 && i < all->n; i++)
		if (all->v[i].key[0] == (char)map && all->v[i].text[0] == BIND_EDITOR && strcmp(all->v[i].text + 1, ours) == 0) {
			print_key(all->v[i].key + 1, BIND_INPUTRC);
			printf(": %s\n", name);
		}
	strbuf_release(&keys);
	free(name);
}

static int by_shown_name(const void *a, const void *b)
{
	char *first = bind_name_shown(*(const char *const *)a, BIND_INPUTRC), *second = bind_name_shown(*(const char *const *)b, BIND_INPUTRC);
	int r = strcmp(first, second);

	free(first);
	free(second);
	return r;
}

/* Commands by their names: those that are known, and those that have a key. */
static void print_commands(const struct keyed *all, enum bind_map map, char letter)
{
	const char **names = xcalloc(all->n + bind_names_count(), sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < bind_names_count(); i++)
		names[n++] = bind_name_at(i);
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].key[0] == (char)map && all->v[i].text[0] == BIND_EDITOR)
			names[n++] = all->v[i].text + 1;
	qsort(names, n, sizeof(*names), by_shown_name);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			print_command(all, map, names[i], letter);
	free(names);
}

void bind_list_inputrc(struct shell *sh, enum bind_map map, char letter)
{
	struct keyed all = { 0 };

	take_all(sh, &all);
	if (letter == 'p' || letter == 'P')
		print_commands(&all, map, letter);
	else
		print_texts(&all, map, letter);
	release(&all);
}

int bind_list_keys_of(struct shell *sh, enum bind_map map, const char *name)
{
	const char *ours = bind_name_find(name);
	struct keyed all = { 0 };
	struct strbuf keys = { 0 };
	size_t n;

	if (ours == NULL) {
		sh_warn(sh, "bind: %s: there is no such command (`bind -l' lists them)", name);
		return 1;
	}
	take_all(sh, &all);
	n = put_keys(&all, map, ours, &keys);
	if (n != 0)
		printf("%s can be invoked via %s.\n", name, keys.s);
	else
		printf("%s is not bound to any keys.\n", name);
	strbuf_release(&keys);
	release(&all);
	return n != 0 ? 0 : 1;
}
