#include <config.h>

#include "shell/parser/arena.h"

#include <limits.h>
#include <obstack.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shell/parser/strbuf.h"

#define obstack_chunk_alloc xmalloc
#define obstack_chunk_free free

/* obstack's macros compute with null pointers, which clang's UBSan minds */
#define ARENA_OBSTACK __attribute__((no_sanitize("undefined")))

struct arena {
	struct obstack ob;
	void *bottom;
};

ARENA_OBSTACK struct arena *arena_new(void)
{
	struct arena *a = xmalloc(sizeof(*a));

	obstack_init(&a->ob);
	a->bottom = obstack_alloc(&a->ob, 0);
	return a;
}

ARENA_OBSTACK void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	obstack_free(&a->ob, NULL);
	free(a);
}

ARENA_OBSTACK void arena_clear(struct arena *a)
{
	obstack_free(&a->ob, a->bottom);
	a->bottom = obstack_alloc(&a->ob, 0);
}

ARENA_OBSTACK void *arena_alloc(struct arena *a, size_t size)
{
	if (size > INT_MAX / 2)
		return xmalloc(SIZE_MAX); /* ends the program with the usual message */
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
