/* transcripts.h - what programs of the candidate's machine say was asked, beside the record
 *
 * A transcript is a file that Claude Code, Codex or another agent wrote there. It proves nothing:
 * whoever has the machine can change it, or leave it out. It is kept whole as an event
 * `transcript`, and its prompts are paired with those that the gateway has on record
 * (prompt_match.h): asked through both, told by the transcript alone (asked elsewhere, or made up),
 * or seen by the gateway alone (no transcript was handed over, or it was changed). Of two files of
 * one session the later is compared, as it has all of the earlier. The comparison is made anew each
 * time; the record has the files only. */
#ifndef TALI_TRANSCRIPTS_H
#define TALI_TRANSCRIPTS_H

#include "store/assessment.h"

#include <jansson.h>

#define TRANSCRIPTS_FILE_MAX (16u << 20)	/* bytes of a file, inflated */
#define TRANSCRIPTS_MOST 100			/* of an assessment */
#define TRANSCRIPTS_PROMPTS_MOST 20000	/* of one side; a file with more is ERR_INPUT,
						 * more of several are passed over */
#define TRANSCRIPTS_SHOWN 100			/* differences; the rest is counted */

/* Puts a file (it may be compressed by gzip) on the record of an assessment. `format` is
 * "claude-code", "codex" or "atif", as foreign.h reads them. After the work was handed in, the
 * record is signed again. ERR_USAGE (format), ERR_INPUT (it is none), ERR_STATE (the session has
 * not begun, was imported, has this very file, or TRANSCRIPTS_MOST). */
int transcripts_add(struct store *store, const struct assessment *assessment, const char *format,
		    const char *path, struct err *err);

/* tali.transcripts/1, yours; JSON's null when there is none. NULL on error. */
json_t *transcripts_compare(struct store *store, const char *assessment_id, struct err *err);

#endif
