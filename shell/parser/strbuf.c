#include <config.h>

#include "shell/parser/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void (*tell)(void);

void xmalloc_tell(void (*fn)(void))
{
	tell = fn;
}

static void out_of_memory(void)
{
	if (tell != NULL)
		tell();
	else
		(void)!write(STDERR_FILENO, "mish: out of memory\n", 20);
	_exit(2);
}

void *xmalloc(size_t size)
{
	void *p = malloc(size != 0 ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n != 0 ? n : 1, size != 0 ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n != 0 ? n : 1, size);
	if (p == NULL)
		out_of_memory();
	return p;
}

char *xstrndup(const char *s, size_t len)
{
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

void strbuf_reserve(struct strbuf *b, size_t more)
{
	size_t need, cap = b->cap != 0 ? b->cap : 32;

	if (__builtin_add_overflow(b->len, more, &need) || need >= SIZE_MAX / 2)
		out_of_memory();
	need++;
	if (need <= b->cap)
		return;
	while (cap < need)
		cap *= 2;
	b->s = xreallocarray(b->s, cap, 1);
	b->cap = cap;
	b->s[b->len] = '\0';
}

void strbuf_add(struct strbuf *b, const char *s, size_t len)
{
	strbuf_reserve(b, len);
	if (len != 0)
		memcpy(b->s + b->len, s, len);
	b->len += len;
	b->s[b->len] = '\0';
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	strbuf_add(b, s, (size_t)n);
	free(s);
}

void strbuf_release(struct strbuf *b)
{
	free(b->s);
	*b = (struct strbuf){ 0 };
}

const char *strbuf_str(const struct strbuf *b)
{
	return b->s != NULL ? b->s : "";
}

char *strbuf_take(struct strbuf *b)
{
	char *s = b->s != NULL ? b->s : xstrdup("");

	*b = (struct strbuf){ 0 };
	return s;
}
