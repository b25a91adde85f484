#include <config.h>

#include "shell/move/checkpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/pack.h"
#include "wire/frame.h"
#include "shell/jobs/job.h"

enum {
	PARTS_MAX = 64,	       /* checkpoints on top of a whole one; then the next is whole */
	PARTS_LEN_MIN = 1 << 16, /* … as when they are longer than the whole one, and than this */
	COMMAND_MAX = 4096,    /* bytes of its text; a longer one is not told */
};

void checkpoint_begin(struct checkpoint *c, const struct arrival *a)
{
	*c = (struct checkpoint){ .from.epoch = a->sealed.epoch };
	memcpy(c->session, a->session, sizeof(c->session));
	memcpy(c->from.key, a->sealed.key, sizeof(c->from.key));
}

static unsigned flags_of(struct shell *sh, bool idle)
{
	unsigned flags = opt(sh, OPT_PERSIST) ? MSG_PERSIST : 0;

	return idle && job_count(sh, false) == 0 ? flags | MSG_IDLE : flags;
}

/* Errors are ignored: session.c sees when the peer is gone. */
static void send(const struct checkpoint *c, int control, uint64_t holds, unsigned flags,
		 const char *command, const struct blob *sealed)
{
	struct msg m;

	msg_init(&m);
	msg_uint(&m, MSG_EPOCH, holds);
	msg_uint(&m, MSG_SEQ, c->seq);
	msg_uint(&m, MSG_FLAGS, flags);
	msg_str(&m, MSG_COMMAND, command);
	if (sealed != NULL && sealed->s != NULL)
		msg_bytes(&m, MSG_STATE, sealed->s, sealed->len);
	(void)frame_send(control, FRAME_CHECKPOINT, &m);
}

int checkpoint_idle(struct checkpoint *c, struct shell *sh, int control, uint64_t holds)
{
	const struct pack_ops *ops = pack_loaded();
	bool whole = c->seq == 0 || c->parts >= PARTS_MAX ||
		     (c->parts_len > PARTS_LEN_MIN && c->parts_len > c->whole_len);
	unsigned flags = flags_of(sh, true);
	struct blob sealed = { 0 };
	int r = -ENOSYS;

	if (whole)
		c->tracker = (struct state_tracker){ 0 };
	if (ops != NULL)
		r = ops->pack_more(sh, sh->sections, c->session, &c->from, c->seq + 1, &c->tracker, &sealed);
	if (r < 0 && r != -ENOENT) {
		c->parts = PARTS_MAX; /* too large, or no memory: the next one that can be made is whole */
		return r;
	}
	if (r == -ENOENT && !c->told_busy && flags == c->told_flags)
		return 0;
	c->told_busy = false;
	c->told_flags = flags;
	if (r == 0) {
		c->seq++;
		c->parts = whole ? 0 : c->parts + 1;
		c->parts_len = whole ? 0 : c->parts_len + sealed.len;
		c->whole_len = whole ? sealed.len : c->whole_len;
		flags |= whole ? MSG_WHOLE : 0;
	}
	send(c, control, holds, flags, NULL, &sealed);
	free(sealed.s);
	return 0;
}

void checkpoint_busy(struct checkpoint *c, struct shell *sh, int control, uint64_t holds,
		     const char *command)
{
	size_t len = strlen(command);
	char *text;

	while (len != 0 && command[len - 1] == '\n')
		len--;
	text = len <= COMMAND_MAX ? strndup(command, len) : NULL;
	c->told_busy = true;
	send(c, control, holds, flags_of(sh, false), text != NULL ? text : "a long command", NULL);
	free(text);
}
