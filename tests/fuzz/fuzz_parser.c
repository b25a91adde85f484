#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/arena.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/parser.h"
#include "tests/fuzz/fuzz.h"

/* Any bytes: parses or is refused; what parses prints and parses again. */
static int parse(const char *s, size_t len, struct strbuf *printed)
{
	struct arena *a = arena_new();
	struct input_string is;
	struct parser *p;
	struct ast_list *l;
	enum parse_result r;

	input_string_init(&is, s, len);
	p = parser_new(&is.in, NULL, 1);
	while (l = NULL, (r = parser_next(p, a, &l)) == PARSE_OK) {
		if (l != NULL)
			ast_print_list(printed, l);
		a = arena_reuse(a);
	}
	parser_free(p);
	arena_free(a);
	return r == PARSE_EOF;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf once = { 0 }, twice = { 0 };

	if (parse((const char *)data, size, &once)) {
		if (!parse(strbuf_str(&once), once.len, &twice) || once.len != twice.len ||
		    memcmp(strbuf_str(&once), strbuf_str(&twice), once.len) != 0) {
			fprintf(stderr, "printed:\n%s\nthen:\n%s\n", strbuf_str(&once), strbuf_str(&twice));
			abort();
		}
	}
	strbuf_release(&once);
	strbuf_release(&twice);
	return 0;
}
