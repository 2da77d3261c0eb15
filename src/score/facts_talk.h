/* facts_talk.h - prompts, answers and tools (for facts_read)
 *
 * A prompt is what a person wrote. Programs ask on their own too: with the results of tools, for
 * titles, again after a failure. The gateway says which ("about", "repeat", "retry"); events
 * without these members are prompts. */
#ifndef TALI_FACTS_TALK_H
#define TALI_FACTS_TALK_H

#include "score/facts_internal.h"

/* Events ai_prompt, ai_response, ai_tool and model. -1 as facts_read_event. */
int facts_talk_event(struct facts_reader *reader, const struct event *event, const json_t *data,
		     struct err *err);

/* The newest exchange whose answer has this text (an index), or -1; also when SEARCH_MOST is used
 * up. */
int64_t facts_talk_find(struct facts_reader *reader, const char *text, size_t len);

#endif
