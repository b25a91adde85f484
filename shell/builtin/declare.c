#include <config.h>

#include "shell/builtin/declare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/func.h"
#include "shell/expand/declaration.h"
#include "shell/expand/array_assign.h"
#include "shell/expand/element.h"
#include "shell/expand/expand.h"
#include "shell/expand/quote.h"
#include "shell/expand/var.h"
#include "shell/parser/arena.h"
#include "shell/parser/name.h"
#include "shell/parser/parser.h"
#include "shell/parser/strbuf.h"

/* Variables with attributes: export, readonly, local, declare and typeset. */

/* What one of them was asked for. */
struct wanted {
	const char *cmd;
	unsigned on, off; /* enum var_flag */
	bool local, global, print;
	bool functions, names; /* -f, -F */
	bool whole; /* of variables, and not of elements */
};

/* ---- printing ---- */

/* NAME=value, as POSIX's `set` and `export -p` have it. */
static void put_value(struct strbuf *b, struct value v, const char *name)
{
	char *quoted;

	strbuf_adds(b, name);
	if (v.kind == VALUE_UNSET)
		return;
	strbuf_addc(b, '=');
	if (v.kind == VALUE_ARRAY) {
		declaration_put_array(b, v.array, false);
		return;
	}
	quoted = quote_str(v.text);
	strbuf_adds(b, quoted);
	free(quoted);
}

/* Those with all of the flags, behind the prefix; without one by bash's `declare`. */
static void print_vars(struct shell *sh, const char *prefix, unsigned flags)
{
	size_t n;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++) {
		char *name = xstrndup(v[i]->text, v[i]->name_len);
		struct value now = var_get(sh, name, v[i]->name_len); /* which computes dynamic ones */
		struct strbuf b = { 0 };

		if ((flags == 0 && prefix != NULL && now.kind == VALUE_UNSET) || (v[i]->flags & flags) != flags) {
			free(name);
			continue;
		}
		if (prefix == NULL) {
			declaration_put(sh, &b, v[i]);
		} else {
			strbuf_adds(&b, prefix);
			put_value(&b, now, name);
		}
		puts(strbuf_str(&b));
		strbuf_release(&b);
		free(name);
	}
	free(v);
}

void declare_print_values(struct shell *sh)
{
	print_vars(sh, "", 0);
}

static void print_function(struct shell *sh, const char *name, bool only_name)
{
	char *s = only_name ? NULL : func_source(sh, name);

	if (only_name)
		printf("declare -f %s\n", name);
	else if (s != NULL)
		fputs(s, stdout);
	free(s);
}

/* -F NAME; under extdebug with where it is defined. */
static void print_function_place(struct shell *sh, const char *name)
{
	struct func *f = opt(sh, OPT_EXTDEBUG) ? func_acquire(sh, name) : NULL;

	if (f != NULL)
		printf("%s %d %s\n", name, f->line, *f->file != '\0' ? f->file : "main");
	else
		puts(name);
	func_release(f);
}

static int print_functions(struct shell *sh, const struct wanted *w, char *const *names)
{
	const char *name;
	int status = 0;

	for (size_t i = 0; *names == NULL && (name = func_at(sh, i)) != NULL; i++)
		print_function(sh, name, w->names);
	for (; *names != NULL; names++)
		if (!func_exists(sh, *names))
			status = 1;
		else if (w->names)
			print_function_place(sh, *names);
		else
			print_function(sh, *names, false);
	return status;
}

static int print_named(struct shell *sh, const struct wanted *w, char *const *names)
{
	int status = 0;

	for (; *names != NULL; names++) {
		const struct var *v = var_find(sh, *names);
		struct strbuf b = { 0 };

		if (v == NULL) {
			sh_warn(sh, "%s: %s: not found", w->cmd, *names);
			status = 1;
			continue;
		}
		declaration_put(sh, &b, v);
		puts(strbuf_str(&b));
		strbuf_release(&b);
	}
	return status;
}

/* ---- setting ---- */

/* `local NAME` makes a variable without a value, as everywhere but in dash; exported if it was. */
static int forget_value(struct shell *sh, const char *name)
{
	const struct var *v = var_find(sh, name);
	unsigned flags = v != NULL ? v->flags & VAR_EXPORT : 0;
	int r = var_unset(sh, name);

	return r == 0 ? var_set(sh, name, NULL, flags) : r;
}

static int readonly_told(struct shell *sh, const struct wanted *w, const char *name)
{
	sh_warn(sh, "%s: %s: is read-only", w->cmd, name);
	return -1;
}

