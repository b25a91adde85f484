#ifndef MISH_EXEC_HIST_LIST_H
#define MISH_EXEC_HIST_LIST_H

#include <sys/types.h>

#include "shell/exec/hist.h"

/* The history list from inside: for hist.c, and hist_file.c, which reads and writes its file. */

/* What a text is made of: what lacks a bit of another text has not got that in it, without a look at the text. */
struct hist_letters {
	uint64_t single, pairs;
};

struct hist {
	struct hist_entry *v; /* the entries are v[first .. first+n): the oldest go without moving the others */
	struct hist_letters *letters; /* of the oldest `known` entries, at the same places: 100,000 are passed in 0.2 ms */
	size_t known, letters_cap;
	size_t first, n, cap, max;
	uint32_t next;
	uint32_t removed; /* how often an entry was removed for another reason than its age */
	off_t seen; /* bytes of the history file that were read, or written by us (-1: as many as there are); … */
	struct span {
		off_t from, to;
	} *own; /* … and what we wrote behind what others have written since: HIST_OWN_MAX, once there is one */
	size_t n_own;
	char **nodes; /* names of nodes where entries ran; those have one more than the place here */
	size_t n_nodes;
	uint32_t saved; /* entries from this number on are not in the file */
	uint32_t running; /* of the command that runs now; 0 it is not in the list */
	char *exported_to; /* another file, in which own entries before this number are; NULL none */
	uint32_t exported;
	bool (*expand)(const struct hist *h, const char *line, char **ret);
};

static inline struct hist_entry *hist_entry(const struct hist *h, size_t i)
{
	return h->v + h->first + i;
}

/* Adds an entry, whose text it takes; its number becomes the newest. */
void hist_put(struct hist *h, struct hist_entry e);
/* The number of a node's name; 0: there are too many. */
uint16_t hist_node_number(struct hist *h, const char *name);

#endif
