/* test_hostile.c - hostile programs in sandboxes of whoever runs the tests */
#include "hostile_case.h"

#include <unistd.h>

int main(void)
{
	return hostile_play_all("hostile programs", play_open_hostile(), geteuid() != 0);
}
