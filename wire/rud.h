#ifndef MISH_WIRE_RUD_H
#define MISH_WIRE_RUD_H

#include <stdint.h>

#include "wire/record.h"

/* What a command took: resource usage data (Concert 2003, 3.1), as a shell has it, and tells its mishd. */
enum { RUD_KEY = 96 /* bytes, with its NUL */, RUD_NODE = 64 };

/* What its processes took, once they have ended. */
struct used {
	uint64_t user_us, system_us;
	uint64_t rss_kib;	     /* the largest of them */
	uint64_t read_kib, written_kib; /* blocks, not what a cache had */
	uint64_t processes;
};

enum rud_flag { RUD_BACKGROUND = 1, RUD_SHELL = 2 /* no process: builtins and functions */, RUD_PUBLIC = 4 /* set -o publichistory */, RUD_FLAGS = 7 };

struct rud {
	char key[RUD_KEY];	/* the program, and what kind of arguments */
	char node[RUD_NODE]; /* where it ran */
	uint64_t args, dir;	/* hashes (32 bits) of the whole command, and the directory, so that they can be told from others */
	uint64_t at_ms;		/* when it ended, since the Epoch */
	uint64_t elapsed_ms;
	struct used used;
	uint64_t status, flags;
};

/* RECORD; and the rows of GET_USAGE, where `processes` is how many of that key there are, and the others are of all of them. */
extern const struct record rud_record;

#endif
