#include <config.h>

#include "controller/listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The length of the UTF-8 character (RFC 3629) that begins here; 0: none, or a control one. */
static size_t character(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : u[0] < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	if ((n == 1 && (u[0] < ' ' || u[0] == 127)) || (u[0] == 0xc2 && u[1] < 0xa0) ||
	    (u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] >= 0xa0) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] >= 0x90))
		return 0;
	return n;
}

char *listing_text(const struct msg_view *v, enum msg_key key, bool lines)
{
	char *s = NULL;
	size_t n;

	if (msg_get_strdup(v, key, &s) < 0)
		s = strdup("");
	for (char *p = s; p != NULL && *p != '\0'; p += n != 0 ? n : 1) {
		n = character(p);
		if (n == 0 && !(lines && *p == '\n'))
			*p = '?';
	}
	return s;
}

void listing_heading(FILE *f, const struct listing_column *c)
{
	for (bool first = true; c->name != NULL; c++) {
		if (c->heading == NULL)
			continue;
		fprintf(f, "%s%*s", first ? "" : "  ", c[1].name == NULL && c->width < 0 ? 0 : c->width, c->heading);
		first = false;
	}
	fputc('\n', f);
}

static void show(FILE *f, const struct listing_column *c, const struct msg_view *v)
{
	int width = c->width;
	uint64_t n;
	char *s;

	if (c->kind == LISTING_STR) {
		s = listing_text(v, c->key, false);
		fprintf(f, "%*s", width, s != NULL ? s : "");
		free(s);
	} else if (msg_get_uint(v, c->key, UINT64_MAX, &n) < 0) {
		fprintf(f, "%*s", width, "-");
	} else if (c->kind == LISTING_MILLI) {
		fprintf(f, "%*.2f", width, (double)n / 1000);
	} else if (c->kind == LISTING_MICRO) {
		fprintf(f, "%*.2f", width, (double)n / 1e6);
	} else if (c->kind == LISTING_KIB) {
		fprintf(f, "%*.1f", width, (double)n / 1048576);
	} else if (c->kind == LISTING_AGE) {
		fprintf(f, "%*.1f", width, (double)n / 1000);
	} else if (c->kind == LISTING_BOOL) {
		fprintf(f, "%*s", width, n != 0 ? "yes" : "no");
	} else {
		fprintf(f, "%*" PRIu64, width, n);
	}
}

void listing_row(FILE *f, const struct listing_column *c, const struct msg_view *v)
{
	char *row = NULL;
	size_t len = 0;
	FILE *m = open_memstream(&row, &len);

	if (m == NULL)
		return;
	for (bool first = true; c->name != NULL; c++) {
		if (c->heading == NULL)
			continue;
		if (!first)
			fputs("  ", m);
		show(m, c, v);
		first = false;
	}
	if (fclose(m) == 0) {
		while (len != 0 && row[len - 1] == ' ')
			len--;
		fprintf(f, "%.*s\n", (int)len, row);
	}
	free(row);
}

/* RFC 8259, 7. What comes from listing_text() is UTF-8. */
static void put_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '\n')
			fputs("\\n", f);
		else if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

void listing_json(FILE *f, const struct listing_column *c, const struct msg_view *v)
{
	fputc('{', f);
	for (bool first = true; c->name != NULL; c++) {
		uint64_t n = 0;
		char *s;

		fprintf(f, "%s\"%s\": ", first ? "" : ", ", c->name);
		first = false;
		if (c->kind == LISTING_STR) {
			s = listing_text(v, c->key, true);
			put_string(f, s != NULL ? s : "");
			free(s);
		} else if (msg_get_uint(v, c->key, UINT64_MAX, &n) < 0) {
			fputs("null", f);
		} else if (c->kind == LISTING_MILLI || c->kind == LISTING_AGE) {
			fprintf(f, "%.3f", (double)n / 1000);
		} else if (c->kind == LISTING_MICRO) {
			fprintf(f, "%.6f", (double)n / 1e6);
		} else if (c->kind == LISTING_BOOL) {
			fputs(n != 0 ? "true" : "false", f);
		} else {
			fprintf(f, "%" PRIu64, c->kind == LISTING_KIB ? n * 1024 : n);
		}
	}
	fputc('}', f);
}
