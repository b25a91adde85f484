#include <config.h>

#include "controller/conf_value.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *conf_value_wrong(const char *fmt, ...)
{
	static _Thread_local char why[96];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return why;
}

const char *conf_value_number(const char *word, double min, double max, double *ret)
{
	char *end;
	double v = strtod(word, &end);

	if (end == word || *end != '\0' || !isfinite(v) || isalpha((unsigned char)word[1]))
		return "a number is needed";
	if (v < min || v > max)
		return conf_value_wrong("a number from %g to %g is needed", min, max);
	*ret = v;
	return NULL;
}
