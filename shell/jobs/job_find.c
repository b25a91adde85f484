#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "shell/jobs/job_list.h"

/* A job by what it is called. */

/* Also behind @node. */
static bool begins(const char *s, const char *text)
{
	size_t n = strlen(text);

	if (strncmp(s, text, n) == 0)
		return true;
	s = *s == '@' ? strchr(s, ' ') : NULL;
	return s != NULL && strncmp(s + 1, text, n) == 0;
}

static struct job *by_text(const struct job_table *t, const char *text, bool anywhere,
			   const char **why)
{
	struct job *found = NULL;

	for (size_t i = 0; i < t->n; i++) {
		const char *s = t->v[i]->text;

		if (t->v[i]->id == 0 || s == NULL)
			continue;
		if (anywhere ? strstr(s, text) == NULL : !begins(s, text))
			continue;
		if (found != NULL) {
			*why = "ambiguous job";
			return NULL;
		}
		found = t->v[i];
	}
	return found;
}

struct job *job_by_spec(struct shell *sh, const char *spec, const char **why)
{
	struct job_table *t = sh->jobs;
	struct job *found = NULL;

	*why = "no such job";
	if (*spec == '%')
		spec++;
	if (*spec == '\0' || *spec == '%' || *spec == '+') {
		if (t->current == NULL)
			*why = "no current job";
		return t->current;
	}
	if (*spec == '-') {
		if (t->previous == NULL)
			*why = "no previous job";
		return t->previous;
	}
	if (*spec >= '0' && *spec <= '9') {
		long id = strtol(spec, NULL, 10);

		for (size_t i = 0; i < t->n; i++)
			if (t->v[i]->id == id && id != 0)
				found = t->v[i];
		return found;
	}
	return by_text(t, *spec == '?' ? spec + 1 : spec, *spec == '?', why);
}

struct job *job_by_pid(struct shell *sh, pid_t pid)
{
	struct job_table *t = sh->jobs;

	for (size_t i = t->n; pid > 0 && i-- > 0;)
		if (t->v[i]->n_procs != 0 && (t->v[i]->was != 0 ? t->v[i]->was : t->v[i]->procs[t->v[i]->n_procs - 1].pid) == pid)
			return t->v[i];
	return NULL;
}

struct job *job_at(const struct shell *sh, size_t i)
{
	const struct job_table *t = sh->jobs;

	for (int id = 1, max = 1; id <= max; id++)
		for (size_t k = 0; k < t->n; k++) {
			if (t->v[k]->id > max)
				max = t->v[k]->id;
			if (t->v[k]->id == id && i-- == 0)
				return t->v[k];
		}
	return NULL;
}

char job_mark(const struct shell *sh, const struct job *j)
{
	return j == sh->jobs->current ? '+' : j == sh->jobs->previous ? '-' : ' ';
}
