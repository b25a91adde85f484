#include <config.h>

#include "shell/builtin/bind_names.h"

#include <stdio.h>
#include <string.h>

#include "shell/parser/strbuf.h"

/* Without pointers, which each start of the shell would have to relocate. */
static const struct {
	char ours[24];
	char others[128]; /* with blanks between them: readline's first, tcsh's last */
	char text[44];
} names[] = {
	{ "mish-begin", "beginning-of-line", "to the line's beginning" },
	{ "mish-end", "end-of-line", "to its end, or take what is suggested" },
	{ "mish-forward", "forward-char", "a character on, or take what is suggested" },
	{ "mish-backward", "backward-char", "a character back" },
	{ "mish-forward-word", "forward-word emacs-forward-word forward-word", "a word on, or one of what is suggested" },
	{ "ed-prev-word", "backward-word emacs-backward-word backward-word", "a word back" },
	{ "mish-up", "previous-history history-search-backward up-line-or-search up-line-or-history up-line-or-beginning-search up-history", "an entry that begins so" },
	{ "mish-up", "history-beginning-search-backward history-substring-search-up", "" },
	{ "mish-down", "next-history history-search-forward down-line-or-search down-line-or-history down-line-or-beginning-search down-history", "a later one" },
	{ "mish-down", "history-beginning-search-forward history-substring-search-down", "" },
	{ "mish-search", "reverse-search-history history-incremental-search-backward i-search-back", "look for an entry" },
	{ "mish-search", "history-incremental-pattern-search-backward", "" },
	{ "mish-complete", "complete expand-or-complete menu-complete menu-expand-or-complete complete-word", "complete the word" },
	{ "mish-list", "possible-completions list-choices-raw list-choices", "list what it may be" },
	{ "mish-list-eof", "list-or-eof", "… or, of an empty line, the end of file" },
	{ "mish-delete-list", "delete-char-or-list", "delete a character; at the end, list" },
	{ "mish-delete-list-eof", "delete-char-or-list-or-eof", "… or the end of file" },
	{ "mish-delete", "delete-char delete-char-or-eof vi-delete-char delete-char", "delete a character" },
	{ "mish-rub-out", "backward-delete-char vi-backward-delete-char backward-delete-char", "delete the one before" },
	{ "mish-kill-end", "kill-line", "kill up to the end" },
	{ "mish-kill-line", "kill-whole-line kill-buffer vi-kill-line kill-whole-line", "kill the line" },
	{ "mish-kill-begin", "unix-line-discard backward-kill-line", "kill up to its beginning" },
	{ "mish-kill-word", "kill-word delete-word", "kill a word" },
	{ "mish-kill-word-before", "backward-kill-word vi-backward-kill-word backward-delete-word", "kill the one before" },
	{ "mish-kill-region-word", "unix-word-rubout", "kill up to the mark, or a word up to a blank" },
	{ "mish-yank", "yank", "what was killed" },
	{ "mish-yank-another", "yank-pop yank-pop-or-last yank-pop", "… instead of it, what was killed earlier" },
	{ "mish-undo", "undo vi-undo-change undo", "take back a change" },
	{ "mish-last-word", "yank-last-arg insert-last-argument insert-last-word", "the last word of an earlier entry" },
	{ "mish-clear", "clear-screen", "an empty screen" },
	{ "mish-editor", "edit-and-execute-command edit-command-line", "the line in $VISUAL or $EDITOR" },
	{ "mish-help", "run-help", "helpcommand, help or man of the command" },
	{ "mish-which", "which-command", "what the command is" },
	{ "mish-expand", "shell-expand-line expand-word", "replace history and file patterns" },
	{ "mish-expand-history", "history-expand-line expand-history expand-line expand-history", "replace history" },
	{ "mish-magic-space", "magic-space", "… and insert a blank" },
	{ "mish-expand-glob", "glob-expand-word expand-glob", "replace a file pattern" },
	{ "mish-spell", "spell-word spell-line spell-word", "another word that is one slip away" },
	{ "ed-newline", "accept-line newline", "run the line" },
	{ "ed-insert", "self-insert self-insert-command", "insert the key" },
	{ "mish-quoted-insert", "quoted-insert ed-quoted-insert vi-quoted-insert quoted-insert", "insert the next key" },
	{ "ed-transpose-chars", "transpose-chars gosmacs-transpose-chars transpose-chars", "exchange two characters" },
	{ "ed-redisplay", "redraw-current-line redisplay", "draw the line anew" },
	{ "em-upper-case", "upcase-word up-case-word upcase-word", "a word in capitals" },
	{ "em-lower-case", "downcase-word down-case-word downcase-word", "a word in small letters" },
	{ "em-capitol-case", "capitalize-word", "a word with one capital" },
	{ "mish-set-mark", "set-mark em-set-mark set-mark-command", "set the mark" },
	{ "mish-exchange-mark", "exchange-point-and-mark em-exchange-mark exchange-point-and-mark", "go to the mark" },
	{ "mish-kill-region", "kill-region em-kill-region kill-region", "kill up to the mark" },
	{ "mish-copy-region", "copy-region-as-kill em-copy-region copy-region-as-kill", "keep what is up to the mark" },
	{ "em-copy-prev-word", "copy-prev-word copy-prev-shell-word copy-prev-word", "the word before once more" },
	{ "ed-argument-digit", "digit-argument", "a count" },
	{ "ed-sequence-lead-in", "sequence-lead-in", "a key of several characters begins" },
	{ "mish-vi-up", "vi-up-line-or-history", "the entry before" },
	{ "mish-vi-down", "vi-down-line-or-history", "the next entry" },
	{ "vi-command-mode", "vi-movement-mode vi-cmd-mode", "vi: its other mode" },
	{ "ed-ignore", "abort send-break", "nothing" },
	{ "ed-unassigned", "undefined-key", "a bell" },
};

