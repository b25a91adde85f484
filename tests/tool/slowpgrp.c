#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/types.h>
#include <unistd.h>

/* Preloaded: a job gets the terminal half a second late, a session's leader gets it back at once. */
int tcsetpgrp(int fd, pid_t pgid)
{
	if (pgid != getsid(0))
		usleep(500000);
	return ioctl(fd, TIOCSPGRP, &pgid);
}
