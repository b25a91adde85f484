#include <config.h>

#include <stdlib.h>

#include "shell/expand/var.h"
#include "shell/interact/edit_keys.h"

unsigned char *edit_styles(struct edit *e, const wchar_t *s, size_t len)
{
	unsigned char *of_bytes, *of_chars = NULL;
	char *line;

	/* NO_COLOR: https://no-color.org */
	if (len == 0 || opt(e->sh, OPT_NO_HIGHLIGHT) || var_text(e->sh, "NO_COLOR") != NULL || wmemchr(s, L'\0', len) != NULL)
		return NULL;
	line = edit_text_encode(s, len);
	of_bytes = highlight_line(e->sh, &e->highlight, line);
	if (of_bytes != NULL) {
		of_chars = xcalloc(len, 1);
		for (size_t i = 0, at = 0; i < len; i++) {
			of_chars[i] = of_bytes[at];
			at += edit_text_bytes(s + i, 1);
		}
	}
	free(of_bytes);
	free(line);
	return of_chars;
}

void edit_styles_forget(struct edit *e)
{
	for (size_t i = 0; i < HIGHLIGHT_WORDS; i++)
		free(e->highlight.known[i].word);
	e->highlight = (struct highlight){ 0 };
}
