#ifndef MISH_CONTROLLER_JOURNAL_H
#define MISH_CONTROLLER_JOURNAL_H

#include <stdint.h>

/*
 * mishd's log on standard error: one line an event, subject first; never values, command
 * lines or keys.
 */
void journal_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same for an event that others can cause as often as they like: one line a minute,
 * which tells how many there were since the last. One struct for each kind of event.
 */
struct journal_often {
	int64_t next_ms; /* when it may be said again */
	unsigned unsaid;
};
void journal_often(struct journal_often *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
