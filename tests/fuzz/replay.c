#include <config.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/io_full.h"
#include "tests/fuzz/fuzz.h"

/* Replays a corpus: every file as it is, its prefixes, and with bytes changed. */
static void replay(const char *text, size_t len)
{
	char *copy = malloc(len + 1);

	LLVMFuzzerTestOneInput((const uint8_t *)text, len);
	for (size_t n = 0; n < len; n += 1 + len / 64)
		LLVMFuzzerTestOneInput((const uint8_t *)text, n);
	for (size_t i = 0; i < len; i += 1 + len / 128) {
		memcpy(copy, text, len);
		copy[i] = (char)(copy[i] ^ (1 << i % 8));
		LLVMFuzzerTestOneInput((const uint8_t *)copy, len);
	}
	free(copy);
}

int main(int argc, char **argv)
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		DIR *d = opendir(argv[i]);
		struct dirent *e;

		while (d != NULL && (e = readdir(d)) != NULL) {
			char path[4096], *text;
			size_t len;
			int fd;

			snprintf(path, sizeof(path), "%s/%s", argv[i], e->d_name);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd >= 0 && io_read_file(fd, 1 << 24, &text, &len) == 0) {
				replay(text, len);
				free(text);
				n++;
			}
			if (fd >= 0)
				close(fd);
		}
		if (d != NULL)
			closedir(d);
	}
	printf("%sok replay of %d files\n", n > 0 ? "" : "not ", n);
	return n > 0 ? 0 : 1;
}
