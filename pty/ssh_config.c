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

/* What a keyword may have for a value, so that libssh takes it as ssh(1) does. */
enum kind { WORD, WORDS, NUMBER, SWITCH /* yes or no */, ONE /* … that one */ };

static const struct {
	const char *name, *value;
	enum kind kind;
} plain[] = {
	{ "Host", NULL, WORDS }, { "HostName", NULL, WORD }, { "User", NULL, WORD }, { "Port", NULL, NUMBER }, { "SendEnv", NULL, WORDS },
	{ "HashKnownHosts", NULL, SWITCH }, { "GSSAPIAuthentication", "yes", ONE }, { "Compression", NULL, SWITCH },
	{ "ServerAliveInterval", NULL, NUMBER }, { "ServerAliveCountMax", NULL, NUMBER },
	{ "TCPKeepAlive", NULL, SWITCH }, { "LogLevel", NULL, WORD }, { "VisualHostKey", NULL, SWITCH },
	{ "PubkeyAuthentication", "yes", ONE }, { "StrictHostKeyChecking", "yes", ONE }, { "StrictHostKeyChecking", "ask", ONE },
	{ "ForwardAgent", "no", ONE }, { "ForwardX11", "no", ONE }, { "ForwardX11Trusted", NULL, SWITCH },
	{ "PasswordAuthentication", NULL, SWITCH }, { "KbdInteractiveAuthentication", NULL, SWITCH },
	{ "UserKnownHostsFile", NULL, WORD }, { "GlobalKnownHostsFile", NULL, WORD },
};

static bool is_of_kind(enum kind kind, const char *only, const char *value)
{
	switch (kind) {
	case WORD:
		return strpbrk(value, " \t") == NULL;
	case WORDS:
		return true;
	case NUMBER:
		return strspn(value, "0123456789") == strlen(value); /* libssh takes "1m" for 1, and a service's name for nothing */
	case SWITCH:
		return strcasecmp(value, "yes") == 0 || strcasecmp(value, "no") == 0;
	case ONE:
		return strcasecmp(value, only) == 0;
	}
	return false;
}

/* Quotes, comments behind it (which libssh takes for words), patterns that exclude, and tokens that libssh may not know. */
static bool is_plain_value(const char *name, const char *value)
{
	if (*value == '\0' || strpbrk(value, "'\"\\#") != NULL)
		return false;
	if (strcasecmp(name, "Host") == 0) /* libssh takes commas for blanks, and no notice of case */
		return strpbrk(value, "!,ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL;
	if (strcasecmp(name, "UserKnownHostsFile") == 0 || strcasecmp(name, "GlobalKnownHostsFile") == 0)
		return strpbrk(value, "%$") == NULL && ssh_files_unmarked(value); /* one file */
	return strpbrk(value, "$%") == NULL;
}

static bool is_plain(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcasecmp(plain[i].name, name) == 0 && is_of_kind(plain[i].kind, plain[i].value, value))
			return is_plain_value(name, value);
	return false;
}

/* What the files have, as far as they were read. */
struct found {
	bool gssapi; /* GSSAPIAuthentication */
	bool host;   /* Host */
};

static bool file_is_plain(const char *path, const char *base, int depth, struct found *found);

/* Include: more files, below the directory of the one that says so. */
static bool included_is_plain(const char *value, const char *base, int depth, struct found *found)
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
		ok = file_is_plain(g.gl_pathv[i], base, depth + 1, found);
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

/* One keyword. *open: a file was included that ends in another Host, which for libssh goes on behind the Include, and for ssh(1) does not. */
static bool line_is_plain(const char *name, const char *value, const char *base, int depth, struct found *found, bool *open)
{
	struct found inner = { 0 };
	bool ok;

	if (strcasecmp(name, "Include") != 0) {
		bool host = strcasecmp(name, "Host") == 0;

		ok = is_plain(name, value) && (host || !*open);
		found->gssapi |= strcasecmp(name, "GSSAPIAuthentication") == 0;
		found->host |= host;
		*open = *open && !host;
		return ok;
	}
	ok = !*open && included_is_plain(value, base, depth, &inner);
	found->gssapi |= inner.gssapi;
	found->host |= inner.host;
	*open |= inner.host;
	return ok;
}

/* No file is one that has nothing special. */
static bool file_is_plain(const char *path, const char *base, int depth, struct found *found)
{
	FILE *f = fopen(path, "re");
	char *line = NULL, *name, *value;
	size_t room = 0;
	bool ok = f == NULL ? errno == ENOENT : is_safe(f), open = depth > 0 && found->host /* of a file that came with this one */;
	ssize_t n;

	while (f != NULL && ok && (n = getline(&line, &room, f)) > 0)
		if (n > LINE_MAX_PLAIN)
			ok = false;
		else if (split(line, &name, &value))
			ok = line_is_plain(name, value, base, depth, found, &open);
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
static bool is_special(struct found *found)
{
	const char *home = ssh_files_home();
	char *dir = NULL, *path = NULL;
	bool ok;

	if (home == NULL || asprintf(&dir, "%s/.ssh", home) < 0)
		return true;
	if (asprintf(&path, "%s/config", dir) < 0)
		path = NULL;
	ok = path != NULL && file_is_plain(path, dir, 0, found) && file_is_plain("/etc/ssh/ssh_config", "/etc/ssh", 0, found);
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
	struct found found = { 0 };
	bool plain_files;

	*ret = (struct ssh_settings){ 0 };
	if (r == TRANSPORT_OPENSSH)
		return r;
	if (to->jump[0] != '\0' || node_destination_is_unusual(to)) /* libssh goes no such way, and takes no such name */
		return r == TRANSPORT_LIBSSH ? TRANSPORT_NONE : TRANSPORT_OPENSSH;
	plain_files = ssh_files_are_plain();
	if (plain_files && !is_special(&found)) {
		ret->gssapi = found.gssapi;
		return r;
	}
	if (plain_files && ssh_effective_ask(to, ret) && (r == TRANSPORT_LIBSSH || !ret->delegates))
		return r;
	return r == TRANSPORT_LIBSSH ? TRANSPORT_NONE : TRANSPORT_OPENSSH;
}
