#include <config.h>

#include "controller/histories.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/io_full.h"

enum { HASH = 32 };

/* Each field has hashes of its own. */
static void hash(const uint8_t *salt, char field, const void *s, size_t len, uint8_t ret[HASH])
{
	crypto_generichash_state st;

	(void)crypto_generichash_init(&st, salt, HISTORIES_SALT, HASH);
	(void)crypto_generichash_update(&st, (const unsigned char *)&field, 1);
	(void)crypto_generichash_update(&st, s, len);
	(void)crypto_generichash_final(&st, ret, HASH);
}

static void hide_name(const uint8_t *salt, char field, const void *s, size_t len, char ret[HISTORIES_NAME])
{
	uint8_t h[HASH];

	hash(salt, field, s, len, h);
	(void)sodium_bin2hex(ret, HISTORIES_NAME, h, HISTORIES_NAME / 2);
}

static uint64_t hide_number(const uint8_t *salt, char field, uint64_t n)
{
	uint8_t h[HASH];
	uint32_t r;

	hash(salt, field, &n, sizeof(n), h);
	memcpy(&r, h, sizeof(r));
	return r;
}

void histories_hide(const uint8_t salt[HISTORIES_SALT], struct rud *r, uid_t uid, char ret_user[HISTORIES_NAME])
{
	char name[HISTORIES_NAME];

	hide_name(salt, 'k', r->key, strlen(r->key), name);
	snprintf(r->key, sizeof(r->key), "%s", name);
	hide_name(salt, 'n', r->node, strlen(r->node), name);
	snprintf(r->node, sizeof(r->node), "%s", name);
	hide_name(salt, 'u', &uid, sizeof(uid), ret_user);
	r->args = hide_number(salt, 'a', r->args);
	r->dir = hide_number(salt, 'd', r->dir);
	r->status = r->status != 0; /* as much as whether it failed */
}

/* Whoever makes it first, made it: the link is there with all of it, or not at all. */
static int make_salt(const char *path)
{
	uint8_t salt[HISTORIES_SALT];
	char *temporary;
	int fd, r;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(temporary, O_CLOEXEC);
	r = fd < 0 ? -errno : 0;
	if (r == 0) {
		randombytes_buf(salt, sizeof(salt));
		r = io_write_full(fd, salt, sizeof(salt));
		close(fd);
		if (r == 0 && link(temporary, path) < 0 && errno != EEXIST)
			r = -errno;
		(void)unlink(temporary);
	}
	free(temporary);
	return r;
}

static int read_salt(const char *path, uint8_t ret[HISTORIES_SALT])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), r;

	if (fd < 0)
		return -errno;
	r = read(fd, ret, HISTORIES_SALT) == HISTORIES_SALT ? 0 : -EINVAL;
	close(fd);
	return r;
}

int histories_salt(const char *path, uint8_t ret[HISTORIES_SALT])
{
	char *file;
	int r;

	if (asprintf(&file, "%s.salt", path) < 0)
		return -ENOMEM;
	r = read_salt(file, ret);
	if (r == -ENOENT && (r = make_salt(file)) == 0)
		r = read_salt(file, ret);
	free(file);
	return r;
}
