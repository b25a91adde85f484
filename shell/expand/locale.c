#include <config.h>

#include "shell/expand/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/strbuf.h"

static struct shell *stale; /* whose variables name a locale that is not set yet; NULL: it is set */

/* The name of the locale for a category (XBD 8.2). */
static const char *locale_of(struct shell *sh, const char *category)
{
	const char *s = var_text(sh, "LC_ALL");

	if (s == NULL || *s == '\0')
		s = var_text(sh, category);
	if (s == NULL || *s == '\0')
		s = var_text(sh, "LANG");
	return s == NULL || *s == '\0' ? "C" : s;
}

void locale_changed(struct shell *sh)
{
	stale = sh;
}

static bool bytewise = true, by_code = true;

bool locale_is_bytewise(void)
{
	return bytewise;
}

bool locale_collates_by_code(void)
{
	return by_code;
}

static char *missing; /* the locale that the host does not have; NULL: it has it */

/* No character may be lost for that. */
static void do_without(int category, const char *want)
{
	setlocale(category, "C.UTF-8");
	if (category == LC_CTYPE)
		missing = xstrdup(want);
}

void locale_tell(struct shell *sh)
{
	locale_need();
	if (missing == NULL || (sh->line.no_locale != NULL && strcmp(sh->line.no_locale, missing) == 0))
		return;
	free(sh->line.no_locale);
	sh->line.no_locale = xstrdup(missing);
	sh_warn(sh, "locale %s: not on this host (C.UTF-8 instead)", missing);
}

void locale_need(void)
{
	static const struct {
		int category;
		const char *name;
	} v[] = { { LC_CTYPE, "LC_CTYPE" }, { LC_COLLATE, "LC_COLLATE" },
		  { LC_MESSAGES, "LC_MESSAGES" } };
	struct shell *sh = stale;

	if (sh == NULL)
		return;
	stale = NULL;
	free(missing);
	missing = NULL;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		const char *want = locale_of(sh, v[i].name);

		if (strcmp(setlocale(v[i].category, NULL), want) != 0 && setlocale(v[i].category, want) == NULL)
			do_without(v[i].category, want);
	}
	by_code = strcmp(setlocale(LC_COLLATE, NULL), "C") == 0 ||
		  strcmp(setlocale(LC_COLLATE, NULL), "C.UTF-8") == 0 ||
		  strcmp(setlocale(LC_COLLATE, NULL), "POSIX") == 0;
	bytewise = MB_CUR_MAX == 1 || strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

char *locale_fold(struct shell *sh, const char *s)
{
	size_t len = strlen(s), n = 0;
	char *out = arena_alloc(sh->arena, len * MB_LEN_MAX + 1);
	mbstate_t in = { 0 }, to = { 0 };

	locale_need();
	while (len != 0) {
		wchar_t c;
		size_t used = mbrtowc(&c, s, len, &in), made = (size_t)-1;

		if (used == 0 || used > len) { /* a bad byte is itself */
			used = 1;
			memset(&in, 0, sizeof(in));
		} else {
			made = wcrtomb(out + n, (wchar_t)towlower((wint_t)c), &to);
		}
		if (made == (size_t)-1) {
			out[n] = *s;
			made = 1;
		}
		n += made;
		s += used;
		len -= used;
	}
	out[n] = '\0';
	return out;
}

size_t locale_wide_char(const char *s, size_t len)
{
	mbstate_t state = { 0 };
	size_t n;

	locale_need();
	n = mbrtowc(NULL, s, len, &state);
	return n == 0 || n > len ? 1 : n;
}

size_t locale_columns(const char *s, size_t len)
{
	mbstate_t state = { 0 };
	size_t n = 0;

	locale_need();
	for (size_t used; len != 0; s += used, len -= used) {
		wchar_t w;

		used = mbrtowc(&w, s, len, &state);
		if (used == 0 || used > len) {
			used = 1;
			w = L'?';
			memset(&state, 0, sizeof(state));
		}
		n += wcwidth(w) > 0 ? (size_t)wcwidth(w) : 0;
	}
	return n;
}

bool locale_has_wide_char(const char *list, const char *c, size_t n)
{
	for (size_t len; *list != '\0'; list += len) {
		len = locale_char(list, strlen(list));
		if (len == n && memcmp(list, c, n) == 0)
			return true;
	}
	return false;
}
