#include <config.h>

#include "pty/term.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int term_open(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int term_raw(int fd, struct termios *ret)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return -errno;
	if (ret != NULL)
		*ret = t;
	cfmakeraw(&t);
	return tcsetattr(fd, TCSADRAIN, &t) < 0 ? -errno : 0;
}

int term_shared(int fd, struct termios *ret)
{
	struct termios t;

	if (tcgetattr(fd, ret) < 0)
		return -errno;
	t = *ret;
	t.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR);
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
	return tcsetattr(fd, TCSADRAIN, &t) < 0 ? -errno : 0;
}

void term_waiting(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return;
	cfmakeraw(&t);
	t.c_lflag |= ISIG | NOFLSH;
	t.c_cc[VQUIT] = t.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(fd, TCSADRAIN, &t);
}

void term_post(int fd, bool on)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return;
	t.c_oflag = on ? t.c_oflag | OPOST | ONLCR : t.c_oflag & ~(tcflag_t)OPOST;
	tcsetattr(fd, TCSANOW, &t);
}

void term_cooked(int fd, bool echo)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return;
	t.c_iflag |= BRKINT | ICRNL | IXON;
	t.c_oflag |= OPOST | ONLCR;
	t.c_lflag |= ICANON | ECHOE | ECHOK | ISIG | IEXTEN | (echo ? ECHO : 0);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	tcsetattr(fd, TCSADRAIN, &t);
}

int term_size(int fd, uint16_t *rows, uint16_t *cols)
{
	struct winsize w;

	if (ioctl(fd, TIOCGWINSZ, &w) < 0)
		return -errno;
	*rows = w.ws_row;
	*cols = w.ws_col;
	return 0;
}
