/* note.c - `tali note`: a remark on the record */
#include "cmd.h"
#include "event_print.h"
#include "words.h"

#include "work/remark_data.h"

static struct opt_list arg_words;

static const struct opt note_opts[] = {
	{ .rest = &arg_words, .name = "TEXT", .help = "the words of the note; - reads them here" },
	{ 0 }
};

static int note_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(REMARK_DATA_TEXT_MAX + 4096);
	int failed = words_read(&arg_words, &text, err);

	opt_list_release(&arg_words);
	if (failed < 0)
		return -1;
	return event_print(ctx, ctx->place->verbs->note(ctx->place, buf_str(&text), text.len, err),
			   err);
}

const struct cmd cmd_note = {
	.name = "note",
	.summary = "put a remark on the record",
	.json = "tali.event/1",
	.needs = CMD_WORK | CMD_PLACE | CMD_STORE_WRITE,
	.opts = note_opts,
	.run = note_main,
};
