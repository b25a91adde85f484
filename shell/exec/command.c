#include <config.h>

#include "shell/exec/command.h"
#include "shell/exec/suggest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/expand/var.h"
#include "shell/parser/hint.h"
#include "shell/parser/strbuf.h"

const char cmd_default_path[] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

struct entry {
	struct entry *next;
	char *name, *path;
	int hits;
};

enum { N_BUCKETS = 64 };

struct cmd_hash {
	struct entry *bucket[N_BUCKETS];
	struct strbuf found; /* the last result that was not remembered */
};

struct cmd_hash *cmd_hash_new(void)
{
	return xcalloc(1, sizeof(struct cmd_hash));
}

void cmd_hash_clear(struct cmd_hash *h)
{
	for (size_t i = 0; i < N_BUCKETS; i++)
		while (h->bucket[i] != NULL) {
			struct entry *e = h->bucket[i];

			h->bucket[i] = e->next;
			free(e->name);
			free(e->path);
			free(e);
		}
}

void cmd_hash_free(struct cmd_hash *h)
{
	if (h == NULL)
		return;
	cmd_hash_clear(h);
	strbuf_release(&h->found);
	free(h);
}

const char *cmd_hash_at(const struct cmd_hash *h, size_t i, const char **ret_path, int *ret_hits)
{
	for (size_t b = 0; b < N_BUCKETS; b++)
		for (const struct entry *e = h->bucket[b]; e != NULL; e = e->next)
			if (i-- == 0) {
				*ret_path = e->path;
				*ret_hits = e->hits;
				return e->name;
			}
	return NULL;
}

static struct entry **slot(struct cmd_hash *h, const char *name)
{
	unsigned n = 5381;
	struct entry **p;

	for (const char *s = name; *s != '\0'; s++)
		n = n * 33 + (unsigned char)*s;
	p = &h->bucket[n % N_BUCKETS];
	while (*p != NULL && strcmp((*p)->name, name) != 0)
		p = &(*p)->next;
	return p;
}

static bool is_executable(const char *path, int *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	if (S_ISREG(st.st_mode) && access(path, X_OK) == 0)
		return true;
	if (!S_ISDIR(st.st_mode)) /* that is no command: `..` is not found */
		*err = EACCES;
	return false;
}

/* Looks along a PATH; an empty element is the current directory. */
static const char *search(struct cmd_hash *h, const char *name, const char *path)
{
	int err = ENOENT;

	for (;;) {
		size_t len = strcspn(path, ":");

		strbuf_clear(&h->found);
		strbuf_add(&h->found, path, len);
		if (len != 0)
			strbuf_addc(&h->found, '/');
		else
			strbuf_adds(&h->found, "./");
		strbuf_adds(&h->found, name);
		if (is_executable(h->found.s, &err))
			return h->found.s;
		if (path[len] == '\0')
			break;
		path += len + 1;
	}
	errno = err;
	return NULL;
}

const char *cmd_find(struct shell *sh, const char *name, const char *path)
{
	struct cmd_hash *h = sh->hash;
	struct entry **p;
	const char *found;

	if (*name == '\0') {
		errno = ENOENT;
		return NULL;
	}
	if (path != NULL)
		return search(h, name, path);
	p = slot(h, name);
	if (*p != NULL && access((*p)->path, X_OK) == 0) {
		(*p)->hits++;
		return (*p)->path;
	}
	path = var_text(sh, "PATH");
	found = search(h, name, path != NULL ? path : cmd_default_path);
	if (found == NULL || found[0] != '/')
		return found; /* a relative one is right only in this directory */
	p = slot(h, name);
	if (*p == NULL) {
		*p = xcalloc(1, sizeof(**p));
		(*p)->name = xstrdup(name);
	}
	free((*p)->path);
	(*p)->path = xstrdup(found);
	(*p)->hits = 1;
	return (*p)->path;
}

