#include <config.h>

#include "shell/expand/declaration.h"

#include <stdlib.h>
#include <string.h>

#include "shell/expand/quote.h"
#include "shell/parser/name.h"

const char *declaration_letters(unsigned flags, char buf[LETTERS_ROOM])
{
	static const struct {
		unsigned flag;
		char letter;
	} letters[] = {
		{ VAR_INDEXED, 'a' }, { VAR_BY_NAME, 'A' }, { VAR_INTEGER, 'i' }, { VAR_REFERENCE, 'n' },
		{ VAR_READONLY, 'r' }, { VAR_LOWER, 'l' }, { VAR_UPPER, 'u' }, { VAR_EXPORT, 'x' },
	};
	char *s = buf;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if ((flags & letters[i].flag) != 0)
			*s++ = letters[i].letter;
	*s = '\0';
	return buf;
}

void declaration_put_text(struct strbuf *b, const char *value)
{
	if (quote_has_control(value)) {
		quote_ansi(b, value);
		return;
	}
	strbuf_addc(b, '"');
	for (; *value != '\0'; value++) {
		if (strchr("$`\"\\", *value) != NULL)
			strbuf_addc(b, '\\');
		strbuf_addc(b, *value);
	}
	strbuf_addc(b, '"');
}

/* A name in the brackets: as it is, if that reads as the same. */
static void put_name(struct strbuf *b, const char *name)
{
	if (*name != '\0' && name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:/%^#")] == '\0')
		strbuf_adds(b, name);
	else
		declaration_put_text(b, name);
}

void declaration_put_array(struct strbuf *b, const struct array *a, bool pairs)
{
	bool by_name = a != NULL && array_by_name(a);
	struct array_key key;

	strbuf_adds(b, pairs ? "" : "(");
	for (size_t i = 0; a != NULL && i < array_len(a); i++) {
		const char *text = array_at(a, i, &key);

		strbuf_adds(b, i != 0 && (pairs || !by_name) ? " " : "");
		strbuf_adds(b, pairs ? "" : "[");
		if (by_name)
			put_name(b, key.name);
		else
			strbuf_addf(b, "%lld", (long long)key.index);
		strbuf_adds(b, pairs ? " " : "]=");
		declaration_put_text(b, text);
		strbuf_adds(b, by_name && (!pairs || i + 1 == array_len(a)) ? " " : ""); /* as bash does */
	}
	strbuf_adds(b, pairs ? "" : ")");
}

void declaration_put(struct shell *sh, struct strbuf *b, const struct var *v)
{
	struct value now = var_get(sh, v->text, v->name_len);
	const char *text = (v->flags & VAR_REFERENCE) != 0 ? var_value(v) : value_text(now);
	char letters[LETTERS_ROOM];

	declaration_letters(v->flags, letters);
	strbuf_addf(b, "declare -%s %.*s", *letters != '\0' ? letters : "-", (int)v->name_len, v->text);
	if (now.kind == VALUE_ARRAY && (v->flags & VAR_REFERENCE) == 0) {
		strbuf_addc(b, '=');
		declaration_put_array(b, now.array, false);
	} else if (text != NULL && (v->flags & VAR_ARRAY) == 0) {
		strbuf_addc(b, '=');
		declaration_put_text(b, text);
	}
}
