#include <config.h>

#include "shell/parser/arena.h"

#include <limits.h>
#include <obstack.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "shell/parser/strbuf.h"

#define obstack_chunk_alloc xmalloc
#define obstack_chunk_free free

/* obstack's macros compute with null pointers, which clang's UBSan minds */
#define ARENA_OBSTACK __attribute__((no_sanitize("undefined")))

enum {
	REUSES = 16, /* commands: nobody else counts them, and few are large */
	CHUNK_FIRST = 1024 - 32, /* most commands need no more, and a page that is not touched costs nothing */
	CHUNK_MIN = 4096 - 32,	 /* with what malloc and obstack add: a page */
	CHUNK_MAX = 65536,
};

struct arena {
	struct obstack ob;
	void *bottom;
	unsigned refs;
	unsigned reused; /* since somebody else began to hold it */
	long size;	 /* of its chunks */
};

ARENA_OBSTACK struct arena *arena_new(void)
{
	struct arena *a = xmalloc(sizeof(*a));

	obstack_begin(&a->ob, CHUNK_FIRST);
	a->size = CHUNK_FIRST;
	obstack_alignment_mask(&a->ob) = sizeof(void *) - 1; /* nothing here needs more */
	a->bottom = obstack_alloc(&a->ob, 0);
	a->refs = 1;
	a->reused = 0;
	return a;
}

struct arena *arena_ref(struct arena *a)
{
	a->refs++;
	return a;
}

ARENA_OBSTACK void arena_free(struct arena *a)
{
	if (a == NULL || --a->refs != 0)
		return;
	obstack_free(&a->ob, NULL);
	free(a);
}

ARENA_OBSTACK struct arena *arena_reuse(struct arena *a)
{
	if (a->refs == 1) {
		obstack_free(&a->ob, a->bottom);
		a->bottom = obstack_alloc(&a->ob, 0);
		a->reused = 0;
		a->size = CHUNK_FIRST;
	} else if (++a->reused > REUSES) {
		arena_free(a);
		return arena_new();
	}
	return a;
}

ARENA_OBSTACK void *arena_alloc(struct arena *a, size_t size)
{
	if (size > INT_MAX / 2)
		return xmalloc(SIZE_MAX); /* ends the program with the usual message */
	if (obstack_room(&a->ob) < size) { /* a quarter more: the last one will be half empty */
		obstack_chunk_size(&a->ob) = MIN(MAX(a->size / 4, CHUNK_MIN), CHUNK_MAX);
		a->size += obstack_chunk_size(&a->ob);
	}
	return obstack_alloc(&a->ob, (int)size);
}

void *arena_zalloc(struct arena *a, size_t size)
{
	return memset(arena_alloc(a, size), 0, size);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

ARENA_OBSTACK void *arena_mark(struct arena *a)
{
	return obstack_alloc(&a->ob, 0);
}

ARENA_OBSTACK void arena_rewind(struct arena *a, void *mark)
{
	obstack_free(&a->ob, mark);
}
