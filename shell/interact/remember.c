#include <config.h>

#include "shell/interact/remember.h"

#include <stdlib.h>
#include <string.h>

#include "shell/exec/hist.h"
#include "shell/expand/option.h"
#include "shell/expand/pattern.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"
#include "wire/node.h"
#include "wire/now.h"

/* Is the word one of a list's, which colons divide? */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = list; s != NULL && *s != '\0'; s += strcspn(s, ":"), s += *s == ':')
		if (strcspn(s, ":") == n && strncmp(s, word, n) == 0)
			return true;
	return false;
}

static bool is_same(const struct hist_entry *h, const char *text, size_t len)
{
	return strlen(h->text) == len && memcmp(h->text, text, len) == 0;
}

/* HISTIGNORE: patterns, which & for the newest entry may be among. */
static bool is_ignored(struct shell *sh, const char *text, size_t len)
{
	const char *list = var_text(sh, "HISTIGNORE");
	size_t n = hist_count(sh->hist);
	bool r = false;

	while (list != NULL && *list != '\0' && !r) {
		char *pattern = xstrndup(list, strcspn(list, ":"));

		if (strcmp(pattern, "&") == 0)
			r = n != 0 && is_same(hist_at(sh->hist, n - 1), text, len);
		else
			r = pattern_match(pattern, text, len);
		free(pattern);
		list += strcspn(list, ":");
		list += *list == ':';
	}
	return r;
}

/* What is told of commands that are there already; false: this one is not wanted. */
static bool drop_doubles(struct shell *sh, const char *text, size_t len)
{
	const char *control = var_text(sh, "HISTCONTROL"), *dup = var_text(sh, "histdup");
	bool erase = has_word(control, "erasedups") || (dup != NULL && strcmp(dup, "erase") == 0);
	bool all = dup != NULL && strcmp(dup, "all") == 0;
	bool newest = has_word(control, "ignoredups") || has_word(control, "ignoreboth") || (dup != NULL && strcmp(dup, "prev") == 0);
	size_t n = hist_count(sh->hist);

	if ((newest || all) && n != 0 && is_same(hist_at(sh->hist, n - 1), text, len))
		return false;
	for (size_t i = erase || all ? n : 0; i != 0; i--) {
		if (!is_same(hist_at(sh->hist, i - 1), text, len))
			continue;
		if (all)
			return false;
		hist_drop(sh->hist, i - 1);
	}
	return true;
}

void remember_command(struct shell *sh, const char *text)
{
	const char *path = var_text(sh, "HISTFILE");
	size_t len = strlen(text);
	char node[NODE_NAME_MAX + 1];

	hist_set_running(sh->hist, NULL);
	while (len != 0 && text[len - 1] == '\n')
		len--;
	if (len == 0 || strchr(" \t\n", *text) != NULL) /* a leading blank keeps it out, as in bash */
		return;
	if (is_ignored(sh, text, len) || !drop_doubles(sh, text, len))
		return;
	hist_add(sh->hist, text, now_wall_s());
	node_own_name(node, sizeof(node));
	hist_set_running(sh->hist, node);
	if (path != NULL && *path != '\0')
		(void)hist_append_file(sh->hist, path); /* a full disk does not stop the shell */
}

void remember_result(struct shell *sh, int64_t ms)
{
	const char *path = var_text(sh, "HISTFILE");
	const struct hist_entry *e = hist_at(sh->hist, hist_running(sh->hist));

	if (e == NULL)
		return;
	if (ms < 0)
		ms = e->time != 0 ? (now_wall_s() - e->time) * 1000 : 0;
	hist_set_result(sh->hist, sh->frame.status, ms);
	if (sh->line.unread == NULL && path != NULL && *path != '\0') /* else more of the entry runs */
		(void)hist_append_result(sh->hist, path);
}

void remember_others(struct shell *sh)
{
	const char *path = var_text(sh, "HISTFILE");

	if (opt(sh, OPT_SHAREHISTORY) && path != NULL && *path != '\0')
		(void)hist_load_new(sh->hist, path);
}
