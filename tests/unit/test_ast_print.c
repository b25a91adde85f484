#include <config.h>

#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/io_full.h"
#include "shell/parser/arena.h"
#include "shell/parser/ast_print.h"
#include "shell/parser/parser.h"

/* A tree as text that shows every node: two trees are the same when these are. */
static void dump_word(struct strbuf *b, const struct ast_word *w);
static void dump_list(struct strbuf *b, const struct ast_list *l);

static void dump_assigns(struct strbuf *b, const struct ast_assign *a)
{
	for (; a != NULL; a = a->next) {
		strbuf_adds(b, a->name != NULL ? a->name : "");
		if (a->subscript != NULL)
			dump_word(b, a->subscript);
		strbuf_adds(b, a->append ? "+=" : "=");
		dump_word(b, a->value);
	}
}

static void dump_part(struct strbuf *b, const struct ast_part *p)
{
	strbuf_addf(b, "%d%c", (int)p->kind, p->quoted ? 'q' : 'u');
	switch (p->kind) {
	case AST_LIT:
		strbuf_add(b, p->text, p->len);
		break;
	case AST_PARAM:
		strbuf_addf(b, "%s:%d:%d:%d:%d", p->param.name, (int)p->op, p->colon, p->indirect, p->subscript);
		for (const struct ast_word *w = p->param.arg; w != NULL; w = w->next)
			dump_word(b, w);
		break;
	case AST_CMDSUB:
	case AST_PROCESS_IN:
	case AST_PROCESS_OUT:
	case AST_CMDSUB_HERE:
	case AST_CMDSUB_REPLY:
		dump_list(b, p->cmd);
		break;
	case AST_ARITH:
		dump_word(b, p->arith);
		break;
	case AST_TILDE:
		strbuf_adds(b, p->tilde);
		break;
	case AST_ARRAY:
		dump_assigns(b, p->array);
		break;
	}
	strbuf_addc(b, ';');
}

static void dump_word(struct strbuf *b, const struct ast_word *w)
{
	strbuf_adds(b, w->assignment ? "<=" : "<");
	if (w->parts == NULL && w->plain != NULL)
		dump_part(b, &(struct ast_part){ .kind = AST_LIT, .text = w->plain, .len = strlen(w->plain) });
	for (const struct ast_part *p = w->parts; p != NULL; p = p->next)
		dump_part(b, p);
	strbuf_adds(b, ">");
}

static void dump_words(struct strbuf *b, const struct ast_word *w)
{
	for (; w != NULL; w = w->next)
		dump_word(b, w);
}

static void dump_condition(struct strbuf *b, const struct ast_condition *c)
{
	strbuf_addf(b, "%d", (int)c->kind);
	if (c->kind <= AST_CONDITION_NOT) {
		dump_condition(b, c->a);
		if (c->kind != AST_CONDITION_NOT)
			dump_condition(b, c->b);
		return;
	}
	if (c->kind != AST_CONDITION_WORD)
		strbuf_adds(b, c->op);
	dump_word(b, c->left);
	if (c->kind == AST_CONDITION_BINARY)
		dump_word(b, c->right);
}

static void dump_command(struct strbuf *b, const struct ast_command *c)
{
	strbuf_addf(b, "(%d ", (int)c->kind);
	switch (c->kind) {
	case AST_SIMPLE:
		dump_assigns(b, c->simple.assigns);
		dump_words(b, c->simple.words);
		break;
	case AST_SUBSHELL:
	case AST_BRACE:
		dump_list(b, c->list);
		break;
	case AST_IF:
		dump_list(b, c->cond.cond);
		dump_list(b, c->cond.then_body);
		dump_list(b, c->cond.else_body);
		break;
	case AST_FOR:
	case AST_SELECT:
		strbuf_addf(b, "%s %d", c->loop_for.name, c->for_in);
		dump_words(b, c->loop_for.words);
		dump_list(b, c->loop_for.body);
		break;
	case AST_WHILE:
	case AST_UNTIL:
		dump_list(b, c->loop.cond);
		dump_list(b, c->loop.body);
		break;
	case AST_CASE:
		dump_word(b, c->select.word);
		for (const struct ast_case_item *i = c->select.items; i != NULL; i = i->next) {
			dump_words(b, i->patterns);
			dump_list(b, i->body);
			strbuf_addf(b, "%d%d", i->fall_through, i->goes_on);
		}
		break;
	case AST_COPROC:
	case AST_PLACED:
	case AST_FUNCTION:
		strbuf_adds(b, c->function.name);
		dump_command(b, c->function.body);
		break;
	case AST_LET:
		dump_word(b, c->let);
		break;
	case AST_FOR_LET:
		dump_word(b, c->loop_let.words);
		dump_word(b, c->loop_let.words->next);
		dump_word(b, c->loop_let.words->next->next);
		dump_list(b, c->loop_let.body);
		break;
	case AST_CONDITION:
		dump_condition(b, c->condition);
		break;
	}
	for (const struct ast_redir *r = c->redirs; r != NULL; r = r->next) {
		strbuf_addf(b, "{%d %d %d ", (int)r->kind, r->fd, r->here_quoted);
		dump_word(b, r->target);
		strbuf_adds(b, "}");
	}
	strbuf_addc(b, ')');
}

