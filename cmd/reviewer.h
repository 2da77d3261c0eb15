/* reviewer.h - what commands of reviewers share: who it is, and how a review is told */
#ifndef TALI_REVIEWER_H
#define TALI_REVIEWER_H

#include "cmd.h"

/* `given` (--by), else $TALI_REVIEWER, else the name of the user of this process; borrowed. */
const char *reviewer_name(const char *given);

/* Whether names are left out: --blind, --named, or else the setting review.blind. ERR_USAGE for
 * both. */
int reviewer_blind(const struct cmd_ctx *ctx, bool blind, bool named, bool *ret, struct err *err);

/* Prints a tali.review/1: one line of JSON, or a line or two for people. */
int reviewer_print(const struct cmd_ctx *ctx, const json_t *review, struct err *err);

#endif
