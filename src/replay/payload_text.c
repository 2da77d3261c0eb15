/* payload_text.c - see payload_text.h */
#include "replay/payload_text.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "store/event.h"

static int add(const void *data, size_t len, struct buf *out, struct err *err)
{
	if (!buf_add(out, data, len))
		return err_set(err, ERR_INPUT, "a text is larger than %zu bytes", out->limit);
	return 0;
}

int payload_text_add(struct store *store, const json_t *value, struct buf *out, struct err *err)
{
	const json_t *text = json_is_string(value) ? value : json_object_get(value, "text");
	const char *base64 = json_str(value, "base64", NULL), *blob = json_str(value, "blob", NULL);
	AUTO_FREE void *data = NULL;
	size_t len = 0;

	if (json_is_string(text))
		return add(json_string_value(text), json_string_length(text), out, err);
	if (base64)
		data = hash_from_base64(base64, &len, err);
	else if (blob)
		data = event_blob_get(store, blob, &len, err);
	else
		return 0;
	return data ? add(data, len, out, err) : -1;
}
