/* blind.h - takes a person out of a document, so that who reads it judges the work alone */
#ifndef TALI_BLIND_H
#define TALI_BLIND_H

#include <jansson.h>

/* What stands where something was taken out. */
#define BLIND_MARK "[\xe2\x80\xa6]"

/* In every string of the value, but not in names of members: the e-mail address, the whole name
 * (both in whatever case), and each word of the name of three bytes or more (in its own case, and
 * as a word of its own, where the script has words) become BLIND_MARK; so does the part of the
 * address before its @, in whatever case, if it has seven characters or one that is no letter.
 * Candidates sign notes, comments and prompts, and their paths tell who they are. What tali calls
 * things by (a level, a verdict, a kind) stays, also where a person is called so. */
void blind_scrub(json_t *value, const char *email, const char *name);

/* What a person is called instead: "candidate 6fwx2a", by the id of the assessment; yours. */
char *blind_name(const char *assessment_id);

#endif
