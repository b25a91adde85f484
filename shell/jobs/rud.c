#include <config.h>

#include "shell/jobs/rud.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/state.h"
#include "shell/parser/strbuf.h"
#include "shell/shell.h"
#include "wire/node.h"
#include "wire/now.h"

enum { DROPPED = RUDS_MOST / 4 /* of the oldest, when there is no room */, PROGRAMS_MOST = 4, OPTIONS_MOST = 4, WORD_MOST = 16, BLOCK_KIB_2 = 2 /* of 512 bytes each: getrusage(2) */ };

static struct {
	struct rud *v;
	size_t n;
	uint64_t added;
	uint32_t generation; /* of the positions, which change when the oldest go */
} table;

void used_add(struct used *to, const struct rusage *r)
{
	to->user_us += (uint64_t)r->ru_utime.tv_sec * 1000000 + (uint64_t)r->ru_utime.tv_usec;
	to->system_us += (uint64_t)r->ru_stime.tv_sec * 1000000 + (uint64_t)r->ru_stime.tv_usec;
	if ((uint64_t)r->ru_maxrss > to->rss_kib)
		to->rss_kib = (uint64_t)r->ru_maxrss;
	to->read_kib += (uint64_t)r->ru_inblock / BLOCK_KIB_2;
	to->written_kib += (uint64_t)r->ru_oublock / BLOCK_KIB_2;
	to->processes++;
}

/* ---- the class of a command ---- */

/* FNV-1a, without blanks at its ends. */
uint32_t rud_hash(const char *text)
{
	size_t n;
	uint32_t h = 2166136261u;

	text += strspn(text, " \t\n");
	n = strlen(text);
	while (n != 0 && strchr(" \t\n", text[n - 1]) != NULL)
		n--;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h;
}

struct key {
	char *s;
	size_t len;
	int programs, options;
	bool operand; /* the word directly behind the program has been seen: one behind an option may be its value, and a secret */
	bool kind;    /* … or a file's kind */
	bool skip;    /* the next word is where a redirection goes */
};

static void add(struct key *k, const char *s, size_t n)
{
	if (k->len + n >= RUD_KEY)
		n = RUD_KEY - 1 - k->len;
	memcpy(k->s + k->len, s, n);
	k->len += n;
	k->s[k->len] = '\0';
}

static void add_word(struct key *k, const char *s, size_t n)
{
	if (k->len + n + 1 >= RUD_KEY) /* not half of one */
		return;
	if (k->len != 0)
		add(k, " ", 1);
	add(k, s, n);
}

static bool is_plain(const char *s, size_t n, const char *others)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && strchr(others, s[i]) == NULL)
			return false;
	return n != 0;
}

static bool is_assignment(const char *s, size_t n)
{
	const char *eq = memchr(s, '=', n);

	return eq != NULL && eq != s && is_plain(s, (size_t)(eq - s), "_") && !isdigit((unsigned char)*s);
}

static void take_program(struct key *k, const char *s, size_t n)
{
	const char *slash = memrchr(s, '/', n);
	size_t skip = slash != NULL ? (size_t)(slash - s) + 1 : 0;

	k->programs++;
	k->options = 0;
	k->operand = k->kind = false;
	if (is_plain(s + skip, n - skip, "._+-[]{(!:"))
		add_word(k, s + skip, n - skip);
	else
		add_word(k, "?", 1);
}

static void take_argument(struct key *k, const char *s, size_t n)
{
	const char *eq = memchr(s, '=', n), *dot = memrchr(s, '.', n), *slash = memrchr(s, '/', n);
	size_t len = eq != NULL ? (size_t)(eq - s) : n;

	if (*s == '-' && n > 1) {
		k->operand = true;
		if (is_plain(s, len, "-_+") && len <= WORD_MOST && k->options++ < OPTIONS_MOST)
			add_word(k, s, len);
	} else if (!k->operand && n <= WORD_MOST && isalpha((unsigned char)*s) && is_plain(s, n, "_-:")) {
		k->operand = true;
		add_word(k, s, n);
	} else if (!k->kind && dot != NULL && dot != s && isalpha((unsigned char)dot[1]) && (slash == NULL || slash < dot) && s + n - dot <= WORD_MOST / 2 && is_plain(dot + 1, (size_t)(s + n - dot) - 1, "")) {
		k->operand = k->kind = true;
		add_word(k, dot, (size_t)(s + n - dot));
	} else {
		k->operand = true;
	}
}

