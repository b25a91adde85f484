#include <config.h>

#include <string.h>

#include "shell/interact/edit_quote.h"

/* A newline in a name would run what follows it, once Enter is typed. */
static void put_control(struct strbuf *b, char c, char quote)
{
	char q[2] = { quote, '\0' };

	strbuf_addf(b, "%s$'\\x%02x'%s", q, (unsigned)(unsigned char)c, q);
}

/* A history reference is none only outside of double quotes, and there a backslash would stay. */
static void put_bang(struct strbuf *b, char quote)
{
	strbuf_adds(b, quote == '"' ? "\"'!'\"" : "\\!");
}

void edit_quote_candidate(const char *s, const struct complete_list *l, struct strbuf *ret)
{
	const char *special = l->is_variable || l->is_plain || l->quote == '\'' ? ""
			      : l->quote == '"' ? "\\\"$`" : " \t\\'\"$`&|;()<>*?[{}#";
	bool bangs = !l->is_variable && !l->is_plain && l->quote != '\'';

	for (; *s != '\0'; s++) {
		if (*s == '\'' && l->quote == '\'') {
			strbuf_adds(ret, "'\\''");
			continue;
		}
		if ((unsigned char)*s < ' ' || *s == 0x7f) {
			put_control(ret, *s, l->quote);
			continue;
		}
		if (*s == '!' && bangs) {
			put_bang(ret, l->quote);
			continue;
		}
		if (strchr(special, *s) != NULL)
			strbuf_addc(ret, '\\');
		strbuf_addc(ret, *s);
	}
}
