#include <config.h>

#include "wire/rud.h"

#define MOST (UINT64_MAX / 4)

static const struct record_field fields[] = {
	{ MSG_COMMAND, RECORD_NAME, true, offsetof(struct rud, key), RUD_KEY },
	{ MSG_NODE, RECORD_NAME, true, offsetof(struct rud, node), RUD_NODE },
	RECORD_NEEDED(rud, args, MSG_ARGS, RECORD_UINT, UINT32_MAX),
	RECORD_NEEDED(rud, dir, MSG_DIR, RECORD_UINT, UINT32_MAX),
	RECORD_NEEDED(rud, at_ms, MSG_TIME, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, elapsed_ms, MSG_ELAPSED, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, used.user_us, MSG_USER_US, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, used.system_us, MSG_SYSTEM_US, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, used.rss_kib, MSG_RSS, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, used.read_kib, MSG_READ_KIB, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, used.written_kib, MSG_WRITTEN_KIB, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, used.processes, MSG_COUNT, RECORD_UINT, MOST),
	RECORD_NEEDED(rud, status, MSG_STATUS, RECORD_UINT, 255),
	RECORD_NEEDED(rud, flags, MSG_FLAGS, RECORD_UINT, RUD_FLAGS),
};

const struct record rud_record = RECORD(rud, fields);
