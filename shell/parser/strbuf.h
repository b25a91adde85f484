#ifndef MISH_PARSER_STRBUF_H
#define MISH_PARSER_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A growing byte string inside shell/, always NUL-terminated once something was
 * appended. Running out of memory while growing ends the program with a message:
 * the shell's own strings are no longer than its input makes them.
 */
struct strbuf {
	char *s; /* NULL while nothing was appended */
	size_t len;
	size_t cap;
};

/* Makes room for at least `more` bytes and the terminating NUL. */
void strbuf_reserve(struct strbuf *b, size_t more);
void strbuf_add(struct strbuf *b, const char *s, size_t len);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_release(struct strbuf *b);

/* The string, "" when empty; borrowed until the next change. */
const char *strbuf_str(const struct strbuf *b);

/* Hands the string over (caller frees); the buffer is empty and reusable afterwards. */
char *strbuf_take(struct strbuf *b);

static inline void strbuf_addc(struct strbuf *b, char c)
{
	if (b->len + 1 >= b->cap)
		strbuf_reserve(b, 1);
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
}

static inline void strbuf_adds(struct strbuf *b, const char *s)
{
	strbuf_add(b, s, strlen(s));
}

/* Keeps the first len bytes; there are so many. */
static inline void strbuf_cut(struct strbuf *b, size_t len)
{
	b->len = len;
	if (b->s != NULL)
		b->s[len] = '\0';
}

static inline void strbuf_clear(struct strbuf *b)
{
	strbuf_cut(b, 0);
}

/* malloc, strdup, … that end the program with a message when there is no memory. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t len);
/* Has fn print that message instead; it must not allocate. NULL: as before. */
void xmalloc_tell(void (*fn)(void));

#endif
