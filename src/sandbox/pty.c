/* pty.c - a pseudo terminal for a run: the side a person sits at, and the other */
#include "sandbox/pty.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "base/auto.h"

/* Documentation/admin-guide/devices.txt: major numbers of Unix98 slaves */
#define SLAVE_FIRST 136
#define SLAVE_LAST 143

static unsigned short side(int cells)
{
	return (unsigned short)(cells < 1 ? 1 : cells > PTY_SIDE_MAX ? PTY_SIDE_MAX : cells);
}

void pty_resize(int master, int columns, int rows)
{
	struct winsize size = { .ws_col = side(columns), .ws_row = side(rows) };

	ioctl(master, TIOCSWINSZ, &size);
}

/* The kernel's own defaults, and characters are UTF-8. */
static int set_modes(int slave)
{
	struct termios modes;

	if (tcgetattr(slave, &modes) < 0)
		return -1;
	modes.c_iflag |= IUTF8;
	return tcsetattr(slave, TCSANOW, &modes);
}

int pty_open(int columns, int rows, int *ret_master, int *ret_slave, struct err *err)
{
	AUTO_FD int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	AUTO_FD int slave = -1;

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return err_sys(err, "cannot make a terminal");
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0 || set_modes(slave) < 0)
		return err_sys(err, "cannot open a terminal");
	pty_resize(master, columns, rows);
	*ret_master = TAKE_FD(master);
	*ret_slave = TAKE_FD(slave);
	return 0;
}

bool pty_is_slave(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) &&
	       major(status.st_rdev) >= SLAVE_FIRST && major(status.st_rdev) <= SLAVE_LAST &&
	       tcgetsid(fd) < 0;
}
