#include <config.h>

#include "migrate/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "wire/frame.h"
#include "wire/io_full.h"

#define UINT(type, member, key) RECORD_FIELD(type, member, key, RECORD_UINT, UINT64_MAX / 2)
#define NAME(type, member, key) RECORD_SIZED(type, member, key, RECORD_NAME)
#define SECRET(type, member, key) RECORD_SIZED(type, member, key, RECORD_SECRET)
#define TEXT(type, member, key) RECORD_FIELD(type, member, key, RECORD_TEXT, 0)
#define BLOB(type, member, key, max) RECORD_FIELD(type, member, key, RECORD_BLOB, max)

/* What all of them have. */
#define SESSION(type) \
	NAME(type, session, MSG_SESSION), NAME(type, origin, MSG_ORIGIN), \
	RECORD_FIELD(type, flags, MSG_FLAGS, RECORD_UINT, UINT32_MAX)
#define SECRETS(type) \
	SECRET(type, socket, MSG_SOCKET), SECRET(type, secret, MSG_SECRET), \
	SECRET(type, new_secret, MSG_NEW_SECRET)
#define ERRAND(type, last) RECORD_NEEDED(type, errand, MSG_ERRAND, RECORD_UINT, last)

enum { MODES_MAX = 256, JOBS_MAX = 1 << 16, STAND_INS_MAX = 1 << 20, STAYS_MAX = STAYS_MOST * sizeof(struct stay), FILES_MAX = 1 << 17 };

static const struct record_field departure_fields[] = {
	ERRAND(departure, ERRAND_WARM),
	SESSION(departure),
	NAME(departure, here, MSG_PEER_NODE),
	NAME(departure, wish, MSG_NODE),
	SEALED_FIELDS(departure, sealed),
	BLOB(departure, input, MSG_INPUT, INPUT_MAX),
	BLOB(departure, modes, MSG_MODES, MODES_MAX),
	UINT(departure, from, MSG_FROM),
	RECORD_SIZED(departure, programs, MSG_PROGRAMS, RECORD_SECRET),
	BLOB(departure, jobs, MSG_JOBS, JOBS_MAX),
	BLOB(departure, stays, MSG_STAYS, STAYS_MAX),
	SECRET(departure, socket, MSG_SOCKET),
	SECRET(departure, secret, MSG_SECRET),
};

static const struct record_field errand_fields[] = {
	ERRAND(errand_order, ERRAND_KEPT),
	SESSION(errand_order),
	NAME(errand_order, here, MSG_PEER_NODE),
	NAME(errand_order, wish, MSG_NODE),
	NAME(errand_order, via, MSG_VIA),
	UINT(errand_order, from, MSG_FROM),
	SEALED_FIELDS(errand_order, sealed),
	SECRETS(errand_order),
	UINT(errand_order, seq, MSG_LAST_SEQ),
	BLOB(errand_order, modes, MSG_MODES, MODES_MAX),
	UINT(errand_order, pid, MSG_PID),
	RECORD_FIELD(errand_order, own, MSG_OPENED, RECORD_UINT, (1 << DESCRIPTORS) - 1),
};

static const struct record_field hello_fields[] = {
	RECORD_NEEDED(hello, version, MSG_VERSION, RECORD_UINT, UINT32_MAX),
	UINT(hello, least, MSG_LEAST),
	ERRAND(hello, ERRAND_PLACE),
	SESSION(hello),
	NAME(hello, here, MSG_PEER_NODE),
	UINT(hello, from, MSG_FROM),
	SEALED_FIELDS(hello, sealed),
	SECRETS(hello),
	UINT(hello, seq, MSG_LAST_SEQ),
	UINT(hello, received, MSG_RECEIVED),
	NAME(hello, term, MSG_TERM),
	RECORD_FIELD(hello, rows, MSG_ROWS, RECORD_UINT16, UINT16_MAX),
	RECORD_FIELD(hello, cols, MSG_COLS, RECORD_UINT16, UINT16_MAX),
	UINT(hello, pid, MSG_PID),
	TEXT(hello, display, MSG_DISPLAY),
	RECORD_FIELD(hello, terminals, MSG_TERMINALS, RECORD_UINT, TERMINALS_MAX),
	BLOB(hello, files, MSG_FILES, FILES_MAX),
	RECORD_FIELD(hello, same, MSG_SAME, RECORD_UINT, (1 << 28) - 1),
};

