#include <config.h>

#include "shell/exec/cwd.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"

char *cwd_physical(void)
{
	return getcwd(NULL, 0);
}

/* A path that names the current directory and has no . or .. in it (XCU pwd -L). */
static bool is_current(const char *path)
{
	struct stat a, b;

	if (path[0] != '/' || strstr(path, "/./") != NULL || strstr(path, "/../") != NULL)
		return false;
	size_t n = strlen(path);

	if ((n >= 2 && strcmp(path + n - 2, "/.") == 0) ||
	    (n >= 3 && strcmp(path + n - 3, "/..") == 0))
		return false;
	return stat(path, &a) == 0 && stat(".", &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

void cwd_init(struct shell *sh)
{
	const char *pwd = var_text(sh, "PWD");

	free(sh->pwd);
	sh->pwd = pwd != NULL && is_current(pwd) ? xstrdup(pwd) : cwd_physical();
	if (sh->pwd != NULL)
		var_set(sh, "PWD", sh->pwd, VAR_EXPORT);
}

/* With errno set when it is not. */
static bool is_dir(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	if (!S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	return S_ISDIR(st.st_mode);
}

/*
 * dir below base with . and .. taken out, as text. A component before a .. must be a
 * directory (XCU cd, step 8b): otherwise NULL with errno.
 */
static char *canonical(const char *base, const char *dir)
{
	struct strbuf out = { 0 };
	const char *parts[2] = { dir[0] == '/' ? "" : base, dir };

	for (int i = 0; i < 2; i++)
		for (const char *s = parts[i]; *s != '\0';) {
			size_t len = strcspn(s, "/");

			if (len == 2 && memcmp(s, "..", 2) == 0) {
				if (i == 1 && out.len != 0 && !is_dir(out.s)) {
					strbuf_release(&out);
					return NULL;
				}
				while (out.len != 0 && out.s[--out.len] != '/')
					;
				if (out.s != NULL)
					out.s[out.len] = '\0';
			} else if (len != 0 && !(len == 1 && *s == '.')) {
				strbuf_addc(&out, '/');
				strbuf_add(&out, s, len);
			}
			s += len;
			s += strspn(s, "/");
		}
	if (out.len == 0)
		strbuf_addc(&out, '/');
	return strbuf_take(&out);
}

static void moved(struct shell *sh, char *pwd)
{
	if (sh->pwd != NULL)
		var_set(sh, "OLDPWD", sh->pwd, opt(sh, OPT_POSIX) ? 0 : VAR_EXPORT);
	free(sh->pwd);
	sh->pwd = pwd;
	if (pwd != NULL)
		var_set(sh, "PWD", pwd, 0);
}

int cwd_change(struct shell *sh, const char *dir, bool physical)
{
	char *path = NULL;

	if (!physical && (dir[0] == '/' || sh->pwd != NULL)) {
		path = canonical(sh->pwd != NULL ? sh->pwd : "", dir);
		if (path == NULL)
			return -errno;
		/* the text may be too long for the kernel, or go through a directory that
		 * only the relative path can pass */
		if (chdir(path) < 0 && (dir[0] == '/' || chdir(dir) < 0)) {
			int err = errno;

			free(path);
			return -err;
		}
		moved(sh, path);
		return 0;
	}
	if (chdir(dir) < 0)
		return -errno;
	moved(sh, cwd_physical());
	return 0;
}

/* ---- state ---- */

enum { CWD_LOGICAL = 1, CWD_PHYSICAL = 2, CWD_DEV = 3, CWD_INO = 4, CWD_OWNERS = 5 };

/* Calls for each directory on the way, from below the root on; stops at false, and returns that. */
static bool each_above(const char *path, bool (*look)(const char *prefix, const struct stat *st, void *arg), void *arg)
{
	char *p = xstrdup(path);
	bool ok = true;
	struct stat st;

	for (size_t i = 1; ok && i <= strlen(path); i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		p[i] = '\0';
		if (path[i - 1] != '/' && lstat(p, &st) == 0)
			ok = look(p, &st, arg);
		p[i] = path[i];
	}
	free(p);
	return ok;
}

static bool add_owner(const char *prefix, const struct stat *st, void *arg)
{
	(void)prefix;
	strbuf_addf(arg, "%ju ", (uintmax_t)st->st_uid);
	return true;
}

static void cwd_save(const struct shell *sh, struct state_enc *e)
{
	char *physical = cwd_physical();
	struct strbuf owners = { 0 };
	struct stat st;

	state_put_str(e, CWD_LOGICAL, sh->pwd);
	state_put_str(e, CWD_PHYSICAL, physical);
	if (stat(".", &st) == 0) {
		state_put_uint(e, CWD_DEV, st.st_dev);
		state_put_uint(e, CWD_INO, st.st_ino);
	}
	if (sh->pwd != NULL && each_above(sh->pwd, add_owner, &owners))
		state_put_str(e, CWD_OWNERS, strbuf_str(&owners));
	strbuf_release(&owners);
	free(physical);
}

/* Who the directories and links on the way belonged to at the other node, where it tells that. */
struct owners {
	const char *left; /* decimal, a blank behind each */
};

/* Root's, the user's, or whose it was. */
static bool is_known(const char *prefix, const struct stat *st, void *arg)
{
	struct owners *o = arg;
	char *end;
	unsigned long was = strtoull(o->left, &end, 10);
	bool told = end != o->left;

	(void)prefix;
	o->left = told && *end == ' ' ? end + 1 : end;
	return st->st_uid == 0 || st->st_uid == geteuid() || (told && st->st_uid == was);
}

/*
 * Goes there, unless another user made it, or anything on the way to it: what he put into it would be
 * run, or be written to, by somebody who believes to be elsewhere. Whose it was at the other node is no
 * stranger here. 0 or -errno; -EOWNERDEAD: it is a stranger's.
 */
static int enter(const char *path, const char *owners)
{
	struct owners o = { owners != NULL ? owners : "" };

	if (access(path, F_OK) == 0 && !each_above(path, is_known, &o))
		return -EOWNERDEAD;
	return chdir(path) < 0 ? -errno : 0;
}

/* The nearest directory above it that is here. */
static int go_near(const char *path, char **ret)
{
	/* a longer one names nothing: the kernel is not asked for each of a million parts */
	char *p = xstrndup(path, strnlen(path, PATH_MAX)), *slash;

	while (enter(p, NULL) < 0) {
		slash = strrchr(p, '/');
		if (slash == NULL || slash == p) {
			free(p);
			return -ENOENT;
		}
		*slash = '\0';
	}
	*ret = p;
	return 0;
}

static void now_in(struct shell *sh, char *path)
{
	free(sh->pwd);
	sh->pwd = path;
}

/* It is not here, or not the user's: home, or near it. */
static void go_elsewhere(struct shell *sh, const struct state_dec *d, const char *logical, int err)
{
	const char *home = var_text(sh, "HOME");
	char *near = NULL;

	if (home != NULL && chdir(home) == 0)
		near = xstrdup(home);
	else if (go_near(logical, &near) < 0 && chdir("/") == 0)
		near = xstrdup("/");
	if (near == NULL)
		return;
	state_warn(d, "%s: %s (now in %s)", logical,
		   err == EOWNERDEAD ? "it belongs to another user here" : strerror(err), near);
	now_in(sh, near);
	var_set(sh, "OLDPWD", logical, 0);
	var_set(sh, "PWD", near, 0);
}

/* Is this, which the shell is in, not what it was in at the other node? */
static bool is_another(const struct state_dec *d)
{
	uint64_t ino;
	struct stat st;

	return state_get_uint(d, CWD_INO, UINT64_MAX, &ino) == 0 && stat(".", &st) == 0 && st.st_ino != ino;
}

/* A text that may be missing. 0, or -EBADMSG. */
static int optional(const struct state_dec *d, uint32_t key, const char **ret)
{
	int r = state_get_str(d, key, ret);

	return r == -ENOENT ? 0 : r;
}

/* Goes where the shell was, by its logical or physical path; else near it, which is told. */
static int cwd_load(struct shell *sh, const struct state_dec *d)
{
	const char *logical = NULL, *physical = NULL, *owners = NULL;
	int err;

	if (optional(d, CWD_LOGICAL, &logical) < 0 || optional(d, CWD_PHYSICAL, &physical) < 0 ||
	    optional(d, CWD_OWNERS, &owners) < 0)
		return -EBADMSG;
	if (logical == NULL)
		logical = physical;
	if (logical == NULL || logical[0] != '/')
		return logical == NULL ? 0 : -EBADMSG;
	err = -enter(logical, owners);
	if (err == 0) {
		if (is_another(d))
			state_warn(d, "%s is another directory here", logical);
		now_in(sh, xstrdup(logical));
	} else if (physical != NULL && physical[0] == '/' && enter(physical, NULL) == 0) {
		now_in(sh, xstrdup(physical));
		var_set(sh, "PWD", physical, 0);
	} else {
		go_elsewhere(sh, d, logical, err);
	}
	return 0;
}

const struct state_section cwd_section = {
	.name = "cwd", .version = 1, .save = cwd_save, .load = cwd_load,
};
