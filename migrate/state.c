#include <config.h>

#include "migrate/state.h"

#include <errno.h>
#include <string.h>

/*
 * The one table of variables that are bound to a host. A trailing `*` stands for any rest.
 * TERM is not bound: the user keeps the terminal. (HELLO has it, too, for what runs before the
 * state is loaded.)
 */
static const char *const host_bound[] = {
	"HOST", "HOSTNAME", "SSH_*", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY",
	"XDG_RUNTIME_DIR", "XDG_SESSION_*", "XDG_VTNR", "XDG_SEAT", "DBUS_*", "TMPDIR", "TMUX",
	"TMUX_PANE", "STY", "KRB5CCNAME", "WINDOW", "LINENO", "MISH_NODE", "MISH_ORIGIN", "MISH_SESSION", "MISH_VERSION",
};

bool state_is_host_bound(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(host_bound) / sizeof(host_bound[0]); i++) {
		const char *h = host_bound[i];
		size_t n = strlen(h);

		if (h[n - 1] == '*' ? len >= n - 1 && memcmp(name, h, n - 1) == 0
				    : len == n && memcmp(name, h, n) == 0)
			return true;
	}
	return false;
}

void state_put_str(struct state_enc *e, uint32_t key, const char *s)
{
	if (s != NULL)
		state_put_bytes(e, key, s, strlen(s));
}

void state_add_str(struct state_enc *e, const char *s)
{
	state_add_bytes(e, s, strlen(s));
}

int state_get_uint(const struct state_dec *d, uint32_t key, uint64_t max, uint64_t *ret)
{
	const struct state_value *v = d->ops->find(d, key);

	return v == NULL ? -ENOENT : d->ops->uint(v, max, ret);
}

int state_get_bytes(const struct state_dec *d, uint32_t key, const char **ret, size_t *ret_len)
{
	const struct state_value *v = d->ops->find(d, key);

	return v == NULL ? -ENOENT : d->ops->bytes(d, v, ret, ret_len);
}

int state_get_str(const struct state_dec *d, uint32_t key, const char **ret)
{
	return state_get_bytes(d, key, ret, NULL);
}

int state_get_array(const struct state_dec *d, uint32_t key, const struct state_value **ret,
		    uint32_t *ret_n)
{
	const struct state_value *v = d->ops->find(d, key);
	int r = v == NULL ? -ENOENT : d->ops->array(v, ret_n);

	if (r == 0)
		*ret = v;
	return r;
}

int state_elem_uint(const struct state_dec *d, const struct state_value *a, uint32_t i,
		    uint64_t max, uint64_t *ret)
{
	return d->ops->uint(d->ops->elem(a, i), max, ret);
}

int state_elem_str(const struct state_dec *d, const struct state_value *a, uint32_t i,
		   const char **ret, size_t *ret_len)
{
	return d->ops->bytes(d, d->ops->elem(a, i), ret, ret_len);
}
