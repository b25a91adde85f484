#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/builtin/compgen.h"
#include "shell/builtin/comprule.h"
#include "shell/expand/pattern.h"
#include "shell/parser/strbuf.h"

/* complete, compgen and compopt. */

/* What complete and compgen have in common; the texts are the arguments. False, with a message. */
static bool take_option(struct shell *sh, const char *cmd, int c, struct compspec *s)
{
	static const char letters[] = SPEC_LETTERS;
	const char *p = strchr(letters, c);
	uint32_t bit = 0;

	if (p != NULL)
		s->texts[p - letters] = optarg;
	else if (c == 'o' ? compspec_option(optarg, &bit) : compspec_action(c == 'A' ? optarg : NULL, (char)c, &bit))
		*(c == 'o' ? &s->options : &s->actions) |= bit;
	else {
		sh_warn(sh, "%s: %s: no such %s", cmd, c == 'o' || c == 'A' ? optarg : "", c == 'o' ? "option" : "action");
		return false;
	}
	return true;
}

/* complete NAME RULE …, as in tcsh. */
static int define_rules(struct shell *sh, int argc, char **argv)
{
	struct compspec s = { 0 };
	struct strbuf b = { 0 };

	for (int i = 2; i < argc; i++) {
		if (!comprule_is(argv[i]) || strchr(argv[i], '\n') != NULL) {
			sh_warn(sh, "complete: %s: is no rule: word/pattern/list/suffix/, word is c, C, n, N or p", argv[i]);
			strbuf_release(&b);
			return 1;
		}
		strbuf_addf(&b, "%s%s", i > 2 ? "\n" : "", argv[i]);
	}
	s.rules = b.s;
	compspec_define(argv[1], &s);
	strbuf_release(&b);
	return 0;
}

int builtin_complete(struct shell *sh, int argc, char **argv)
{
	struct compspec s = { 0 };
	const char *special = NULL;
	bool print = false, remove = false;
	int c, status = 0;

	if (argc > 2 && argv[1][0] != '-' && comprule_is(argv[2]))
		return define_rules(sh, argc, argv);
	s.options = compgen_current() != NULL ? SPEC_LOADED : 0;
	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "abcdefgjksuvprDEIo:A:G:W:F:C:X:P:S:")) != -1) {
		if (c == 'p')
			print = true;
		else if (c == 'r')
			remove = true;
		else if (c == 'D' || c == 'E' || c == 'I')
			special = c == 'D' ? "-D" : c == 'E' ? "-E" : "-I";
		else if (c == '?' || !take_option(sh, argv[0], c, &s))
			return 2;
	}
	if (special == NULL && optind == argc && !remove && !print && (s.actions != 0 || (s.options & ~SPEC_LOADED) != 0 || compspec_has_text(&s))) {
		sh_warn(sh, "complete: the name of a command is needed");
		return builtin_usage(sh, argv[0]);
	}
	if (special == NULL && optind == argc && !remove)
		for (size_t i = 0; compspec_at(i) != NULL; i++)
			compspec_print(compspec_at(i));
	if (special == NULL && optind == argc && remove)
		compspec_remove(NULL);
	for (int i = optind; i < argc || special != NULL; i++) {
		const char *name = special != NULL ? special : argv[i];

		special = NULL;
		if ((print || remove) && compspec_find(name) == NULL) {
			sh_warn(sh, "complete: %s: nothing is registered", name);
			status = 1;
		} else if (print) {
			compspec_print(compspec_find(name));
		} else if (remove) {
			compspec_remove(name);
		} else {
			compspec_define(name, &s);
		}
		if (i >= argc)
			break;
	}
	return status;
}

/* `name` goes with it. */
static void remove_one(const char *name)
{
	char *copy = xstrdup(name);

	compspec_remove(copy);
	free(copy);
}

/* tcsh's: of all commands that a pattern matches; none is no error. */
int builtin_uncomplete(struct shell *sh, int argc, char **argv)
{
	const struct compspec *s;

	if (argc < 2)
		return builtin_usage(sh, argv[0]);
	for (int a = 1; a < argc; a++)
		for (size_t i = 0; (s = compspec_at(i)) != NULL;)
			if (pattern_match(argv[a], s->name, strlen(s->name)))
				remove_one(s->name);
			else
				i++;
	return 0;
}

int builtin_compgen(struct shell *sh, int argc, char **argv)
{
	struct compspec s = { 0 };
	struct candidates l = { 0 };
	int c, status;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "abcdefgjksuvo:A:G:W:F:C:X:P:S:")) != -1)
		if (c == '?' || !take_option(sh, argv[0], c, &s))
			return 2;
	if (s.texts[SPEC_FUNCTION] != NULL && compgen_current() == NULL)
		compgen_clear_line(sh);
	status = compgen_generate(sh, &s, "compgen", optind < argc ? argv[optind] : "", "", &l);
	if (l.n == 0 && (s.options & SPEC_DEFAULT) != 0)
		candidates_files(sh, &l, optind < argc ? argv[optind] : "", false, true);
	for (size_t i = 0; i < l.n; i++) {
		size_t len = strlen(l.v[i]);

		if (len > 1 && l.v[i][len - 1] == '/' &&
		    ((s.actions & (1u << ACT_FILE | 1u << ACT_DIRECTORY)) != 0 || (s.options & SPEC_DEFAULT) != 0))
			l.v[i][len - 1] = '\0'; /* as bash has it */
		puts(l.v[i]);
	}
	status = status < 0 || l.n == 0;
	candidates_release(&l);
	return status;
}

/* compopt [-o option] [+o option] [name …]: of the completion under way, or of those names. */
int builtin_compopt(struct shell *sh, int argc, char **argv)
{
	struct compspec *current = compgen_current();
	uint32_t on = 0, off = 0, bit;
	int i;

	for (i = 1; i + 1 < argc && (strcmp(argv[i], "-o") == 0 || strcmp(argv[i], "+o") == 0); i += 2) {
		if (!compspec_option(argv[i + 1], &bit)) {
			sh_warn(sh, "compopt: %s: no such option", argv[i + 1]);
			return 2;
		}
		*(argv[i][0] == '-' ? &on : &off) |= bit;
	}
	if (i == argc && current == NULL) {
		sh_warn(sh, "compopt: no completion is under way");
		return 1;
	}
	if (i == argc)
		current->options = (current->options | on) & ~off;
	for (; i < argc; i++) {
		struct compspec *s = compspec_find(argv[i]);

		if (s == NULL) {
			sh_warn(sh, "compopt: %s: nothing is registered", argv[i]);
			return 1;
		}
		s->options = (s->options | on) & ~off;
	}
	return 0;
}
