/* conversation.c - see conversation.h
 *
 * A thread that a request tells to its end is the same conversation, whoever tells it. A thread of
 * which it tells only a beginning is so when instructions agree and the client's own ids of the
 * session do not differ: two sessions of one program begin with the same words.
 *
 * The bound of the input rests on the messages as they were sent, not on what is compared: when
 * all that was sent the last time is there again, unchanged to the last blank, it is as many tokens
 * as the provider counted then, and what is new is at most one for each byte. */
#include "ai/conversation.h"

#include "ai/ai_blocks.h"
#include "ai/ai_json.h"
#include "base/auto.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#define CUT_TEXTS_MAX 64
#define PRINTS_MAX 500000	/* of all threads before one is added */
#define MESSAGE_TOKENS 16	/* around a message, and its role */
#define PICTURE_TOKENS 6000

struct print {
	uint8_t bytes[16];
};

struct prints {
	struct print *list;
	size_t count, size;
};

/* A request, as far as it is compared. */
struct conversation_told {
	struct prints prints;
	size_t *place;		/* of each print: index of its message */
	char *session;
	struct hash system, frame;
	struct hash *chain;	/* of messages as they were sent: the first, the first two, ... */
	size_t sent;
};

struct thread {
	char *id, *exchange, *session;
	struct prints prints;		/* of the request, then of the answer */
	size_t asked;			/* how many are of the request */
	bool recalled;			/* from the journal, which has no instructions */
	struct hash system, frame, chain;
	size_t sent;			/* messages that `chain` is of */
	int64_t input_tokens;		/* -1: not known */
	uint64_t used;			/* higher: later */
};

struct conversation_book {
	struct thread *threads;
	size_t count;
	uint64_t clock;
	struct prints answers;		/* of all answers */
	json_t *cut;			/* texts that were cut: clients have a beginning of them */
};

/* --- hashes */

static void add_print(struct prints *prints, const char *role, const char *canonical)
{
	struct hash hash = hash_of_two(role, strlen(role) + 1, canonical, strlen(canonical));

	if (prints->count == prints->size) {
		prints->size = prints->size ? 2 * prints->size : 16;
		prints->list = buf_realloc(prints->list, prints->size, sizeof(*prints->list));
	}
	memcpy(prints->list[prints->count++].bytes, hash.bytes, sizeof(prints->list[0].bytes));
}

static void release_prints(struct prints *prints)
{
	free(prints->list);
	*prints = (struct prints){ 0 };
}

/* `place`, which may be NULL, has room for one index of each message. */
static void add_messages(struct prints *prints, const json_t *messages, size_t *place)
{
	const json_t *message;
	size_t i;

	json_array_foreach(messages, i, message) {
		AUTO_FREE char *canonical = ai_blocks_canonical(json_object_get(message, "block"));

		if (!canonical)
			continue;
		if (place)
			place[prints->count] = i;
		add_print(prints, json_str(message, "role", "user"), canonical);
	}
}

static void add_answer(struct prints *prints, const json_t *blocks)
{
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block) {
		AUTO_FREE char *canonical = ai_blocks_canonical(block);

		if (canonical)
			add_print(prints, "assistant", canonical);
	}
}

