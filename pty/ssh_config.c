#include <config.h>

#include "pty/ssh_config.h"

#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pty/ssh_effective.h"
#include "pty/ssh_files.h"
#include "wire/text.h"

enum { INCLUDES_MAX = 16, /* one in another, as in ssh(1) */
       LINE_MAX_PLAIN = 1000 /* libssh breaks longer ones */ };

/* Keywords with which libssh does what ssh(1) does, whatever their values; those with a value only with that one. */
static const struct {
	const char *name, *value;
} plain[] = {
	{ "Host", NULL }, { "HostName", NULL }, { "User", NULL }, { "Port", NULL }, { "IdentityFile", NULL }, { "SendEnv", NULL },
	{ "HashKnownHosts", NULL }, { "GSSAPIAuthentication", "yes" }, { "Compression", NULL }, { "ConnectTimeout", NULL },
	{ "ServerAliveInterval", NULL }, { "ServerAliveCountMax", NULL }, { "TCPKeepAlive", NULL }, { "LogLevel", NULL },
	{ "VisualHostKey", NULL }, { "PubkeyAuthentication", "yes" }, { "StrictHostKeyChecking", "yes" }, { "StrictHostKeyChecking", "ask" },
	{ "ForwardAgent", "no" }, { "ForwardX11", "no" }, { "ForwardX11Trusted", NULL }, { "PasswordAuthentication", NULL },
	{ "KbdInteractiveAuthentication", NULL }, { "UserKnownHostsFile", NULL }, { "GlobalKnownHostsFile", NULL },
};

/* Patterns that exclude, and tokens that libssh may not know. */
static bool is_plain_value(const char *name, const char *value)
{
	if (strpbrk(value, "'\"\\") != NULL)
		return false;
	if (strcasecmp(name, "Host") == 0) /* libssh takes commas for blanks, and no notice of case */
		return strpbrk(value, "!,ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL;
	if (strcasecmp(name, "UserKnownHostsFile") == 0 || strcasecmp(name, "GlobalKnownHostsFile") == 0)
		return strpbrk(value, " \t%$") == NULL && ssh_files_unmarked(value); /* one file */
	return strpbrk(value, "$%") == NULL && (strcasecmp(name, "IdentityFile") != 0 || ssh_files_key(value));
}

static bool is_plain(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcasecmp(plain[i].name, name) == 0 && (plain[i].value == NULL || strcasecmp(plain[i].value, value) == 0))
			return is_plain_value(name, value);
	return false;
}

static bool file_is_plain(const char *path, const char *base, int depth, bool *gssapi);

/* Include: more files, below the directory of the one that says so. */
static bool included_is_plain(const char *value, const char *base, int depth, bool *gssapi)
{
	const char *home = ssh_files_home();
	char *path = NULL;
	glob_t g = { 0 };
	bool ok = strpbrk(value, " \t$%'\"\\") == NULL && (value[0] != '~' || value[1] == '/') && home != NULL && depth < INCLUDES_MAX; /* one pattern */
	int r;

	if (!ok || asprintf(&path, "%s%s%s", value[0] == '/' ? "" : value[0] == '~' ? home : base,
			    value[0] == '/' || value[0] == '~' ? "" : "/", value + (value[0] == '~')) < 0)
		return false;
	r = glob(path, 0, NULL, &g);
	ok = r == 0 || r == GLOB_NOMATCH;
	for (size_t i = 0; r == 0 && ok && i < g.gl_pathc; i++)
		ok = file_is_plain(g.gl_pathv[i], base, depth + 1, gssapi);
	globfree(&g);
	free(path);
	return ok;
}

/* NAME VALUE, or NAME = VALUE; both are cut out of the line. False: there is none. */
static bool split(char *line, char **name, char **value)
{
	size_t n;

	*name = line + strspn(line, " \t\f");
	if (**name == '#' || **name == '\n' || **name == '\0')
		return false;
	n = strcspn(*name, " \t=\n");
	*value = *name + n + strspn(*name + n, " \t");
	*value += **value == '=';
	*value += strspn(*value, " \t");
	(*name)[n] = '\0';
	for (n = strlen(*value); n != 0 && strchr(" \t\r\n", (*value)[n - 1]) != NULL; n--)
		(*value)[n - 1] = '\0';
	if (n > 1 && **value == '"' && (*value)[n - 1] == '"' && memchr(*value + 1, '"', n - 2) == NULL) {
		(*value)[n - 1] = '\0';
		++*value;
	}
	return true;
}

