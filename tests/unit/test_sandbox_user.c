/* test_sandbox_user.c - a sandbox started by an ordinary user: root becomes one first */
#include "sandbox_play.h"

#include <grp.h>
#include <stdio.h>
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
	/* as if the user had started us himself */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return play_run_all("sandbox of an ordinary user", hostile, true);
}