static size_t word_len(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0' && strchr(" \t\n;&|<>", s[n]) == NULL) {
		if ((s[n] == '\'' || s[n] == '"') && strchr(s + n + 1, s[n]) != NULL)
			n += (size_t)(strchr(s + n + 1, s[n]) - (s + n));
		n += s[n] == '\\' && s[n + 1] != '\0' ? 2 : 1;
	}
	return n;
}

/* Between two commands, or before a file; whatever it is, one of it. */
static size_t take_operator(struct key *k, const char *s, bool *program)
{
	size_t n = strspn(s, ";&|<>\n");

	if (*s == '<' || *s == '>') {
		k->skip = n == strspn(s, "<>&|");
		return n;
	}
	if (k->programs != 0 && s[n + strspn(s + n, " \t\n")] != '\0') {
		add_word(k, *s == '|' && s[1] != '|' ? "|" : ";", 1);
		*program = true;
	}
	return n;
}

void rud_key(const char *text, char ret[RUD_KEY])
{
	struct key k = { .s = ret };
	bool program = true;

	ret[0] = '\0';
	for (;;) {
		size_t n;

		text += strspn(text, " \t");
		if (*text == '\0' || *text == '#' || (k.programs != 0 && *text == '\n') || (k.programs == PROGRAMS_MOST && strchr(";&|", *text) != NULL))
			break; /* what follows on a line may be a here-document */
		if (strchr(";&|<>\n", *text) != NULL) {
			text += take_operator(&k, text, &program);
			continue;
		}
		n = word_len(text);
		if (k.skip) {
			k.skip = false;
		} else if (program && (*text == '@' || is_assignment(text, n))) {
			; /* where it goes, and what it is given */
		} else if (program) {
			take_program(&k, text, n);
			program = false;
		} else {
			take_argument(&k, text, n);
		}
		text += n;
	}
}

/* ---- the last of them ---- */

void rud_add(const struct rud *r)
{
	if (table.v == NULL)
		table.v = xcalloc(RUDS_MOST, sizeof(*table.v));
	if (table.n == RUDS_MOST) {
		memmove(table.v, table.v + DROPPED, (table.n - DROPPED) * sizeof(*table.v));
		table.n -= DROPPED;
		table.generation++;
	}
	table.v[table.n++] = *r;
	table.added++;
}

/* As it is named where it was placed, else this one. */
static void set_node(struct rud *r, const char *text, const char *node)
{
	size_t n = *text == '@' ? strcspn(text + 1, " \t") : 0;

	if (node != NULL)
		snprintf(r->node, sizeof(r->node), "%.*s", (int)sizeof(r->node) - 1, node);
	else if (n != 0 && n < sizeof(r->node))
		memcpy(r->node, text + 1, n);
	else
		node_own_name(r->node, sizeof(r->node));
}

void rud_command(const struct shell *sh, const char *text, const char *node, int64_t elapsed_ms, const struct used *used, int status, unsigned flags)
{
	struct rud r = { .at_ms = (uint64_t)now_wall_ms(), .elapsed_ms = elapsed_ms > 0 ? (uint64_t)elapsed_ms : 0, .used = *used,
			    .status = (uint64_t)status & 255, .flags = flags | (used->processes == 0 ? RUD_SHELL : 0) | (opt(sh, OPT_PUBLICHISTORY) ? RUD_PUBLIC : 0) };

	if (!opt(sh, OPT_RECORD) || *text == ' ' || *text == '\t')
		return;
	rud_key(text, r.key);
	if (r.key[0] == '\0')
		return;
	set_node(&r, text, node);
	r.args = rud_hash(text);
	r.dir = rud_hash(sh->pwd != NULL ? sh->pwd : "");
	rud_add(&r);
}

size_t rud_count(void)
{
	return table.n;
}

const struct rud *rud_at(size_t i)
{
	return i < table.n ? &table.v[i] : NULL;
}

uint64_t rud_added(void)
{
	return table.added;
}

static bool is_here(const struct rud *r)
{
	for (size_t i = 0; i < table.n; i++)
		if (table.v[i].at_ms == r->at_ms && table.v[i].args == r->args && table.v[i].elapsed_ms == r->elapsed_ms)
			return true;
	return false;
}

