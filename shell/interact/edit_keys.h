#ifndef MISH_INTERACT_EDIT_KEYS_H
#define MISH_INTERACT_EDIT_KEYS_H

#include <histedit.h>
#include <locale.h>
#include <stdio.h>

#include "shell/interact/edit.h"
#include "shell/interact/edit_text.h"
#include "shell/interact/highlight.h"
#include "shell/interact/screen.h"
#include "shell/parser/strbuf.h"

/* What the parts of the editor's module share: libedit reads the keys, screen.h shows the line. */

enum { UNDO_MAX = 200, UNDO_CHARS_MAX = 1 << 20, KILLS_MAX = 16 };

/* A key for a command of the shell's is a string for libedit: one of these characters, which has our command. */
enum { EDIT_RUN_FIRST = 0x8e, EDIT_RUN_MAX = 17 };

struct edit_copy { /* of the line */
	wchar_t *text;
	size_t cursor;
};

struct edit_guess { /* what completion suggests */
	pid_t pid;  /* of who looks; 0: nobody */
	char *line; /* for which it looks, and then with what was found; NULL none */
	size_t asked; /* bytes of it for which it looks */
	struct strbuf came;
};

struct edit {
	EditLine *el;
	struct shell *sh;
	FILE *in, *out, *none; /* none: where libedit draws */
	locale_t locale;       /* of the text: the shell's own, or UTF-8 */
	struct screen *screen;
	const char *prompt;
	char *right;	       /* the right prompt; NULL none */
	bool fresh;
	bool restore; /* the half-typed line is still to be put back */
	bool begun;   /* libedit has just looked at the terminal's size */
	bool shown;   /* something is on the screen */
	enum edit_result result;

	struct edit_decoder decoder;
	wchar_t queue[64]; /* characters that libedit has not had yet */
	size_t queued, next;
	struct strbuf said; /* what libedit printed */

	size_t hist_pos; /* of the entry that is shown + 1; count + 1: none */
	wchar_t *mine;	 /* what was typed before an entry was shown; NULL: none is */
	wchar_t *event_text;
	wchar_t *hint;	 /* suggested behind the line; NULL none */
	char *hint_for;	 /* what it was looked up for, and the entry's position + 1, or how far one has looked; 0 none */
	size_t hint_at;
	struct edit_guess guess;
	struct edit_waiter waiter;
	struct highlight highlight;
	wchar_t *below;	 /* shown under it; NULL none */
	size_t below_from, below_to; /* characters of it that are marked */

	struct edit_copy undo[UNDO_MAX];
	size_t n_undo;
	bool undoing;
	bool typing;	/* the last step is letters of a word */
	bool in_prefix; /* libedit waits for the rest of a key */
	bool quoting;	/* the next character is text, whatever it is */
	wchar_t *kills[KILLS_MAX]; /* the newest first */
	size_t yanked_at, yanked, yanked_which; /* for M-y; yanked 0: the last key was no yank */
	size_t last_word_len, last_word_entry;
	size_t mark; /* the region is from here to the cursor … */
	bool marked; /* … if so */
	wchar_t *after;	    /* what the line after the one that is entered next begins with; NULL: nothing */
	size_t after_entry; /* of the history + 1; 0: it is none */
	bool after_ready;   /* … and that one was entered */
	wchar_t last_command; /* 'k': a kill, 'y': a yank, '.': a last word, 't': a tab that was not enough, 'm': one that listed, else 0 */
	wchar_t this_command;
	bool vi, vi_command; /* as far as is known, once the editor is left */
	bool leaving;	     /* … and it was asked for */
	bool commanding;     /* … and this is what the keys say of it */
	wchar_t operator;    /* vi's, that waits for more; 0: none */
	bool to_command_mode; /* vi's, before the next key */
	size_t count; /* vi's, as far as it was typed */
	size_t repeat, repeat_from; /* so often what is typed since then is inserted; 0: once */
	bool repeat_begun;
	wchar_t object_operator; /* what is done with a text object, … */
	bool around; /* … and with what is around it */
	bool in_search;	     /* … and libedit reads what to look for, perhaps */
	struct edit_search *search; /* NULL: there is none */
	bool looking; /* … or for a suggestion, and is not through */
	bool choosing;	     /* from a menu */
	bool busy;	     /* with a question or a search: no time to leave */
	unsigned bound;	     /* of bind_rows(), as it was applied */
	const char *run[EDIT_RUN_MAX]; /* borrowed: commands of the shell's that keys have */
};

