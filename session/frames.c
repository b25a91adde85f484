#include <config.h>

#include "session/frames.h"

#include <errno.h>

#define UINT(type, member, key) RECORD_FIELD(type, member, key, RECORD_UINT, UINT64_MAX / 2)
#define FLAGS(type) RECORD_FIELD(type, flags, MSG_FLAGS, RECORD_UINT, UINT32_MAX)
#define NAME(type, member, key) RECORD_SIZED(type, member, key, RECORD_NAME)
#define TEXT(type, member, key) RECORD_FIELD(type, member, key, RECORD_TEXT, 0)

static const struct record_field ready_fields[] = {
	UINT(ready, version, MSG_VERSION), NAME(ready, node, MSG_NODE),
	NAME(ready, address, MSG_ADDRESS), TEXT(ready, warnings, MSG_WARNINGS),
	TEXT(ready, steps, MSG_STEPS),	   FLAGS(ready),
	UINT(ready, pid, MSG_PID),	   UINT(ready, sent, MSG_SENT),
	UINT(ready, received, MSG_RECEIVED), RECORD_FIELD(ready, opened, MSG_OPENED, RECORD_UINT, (1 << DESCRIPTORS) - 1),
};

static const struct record_field verdict_fields[] = {
	TEXT(verdict, why, MSG_WHY),
	RECORD_FIELD(verdict, status, MSG_STATUS, RECORD_UINT, 255),
	FLAGS(verdict),
	UINT(verdict, version, MSG_VERSION),
	TEXT(verdict, steps, MSG_STEPS),
	UINT(verdict, seq, MSG_SEQ),
	UINT(verdict, user_us, MSG_USER_US),
	UINT(verdict, system_us, MSG_SYSTEM_US),
};

static const struct record_field progress_fields[] = {
	RECORD_FIELD(progress, stream, MSG_STREAM, RECORD_UINT, UINT16_MAX),
	UINT(progress, delivered, MSG_DELIVERED),
};

static const struct record_field winch_fields[] = {
	RECORD_FIELD(winch, rows, MSG_ROWS, RECORD_UINT16, UINT16_MAX),
	RECORD_FIELD(winch, cols, MSG_COLS, RECORD_UINT16, UINT16_MAX),
};

static const struct record_field checkpoint_fields[] = {
	UINT(checkpoint_frame, epoch, MSG_EPOCH),
	UINT(checkpoint_frame, seq, MSG_SEQ),
	FLAGS(checkpoint_frame),
	TEXT(checkpoint_frame, command, MSG_COMMAND),
	RECORD_FIELD(checkpoint_frame, state, MSG_STATE, RECORD_BLOB, STATE_MAX),
	RECORD_FIELD(checkpoint_frame, age, MSG_AGE, RECORD_UINT, INT64_MAX / 2),
};

static const struct record_field attached_fields[] = {
	NAME(attached, origin, MSG_ORIGIN),
	TEXT(attached, display, MSG_DISPLAY),
	FLAGS(attached),
};

static const struct record_field connect_fields[] = {
	NAME(connect, node, MSG_NODE),
	UINT(connect, seq, MSG_SEQ),
};

static const struct record_field job_fields[] = {
	UINT(job_word, pid, MSG_PID),
	RECORD_FIELD(job_word, status, MSG_STATUS, RECORD_UINT, UINT16_MAX),
	FLAGS(job_word),
	UINT(job_word, was, MSG_WAS),
	NAME(job_word, node, MSG_NODE),
};

const struct record ready_record = RECORD(ready, ready_fields);
const struct record verdict_record = RECORD(verdict, verdict_fields);
const struct record progress_record = RECORD(progress, progress_fields);
const struct record winch_record = RECORD(winch, winch_fields);
const struct record checkpoint_record = RECORD(checkpoint_frame, checkpoint_fields);
const struct record attached_record = RECORD(attached, attached_fields);
const struct record connect_record = RECORD(connect, connect_fields);
const struct record job_record = RECORD(job_word, job_fields);

