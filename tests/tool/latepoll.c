#define _GNU_SOURCE
#include <dlfcn.h>
#include <libssh/libssh.h>
#include <unistd.h>

/* Preloaded: that the other end takes more again comes while libssh is asked whether there is something to read, and not before. */
int ssh_channel_poll(ssh_channel channel, int is_stderr)
{
	int (*next)(ssh_channel, int) = (int (*)(ssh_channel, int))dlsym(RTLD_NEXT, "ssh_channel_poll");

	if (ssh_channel_window_size(channel) == 0)
		usleep(20000);
	return next(channel, is_stderr);
}
