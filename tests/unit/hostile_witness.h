/* hostile_witness.h - what a hostile act would find outside: a process with a secret in its memory
 * and its environment, sockets, queues, shared memory, a file, inherited descriptors */
#ifndef TALI_HOSTILE_WITNESS_H
#define TALI_HOSTILE_WITNESS_H

#include <stdbool.h>
#include <sys/types.h>

#define WITNESS_KEYS 0x7a110000	/* of its System V objects; the lower half tells them apart */

/* Starts all of it; call it before sandbox_start, so that a careless launcher would hand it on. */
void witness_start(void);
void witness_end(void);

/* "KEY=VALUE" words for the acts; ends with NULL. */
const char *const *witness_words(void);
const char *witness_secret(void);
pid_t witness_victim(void);

/* Whether the victim got a signal, or the UDP port a datagram, since the last question. */
bool witness_was_signalled(void);
bool witness_was_sent_to(void);

/* Whether the file or the System V objects that acts would leave are there; takes them away. */
bool witness_found_shm_file(void);
bool witness_found_ids(void);

#endif
