/* sandbox_absent.h - the sandbox of a build without one (./configure --disable-sandbox, or no Linux)
 *
 * sandbox.h and probe.h, as far as a client calls them: the sandbox starts, and every run says that
 * there is none. */
#ifndef TALI_SANDBOX_ABSENT_H
#define TALI_SANDBOX_ABSENT_H

#define SANDBOX_ABSENT_MEND "programs run at the server: tali run --server"

#endif
