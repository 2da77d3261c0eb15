/* prompt_match.c - see prompt_match.h */
#include "assess/prompt_match.h"

#include "ai/ai_kind.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

void prompt_list_release(struct prompt_list *list)
{
	free(list->items);
	*list = (struct prompt_list)PROMPT_LIST_INIT;
}

/* --- the text that a person wrote */

static void drop_reminders(const char *text, size_t len, struct buf *out)
{
	static const char begin[] = "<system-reminder>", end[] = "</system-reminder>";
	const char *stop = text + len, *from, *to;

	while ((from = memmem(text, (size_t)(stop - text), begin, strlen(begin)))) {
		to = memmem(from, (size_t)(stop - from), end, strlen(end));
		if (!to)
			break;
		buf_add(out, text, (size_t)(from - text));
		text = to + strlen(end);
	}
	buf_add(out, text, (size_t)(stop - text));
}

static void keep_personal(const struct buf *text, struct buf *out)
{
	AUTO_JSON json_t *added = json_pack("[{s:s, s:{s:s, s:o?}}]", "role", "user", "block",
					    "type", "text", "text",
					    json_stringn(buf_str(text), text->len));

	ai_kind_prompt(added, out);
}

static void squeeze(const struct buf *text, struct buf *out)
{
	for (size_t i = 0; i < text->len; i++) {
		if (!strchr(" \t\r\n", text->data[i]) || !text->data[i])
			buf_add_byte(out, text->data[i]);
		else if (out->len && out->data[out->len - 1] != ' ')
			buf_add_byte(out, ' ');
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

static void cut(const struct buf *text, char excerpt[PROMPT_EXCERPT + 4])
{
	size_t len = text->len;

	if (len > PROMPT_EXCERPT)
		for (len = PROMPT_EXCERPT; len && utf8_inside(text->data[len]);)
			len--;
	snprintf(excerpt, PROMPT_EXCERPT + 4, "%.*s%s", (int)len, buf_str(text),
		 len < text->len ? "\xe2\x80\xa6" : "");
}

/* Borrowed until the next. */
static struct prompt *new_prompt(struct prompt_list *list)
{
	if (list->count == list->size) {
		list->size = list->size ? list->size * 2 : 64;
		list->items = buf_realloc(list->items, list->size, sizeof(*list->items));
	}
	return &list->items[list->count++];
}

bool prompt_list_add(struct prompt_list *list, const char *text, size_t len, int64_t event,
		     int64_t instant)
{
	AUTO(buf_release) struct buf told = BUF_INIT(TEXT_MAX);
	AUTO(buf_release) struct buf personal = BUF_INIT(TEXT_MAX);
	AUTO(buf_release) struct buf words = BUF_INIT(TEXT_MAX);
	struct prompt *prompt;
	struct hash hash;

	drop_reminders(text, len, &told);
	keep_personal(&told, &personal);
	squeeze(&personal, &words);
	if (!words.len)
		return false;
	hash = hash_of(words.data, words.len);
	for (size_t i = 0; instant && i < list->count; i++)
		if (list->items[i].instant == instant &&
		    !memcmp(&list->items[i].hash, &hash, sizeof(hash)))
			return false;
	prompt = new_prompt(list);
	*prompt = (struct prompt){ .hash = hash, .event = event, .instant = instant };
	cut(&words, prompt->excerpt);
	return true;
}

void prompt_list_repeat(struct prompt_list *list, const char *conversation)
{
	size_t count = list->count;

	for (size_t i = 0; i < count; i++) {
		struct prompt again = list->items[i];

		if (again.spare || strcmp(again.conversation, conversation) != 0)
			continue;
		again.spare = true;
		*new_prompt(list) = again;
	}
}

/* --- pairs */

static int by_hash(const void *a, const void *b)
{
	const struct prompt *const *left = a, *const *right = b;
	int order = memcmp(&(*left)->hash, &(*right)->hash, sizeof((*left)->hash));

	return order ? order : (*left > *right) - (*left < *right);
}

/* Yours: the prompts by hash, and in their order where that is the same. */
static struct prompt **sorted(struct prompt_list *list)
{
	struct prompt **order = buf_alloc((list->count + 1) * sizeof(*order));

	for (size_t i = 0; i < list->count; i++)
		order[i] = &list->items[i];
	qsort(order, list->count, sizeof(*order), by_hash);
	return order;
}

void prompt_match(struct prompt_list *one, struct prompt_list *other)
{
	AUTO_FREE struct prompt **left = sorted(one), **right = sorted(other);
	size_t i = 0, j = 0;

	while (i < one->count && j < other->count) {
		int order = memcmp(&left[i]->hash, &right[j]->hash, sizeof(left[i]->hash));

		if (!order)
			left[i]->paired = right[j]->paired = true;
		i += order <= 0;
		j += order >= 0;
	}
}
