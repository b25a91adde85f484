#ifndef MISH_PARSER_LEXER_H
#define MISH_PARSER_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shell/parser/alias.h"
#include "shell/parser/arena.h"
#include "shell/parser/ast.h"
#include "shell/parser/input.h"
#include "shell/parser/reserved.h"
#include "shell/parser/strbuf.h"

/*
 * The state of reading commands, and its lowest layer: characters of the input, of aliases and
 * of text that was put back. Above it are word.h, token.h and parse.h; what is not the parser
 * includes parser.h only.
 */
enum token {
	TOK_EOF,
	TOK_NEWLINE,
	TOK_WORD,
	TOK_IO_NUMBER,
	TOK_AND_IF,
	TOK_OR_IF,
	TOK_DSEMI,
	TOK_SEMI_AND,
	TOK_SEMI,
	TOK_AMP,
	TOK_PIPE,
	TOK_LPAREN,
	TOK_RPAREN,
	TOK_LESS,
	TOK_GREAT,
	TOK_DLESS,
	TOK_DLESSDASH,
	TOK_DGREAT,
	TOK_LESSAND,
	TOK_GREATAND,
	TOK_LESSGREAT,
	TOK_CLOBBER,
	TOK_TLESS,	/* <<<; from here on not POSIX's, but bash's */
	TOK_AMP_GREAT,	/* &> */
	TOK_AMP_DGREAT, /* &>> */
	TOK_PIPE_AMP,	/* |& */
	TOK_DSEMI_AND,	/* ;;& */
	TOK_ERROR,
};

enum { LEX_EOF = -1 };
enum { LEX_SHOWN_MAX = 60 }; /* bytes of a word that an error shows; … stands for the rest */

/* Text that is read before the input goes on: of an alias, or put back. */
struct lex_source {
	struct lex_source *prev;
	struct lex_source *next_popped;
	struct lex_source *guard; /* where its name was read: aliases around that are in use, too */
	char *alias;		  /* NULL: not an alias */
	bool ends_blank;	  /* the word behind it may be an alias, too */
	char *text;
	const char *cur, *end; /* of the source below, while this one is read */
};

/* A here-document whose body follows the next newline. */
struct lex_here {
	struct lex_here *next;
	struct ast_redir *redir;
	bool strip_tabs;
};

struct lexer;

/* Words contain commands, so the parser hands this down to them. */
struct lexer_grammar {
	struct ast_list *(*cmdsub)(struct lexer *lx); /* the list up to `)`; `$(` was read */
	struct ast_list *(*braces)(struct lexer *lx); /* the list up to `}`; `${ ` or `${|` was read */
	struct ast_list *(*whole)(struct lexer *lx);  /* all of the input, as a list */
};

struct lexer {
	struct input *in;
	struct arena *arena;
	const struct alias_table *aliases; /* NULL: no alias substitution */
	const struct lexer_grammar *grammar;
	struct lex_source *src;	   /* the innermost one; NULL: the input itself */
	struct lex_source *popped; /* read to their end */
	const char *cur, *end; /* of what is being read: the next character and the end */
	int line;
	int depth; /* of nesting, bounded */
	bool posix; /* what is not POSIX's, but another command in POSIX, is that other command */
	bool remote;  /* @node is before a command */
	bool one_line; /* all of it counts as the line where it begins */
	bool extglob; /* @(…) and its like are parts of words */
	bool fresh; /* of this command no token was read yet: its prompt is PS1 */
	bool at_eof;
	bool no_expand; /* the next word is a here-document's delimiter */
	bool assign_ok; /* the next word may be an assignment: tildes after `=' and `:' */
	bool declares;	/* … which is an argument of export or declare */
	bool in_array;	/* the next word is an element of an array */
	bool in_braces; /* where a command may begin `}` ends the list, whatever is behind it */
	bool alias_next; /* the alias before ended in a blank */
	char *error;   /* malloc'd, without file name and line */
	int error_line;
	const char *error_at; /* where the input had been read to; NULL: not in the input itself */
	bool incomplete; /* the error is that the input ended */

	enum token tok;
	int tok_line;
	int io_number;
	const char *io_var; /* TOK_IO_NUMBER: {io_var} in its place; NULL: the number */
	struct ast_word *word; /* TOK_WORD; see word_take() */
	const char *name;      /* its text when it is one unquoted literal, else NULL */
	enum reserved reserved; /* which reserved word the name is */
	struct ast_word *subscript; /* it is NAME[subscript]=…, and begins with NAME=; NULL: it is not */
	size_t assign_len;     /* length of NAME when it begins with NAME= or NAME+=, else 0 */
	struct lex_source *tok_src; /* the innermost source when the token began */

	struct lex_here *here, **here_tail;
	struct strbuf clean; /* input that had NUL bytes */
	struct strbuf spare; /* literal text of the word being read */
	struct strbuf tape;  /* what was read inside a `$((` that may turn out to be `$( (` */
	int taping;	     /* how many of those are open */
	int put_back;	     /* how many turned out so, in this command: bounded */
};

void lexer_init(struct lexer *lx, struct input *in, struct arena *arena,
		const struct alias_table *aliases, const struct lexer_grammar *grammar);
void lexer_release(struct lexer *lx);

/* A lexer for text inside what lx reads: a backquote, a here-document's body. */
void lexer_sub_init(struct lexer *sub, struct lexer *lx, struct input_string *is,
		    const char *text, size_t len, int line);
/* Releases it; its error becomes that of lx. */
void lexer_sub_done(struct lexer *sub, struct lexer *lx);

/* Between commands: frees sources that were read to their end. */
void lexer_collect(struct lexer *lx);

/* Lets text be read before the rest of the input; takes `text` and `alias`. */
void lexer_push(struct lexer *lx, char *text, size_t len, char *alias);

/* Sets lx->error (the first one stays) and lx->tok; returns TOK_ERROR. */
enum token lexer_error(struct lexer *lx, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The error that the input ended inside `what`, which began at `line`. */
void lexer_unterminated(struct lexer *lx, const char *what, int line);

/* One level of nesting more; false, with the error set, where that is too deep for the stack. */
bool lexer_enter(struct lexer *lx);
void lexer_leave(struct lexer *lx);

int lexer_refill(struct lexer *lx); /* the next character, unread, or LEX_EOF */

static inline int lexer_peek(struct lexer *lx)
{
	return lx->cur < lx->end ? (unsigned char)*lx->cur : lexer_refill(lx);
}

static inline int lexer_peek2(const struct lexer *lx)
{
	return lx->end - lx->cur > 1 ? (unsigned char)lx->cur[1] : LEX_EOF;
}

/* Takes n characters, which are there and are no newlines. */
static inline void lexer_skip(struct lexer *lx, size_t n)
{
	if (lx->taping != 0)
		strbuf_add(&lx->tape, lx->cur, n);
	lx->cur += n;
}

static inline int lexer_getc(struct lexer *lx)
{
	int c = lexer_peek(lx);

	if (c == LEX_EOF)
		return c;
	lexer_skip(lx, 1);
	if (c == '\n' && lx->src == NULL && !lx->one_line)
		lx->line++;
	return c;
}

int lexer_join(struct lexer *lx); /* past any <backslash><newline>, at a backslash */

/* Like lexer_peek(), past any <backslash><newline> (XCU 2.2.1). */
static inline int lexer_peek_joined(struct lexer *lx)
{
	int c = lexer_peek(lx);

	return c == '\\' ? lexer_join(lx) : c;
}

#endif
