#ifndef MISH_MIGRATE_STATE_H
#define MISH_MIGRATE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A shell's state as sections. Each section belongs to the module that owns
 * the data; migrate/ walks a registry and knows nothing of what is inside. This header
 * needs no library: the encoder and the decoder are reached through tables, so that
 * `mish` starts without msgpack in memory.
 *
 * Inside a section values have numbers, never reused. A value is an unsigned integer,
 * a byte string, or a flat array of these. Unknown numbers are skipped, missing ones
 * get defaults.
 */

struct shell;
struct state_enc;
struct state_dec;
struct state_value; /* a value inside a decoded section */

struct state_section {
	const char *name;
	uint32_t version;
	void (*save)(const struct shell *sh, struct state_enc *e);
	/*
	 * Returns 0, or -errno when the section cannot be believed: the whole restore
	 * then fails. What merely cannot be had here is a state_warn().
	 */
	int (*load)(struct shell *sh, const struct state_dec *d);
	/*
	 * For a section that mostly grows (NULL: others): where it is now, a generation in
	 * the upper half and a position in the lower. While the generation stays, a
	 * checkpoint asks save() only for what is behind the position of the one before
	 * (e->since), and load() is called for each in turn.
	 */
	uint64_t (*mark)(const struct shell *sh);
	bool quiet; /* its changes alone are not worth a checkpoint */
};

struct state_enc_ops {
	void (*begin)(struct state_enc *e, uint32_t key);
	void (*array)(struct state_enc *e, uint32_t n);
	void (*uint)(struct state_enc *e, uint64_t v);
	void (*bytes)(struct state_enc *e, const void *s, size_t len);
};

struct state_enc {
	const struct state_enc_ops *ops;
	uint32_t n; /* values put so far */
	uint32_t since; /* 0: everything; see state_section.mark */
};

struct state_dec_ops {
	const struct state_value *(*find)(const struct state_dec *d, uint32_t key);
	/* -EBADMSG when it is something else, or larger than max. */
	int (*uint)(const struct state_value *v, uint64_t max, uint64_t *ret);
	/* NUL-terminated, without a NUL inside unless ret_len is asked for. */
	int (*bytes)(const struct state_dec *d, const struct state_value *v, const char **ret,
		     size_t *ret_len);
	int (*array)(const struct state_value *v, uint32_t *ret_n);
	const struct state_value *(*elem)(const struct state_value *v, uint32_t i);
	void (*warn)(const struct state_dec *d, const char *fmt, ...)
		__attribute__((format(printf, 2, 3)));
};

struct state_dec {
	const struct state_dec_ops *ops;
	uint32_t version; /* the section's, as it was sent */
};

/* ---- saving ---- */

static inline void state_put_uint(struct state_enc *e, uint32_t key, uint64_t v)
{
	e->ops->begin(e, key);
	e->ops->uint(e, v);
}

static inline void state_put_bytes(struct state_enc *e, uint32_t key, const void *s, size_t len)
{
	e->ops->begin(e, key);
	e->ops->bytes(e, s, len);
}

void state_put_str(struct state_enc *e, uint32_t key, const char *s); /* NULL: left out */

/* Followed by exactly n state_add_…() calls. */
static inline void state_put_array(struct state_enc *e, uint32_t key, uint32_t n)
{
	e->ops->begin(e, key);
	e->ops->array(e, n);
}

static inline void state_add_uint(struct state_enc *e, uint64_t v)
{
	e->ops->uint(e, v);
}

static inline void state_add_bytes(struct state_enc *e, const void *s, size_t len)
{
	e->ops->bytes(e, s, len);
}

void state_add_str(struct state_enc *e, const char *s);

/*
 * ---- loading ----
 * All return 0, -ENOENT (not there: *ret untouched, keep the default) or -EBADMSG.
 * Strings are borrowed for the life of the decoder.
 */
int state_get_uint(const struct state_dec *d, uint32_t key, uint64_t max, uint64_t *ret);
int state_get_str(const struct state_dec *d, uint32_t key, const char **ret);
int state_get_bytes(const struct state_dec *d, uint32_t key, const char **ret, size_t *ret_len);
int state_get_array(const struct state_dec *d, uint32_t key, const struct state_value **ret,
		    uint32_t *ret_n);
int state_elem_uint(const struct state_dec *d, const struct state_value *a, uint32_t i,
		    uint64_t max, uint64_t *ret);
int state_elem_str(const struct state_dec *d, const struct state_value *a, uint32_t i,
		   const char **ret, size_t *ret_len);

/* Something did not come along: told to the user after the move. */
#define state_warn(d, ...) ((d)->ops->warn((d), __VA_ARGS__))

/* Variables that mean something on one host only: they neither leave nor are overwritten. */
bool state_is_host_bound(const char *name, size_t len);

#endif