struct edit_line {
	const wchar_t *s;
	size_t len, at;
};
struct edit_line edit_line(EditLine *el);
/* After a command of libedit's. */
void edit_line_mend(EditLine *el);
/* Where the row of the text that `at` is in begins; where the cursor's ends. */
size_t edit_line_begin(const struct edit_line *l, size_t at);
size_t edit_line_end(const struct edit_line *l);
/* Takes so many characters before the cursor away. el_deletestr() would put them where vi's `p' finds what the user deleted. */
void edit_cut(EditLine *el, size_t n);
wchar_t *edit_copy_text(const wchar_t *s, size_t n);
/* Is it drawn over the character before it? Where the word that the cursor is in, or before, ends; where that behind it begins. */
bool edit_combines(wchar_t w);
size_t edit_word_end(const struct edit_line *l);
size_t edit_word_begin(const struct edit_line *l, bool by_blanks);

/* In the shell's own locale, for what runs or looks things up in it, and back. */
locale_t edit_shell_locale(struct edit *e);
void edit_own_locale(struct edit *e, locale_t was);

struct edit *edit_self(EditLine *el);
/* edit_show.c: a line begins; shows it as it is. */
void edit_begin(struct edit *e);
void edit_draw(struct edit *e);
/* edit_input.c: the next key, for libedit or for one of our commands; false: none comes any more. */
bool edit_key(struct edit *e, wchar_t *ret);
/* … and what the terminal says where its cursor is (ECMA-48 CPR); false: nothing, for a while. */
bool edit_ask_column(struct edit *e, int *ret);
/* … and with another size. */
void edit_resized(struct edit *e);
/* edit_kept.c: keeps what is in the editor as the half-typed line, and puts that back. */
void edit_put_back(struct edit *e);
void edit_take_out(struct edit *e);
/* Leaves what is shown (with something behind it), so that something can be printed to e->out from the beginning of a row. */
void edit_leave(struct edit *e);
void edit_leave_with(struct edit *e, const char *behind);
/* Nothing is shown any more. */
void edit_take_away(struct edit *e);
/* Pastes have no marks any more. */
void edit_end_pastes(struct edit *e);
void edit_beep(struct edit *e);
/* An empty screen with the line at its top. */
void edit_clear(struct edit *e);
/* Keeps the line, and leaves the editor with that result, if it is a command's first: what the command of a key returns. */
unsigned char edit_end_with(struct edit *e, enum edit_result r);
/* The whole line is another one. */
void edit_replace(struct edit *e, const wchar_t *text, size_t cursor);
void edit_forget_typed(struct edit *e);

/* edit_kept.c: what the editor has besides the line, into sh->line.kept; and back, once the line is there. */
void edit_keep(struct edit *e);
/* … of which what was killed, and what a later line begins with, outlive the line. */
void edit_keep_kills(struct edit *e);
void edit_take_kept(struct edit *e);
/* What a later line begins with: nothing. */
void edit_after_free(struct edit *e);

/* What libedit gets where the editor is to be left while vi's keys are used: only libedit knows the mode. */
enum { EDIT_ASK_MODE = 0x9f };
/* … and for NUL, which it has for disabled keys of the terminal's driver, and which ends its strings. */
enum { EDIT_NUL = 0x8d };
/* … and for a text object of vi's. */
enum { EDIT_VI_OBJECT = 0x8b };

