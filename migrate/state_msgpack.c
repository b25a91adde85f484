#include <config.h>

#include "migrate/state_msgpack.h"

#include <errno.h>
#include <msgpack.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_FIELDS = 3, MAX_DEPTH = 6 };
enum { WARNINGS_MAX = 200, WARNING_BYTES = 1024 }; /* of a state: lines, and bytes of one */

/* ---- saving ---- */

struct encoder {
	struct state_enc pub; /* first */
	msgpack_sbuffer buf;  /* the pairs of one section, without the map's header */
	msgpack_packer pk;
	bool failed;
};

static void enc_check(struct encoder *x, int r)
{
	if (r != 0)
		x->failed = true;
}

static void enc_uint(struct state_enc *e, uint64_t v)
{
	struct encoder *x = (struct encoder *)e;

	enc_check(x, msgpack_pack_uint64(&x->pk, v));
}

static void enc_begin(struct state_enc *e, uint32_t key)
{
	e->n++;
	enc_uint(e, key);
}

static void enc_array(struct state_enc *e, uint32_t n)
{
	struct encoder *x = (struct encoder *)e;

	enc_check(x, msgpack_pack_array(&x->pk, n));
}

static void enc_bytes(struct state_enc *e, const void *s, size_t len)
{
	struct encoder *x = (struct encoder *)e;

	enc_check(x, msgpack_pack_bin(&x->pk, len));
	if (len != 0)
		enc_check(x, msgpack_pack_bin_body(&x->pk, s, len));
}

static const struct state_enc_ops enc_ops = {
	.begin = enc_begin, .array = enc_array, .uint = enc_uint, .bytes = enc_bytes,
};

static void wipe(msgpack_sbuffer *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->alloc);
	msgpack_sbuffer_destroy(b);
}

static uint64_t hash_of(const void *s, size_t len)
{
	static const uint8_t key[crypto_shorthash_KEYBYTES]; /* no secret: only "is it the same?" */
	uint8_t h[crypto_shorthash_BYTES];
	uint64_t n;

	crypto_shorthash(h, s, len, key);
	memcpy(&n, h, sizeof(n));
	return n | 1; /* 0: nothing yet */
}

/* What a section says now, as the pairs of a map; false when it is as the tracker knows it. */
static bool save_section(const struct shell *sh, const struct state_section *s, struct encoder *x,
			 uint64_t *hash, uint64_t *mark)
{
	uint64_t now = s->mark != NULL ? s->mark(sh) : 0, before = 0;

	*x = (struct encoder){ .pub = { .ops = &enc_ops } };
	if (s->mark != NULL && mark != NULL) {
		before = *mark;
		*mark = now;
		if (before == now)
			return false;
		if (before >> 32 == now >> 32)
			x->pub.since = (uint32_t)before;
	}
	msgpack_sbuffer_init(&x->buf);
	msgpack_packer_init(&x->pk, &x->buf, msgpack_sbuffer_write);
	s->save(sh, &x->pub);
	if (hash != NULL && s->mark == NULL) {
		uint64_t h = hash_of(x->buf.data, x->buf.size);
		bool same = h == *hash;

		*hash = h;
		if (same)
			wipe(&x->buf);
		return !same;
	}
	return true;
}

/* Appends a section, which is taken. */
static void pack_section(const struct state_section *s, struct encoder *x, msgpack_packer *pk,
			 bool *failed)
{
	size_t len = strlen(s->name);

	msgpack_pack_array(pk, SECTION_FIELDS);
	msgpack_pack_bin(pk, len);
	msgpack_pack_bin_body(pk, s->name, len);
	msgpack_pack_uint32(pk, s->version);
	if (msgpack_pack_map(pk, x->pub.n) != 0 ||
	    (x->buf.size != 0 && pk->callback(pk->data, x->buf.data, x->buf.size) != 0))
		*failed = true;
	*failed |= x->failed;
	wipe(&x->buf);
}

