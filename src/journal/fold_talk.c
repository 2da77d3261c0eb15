/* fold_talk.c - see fold_talk.h */
#include "journal/fold_talk.h"

#include <stdlib.h>
#include <string.h>

void fold_talk_release(struct fold_talk *talk)
{
	size_t i, j;

	for (i = 0; i < talk->count; i++) {
		struct fold_conversation *conversation = &talk->list[i];

		for (j = 0; j < conversation->count; j++)
			json_decref((json_t *)conversation->messages[j].data);
		free((struct fold_message *)conversation->messages);
		free((char *)conversation->id);
		free((char *)conversation->model);
	}
	free(talk->list);
}

struct fold_conversation *fold_talk_get(struct fold_talk *talk, const char *id)
{
	size_t i;

	for (i = 0; i < talk->count; i++)
		if (!strcmp(talk->list[i].id, id))
			return &talk->list[i];
	talk->list = buf_realloc(talk->list, talk->count + 1, sizeof(*talk->list));
	talk->list[talk->count] = (struct fold_conversation){ .id = buf_strdup(id),
							      .model = buf_strdup("") };
	return &talk->list[talk->count++];
}

void fold_talk_set_model(struct fold_conversation *conversation, const char *model)
{
	if (!model || !*model)
		return;
	free((char *)conversation->model);
	conversation->model = buf_strdup(model);
}

void fold_talk_add(struct fold_conversation *conversation, enum fold_role role, int64_t seq,
		   int64_t instant, const json_t *data)
{
	struct fold_message *messages = (struct fold_message *)conversation->messages;

	/* in powers of two */
	if ((conversation->count & (conversation->count - 1)) == 0)
		messages = buf_realloc(messages, conversation->count ? conversation->count * 2 : 1,
				       sizeof(*messages));
	messages[conversation->count++] =
		(struct fold_message){ role, seq, instant, json_incref((json_t *)data) };
	conversation->messages = messages;
}
