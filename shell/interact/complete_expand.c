#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/builtin/compgen.h"
#include "shell/exec/suggest.h"
#include "shell/expand/expand.h"
#include "shell/expand/quote.h"
#include "shell/interact/bang.h"
#include "shell/interact/edit.h"
#include "shell/interact/place.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

/* What else a key makes of the word: what it expands to, and how it is spelt. */

/* Files that match the pattern before the cursor, quoted, with blanks between them; NULL: there are none (caller frees). */
static char *matching_files(struct shell *sh, const char *line, size_t cursor, size_t *ret_from)
{
	struct place p = place_find(line, cursor);
	char *word = xstrndup(line + p.word, cursor - p.word);
	struct compspec s = { .texts[SPEC_GLOB] = word };
	struct candidates l = { 0 };
	struct strbuf b = { 0 };

	if (word[strcspn(word, "*?[")] != '\0' && p.quote == '\0')
		(void)compgen_generate(sh, &s, "", "", "", &l);
	candidates_sort(&l);
	for (size_t i = 0; i < l.n; i++) {
		char *q = quote_str(l.v[i]);

		strbuf_addf(&b, "%s%s", i != 0 ? " " : "", q);
		free(q);
	}
	candidates_release(&l);
	free(word);
	*ret_from = p.word;
	return b.len != 0 ? strbuf_take(&b) : NULL;
}

char *complete_expand_history(struct shell *sh, const char *line, size_t cursor, size_t *ret_from)
{
	char *before = xstrndup(line, cursor), *text = NULL;

	*ret_from = 0;
	if (bang_expand(sh->hist, "", before, &text) != BANG_CHANGED) {
		free(text);
		text = NULL;
	}
	free(before);
	return text;
}

char *complete_expand_glob(struct shell *sh, const char *line, size_t cursor, size_t *ret_from)
{
	void *mark = arena_mark(sh->arena);
	char *text = matching_files(sh, line, cursor, ret_from);

	arena_rewind(sh->arena, mark);
	return text;
}

char *complete_expand(struct shell *sh, const char *line, size_t cursor, size_t *ret_from)
{
	char *text = complete_expand_history(sh, line, cursor, ret_from);

	return text != NULL ? text : complete_expand_glob(sh, line, cursor, ret_from);
}

char *complete_expand_tilde(struct shell *sh, const char *line, size_t cursor, size_t *ret_from)
{
	struct place p = place_find(line, cursor);
	size_t end = p.word + strcspn(line + p.word, "/");
	void *mark = arena_mark(sh->arena);
	char *name, *home, *quoted, *text = NULL;

	if (end > cursor)
		end = cursor;
	if (p.word < cursor && line[p.word] == '~' && p.quote == '\0') {
		name = xstrndup(line + p.word + 1, end - p.word - 1);
		home = expand_tilde(sh, name);
		quoted = home != NULL ? quote_str(home) : NULL;
		if (home != NULL && asprintf(&text, "%s%.*s", quoted, (int)(cursor - end), line + end) < 0)
			text = NULL;
		free(quoted);
		free(name);
	}
	arena_rewind(sh->arena, mark);
	*ret_from = p.word;
	return text;
}

char *complete_spell(struct shell *sh, const char *line, size_t cursor, size_t *ret_from)
{
	struct place p = place_find(line, cursor);
	void *mark = arena_mark(sh->arena);
	char *word = candidates_unquote(line + p.word, cursor - p.word), *text = NULL;
	const char *found = p.command == p.word && !p.is_file && strchr(word, '/') == NULL ? suggest_command(sh, word) : suggest_file(sh, word);

	if (found != NULL && p.quote == '\0' && !sh->line.is_body)
		text = quote_str(found);
	*ret_from = p.word;
	free(word);
	arena_rewind(sh->arena, mark);
	return text;
}
