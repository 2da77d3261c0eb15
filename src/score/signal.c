/* signal.c - see signal.h */
#include "score/signal.h"

#include <stdlib.h>
#include <string.h>

struct signal *signal_add(struct signals *signals, const char *name)
{
	struct signal *signal;

	if (signals->count == SIGNAL_MOST)
		abort();
	signal = &signals->list[signals->count++];
	*signal = (struct signal){ .name = name };
	return signal;
}

void signal_cite(struct signal *signal, int64_t seq)
{
	size_t at = signal->event_count;

	if (seq < 0 || at == SIGNAL_EVENTS)
		return;
	while (at > 0 && signal->events[at - 1] > seq)
		at--;
	if (at > 0 && signal->events[at - 1] == seq)
		return;
	memmove(&signal->events[at + 1], &signal->events[at],
		(signal->event_count - at) * sizeof(signal->events[0]));
	signal->events[at] = seq;
	signal->event_count++;
}

const struct signal *signal_find(const struct signals *signals, const char *name)
{
	for (size_t i = 0; i < signals->count; i++)
		if (!strcmp(signals->list[i].name, name))
			return &signals->list[i];
	return NULL;
}

void signal_share(struct signal *signal, int64_t part, int64_t whole)
{
	signal->part = part;
	signal->whole = whole;
	signal->number = whole > 0 ? (part * 10000 * 2 + whole) / (whole * 2) : 0;
}
