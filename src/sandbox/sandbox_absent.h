/* sandbox_absent.h - the sandbox of a build that has none
 *
 * ./configure --disable-sandbox, or no Linux. It has the functions of sandbox.h and probe.h
 * that a client calls: the sandbox starts, and every run says that there is none. */
#ifndef TALI_SANDBOX_ABSENT_H
#define TALI_SANDBOX_ABSENT_H

#define SANDBOX_ABSENT_MEND "programs run at the server: tali run --server"

#endif
