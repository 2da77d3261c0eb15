/* native-helper.c - the sandbox's launcher as a program of its own, its control socket at 3: what
 * launch-native.c starts where valgrind cannot follow */
#include "sandbox/launcher.h"

int main(void)
{
	launcher_run(3);
}
