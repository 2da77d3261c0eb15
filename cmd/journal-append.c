/* journal-append.c - `tali journal append`: stores what a client sent */
#include "cmd.h"

#include "journal/ingest.h"
#include "store/assessment.h"

static const char *arg_id;

static const struct opt journal_append_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ 0 }
};

static int print_answer(const struct cmd_ctx *ctx, const struct ingest_answer *answer,
			struct err *err)
{
	if (ctx->json && cmd_print_json(ctx, ingest_json(answer), err) < 0)
		return -1;
	if (!ctx->json) {
		fprintf(ctx->out, "%lld stored, %lld known before, acknowledged to %lld",
			(long long)answer->stored, (long long)answer->duplicates,
			(long long)answer->acknowledged);
		if (answer->gap_from)
			fprintf(ctx->out, "; %lld to %lld are missing", (long long)answer->gap_from,
				(long long)answer->gap_to);
		if (answer->retry_ms)
			fprintf(ctx->out, "; too fast: the rest may come in %lld ms",
				(long long)answer->retry_ms);
		putc('\n', ctx->out);
	}
	if (fflush(ctx->out) != 0)	/* whoever sends the next batch waits for it */
		return err_sys(err, "cannot write");
	return 0;
}

/* 0 stored, 1 not all of it, -1 refused. */
static int append_one(const struct cmd_ctx *ctx, const char *id, const struct buf *text,
		      struct err *err)
{
	AUTO(batch_release) struct batch batch = BATCH_INIT;
	struct ingest_answer answer;

	if (batch_parse(buf_str(text), text->len, &batch, err) < 0 ||
	    ingest_now(ctx->store, id, &batch, &answer, err) < 0 ||
	    print_answer(ctx, &answer, err) < 0)
		return -1;
	return ingest_is_whole(&answer) ? 0 : 1;
}

static int journal_append_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO(buf_release) struct buf text = BUF_INIT(BATCH_MAX);
	int number = 0, result, found;

	if (assessment_find(ctx->store, arg_id, &assessment, err) < 0)
		return -1;
	do {
		number++;
		found = batch_read(stdin, &text, err);
		result = found == 1 ? append_one(ctx, assessment.id, &text, err) : found;
	} while (found == 1 && result == 0);
	if (result < 0 && number > 1)
		return err_wrap(err, "batch %d", number);
	if (found == 0 && number == 1)
		return err_set(err, ERR_INPUT, "there is no batch on standard input");
	return result;
}

const struct cmd cmd_journal_append = {
	.name = "journal append",
	.summary = "store batches of events, read from standard input",
	.json = "tali.ingest/1",
	.needs = CMD_STORE_WRITE,
	.opts = journal_append_opts,
	.run = journal_append_main,
};
