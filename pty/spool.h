#ifndef MISH_PTY_SPOOL_H
#define MISH_PTY_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What is under way between a terminal and a peer, in memory that guardian and link share
 * (a memfd without a name): a link that is killed loses nothing, the next one goes on from
 * here. Output waits in a ring that is the beginning of the file, and goes to the terminal
 * by sendfile(2): how much of it was shown is the file's own position, which the kernel
 * moves in the same call. So a link that dies at any instruction repeats nothing either.
 *
 * One process uses it at a time: the link while it is attached, else the guardian. Another one
 * that writes to it spoils what is shown and typed, but nobody's memory, and nobody waits for ever.
 */
struct spool_area;

struct spool {
	int fd; /* -1: none */
	struct spool_area *area;
	uint64_t shown; /* of this process: derived from the file's position */
};

enum { SPOOL_OUTPUT = 1 << 17, SPOOL_INPUT = 1 << 16 };

/* Makes one, with input that is to be delivered first. 0 or -errno (-EFBIG: too much). */
int spool_new(struct spool *s, const void *input, size_t len);
/* Opens one that another process made; takes the descriptor if it succeeds. 0 or -errno. */
int spool_open(struct spool *s, int fd);
void spool_close(struct spool *s);
/* For a terminal that has seen nothing yet: counts on from a peer's counters. */
void spool_start_at(struct spool *s, uint64_t output, uint64_t input);

/* ---- output: bytes are counted from the first that the peer sent ---- */
uint64_t spool_filled(const struct spool *s);
static inline uint64_t spool_shown(const struct spool *s)
{
	return s->shown;
}
/* Fewer bytes than the ring has, whatever another process wrote over the counter. */
static inline size_t spool_pending(const struct spool *s)
{
	return (size_t)(spool_filled(s) - s->shown) & (SPOOL_OUTPUT - 1);
}
size_t spool_room(const struct spool *s);
/* Adds at most spool_room() bytes. */
void spool_put(struct spool *s, const uint8_t *bytes, size_t len);
/* Writes as much to the terminal as that takes; shared: what others write there goes out as to one that is not raw. 0, -EAGAIN when something is left, or -errno. */
int spool_show(struct spool *s, int tty, bool shared);
/* The last output that was shown, at most `max` bytes of it; returns how many. */
size_t spool_last_shown(const struct spool *s, uint8_t *buf, size_t max);
/* Is the terminal in its alternate screen, as far as was shown? */
bool spool_alternate(const struct spool *s);

/* ---- input ---- */
uint64_t spool_typed(const struct spool *s);
uint64_t spool_acked(const struct spool *s);
size_t spool_input_room(const struct spool *s);
/* Reads the terminal once into the ring: > 0, 0 at its end, -EAGAIN, or -errno. */
long spool_type(struct spool *s, int tty);
/* The last `len` bytes that were typed; and takes them back, before they are sent. */
void spool_last_typed(const struct spool *s, uint8_t *ret, size_t len);
void spool_untype(struct spool *s, size_t len);
/* Adds at most spool_input_room() bytes. */
void spool_add_input(struct spool *s, const uint8_t *bytes, size_t len);
/* Bytes from position `from` on, as far as they lie in one piece. */
size_t spool_input_at(const struct spool *s, uint64_t from, const uint8_t **ret);
/* The peer has delivered so much. False: so much was never typed. */
bool spool_ack(struct spool *s, uint64_t acked);
/* What was typed and not delivered (caller frees; NULL: nothing, or no memory). */
uint8_t *spool_undelivered(const struct spool *s, size_t *ret_len);
/* What was typed behind its first `from` bytes, which a peer has had (caller frees; NULL likewise). */
uint8_t *spool_typed_since(const struct spool *s, uint64_t from, size_t *ret_len);
/* What was typed and not sent to any peer (caller frees; NULL likewise). */
uint8_t *spool_unsent(const struct spool *s, size_t *ret_len);
/* Input up to here may have arrived: to be called before it is sent. */
void spool_sent(struct spool *s, uint64_t sent);

#endif
