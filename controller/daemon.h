#ifndef MISH_CONTROLLER_DAEMON_H
#define MISH_CONTROLLER_DAEMON_H

#include "controller/conf.h"

/*
 * mishd's one loop: the unix socket, the shells that hold a connection, the rendezvous.
 * Returns the exit status when it is told to end (SIGTERM, SIGINT).
 */
int daemon_run(const char *conf_path, struct conf *conf, const char *socket_path);

#endif