int state_encode(const struct shell *sh, const struct state_section *const *sections,
		 struct state_tracker *tracker, char **ret, size_t *ret_len)
{
	struct encoder x[STATE_SECTIONS_MAX];
	bool changed[STATE_SECTIONS_MAX], failed = false, worth_it = tracker == NULL;
	msgpack_sbuffer buf;
	msgpack_packer pk;
	uint32_t n = 0, count = 0;

	while (sections[n] != NULL)
		n++;
	if (n > STATE_SECTIONS_MAX)
		return -E2BIG;
	for (uint32_t i = 0; i < n; i++) {
		changed[i] = save_section(sh, sections[i], &x[i],
					  tracker != NULL ? &tracker->hash[i] : NULL,
					  tracker != NULL ? &tracker->mark[i] : NULL);
		count += changed[i];
		worth_it |= changed[i] && !sections[i]->quiet;
	}
	msgpack_sbuffer_init(&buf);
	msgpack_packer_init(&pk, &buf, msgpack_sbuffer_write);
	msgpack_pack_array(&pk, count + 1);
	msgpack_pack_uint32(&pk, STATE_FORMAT);
	for (uint32_t i = 0; i < n; i++)
		if (changed[i])
			pack_section(sections[i], &x[i], &pk, &failed);
	if (failed || buf.size > STATE_PLAIN_MAX || !worth_it) {
		wipe(&buf);
		return failed ? -ENOMEM : worth_it ? -EFBIG : -ENOENT;
	}
	*ret_len = buf.size;
	*ret = msgpack_sbuffer_release(&buf);
	return 0;
}

/* ---- loading ---- */

/*
 * msgpack-c reserves room for declared counts before the bytes are there and recurses:
 * this walk believes nothing, so that what it lets through is safe to unpack.
 */
static bool scan(const uint8_t **p, const uint8_t *end, int depth)
{
	static const uint8_t width[] = { 1, 2, 4, 1, 2, 4, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8 };
	size_t left = (size_t)(end - *p), head = 1, body = 0;
	uint64_t items = 0, n = 0;
	uint8_t tag;

	if (left < 1 || depth > MAX_DEPTH)
		return false;
	tag = **p;
	if (tag >= 0x80 && tag < 0xa0) {
		items = tag < 0x90 ? 2u * (tag & 15u) : tag & 15u;
	} else if (tag >= 0xa0 && tag < 0xc0) {
		body = tag & 31u;
	} else if (tag == 0xc1) {
		return false;
	} else if (tag >= 0xc4 && tag < 0xe0) {
		size_t w = tag < 0xd4 ? width[tag - 0xc4] : tag < 0xd9 ? 1u :
			   tag < 0xdc ? (size_t)1 << (tag - 0xd9) : 2u << (tag & 1);

		head = 1 + w;
		if (left < head)
			return false;
		for (size_t i = 0; i < w; i++)
			n = n << 8 | (*p)[1 + i];
		if (tag <= 0xc6 || (tag >= 0xd9 && tag <= 0xdb))
			body = n;
		else if (tag <= 0xc9)
			body = n + 1;
		else if (tag >= 0xd4 && tag <= 0xd8)
			body = (size_t)1 << (tag - 0xd4);
		else if (tag >= 0xdc)
			items = tag >= 0xde ? 2 * n : n;
	}
	if (body > left - head || items > left - head)
		return false;
	*p += head + body;
	while (items-- != 0)
		if (!scan(p, end, depth + 1))
			return false;
	return true;
}

struct decoder {
	struct state_dec pub; /* first */
	const msgpack_object_map *map;
	const char *section;
	char **strings; /* NUL-terminated copies that were handed out */
	size_t n_strings;
	void (*warn)(void *arg, const char *line);
	void *arg;
	unsigned warned; /* so many lines */
};

static const msgpack_object *object(const struct state_value *v)
{
	return (const msgpack_object *)v;
}

