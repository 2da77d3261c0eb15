/* test_hostile_user.c - hostile programs in sandboxes of an ordinary user (root becomes one) */
#include "hostile_case.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SOMEBODY 1000

int main(void)
{
	int hostile = play_open_hostile();

	if (geteuid() == 0 &&
	    (setgroups(0, NULL) < 0 || setresgid(SOMEBODY, SOMEBODY, SOMEBODY) < 0 ||
	     setresuid(SOMEBODY, SOMEBODY, SOMEBODY) < 0)) {
		perror("setresuid");
		return 1;
	}
	/* the folder for temporary files is root's */
	unsetenv("TMPDIR");
	/* as if the user had started us himself */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return hostile_play_all("hostile programs of an ordinary user", hostile, true);
}