#define ROW(type, from, to, record) { FRAME_##type, #type, PARTY_##from, PARTY_##to, record }
static const struct frames_row rows[] = {
	ROW(HELLO, LINK, PEER, &hello_record),
	ROW(READY, SHELL, PEER, &ready_record),
	ROW(READY, PEER, LINK, &ready_record),
	ROW(READY, LINK, GUARDIAN, &ready_record),
	ROW(COMMIT, GUARDIAN, LINK, &verdict_record),
	ROW(COMMIT, LINK, PEER, &verdict_record),
	ROW(COMMIT, PEER, SHELL, &verdict_record),
	ROW(ABORT, SHELL, PEER, &verdict_record),
	ROW(ABORT, PEER, LINK, &verdict_record),
	ROW(ABORT, LINK, GUARDIAN, &verdict_record),
	ROW(ABORT, LINK, PEER, &verdict_record),
	ROW(DATA, LINK, PEER, NULL),
	ROW(DATA, PEER, LINK, NULL),
	ROW(PACKED, LINK, PEER, NULL),
	ROW(PACKED, PEER, LINK, NULL),
	ROW(ACK, LINK, PEER, &progress_record),
	ROW(ACK, PEER, LINK, &progress_record),
	ROW(WINCH, GUARDIAN, LINK, &winch_record),
	ROW(WINCH, LINK, PEER, &winch_record),
	ROW(SIGNAL, GUARDIAN, LINK, &verdict_record),
	ROW(SIGNAL, LINK, PEER, &verdict_record),
	ROW(FROZEN, SHELL, PEER, &progress_record),
	ROW(FROZEN, PEER, SHELL, &progress_record),
	ROW(FROZEN, PEER, LINK, &progress_record),
	ROW(OFFER, SHELL, PEER, &departure_record),
	ROW(OFFER, PEER, LINK, &departure_record),
	ROW(OFFER, LINK, GUARDIAN, &departure_record),
	ROW(RELEASE, GUARDIAN, LINK, &verdict_record),
	ROW(RELEASE, LINK, PEER, &verdict_record),
	ROW(RELEASE, PEER, SHELL, &verdict_record),
	ROW(RESUME, GUARDIAN, LINK, &verdict_record),
	ROW(RESUME, LINK, PEER, &verdict_record),
	ROW(RESUME, PEER, SHELL, &verdict_record),
	ROW(RESUME, SHELL, PEER, &verdict_record),
	ROW(RESUME, PEER, LINK, &verdict_record),
	ROW(CHECKPOINT, SHELL, PEER, &checkpoint_record),
	ROW(CHECKPOINT, PEER, LINK, &checkpoint_record),
	ROW(CHECKPOINT, LINK, GUARDIAN, &checkpoint_record),
	ROW(EXIT, PEER, LINK, &verdict_record),
	ROW(EXIT, LINK, GUARDIAN, &verdict_record),
	ROW(EXIT, LINK, PEER, &verdict_record),
	ROW(UNKEPT, GUARDIAN, LINK, &verdict_record),
	ROW(UNKEPT, LINK, PEER, &verdict_record),
	ROW(UNKEPT, PEER, SHELL, &verdict_record),
	ROW(ATTACHED, PEER, SHELL, &attached_record),
	ROW(STALL, LINK, GUARDIAN, &verdict_record),
	ROW(STALL, GUARDIAN, LINK, &verdict_record),
	ROW(CONNECT, SHELL, PEER, &connect_record),
	ROW(CONNECT, PEER, LINK, &connect_record),
	ROW(CONNECT, LINK, GUARDIAN, &connect_record),
	ROW(CONNECT, GUARDIAN, LINK, &verdict_record),
	ROW(CONNECT, LINK, PEER, &verdict_record),
	ROW(CONNECT, PEER, SHELL, &verdict_record),
	ROW(JOB, SHELL, PEER, &job_record),
	ROW(JOB, PEER, LINK, &job_record),
	ROW(JOB, LINK, GUARDIAN, &job_record),
	ROW(JOB, GUARDIAN, LINK, &job_record),
	ROW(JOB, LINK, PEER, &job_record),
	ROW(JOB, PEER, SHELL, &job_record),
	ROW(FENCED, PEER, LINK, &verdict_record),
	ROW(STOPPED, PEER, LINK, &verdict_record),
	ROW(FOREGROUND, LINK, PEER, &verdict_record),
	ROW(FENCED, LINK, GUARDIAN, &verdict_record),
};

const struct frames_row *frames_at(size_t i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

const struct frames_row *frames_find(enum frame_type type, enum party from, enum party to)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type && rows[i].from == from && rows[i].to == to)
			return &rows[i];
	return NULL;
}

int frames_get(const struct frames_row *row, const uint8_t *payload, size_t len, union frames_body *ret)
{
	struct msg_view v;

	if (row->record == NULL)
		return 0;
	return msg_parse(&v, payload, len) < 0 ? -EBADMSG : record_get(row->record, &v, ret);
}

void frames_release(const struct frames_row *row, union frames_body *b)
{
	if (row->record != NULL)
		record_release(row->record, b);
}

int frames_check(const struct frames_row *row, const uint8_t *payload, size_t len)
{
	struct msg_view v;

	if (row->record == NULL)
		return 0;
	return msg_parse(&v, payload, len) < 0 ? -EBADMSG : record_check(row->record, &v);
}

uint64_t frames_number(const uint8_t *payload, size_t len, enum msg_key key)
{
	struct msg_view v;
	uint64_t n = 0;

	if (msg_parse(&v, payload, len) == 0)
		(void)msg_get_uint(&v, key, UINT64_MAX / 2, &n);
	return n;
}

int frames_put(struct frame_buf *out, enum frame_type type, const struct record *record, const void *body)
{
	struct msg m;

	msg_init(&m);
	record_put(record, body, &m);
	return frame_put_msg(out, type, &m);
}

const struct frames_rule *frames_rule(const struct frames_rules *t, unsigned state, enum party from,
				      enum frame_type type)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].from == from && t->v[i].type == type && (t->v[i].states & 1u << state) != 0)
			return &t->v[i];
	return NULL;
}

int frames_run(const struct frames_rules *t, unsigned state, enum party from, struct came *f, void *core)
{
	const struct frames_rule *rule = frames_rule(t, state, from, f->type);
	const struct frames_row *row = frames_find(f->type, from, t->to);
	union frames_body body;
	int r;

	if (rule == NULL || row == NULL)
		return -EBADMSG;
	if (!rule->copied)
		return frames_check(row, f->payload, f->len) < 0 ? -EBADMSG : rule->run(core, f);
	r = frames_get(row, f->payload, f->len, &body);
	if (r < 0)
		return r;
	f->body = &body;
	r = rule->run(core, f);
	frames_release(row, &body);
	return r;
}
