/* review.c - `tali review`: a reviewer's note on a submission, or all that reviewers did with it */
#include "cmd.h"

#include "assess/reviewing.h"
#include "base/json.h"
#include "reviewer.h"
#include "store/assessment.h"
#include "words.h"
#include "work/remark_data.h"

static const char *arg_id, *arg_by;
static struct opt_list arg_words;

static const struct opt review_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .str = &arg_by, .name = "by", .arg = "WHO", .help = "who says so (the user's name)" },
	{ .rest = &arg_words, .name = "NOTE", .optional = true,
	  .help = "what to note, - reads it here; without it, what is there is listed" },
	{ 0 }
};

static int add_note(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(2 * REVIEWING_TEXT_MAX);
	AUTO_JSON json_t *note = NULL, *review = NULL;
	int failed = words_read(&arg_words, &text, err);

	opt_list_release(&arg_words);
	note = failed ? NULL : remark_data_note(buf_str(&text), text.len, err);
	if (!note || reviewing_note(ctx->store, arg_id, reviewer_name(arg_by),
				    json_str(note, "text", ""), &review, err) < 0)
		return -1;
	return reviewer_print(ctx, review, err);
}

static int list_reviews(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO_JSON json_t *reviews = NULL;
	const json_t *review;
	size_t i;

	if (assessment_find(ctx->store, arg_id, &assessment, err) < 0)
		return -1;
	reviews = reviewing_list(ctx->store, assessment.id, err);
	if (!reviews)
		return -1;
	json_array_foreach(reviews, i, review)
		if (reviewer_print(ctx, review, err) < 0)
			return -1;
	return 0;
}

static int review_main(const struct cmd_ctx *ctx, struct err *err)
{
	return arg_words.count ? add_note(ctx, err) : list_reviews(ctx, err);
}

static unsigned spares(const struct session *session)
{
	(void)session;
	return arg_words.count ? 0 : CMD_STORE_WRITE;
}

const struct cmd cmd_review = {
	.name = "review",
	.summary = "note something on a submission, or list what reviewers did",
	.json = "tali.review/1",
	.needs = CMD_STORE_READ | CMD_STORE_WRITE,
	.spares = spares,
	.opts = review_opts,
	.run = review_main,
};
