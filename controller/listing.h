#ifndef MISH_CONTROLLER_LISTING_H
#define MISH_CONTROLLER_LISTING_H

#include <stdbool.h>
#include <stdio.h>

#include "wire/frame.h"

/* What mishctl shows of a message: one table for people and for programs (--json). */
enum listing_kind {
	LISTING_STR,
	LISTING_UINT,
	LISTING_MILLI, /* thousandths */
	LISTING_MICRO, /* of these */
	LISTING_BOOL,
	LISTING_KIB,   /* shown as GiB; in JSON as bytes */
	LISTING_AGE,   /* ms; shown as seconds */
};

struct listing_column {
	const char *name; /* in JSON */
	const char *heading; /* NULL: only in JSON */
	enum msg_key key;
	enum listing_kind kind;
	int width; /* < 0: to the left */
};

void listing_heading(FILE *f, const struct listing_column *c);
void listing_row(FILE *f, const struct listing_column *c, const struct msg_view *v);
/* The row as a JSON object. */
void listing_json(FILE *f, const struct listing_column *c, const struct msg_view *v);

/*
 * A string of a message, with ? for every byte that a terminal could obey; "" when it is missing.
 * `lines`: newlines stay. The caller frees it.
 */
char *listing_text(const struct msg_view *v, enum msg_key key, bool lines);

#endif