/* Attributes that count for the value that comes after them. */
static int set_attributes(struct shell *sh, const struct wanted *w, const char *name)
{
	unsigned on = w->on & (VAR_CONVERTS | VAR_EXPORT);
	const struct var *v = var_find(sh, var_target(sh, name));
	int r = 0;

	if (v != NULL && (v->flags & w->off & (VAR_READONLY | VAR_ARRAY)) != 0) {
		sh_warn(sh, "%s: %s: that cannot be taken away", w->cmd, name);
		return -1;
	}
	if (w->off != 0)
		var_clear_flags(sh, name, w->off);
	if ((on & (VAR_LOWER | VAR_UPPER)) != 0)
		var_clear_flags(sh, name, VAR_LOWER | VAR_UPPER);
	if ((w->on & VAR_ARRAY) != 0)
		r = var_make_array(sh, name, (w->on & VAR_BY_NAME) != 0);
	if (r < 0) {
		sh_warn(sh, "%s: %s: %s", w->cmd, name,
			(var_find(sh, name)->flags & VAR_READONLY) != 0 ? "is read-only" :
			"an array by number cannot become one by name, or the other way");
		return -1;
	}
	return on != 0 ? var_set(sh, name, NULL, on) : 0;
}

/* declare -n NAME=target */
static int refer(struct shell *sh, const struct wanted *w, const char *name, const char *target)
{
	struct element e;

	if (target != NULL && (!element_split(sh, target, strlen(target), &e) || strcmp(e.name, name) == 0)) {
		sh_warn(sh, "%s: %s: no name for a reference", w->cmd, target);
		return -1;
	}
	return var_set(sh, name, target, VAR_REFERENCE) < 0 ? readonly_told(sh, w, name) : 0;
}

/* declare -a 'NAME=(word …)': the text is read now, as in bash. 1: it is none of this kind, and a value like others. */
static int assign_text(struct shell *sh, const char *name, const char *value, bool append)
{
	struct arena *a, *outer = sh->frame.ast;
	const struct ast_assign *parsed;
	int r = 1;

	if (value[0] != '(' || value[strlen(value) - 1] != ')')
		return r;
	sh->frame.ast = a = arena_new();
	parsed = parser_array(a, value);
	if (parsed != NULL)
		r = array_assign(sh, name, parsed->value->parts->array, append);
	sh->frame.ast = outer;
	arena_free(a);
	return r;
}

static int assign(struct shell *sh, const struct wanted *w, struct element *e, const char *value, bool append,
		  const struct array_word *array)
{
	if (array != NULL && e->subscript == NULL)
		return array_assign(sh, e->name, array->elements, append);
	if ((w->on & VAR_ARRAY) != 0 && e->subscript == NULL) {
		int r = assign_text(sh, e->name, value, append);

		if (r <= 0)
			return r;
	}
	if (append && (value = element_appended(sh, e, value)) == NULL)
		return -1;
	return element_set(sh, w->cmd, e, value, 0);
}

/* The value of NAME=value, NAME+=value or NAME[…]=value; NULL: there is none. */
static const char *split(struct shell *sh, const char *arg, struct element *ret, bool *append)
{
	const char *eq = strchr(arg, '='), *close = strchr(arg, ']');
	size_t len;

	if (close != NULL && strchr(arg, '[') != NULL && (eq == NULL || strchr(arg, '[') < eq)) /* a[x=1]=… */
		eq = strchr(close, '=');
	len = eq != NULL ? (size_t)(eq - arg) : strlen(arg);
	*append = eq != NULL && len != 0 && arg[len - 1] == '+' && !opt(sh, OPT_POSIX);
	len -= *append;
	if (!element_split(sh, arg, len, ret))
		*ret = (struct element){ 0 };
	return eq != NULL ? eq + 1 : NULL;
}

/* NAME or NAME=value: assigns and adds the attributes. 0, or -1 with a message. */
static int declare(struct shell *sh, const struct wanted *w, const char *arg)
{
	struct element e;
	bool append, fresh;
	const char *value = split(sh, arg, &e, &append);

	if (e.name == NULL || (e.subscript != NULL && w->whole)) {
		sh_warn(sh, "%s: %s: bad variable name", w->cmd, arg);
		return -1;
	}
	fresh = w->local && var_local(sh, e.name) && !opt(sh, OPT_POSIX);
	if (fresh && value == NULL && forget_value(sh, e.name) < 0)
		return readonly_told(sh, w, e.name);
	if ((w->on & VAR_REFERENCE) != 0)
		return refer(sh, w, e.name, value);
	if (set_attributes(sh, w, e.name) < 0)
		return -1;
	if (value != NULL && assign(sh, w, &e, value, append, expand_array_of(sh, arg)) < 0)
		return -1;
	if ((w->on & VAR_READONLY) != 0)
		(void)var_set(sh, e.name, NULL, VAR_READONLY);
	else if (w->on == 0 && value == NULL && !w->local) /* `declare NAME` */
		(void)var_set(sh, e.name, NULL, 0);
	return 0;
}

