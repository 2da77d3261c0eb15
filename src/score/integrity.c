/* integrity.c - see integrity.h */
#include "score/integrity.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* One being made. */
struct observation {
	const char *name;
	int64_t number;
	bool known;
	struct buf text;
	json_t *events;
};

static struct observation begin(const char *name, bool known)
{
	return (struct observation){ .name = name, .known = known, .text = BUF_INIT(1024),
				     .events = json_array() };
}

static void cite(struct observation *observation, int64_t seq)
{
	if (json_array_size(observation->events) < INTEGRITY_EVENTS)
		json_array_append_new(observation->events, json_integer(seq));
}

static void end(struct observation *observation, json_t *list)
{
	json_t *number = observation->known ? json_integer(observation->number) : json_null();

	json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o}", "name", observation->name,
					      "number", number, "text",
					      buf_str(&observation->text), "events",
					      observation->events));
	buf_release(&observation->text);
}

static const char *plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

/* Whether a page was there that tells pastes and focus: own editors only save. */
static bool has_page(const struct facts *facts)
{
	return facts->focus_count || facts->paste_count || facts->look_count ||
	       facts->put[FACT_TYPED];
}

/* Whether most of the work came out of an own editor, whatever the page was used for. */
static bool is_mostly_saved(const struct facts *facts)
{
	uint64_t all = 0;

	for (int i = 0; i < FACT_ORIGINS; i++)
		if (i != FACT_MADE)
			all += facts->put[i];
	return facts->put[FACT_SAVED] * 2 > all;
}

/* --- pastes */

static void observe_pastes(const struct facts *facts, json_t *list)
{
	struct observation o = begin("outside_pastes", has_page(facts));
	uint32_t count = 0, largest = 0;
	size_t i;

	for (i = 0; i < facts->paste_count; i++) {
		const struct fact_paste *paste = &facts->pastes[i];

		if (paste->origin != FACT_OUTSIDE)
			continue;
		count++;
		o.number += paste->size;
		largest = paste->size > largest ? paste->size : largest;
		cite(&o, paste->seq);
	}
	o.known &= count || !is_mostly_saved(facts);
	if (!o.known)
		buf_add_str(&o.text, "Not recorded: the work was done in an own editor.");
	else if (!count)
		buf_add_str(&o.text, "Nothing was pasted from outside.");
	else
		buf_add_format(&o.text,
			       "%u paste%s from outside brought %lld bytes, the largest %u.",
			       count, plural(count), (long long)o.number, largest);
	end(&o, list);
}

/* --- rhythm */

static bool is_unbroken(const struct fact_change *change)
{
	return change->origin == FACT_TYPED && change->added >= INTEGRITY_STRETCH &&
	       (uint64_t)change->removed * INTEGRITY_TAKEN_BACK <= change->added;
}

static void observe_rhythm(const struct facts *facts, json_t *list)
{
	struct observation o = begin("unbroken_typing", false);
	uint64_t typed = 0, unbroken = 0;
	uint32_t count = 0;
	size_t i;

	for (i = 0; i < facts->change_count; i++) {
		const struct fact_change *change = &facts->changes[i];

		typed += change->origin == FACT_TYPED ? change->added : 0;
		if (!is_unbroken(change))
			continue;
		unbroken += change->added;
		count++;
		cite(&o, change->seq);
	}
	o.known = typed >= INTEGRITY_TYPED_LEAST;
	if (o.known)
		o.number = (int64_t)((unbroken * 100 + typed / 2) / typed);
	if (!o.known)
		buf_add_str(&o.text, "Too little was typed to tell a rhythm.");
	else if (!count)
		buf_add_str(&o.text, "Nothing long was typed without taking anything back.");
	else
		buf_add_format(&o.text,
			       "%lld %% of what was typed came in %u stretch%s of %d bytes or more "
			       "with hardly anything taken back.", (long long)o.number, count,
			       count == 1 ? "" : "es", INTEGRITY_STRETCH);
	end(&o, list);
}

/* --- focus */

