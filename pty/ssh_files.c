#include <config.h>

#include "pty/ssh_files.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *ssh_files_home(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw != NULL ? pw->pw_dir : NULL;
}

char *ssh_files_path(const char *value)
{
	const char *home = ssh_files_home();
	char *path = NULL;

	if (value[0] == '/')
		return strdup(value);
	if (strncmp(value, "~/", 2) != 0 || home == NULL || asprintf(&path, "%s%s", home, value + 1) < 0)
		return NULL;
	return path;
}

bool ssh_files_key(const char *value)
{
	char *path = ssh_files_path(value);
	struct stat st;
	bool ok = path != NULL && (stat(path, &st) < 0 || st.st_uid != getuid() || (st.st_mode & (S_IRWXG | S_IRWXO)) == 0);

	free(path);
	return ok;
}

/* A line with a marker, patterns that exclude, or the usual port in brackets: libssh passes over these, or takes what ssh(1) does not. */
static bool is_odd(const char *line)
{
	const char *hosts = line + strspn(line, " \t"), *port;
	size_t n = strcspn(hosts, " \t\n");

	port = memmem(hosts, n, "]:22", 4);
	return *hosts == '@' || (*hosts != '#' && memchr(hosts, '!', n) != NULL) || (port != NULL && (port + 4 == hosts + n || port[4] == ','));
}

bool ssh_files_unmarked(const char *value)
{
	char *path = ssh_files_path(value), *line = NULL;
	FILE *f = path != NULL ? fopen(path, "re") : NULL;
	size_t room = 0;
	bool ok = path != NULL;

	while (f != NULL && ok && getline(&line, &room, f) > 0)
		ok = !is_odd(line);
	free(line);
	if (f != NULL)
		fclose(f);
	free(path);
	return ok;
}

bool ssh_files_are_plain(void)
{
	static const char *const known[] = { "~/.ssh/known_hosts", "~/.ssh/known_hosts2", "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2" };
	static const char *const keys[] = { "~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa", "~/.ssh/id_dsa" };
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(known) / sizeof(known[0]); i++)
		ok = ssh_files_unmarked(known[i]);
	for (size_t i = 0; ok && i < sizeof(keys) / sizeof(keys[0]); i++)
		ok = ssh_files_key(keys[i]);
	return ok;
}
