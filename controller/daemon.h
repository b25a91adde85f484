#ifndef MISH_CONTROLLER_DAEMON_H
#define MISH_CONTROLLER_DAEMON_H

#include "controller/conf.h"

/*
 * mishd: one loop over the unix socket with the shells on it, the other controllers, the
 * clock, and the rendezvous. This module wires the others together, takes the
 * configuration and its nodes, and heeds signals.
 *
 * Returns the exit status when it is told to end (SIGTERM, SIGINT).
 */
int daemon_run(const char *conf_path, struct conf *conf, const char *socket_path);

#endif
