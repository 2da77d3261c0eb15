/* language_probe.h - whether a language is installed, as a program in the sandbox sees it */
#ifndef TALI_LANGUAGE_PROBE_H
#define TALI_LANGUAGE_PROBE_H

#include "sandbox/sandbox.h"
#include "task/language.h"

#define LANGUAGE_VERSION_SIZE 160

/* Runs the language's `detect` in the sandbox, with the house's limits, weak ones allowed. True
 * when it ends with 0; then `version` is the first line of its output that is not empty, cut to fit
 * and without control characters; else "". A sandbox that cannot run anything sees no language. */
bool language_probe(struct sandbox *sandbox, const struct language *language,
		    char version[LANGUAGE_VERSION_SIZE]);

#endif
