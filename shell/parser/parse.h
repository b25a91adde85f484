#ifndef MISH_PARSER_PARSE_H
#define MISH_PARSER_PARSE_H

#include "shell/parser/token.h"

/*
 * The grammar (XCU 2.10) by recursive descent, from below: simple_command.c, compound.c and
 * parser.c, of which the last two call each other. Each function begins at the current token
 * and leaves the one that it has no use for; NULL or false: lx->error is set, unless said
 * otherwise.
 */

struct ast_command *parse_command_new(struct lexer *lx, enum ast_kind kind);

/* simple_command.c: redirections (XCU 2.7), appended at *tail; and simple commands (2.9.1). */
bool parse_redirs(struct lexer *lx, struct ast_redir ***tail);
/*
 * `first`: a word that was read before, NULL none. A command of kind AST_FUNCTION, without a
 * body, is returned for `name (`, with the parenthesis as the current token.
 */
struct ast_command *parse_simple(struct lexer *lx, struct ast_word *first);

/* `|&`: the command's standard error goes where its standard output does. */
void parse_join_stderr(struct lexer *lx, struct ast_command *c);

/* compound.c: any command but a pipeline. */
struct ast_command *parse_command(struct lexer *lx);

/* condition.c: [[ … ]], from the first word on. */
bool parse_condition(struct lexer *lx, struct ast_command *c);

/* parser.c: a compound-list (XCU 2.10.2). NULL without an error: it is empty. */
struct ast_list *parse_compound_list(struct lexer *lx);

#endif
