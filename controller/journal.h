#ifndef MISH_CONTROLLER_JOURNAL_H
#define MISH_CONTROLLER_JOURNAL_H

/*
 * mishd's log on standard error: one line an event, subject first; never values, command
 * lines or keys.
 */
void journal_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
