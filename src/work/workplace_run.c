/* workplace_run.c - programs and tests of a session at a server */
#include "work/workplace_run.h"

json_t *workplace_run_program(struct workplace *place, const struct workplace_run *run,
			      struct err *err)
{
	(void)place;
	(void)run;
	err_set(err, ERR_STATE, "not yet for a session at a server");
	return NULL;
}

json_t *workplace_run_tests(struct workplace *place, struct err *err)
{
	(void)place;
	err_set(err, ERR_STATE, "not yet for a session at a server");
	return NULL;
}