static const struct state_value *dec_find(const struct state_dec *d, uint32_t key)
{
	const struct decoder *x = (const struct decoder *)d;

	for (uint32_t i = 0; i < x->map->size; i++)
		if (x->map->ptr[i].key.type == MSGPACK_OBJECT_POSITIVE_INTEGER &&
		    x->map->ptr[i].key.via.u64 == key)
			return (const struct state_value *)&x->map->ptr[i].val;
	return NULL;
}

static int dec_uint(const struct state_value *v, uint64_t max, uint64_t *ret)
{
	const msgpack_object *o = object(v);

	if (o == NULL || o->type != MSGPACK_OBJECT_POSITIVE_INTEGER || o->via.u64 > max)
		return -EBADMSG;
	*ret = o->via.u64;
	return 0;
}

static int dec_bytes(const struct state_dec *d, const struct state_value *v, const char **ret,
		     size_t *ret_len)
{
	struct decoder *x = (struct decoder *)(uintptr_t)d;
	const msgpack_object *o = object(v);
	char **strings, *copy;

	if (o == NULL || o->type != MSGPACK_OBJECT_BIN)
		return -EBADMSG;
	if (ret_len == NULL && memchr(o->via.bin.ptr, '\0', o->via.bin.size) != NULL)
		return -EBADMSG;
	/* the wire has no room for a terminator: a copy has */
	copy = malloc((size_t)o->via.bin.size + 1);
	strings = reallocarray(x->strings, x->n_strings + 1, sizeof(*strings));
	if (strings != NULL)
		x->strings = strings;
	if (copy == NULL || strings == NULL) {
		free(copy);
		return -ENOMEM;
	}
	memcpy(copy, o->via.bin.ptr, o->via.bin.size);
	copy[o->via.bin.size] = '\0';
	x->strings[x->n_strings++] = copy;
	*ret = copy;
	if (ret_len != NULL)
		*ret_len = o->via.bin.size;
	return 0;
}

static int dec_array(const struct state_value *v, uint32_t *ret_n)
{
	const msgpack_object *o = object(v);

	if (o == NULL || o->type != MSGPACK_OBJECT_ARRAY)
		return -EBADMSG;
	*ret_n = o->via.array.size;
	return 0;
}

static const struct state_value *dec_elem(const struct state_value *v, uint32_t i)
{
	const msgpack_object *o = object(v);

	return i < o->via.array.size ? (const struct state_value *)&o->via.array.ptr[i] : NULL;
}

