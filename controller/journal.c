#include <config.h>

#include "controller/journal.h"

#include <stdarg.h>
#include <stdio.h>

void journal_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("mishd: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}
