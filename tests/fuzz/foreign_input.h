/* foreign_input.h - what must hold of a reader of foreign recordings, whatever bytes it reads
 *
 * It refuses with a reason, or every event fits into a journal; and the edits, applied to the text
 * before, make the text after. */
#ifndef TALI_FOREIGN_INPUT_H
#define TALI_FOREIGN_INPUT_H

#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/schema.h"
#include "journal/foreign.h"
#include "journal/event_kind.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct foreign_input {
	struct buf text;	/* what the edits have made */
	json_t *payloads;	/* hash: base64 */
	bool edited;
	json_t *edits;
};

static inline void demand(bool holds)
{
	if (!holds)
		abort();
}

static inline int check_foreign_event(void *arg, int64_t instant, const char *actor,
				      const char *kind, json_t *data, struct err *err)
{
	struct foreign_input *input = arg;
	AUTO_JSON json_t *owned = data;
	AUTO_FREE char *text = json_canonical(owned);
	AUTO_FREE char *schema = buf_format("events/%s", kind);

	demand(instant == FOREIGN_NO_TIME || (instant >= 0 && instant <= 2 * FOREIGN_TIME_MAX));
	demand(actor && schema_named(schema) && !json_has_real(owned));
	if (schema_check_named(schema, owned, err) < 0)
		abort();
	demand(strlen(text) <= EVENT_KIND_DATA_MAX);
	if (!strcmp(kind, "edit"))
		json_array_extend(input->edits, json_object_get(owned, "edits"));
	return 0;
}

static inline json_t *keep_foreign_payload(void *arg, const void *data, size_t len,
					   struct err *err)
{
	struct foreign_input *input = arg;
	struct hash hash = hash_of(data, len);
	AUTO_FREE char *base64 = hash_base64(data, len);
	char hex[HASH_HEX_SIZE];

	(void)err;
	json_object_set_new(input->payloads, hash_hex(&hash, hex), json_string(base64));
	return json_pack("{s:s, s:I}", "blob", hex, "size", (json_int_t)len);
}

static inline void apply_edit(struct foreign_input *input, struct buf *text, const json_t *edit)
{
	size_t at = (size_t)json_int(edit, "at", -1), del = (size_t)json_int(edit, "del", -1);
	const json_t *ins = json_object_get(edit, "ins");
	const char *blob = json_str(ins, "blob", NULL);
	AUTO(buf_release) struct buf next = BUF_INIT(1u << 30);
	AUTO_FREE char *payload = NULL;
	struct err err = ERR_INIT;
	size_t len = json_string_length(ins);

	demand(at <= text->len && del <= text->len - at);
	if (blob)
		payload = hash_from_base64(json_str(input->payloads, blob, ""), &len, &err);
	buf_add(&next, buf_str(text), at);
	buf_add(&next, blob ? payload : json_string_value(ins), len);
	buf_add(&next, buf_str(text) + at + del, text->len - at - del);
	buf_clear(text);
	buf_add(text, buf_str(&next), next.len);
}

static inline void check_edits(struct foreign_input *input, const struct foreign_recording *told)
{
	AUTO(buf_release) struct buf text = BUF_INIT(1u << 30);
	const json_t *edit;
	size_t i;

	if (!told->end)
		return;
	buf_add(&text, told->start, told->start_len);
	json_array_foreach(input->edits, i, edit)
		apply_edit(input, &text, edit);
	demand(text.len == told->end_len && !memcmp(buf_str(&text), told->end, text.len));
}

static inline int try_foreign(foreign_reader *read, const uint8_t *data, size_t size)
{
	struct foreign_input input = { .payloads = json_object(), .edits = json_array() };
	const struct foreign_sink sink = { &input, check_foreign_event, keep_foreign_payload };
	AUTO(foreign_recording_release) struct foreign_recording told = { .absolute = false };
	struct foreign_options options = { size % 3, "notes.txt" };
	struct err err = ERR_INIT;

	hash_init();
	if (read((const char *)data, size, &options, &sink, &told, &err) < 0)
		demand((err.code == ERR_INPUT || err.code == ERR_INTEGRITY) && err.text[0]);
	else
		check_edits(&input, &told);
	json_decref(input.payloads);
	json_decref(input.edits);
	return 0;
}

#endif
