#ifndef MISH_PARSER_AST_PRINT_H
#define MISH_PARSER_AST_PRINT_H

#include "shell/parser/ast.h"
#include "shell/parser/strbuf.h"

/*
 * Source text of a tree: functions travel as text, `type` and `jobs` show it. Parsing
 * the text gives the same tree again (tests/unit/test_ast_print.c holds us to it).
 */
void ast_print_list(struct strbuf *out, const struct ast_list *list);
void ast_print_command(struct strbuf *out, const struct ast_command *c);
void ast_print_word(struct strbuf *out, const struct ast_word *w);
/* One line, for job listings: here-documents are left out. */
void ast_print_pipeline_brief(struct strbuf *out, const struct ast_pipeline *p);
/* A whole definition: `name() { …; }` and a newline. */
void ast_print_function(struct strbuf *out, const char *name, const struct ast_command *body);

#endif
