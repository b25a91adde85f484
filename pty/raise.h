#ifndef MISH_PTY_RAISE_H
#define MISH_PTY_RAISE_H

/* Soft limits are the shell's own, which brings them back with its state, or a command's: not for who stays behind it. Each as far as it goes. */
void raise_limits(void);

#endif
