/* interrupt.c - see interrupt.h */
#include "interrupt.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct interrupt {
	void (*stop)(void *arg);
	void *arg;
	sigset_t taken, before;
	int signals, over;	/* a signalfd, and an eventfd that ends the thread */
	pthread_t thread;
	atomic_bool came;
};

static void choose_signals(sigset_t *ret)
{
	static const int signals[] = { SIGINT, SIGTERM };

	sigemptyset(ret);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction now;

		if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(ret, signals[i]);
	}
}

static void *wait_for_signal(void *arg)
{
	struct interrupt *interrupt = arg;
	struct pollfd fds[] = { { .fd = interrupt->over, .events = POLLIN },
				{ .fd = interrupt->signals, .events = POLLIN } };
	struct signalfd_siginfo ignored;

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (fds[0].revents)
		return NULL;
	while (read(interrupt->signals, &ignored, sizeof(ignored)) > 0)
		;
	atomic_store(&interrupt->came, true);
	interrupt->stop(interrupt->arg);
	/* the next one finds this thread, and its ordinary end */
	pthread_sigmask(SIG_UNBLOCK, &interrupt->taken, NULL);
	while (poll(fds, 1, -1) < 0 && errno == EINTR)
		;
	return NULL;
}

struct interrupt *interrupt_open(void (*stop)(void *arg), void *arg, struct err *err)
{
	struct interrupt *made = buf_alloc(sizeof(*made));

	*made = (struct interrupt){ .stop = stop, .arg = arg };
	choose_signals(&made->taken);
	made->over = eventfd(0, EFD_CLOEXEC);
	made->signals = signalfd(-1, &made->taken, SFD_CLOEXEC | SFD_NONBLOCK);
	pthread_sigmask(SIG_BLOCK, &made->taken, &made->before);
	if (made->over >= 0 && made->signals >= 0 &&
	    (errno = pthread_create(&made->thread, NULL, wait_for_signal, made)) == 0)
		return made;
	err_sys(err, "cannot take signals");
	pthread_sigmask(SIG_SETMASK, &made->before, NULL);
	if (made->over >= 0)
		close(made->over);
	if (made->signals >= 0)
		close(made->signals);
	free(made);
	return NULL;
}

void interrupt_close(struct interrupt **interrupt)
{
	struct interrupt *old = TAKE(*interrupt);

	if (!old)
		return;
	eventfd_write(old->over, 1);
	pthread_join(old->thread, NULL);
	pthread_sigmask(SIG_SETMASK, &old->before, NULL);
	close(old->over);
	close(old->signals);
	free(old);
}

bool interrupt_came(const struct interrupt *interrupt)
{
	return atomic_load(&interrupt->came);
}
