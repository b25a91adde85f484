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
	{ "mish-begin", "beginning-of-line beginning-of-line-hist beginning-of-line", "to the line's beginning" },
	{ "mish-end", "end-of-line end-of-line-hist vi-end-of-line end-of-line", "to its end, or take what is suggested" },
	{ "mish-forward", "forward-char vi-forward-char forward-char", "a character on, or take what is suggested" },
	{ "mish-backward", "backward-char vi-backward-char backward-char", "a character back" },
	{ "mish-forward-word", "forward-word emacs-forward-word forward-word", "a word on, or one of what is suggested" },
	{ "ed-prev-word", "backward-word emacs-backward-word backward-word", "a word back" },
	{ "mish-up", "previous-history history-search-backward up-line-or-search up-line-or-history up-line-or-beginning-search up-history", "an entry that begins so" },
	{ "mish-up", "history-beginning-search-backward history-substring-search-up history-substring-search-backward up-line", "" },
	{ "mish-down", "next-history history-search-forward down-line-or-search down-line-or-history down-line-or-beginning-search down-history", "a later one" },
	{ "mish-down", "history-beginning-search-forward history-substring-search-down history-substring-search-forward down-line", "" },
	{ "mish-search", "reverse-search-history history-incremental-search-backward i-search-back", "look for an entry" },
	{ "mish-search", "history-incremental-pattern-search-backward", "" },
	{ "mish-complete", "complete expand-or-complete menu-complete menu-expand-or-complete complete-word", "complete the word" },
	{ "mish-list", "possible-completions list-choices-raw list-choices", "list what it may be" },
	{ "mish-list-eof", "list-or-eof", "… or, of an empty line, the end of file" },
	{ "mish-delete-list", "delete-char-or-list", "delete a character; at the end, list" },
	{ "mish-delete-list-eof", "delete-char-or-list-or-eof", "… or the end of file" },
	{ "mish-delete", "delete-char delete-char-or-eof vi-delete-char delete-char", "delete a character" },
	{ "mish-rub-out", "backward-delete-char vi-backward-delete-char backward-delete-char", "delete the one before" },
	{ "mish-kill-end", "kill-line vi-kill-eol kill-line", "kill up to the end" },
	{ "mish-kill-line", "kill-whole-line kill-buffer vi-kill-line kill-whole-line", "kill the line" },
	{ "mish-kill-begin", "unix-line-discard backward-kill-line", "kill up to its beginning" },
	{ "mish-kill-word", "kill-word delete-word", "kill a word" },
	{ "mish-kill-word-before", "backward-kill-word vi-backward-kill-word backward-delete-word", "kill the one before" },
	{ "mish-kill-region-word", "unix-word-rubout vi-unix-word-rubout unix-word-rubout", "kill up to the mark, or else to a blank" },
	{ "mish-yank", "yank", "what was killed" },
	{ "mish-yank-another", "yank-pop yank-pop-or-last yank-pop", "… instead of it, what was killed earlier" },
	{ "mish-undo", "undo vi-undo-change undo", "take back a change" },
	{ "mish-last-word", "yank-last-arg insert-last-argument insert-last-word", "the last word of an earlier entry" },
	{ "mish-clear", "clear-screen clear-display clear-screen", "an empty screen" },
	{ "mish-editor", "edit-and-execute-command vi-edit-and-execute-command edit-command-line", "the line in $VISUAL or $EDITOR" },
	{ "mish-help", "run-help", "helpcommand, help or man of the command" },
	{ "mish-which", "which-command", "what the command is" },
	{ "mish-expand", "shell-expand-line expand-word", "replace history and file patterns" },
	{ "mish-expand-history", "history-expand-line expand-history expand-line expand-history", "replace history" },
	{ "mish-magic-space", "magic-space", "… and insert a blank" },
	{ "mish-expand-glob", "glob-expand-word expand-glob", "replace a file pattern" },
	{ "mish-spell", "spell-word spell-line spell-correct-word spell-word", "another word that is one slip away" },
	{ "mish-complete", "vi-complete old-menu-complete expand-or-complete-prefix complete-word-fwd complete-word", "" },
	{ "mish-list", "menu-complete-backward reverse-menu-complete complete-word-back list-choices", "" },
	{ "mish-kill-path-word", "unix-filename-rubout", "kill up to a slash or a blank" },
	{ "mish-transpose-words", "transpose-words shell-transpose-words transpose-words", "exchange two words" },
	{ "mish-to-character", "character-search", "to the next character that is typed then" },
	{ "mish-back-to-character", "character-search-backward", "… or the last before" },
	{ "mish-insert-comment", "insert-comment pound-insert", "enter the line as a comment" },
	{ "mish-insert-all", "insert-completions", "insert all that the word may be" },
	{ "mish-expand-tilde", "tilde-expand vi-tilde-expand tilde-expand", "replace ~ by the directory" },
	{ "mish-accept-next", "operate-and-get-next accept-line-and-down-history newline-and-down-history", "run the line; the history's next" },
	{ "mish-accept-hold", "accept-and-hold newline-and-hold", "run the line, and have it once more" },
	{ "mish-push-line", "push-line push-input push-line-or-edit push-line", "put the line aside for the next prompt" },
	{ "mish-hist-begin", "beginning-of-history beginning-of-buffer-or-history beginning-of-history", "the first entry" },
	{ "mish-hist-end", "end-of-history end-of-buffer-or-history end-of-history", "what was typed" },
	{ "mish-search-forward", "forward-search-history history-incremental-search-forward i-search-fwd", "look for a later entry" },
	{ "mish-search-forward", "history-incremental-pattern-search-forward", "" },
	{ "mish-revert", "revert-line", "the line as it was at first" },
	{ "em-toggle-overwrite", "overwrite-mode", "type over what is there, or not" },
	{ "em-universal-argument", "universal-argument", "a count of four times as many" },
	{ "em-meta-next", "prefix-meta", "the next key with Meta" },
	{ "ed-end-of-file", "end-of-file", "the end of file" },
	{ "ed-digit", "digit", "a digit, or more of a count" },
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
	{ "vi-add", "vi-append-mode vi-add-next vi-add", "vi: a" },
	{ "vi-add-at-eol", "vi-append-eol vi-add-eol vi-add-at-eol", "vi: A" },
	{ "vi-insert", "vi-insertion-mode vi-insert", "vi: i" },
	{ "vi-insert-at-bol", "vi-insert-beg vi-insert-bol vi-insert-at-bol", "vi: I" },
	{ "vi-change-case", "vi-change-case vi-swap-case vi-chg-case change-case", "vi: ~" },
	{ "vi-change-meta", "vi-change-to vi-change vi-chg-meta", "vi: c" },
	{ "vi-change-to-eol", "vi-change-eol vi-chg-to-eol change-till-end-of-line", "vi: C" },
	{ "vi-delete-meta", "vi-delete-to vi-delete vi-delmeta", "vi: d" },
	{ "vi-delete-prev-char", "vi-delprev", "vi: X" },
	{ "vi-yank", "vi-yank-to vi-yank", "vi: y" },
	{ "vi-yank-end", "vi-yank-eol", "vi: Y" },
	{ "vi-paste-next", "vi-put-after", "vi: p" },
	{ "vi-paste-prev", "vi-put-before", "vi: P" },
	{ "vi-replace-char", "vi-change-char vi-replace-chars vi-replace-char", "vi: r" },
	{ "vi-replace-mode", "vi-overstrike vi-replace vi-replace-mode", "vi: R" },
	{ "vi-substitute-char", "vi-substitute vi-substitute-char", "vi: s" },
	{ "vi-substitute-line", "vi-change-whole-line vi-substitute-line", "vi: S" },
	{ "vi-next-char", "vi-find-next-char vi-char-fwd", "vi: f" },
	{ "vi-prev-char", "vi-find-prev-char vi-char-back", "vi: F" },
	{ "vi-to-next-char", "vi-find-next-char-skip vi-charto-fwd", "vi: t" },
	{ "vi-to-prev-char", "vi-find-prev-char-skip vi-charto-back", "vi: T" },
	{ "vi-repeat-next-char", "vi-repeat-find vi-repeat-char-fwd", "vi: ;" },
	{ "vi-repeat-prev-char", "vi-rev-repeat-find vi-repeat-char-back", "vi: ," },
	{ "vi-search-prev", "vi-history-search-backward vi-search-back", "vi: /" },
	{ "vi-search-next", "vi-history-search-forward vi-search-fwd", "vi: ?" },
	{ "vi-repeat-search-next", "vi-repeat-search vi-repeat-search-fwd", "vi: n" },
	{ "vi-repeat-search-prev", "vi-rev-repeat-search vi-repeat-search-back", "vi: N" },
	{ "vi-next-word", "vi-next-word vi-fword vi-forward-word vi-beginning-of-next-word", "vi: w" },
	{ "vi-prev-word", "vi-prev-word vi-bword vi-backward-word vi-prev-word", "vi: b" },
	{ "vi-end-word", "vi-end-word vi-forward-word-end vi-eword", "vi: e" },
	{ "vi-next-big-word", "vi-fWord vi-forward-bigword vi-forward-blank-word vi-word-fwd", "vi: W" },
	{ "vi-prev-big-word", "vi-bWord vi-backward-bigword vi-backward-blank-word vi-word-back", "vi: B" },
	{ "vi-end-big-word", "vi-eWord vi-end-bigword vi-forward-blank-word-end vi-endword", "vi: E" },
	{ "vi-match", "vi-match vi-match-bracket vi-match", "vi: %" },
	{ "vi-to-column", "vi-column vi-goto-column vi-to-column", "vi: |" },
	{ "vi-to-history-line", "vi-fetch-history vi-to-history-line", "vi: G" },
	{ "vi-redo", "vi-redo vi-repeat-change vi-redo", "vi: ." },
	{ "vi-zero", "vi-beginning-of-line vi-digit-or-beginning-of-line vi-zero", "vi: 0" },
	{ "vi-comment-out", "vi-pound-insert vi-comment-out", "vi: #" },
	{ "mish-vi-complete", "vi-complete-and-insert", "vi: \\ and *: complete the word" },
	{ "mish-vi-list", "vi-possible-completions", "vi: =: list what it may be" },
	{ "mish-vi-missing", "vi-missing", "vi: nothing; its further keys are no text" },
	{ "vi-command-mode", "vi-movement-mode vi-cmd-mode", "vi: its other mode" },
	{ "ed-ignore", "abort keyboard-quit tty-dsusp tty-sigintr tty-sigquit tty-sigtsusp send-break", "nothing" },
	{ "ed-unassigned", "undefined-key", "a bell" },
};

