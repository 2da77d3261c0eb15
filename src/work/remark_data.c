/* remark_data.c - see remark_data.h */
#include "work/remark_data.h"

#include <string.h>

#define MINUTE_MS 60000

json_t *remark_data_note(const char *text, size_t len, struct err *err)
{
	json_t *string;

	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	if (len == 0) {
		err_set(err, ERR_INPUT, "the note is empty");
		return NULL;
	}
	if (len > REMARK_DATA_TEXT_MAX) {
		err_set(err, ERR_INPUT, "the note is longer than %d bytes", REMARK_DATA_TEXT_MAX);
		return NULL;
	}
	string = memchr(text, 0, len) ? NULL : json_stringn(text, len);
	if (string)
		return json_pack("{s:o}", "text", string);
	err_set(err, ERR_INPUT, "the note is not UTF-8 text");
	return NULL;
}

json_t *remark_data_estimate(int64_t duration_ms, struct err *err)
{
	int64_t minutes = (duration_ms + MINUTE_MS - 1) / MINUTE_MS;

	if (minutes <= REMARK_DATA_MINUTES_MAX)
		return json_pack("{s:I}", "minutes", (json_int_t)minutes);
	err_set(err, ERR_INPUT, "the estimate is longer than %d minutes", REMARK_DATA_MINUTES_MAX);
	return NULL;
}
