#include <config.h>

#include "shell/parser/arena.h"

#include <limits.h>
#include <malloc.h>
#include <obstack.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <unistd.h>

#include "shell/parser/strbuf.h"

#define obstack_chunk_alloc chunk_alloc
#define obstack_chunk_free free

/* obstack's macros compute with null pointers, which clang's UBSan minds */
#define ARENA_OBSTACK __attribute__((no_sanitize("undefined")))

enum {
	REUSES = 16,		 /* commands that are added to an arena which a function holds */
	CHUNK_FIRST = 1024 - 32, /* bytes: most commands need no more */
	CHUNK_MIN = 4096 - 32,	 /* with what malloc and obstack add: a page */
	CHUNK_MAX = 65536,
	HEAP_LARGE = 1 << 20, /* bytes that the heap has grown by: the script is a large one */
	HEAP_HUGE = 3 << 19,  /* … and a very large one: its memory comes in large pages, of which a part may stay unused */
	HUGE_STEP = 4 << 20,
	STEP_MAX = 1 << 18,   /* malloc() takes less at once, except for one large buffer */
};

/*
 * Allocates a chunk. The first write to each page that malloc() took from the system is a page
 * fault; one madvise() for all of them takes a third of that time. Pages that stay unused would
 * be a waste, so it is called only when the heap is large already, and only for growth by
 * malloc()'s usual step: a larger step is a buffer, of which perhaps little is used.
 */
static void *chunk_alloc(size_t size)
{
#ifdef MADV_POPULATE_WRITE
	static char *first, *known; /* the heap's end at the first call and at the last one */
	const uintptr_t page = 4096; /* or a multiple: then the kernel refuses */
	void *p = xmalloc(size);
	char *top = sbrk(0);

	if (first == NULL)
		first = known = top;
	if (top - first > HEAP_HUGE && top > known) {
		uintptr_t from = ((uintptr_t)known + page - 1) & ~(page - 1);

		(void)mallopt(M_TOP_PAD, HUGE_STEP);
		(void)madvise((void *)from, (uintptr_t)top - from, MADV_HUGEPAGE);
		known = top;
	}
	if (top - first > HEAP_LARGE && top > known && top - known <= STEP_MAX) {
		uintptr_t from = ((uintptr_t)known + page - 1) & ~(page - 1);

		if (from < (uintptr_t)top) /* an older kernel than 5.14 refuses */
			(void)madvise((void *)from, (uintptr_t)top - from, MADV_POPULATE_WRITE);
	}
	known = top;
	return p;
#else
	return xmalloc(size);
#endif
}

struct arena {
	struct obstack ob;
	void *bottom;
	unsigned refs;
	unsigned reused; /* times, since somebody else holds it */
	long size;	 /* of all chunks */
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
	if (obstack_room(&a->ob) < size) { /* a quarter more: half of the last chunk stays empty */
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

char *arena_concat(struct arena *a, const char *s, const char *t)
{
	size_t n = strlen(s), m = strlen(t);
	char *both = arena_alloc(a, n + m + 1);

	memcpy(both, s, n);
	memcpy(both + n, t, m + 1);
	return both;
}