static const struct record_field arrival_fields[] = {
	SESSION(arrival),
	NAME(arrival, here, MSG_PEER_NODE),
	UINT(arrival, from, MSG_FROM),
	UINT(arrival, pid, MSG_PID),
	SEALED_FIELDS(arrival, sealed),
	TEXT(arrival, why, MSG_WHY),
	TEXT(arrival, steps, MSG_STEPS),
	TEXT(arrival, command, MSG_COMMAND),
	RECORD_FIELD(arrival, status, MSG_STATUS, RECORD_UINT, 255),
	BLOB(arrival, input, MSG_INPUT, INPUT_MAX),
	RECORD_SIZED(arrival, programs, MSG_PROGRAMS, RECORD_SECRET),
	BLOB(arrival, jobs, MSG_JOBS, STAND_INS_MAX),
	BLOB(arrival, stays, MSG_STAYS, STAYS_MAX),
	UINT(arrival, errand, MSG_ERRAND),
};

static const struct record_field kept_fields[] = {
	SESSION(kept),
	NAME(kept, address, MSG_ADDRESS),
	UINT(kept, from, MSG_FROM),
	UINT(kept, time, MSG_TIME),
	SEALED_FIELDS(kept, sealed),
	SECRETS(kept),
	BLOB(kept, stays, MSG_STAYS, STAYS_MAX),
};

const struct record departure_record = RECORD(departure, departure_fields);
const struct record errand_record = RECORD(errand_order, errand_fields);
const struct record hello_record = RECORD(hello, hello_fields);
const struct record arrival_record = RECORD(arrival, arrival_fields);
const struct record kept_record = RECORD(kept, kept_fields);

int handover_file(void)
{
	int fd = memfd_create("mish-handover", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	return fd < 0 ? -errno : fd;
}

int handover_write_to(const struct record *rec, const void *what, int fd)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	struct rlimit limit = { 0 }, most;
	struct msg m;
	int r;

	msg_init(&m);
	frame_put_version(&m, MSG_FORMAT);
	record_put(rec, what, &m);
	r = msg_done(&m);
	/* `ulimit -f` counts for a memfd, too: the soft one shall not, the hard one is an error and no signal */
	sigaction(SIGXFSZ, &ignore, &old);
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0) {
		most = (struct rlimit){ limit.rlim_max, limit.rlim_max };
		(void)setrlimit(RLIMIT_FSIZE, &most);
	}
	if (r == 0 && (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0))
		r = -errno;
	if (r == 0)
		r = io_write_full(fd, m.buf, m.len);
	(void)setrlimit(RLIMIT_FSIZE, &limit);
	sigaction(SIGXFSZ, &old, NULL);
	msg_release(&m);
	return r;
}

int handover_write(const struct record *rec, const void *what)
{
	int fd = handover_file();
	int r = fd < 0 ? fd : handover_write_to(rec, what, fd);

	if (r == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW |
						     F_SEAL_SEAL) < 0)
		r = -errno;
	if (r < 0 && fd >= 0)
		close(fd);
	return r < 0 ? r : fd;
}

int handover_keep(int fd)
{
	int n = fcntl(fd, F_DUPFD, 20);

	if (n >= 0) {
		close(fd);
		return n;
	}
	/* a low `ulimit -n`: the descriptor stays where it is */
	return fcntl(fd, F_SETFD, 0) < 0 ? -errno : fd;
}

int handover_read(const struct record *rec, int fd, void *ret)
{
	struct msg_view v;
	uint64_t version;
	char *buf;
	size_t len;
	int r = io_read_file(fd, FRAME_MAX, &buf, &len);

	memset(ret, 0, rec->size);
	if (r < 0)
		return r;
	r = msg_parse(&v, (const uint8_t *)buf, len);
	if (r == 0)
		r = frame_check_version(&v, MSG_FORMAT, &version);
	if (r == 0)
		r = record_get(rec, &v, ret);
	explicit_bzero(buf, len);
	free(buf);
	return r;
}

const char *handover_error(int err)
{
	return err == -EPROTO ? "mish was upgraded meanwhile; log in again for this" : strerror(-err);
}
