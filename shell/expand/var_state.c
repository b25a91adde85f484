#include <config.h>

#include "shell/expand/var_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/state.h"
#include "shell/expand/dynamic.h"
#include "shell/expand/var.h"
#include "shell/parser/name.h"

enum { VAR_LIST = 1, VAR_ARRAYS = 2, VAR_UID = 3 };

/* One flat array of name, flags, has-value, value: the decoder takes no deep nesting. */
enum { VAR_COLUMNS = 4, ARRAY_COLUMNS = 2 };

static void save_arrays(const struct var *const *v, size_t n, struct state_enc *e)
{
	uint32_t len = 0;
	struct array_key key;

	for (size_t i = 0; i < n; i++)
		if (v[i]->array != NULL)
			len += (uint32_t)(array_len(v[i]->array) + 1) * ARRAY_COLUMNS;
	state_put_array(e, VAR_ARRAYS, len);
	for (size_t i = 0; i < n; i++) {
		const struct array *a = v[i]->array;

		if (a == NULL)
			continue;
		state_add_bytes(e, v[i]->text, v[i]->name_len);
		state_add_uint(e, array_len(a));
		for (size_t k = 0; k < array_len(a); k++) {
			const char *text = array_at(a, k, &key);

			if (key.name != NULL)
				state_add_str(e, key.name);
			else
				state_add_uint(e, (uint64_t)key.index);
			state_add_str(e, text);
		}
	}
}

/*
 * Is it a state of another user's than this process's? By number; and by name, as nodes may number differently. `was`: its LOGNAME.
 */
static bool is_another_user(const struct state_dec *d, const char *was)
{
	const char *is = getenv("LOGNAME");
	uint64_t uid;

	return state_get_uint(d, VAR_UID, UINT32_MAX, &uid) == 0 && uid != getuid() && was != NULL && is != NULL && strcmp(was, is) != 0;
}

/* `smigrate tom@gamma': what says who one is there is as that login has made it. */
static void take_user(struct shell *sh, const struct state_dec *d)
{
	static const char names[][8] = { "LOGNAME", "USER", "HOME", "SHELL", "MAIL" };
	const char *value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value != NULL)
			(void)var_set(sh, names[i], value, VAR_EXPORT);
		else
			(void)var_unset(sh, names[i]);
	}
	state_warn(d, "you are %s: HOME, USER, LOGNAME and SHELL are that user's", getenv("LOGNAME"));
}

static void var_save(const struct shell *sh, struct state_enc *e)
{
	size_t n, kept = 0;
	const struct var **v = var_sorted(sh, &n);

	for (size_t i = 0; i < n; i++)
		if (!state_is_host_bound(v[i]->text, v[i]->name_len) &&
		    (v[i]->flags & (VAR_DYNAMIC | VAR_ARRAY)) != (VAR_DYNAMIC | VAR_INDEXED))
			v[kept++] = v[i];
	state_put_array(e, VAR_LIST, (uint32_t)(kept * VAR_COLUMNS));
	for (size_t i = 0; i < kept; i++) {
		const char *value = v[i]->array == NULL ? var_value(v[i]) : NULL;

		state_add_bytes(e, v[i]->text, v[i]->name_len);
		state_add_uint(e, v[i]->flags);
		state_add_uint(e, value != NULL);
		state_add_bytes(e, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
	}
	save_arrays(v, kept, e);
	state_put_uint(e, VAR_UID, getuid());
	free(v);
}

/* One array, whose `len` elements begin at `i`, in *ret. */
static int load_array(const struct state_dec *d, const struct state_value *v, uint32_t i, uint64_t len,
		      struct array *ret)
{
	struct array_key key = { 0 };
	const char *text;
	uint64_t index;
	int r = 0;

	for (uint64_t k = 0; r == 0 && k < len; k++, i += ARRAY_COLUMNS) {
		if (array_by_name(ret)) {
			r = state_elem_str(d, v, i, &key.name, NULL);
		} else {
			r = state_elem_uint(d, v, i, INT64_MAX - 1, &index);
			key.index = r == 0 ? (int64_t)index : 0;
		}
		if (r == 0)
			r = state_elem_str(d, v, i + 1, &text, NULL);
		if (r == 0)
			array_set(ret, key, text);
	}
	return r;
}

/* What is in the arrays whose variables var_load() has made. */
static int load_arrays(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *v;
	uint32_t n = 0, i = 0;
	int r = state_get_array(d, VAR_ARRAYS, &v, &n);

	if (r == -ENOENT)
		return 0; /* of an older version */
	while (r == 0 && i < n) {
		const struct var *var;
		struct array *a;
		const char *name;
		uint64_t len = 0;

		if (n - i < ARRAY_COLUMNS)
			return -EBADMSG;
		r = state_elem_str(d, v, i, &name, NULL);
		if (r == 0)
			r = state_elem_uint(d, v, i + 1, (n - i) / ARRAY_COLUMNS - 1, &len);
		if (r < 0)
			return r;
		var = var_find(sh, name);
		if (var == NULL || (var->flags & VAR_ARRAY) == 0 || var_value(var) != NULL)
			return -EBADMSG;
		a = array_new((var->flags & VAR_BY_NAME) != 0);
		r = load_array(d, v, i + ARRAY_COLUMNS, len, a);
		var_restore(sh, name, NULL, var->flags, a);
		i += (uint32_t)(len + 1) * ARRAY_COLUMNS;
	}
	return r;
}

/* Replaces all variables but those of this host, which stay as they are here. */
static int var_load(struct shell *sh, const struct state_dec *d)
{
	const struct state_value *a;
	uint64_t flags, has;
	uint32_t n;
	int r = state_get_array(d, VAR_LIST, &a, &n);

	if (r < 0 || n % VAR_COLUMNS != 0)
		return r < 0 ? r : -EBADMSG;
	var_forget_travellers(sh);
	for (uint32_t i = 0; i < n; i += VAR_COLUMNS) {
		const char *name, *value;

		r = state_elem_str(d, a, i, &name, NULL);
		if (r == 0)
			r = state_elem_uint(d, a, i + 1, UINT32_MAX, &flags);
		if (r == 0)
			r = state_elem_uint(d, a, i + 2, 1, &has);
		if (r == 0)
			r = state_elem_str(d, a, i + 3, &value, NULL);
		if (r < 0 || !name_valid(name) || state_is_host_bound(name, strlen(name)))
			return r < 0 ? r : -EBADMSG;
		if ((flags & VAR_ARRAY) == VAR_ARRAY || (has != 0 && (flags & VAR_ARRAY) != 0))
			return -EBADMSG;
		if ((flags & ~(uint64_t)VAR_ALL_FLAGS) != 0) /* of a later version: the value counts */
			state_warn(d, "%s: it has an attribute that is not known here", name);
		var_restore(sh, name, has != 0 ? value : NULL, (unsigned)flags & VAR_ALL_FLAGS, NULL);
	}
	dynamic_init(sh);
	r = load_arrays(sh, d);
	if (r == 0 && is_another_user(d, var_text(sh, "LOGNAME")))
		take_user(sh, d);
	return r;
}

const struct state_section var_section = {
	.name = "vars", .version = 1, .save = var_save, .load = var_load,
};
