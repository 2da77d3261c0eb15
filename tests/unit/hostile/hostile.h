/* hostile.h - the acts of a program that means harm, each run inside a sandbox by
 * sandbox_play.c
 *
 * A breach prints "BREACH: what" for each way that was open and exits with 1; a breach that was
 * held prints nothing of the kind and exits with 0. Other acts do as they are called. */
#ifndef TALI_HOSTILE_H
#define TALI_HOSTILE_H

struct hostile_act {
	const char *name;
	int (*run)(int argc, char **argv);	/* the words after the name */
};

/* Each list ends with a NULL name. */
extern const struct hostile_act hostile_breaches[];
extern const struct hostile_act hostile_burdens[];	/* use up what is limited */
extern const struct hostile_act hostile_lives[];	/* end, or do not end, in odd ways */

/* The number in a word; 0 when there is none. */
long hostile_number(int argc, char **argv, int word);

/* Prints the breach when `open` is true; returns it. */
int hostile_breach(int open, const char *what);

#endif