enum { N_NAMES = sizeof(names) / sizeof(names[0]) };

const char *bind_name_find(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < N_NAMES; i++) {
		if (strcmp(names[i].ours, name) == 0)
			return name;
		for (const char *s = names[i].others; *s != '\0'; s += strcspn(s, " "), s += *s == ' ')
			if (strcspn(s, " ") == len && strncmp(s, name, len) == 0)
				return names[i].ours;
	}
	return strncmp(name, "ed-", 3) == 0 || strncmp(name, "em-", 3) == 0 || strncmp(name, "vi-", 3) == 0 ? name : NULL;
}

const char *bind_name_arrow(size_t i, const char **ret_bytes)
{
	static const struct {
		char name[6];
		char bytes[5];
	} arrows[] = { { "up", "\033[A" }, { "down", "\033[B" }, { "right", "\033[C" }, { "left", "\033[D" }, { "home", "\033[H" }, { "end", "\033[F" } };

	if (i >= sizeof(arrows) / sizeof(arrows[0]))
		return NULL;
	*ret_bytes = arrows[i].bytes;
	return arrows[i].name;
}

size_t bind_names_count(void)
{
	return N_NAMES;
}

const char *bind_name_at(size_t i)
{
	return names[i].ours;
}

char *bind_name_shown(const char *ours, enum bind_notation how)
{
	size_t i = 0;
	const char *s;

	while (i < N_NAMES && strcmp(names[i].ours, ours) != 0)
		i++;
	if (i == N_NAMES)
		return xstrdup(ours);
	s = how == BIND_CSH ? strrchr(names[i].others, ' ') : NULL;
	s = s != NULL ? s + 1 : names[i].others;
	return xstrndup(s, strcspn(s, " "));
}

void bind_names_print(void)
{
	for (size_t i = 0; i < N_NAMES; i++)
		printf("%-22s %s (%s)\n", names[i].ours, names[i].text, names[i].others);
	puts("and those of editrc(5)");
}
