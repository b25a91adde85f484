#include <config.h>

#include "pty/carried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/programs.h"
#include "pty/output.h"

enum { FILES_MAX = 64 << 20, WORD_MAX = 127, PACK_S = 60 };

/*
 * For /bin/sh, in one line without single quotes and exclamation marks: the user's login shell, of whatever kind, hands it on. %s is
 * the directory's name, the hash, the size, and the kind of system twice.
 */
static const char script[] =
	"exec /bin/sh -c '"
	"d=${XDG_CACHE_HOME:-$HOME/.cache}/mish/%s; "
	"whole() { [ \"$(sha256sum <$1/SHA256SUMS | cut -c 1-64)\" = %s ] && (cd \"$1\" && sha256sum -c --quiet SHA256SUMS); } >/dev/null 2>&1; "
	"no() { echo \"$1\" >&2; rm -rf \"$t\"; exit 126; }; "
	"if whole \"$d\"; then :; else t=$d.$$; "
	"[ \"$(uname -sm)\" = \"%s\" ] || no \"the mish here is for %s, and that node is $(uname -sm): it has to be installed there\"; "
	"umask 077; m=$(mkdir -p \"$t\" 2>&1) || no \"$m; it has to be writable, or XDG_CACHE_HOME to name another directory, in a start-up file of the login shell there\"; "
	"echo mish wants files; head -c %s | tar xf - -C \"$t\"; "
	"whole \"$t\" || no \"the files of mish did not arrive whole (are tar and sha256sum there? is the disk full?)\"; "
	"\"$t/mish\" --version >/dev/null; "
	"case $? in 0) ;; "
	"126) no \"no program may run in ${d%%/*} (permission denied; noexec?): let XDG_CACHE_HOME name another directory, in a start-up file of the login shell there\";; "
	"*) no \"mish does not run there: it has to be built there\";; esac; "
	"rm -rf \"$d\"; mv \"$t\" \"$d\"; fi; "
	"exec \"$d/mish\" --peer'";

/* A word of what the node's shell gets: nothing in it may mean anything there. */
static bool is_word(const char *s)
{
	return *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ")] == '\0';
}

/* NAME HASH SIZE KIND, and so many bytes. */
static bool read_pack(FILE *f, void *arg)
{
	struct carried *c = arg;
	char name[WORD_MAX + 1], hash[WORD_MAX + 1], size[WORD_MAX + 1], kind[WORD_MAX + 1];
	unsigned long len;

	if (fscanf(f, "%127s %127s %127s %127[^\n]", name, hash, size, kind) != 4 || getc(f) != '\n' || !is_word(name) || !is_word(hash) ||
	    !is_word(size) || !is_word(kind))
		return false;
	len = strtoul(size, NULL, 10);
	if (len == 0 || len > FILES_MAX || (c->files = malloc(len)) == NULL)
		return false;
	c->len = len;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (asprintf(&c->command, script, name, hash, kind, kind, size) < 0)
		c->command = NULL;
#pragma GCC diagnostic pop
	return fread(c->files, 1, len, f) == len && c->command != NULL;
}

int carried_pack(struct carried *c, char **why)
{
	static const enum program wanted[] = { PROGRAM_MISH, PROGRAM_PEER, PROGRAM_MOVE, PROGRAM_EDIT };
	enum { WANTED = sizeof(wanted) / sizeof(wanted[0]) };
	char *argv[WANTED + 2] = { programs_script("mish-pack") };
	bool ok = argv[0] != NULL;

	*c = (struct carried){ 0 };
	for (size_t i = 0; i < WANTED && ok; i++)
		ok = (argv[1 + i] = programs_path(&(struct programs){ 0 }, wanted[i])) != NULL;
	ok = ok && output_read(argv, PACK_S, read_pack, c);
	for (size_t i = 0; i <= WANTED; i++)
		free(argv[i]);
	if (ok)
		return 0;
	carried_release(c);
	*why = strdup("mish cannot be packed here (mish-pack, which needs ldd, tar and sha256sum)");
	return -1;
}

void carried_release(struct carried *c)
{
	free(c->command);
	free(c->files);
	*c = (struct carried){ 0 };
}
