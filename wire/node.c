#include <config.h>

#include "wire/node.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

void node_own_name(char *buf, size_t size)
{
	struct utsname u = { 0 };

	(void)uname(&u);
	snprintf(buf, size, "%.*s", (int)strcspn(u.nodename, "."), u.nodename);
}

#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

bool node_name_valid(const char *name)
{
	size_t len = strlen(name);

	return len != 0 && len <= NODE_NAME_MAX && name[0] != '-' && strspn(name, NAME) == len;
}

/* So many characters, if there is room. */
static bool take(char *ret, size_t size, const char *s, size_t len)
{
	if (len == 0 || len >= size)
		return false;
	memcpy(ret, s, len);
	ret[len] = '\0';
	return true;
}

/* The length of a letter beyond ASCII in UTF-8: Latin, Greek or Cyrillic, and so nothing that moves a terminal's cursor or its text's direction. */
static size_t letter_len(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	return u[0] >= 0xc3 && u[0] <= 0xd3 && (u[1] & 0xc0) == 0x80 ? 2 : 0;
}

/* Of these characters and letters, and none of `not_first` before them. */
static bool is_made_of(const char *s, const char *set, const char *not_first)
{
	size_t n;

	if (*s == '\0' || strchr(not_first, *s) != NULL)
		return false;
	do {
		n = strspn(s, set);
		n += letter_len(s + n);
		s += n;
	} while (n != 0);
	return *s == '\0';
}

/*
 * What ssh(1) takes (its ssh.c: valid_ruser(), valid_hostname()); less as a hop of `-J', which a shell reads, and where tokens are expanded.
 * A leading `+' is ours, of an address. A directory's users have `@' (tom@example.org) or `\' (DOM\tom).
 */
static bool is_user(const char *s, bool hop)
{
	return is_made_of(s, hop ? NAME "@+" : NAME "@+\\%:/", "-+") && s[strlen(s) - 1] != '\\' &&
	       strncmp(s, "ssh://", 6) != 0; /* written out again it would be a URI */
}

/* A name in DNS, or, if it is not `plain`, in a Host line. What has two colons in a row is an address, or is meant for one. */
static bool is_host(const char *s, bool plain)
{
	return is_made_of(s, plain ? NAME : NAME "+%:/", "-+:") && strstr(s, "::") == NULL && s[strlen(s) - 1] != ':';
}

/* An address of IPv6, with a zone perhaps: `fe80::1%eth0'. */
static bool is_v6(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF:."), colons = 0;

	for (size_t i = 0; i < n; i++)
		colons += s[i] == ':';
	/* whether it is right ssh says; a name with a port it is not */
	return (colons == 7 || (colons >= 2 && strstr(s, "::") != NULL)) && (s[n] == '\0' || (s[n] == '%' && node_name_valid(s + n + 1)));
}

/* `:port' or nothing. */
static bool take_port(const char *s, unsigned *ret)
{
	char *end;
	unsigned long n;

	*ret = 0;
	if (*s == '\0')
		return true;
	if (*s != ':' || s[1] < '0' || s[1] > '9')
		return false;
	n = strtoul(s + 1, &end, 10);
	*ret = (unsigned)n;
	return *end == '\0' && n >= 1 && n <= 65535;
}

/* Where `:port' begins, or the end. A colon with no number behind it is one of the name's, as all are to ssh(1). */
static const char *port_of(const char *s)
{
	const char *colon = strchr(s, ':');

	return colon != NULL && colon[1 + strspn(colon + 1, "0123456789")] == '\0' ? colon : s + strlen(s);
}

/* What is behind `ssh://', without what ssh(1) passes over in `user;parameters@host:/'. */
static void plain_uri(char *s)
{
	size_t n = strlen(s);
	char *at = strrchr(s, '@'), *parameters = strchr(s, ';');

	if (n > 0 && s[n - 1] == '/')
		s[--n] = '\0';
	if (n > 1 && s[n - 1] == ':')
		s[--n] = '\0';
	if (at != NULL && parameters != NULL && parameters < at)
		memmove(parameters, at, strlen(at) + 1);
}

