/* note.c - `tali note`: a remark on the record */
#include "cmd.h"
#include "event_print.h"
#include "words.h"

#include "assess/remark.h"

static struct opt_list arg_words;

static const struct opt note_opts[] = {
	{ .rest = &arg_words, .name = "TEXT", .help = "the words of the note; - reads them here" },
	{ 0 }
};

static int note_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(REMARK_TEXT_MAX + 4096);
	int64_t seq = 0;
	int failed = words_read(&arg_words, &text, err);

	opt_list_release(&arg_words);
	if (failed < 0 ||
	    remark_note(ctx->store, &ctx->session, buf_str(&text), text.len, &seq, err) < 0)
		return -1;
	return event_print(ctx, seq, err);
}

const struct cmd cmd_note = {
	.name = "note",
	.summary = "put a remark on the record",
	.json = "tali.event/1",
	.needs = CMD_WORK | CMD_STORE_WRITE,
	.opts = note_opts,
	.run = note_main,
};