enum { N_NAMES = sizeof(names) / sizeof(names[0]) };

/* libedit's, besides those above; what it does not know it would leave unbound without a word. */
static const char libedits[] =
	" ed-argument-digit ed-clear-screen ed-delete-next-char ed-delete-prev-char ed-delete-prev-word ed-digit ed-end-of-file ed-ignore"
	" ed-insert ed-kill-line ed-move-to-beg ed-move-to-end ed-newline ed-next-char ed-next-history ed-next-line ed-prev-char"
	" ed-prev-history ed-prev-line ed-prev-word ed-redisplay ed-search-next-history ed-search-prev-history ed-sequence-lead-in"
	" ed-start-over ed-transpose-chars ed-unassigned em-copy-prev-word em-delete-next-word em-delete-or-list em-delete-prev-char"
	" em-gosmacs-transpose em-inc-search-next em-inc-search-prev em-kill-line em-next-word em-yank vi-alias vi-histedit vi-history-word"
	" vi-kill-line-prev vi-list-or-eof vi-undo vi-undo-line ";

static bool is_libedits(const char *name)
{
	const char *s = strstr(libedits, name);

	return s != NULL && strchr(name, ' ') == NULL && s != libedits && s[-1] == ' ' && s[strlen(name)] == ' ';
}

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
	return is_libedits(name) ? name : NULL;
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
