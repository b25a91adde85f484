#include <config.h>

#include "pty/ssh_effective.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pty/output.h"
#include "pty/ssh_files.h"

enum { LINES_MAX = 1000, ASK_S = 10 };

/* What is no matter for a link, whatever it says; and what is left to ssh(1)'s own sessions. */
static const char *const no_matter[] = {
	"addkeystoagent", "batchmode", "casignaturealgorithms", "clearallforwardings", "dynamicforward", "escapechar", "exitonforwardfailure", "fingerprinthash", "forkafterauthentication", "forwardx11timeout",
	"forwardx11trusted", "gatewayports", "gssapikexalgorithms", "hashknownhosts", "hostbasedacceptedalgorithms", "hostbasedkeytypes", "ipqos", "kbdinteractiveauthentication", "localforward",
	"loglevel", "logverbose", "numberofpasswordprompts", "passwordauthentication", "permitremoteopen", "remotecommand", "remoteforward",
	"requesttty", "sendenv", "serveralivecountmax", "serveraliveinterval", "sessiontype", "stdinnull", "syslogfacility", "tcpkeepalive",
	"tunneldevice", "visualhostkey", "xauthlocation",
};

/* What libssh can be told; with a value only that one. */
static const struct {
	const char *name, *value;
} known[] = {
	{ "hostname", NULL }, { "user", NULL }, { "port", NULL }, { "connecttimeout", NULL }, { "identityfile", NULL }, { "compression", NULL },
	{ "ciphers", NULL }, { "macs", NULL }, { "kexalgorithms", NULL }, { "hostkeyalgorithms", NULL }, { "pubkeyacceptedalgorithms", NULL },
	{ "userknownhostsfile", NULL }, { "globalknownhostsfile", NULL }, { "gssapiauthentication", NULL }, { "gssapidelegatecredentials", NULL },
	{ "stricthostkeychecking", "true" }, { "stricthostkeychecking", "ask" }, { "pubkeyauthentication", "true" },
	{ "requiredrsasize", NULL }, { "pubkeyacceptedkeytypes", NULL }, { "setenv", NULL }, { "updatehostkeys", "false" },
};

void ssh_settings_release(struct ssh_settings *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].name);
		free(s->v[i].value);
	}
	free(s->v);
	*s = (struct ssh_settings){ 0 };
}

static bool add(struct ssh_settings *s, const char *name, const char *value)
{
	struct ssh_setting *v = reallocarray(s->v, s->n + 1, sizeof(*v));

	if (v == NULL)
		return false;
	s->v = v;
	v[s->n] = (struct ssh_setting){ strdup(name), strdup(value) };
	s->n++;
	return v[s->n - 1].name != NULL && v[s->n - 1].value != NULL;
}

/* Lines of a name and a value. */
static bool parse(FILE *f, void *arg)
{
	struct ssh_settings *ret = arg;
	char *line = NULL;
	size_t room = 0;
	bool ok = true;

	while (ok && getline(&line, &room, f) > 0) {
		char *value = line + strcspn(line, " \n");

		value += *value == ' ' && (*value = '\0') == '\0';
		value[strcspn(value, "\n")] = '\0';
		for (char *c = line; *c != '\0'; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
		ok = ret->n < LINES_MAX && add(ret, line, value);
	}
	free(line);
	return ok;
}

/* What `ssh -G' prints. */
static bool get(const struct node_destination *to, bool no_files, struct ssh_settings *ret)
{
	const char *argv[15] = { "ssh", "-G", "-oRemoteCommand=none" };
	struct ssh_operands operands;
	size_t n = 3, n_operands = ssh_config_operands(to, &operands);

	if (no_files) {
		argv[n++] = "-F";
		argv[n++] = "none";
	}
	memcpy(argv + n, operands.v, n_operands * sizeof(*argv));
	argv[n + n_operands] = "mish --peer"; /* as it is with a command: UpdateHostKeys ask asks nothing, ForkAfterAuthentication is no error */
	return output_read((char *const *)(uintptr_t)argv, ASK_S, parse, ret);
}

static bool has(const struct ssh_settings *s, const struct ssh_setting *line)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->v[i].name, line->name) == 0 && strcmp(s->v[i].value, line->value) == 0)
			return true;
	return false;
}

