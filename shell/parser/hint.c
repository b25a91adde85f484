#include <config.h>

#include "shell/parser/hint.h"

#include <stddef.h>
#include <string.h>

static const struct {
	char word[12], hint[52]; /* no pointers: nothing for the loader to do */
} hints[] = {
	{ "foreach", "for x in a b; do …; done" },
	{ "end", "done, behind do" },
	{ "endif", "fi: if …; then …; else …; fi" },
	{ "switch", "case x in a) …;; *) …;; esac" },
	{ "breaksw", ";;, in case x in a) …;; esac" },
	{ "default:", "*) in case x in a) …;; *) …;; esac" },
	{ "endsw", "esac: case x in a) …;; esac" },
	{ "onintr", "trap '…' INT" },
	{ "goto", "a function, or a loop with break and continue" },
	{ "set", "x=value, a=(one two), and set -o for options" },
	{ "unhash", "hash -r" },
	{ "hashstat", "hash" },
	{ "uncomplete", "complete -r" },
	{ "stop", "kill -STOP %1" },
	{ "notify", "set -o notify" },
	{ "chdir", "cd" },
	{ "glob", "printf '%s\\n' *" },
	{ "printenv", "env" },
	{ "filetest", "test, or [[ -f file ]]" },
	{ "if", "if [[ $x == 1 ]]; then …; fi" },
	{ "while", "while [[ $x == 1 ]]; do …; done" },
	{ "@", "((x = 1 + 2))" },
};

const char *hint_for(const char *word)
{
	for (size_t i = 0; word != NULL && i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strcmp(hints[i].word, word) == 0)
			return hints[i].hint;
	return NULL;
}
