#include <config.h>

#include "pty/stall.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { ESCAPE_KEY = 035 /* ^] */, ESCAPES = 3, LOOK_MS = 500 };

size_t stall_escape(struct stall *s, const uint8_t *typed, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool after_enter = s->last == '\r' || s->last == '\n' || s->last == '\0';

		s->last = typed[i];
		s->escapes = typed[i] == ESCAPE_KEY ? s->escapes + 1 : 0;
		if (typed[i] == ESCAPE_KEY && (after_enter || s->escapes == ESCAPES)) {
			s->escapes = 0;
			s->last = 'x'; /* after the menu another ^] is the program's */
			return i;
		}
	}
	return len;
}

void stall_await(struct stall *s, int64_t now_ms)
{
	if (s->since_ms == 0)
		s->since_ms = now_ms;
}

/* Is something on its way that the other end has not acknowledged? A proxy's pipe does not say. */
static bool is_unacknowledged(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_unacked != 0 &&
	       info.tcpi_retransmits != 0;
}

bool stall_is_due(struct stall *s, int fd, int64_t now_ms)
{
	if (s->since_ms == 0 || now_ms < s->since_ms + STALL_MS)
		return false;
	if (fd >= 0 && !is_unacknowledged(fd))
		s->since_ms = 0;
	return s->since_ms != 0 && s->lent == STALL_OVER;
}

int64_t stall_at(const struct stall *s, int64_t now_ms)
{
	if (s->since_ms == 0 || (s->lent != STALL_OVER && s->lent != STALL_SILENT))
		return 0;
	return s->lent == STALL_SILENT ? now_ms + LOOK_MS : s->since_ms + STALL_MS;
}
