#include <config.h>

#include "shell/parser/arena.h"

#include <limits.h>
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
	REUSES = 16, /* commands: nobody else counts them, and few are large */
	CHUNK_FIRST = 1024 - 32, /* most commands need no more, and a page that is not touched costs nothing */
	CHUNK_MIN = 4096 - 32,	 /* with what malloc and obstack add: a page */
	CHUNK_MAX = 65536,
	MUCH = 1 << 20,
	STEP_MAX = 1 << 18,
};

/*
 * Who parses much touches what malloc() took from the system page by page, and each page is
 * a fault; asked for together they take a third of the time. Only when there is much already,
 * so that what may never be used is little of it, and when the heap grew by malloc()'s
 * usual step: more is somebody's buffer.
 */
static void *chunk_alloc(size_t size)
{
#ifdef MADV_POPULATE_WRITE
	static char *first, *known; /* the heap's end, at first and lately; no part of the state */
	void *p = xmalloc(size);
	char *top = sbrk(0);

	if (first == NULL)
		first = known = top;
	if (top - first > MUCH && top > known && top - known <= STEP_MAX) {
		uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
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