/* Whether something from outside was pasted soon after an instant. *at goes forward only. */
static bool pasted_after(const struct facts *facts, int64_t instant, size_t *at)
{
	size_t i;

	while (*at < facts->paste_count && facts->pastes[*at].instant < instant)
		++*at;
	for (i = *at; i < facts->paste_count; i++) {
		if (facts->pastes[i].instant > instant + INTEGRITY_RETURN_MS)
			return false;
		if (facts->pastes[i].origin == FACT_OUTSIDE)
			return true;
	}
	return false;
}

struct absence {
	int64_t since;		/* instant, or -1: there */
	int64_t total_ms, longest_ms;
	uint32_t pasted;	/* how often a paste from outside followed */
	size_t paste;
};

static void come_back(const struct facts *facts, int64_t instant, struct absence *absence)
{
	int64_t away = instant - absence->since;

	absence->total_ms += away;
	if (away > absence->longest_ms)
		absence->longest_ms = away;
	absence->pasted += pasted_after(facts, instant, &absence->paste);
	absence->since = -1;
}

static void tell_focus(struct observation *o, const struct absence *absence)
{
	if (!o->known) {
		buf_add_str(&o->text, "Not recorded: no page told whether it was looked at.");
		return;
	}
	if (!o->number) {
		buf_add_str(&o->text, "The page was never left for another window.");
		return;
	}
	buf_add_format(&o->text,
		       "The page was left %lld time%s, for %lld s in all, the longest %lld s",
		       (long long)o->number, plural(o->number),
		       (long long)absence->total_ms / 1000,
		       (long long)absence->longest_ms / 1000);
	if (absence->pasted)
		buf_add_format(&o->text, "; a paste from outside followed %u time%s",
			       absence->pasted, plural(absence->pasted));
	buf_add_byte(&o->text, '.');
}

static void observe_focus(const struct facts *facts, json_t *list)
{
	struct observation o = begin("focus_loss", has_page(facts));
	struct absence absence = { .since = -1 };
	size_t i;

	for (i = 0; i < facts->focus_count; i++) {
		const struct fact_focus *focus = &facts->focus[i];

		if (focus->away && absence.since < 0) {
			absence.since = focus->instant;
			o.number++;
			cite(&o, focus->seq);
		} else if (!focus->away && absence.since >= 0) {
			come_back(facts, focus->instant, &absence);
		}
	}
	if (absence.since >= 0)
		come_back(facts, facts->ended > absence.since ? facts->ended : absence.since,
			  &absence);
	tell_focus(&o, &absence);
	end(&o, list);
}

json_t *integrity_observe(const struct facts *facts)
{
	json_t *list = json_array();

	observe_pastes(facts, list);
	observe_rhythm(facts, list);
	observe_focus(facts, list);
	return list;
}

json_t *integrity_names(void)
{
	return json_pack("[{s:s}, {s:s}, {s:s}]", "name", "outside_pastes", "name",
			 "unbroken_typing", "name", "focus_loss");
}

/* --- base rates */

static const json_t *number_of(const json_t *observations, const char *name)
{
	const json_t *observation;
	size_t i;

	json_array_foreach(observations, i, observation)
		if (!strcmp(json_str(observation, "name", ""), name))
			return json_object_get(observation, "number");
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The lower of two in the middle: a number that somebody has. */
static json_t *base_of(const char *name, const json_t *others)
{
	AUTO_FREE double *numbers = buf_alloc((json_array_size(others) + 1) * sizeof *numbers);
	const json_t *other;
	size_t i, count = 0;

	json_array_foreach(others, i, other) {
		const json_t *number = number_of(other, name);

		if (json_is_number(number))
			numbers[count++] = json_number_value(number);
	}
	if (!count)
		return json_null();
	qsort(numbers, count, sizeof *numbers, by_number);
	return json_pack("{s:i, s:I}", "submissions", (int)count, "median",
			 (json_int_t)numbers[(count - 1) / 2]);
}

void integrity_add_base(json_t *observations, const json_t *others)
{
	json_t *observation;
	size_t i;

	json_array_foreach(observations, i, observation)
		json_object_set_new(observation, "base",
				    base_of(json_str(observation, "name", ""), others));
}
