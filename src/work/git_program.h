/* git_program.h - git itself, run for its answer */
#ifndef TALI_GIT_PROGRAM_H
#define TALI_GIT_PROGRAM_H

#include "base/buf.h"
#include "base/err.h"

/* Runs git with these words (the first is "git", NULL ends them), without input, its messages
 * thrown away, in an environment that points at no repository. What it prints goes into `out` (set
 * up by the caller), whose limit ends it. Gives its exit status; -1: ERR_ENV when it could not be
 * run, was killed, or printed too much. */
int git_program(const char *const *argv, struct buf *out, struct err *err);

/* The same with its messages in `out`, too, never asking for a password, and writing no file larger
 * than GIT_PROGRAM_FILE_MAX: for what another machine sends. Not while another thread writes
 * files. */
#define GIT_PROGRAM_FILE_MAX (1u << 30)
int git_program_said(const char *const *argv, struct buf *out, struct err *err);

#endif