static bool is_equal(const struct print *a, const struct print *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static size_t common(const struct prints *a, const struct prints *b)
{
	size_t i = 0;

	while (i < a->count && i < b->count && is_equal(&a->list[i], &b->list[i]))
		i++;
	return i;
}

/* Claude Code puts a line in front that is another one each time. */
static struct hash hash_system(const struct ai_request *request)
{
	AUTO_JSON json_t *kept = json_array();
	AUTO_FREE char *text = NULL;
	const json_t *block;
	size_t i;

	json_array_foreach(request->system, i, block)
		if (strncmp(json_str(block, "text", ""), "x-anthropic-billing-header", 26) != 0)
			json_array_append(kept, (json_t *)block);
	text = json_canonical(kept);
	return hash_of(text, strlen(text));
}

static void chain_sent(struct conversation_told *told, const json_t *sent)
{
	struct hash last = { { 0 } };
	const json_t *message;
	size_t i;

	told->sent = json_array_size(sent);
	told->chain = buf_alloc((told->sent + 1) * sizeof(*told->chain));
	json_array_foreach(sent, i, message) {
		struct hash_stream stream;

		hash_stream_init(&stream);
		hash_stream_add(&stream, last.bytes, sizeof(last.bytes));
		ai_json_hash(message, &stream);
		last = told->chain[i] = hash_stream_end(&stream);
	}
}

static struct conversation_told *tell(const struct ai_request *request)
{
	struct conversation_told *told = buf_alloc(sizeof(*told));

	told->place = buf_alloc((json_array_size(request->messages) + 1) * sizeof(*told->place));
	add_messages(&told->prints, request->messages, told->place);
	chain_sent(told, request->sent);
	told->session = buf_strdup(request->session);
	told->system = hash_system(request);
	told->frame = request->frame;
	return told;
}

static void free_told(struct conversation_told *told)
{
	if (!told)
		return;
	release_prints(&told->prints);
	free(told->place);
	free(told->session);
	free(told->chain);
	free(told);
}

/* --- the book */

static void release_thread(struct thread *thread)
{
	free(thread->id);
	free(thread->exchange);
	free(thread->session);
	release_prints(&thread->prints);
}

struct conversation_book *conversation_book_new(void)
{
	struct conversation_book *book = buf_alloc(sizeof(*book));

	book->cut = json_array();
	return book;
}

void conversation_book_free(struct conversation_book **book)
{
	if (!*book)
		return;
	for (size_t i = 0; i < (*book)->count; i++)
		release_thread(&(*book)->threads[i]);
	free((*book)->threads);
	release_prints(&(*book)->answers);
	json_decref((*book)->cut);
	free(*book);
	*book = NULL;
}

void conversation_place_release(struct conversation_place *place)
{
	free(place->id);
	json_decref(place->added);
	free_told(place->told);
	*place = (struct conversation_place)CONVERSATION_PLACE_INIT;
}

/* --- finding */

static bool is_same(const struct thread *thread, size_t prefix,
		    const struct conversation_told *told)
{
	bool to_its_end = prefix == thread->prints.count && prefix > thread->asked;

	if (!prefix || to_its_end)
		return prefix > 0;
	if (thread->session && told->session && strcmp(thread->session, told->session) != 0)
		return false;
	return thread->recalled || hash_equal(&thread->system, &told->system);
}

/* The thread of which it tells most, and how much that is; NULL when there is none. */
static const struct thread *find_thread(const struct conversation_book *book,
					const struct conversation_told *told,
					size_t *ret_prefix)
{
	const struct thread *best = NULL;

	*ret_prefix = 0;
	for (size_t i = 0; i < book->count; i++) {
		const struct thread *thread = &book->threads[i];
		size_t prefix = common(&thread->prints, &told->prints);

		if (prefix < *ret_prefix || !is_same(thread, prefix, told) ||
		    (best && prefix == *ret_prefix && thread->used < best->used))
			continue;
		best = thread;
		*ret_prefix = prefix;
	}
	return best;
}

/* What programs write for the assistant where it said nothing. */
static bool is_filler(const char *text)
{
	return strcmp(text, "(no content)") == 0 || strcmp(text, "No response requested.") == 0;
}

static bool is_cut_text(const struct conversation_book *book, const char *text)
{
	size_t len = strlen(text), i;
	const json_t *cut;

	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	json_array_foreach(book->cut, i, cut)
		if (strncmp(json_string_value(cut), text, len) == 0)
			return true;
	return false;
}

/* Whether the assistant said so, by the record; or what is not compared. */
static bool is_recorded(const struct conversation_book *book, const json_t *block)
{
	AUTO_FREE char *canonical = ai_blocks_canonical(block);
	struct prints own = { 0 };
	bool found = !canonical;

	if (canonical) {
		add_print(&own, "assistant", canonical);
		for (size_t i = 0; i < book->answers.count && !found; i++)
			found = is_equal(&book->answers.list[i], &own.list[0]);
		release_prints(&own);
	}
	if (!found && ai_blocks_is(block, "text"))
		found = is_filler(json_str(block, "text", "")) ||
			is_cut_text(book, json_str(block, "text", ""));
	return found;
}

static void take_new(const struct conversation_book *book, const json_t *messages, size_t from,
		     struct conversation_place *ret)
{
	for (size_t i = from; i < json_array_size(messages); i++) {
		json_t *message = json_array_get(messages, i);
		const json_t *block = json_object_get(message, "block");

		if (strcmp(json_str(message, "role", ""), "assistant") == 0) {
			if (is_recorded(book, block))
				continue;
			if (ai_blocks_is(block, "text") || ai_blocks_is(block, "tool_use"))
				ret->forged = true;
		}
		json_array_append(ret->added, message);
	}
}

static int64_t bound_input(const struct thread *thread, const struct conversation_told *told,
			   const struct ai_request *request)
{
	int64_t bound = thread->input_tokens;

	if (bound < 0 || !thread->sent || told->sent < thread->sent ||
	    !hash_equal(&thread->frame, &told->frame) ||
	    !hash_equal(&thread->chain, &told->chain[thread->sent - 1]))
		return -1;
	for (size_t i = thread->sent; i < told->sent; i++) {
		AUTO_FREE char *text = json_dumps(json_array_get(request->sent, i),
						  JSON_COMPACT | JSON_ENCODE_ANY);

		bound += (int64_t)(text ? strlen(text) : 0) + MESSAGE_TOKENS;
	}
	return bound + (int64_t)request->images * PICTURE_TOKENS;
}

void conversation_find(const struct conversation_book *book, const struct ai_request *request,
		       struct conversation_place *ret)
{
	const struct thread *thread;
	size_t prefix, from;

	ret->told = tell(request);
	thread = find_thread(book, ret->told, &prefix);
	from = prefix ? ret->told->place[prefix - 1] + 1 : 0;
	ret->added = json_array();
	take_new(book, request->messages, from, ret);
	if (thread) {
		ret->id = buf_strdup(thread->id);
		ret->repeat = json_array_size(ret->added) == 0;
		ret->input_bound = bound_input(thread, ret->told, request);
	}
}

/* --- noting */

static void remove_thread(struct conversation_book *book, size_t index)
{
	release_thread(&book->threads[index]);
	memmove(&book->threads[index], &book->threads[index + 1],
		(book->count - index - 1) * sizeof(*book->threads));
	book->count--;
}

static size_t oldest_thread(const struct conversation_book *book)
{
	size_t oldest = 0;

	for (size_t i = 1; i < book->count; i++)
		if (book->threads[i].used < book->threads[oldest].used)
			oldest = i;
	return oldest;
}

static size_t all_prints(const struct conversation_book *book)
{
	size_t all = 0;

	for (size_t i = 0; i < book->count; i++)
		all += book->threads[i].prints.count;
	return all;
}

/* For one more thread, and no more hashes than are to be kept. */
static void make_room(struct conversation_book *book)
{
	if (!book->threads)
		book->threads = buf_alloc(CONVERSATION_THREADS_MAX * sizeof(*book->threads));
	while (book->count == CONVERSATION_THREADS_MAX || all_prints(book) > PRINTS_MAX)
		remove_thread(book, oldest_thread(book));
}

static struct thread *new_thread(struct conversation_book *book, const char *id)
{
	struct thread *thread;

	make_room(book);
	thread = &book->threads[book->count++];
	*thread = (struct thread){
		.id = buf_strdup(id),
		.input_tokens = -1,
		.used = ++book->clock,
	};
	return thread;
}

void conversation_asked(struct conversation_book *book, const char *id, const char *exchange,
			struct conversation_place *place)
{
	struct conversation_told *told = TAKE(place->told);
	struct thread *thread;

	/* what it tells to its end goes on in it */
	for (size_t i = book->count; i-- > 0;) {
		const struct prints *old = &book->threads[i].prints;

		if (strcmp(book->threads[i].id, id) == 0 &&
		    common(old, &told->prints) == old->count)
			remove_thread(book, i);
	}
	thread = new_thread(book, id);
	thread->exchange = buf_strdup(exchange);
	thread->session = TAKE(told->session);
	thread->prints = told->prints;
	told->prints = (struct prints){ 0 };
	thread->asked = thread->prints.count;
	thread->system = told->system;
	thread->frame = told->frame;
	thread->sent = told->sent;
	if (told->sent)
		thread->chain = told->chain[told->sent - 1];
	free_told(told);
}

/* Clients take out what local models think aloud in front of their answer. */
static void note_spoken(struct conversation_book *book, const json_t *block)
{
	const char *text = json_str(block, "text", ""), *end;
	AUTO_JSON json_t *rest = json_array();

	text += strspn(text, " \t\r\n");
	end = strncmp(text, "<think>", 7) == 0 ? strstr(text, "</think>") : NULL;
	if (!end || !ai_blocks_is(block, "text"))
		return;
	json_array_append_new(rest, ai_blocks_text(end + strlen("</think>")));
	add_answer(&book->answers, rest);
}

static void note_answer(struct conversation_book *book, const json_t *blocks, bool complete)
{
	const json_t *block;
	size_t i;

	add_answer(&book->answers, blocks);
	json_array_foreach(blocks, i, block) {
		note_spoken(book, block);
		if (complete || !ai_blocks_is(block, "text"))
			continue;
		if (json_array_size(book->cut) == CUT_TEXTS_MAX)
			json_array_remove(book->cut, 0);
		json_array_append(book->cut, json_object_get(block, "text"));
	}
}

void conversation_answered(struct conversation_book *book, const char *exchange,
			   const struct ai_answer *answer)
{
	for (size_t i = 0; i < book->count; i++) {
		struct thread *thread = &book->threads[i];

		if (!thread->exchange || strcmp(thread->exchange, exchange) != 0)
			continue;
		add_answer(&thread->prints, answer->blocks);
		if (answer->usage_known)
			thread->input_tokens = ai_usage_input(&answer->usage);
		thread->used = ++book->clock;
	}
	note_answer(book, answer->blocks, answer->complete);
}

void conversation_recall(struct conversation_book *book, const char *id, const json_t *added,
			 const json_t *answer, bool complete)
{
	struct thread *thread = NULL;

	for (size_t i = 0; i < book->count; i++)
		if (strcmp(book->threads[i].id, id) == 0 &&
		    (!thread || book->threads[i].used > thread->used))
			thread = &book->threads[i];
	if (!thread)
		thread = new_thread(book, id);
	thread->recalled = true;
	thread->used = ++book->clock;
	add_messages(&thread->prints, added, NULL);
	thread->asked = thread->prints.count;
	add_answer(&thread->prints, answer);
	note_answer(book, answer, complete);
}
