#include <config.h>

#include "shell/parser/at.h"

#include <string.h>

#include "shell/parser/chclass.h"
#include "shell/parser/name.h"

/* Past blanks. */
static const char *skip_blanks(const char *s, const char *end)
{
	while (s < end && ch_is((unsigned char)*s, CH_BLANK))
		s++;
	return s;
}

/* Is it an operator of csh's that assigns, behind the name? */
static bool assigns(const char *s, const char *end)
{
	size_t n = 0;

	if (end - s >= 2 && s[0] == s[1] && (*s == '+' || *s == '-'))
		return true;
	while (s + n < end && n < 3 && strchr("+-*/%^&|", s[n]) != NULL)
		n++;
	return s + n < end && s[n] == '=' && (s + n + 1 == end || s[n + 1] != '=');
}

/* NAME=value before a command, which begins like none of the operators that could go on with the value. */
static bool is_assignment_of_command(const char *s, const char *end)
{
	while (s < end && !ch_is((unsigned char)*s, CH_BLANK) && strchr("\n;&|", *s) == NULL)
		s++;
	s = skip_blanks(s, end);
	return s < end && strchr("\n;&|<>+-*/%^=!?()", *s) == NULL;
}

/* `@' with nothing behind it is that, too. */
static bool is_csh_arithmetic(const char *behind, const char *end)
{
	const char *name = skip_blanks(behind, end), *s = name, *op;

	while (s < end && name_char((unsigned char)*s))
		s++;
	if (s == name)
		return s == end || *s == '\n' || *s == ';';
	if (s < end && *s == '[') {
		while (s < end && *s != ']' && *s != '\n')
			s++;
		s += s < end;
	}
	op = skip_blanks(s, end);
	return assigns(op, end) && !(op == s && *op == '=' && is_assignment_of_command(op, end));
}

bool at_is_place(const char *word, size_t len, const char *behind, const char *end)
{
	size_t i = 1;

	if (len == 0 || word[0] != '@' || (len > 1 && word[1] == '-'))
		return false;
	while (i < len && (name_char((unsigned char)word[i]) || word[i] == '.' || word[i] == '-'))
		i++;
	return i == len && (len > 1 || !is_csh_arithmetic(behind, end));
}
