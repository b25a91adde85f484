#include <config.h>

#include "pty/proc.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

void proc_kill_session(pid_t sid, int signo)
{
	DIR *d = opendir("/proc");
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		pid_t pid = (pid_t)atoi(e->d_name);

		if (pid > 0 && pid != sid && getsid(pid) == sid) {
			kill(pid, signo);
			kill(pid, SIGCONT);
		}
	}
	if (d != NULL)
		closedir(d);
}
