#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/cwd.h"
#include "shell/exec/dirs.h"
#include "shell/exec/suggest.h"
#include "shell/expand/var.h"
#include "shell/parser/strbuf.h"

/* cd and pwd (XCU cd, pwd); dirs, pushd and popd as in tcsh and bash. */

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* XCU cd, step 5: the directory below an element of CDPATH (caller frees), or NULL. */
static char *along_cdpath(struct shell *sh, const char *dir, bool *ret_print)
{
	const char *p = var_text(sh, "CDPATH");

	*ret_print = false;
	if (p == NULL || dir[0] == '/' || strcmp(dir, ".") == 0 || strcmp(dir, "..") == 0 ||
	    strncmp(dir, "./", 2) == 0 || strncmp(dir, "../", 3) == 0)
		return NULL;
	for (;;) {
		size_t len = strcspn(p, ":");
		struct strbuf s = { 0 };

		strbuf_add(&s, p, len);
		if (len != 0 && p[len - 1] != '/')
			strbuf_addc(&s, '/');
		else if (len == 0)
			strbuf_adds(&s, "./");
		strbuf_adds(&s, dir);
		if (is_dir(s.s)) {
			*ret_print = len != 0;
			return strbuf_take(&s);
		}
		strbuf_release(&s);
		if (p[len] == '\0')
			return NULL;
		p += len + 1;
	}
}

/* shopt -s cdspell: the directory that was meant, by one slip of the hand in the name; told. NULL: there is none. */
static const char *spelled(struct shell *sh, const char *dir)
{
	const char *other = sh->interactive && opt(sh, OPT_CDSPELL) ? suggest_file(sh, dir) : NULL;

	if (other == NULL || !is_dir(other))
		return NULL;
	printf("%s\n", other);
	return other;
}

/* Goes there, or prints why not. Returns an exit status. */
static int change(struct shell *sh, const char *cmd, const char *dir, bool physical)
{
	int r = cwd_change(sh, dir, physical);
	const char *other = r == -ENOENT && strcmp(cmd, "cd") == 0 ? spelled(sh, dir) : NULL;

	if (other != NULL)
		r = cwd_change(sh, other, physical);
	if (r < 0)
		sh_warn(sh, "%s: %s: %s", cmd, dir, strerror(-r));
	return r < 0 ? 1 : 0;
}

/* +n: the n-th entry, 0 being the working directory; -1 when it is none. */
static long stack_index(struct shell *sh, const char *cmd, const char *arg)
{
	char *end;
	long n = strtol(arg + 1, &end, 10);

	if (arg[1] < '0' || arg[1] > '9' || *end != '\0' || (size_t)n > sh->dirs->n) {
		sh_warn(sh, "%s: %s: no such entry", cmd, arg);
		return -1;
	}
	return n;
}

/* cd +n, as in zsh, and -n, which counts from the other end; a directory of that name comes first. */
static bool names_entry(struct shell *sh, const char *arg)
{
	return (*arg == '-' || *arg == '+') && arg[1] != '\0' && arg[1 + strspn(arg + 1, "0123456789")] == '\0' &&
	       !opt(sh, OPT_POSIX) && (*arg == '-' || !is_dir(arg));
}

static int cd_to_entry(struct shell *sh, const char *arg)
{
	long n = stack_index(sh, "cd", arg);
	int status;
	char *dir;

	if (n < 0)
		return 1;
	if (*arg == '-')
		n = (long)sh->dirs->n - n;
	dir = xstrdup(n == 0 ? (sh->pwd != NULL ? sh->pwd : ".") : sh->dirs->v[n - 1]);
	status = change(sh, "cd", dir, false);
	if (status == 0 && sh->pwd != NULL)
		printf("%s\n", sh->pwd);
	free(dir);
	return status;
}

int builtin_cd(struct shell *sh, int argc, char **argv)
{
	bool physical = false, print = false, check = false, by_path;
	const char *dir;
	char *found;
	int c, status;

	if (argc == 2 && names_entry(sh, argv[1]))
		return cd_to_entry(sh, argv[1]);
	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "LPe")) != -1) {
		if (c == '?')
			return 2;
		if (c != 'e')
			physical = c == 'P';
		check |= c == 'e';
	}
	if (argc - optind > 1)
		return builtin_usage(sh, "cd");
	dir = optind < argc ? argv[optind] : var_text(sh, "HOME");
	if (dir == NULL || (optind == argc && *dir == '\0')) {
		sh_warn(sh, "cd: HOME is not set");
		return 1;
	}
	if (strcmp(dir, "-") == 0 && optind < argc) {
		dir = var_text(sh, "OLDPWD");
		if (dir == NULL) {
			sh_warn(sh, "cd: OLDPWD is not set");
			return 1;
		}
		print = true;
	}
	if (*dir == '\0') {
		sh_warn(sh, "cd: the directory name is empty");
		return 1;
	}
	dir = xstrdup(dir); /* it may be the value of OLDPWD, which cwd_change() sets */
	found = along_cdpath(sh, dir, &by_path);
	print |= by_path;
	status = change(sh, "cd", found != NULL ? found : dir, physical);
	free(found);
	free((char *)(uintptr_t)dir);
	if (status == 0 && print && sh->pwd != NULL)
		printf("%s\n", sh->pwd);
	if (status == 0 && physical && check && sh->pwd == NULL)
		return 1;
	return status;
}

