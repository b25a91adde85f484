#ifndef MISH_JOBS_RUD_H
#define MISH_JOBS_RUD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

/*
 * What the commands of a prompt took (set -o record): the resource usage data of Concert (2003, 3.1), of the last RUDS_MOST of them. They travel with the
 * session, so that it knows wherever it is. One shell to a process.
 */
enum { RUDS_MOST = 800, RUD_KEY = 96 /* bytes, with its NUL */, RUD_NODE = 64 };

/* What its processes took, once they have ended. */
struct used {
	uint64_t user_us, system_us;
	uint64_t rss_kib;	     /* the largest of them */
	uint64_t read_kib, written_kib; /* blocks, not what a cache had */
	uint64_t processes;
};

enum rud_flag { RUD_BACKGROUND = 1, RUD_SHELL = 2 /* no process: builtins and functions */, RUD_FLAGS = 3 };

struct rud {
	char key[RUD_KEY];	/* the program, and what kind of arguments: rud_key() */
	char node[RUD_NODE]; /* where it ran */
	uint32_t args, dir;	/* the whole command, and the directory, so that they can be told from others */
	int64_t at_s;		/* when it ended, seconds since the Epoch */
	uint64_t elapsed_ms;
	struct used used;
	uint32_t status, flags;
};

/* One more process, as wait4(2) has it. */
void used_add(struct used *to, const struct rusage *r);

/*
 * The class of a command: its program, without a directory, with options, its first operand if that is a plain word (git status, make all), else what kind of
 * file the first is (.c), and the programs behind the first of a pipeline or list. What is quoted or expanded is left out.
 */
void rud_key(const char *text, char ret[RUD_KEY]);
uint32_t rud_hash(const char *text);

void rud_add(const struct rud *r);
struct shell;
/* A command that has ended; without `set -o record`, or with a blank before it, it is not kept. */
void rud_command(const struct shell *sh, const char *text, int64_t elapsed_ms, const struct used *used, int status, unsigned flags);
size_t rud_count(void);
const struct rud *rud_at(size_t i); /* from the oldest; NULL past the end */
void rud_clear(void);

struct state_section;
extern const struct state_section rud_section;

#endif
