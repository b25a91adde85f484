#include <config.h>

#include "controller/accounts.h"

#include <assert.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/now.h"

enum {
	KEEP_MS = 300000, /* an answer; then it is still given, but looked up again */
	RETRY_MS = 15000, /* after a failure */
	ENTRY_START = 1024, ENTRY_MAX = 1 << 20, /* bytes of an account's entry */
};

struct account {
	struct account *next;
	bool by_name; /* else by uid: that is what was asked for, the other is the answer */
	uid_t uid;
	char name[ACCOUNTS_NAME_MAX + 1];
	enum accounts_answer answer;
	int64_t due_ms;	   /* when it is to be looked up again, if somebody asks */
	uint64_t asked;	   /* the last question's number */
	bool queued, runs; /* is to be looked up, is being */
};

/* One lookup in a thread. It has copies of everything: no entry has to outlive it. */
struct lookup {
	uv_work_t req;
	struct accounts *accounts;
	bool by_name;
	uid_t uid;
	char name[ACCOUNTS_NAME_MAX + 1];
	enum accounts_answer answer;
	int error; /* why it failed */
};

void accounts_init(struct accounts *a, uv_loop_t *loop, void (*answered)(void *arg, uid_t uid), void *arg)
{
	*a = (struct accounts){ .loop = loop, .answered = answered, .arg = arg };
}

void accounts_release(struct accounts *a)
{
	while (a->first != NULL) {
		struct account *x = a->first;

		a->first = x->next;
		free(x);
	}
}

bool accounts_stop(struct accounts *a)
{
	for (struct account *x = a->first; x != NULL; x = x->next)
		x->queued = false;
	return a->lookups == 0;
}

/* ---- in a thread ---- */

/* getpwuid(3) names the errors that mean "not found"; glibc gives 0 or these two. */
static enum accounts_answer answer_of(int r, const struct passwd *found)
{
	if (r == 0 && found != NULL)
		return ACCOUNTS_FOUND;
	return r == 0 || r == ENOENT || r == ESRCH ? ACCOUNTS_NONE : ACCOUNTS_FAILED;
}

static void ask(uv_work_t *req)
{
	struct lookup *l = req->data;
	struct passwd pw, *found = NULL;
	char *buf = NULL;
	int r = ERANGE;

	for (size_t size = ENTRY_START; r == ERANGE && size <= ENTRY_MAX; size *= 2) {
		free(buf);
		buf = malloc(size);
		if (buf == NULL)
			r = ENOMEM;
		else if (l->by_name)
			r = getpwnam_r(l->name, &pw, buf, size, &found);
		else
			r = getpwuid_r(l->uid, &pw, buf, size, &found);
	}
	l->answer = answer_of(r, found);
	l->error = r;
	if (l->answer == ACCOUNTS_FOUND && l->by_name)
		l->uid = pw.pw_uid;
	else if (l->answer == ACCOUNTS_FOUND &&
		 (size_t)snprintf(l->name, sizeof(l->name), "%s", pw.pw_name) >= sizeof(l->name)) {
		l->answer = ACCOUNTS_FAILED; /* a part of a name may be another's */
		l->error = ENAMETOOLONG;
	}
	free(buf);
}

/* ---- in the loop ---- */

static struct account *find(const struct accounts *a, bool by_name, uid_t uid, const char *name)
{
	for (struct account *x = a->first; x != NULL; x = x->next)
		if (x->by_name == by_name && (by_name ? strcmp(x->name, name) == 0 : x->uid == uid))
			return x;
	return NULL;
}

static void look_up_queued(struct accounts *a);

static void tell_failure(struct accounts *a, const struct account *x, int error)
{
	if (x->by_name)
		journal_often(&a->failed, "user %s: cannot be looked up now: %s", x->name, strerror(error));
	else
		journal_often(&a->failed, "uid %u: cannot be looked up now: %s", (unsigned)x->uid,
			      strerror(error));
}

static void on_answer(uv_work_t *req, int status)
{
	struct lookup *l = req->data;
	struct accounts *a = l->accounts;
	struct account *x = find(a, l->by_name, l->uid, l->name);
	bool failed = status < 0 || l->answer == ACCOUNTS_FAILED;

	a->lookups--;
	assert(x != NULL); /* an entry that is being looked up is not taken out: see make_room() */
	x->runs = false;
	x->due_ms = now_mono_ms() + (failed ? RETRY_MS : KEEP_MS);
	if (failed) {
		tell_failure(a, x, status < 0 ? -status : l->error);
		if (x->answer == ACCOUNTS_WAIT) /* otherwise what was known stays so */
			x->answer = ACCOUNTS_FAILED;
	} else {
		x->answer = l->answer;
		x->uid = l->uid;
		memcpy(x->name, l->name, sizeof(x->name));
	}
	if (!x->by_name)
		a->answered(a->arg, x->uid);
	free(l);
	look_up_queued(a);
}

