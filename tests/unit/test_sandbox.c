/* test_sandbox.c - a sandbox started by whoever runs the tests */
#include "test_sandbox_cases.h"

#include <unistd.h>

int main(void)
{
	return sandbox_cases_run("sandbox", sandbox_cases_open_hostile(), geteuid() != 0);
}
