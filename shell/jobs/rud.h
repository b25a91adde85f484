#ifndef MISH_JOBS_RUD_H
#define MISH_JOBS_RUD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include "wire/rud.h"

/*
 * What the commands of a prompt took (set -o record): the resource usage data of Concert (2003, 3.1), of the last RUDS_MOST of them. They travel with the
 * session, so that it knows wherever it is. One shell to a process.
 */
enum { RUDS_MOST = 800 };

/* One more process, as wait4(2) has it. */
void used_add(struct used *to, const struct rusage *r);

/*
 * The class of a command: its program, without a directory, with options, the word directly behind it if that is a plain one (git status, make all), else what kind of
 * file the first is (.c), and the programs behind the first of a pipeline or list, of its first line. What is quoted or expanded is left out.
 */
void rud_key(const char *text, char ret[RUD_KEY]);
uint32_t rud_hash(const char *text);

void rud_add(const struct rud *r);
struct shell;
/* A command that has ended; without `set -o record`, or with a blank before it, it is not kept. `node`: where it ran; NULL: here, or as the text says. */
void rud_command(const struct shell *sh, const char *text, const char *node, int64_t elapsed_ms, const struct used *used, int status, unsigned flags);
size_t rud_count(void);
const struct rud *rud_at(size_t i); /* from the oldest; NULL past the end */
void rud_clear(void);
/* How many there ever were: the last of them is this one, less one. */
uint64_t rud_added(void);
/* Those that are not here yet, from another list; by time. */
void rud_merge(const struct rud *v, size_t n);

struct state_section;
extern const struct state_section rud_section;

#endif
