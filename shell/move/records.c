#include <config.h>

#include "shell/move/records.h"

#include <stdlib.h>

#include "rendezvous/rdv_client.h"
#include "shell/jobs/rud.h"
#include "shell/parser/strbuf.h"

enum { AT_ONCE = 100 };

void records_tell(struct session *me)
{
	uint64_t added = rud_added(), least = added - rud_count(), end;

	me->ruds_told = me->ruds_told < least ? least : me->ruds_told;
	end = added - me->ruds_told < AT_ONCE ? added : me->ruds_told + AT_ONCE;
	for (; me->daemon >= 0 && me->ruds_told < end; me->ruds_told++) {
		struct msg m;

		msg_init(&m);
		record_put(&rud_record, rud_at((size_t)(me->ruds_told - least)), &m);
		session_tell_daemon(me, FRAME_RECORD, &m);
	}
}

struct list {
	struct rud *v;
	size_t n;
};

static void take(void *arg, const struct msg_view *row)
{
	struct list *l = arg;

	l->v = xreallocarray(l->v, l->n + 1, sizeof(*l->v));
	l->n += l->n < RUDS_MOST && record_get(&rud_record, row, &l->v[l->n]) == 0;
}

void records_ask(int wait_ms)
{
	static int attempts = 3;
	struct list l = { 0 };
	struct msg m;

	if (attempts == 0)
		return;
	attempts--;
	msg_init(&m);
	if (rdv_client_ask(FRAME_GET_RECORDS, &m, wait_ms, take, &l) == 0) {
		attempts = 0;
		rud_merge(l.v, l.n);
	}
	free(l.v);
}