static int start(struct accounts *a, struct account *x)
{
	struct lookup *l = calloc(1, sizeof(*l));
	int r;

	if (l == NULL)
		return -ENOMEM;
	l->accounts = a;
	l->by_name = x->by_name;
	l->uid = x->uid;
	if (x->by_name)
		memcpy(l->name, x->name, sizeof(l->name));
	l->req.data = l;
	r = uv_queue_work(a->loop, &l->req, ask, on_answer);
	if (r < 0) {
		free(l);
		return r;
	}
	x->runs = true;
	a->lookups++;
	return 0;
}

/* The oldest question first; not more at once than leave threads for other things. */
static void look_up_queued(struct accounts *a)
{
	while (a->lookups < ACCOUNTS_LOOKUPS_MAX) {
		struct account *oldest = NULL;

		for (struct account *x = a->first; x != NULL; x = x->next)
			if (x->queued && (oldest == NULL || x->asked < oldest->asked))
				oldest = x;
		if (oldest == NULL)
			return;
		oldest->queued = false;
		if (start(a, oldest) < 0) {
			oldest->due_ms = now_mono_ms() + RETRY_MS;
			if (oldest->answer == ACCOUNTS_WAIT)
				oldest->answer = ACCOUNTS_FAILED;
			return;
		}
	}
}

/* Takes the entry that was asked for least lately out of a full table; false: all are being looked up. */
static bool make_room(struct accounts *a)
{
	struct account **least = NULL, *x;

	if (a->n < ACCOUNTS_MAX)
		return true;
	for (struct account **p = &a->first; *p != NULL; p = &(*p)->next)
		if (!(*p)->queued && !(*p)->runs && (least == NULL || (*p)->asked < (*least)->asked))
			least = p;
	if (least == NULL)
		return false;
	x = *least;
	*least = x->next;
	free(x);
	a->n--;
	return true;
}

static struct account *add(struct accounts *a, bool by_name, uid_t uid, const char *name)
{
	struct account *x = make_room(a) ? calloc(1, sizeof(*x)) : NULL;

	if (x == NULL) {
		journal_often(&a->failed,
			      "%zu accounts are being looked up: does the directory service answer?", a->n);
		return NULL;
	}
	x->by_name = by_name;
	x->uid = uid;
	snprintf(x->name, sizeof(x->name), "%s", name);
	x->next = a->first;
	a->first = x;
	a->n++;
	return x;
}

/* The entry, which may be one that has just been begun; NULL: there is no room for it. */
static struct account *get(struct accounts *a, bool by_name, uid_t uid, const char *name)
{
	struct account *x = find(a, by_name, uid, name);

	if (x == NULL)
		x = add(a, by_name, uid, name);
	if (x == NULL)
		return NULL;
	x->asked = ++a->asked;
	if (!x->queued && !x->runs && now_mono_ms() >= x->due_ms) {
		if (x->answer == ACCOUNTS_FAILED)
			x->answer = ACCOUNTS_WAIT;
		x->queued = true;
		look_up_queued(a);
	}
	return x;
}

enum accounts_answer accounts_name(struct accounts *a, uid_t uid, char ret[ACCOUNTS_NAME_MAX + 1])
{
	const struct account *x = get(a, false, uid, "");

	if (x != NULL && x->answer == ACCOUNTS_FOUND)
		memcpy(ret, x->name, sizeof(x->name));
	else
		snprintf(ret, ACCOUNTS_NAME_MAX + 1, "%u", (unsigned)uid);
	return x != NULL ? x->answer : ACCOUNTS_FAILED;
}

enum accounts_answer accounts_uid(struct accounts *a, const char *name, uid_t *ret)
{
	const struct account *x = strlen(name) <= ACCOUNTS_NAME_MAX ? get(a, true, 0, name) : NULL;

	if (x != NULL && x->answer == ACCOUNTS_FOUND)
		*ret = x->uid;
	return x != NULL ? x->answer : ACCOUNTS_FAILED;
}