static void dec_warn(const struct state_dec *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A state can have millions of parts, each of which is worth a line. */
static void dec_warn(const struct state_dec *d, const char *fmt, ...)
{
	struct decoder *x = (struct decoder *)(uintptr_t)d;
	char line[WARNING_BYTES];
	va_list ap;

	if (x->warn == NULL || x->warned > WARNINGS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	x->warn(x->arg, x->warned++ < WARNINGS_MAX ? line : "and more, which is not told");
}

static const struct state_dec_ops dec_ops = {
	.find = dec_find, .uint = dec_uint, .bytes = dec_bytes, .array = dec_array,
	.elem = dec_elem, .warn = dec_warn,
};

static bool is_section(const msgpack_object *o)
{
	const msgpack_object *f = o->via.array.ptr;

	return o->type == MSGPACK_OBJECT_ARRAY && o->via.array.size >= SECTION_FIELDS &&
	       f[0].type == MSGPACK_OBJECT_BIN && f[1].type == MSGPACK_OBJECT_POSITIVE_INTEGER &&
	       f[1].via.u64 <= UINT32_MAX && f[2].type == MSGPACK_OBJECT_MAP;
}

static bool has_name(const msgpack_object *o, const char *name)
{
	const msgpack_object_bin *b = &o->via.array.ptr[0].via.bin;

	return b->size == strlen(name) && memcmp(b->ptr, name, b->size) == 0;
}

static int load_section(struct shell *sh, const struct state_section *s, const msgpack_object *o,
			struct decoder *x)
{
	int r;

	x->map = &o->via.array.ptr[2].via.map;
	x->pub.version = (uint32_t)o->via.array.ptr[1].via.u64;
	r = s->load(sh, &x->pub);
	for (size_t i = 0; i < x->n_strings; i++) {
		explicit_bzero(x->strings[i], strlen(x->strings[i]));
		free(x->strings[i]);
	}
	free(x->strings);
	x->strings = NULL;
	x->n_strings = 0;
	if (r == -ENOENT) /* nothing in it, or a key that this version does not send */
		return 0;
	return r;
}

/* Checks a document's outline, and tells once what is not known here. */
static int check_doc(const struct state_section *const *sections, const msgpack_object *root,
		     struct decoder *x)
{
	if (root->type != MSGPACK_OBJECT_ARRAY || root->via.array.size < 1 ||
	    root->via.array.ptr[0].type != MSGPACK_OBJECT_POSITIVE_INTEGER)
		return -EBADMSG;
	if (root->via.array.ptr[0].via.u64 > STATE_FORMAT) /* first: what follows may look different there */
		return -EPROTO;
	for (uint32_t i = 1; i < root->via.array.size; i++) {
		const msgpack_object *o = &root->via.array.ptr[i];
		bool known = false;

		if (!is_section(o))
			return -EBADMSG;
		for (size_t k = 0; sections[k] != NULL; k++)
			known |= has_name(o, sections[k]->name);
		if (!known)
			dec_warn(&x->pub, "the state has a part that is not known here: %.*s",
				 (int)(o->via.array.ptr[0].via.bin.size < 32
					       ? o->via.array.ptr[0].via.bin.size
					       : 32),
				 o->via.array.ptr[0].via.bin.ptr);
	}
	return 0;
}

static const msgpack_object *find_section(const msgpack_object *root, const char *name)
{
	for (uint32_t i = 1; i < root->via.array.size; i++)
		if (has_name(&root->via.array.ptr[i], name))
			return &root->via.array.ptr[i];
	return NULL;
}

static int load_all(struct shell *sh, const struct state_section *const *sections,
		    const msgpack_unpacked *u, size_t n, struct decoder *x)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = check_doc(sections, &u[i].data, x);
	for (; r == 0 && *sections != NULL; sections++) {
		const msgpack_object *last = NULL;

		for (size_t i = 0; i < n && r == 0; i++) {
			const msgpack_object *o = find_section(&u[i].data, (*sections)->name);

			last = o != NULL ? o : last;
			if (o != NULL && (*sections)->mark != NULL)
				r = load_section(sh, *sections, o, x);
		}
		if (r == 0 && last != NULL && (*sections)->mark == NULL)
			r = load_section(sh, *sections, last, x);
	}
	return r;
}

/* msgpack-c believes declared counts: only what was walked before may pass. */
static int unpack_doc(const struct state_doc *doc, msgpack_unpacked *u)
{
	const uint8_t *p = (const uint8_t *)doc->s, *end = p + doc->len;
	size_t off = 0;

	if (doc->len > STATE_PLAIN_MAX || !scan(&p, end, 0) || p != end)
		return -EBADMSG;
	return msgpack_unpack_next(u, doc->s, doc->len, &off) == MSGPACK_UNPACK_SUCCESS &&
			       off == doc->len
		       ? 0
		       : -EBADMSG;
}

int state_decode(struct shell *sh, const struct state_section *const *sections,
		 const struct state_doc *docs, size_t n_docs,
		 void (*warn)(void *arg, const char *line), void *arg)
{
	struct decoder x = { .pub = { .ops = &dec_ops }, .warn = warn, .arg = arg };
	msgpack_unpacked *u = calloc(n_docs, sizeof(*u));
	int r = u != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; u != NULL && i < n_docs; i++) {
		msgpack_unpacked_init(&u[i]);
		if (r == 0)
			r = unpack_doc(&docs[i], &u[i]);
	}
	if (r == 0)
		r = load_all(sh, sections, u, n_docs, &x);
	for (size_t i = 0; u != NULL && i < n_docs; i++)
		msgpack_unpacked_destroy(&u[i]);
	free(u);
	return r;
}
