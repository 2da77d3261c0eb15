/* agent.c - `tali agent`: tali's own assistant works in the work folder, on the record */
#include "cmd.h"
#include "talk.h"
#include "words.h"

#include "assess/agent_tools.h"
#include "assess/folder_bench.h"

static struct opt_list arg_words;
static const char *arg_model;
static bool arg_new;

static const struct opt agent_opts[] = {
	{ .str = &arg_model, .name = "model", .arg = "MODEL",
	  .help = "who does it (else who answered last, or the first of the task)" },
	{ .flag = &arg_new, .name = "new", .help = "begin a new conversation" },
	{ .rest = &arg_words, .name = "TEXT", .help = "what is to be done; - reads it here" },
	{ 0 }
};

static int work(const struct cmd_ctx *ctx, struct talk *talk, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(ASSISTANT_TEXT_MAX + 1);
	struct workbench *bench;

	if (words_read(&arg_words, &text, err) < 0 ||
	    (!arg_new && talk_resume(talk, err) < 0))
		return -1;
	bench = folder_bench_new(&ctx->session, ctx->sandbox, ctx->allow_weak, err);
	return bench ? talk_turn(talk, buf_str(&text), arg_model, bench, true, err) : -1;
}

static int agent_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct talk *talk = talk_open(ctx, &agent_tools, err);
	int result = talk ? work(ctx, talk, err) : -1;

	talk_close(&talk);
	opt_list_release(&arg_words);
	return result;
}

const struct cmd cmd_agent = {
	.name = "agent",
	.summary = "let the assistant work in the work folder, on the record",
	.json = "tali.chat/1",
	.needs = CMD_WORK | CMD_STORE_WRITE | CMD_SANDBOX,
	.opts = agent_opts,
	.run = agent_main,
};
