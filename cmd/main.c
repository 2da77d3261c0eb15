/* main.c - the program `tali`, on the system's clock */
#include "cmd.h"

int main(int argc, char **argv)
{
	static const struct clock system_clock = { 0 };

	return tali_main(argc, argv, &system_clock);
}
