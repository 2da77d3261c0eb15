/* signals.c - see signals.h */
#include "base/signals.h"

#include "base/auto.h"
#include "base/system.h"

#include <unistd.h>

static void *wait_for(void *arg)
{
	struct signals *signals = arg;
	int number;

	while (sigwait(&signals->set, &number) == 0 && !signals->ending) {
		unsigned char byte = (unsigned char)number;

		/* with so many unread, one more says nothing new */
		if (write(signals->told, &byte, 1) < 0)
			continue;
	}
	return NULL;
}

int signals_open(struct signals *signals, const int *numbers, size_t count, struct err *err)
{
	int ends[2];

	if (system_pipe(ends) < 0)
		return err_sys(err, "cannot wait for signals");
	*signals = (struct signals){ .fd = ends[0], .told = ends[1], .one = numbers[0] };
	if (fcntl(signals->fd, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(signals->told, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "cannot wait for signals");
	sigemptyset(&signals->set);
	for (size_t i = 0; i < count; i++)
		sigaddset(&signals->set, numbers[i]);
	pthread_sigmask(SIG_BLOCK, &signals->set, &signals->before);
	if (pthread_create(&signals->thread, NULL, wait_for, signals) != 0) {
		pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
		return err_set(err, ERR_ENV, "cannot wait for signals: no thread can be started");
	}
	signals->open = true;
	return 0;
}

void signals_close(struct signals *signals)
{
	if (signals->open) {
		signals->ending = true;
		pthread_kill(signals->thread, signals->one);
		pthread_join(signals->thread, NULL);
		pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
	}
	signals->open = false;
	auto_close(&signals->fd);
	auto_close(&signals->told);
}

int signals_next(const struct signals *signals)
{
	unsigned char byte;

	return read(signals->fd, &byte, 1) == 1 ? byte : 0;
}
