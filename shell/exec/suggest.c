#include <config.h>

#include "shell/exec/suggest.h"

#include <string.h>

#include "shell/exec/command.h"
#include "shell/exec/func.h"
#include "shell/parser/alias.h"
#include "shell/parser/arena.h"

enum { SHORTEST = 2, LONGEST = 24 }; /* names for which it is tried */

static const char letters[] = "abcdefghijklmnopqrstuvwxyz-_0123456789";

static bool is_command(struct shell *sh, const char *name)
{
	return cmd_builtin(sh, name) != NULL || func_exists(sh, name) || alias_get(sh->aliases, name) != NULL ||
	       cmd_find(sh, name, NULL) != NULL;
}

/* Two neighbours exchanged at i. */
static bool exchange(char *s, const char *name, size_t len, size_t i)
{
	if (i + 1 >= len || name[i] == name[i + 1])
		return false;
	memcpy(s, name, len + 1);
	s[i] = name[i + 1];
	s[i + 1] = name[i];
	return true;
}

/* Without the letter at i. */
static bool leave_out(char *s, const char *name, size_t len, size_t i)
{
	if (i >= len || len <= SHORTEST)
		return false;
	memcpy(s, name, i);
	memcpy(s + i, name + i + 1, len - i);
	return true;
}

const char *suggest_command(struct shell *sh, const char *name)
{
	size_t len = strlen(name);
	char s[LONGEST + 2];

	if (len < SHORTEST || len > LONGEST || strchr(name, '/') != NULL)
		return NULL;
	for (size_t i = 0; i < len; i++)
		if (exchange(s, name, len, i) && is_command(sh, s))
			return arena_strndup(sh->arena, s, len);
	for (size_t i = 0; i < len; i++)
		if (leave_out(s, name, len, i) && is_command(sh, s))
			return arena_strndup(sh->arena, s, len - 1);
	for (size_t i = 0; len > SHORTEST && i <= len; i++)
		for (const char *c = letters; *c != '\0'; c++) {
			memcpy(s, name, i);
			s[i] = *c;
			memcpy(s + i + 1, name + i, len - i + 1); /* one more */
			if (is_command(sh, s))
				return arena_strndup(sh->arena, s, len + 1);
			if (i == len)
				continue;
			memcpy(s + i + 1, name + i + 1, len - i); /* another */
			if (is_command(sh, s))
				return arena_strndup(sh->arena, s, len);
		}
	return NULL;
}