/* A URI's user: `%40' is an `@'. As they stand ssh(1) takes these for something else. */
static bool decode(char *s)
{
	char *to = s, hex[3] = "";

	if (strpbrk(s, "@+:/\\") != NULL)
		return false;
	for (; *s != '\0'; s++, to++) {
		*to = *s;
		if (*s != '%')
			continue;
		if (!isxdigit((unsigned char)s[1]) || !isxdigit((unsigned char)s[2]))
			return false;
		memcpy(hex, s + 1, 2);
		*to = (char)strtoul(hex, NULL, 16);
		if (*to == '\0')
			return false;
		s += 2;
	}
	*to = '\0';
	return true;
}

/* One of them. */
static bool parse_one(const char *from, size_t len, bool hop, struct node_destination *ret)
{
	char text[sizeof(ret->jump)], *s = text;
	const char *at, *end;
	bool uri;

	*ret = (struct node_destination){ 0 };
	if (!take(text, sizeof(text), from, len))
		return false;
	uri = strncmp(text, "ssh://", 6) == 0;
	if (uri)
		plain_uri(s += 6);
	at = strrchr(s, '@');
	if (at != NULL) {
		if (!take(ret->user, sizeof(ret->user), s, (size_t)(at - s)) || (uri && !decode(ret->user)) || !is_user(ret->user, hop))
			return false;
		s += at - s + 1;
	}
	if (*s == '[') {
		end = strchr(++s, ']');
		return end != NULL && take(ret->host, sizeof(ret->host), s, (size_t)(end - s)) && is_v6(ret->host) &&
		       take_port(end + 1, &ret->port);
	}
	if (is_v6(s))
		return take(ret->host, sizeof(ret->host), s, strlen(s));
	end = port_of(s);
	return take(ret->host, sizeof(ret->host), s, (size_t)(end - s)) && is_host(ret->host, hop || uri) && take_port(end, &ret->port);
}

bool node_destination_is_unusual(const struct node_destination *d)
{
	return (!is_v6(d->host) && !node_name_valid(d->host)) || (d->user[0] != '\0' && !is_user(d->user, true));
}

bool node_destination(const char *text, struct node_destination *ret)
{
	const char *end = node_destination_end(text);
	char jump[sizeof(ret->jump)] = "", written[NODE_DESTINATION_MAX];
	size_t used = 0, n;
	int r;

	for (const char *s = text; s < end && !(s + 1 == end && *s == '+'); s += n + 1) {
		n = strcspn(s, ",");
		if (!parse_one(s, n, true, ret))
			return false;
		node_destination_text(ret, written);
		r = snprintf(jump + used, sizeof(jump) - used, "%s%s", used != 0 ? "," : "", written);
		if (r < 0 || (size_t)r >= sizeof(jump) - used)
			return false;
		used += (size_t)r;
	}
	if (!parse_one(end, strlen(end), false, ret))
		return false;
	ret->carried = end > text && end[-1] == '+';
	memcpy(ret->jump, jump, sizeof(jump));
	return true;
}

const char *node_destination_end(const char *text)
{
	const char *comma = strrchr(text, ',');

	const char *end = comma != NULL ? comma + 1 : text;

	return *end == '+' ? end + 1 : end;
}

void node_destination_text(const struct node_destination *d, char ret[NODE_DESTINATION_MAX])
{
	bool v6 = is_v6(d->host);
	char port[16] = "";

	if (d->port != 0)
		snprintf(port, sizeof(port), ":%u", d->port);
	snprintf(ret, NODE_DESTINATION_MAX, "%s%s%s%s%s%s%s%s%s", d->jump, d->jump[0] != '\0' ? "," : "", d->carried ? "+" : "", d->user, d->user[0] != '\0' ? "@" : "",
		 v6 ? "[" : "", d->host, v6 ? "]" : "", port);
}

bool node_destination_valid(const char *text)
{
	struct node_destination d;
	char written[NODE_DESTINATION_MAX];

	if (strlen(text) > NODE_NAME_MAX || !node_destination(text, &d))
		return false;
	node_destination_text(&d, written);
	return strcmp(written, text) == 0;
}

void node_destination_operands(const struct node_destination *d, char ret[NODE_DESTINATION_MAX])
{
	const char *quote = strchr(d->user, '\\') != NULL ? "'" : "";
	char port[16] = "";

	if (d->port != 0)
		snprintf(port, sizeof(port), "-p %u ", d->port);
	snprintf(ret, NODE_DESTINATION_MAX, "%s%s%s%s%s%s%s%s%s", d->jump[0] != '\0' ? "-J " : "", d->jump, d->jump[0] != '\0' ? " " : "", port,
		 quote, d->user, d->user[0] != '\0' ? "@" : "", d->host, quote);
}