static void dump_list(struct strbuf *b, const struct ast_list *l)
{
	strbuf_addc(b, '[');
	for (; l != NULL; l = l->next) {
		for (const struct ast_pipeline *p = l->andor; p != NULL; p = p->next) {
			strbuf_addf(b, "|%d%d%d%d", p->bang, p->is_or, p->timed, p->time_p);
			for (const struct ast_command *c = p->commands; c != NULL; c = c->next)
				dump_command(b, c);
		}
		strbuf_addf(b, "%d ", l->andor->async);
	}
	strbuf_addc(b, ']');
}

/* Parses a text; returns what it printed and how it dumped. False: a syntax error. */
static bool round_once(const char *text, size_t len, char **ret_printed, char **ret_dump)
{
	struct strbuf printed = { 0 }, dump = { 0 };
	struct arena *a = arena_new();
	struct input_string is;
	struct parser *p;
	struct ast_list *l;
	enum parse_result r;

	input_string_init(&is, text, len);
	p = parser_new(&is.in, NULL, 1);
	while (l = NULL, (r = parser_next(p, a, &l)) == PARSE_OK) {
		if (l != NULL)
			ast_print_list(&printed, l);
		for (; l != NULL; l = l->next) { /* lists by lines or by `;` are the same */
			struct ast_list one = *l;

			one.next = NULL;
			dump_list(&dump, &one);
		}
		a = arena_reuse(a);
	}
	parser_free(p);
	arena_free(a);
	*ret_printed = strbuf_take(&printed);
	*ret_dump = strbuf_take(&dump);
	return r == PARSE_EOF;
}

/* False: a syntax error, so that there is nothing to print. */
static bool assert_round_trip(const char *text, size_t len, const char *where)
{
	char *printed, *dump, *printed2, *dump2;

	if (!round_once(text, len, &printed, &dump)) {
		free(printed);
		free(dump);
		return false;
	}
	if (!round_once(printed, strlen(printed), &printed2, &dump2))
		fail_msg("%s: cannot parse what was printed:\n%s", where, printed);
	if (strcmp(dump, dump2) != 0)
		fail_msg("%s: another tree:\n%s\nprinted\n%s\nfirst  %s\nsecond %s", where, text, printed,
			 dump, dump2);
	assert_string_equal(printed, printed2);
	free(printed);
	free(dump);
	free(printed2);
	free(dump2);
	return true;
}

