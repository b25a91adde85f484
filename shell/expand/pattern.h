#ifndef MISH_EXPAND_PATTERN_H
#define MISH_EXPAND_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Pattern matching notation (XCU 2.14.1, 2.14.2): ? * [ ] and <backslash> as the
 * escape. Bytes that are not valid in the locale's encoding match one by one.
 */
bool pattern_match(const char *pat, const char *s, size_t len);

/* Length of the shortest or longest prefix (suffix) of s that matches, or -1. */
long pattern_prefix(const char *pat, const char *s, size_t len, bool longest);
long pattern_suffix(const char *pat, const char *s, size_t len, bool longest);

/* True when the pattern has an active *, ? or [. */
bool pattern_is_active(const char *pat);

#endif
