#ifndef MISH_PTY_MUX_H
#define MISH_PTY_MUX_H

#include "pty/reach.h"

/*
 * Keeps one connection for the commands that are placed on a node (pty/placing.h), as ssh_config(5) has it with ControlMaster: c's, whose first channel is
 * for `fd` (-1: it has ended). Each who comes by `listener` (-1: nobody) within MUX_IDLE_MS gets a channel to a peer of its own, and hears mux_yours first; or is hung up on, as
 * there can be no more. One peer that has greeted is ready for the next. Both sides check the other's uid.
 */
enum { MUX_IDLE_MS = 300000 };
extern const char mux_yours;
void mux_keep(struct carrier *c, int fd, int listener) __attribute__((noreturn));

#endif
