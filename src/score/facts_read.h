/* facts_read.h - from the events of a session to its facts, in one pass over a fold */
#ifndef TALI_FACTS_READ_H
#define TALI_FACTS_READ_H

#include "journal/fold.h"
#include "score/facts.h"

struct facts_reader;

/* `statement` is the text of the task (borrowed during the call; NULL when there is none): its
 * words become terms. The source is copied; what it borrows must stay. */
struct facts_reader *facts_read_begin(const struct fold_source *source, const char *statement);
/* Ends a reader without a result; NULL inside is fine. For AUTO. */
void facts_read_drop(struct facts_reader **reader);

/* The next event, from 0 on. Does nothing after `submit`. ERR_INTEGRITY when it does not fold. */
int facts_read_event(struct facts_reader *reader, const struct event *event, struct err *err);

/* Takes the reader. The facts are yours, and so is the fold as it stands at the end. */
int facts_read_end(struct facts_reader **reader, struct facts *ret, struct fold **ret_fold,
		   struct err *err);

#endif
