#ifndef MISH_PARSER_AST_H
#define MISH_PARSER_AST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The abstract syntax tree of XCU 2.10. Every node lives in the arena it was parsed
 * into and is never changed afterwards, so a tree may be run any number of times, by
 * the shell and by its forked children alike.
 *
 * Invariant that the printer (ast_print.h) relies on: neighbouring literal parts of a
 * word with the same `quoted` are always merged.
 */

enum ast_part_kind {
	AST_LIT,
	AST_PARAM,
	AST_CMDSUB,
	AST_ARITH,
	AST_TILDE,
	AST_ARRAY, /* (word …), behind NAME=; from here on not POSIX's, but bash's */
	AST_PROCESS_IN,	 /* <(list): what it writes is read */
	AST_PROCESS_OUT, /* >(list) */
	AST_CMDSUB_HERE,  /* ${ list; }: in the shell itself */
	AST_CMDSUB_REPLY, /* ${| list; }: … and what it leaves in REPLY */
};

enum ast_param_op {
	AST_PARAM_PLAIN,
	AST_PARAM_LENGTH,	 /* ${#name} */
	AST_PARAM_DEFAULT,	 /* ${name-word} */
	AST_PARAM_ASSIGN,	 /* ${name=word} */
	AST_PARAM_ERROR,	 /* ${name?word} */
	AST_PARAM_ALTERNATIVE,	 /* ${name+word} */
	AST_PARAM_PREFIX,	 /* ${name#word} */
	AST_PARAM_PREFIX_LONG,	 /* ${name##word} */
	AST_PARAM_SUFFIX,	 /* ${name%word} */
	AST_PARAM_SUFFIX_LONG,	 /* ${name%%word} */
	AST_PARAM_REPLACE,	 /* ${name/pattern/word}: the first; from here on not POSIX's, but bash's */
	AST_PARAM_REPLACE_ALL,	 /* ${name//pattern/word} */
	AST_PARAM_REPLACE_PREFIX, /* ${name/#pattern/word} */
	AST_PARAM_REPLACE_SUFFIX, /* ${name/%pattern/word} */
	AST_PARAM_UPPER_FIRST,	 /* ${name^pattern} */
	AST_PARAM_UPPER,	 /* ${name^^pattern} */
	AST_PARAM_LOWER_FIRST,	 /* ${name,pattern} */
	AST_PARAM_LOWER,	 /* ${name,,pattern} */
	AST_PARAM_SLICE,	 /* ${name:offset:length} */
	AST_PARAM_TRANSFORM,	 /* ${name@Q}: the argument is the letter */
	AST_PARAM_NAMES,	 /* ${!prefix*}, ${!prefix@}: the argument is the last of it */
	AST_PARAM_BAD,		 /* none of these: `name` is all of it; an error when it is expanded */
};

struct ast_part {
	struct ast_part *next;
	enum ast_part_kind kind : 8;
	enum ast_param_op op : 8; /* AST_PARAM */
	bool colon;		  /* AST_PARAM: of ${name:-word} */
	bool quoted;		  /* inside quotes: no splitting, no pathname expansion */
	bool indirect;		  /* AST_PARAM: ${!name…}: the parameter that its value names */
	bool subscript;		  /* AST_PARAM: ${name[…]…}: the first argument is that; see ast_subscript() */
	union {
		struct { /* AST_LIT */
			const char *text;
			size_t len;
		};
		struct { /* AST_PARAM */
			const char *name;
			struct ast_word *arg; /* see ast_argument() */
		} param;
		struct ast_list *cmd;	/* AST_CMDSUB…, AST_PROCESS_…; NULL when empty */
		struct ast_word *arith; /* AST_ARITH */
		const char *tilde;	/* AST_TILDE: login name, "" for one's own */
		struct ast_assign *array; /* AST_ARRAY: its elements, without names; NULL when empty */
	};
};

struct ast_word {
	struct ast_word *next;
	struct ast_part *parts; /* NULL: `plain` as it is; or an empty word, inside ${name-} */
	const char *plain;	/* what the word expands to when nothing in it can change */
	bool assignment;	/* NAME=… after a declaration utility: no splitting */
	bool braces;		/* there is an unquoted `{`, and not the whole word: see brace.h */
};

/* What is in the brackets behind the name; NULL: there are none. */
static inline struct ast_word *ast_subscript(const struct ast_part *p)
{
	return p->subscript ? p->param.arg : NULL;
}

/* The argument of the operator; NULL where it takes none; a second one is its `next`. */
static inline struct ast_word *ast_argument(const struct ast_part *p)
{
	return p->subscript ? p->param.arg->next : p->param.arg;
}

