#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shell/exec/hist.h"
#include "shell/interact/bang.h"
#include "tests/fuzz/fuzz.h"
#include "wire/io_full.h"

/*
 * A history file and a line that refers to it: the first byte is HISTSIZE, the second how long the line
 * is. What was loaded is appended to another file, entry by entry, and comes back from there.
 */
enum { LINE_MAX_BYTES = 1 << 20 }; /* of what references make: BANG_MAX in bang.c */

struct file {
	int fd;
	char path[32];
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static struct file file_new(void)
{
	struct file f = { .fd = memfd_create("fuzz-hist", MFD_CLOEXEC) };

	must(f.fd >= 0);
	snprintf(f.path, sizeof(f.path), "/proc/self/fd/%d", f.fd);
	return f;
}

/* An entry that ends in a backslash gets a blank, or it would go on with the next; one that looks like a mark, too. */
static void check_same(const struct hist_entry *was, const struct hist_entry *is)
{
	size_t n = strlen(was->text);

	must(is != NULL && strncmp(was->text, is->text, n) == 0);
	must(is->text[n] == '\0' || ((was->text[n - 1] == '\\' || was->text[0] == '#') && strcmp(is->text + n, " ") == 0));
}

static void check_file(const struct hist *h, size_t max)
{
	static struct file copy = { .fd = -1 };
	struct hist *one = hist_new(), *again = hist_new();

	if (copy.fd < 0)
		copy = file_new();
	must(ftruncate(copy.fd, 0) == 0);
	for (size_t i = 0; i < hist_count(h); i++) {
		hist_add(one, hist_at(h, i)->text, (int64_t)i + 1);
		hist_set_running(one, "node");
		must(hist_append_file(one, copy.path) == 0);
		hist_set_result(one, (int)i % 256, (int64_t)i);
		must(hist_append_result(one, copy.path) == 0);
	}
	hist_set_max(again, max);
	must(hist_load_file(again, copy.path) == 0 && hist_count(again) == hist_count(h));
	for (size_t i = 0; i < hist_count(h); i++) {
		const struct hist_entry *e = hist_at(again, i);

		check_same(hist_at(h, i), e);
		must(e->time == (int64_t)i + 1 && e->status == (int)i % 256 && e->ms == i && strcmp(hist_node(again, e), "node") == 0);
	}
	hist_free(one);
	hist_free(again);
}

static void check_line(const struct hist *h, const char *line)
{
	char *got = NULL;

	switch (bang_expand(h, "", line, &got)) {
	case BANG_NONE:
		must(got == NULL);
		break;
	case BANG_CHANGED:
	case BANG_PRINT:
		must(got != NULL && strlen(got) <= LINE_MAX_BYTES + strlen(line));
		break;
	case BANG_ERROR:
		must(got != NULL && *got != '\0');
		break;
	}
	free(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct file file = { .fd = -1 };
	struct hist *h;
	size_t max, len;
	char *line;

	if (file.fd < 0)
		file = file_new();
	if (size < 2)
		return 0;
	max = (size_t)data[0] + 1;
	len = data[1] < size - 2 ? data[1] : size - 2;
	line = strndup((const char *)data + 2, len);
	must(line != NULL && ftruncate(file.fd, 0) == 0 && lseek(file.fd, 0, SEEK_SET) == 0 &&
	     io_write_full(file.fd, data + 2 + len, size - 2 - len) == 0);
	h = hist_new();
	hist_set_max(h, max);
	must(hist_load_file(h, file.path) == 0 && hist_count(h) <= max);
	for (size_t i = 0; i < hist_count(h); i++)
		must(hist_at(h, i)->text[0] != '\0');
	check_file(h, max);
	check_line(h, line);
	hist_free(h);
	free(line);
	return 0;
}
