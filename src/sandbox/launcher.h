/* launcher.h - the process that outlives single runs and forks a supervisor for each
 *
 * It was forked before its caller held anything worth stealing, keeps no descriptor but its control
 * socket, has a session of its own (a terminal's ^C is not for it), and ends when that socket
 * closes. */
#ifndef TALI_LAUNCHER_H
#define TALI_LAUNCHER_H

/* `control` gets single-byte messages, each with one end of a fresh run_channel_pair. First it
 * sends one struct err: code ERR_NONE when it is ready. */
void launcher_run(int control) __attribute__((noreturn));

#endif
