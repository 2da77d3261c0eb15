/* bell.c - see bell.h */
#include "base/bell.h"

#include "base/auto.h"
#include "base/system.h"

#include <unistd.h>

int bell_open(struct bell *bell, struct err *err)
{
	int ends[2];

	if (system_pipe(ends) < 0)
		return err_sys(err, "cannot make a pipe");
	*bell = (struct bell){ .fd = ends[0], .rope = ends[1] };
	if (fcntl(bell->fd, F_SETFL, O_NONBLOCK) < 0 || fcntl(bell->rope, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "cannot make a pipe");
	return 0;
}

void bell_close(struct bell *bell)
{
	auto_close(&bell->fd);
	auto_close(&bell->rope);
}

void bell_ring(const struct bell *bell)
{
	/* a full pipe can be read anyway */
	if (write(bell->rope, "", 1) < 0)
		return;
}

void bell_hush(const struct bell *bell)
{
	char data[256];

	while (read(bell->fd, data, sizeof(data)) > 0)
		continue;
}
