/* note.c - `tali note`: a remark on the record */
#include "cmd.h"
#include "event_print.h"

#include "assess/remark.h"

#include <errno.h>
#include <string.h>

static struct opt_list arg_words;

static const struct opt note_opts[] = {
	{ .rest = &arg_words, .name = "TEXT", .help = "the words of the note; - reads them here" },
	{ 0 }
};

static int read_input(struct buf *text, struct err *err)
{
	char part[4096];
	ssize_t got;

	/* one byte too many is enough to see that it is too long */
	while (!text->full && (got = read(STDIN_FILENO, part, sizeof(part))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(err, "cannot read standard input");
		buf_add(text, part, (size_t)got);
	}
	return 0;
}

static int note_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(REMARK_TEXT_MAX + 4096);
	int64_t seq = 0;
	int failed = 0;
	size_t i;

	if (arg_words.count == 1 && !strcmp(arg_words.items[0], "-"))
		failed = read_input(&text, err);
	else
		for (i = 0; i < arg_words.count; i++)
			buf_add_format(&text, "%s%s", i ? " " : "", arg_words.items[i]);
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
