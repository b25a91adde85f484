#include <config.h>

#include "controller/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "wire/now.h"
#include "wire/text.h"

enum { OFTEN_MS = 60000 };

void journal_line(const char *fmt, ...)
{
	char *line = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&line, fmt, ap) < 0)
		line = NULL;
	va_end(ap);
	if (line != NULL)
		text_clean(line); /* there may be words of another node in it */
	fprintf(stderr, "mishd: %s\n", line != NULL ? line : "out of memory");
	free(line);
}

void journal_often(struct journal_often *o, const char *fmt, ...)
{
	int64_t now = now_mono_ms();
	char line[512];
	va_list ap;

	if (now < o->next_ms) {
		o->unsaid++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (o->unsaid != 0)
		journal_line("%s (and %u times since the last such line)", line, o->unsaid);
	else
		journal_line("%s", line);
	o->next_ms = now + OFTEN_MS;
	o->unsaid = 0;
}
