#include <config.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/keep.h"
#include "tests/fuzz/fuzz.h"
#include "wire/io_full.h"

/*
 * What one program hands to the next, and the file of a session that persists. The first byte says which
 * record the rest is; what can be read is written, reads as the same, and is kept if it is to be.
 */
static const char session[] = "0123456789abcdef";
static char directory[] = "/tmp/fuzz-handover.XXXXXX";

union any {
	struct departure departure;
	struct errand_order order;
	struct hello hello;
	struct arrival arrival;
	struct kept kept;
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* What keep_change() made; what it made elsewhere stays, and shows. */
static void end(void)
{
	char path[64];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%s/mish", directory);
	d = opendir(path);
	while (d != NULL && (e = readdir(d)) != NULL)
		(void)unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
	(void)rmdir(path);
	(void)rmdir(directory);
}

static void begin(void)
{
	char path[64];

	must(mkdtemp(directory) != NULL && setenv("XDG_STATE_HOME", directory, 1) == 0);
	snprintf(path, sizeof(path), "%s/mish", directory);
	must(mkdir(path, 0700) == 0);
	(void)atexit(end);
}

/* The bytes of a handover; the caller frees them. */
static char *bytes_of(int fd, size_t *ret_len)
{
	char *s;

	must(io_read_file(fd, SIZE_MAX / 2, &s, ret_len) == 0);
	return s;
}

/* Written, read and written again, it is the same. */
static void check_round(const struct record *r, const union any *u)
{
	int first = handover_write(r, u), second = handover_file();
	size_t len, len2;
	char *s, *s2;
	union any v;

	must(first >= 0 && second >= 0 && handover_read(r, first, &v) == 0);
	must(handover_write_to(r, &v, second) == 0);
	s = bytes_of(first, &len);
	s2 = bytes_of(second, &len2);
	must(len == len2 && memcmp(s, s2, len) == 0);
	free(s);
	free(s2);
	record_release(r, &v);
	close(first);
	close(second);
}

static void check_parts(const struct sealed *s)
{
	const uint8_t *part;
	size_t off = 0, len, all = 0;

	while (sealed_next_part(s, &off, &part, &len) == 1)
		all += len;
	must(all <= s->parts.len);
}

static void hear(const struct record *r, const uint8_t *data, size_t size)
{
	int fd = handover_file();
	union any u;

	must(fd >= 0 && io_write_full(fd, data, size) == 0);
	if (handover_read(r, fd, &u) == 0) {
		if (r != &hello_record) /* that goes in a frame, and has a LEAST of its own */
			check_round(r, &u);
		if (r == &arrival_record) {
			check_parts(&u.arrival.sealed);
			(void)keep_arrival(&u.arrival);
		}
	} else {
		for (size_t i = 0; i < r->size; i++)
			must(((const char *)&u)[i] == '\0');
	}
	record_release(r, &u);
	close(fd);
}

/* The file of a session, as another program left it. */
static void keep(const uint8_t *data, size_t size)
{
	char path[64], *why = NULL;
	struct kept k, again;
	FILE *out = stdout;
	int fd;

	snprintf(path, sizeof(path), "%s/mish/%s", directory, session);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && io_write_full(fd, data, size) == 0);
	close(fd);
	if (keep_read(NULL, &k, &why) == 0) {
		check_parts(&k.sealed);
		must(strcmp(k.session, session) == 0 && keep_change(&k, &k, true) == 0);
		must(keep_change(NULL, &k, true) == 0 && keep_read("01", &again, &why) == 0);
		must(memcmp(again.secret, k.secret, sizeof(k.secret)) == 0 && again.from == k.from);
		record_release(&kept_record, &again);
		record_release(&kept_record, &k);
	}
	stdout = fopen("/dev/null", "we");
	must(stdout != NULL && keep_list() == 0);
	fclose(stdout);
	stdout = out;
	free(why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct record *const records[] = { &departure_record, &errand_record, &hello_record,
							&arrival_record, &kept_record };
	static bool begun;
	size_t which;

	if (!begun)
		begin();
	begun = true;
	if (size == 0)
		return 0;
	which = data[0] % (sizeof(records) / sizeof(records[0]) + 1);
	if (which < sizeof(records) / sizeof(records[0]))
		hear(records[which], data + 1, size - 1);
	else
		keep(data + 1, size - 1);
	return 0;
}