int builtin_pwd(struct shell *sh, int argc, char **argv)
{
	bool physical = false;
	char *s;
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "LP")) != -1) {
		if (c == '?')
			return 2;
		physical = c == 'P';
	}
	if (!physical && sh->pwd != NULL) {
		printf("%s\n", sh->pwd);
		return 0;
	}
	s = cwd_physical();
	if (s == NULL) {
		sh_warn(sh, "pwd: %s", strerror(errno));
		return 1;
	}
	printf("%s\n", s);
	free(s);
	return 0;
}

/* ---- the directory stack ---- */

static void print_dir(struct shell *sh, const char *dir, bool long_format)
{
	const char *home = var_text(sh, "HOME");
	size_t n = home != NULL ? strlen(home) : 0;

	if (!long_format && n > 1 && strncmp(dir, home, n) == 0 && (dir[n] == '/' || dir[n] == '\0'))
		printf("~%s", dir + n);
	else
		fputs(dir, stdout);
}

static void print_stack(struct shell *sh, bool long_format, bool lines, bool numbers)
{
	for (size_t i = 0; i <= sh->dirs->n; i++) {
		const char *dir = i == 0 ? sh->pwd : sh->dirs->v[i - 1];

		if (numbers)
			printf("%2zu  ", i);
		print_dir(sh, dir != NULL ? dir : ".", long_format);
		putchar(i == sh->dirs->n || lines || numbers ? '\n' : ' ');
	}
}

int builtin_dirs(struct shell *sh, int argc, char **argv)
{
	bool long_format = false, lines = false, numbers = false;
	long n;
	int c;

	builtin_opt_begin();
	while ((c = builtin_opt(sh, argc, argv, "clpv")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'c') {
			dirs_clear(sh->dirs);
			return 0;
		}
		long_format |= c == 'l';
		lines |= c == 'p';
		numbers |= c == 'v';
	}
	if (optind == argc) {
		print_stack(sh, long_format, lines, numbers);
		return 0;
	}
	n = argv[optind][0] == '+' && optind + 1 == argc ? stack_index(sh, "dirs", argv[optind]) : -2;
	if (n == -2)
		return builtin_usage(sh, "dirs");
	if (n < 0)
		return 1;
	print_dir(sh, n == 0 ? sh->pwd : sh->dirs->v[n - 1], long_format);
	putchar('\n');
	return 0;
}

/* Brings entry n (>0) to the top, with those above it going below, as tcsh and bash do. */
static int rotate(struct shell *sh, size_t n)
{
	char *old = sh->pwd != NULL ? xstrdup(sh->pwd) : NULL;

	if (change(sh, "pushd", sh->dirs->v[n - 1], false) != 0) {
		free(old);
		return 1;
	}
	free(dirs_take(sh->dirs, n - 1));
	dirs_insert(sh->dirs, sh->dirs->n, old != NULL ? old : ".");
	for (size_t i = 1; i < n; i++) {
		char *s = dirs_take(sh->dirs, 0);

		dirs_insert(sh->dirs, sh->dirs->n, s);
		free(s);
	}
	free(old);
	return 0;
}

int builtin_pushd(struct shell *sh, int argc, char **argv)
{
	char *old;
	int status = 0;

	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argv++;
		argc--;
	}
	if (argc > 2)
		return builtin_usage(sh, "pushd");
	if (argc == 1 || argv[1][0] == '+') {
		long n = 1;

		if (argc > 1)
			n = stack_index(sh, "pushd", argv[1]);
		else if (sh->dirs->n == 0)
			sh_warn(sh, "pushd: no other directory");
		if (n < 0 || sh->dirs->n == 0)
			return 1;
		if (argc == 1) { /* exchange the two on top */
			old = xstrdup(sh->pwd != NULL ? sh->pwd : ".");
			status = change(sh, "pushd", sh->dirs->v[0], false);
			if (status == 0) {
				free(sh->dirs->v[0]);
				sh->dirs->v[0] = xstrdup(old);
			}
			free(old);
		} else if (n > 0) {
			status = rotate(sh, (size_t)n);
		}
	} else {
		old = xstrdup(sh->pwd != NULL ? sh->pwd : ".");
		status = change(sh, "pushd", argv[1], false);
		if (status == 0)
			dirs_insert(sh->dirs, 0, old);
		free(old);
	}
	if (status == 0)
		print_stack(sh, false, false, false);
	return status;
}

int builtin_popd(struct shell *sh, int argc, char **argv)
{
	long n = 0;

	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argv++;
		argc--;
	}
	if (argc > 1)
		n = argv[1][0] == '+' ? stack_index(sh, "popd", argv[1]) : -2;
	if (n == -2)
		return builtin_usage(sh, "popd");
	if (n < 0)
		return 1;
	if (sh->dirs->n == 0) {
		sh_warn(sh, "popd: the directory stack is empty");
		return 1;
	}
	if (n == 0) {
		if (change(sh, "popd", sh->dirs->v[0], false) != 0)
			return 1;
		n = 1;
	}
	free(dirs_take(sh->dirs, (size_t)n - 1));
	print_stack(sh, false, false, false);
	return 0;
}
