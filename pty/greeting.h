#ifndef MISH_PTY_GREETING_H
#define MISH_PTY_GREETING_H

/*
 * What a peer says first. The link skips everything before it: a login shell's startup
 * files may print what they like, up to GREETING_NOISE_MAX bytes.
 */
static const char greeting[] = "\0\1mish peer\2\n";

enum { GREETING_LEN = sizeof(greeting) - 1, GREETING_NOISE_MAX = 16 << 20 };

#endif
