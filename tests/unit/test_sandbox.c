/* test_sandbox.c - a sandbox started by whoever runs the tests */
#include "sandbox_play.h"

#include <unistd.h>

int main(void)
{
	return play_run_all("sandbox", play_open_hostile(), geteuid() != 0);
}
