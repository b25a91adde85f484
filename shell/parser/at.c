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

size_t at_target(const char *s, const char *end)
{
	const char *p = s;
	int depth = 0;

	while (p < end && (p == s ? name_start((unsigned char)*p) : name_char((unsigned char)*p)))
		p++;
	end = p == s || p == end || *p != '[' ? p : end;
	for (const char *q = p; q < end && *q != '\n'; q++) {
		depth += (*q == '[') - (*q == ']');
		if (depth == 0)
			return (size_t)(q + 1 - s);
	}
	return (size_t)(p - s);
}

bool at_assigns(const char *s, const char *end)
{
	s = skip_blanks(s, end);
	if (end - s >= 2 && s[0] == s[1] && (*s == '+' || *s == '-')) {
		s = skip_blanks(s + 2, end);
		return s == end || strchr("\n;&|)", *s) != NULL;
	}
	if (end - s >= 2 && s[0] == s[1] && (*s == '<' || *s == '>'))
		s += 2;
	while (s < end && strchr("+-*/%^&|", *s) != NULL)
		s++;
	return s < end && *s == '=' && (s + 1 == end || s[1] != '=');
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
	const char *name = skip_blanks(behind, end), *s = name + at_target(name, end);

	if (s == name)
		return s == end || *s == '\n' || *s == ';';
	return at_assigns(s, end) && !(*s == '=' && is_assignment_of_command(s, end));
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
