/* status.c - `tali status`: where the session of this work folder stands */
#include "cmd.h"

#include "base/json.h"
#include "base/term.h"

#include <string.h>

static void line(FILE *out, const char *name)
{
	fprintf(out, "  %-10s", name);
}

static void print_head(FILE *out, const json_t *status)
{
	const json_t *left = json_object_get(status, "left_seconds");
	const char *submitted = json_str(status, "submitted", NULL);
	char time[CLOCK_TEXT_SIZE];

	term_print_safe(out, json_str(status, "task", ""));
	fputs(": ", out);
	term_print_safe(out, json_str(status, "status", ""));
	if (json_is_integer(left) && json_integer_value(left) > 0)
		fprintf(out, ", %s left, until ",
			clock_duration_text(json_integer_value(left) * 1000, time));
	else if (json_is_integer(left))
		fputs(", time is up since ", out);
	else if (submitted)
		fputs(", handed in at ", out);
	if (json_is_integer(left) || submitted)
		term_print_safe(out, json_is_integer(left) ? json_str(status, "deadline", "")
							   : submitted);
	if (*json_str(status, "reason", "")) {
		fputs(": ", out);
		term_print_safe(out, json_str(status, "reason", ""));
	}
	putc('\n', out);
}

/* Late work is what did not come before the deadline ended the session. */
static void print_missed(FILE *out, const json_t *status, json_int_t waiting)
{
	const char *submitted = json_str(status, "submitted", "");

	fprintf(out, "%lld change%s here did not come before the end, and %s no part of it",
		(long long)waiting, waiting == 1 ? "" : "s", waiting == 1 ? "is" : "are");
	if (*submitted && strcmp(submitted, json_str(status, "deadline", "")) >= 0)
		fputs(" (`tali submit` sends late work)", out);
}

static void print_saved(FILE *out, const json_t *status)
{
	const json_t *saved = json_object_get(status, "saved");
	const char *state = json_str(saved, "state", "");
	json_int_t waiting = json_int(saved, "waiting", 0);
	json_int_t left_out = json_int(saved, "left_out", 0);

	line(out, "saved");
	if (!strcmp(state, "saved"))
		fprintf(out, "all that %s in this folder", left_out ? "can be" : "is");
	else if (!strcmp(state, "waiting") && json_flag(status, "over", false))
		print_missed(out, status, waiting);
	else if (!strcmp(state, "waiting"))
		fprintf(out, "%lld change%s wait%s here to be sent", (long long)waiting,
			waiting == 1 ? "" : "s", waiting == 1 ? "s" : "");
	else
		fputs("not known", out);
	if (json_str(saved, "at", NULL)) {
		fputs(", last at ", out);
		term_print_safe(out, json_str(saved, "at", ""));
	}
	if (left_out)
		fprintf(out, "; %lld left out: links, odd names, files that are too large",
			(long long)left_out);
	putc('\n', out);
}

static void print_server(FILE *out, const json_t *status)
{
	const json_t *watch = json_object_get(status, "watch");

	if (!json_str(status, "server", NULL))
		return;
	line(out, "server");
	term_print_safe(out, json_str(status, "server", ""));
	fputs(json_flag(status, "reached", true) ? "\n" : ": cannot be reached, as it was last\n",
	      out);
	if (json_flag(status, "over", false))
		return;
	line(out, "watch");
	if (json_flag(watch, "running", false))
		fprintf(out, "runs (process %lld)\n", (long long)json_int(watch, "pid", 0));
	else
		fputs("does not run (`tali watch --background` starts it)\n", out);
}

/* "1200 of 50000 tokens" */
static void print_amount(FILE *out, const json_t *ai, const char *key, const char *unit,
			 bool *first)
{
	const json_t *used = json_object_get(json_object_get(ai, "used"), key);
	const json_t *limit = json_object_get(json_object_get(ai, "limits"), key);

	if (!json_is_integer(used))
		return;
	fputs(*first ? "" : ", ", out);
	*first = false;
	if (!strcmp(key, "cost_microusd")) {
		fprintf(out, "$%.2f", (double)json_integer_value(used) / 1e6);
		if (json_is_integer(limit))
			fprintf(out, " of $%.2f", (double)json_integer_value(limit) / 1e6);
		return;
	}
	fprintf(out, "%lld", (long long)json_integer_value(used));
	if (json_is_integer(limit))
		fprintf(out, " of %lld", (long long)json_integer_value(limit));
	fprintf(out, " %s", unit);
}

static void print_ai(FILE *out, const json_t *ai)
{
	const char *policy = json_str(ai, "policy", "off");
	bool first = true;

	if (!strcmp(policy, "off"))
		return;
	line(out, "models");
	print_amount(out, ai, "tokens", "tokens", &first);
	print_amount(out, ai, "cost_microusd", "", &first);
	print_amount(out, ai, "messages", "messages", &first);
	fputs(first ? "not known\n" : "\n", out);
}

static void print_last(FILE *out, const json_t *status)
{
	const json_t *run = json_object_get(status, "run"), *test = json_object_get(status, "test");

	if (json_is_object(run)) {
		line(out, "last run");
		term_print_safe(out, json_str(run, "verdict", ""));
		putc('\n', out);
	}
	if (json_is_object(test)) {
		line(out, "last test");
		fprintf(out, "%lld of %lld passed\n", (long long)json_int(test, "passed", 0),
			(long long)json_int(test, "total", 0));
	}
}

static int status_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_JSON json_t *status = ctx->place->verbs->status(ctx->place, err);
	int result;

	if (!status)
		return -1;
	result = json_flag(status, "over", true) ? err_exit_status(ERR_STATE) : 0;
	if (ctx->json)
		return cmd_print_json(ctx, TAKE(status), err) < 0 ? -1 : result;
	print_head(ctx->out, status);
	print_saved(ctx->out, status);
	print_server(ctx->out, status);
	print_ai(ctx->out, json_object_get(status, "ai"));
	print_last(ctx->out, status);
	return result;
}

const struct cmd cmd_status = {
	.name = "status",
	.summary = "show where the session of this work folder stands",
	.json = "tali.status/1",
	.needs = CMD_WORK | CMD_PLACE | CMD_STORE_WRITE,
	.run = status_main,
};