/* ssh(1) takes no file that somebody else may have written, and says so. */
static bool is_safe(FILE *f)
{
	struct stat st;

	return fstat(fileno(f), &st) == 0 && (st.st_uid == 0 || st.st_uid == getuid()) && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* No file is one that has nothing special. */
static bool file_is_plain(const char *path, const char *base, int depth, bool *gssapi)
{
	FILE *f = fopen(path, "re");
	char *line = NULL, *name, *value;
	size_t room = 0;
	bool ok = f == NULL ? errno == ENOENT : is_safe(f);
	ssize_t n;

	while (f != NULL && ok && (n = getline(&line, &room, f)) > 0)
		if (n > LINE_MAX_PLAIN)
			ok = false;
		else if (split(line, &name, &value)) {
			*gssapi |= strcasecmp(name, "GSSAPIAuthentication") == 0;
			ok = strcasecmp(name, "Include") == 0 ? included_is_plain(value, base, depth, gssapi) : is_plain(name, value);
		}
	free(line);
	if (f != NULL)
		fclose(f);
	return ok;
}

/* The user's own word; TRANSPORT_ANY: there is none. */
static enum transport wished(const char *node)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = NULL, *line = NULL, *name, *value;
	enum transport r = TRANSPORT_ANY;
	size_t room = 0;
	FILE *f;

	if (config != NULL && config[0] == '/' ? asprintf(&path, "%s/mish/transport", config) < 0 :
						 asprintf(&path, "%s/.config/mish/transport", home != NULL ? home : "") < 0)
		return r;
	f = fopen(path, "re");
	while (f != NULL && r == TRANSPORT_ANY && getline(&line, &room, f) > 0)
		if (split(line, &name, &value) && fnmatch(name, node, 0) == 0)
			r = strcmp(value, "libssh") == 0 ? TRANSPORT_LIBSSH : strcmp(value, "openssh") == 0 ? TRANSPORT_OPENSSH : r;
	free(line);
	if (f != NULL)
		fclose(f);
	free(path);
	return r;
}

/* Has any file a keyword, for whatever host, that libssh takes otherwise than ssh(1)? */
static bool is_special(bool *gssapi)
{
	const char *home = ssh_files_home();
	char *dir = NULL, *path = NULL;
	bool ok;

	if (home == NULL || asprintf(&dir, "%s/.ssh", home) < 0)
		return true;
	if (asprintf(&path, "%s/config", dir) < 0)
		path = NULL;
	ok = path != NULL && file_is_plain(path, dir, 0, gssapi) && file_is_plain("/etc/ssh/ssh_config", "/etc/ssh", 0, gssapi);
	free(path);
	free(dir);
	return !ok;
}

size_t ssh_config_operands(const struct node_destination *to, struct ssh_operands *ret)
{
	size_t n = 0;

	snprintf(ret->port, sizeof(ret->port), "%u", to->port);
	if (to->user[0] != '\0') {
		ret->v[n++] = "-l";
		ret->v[n++] = to->user;
	}
	if (to->port != 0) {
		ret->v[n++] = "-p";
		ret->v[n++] = ret->port;
	}
	if (to->jump[0] != '\0') {
		ret->v[n++] = "-J";
		ret->v[n++] = to->jump;
	}
	ret->v[n++] = "--";
	ret->v[n++] = to->host;
	return n;
}

enum transport ssh_config_transport(const struct node_destination *to, struct ssh_settings *ret)
{
	enum transport r = wished(to->host);

	*ret = (struct ssh_settings){ 0 };
	if (r == TRANSPORT_OPENSSH)
		return r;
	if (to->jump[0] != '\0') /* libssh goes no such way */
		return r == TRANSPORT_LIBSSH ? TRANSPORT_NONE : TRANSPORT_OPENSSH;
	if (ssh_files_are_plain() &&
	    (!is_special(&ret->gssapi) || (ssh_effective_ask(to, ret) && (r == TRANSPORT_LIBSSH || !ret->delegates))))
		return r;
	return r == TRANSPORT_LIBSSH ? TRANSPORT_NONE : TRANSPORT_OPENSSH;
}