/* NAME=value, or an element of an array: [subscript]=value, or a word alone. */
struct ast_assign {
	struct ast_assign *next;
	const char *name;	    /* NULL: an element */
	struct ast_word *subscript; /* NULL: none */
	struct ast_word *value;	    /* of an array: one part, AST_ARRAY */
	bool append; /* NAME+=value */
};

enum ast_redir_kind {
	AST_REDIR_IN,	   /* < */
	AST_REDIR_OUT,	   /* > */
	AST_REDIR_CLOBBER, /* >| */
	AST_REDIR_APPEND,  /* >> */
	AST_REDIR_RDWR,	   /* <> */
	AST_REDIR_DUP_IN,  /* <& */
	AST_REDIR_DUP_OUT, /* >& */
	AST_REDIR_HERE,	   /* << and <<- */
	AST_REDIR_HERE_STRING, /* <<<; not POSIX's, but bash's */
};

struct ast_redir {
	struct ast_redir *next;
	enum ast_redir_kind kind : 8;
	bool here_quoted; /* the delimiter was quoted: no expansion */
	int fd;
	const char *var; /* {var}>…: a new descriptor, whose number it gets; NULL none. Not POSIX's, but bash's */
	struct ast_word *target; /* file, descriptor, or the here-document's body */
	const char *here_end;	 /* AST_REDIR_HERE: the delimiter, quotes removed */
};

struct ast_case_item {
	struct ast_case_item *next;
	struct ast_word *patterns;
	struct ast_list *body; /* NULL when empty */
	bool fall_through;     /* ended by ;& */
	bool goes_on;	       /* ended by ;;&: the next that matches is run, too (bash's) */
};

enum ast_kind {
	AST_SIMPLE,
	AST_SUBSHELL,
	AST_BRACE,
	AST_IF,
	AST_FOR,
	AST_WHILE,
	AST_UNTIL,
	AST_CASE,
	AST_FUNCTION,
	AST_LET,       /* (( … )); from here on not POSIX's, but bash's */
	AST_FOR_LET,   /* for (( …; …; … )) */
	AST_CONDITION, /* [[ … ]] */
	AST_SELECT,    /* as AST_FOR */
	AST_COPROC,    /* as AST_FUNCTION */
	AST_PLACED,    /* @name body, likewise; name "": wherever it is best. mish's own */
};

enum ast_condition_kind {
	AST_CONDITION_OR,
	AST_CONDITION_AND,
	AST_CONDITION_NOT,
	AST_CONDITION_WORD,   /* a word: is it anything? */
	AST_CONDITION_UNARY,  /* -f word */
	AST_CONDITION_BINARY, /* word -nt word; of =, == and != the second is a pattern, of =~ a regular expression */
};

/* What is in [[ … ]]. */
struct ast_condition {
	enum ast_condition_kind kind;
	const char *op;
	struct ast_condition *a, *b;
	struct ast_word *left, *right;
};

struct ast_command {
	struct ast_command *next; /* in a pipeline */
	enum ast_kind kind : 8;
	bool for_in; /* AST_FOR, AST_SELECT: `in` was given; else "$@" */
	bool by_itself; /* AST_PLACED: nobody asked for it (set -o autoplace) … */
	bool told;	/* … and a line has said where it goes */
	int line;
	struct ast_redir *redirs; /* AST_FUNCTION, AST_COPROC, AST_PLACED: none, they are those of its body */
	union {
		struct {
			struct ast_assign *assigns;
			struct ast_word *words;
		} simple;
		struct ast_list *list; /* AST_SUBSHELL, AST_BRACE */
		struct {
			struct ast_list *cond, *then_body;
			struct ast_list *else_body;  /* NULL; elif: an AST_IF inside */
		} cond;
		struct {
			const char *name;
			struct ast_word *words;
			struct ast_list *body;
		} loop_for;
		struct {
			struct ast_list *cond, *body;
		} loop;
		struct {
			struct ast_word *word;
			struct ast_case_item *items;
		} select;
		struct {
			const char *name;
			struct ast_command *body;
		} function;
		struct ast_word *let; /* AST_LET */
		struct {
			struct ast_word *words; /* init, cond and step, each the next of the one before; without parts: none */
			struct ast_list *body;
		} loop_let;
		struct ast_condition *condition;
	};
};

struct ast_pipeline {
	struct ast_command *commands;
	struct ast_pipeline *next; /* in an AND-OR list */
	bool is_or;		   /* joined to the one before by ||, else && */
	bool bang;
	bool timed;  /* `time` is in front of it; see timed.h */
	bool time_p; /* and -p, before a compound command */
	bool async;  /* the first of an AND-OR list: & follows the last */
};

struct ast_list {
	struct ast_list *next;
	struct ast_pipeline andor[1]; /* the first is part of the node: most lists have no other */
};

#endif