static int by_time(const void *a, const void *b)
{
	const struct rud *x = a, *y = b;

	return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

void rud_merge(const struct rud *v, size_t n)
{
	size_t own = table.n, first = n > RUDS_MOST ? n - RUDS_MOST : 0;

	for (size_t i = n; i > first && own + (n - i) < RUDS_MOST; i--) /* the newest of them, as many as there is room for */
		if (!is_here(&v[i - 1]))
			rud_add(&v[i - 1]);
	if (table.n == own)
		return;
	qsort(table.v, table.n, sizeof(*table.v), by_time);
	table.generation++;
}

void rud_clear(void)
{
	table.n = 0;
	table.generation++;
}

/* ---- state ---- */

enum { RUD_TEXTS = 1 /* key and node of each */, RUD_NUMBERS = 2, RUD_SINCE = 3 /* behind so many that are there; 0: in place of them */ };
enum { TEXTS = 2, NUMBERS = 12 };

static void numbers_of(const struct rud *r, uint64_t v[NUMBERS])
{
	const uint64_t all[NUMBERS] = { r->args, r->dir, r->at_ms, r->elapsed_ms, r->used.user_us, r->used.system_us, r->used.rss_kib,
					r->used.read_kib, r->used.written_kib, r->used.processes, r->status, r->flags };

	memcpy(v, all, sizeof(all));
}

static void ruds_save(const struct shell *sh, struct state_enc *e)
{
	size_t from = e->since < table.n ? e->since : table.n;
	uint32_t n = (uint32_t)(table.n - from);
	uint64_t v[NUMBERS];

	if ((table.n == 0 && table.generation == 0) || sh_is_subshell(sh)) /* a placed command has no use for them */
		return;
	state_put_uint(e, RUD_SINCE, from);
	if (n == 0)
		return;
	state_put_array(e, RUD_TEXTS, n * TEXTS);
	for (size_t i = from; i < table.n; i++) {
		state_add_str(e, table.v[i].key);
		state_add_str(e, table.v[i].node);
	}
	state_put_array(e, RUD_NUMBERS, n * NUMBERS);
	for (size_t i = from; i < table.n; i++) {
		numbers_of(&table.v[i], v);
		for (size_t k = 0; k < NUMBERS; k++)
			state_add_uint(e, v[k]);
	}
}

static int load_one(const struct state_dec *d, const struct state_value *texts, const struct state_value *numbers, uint32_t i)
{
	static const uint64_t most[NUMBERS] = { UINT32_MAX, UINT32_MAX, INT64_MAX / 2, INT64_MAX / 2, INT64_MAX / 2, INT64_MAX / 2, INT64_MAX / 2,
						INT64_MAX / 2, INT64_MAX / 2, INT64_MAX / 2, 255, RUD_FLAGS };
	struct rud r = { 0 };
	const char *key, *node;
	uint64_t v[NUMBERS];
	int err = state_elem_str(d, texts, i * TEXTS, &key, NULL);

	if (err == 0)
		err = state_elem_str(d, texts, i * TEXTS + 1, &node, NULL);
	for (uint32_t k = 0; err == 0 && k < NUMBERS; k++)
		err = state_elem_uint(d, numbers, i * NUMBERS + k, most[k], &v[k]);
	if (err < 0)
		return err;
	snprintf(r.key, sizeof(r.key), "%s", key);
	snprintf(r.node, sizeof(r.node), "%s", node);
	r.args = v[0];
	r.dir = v[1];
	r.at_ms = v[2];
	r.elapsed_ms = v[3];
	r.used = (struct used){ v[4], v[5], v[6], v[7], v[8], v[9] };
	r.status = v[10];
	r.flags = v[11];
	rud_add(&r);
	return 0;
}

static int ruds_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *texts, *numbers;
	uint32_t n_texts, n_numbers;
	uint64_t since = 0;
	int r = state_get_array(d, RUD_TEXTS, &texts, &n_texts);

	(void)sh;
	(void)state_get_uint(d, RUD_SINCE, RUDS_MOST, &since);
	if (since < table.n)
		table.n = (size_t)since;
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = state_get_array(d, RUD_NUMBERS, &numbers, &n_numbers);
	if (r == 0 && (n_texts % TEXTS != 0 || n_numbers / NUMBERS != n_texts / TEXTS))
		r = -EBADMSG;
	for (uint32_t i = 0; r == 0 && i < n_texts / TEXTS; i++)
		r = load_one(d, texts, numbers, i);
	return r;
}

static uint64_t ruds_mark(const struct shell *sh)
{
	(void)sh;
	return (uint64_t)table.generation << 32 | table.n;
}

const struct state_section rud_section = {
	.name = "rud", .version = 1, .save = ruds_save, .load = ruds_load, .mark = ruds_mark, .quiet = true,
};