/* ---- the builtins ---- */

/* One option letter. False: it is none. */
static bool take_option(struct wanted *w, char letter, bool on)
{
	static const struct {
		char letter;
		unsigned flag;
	} attributes[] = {
		{ 'a', VAR_INDEXED }, { 'A', VAR_BY_NAME }, { 'i', VAR_INTEGER }, { 'l', VAR_LOWER }, { 'u', VAR_UPPER },
		{ 'n', VAR_REFERENCE }, { 'r', VAR_READONLY }, { 'x', VAR_EXPORT }, { 't', 0 }, { 'I', 0 },
	};

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (attributes[i].letter == letter) {
			*(on ? &w->on : &w->off) |= attributes[i].flag;
			return true;
		}
	w->global |= letter == 'g';
	w->print |= letter == 'p';
	w->functions |= letter == 'f' || letter == 'F';
	w->names |= letter == 'F';
	return strchr("gpfF", letter) != NULL;
}

/* Reads options; the first operand's place, or -1 with a message. */
static int take_options(struct shell *sh, int argc, char **argv, struct wanted *w)
{
	int i;

	for (i = 1; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1] != '\0'; i++) {
		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		for (const char *s = argv[i] + 1; *s != '\0'; s++)
			if (!take_option(w, *s, argv[i][0] == '-')) {
				sh_warn(sh, "%s: %c%c: unknown option", argv[0], argv[i][0], *s);
				builtin_usage(sh, argv[0]);
				return -1;
			}
	}
	return i;
}

/* declare and typeset; `local` in a function is the same. */
int builtin_declare(struct shell *sh, int argc, char **argv)
{
	struct wanted w = { .cmd = argv[0] };
	int i = take_options(sh, argc, argv, &w), status = 0;

	if (i < 0)
		return 2;
	if (w.functions && w.on == 0)
		return print_functions(sh, &w, argv + i);
	for (int k = i; w.functions && (w.on & VAR_EXPORT) != 0 && k < argc; k++)
		status |= func_export(sh, argv[k], true) < 0;
	if (w.functions)
		return status;
	if (i == argc) {
		print_vars(sh, w.print || w.on != 0 ? NULL : "", w.on);
		return 0;
	}
	if (w.print)
		return print_named(sh, &w, argv + i);
	w.local = sh->frame.fn_depth > 0 && !w.global;
	for (; i < argc; i++)
		if (declare(sh, &w, argv[i]) < 0)
			status = 1;
	return status;
}

int builtin_local(struct shell *sh, int argc, char **argv)
{
	struct wanted w = { .cmd = "local", .local = true };
	int i;

	if (sh->frame.fn_depth == 0) {
		sh_warn(sh, "local: only in a function");
		return 2;
	}
	i = opt(sh, OPT_POSIX) ? 1 : take_options(sh, argc, argv, &w);
	if (i < 0)
		return 2;
	for (; i < argc; i++)
		if (strcmp(argv[i], "-") != 0 && declare(sh, &w, argv[i]) < 0)
			return 2;
	return 0;
}

int builtin_export(struct shell *sh, int argc, char **argv)
{
	struct wanted w = { .cmd = argv[0], .on = argv[0][0] == 'e' ? VAR_EXPORT : VAR_READONLY, .whole = argv[0][0] == 'e' };
	bool print = false, remove = false;
	unsigned flag = w.on;
	char prefix[16];
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, opt(sh, OPT_POSIX) ? "pn" : flag == VAR_EXPORT ? "pnf" : "paAf")) != -1) {
		if (c == '?')
			return 2;
		print |= c == 'p';
		remove |= c == 'n';
		w.functions |= c == 'f';
		w.on |= c == 'a' ? VAR_INDEXED : c == 'A' ? VAR_BY_NAME : 0;
	}
	if (optind == argc || print) {
		snprintf(prefix, sizeof(prefix), "%s ", argv[0]);
		print_vars(sh, prefix, w.on);
		return 0;
	}
	for (int i = optind; i < argc && w.functions; i++)
		if (flag == VAR_EXPORT && func_export(sh, argv[i], !remove) < 0) {
			sh_warn(sh, "%s: %s: not a function", argv[0], argv[i]);
			return builtin_fatal(sh, 1);
		}
	for (int i = optind; i < argc && !w.functions; i++) {
		if (remove && flag == VAR_EXPORT && name_valid(argv[i]))
			var_clear_flags(sh, argv[i], VAR_EXPORT);
		else if (declare(sh, &w, argv[i]) < 0)
			return builtin_fatal(sh, 2);
	}
	return 0;
}
