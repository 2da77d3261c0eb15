/* chat.c - `tali chat`: a talk with tali's own assistant, on the record */
#include "cmd.h"
#include "talk.h"
#include "words.h"

#include "base/json.h"
#include "base/term.h"

#include <stdlib.h>
#include <string.h>

static struct opt_list arg_words;
static const char *arg_model;
static bool arg_new;

static const struct opt chat_opts[] = {
	{ .str = &arg_model, .name = "model", .arg = "MODEL",
	  .help = "who answers (else who answered last, or the first of the task)" },
	{ .flag = &arg_new, .name = "new", .help = "begin a new conversation" },
	{ .rest = &arg_words, .name = "TEXT", .optional = true,
	  .help = "the question; - reads it here (else a talk, line by line)" },
	{ 0 }
};

/* --- a talk, line by line */

struct chat {
	const struct cmd_ctx *ctx;
	struct talk *talk;
	char *model;		/* for the next turn; NULL: as before */
	bool asks;		/* a person sits at a terminal */
	bool ended;
};

static int print_models(struct chat *chat, struct err *err)
{
	AUTO_JSON json_t *known = talk_offer(chat->talk, err);
	const json_t *model;
	size_t i;

	json_array_foreach(json_object_get(known, "models"), i, model) {
		term_print_safe(chat->ctx->out, json_str(model, "id", ""));
		fprintf(chat->ctx->out, "\t%s\n", json_str(model, "provider", ""));
	}
	return known ? 0 : -1;
}

static int print_left(struct chat *chat, struct err *err)
{
	AUTO_JSON json_t *known = talk_offer(chat->talk, err);
	AUTO_FREE char *left = known ? talk_left(json_object_get(known, "left")) : NULL;

	if (left)
		fprintf(chat->ctx->out, "%s\n", left);
	return left ? 0 : -1;
}

static int obey(struct chat *chat, const char *word, const char *rest, struct err *err)
{
	if (!strcmp(word, "/quit")) {
		chat->ended = true;
	} else if (!strcmp(word, "/new")) {
		talk_set_conversation(chat->talk, NULL);
	} else if (!strcmp(word, "/model") && *rest) {
		free(chat->model);
		chat->model = buf_strdup(rest);
	} else if (!strcmp(word, "/models")) {
		return print_models(chat, err);
	} else if (!strcmp(word, "/left")) {
		return print_left(chat, err);
	} else {
		return err_set(err, ERR_USAGE,
			       "%s: there are /new, /model NAME, /models, /left, /quit", word);
	}
	return 0;
}

/* -1: what went wrong is told, and the talk goes on. */
static int take_line(struct chat *chat, char *line, struct err *err)
{
	char *rest = line + strcspn(line, " \t");

	if (!line[strspn(line, " \t\r")])
		return 0;
	if (*line != '/')
		return talk_turn(chat->talk, line, chat->model, NULL, false, err);
	if (*rest)
		*rest++ = '\0';
	return obey(chat, line, rest + strspn(rest, " \t"), err);
}

/* The last error is the command's, unless a person was told of it and has gone on. */
static int talk_by_lines(struct chat *chat, struct err *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int result = 0;

	while (!chat->ended) {
		if (chat->asks)
			fputs("> ", chat->ctx->out);
		fflush(chat->ctx->out);
		len = getline(&line, &size, stdin);
		if (len < 0)
			break;
		if (len && line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (result < 0 && !chat->asks)
			break;
		result = take_line(chat, line, err);
		if (result < 0 && chat->asks) {
			cmd_say(chat->ctx, "chat: %s", err->text);
			result = 0;
		}
	}
	if (chat->asks && !chat->ended)
		putc('\n', chat->ctx->out);
	free(line);
	return result;
}

/* --- the command */

static int talk_or_ask(const struct cmd_ctx *ctx, struct talk *talk, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(ASSISTANT_TEXT_MAX + 1);
	struct chat chat = { .ctx = ctx, .talk = talk, .model = buf_strdup(arg_model),
			     .asks = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) };
	int result = arg_new ? 0 : talk_resume(talk, err);

	if (result == 0 && arg_words.count) {
		result = words_read(&arg_words, &text, err);
		if (result == 0)
			result = talk_turn(talk, buf_str(&text), arg_model, NULL, false, err);
	} else if (result == 0) {
		result = talk_by_lines(&chat, err);
	}
	free(chat.model);
	return result;
}

static int chat_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct talk *talk = talk_open(ctx, NULL, err);
	int result = talk ? talk_or_ask(ctx, talk, err) : -1;

	talk_close(&talk);
	opt_list_release(&arg_words);
	return result;
}

const struct cmd cmd_chat = {
	.name = "chat",
	.summary = "talk with the assistant, on the record",
	.json = "tali.chat/1",
	.needs = CMD_WORK | CMD_PLACE | CMD_STORE_WRITE,
	.opts = chat_opts,
	.run = chat_main,
};