const char *cmd_hashed(struct shell *sh, const char *name)
{
	struct entry *e = *slot(sh->hash, name);

	if (e == NULL)
		return NULL;
	e->hits++;
	return e->path;
}

const struct builtin *cmd_builtin(struct shell *sh, const char *name)
{
	const struct builtin *b = sh->hooks.find_builtin(name);

	if (b == NULL || (b->flags & (BUILTIN_FILE | BUILTIN_EXTRA)) == 0 || !opt(sh, OPT_POSIX))
		return b;
	if ((b->flags & BUILTIN_EXTRA) != 0)
		return opt(sh, OPT_INTERACTIVE) ? b : NULL; /* or a subshell of one */
	return cmd_hashed(sh, name) != NULL || cmd_find(sh, name, NULL) != NULL ? b : NULL;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int not_found_at_prompt(struct shell *sh, const char *name)
{
	const char *other;

	if (is_directory(name)) {
		sh_warn(sh, "%s: is a directory (cd %s goes there)", name, name);
		return 127;
	}
	if (strncmp(name, "cd", 2) == 0 && strchr("./", name[2]) != NULL && is_directory(name + 2)) {
		sh_warn(sh, "%s: not found; did you mean `cd %s'?", name, name + 2);
		return 127;
	}
	other = suggest_command(sh, name);
	if (other == NULL)
		return cmd_cannot(sh, name, ENOENT);
	sh_warn(sh, "%s: not found; did you mean `%s'?", name, other);
	return 127;
}

int cmd_not_found(struct shell *sh, char *const *argv)
{
	bool compares = strcmp(argv[0], "==") == 0 || (argv[1] != NULL && (strcmp(argv[1], "==") == 0 || strcmp(argv[1], "!=") == 0));
	const char *hint = compares ? hint_for("if") : hint_for(argv[0]);

	if (hint == NULL && errno != EACCES && sh->interactive && !sh_is_subshell(sh))
		return not_found_at_prompt(sh, argv[0]);
	if (hint == NULL || errno == EACCES)
		return cmd_cannot(sh, argv[0], errno == EACCES ? EACCES : ENOENT);
	sh_warn(sh, "%s: not found (here it is written: %s)", argv[0], hint);
	return 127;
}

int cmd_cannot(struct shell *sh, const char *name, int err)
{
	if (err == EACCES && strchr(name, '/') != NULL && is_directory(name)) {
		sh_warn(sh, "%s: is a directory", name);
		return 126;
	}
	sh_warn(sh, "%s: %s", name, err == ENOENT ? "not found" : err == ENOEXEC ? "cannot execute" :
		err == EACCES ? "permission denied" : strerror(err));
	return err == ENOENT ? 127 : 126;
}

/* A file that execve() did not know: a script, unless its first line has a NUL byte. */
static bool looks_like_script(const char *path)
{
	char buf[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, buf, sizeof(buf)) : -1;
	const char *nl;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return n == 0;
	nl = memchr(buf, '\n', (size_t)n);
	return memchr(buf, '\0', nl != NULL ? (size_t)(nl - buf) : (size_t)n) == NULL;
}

int cmd_exec(struct shell *sh, const char *path, char **argv, char **env)
{
	int err;
	size_t argc = 0;
	char **v;

	execve(path, argv, env);
	err = errno;
	if (err != ENOEXEC || !looks_like_script(path))
		return cmd_cannot(sh, argv[0], err);
	while (argv[argc] != NULL)
		argc++;
	v = xreallocarray(NULL, argc + 3, sizeof(*v));
	v[0] = sh->arg0;
	v[1] = (char *)(uintptr_t)path;
	for (size_t i = 1; i <= argc; i++)
		v[i + 1] = argv[i];
	execve("/proc/self/exe", v, env);
	sh_warn(sh, "%s: %s", argv[0], strerror(errno));
	free(v);
	return 126;
}
