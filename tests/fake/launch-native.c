/* launch-native.c - lets the sandbox run beside valgrind, which follows forks but not programs
 *
 * Linked with --wrap=launcher_run. Where TALI_NATIVE_HELPER names tests/fake/native-helper, the
 * fork that would become the launcher becomes that program instead. */
#include "sandbox/launcher.h"

#include <stdlib.h>
#include <unistd.h>

#define CONTROL 3

void __real_launcher_run(int control) __attribute__((noreturn));
void __wrap_launcher_run(int control) __attribute__((noreturn));

void __wrap_launcher_run(int control)
{
	const char *helper = getenv("TALI_NATIVE_HELPER");

	if (!helper)
		__real_launcher_run(control);
	/* not even when it is 3 already may it close with the exec */
	if (control == CONTROL)
		control = dup(control);
	if (dup2(control, CONTROL) == CONTROL)
		execl(helper, helper, (char *)NULL);
	_exit(125);
}
