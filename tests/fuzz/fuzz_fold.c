/* fuzz_fold.c - any bytes as the packed state of a session, which then goes on */
#include "base/auto.h"
#include "journal/fold_pack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int no_content(void *arg, const char *id, size_t limit, struct buf *out, struct err *err)
{
	(void)arg;
	(void)limit;
	*out = (struct buf)BUF_INIT(0);
	return err_set(err, ERR_INTEGRITY, "%s is missing", id);
}

static int keep_nothing(void *arg, const struct hash *hash, const void *bytes, size_t len,
			struct err *err)
{
	(void)arg;
	(void)hash;
	(void)bytes;
	(void)len;
	(void)err;
	return 0;
}

static const struct fold_source source = { .payload = no_content, .blob = no_content,
					   .text = no_content };

static void tell(struct fold *fold, const char *kind, const char *data)
{
	struct err ignored = ERR_INIT;
	struct event event = { .seq = fold_seq(fold) + 1, .time = INT64_MAX / 2, .kind = kind,
			       .actor = "candidate", .data = data };

	fold_event(fold, &event, &ignored);
}

static void look(struct fold *fold)
{
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++) {
		struct err ignored = ERR_INIT;
		struct text *text = NULL;

		fold_text(fold, fold_file_at(fold, i), &text, &ignored);
	}
	for (i = 0; i < fold_terminal_count(fold); i++) {
		AUTO(buf_release) struct buf text = BUF_INIT(SIZE_MAX);

		screen_text(fold_screen(fold, fold_terminal_at(fold, i)), &text);
	}
}

/* It is refused with a reason; or it is a state, which packs to the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(FOLD_PACK_MAX);
	AUTO(buf_release) struct buf again = BUF_INIT(FOLD_PACK_MAX);
	AUTO(fold_free) struct fold *fold = NULL, *back = NULL;
	struct err err = ERR_INIT;

	fold = fold_unpack(&source, data, size, &err);
	if (!fold) {
		if (err.code != ERR_INPUT || !err.text[0])
			abort();
		return 0;
	}
	if (fold_pack(fold, keep_nothing, NULL, &packed, &err) < 0)
		abort();
	back = fold_unpack(&source, packed.data, packed.len, &err);
	if (!back || fold_pack(back, keep_nothing, NULL, &again, &err) < 0 ||
	    again.len != packed.len || memcmp(again.data, packed.data, again.len) != 0)
		abort();
	look(fold);
	tell(fold, "terminal_out", "{\"terminal\":\"t1\",\"chunks\":[{\"text\":\"\\u001b[3bx\"}]}");
	tell(back, "file", "{\"op\":\"delete\",\"path\":\"src\"}");
	look(back);
	return 0;
}
