#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/builtin/abbr.h"
#include "shell/interact/edit_keys.h"
#include "shell/interact/place.h"

/* What ends a word. */
static bool ends_word(wchar_t w)
{
	return w == L' ' || w == L'\r' || w == L'\n' || w == L';' || w == L'|' || w == L'&' || w == L')';
}

void edit_abbreviate(struct edit *e, wchar_t key)
{
	struct edit_line l = edit_line(e->el);
	const char *text = NULL;
	struct place p;
	wchar_t *w;
	char *line;

	if (!e->fresh || abbr_none() || !ends_word(key) || e->commanding || (l.at < l.len && !ends_word(l.s[l.at])))
		return;
	line = edit_text_encode(l.s, l.at);
	p = place_find(line, strlen(line));
	if (p.quote == '\0' && !p.is_file && !p.is_comment)
		text = abbr_text(line + p.word, p.command == p.word);
	if (text != NULL) {
		w = edit_text_decode(text, strlen(text), NULL);
		edit_cut(e->el, edit_text_chars(line + p.word, strlen(line + p.word)));
		el_winsertstr(e->el, w);
		free(w);
	}
	free(line);
}
