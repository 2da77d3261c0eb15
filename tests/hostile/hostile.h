/* hostile.h - the acts of a program that means harm, each run inside a sandbox and outside of one
 *
 * An act that is contained prints nothing and exits with 0. One that got through prints
 * "BREACH: what" for each way that was open and exits with 1. An act that uses up something stops
 * at a cap of its own, so that it does no harm where nothing holds it, and calls reaching that cap
 * a breach; refused before, it exits with HOSTILE_REFUSED. README.md has the numbers. */
#ifndef TALI_HOSTILE_H
#define TALI_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>

#define HOSTILE_REFUSED 3
#define HOSTILE_BROKEN 99	/* the act itself could not be played */
#define HOSTILE_LIFE 9		/* s: no process of ours lives longer */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct hostile_act {
	const char *name;
	int (*run)(void);
};

/* Each list ends with a NULL name. */
extern const struct hostile_act hostile_files[];	/* what belongs to the machine */
extern const struct hostile_act hostile_processes[];	/* somebody else's processes */
extern const struct hostile_act hostile_network[];	/* sockets and what crosses them */
extern const struct hostile_act hostile_rights[];	/* rights, and calls that need them */
extern const struct hostile_act hostile_surfaces[];	/* parts of the kernel nobody needs */
extern const struct hostile_act hostile_burdens[];	/* uses up memory, processor, processes */
extern const struct hostile_act hostile_stores[];	/* uses up files, output, descriptors */
extern const struct hostile_act hostile_lives[];	/* ends, or does not end, in odd ways */
extern const struct hostile_act hostile_residue[];	/* leaves odd things behind */
extern const struct hostile_act hostile_probe[];	/* looks for what others have left */

/* The words after the act's name are KEY=VALUE. */
const char *hostile_word(const char *key);	/* NULL when missing */
long hostile_number(const char *key, long otherwise);

/* Prints the breach when `open` is true; returns 1 then, else 0. */
int hostile_breach(bool open, const char *what);
/* Whether a path can be opened so. */
bool hostile_opens(const char *path, int flags);
/* Whether a descriptor delivers the secret of the witness (the word "secret"). */
bool hostile_has_secret(int fd);
/* Makes the calling process deaf to all that can be ignored. */
void hostile_deafen(void);
/* Sleeps until the end of the longest life. */
void hostile_linger(void);

#endif