static void print_parse_same_tree_for_every_construct(void **state)
{
	static const char *const texts[] = {
		"a b c", "a='x y' b=\"$c\" cmd", "x=~/a:~b/c:d", "echo ~ ~root/x a~b \"~\"",
		"echo ${a} ${#a} ${a-b c} ${a:=\"x y\"} ${a?} ${a:+'}'} ${a#*/} ${a##\"$b\"} ${a%%x}",
		"echo \"${a-\"b c\"}\" \"${a:-\\}}\" \"${a#'x'}\" \"a${b}c$(d)e\"",
		"echo $(a; b) `c \\`d\\`` $((1 + (2 * x))) \"$((a))\" $( (a); b)",
		"echo 'it'\\''s' \"\" '' \"$@\" a\"\"b $'a\\tb\\'c\\x41'",
		"a | b | c && ! d || e & f; g", "{ a; b; } >x 2>&1 <y", "(a; (b)) 3<>z 4>&- 5<&3",
		"if a; then b; elif c; then d; else e; fi", "for i; do a; done",
		"for i in a \"$b\" *; do echo $i; done", "while a; do b; done | until c; do d; done",
		"case $a in (b|c) d;; e) ;; *) f;& g) esac", "case $a in b) c;;& d) e;& *) f;; esac",
		"f() { a; }\ng() (b) >c", "cat <<A <<'B' | x\n$a \\$b `c` \"q\"\nA\n$raw\\\nB\n",
		"f() {\n\tcat <<-X\n\t\tindented ${a-\"b\"}\n\tX\n}", "echo $(cat <<E\nin\nE\n)",
		"a <<E && b <<F\nx\nE\ny\nF\n", ">f", "x=1 y=2", "a >|b >>c", "! (a)", "echo \\* '*' *",
		"time a | b", "time -p { a; }", "! time (a)", "time", "time -p a; time -p", "time <a",
		"echo $((echo a; echo $((1 + 2)); ) | b)",
		"echo ${a/b} ${a//\"b\"/'c'} ${a/#b/$c} ${a/%b/} ${a^} ${a^^[bc]} ${a,} ${a,,} \"${a//b/\\/}\"",
		"echo ${a:1} ${a:b+1:2} \"${a: -1}\" ${@:2} ${a@Q} ${!a} ${!a:-b} ${!a*} \"${!a@}\" ${a!b} ${} ${x[1]}",
		"a &>f; a &>>f b; a |& b | c; cat <<<a <<<\"$b\"; a >&f; a 3>&4-; x+=1 y+=$z c",
		"((a)); (( a = (b + 1) * 2 )) >f; ((a; b)); for ((i=0; i<3; i++)); do a; done; for ((;;)) { b; }",
		"[[ a && b && c || d || e && ( f || g ) ]]; echo ${x:\"-1\"} ${x: -1:-2} ${x:1?2:3} ${x:(1):2} ${x////_} ${!#}; [[ x =~ a$\\|b ]]",
		"[[ a ]]; [[ -f $a && ! b == c* || ( d -nt e ) ]]; [[ $a =~ ^(b| c)+$ ]] >f; [[ a < b ]]; [[ ! ! a ]]",
		"function f { a; }; function g() (b); function h-x.y { c; } >z; i-j() { d; }; function if { e; }",
		"export a=~ b=\"$c\"", "command export x=$y", "echo a\\\nb", "echo \\\\ \\\" \"\\\\\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!assert_round_trip(texts[i], strlen(texts[i]), "construct"))
			fail_msg("does not parse: %s", texts[i]);
	}
}

static void print_parse_same_tree_for_all_scripts_here(void **state)
{
	static const char *const dirs[] = { "tests/posix", "tests/mish", "tests/cluster", "tests",
					    "build-aux", ".ci", "tests/fuzz/corpus/parser" };
	const char *top = getenv("MISH_SRCDIR");
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		char path[4096];
		struct dirent *e;
		DIR *d;

		snprintf(path, sizeof(path), "%s/%s", top != NULL ? top : ".", dirs[i]);
		d = opendir(path);
		while (d != NULL && (e = readdir(d)) != NULL) {
			char file[8192], *text;
			size_t len;
			int fd;

			snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
			fd = open(file, O_RDONLY | O_CLOEXEC);
			if (fd >= 0 && io_read_file(fd, 1 << 20, &text, &len) == 0) {
				if (assert_round_trip(text, len, file))
					n++;
				else if (strstr(e->d_name, ".sh") != NULL)
					fail_msg("does not parse: %s", file);
				free(text);
			}
			if (fd >= 0)
				close(fd);
		}
		if (d != NULL)
			closedir(d);
	}
	assert_true(n > 20);
}

/* ---- generated programs ---- */

static uint32_t seed;

static uint32_t rnd(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 10) % n;
}

static void gen_list(struct strbuf *b, int depth);

static void gen_word(struct strbuf *b, int depth);

static void gen_subscript(struct strbuf *b)
{
	strbuf_addc(b, '[');
	if (rnd(2) != 0)
		gen_word(b, 0);
	else
		strbuf_adds(b, rnd(2) != 0 ? "@" : "v + v[1] $v");
	strbuf_addc(b, ']');
}

/* v[…]+=word, or an array. */
static void gen_assign(struct strbuf *b, int depth)
{
	strbuf_addc(b, 'v');
	if (rnd(2) != 0) {
		gen_subscript(b);
		strbuf_adds(b, rnd(2) != 0 ? "=" : "+=");
		gen_word(b, depth);
	} else {
		strbuf_adds(b, rnd(2) != 0 ? "=(\n" : "+=(");
		for (uint32_t n = rnd(4); n != 0; n--) {
			if (rnd(3) == 0) {
				gen_subscript(b);
				strbuf_addc(b, '=');
			}
			gen_word(b, depth);
			strbuf_addc(b, ' ');
		}
		strbuf_adds(b, ")");
	}
	strbuf_addc(b, ' ');
}