/* A command of ours, as libedit wants it. */
struct edit_command {
	const wchar_t *name;
	unsigned char (*run)(EditLine *el, wint_t ch);
};
/* The parts' commands, up to one without a name. */
extern const struct edit_command edit_after_commands[], edit_kill_commands[], edit_keys_commands[], edit_vi_commands[], edit_word_commands[];
/* edit_keys.c: keys that send a sequence are given their commands; ^D's and Delete's. */
void edit_keys_bind(struct edit *e);
unsigned char edit_delete(EditLine *el, wint_t ch);
/* What libedit gets for a key that sends ESC and this; 0: it is none of ours. */
wchar_t edit_keys_private(const char *sequence);
/* A move, or a trap's action, may come now. */
bool edit_keys_may_leave(const struct edit *e);
/* As if it had been typed. */
void edit_type(struct edit *e, wchar_t w);
/* Before libedit gets a key: notes what can be undone. */
void edit_keys_note(struct edit *e);
/* … and when it got this one: may there be more of the key? */
void edit_keys_gave(struct edit *e, wchar_t w);
void edit_keys_reset(struct edit *e); /* for a new line */
void edit_keys_free(struct edit *e);
/* edit_style.c: the style of each character of the line, to be freed; NULL: plain. */
unsigned char *edit_styles(struct edit *e, const wchar_t *s, size_t len);
void edit_styles_forget(struct edit *e);
/* What the history suggests behind the line, or completion; while e->looking, not all of the history was looked at. */
void edit_keys_suggest(struct edit *e);
/* … or nothing, while a question, a menu or a search has the line. */
void edit_keys_suggest_none(struct edit *e);
/*
 * edit_guess.c: what completion suggests: sets e->hint, or has it looked for in the next pause. That is the rest: the pause is
 * there, some of it came (true: all of it: edit_guess() knows it now), nobody wants it any more.
 */
void edit_guess(struct edit *e, const char *line);
void edit_guess_begin(struct edit *e);
bool edit_guess_came(struct edit *e);
void edit_guess_end(struct edit *e);
/* edit_history.c: the entry above and below, last words, ^R. */
unsigned char edit_go_up(EditLine *el, wint_t ch);
unsigned char edit_go_down(EditLine *el, wint_t ch);
unsigned char edit_vi_up(EditLine *el, wint_t ch);
unsigned char edit_vi_down(EditLine *el, wint_t ch);
unsigned char edit_last_word(EditLine *el, wint_t ch);
unsigned char edit_search(EditLine *el, wint_t ch);
unsigned char edit_search_forward(EditLine *el, wint_t ch);
/* While e->looking: goes on with the search, or for the suggestion, for a moment. */
void edit_look_on(struct edit *e);
unsigned char edit_history_begin(EditLine *el, wint_t ch);
unsigned char edit_history_end(EditLine *el, wint_t ch);
/* The length of an entry without the newline at its end. */
size_t edit_entry_length(const char *text);
/* edit_complete.c: the tab key; what the word may be, listed; other commands that change the word, or the line. */
unsigned char edit_complete(EditLine *el, wint_t ch);
unsigned char edit_list(EditLine *el, wint_t ch);
unsigned char edit_list_or_eof(EditLine *el, wint_t ch);
unsigned char edit_delete_or_list(EditLine *el, wint_t ch);
unsigned char edit_delete_or_list_or_eof(EditLine *el, wint_t ch);
unsigned char edit_expand(EditLine *el, wint_t ch);
unsigned char edit_expand_glob(EditLine *el, wint_t ch);
unsigned char edit_expand_history(EditLine *el, wint_t ch);
unsigned char edit_magic_space(EditLine *el, wint_t ch);
unsigned char edit_expand_tilde(EditLine *el, wint_t ch);
unsigned char edit_insert_all(EditLine *el, wint_t ch);
unsigned char edit_spell(EditLine *el, wint_t ch);
/* edit_bind.c: our commands and keys; keys that the user has bound; are there others by now? */
void edit_bind_ours(struct edit *e);
void edit_bind(struct edit *e);
bool edit_bind_is_new(const struct edit *e);
/* edit_listing.c: all that is bound, as rows of bind_rows()'s; of them those that edit_keys.c has for sequences. */
void edit_listing(struct edit *e, struct keyed *ret);
void edit_keys_list(struct keyed *ret);
/* edit_vi.c: what libedit gets for a key of vi's; before that key is read. */
wchar_t edit_vi_key(struct edit *e, wchar_t w);
void edit_vi_note(struct edit *e);
/* edit_abbr.c: before libedit gets that key: the word before the cursor may be an abbreviation. */
void edit_abbreviate(struct edit *e, wchar_t key);

#endif
