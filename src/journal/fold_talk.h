/* fold_talk.h - the conversations of a fold (internal to it) */
#ifndef TALI_FOLD_TALK_H
#define TALI_FOLD_TALK_H

#include "journal/fold.h"

struct fold_talk {
	struct fold_conversation *list;	/* ids, models, messages and their data are owned */
	size_t count;
};

void fold_talk_release(struct fold_talk *talk);

/* Takes nothing; `id` and `model` are copied, `data` is kept by reference. */
struct fold_conversation *fold_talk_get(struct fold_talk *talk, const char *id);
void fold_talk_set_model(struct fold_conversation *conversation, const char *model);
void fold_talk_add(struct fold_conversation *conversation, enum fold_role role, int64_t seq,
		   int64_t instant, const json_t *data);

#endif
