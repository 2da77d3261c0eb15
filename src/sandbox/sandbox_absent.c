/* sandbox_absent.c - see sandbox_absent.h */
#include "sandbox/sandbox_absent.h"

#include "base/buf.h"
#include "sandbox/probe.h"
#include "sandbox/sandbox.h"

#include <stdlib.h>

struct sandbox {
	int nothing;
};

struct sandbox *sandbox_start(struct err *err)
{
	(void)err;
	return buf_alloc(sizeof(struct sandbox));
}

void sandbox_close(struct sandbox **sandbox)
{
	free(*sandbox);
	*sandbox = NULL;
}

void sandbox_stop(const struct sandbox *sandbox)
{
	(void)sandbox;
}

int sandbox_run(struct sandbox *sandbox, const struct plan *plan, const struct sandbox_io *io,
		struct run_report *ret_report, struct err *err)
{
	(void)sandbox;
	(void)plan;
	(void)io;
	(void)ret_report;
	return err_set(err, ERR_ENV, "this tali has no sandbox (%s)", SANDBOX_ABSENT_MEND);
}

int sandbox_stdin(const void *data, size_t len, struct err *err)
{
	(void)data;
	(void)len;
	return sandbox_run(NULL, NULL, NULL, NULL, err);
}

int probe_machine(struct sandbox *sandbox, struct probe_line *lines, int most)
{
	(void)sandbox;
	if (most < 1)
		return 0;
	*lines = (struct probe_line){ .name = "sandbox", .state = PROBE_MISSING,
				      .how = "this tali was built without",
				      .mend = SANDBOX_ABSENT_MEND };
	return 1;
}

int probe_run(struct sandbox *sandbox, bool allow_weak, struct err *err)
{
	(void)allow_weak;
	return sandbox_run(sandbox, NULL, NULL, NULL, err);
}
