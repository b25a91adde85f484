#ifndef MISH_PTY_KEPT_H
#define MISH_PTY_KEPT_H

/*
 * mish-peer --keep: what a shell becomes that moves on from here and leaves jobs (set -o stay). They remain its children, on their terminal, whose other
 * end the peer has given it. At the session's home a link stands for each (ERRAND_KEPT), and attaches here like a placed command's link behind a cut;
 * what the jobs write comes by the link of the one that has the terminal, or else by any.
 * So does at home who was the guardian, when its terminal has gone and the session persists: without a terminal, for who attaches.
 */

/* `order`: the departure, in a memfd; `control`: the peer's socket, which ends when that has read all that the shell wrote; the last two -1: there is no terminal. All are taken. An exit status. */
int kept_run(int order, int master, int control);

#endif