static void gen_word(struct strbuf *b, int depth)
{
	static const char *const lits[] = { "a", "b-c", "*", "\\$", "~", "x=y", "'q r'", "\"d e\"",
					    "\\\n", "\"\"", "$'t\\n'", "=", "}", "#z", "[a-z]" };
	static const char *const ops[] = { "-", ":-", "=", ":=", "+", ":+", "#", "##", "%", "%%", "/", "//",
					   "/#", "/%", "^", "^^", ",", ",,", ":", "@" };
	uint32_t n = 1 + rnd(3);

	strbuf_addc(b, 'w');
	while (n-- != 0) {
		bool dq = rnd(3) == 0;

		switch (depth > 0 ? rnd(7) : rnd(2)) {
		case 0:
		case 1:
			strbuf_adds(b, lits[rnd(sizeof(lits) / sizeof(lits[0]))]);
			continue;
		case 2:
			strbuf_adds(b, dq ? "\"${v}\"" : "$v");
			continue;
		case 3:
		case 4:
			strbuf_adds(b, dq ? "\"${v" : "${v");
			if (rnd(3) == 0)
				gen_subscript(b);
			strbuf_adds(b, ops[rnd(sizeof(ops) / sizeof(ops[0]))]);
			gen_word(b, 0);
			strbuf_addf(b, "}%s", dq ? "\"" : "");
			continue;
		case 5:
			if (!dq && rnd(3) == 0)
				strbuf_adds(b, rnd(2) != 0 ? "<(" : ">(");
			else
				strbuf_adds(b, dq ? "\"$(" : "$(");
			gen_list(b, depth - 1);
			strbuf_adds(b, dq ? "\n)\"" : "\n)");
			continue;
		default:
			strbuf_adds(b, dq ? "\"$((v+1))\"" : "$(( v * (2) ))");
		}
	}
}

static void gen_command(struct strbuf *b, int depth)
{
	uint32_t n;

	switch (depth > 0 ? rnd(11) : 0) {
	case 8:
		strbuf_adds(b, "[[ ");
		gen_word(b, depth - 1);
		strbuf_adds(b, rnd(2) != 0 ? " == " : " =~ ");
		gen_word(b, 0);
		strbuf_adds(b, " && -n $x ]]");
		break;
	case 9:
		strbuf_adds(b, "for ((v = 0; v < (3); v++)); do ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\ndone; ((v))");
		break;
	case 1:
		strbuf_adds(b, "( ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\n)");
		break;
	case 2:
		strbuf_adds(b, "{ ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\n}");
		break;
	case 3:
		strbuf_adds(b, "if ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\nthen ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\nfi");
		break;
	case 4:
		strbuf_adds(b, "for i in ");
		gen_word(b, depth - 1);
		strbuf_adds(b, "\ndo ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\ndone");
		break;
	case 5:
		strbuf_adds(b, "while ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\ndo ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\ndone");
		break;
	case 6:
		strbuf_adds(b, "case ");
		gen_word(b, depth - 1);
		strbuf_adds(b, " in ");
		gen_word(b, 0);
		strbuf_adds(b, ") ");
		gen_list(b, depth - 1);
		strbuf_adds(b, rnd(2) != 0 ? "\n;;\nesac" : "\n;&\n*)\nesac");
		break;
	case 7:
		strbuf_adds(b, "fn() { ");
		gen_list(b, depth - 1);
		strbuf_adds(b, "\n}");
		return;
	default:
		if (rnd(3) == 0)
			strbuf_adds(b, "A=~/x:~ ");
		if (rnd(4) == 0)
			gen_assign(b, depth - 1);
		else if (rnd(6) == 0) {
			strbuf_adds(b, "declare ");
			gen_assign(b, depth - 1);
			return;
		}
		for (n = 1 + rnd(3); n != 0; n--) {
			gen_word(b, depth - 1);
			strbuf_addc(b, ' ');
		}
	}
	if (rnd(4) == 0)
		strbuf_adds(b, rnd(2) != 0 ? " 2>&1 >out" : " <in 5>|x");
}

static void gen_list(struct strbuf *b, int depth)
{
	static const char *const joins[] = { "; ", " && ", " || ", " | ", "\n", " &\n" };
	uint32_t n = 1 + rnd(3);

	for (;;) {
		gen_command(b, depth);
		if (--n == 0)
			break;
		strbuf_adds(b, joins[rnd(6)]);
	}
}

static void print_parse_same_tree_for_generated_programs(void **state)
{
	int parsed = 0;

	(void)state;
	for (uint32_t i = 0; i < 3000; i++) {
		struct strbuf b = { 0 };

		seed = i * 2654435761u + 1;
		gen_list(&b, 1 + (int)(i % 4));
		strbuf_addc(&b, '\n');
		parsed += assert_round_trip(b.s, b.len, "generated");
		strbuf_release(&b);
	}
	assert_true(parsed > 2500); /* the generator makes programs, not noise */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(print_parse_same_tree_for_every_construct),
		cmocka_unit_test(print_parse_same_tree_for_all_scripts_here),
		cmocka_unit_test(print_parse_same_tree_for_generated_programs),
	};

	return cmocka_run_group_tests_name("ast_print", tests, NULL, NULL);
}
