/* workbench.c - see workbench.h */
#include "assess/workbench.h"

#include "base/auto.h"

#include <sys/eventfd.h>
#include <unistd.h>

int workbench_open(struct workbench *bench, const struct workbench_ops *ops, struct err *err)
{
	bench->ops = ops;
	atomic_init(&bench->stopped, false);
	bench->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return bench->stop_fd < 0 ? err_sys(err, "cannot make an eventfd") : 0;
}

void workbench_close(struct workbench *bench)
{
	auto_close(&bench->stop_fd);
}

void workbench_stop(struct workbench *bench)
{
	const uint64_t one = 1;

	atomic_store(&bench->stopped, true);
	/* only a full counter refuses, and that can be read, too */
	if (write(bench->stop_fd, &one, sizeof(one)) < 0)
		return;
}

int workbench_check(const struct workbench *bench, struct err *err)
{
	return atomic_load(&bench->stopped) ? err_set(err, ERR_STATE, "it was stopped") : 0;
}

bool workbench_was_cut(struct workbench *bench)
{
	uint64_t count;
	bool cut = read(bench->stop_fd, &count, sizeof(count)) == (ssize_t)sizeof(count);

	if (atomic_load(&bench->stopped))
		workbench_stop(bench);
	return cut;
}