static size_t count(const struct ssh_settings *s, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += strcmp(s->v[i].name, name) == 0;
	return n;
}

static bool names(const struct ssh_settings *s, const char *name)
{
	return count(s, name) != 0;
}

/* Can libssh do it, as it is written? */
static bool is_known(const struct ssh_setting *set)
{
	bool files = strcmp(set->name, "userknownhostsfile") == 0 || strcmp(set->name, "globalknownhostsfile") == 0;

	if (strpbrk(set->value, "\"'\\$%") != NULL)
		return false;
	if (files && (strchr(set->value, ' ') != NULL || strcmp(set->value, "none") == 0)) /* libssh has one file */
		return false;
	if ((files && !ssh_files_unmarked(set->value)) || (strcmp(set->name, "identityfile") == 0 && !ssh_files_key(set->value)))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, set->name) == 0 && (known[i].value == NULL || strcmp(known[i].value, set->value) == 0))
			return true;
	return false;
}

static bool matters(const struct ssh_setting *set)
{
	for (size_t i = 0; i < sizeof(no_matter) / sizeof(no_matter[0]); i++)
		if (strcmp(no_matter[i], set->name) == 0)
			return false;
	return true;
}

/* Are other keys named than the usual ones? Then those alone are tried, though the usual may be among them. */
static bool names_keys(const struct ssh_settings *set, const struct ssh_settings *plain)
{
	if (count(set, "identityfile") != count(plain, "identityfile"))
		return true;
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->v[i].name, "identityfile") == 0 && !has(plain, &set->v[i]))
			return true;
	return false;
}

static bool is(const struct ssh_settings *s, const char *name, const char *value)
{
	struct ssh_setting line = { (char *)(uintptr_t)name, (char *)(uintptr_t)value };

	return has(s, &line);
}

/* What a link of ssh(1)'s wants to know. */
static void note(const struct ssh_settings *set, struct ssh_settings *ret)
{
	ret->forwards = names(set, "localforward") || names(set, "remoteforward") || names(set, "dynamicforward");
	/* `autoask' not: the master would ask by us, who have gone */
	ret->shares = (is(set, "controlmaster", "auto") || is(set, "controlmaster", "true") || is(set, "controlmaster", "yes")) &&
		      names(set, "controlpath") && !is(set, "controlpath", "none") && names(set, "controlpersist") && !is(set, "controlpersist", "no");
	ret->probes = names(set, "serveraliveinterval") && !is(set, "serveraliveinterval", "0");
	ret->sessions = names(set, "sessiontype");
	ret->timed = names(set, "connecttimeout") && !is(set, "connecttimeout", "none");
}

void ssh_effective_note(const struct node_destination *to, struct ssh_settings *ret)
{
	struct ssh_settings set = { 0 };

	if (get(to, false, &set))
		note(&set, ret);
	ssh_settings_release(&set);
}

bool ssh_effective_ask(const struct node_destination *to, struct ssh_settings *ret)
{
	struct ssh_settings set = { 0 }, plain = { 0 };
	bool ok = get(to, false, &set) && get(to, true, &plain);

	ret->tried = true;
	ret->asked = ok;
	ret->keys = ok && names_keys(&set, &plain);
	note(&set, ret);
	for (size_t i = 0; ok && i < set.n; i++) {
		const struct ssh_setting *s = &set.v[i];
		bool key = ret->keys && strcmp(s->name, "identityfile") == 0;
		bool usual = has(&plain, s) && strcmp(s->name, "hostname") != 0 && !key;

		if (!usual && matters(s))
			ok = is_known(s) && add(ret, s->name, s->value);
		if (strcmp(s->name, "gssapiauthentication") == 0)
			ret->gssapi = strcmp(s->value, "yes") == 0;
		ret->delegates |= strcmp(s->name, "gssapidelegatecredentials") == 0 && strcmp(s->value, "yes") == 0;
	}
	for (size_t i = 0; ok && i < plain.n; i++) /* what has gone, and nothing is in its place */
		ok = names(&set, plain.v[i].name) || !matters(&plain.v[i]);
	ssh_settings_release(&set);
	ssh_settings_release(&plain);
	return ok;
}
