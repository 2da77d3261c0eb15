/* invite.c - `tali invite`: invitations, one for each address or line of a CSV file */
#include "cmd.h"

#include "assess/invite.h"
#include "base/csv.h"
#include "base/term.h"
#include "report/view.h"

#include <string.h>
#include <strings.h>

static const char *arg_task, *arg_name, *arg_valid, *arg_duration, *arg_extra, *arg_instructions,
	*arg_message, *arg_code, *arg_not_before, *arg_kind = "take-home", *arg_at, *arg_csv;
static long arg_round = 1;
static bool arg_dry_run;
static struct opt_list arg_emails;

static const struct opt invite_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of a stored task" },
	{ .rest = &arg_emails, .name = "EMAIL", .optional = true,
	  .help = "addresses of the candidates" },
	{ .str = &arg_csv, .name = "csv", .arg = "FILE",
	  .help = "read lines \"email,name\" (- is standard input)" },
	{ .str = &arg_name, .name = "name", .arg = "NAME",
	  .help = "name of the candidate (one address)" },
	{ .str = &arg_valid, .name = "valid", .arg = "TIME",
	  .help = "how long it may be started, e.g. 7d" },
	{ .str = &arg_duration, .name = "duration", .arg = "TIME",
	  .help = "working time, e.g. 60m (else the task's)" },
	{ .str = &arg_extra, .name = "extra-time", .arg = "TIME",
	  .help = "more working time for an accommodation" },
	{ .str = &arg_not_before, .name = "not-before", .arg = "WHEN",
	  .help = "not before this time, or so long from now" },
	{ .str = &arg_code, .name = "code", .arg = "CODE",
	  .help = "access code that must be given too" },
	{ .str = &arg_instructions, .name = "instructions", .arg = "TEXT",
	  .help = "shown to the candidate before the start" },
	{ .str = &arg_message, .name = "message", .arg = "TEXT",
	  .help = "put into the invitation mail" },
	{ .str = &arg_kind, .name = "kind", .arg = "KIND", .help = "take-home or live" },
	{ .str = &arg_at, .name = "at", .arg = "WHEN", .help = "live: when it begins" },
	{ .num = &arg_round, .name = "round", .arg = "N",
	  .help = "another invitation for the same task and address (1)" },
	{ .flag = &arg_dry_run, .key = 'n', .name = "dry-run",
	  .help = "check, and change nothing" },
	{ 0 }
};

static json_t *result_json(const struct invite_result *result)
{
	json_t *view = view_assessment(&result->assessment);

	json_object_set_new(view, "schema", json_string("tali.invitation/1"));
	if (!*result->assessment.id)
		json_object_set_new(view, "id", json_null());
	json_object_set_new(view, "link", result->link ? json_string(result->link) : json_null());
	json_object_set_new(view, "passcode",
			    *result->passcode ? json_string(result->passcode) : json_null());
	json_object_set_new(view, "made", json_boolean(result->made));
	return view;
}

/* What was asked for, and the invitation that is there has not. */
static bool has_other_terms(const struct assessment *there, const struct invite_request *request)
{
	return (request->duration_ms && request->duration_ms != there->duration_ms) ||
	       request->extra_ms > there->extra_ms || request->live != there->live ||
	       (request->code && !*there->code_hash);
}

static void remark_on_old(const struct cmd_ctx *ctx, const struct invite_request *request,
			  const struct invite_result *result)
{
	const struct assessment *there = &result->assessment;

	if (result->made)
		return;
	if (there->status == STATUS_EXPIRED || there->status == STATUS_REVOKED)
		cmd_say(ctx, "invite: %s: the invitation is %s; --round %lld makes another",
			there->email, status_name(there->status), (long long)there->round + 1);
	else if (has_other_terms(there, request))
		cmd_say(ctx, "invite: %s was invited before, on other terms, which stay: see "
			"`tali show %s` and `tali extend`", there->email, there->id);
}

static int invite_one(const struct cmd_ctx *ctx, struct invite_request *request, const char *email,
		      const char *name, struct err *err)
{
	AUTO(invite_result_release) struct invite_result result = INVITE_RESULT_INIT;

	request->email = email;
	request->name = name;
	if (invite_make(ctx->store, request, &result, err) < 0)
		return err_wrap(err, "%s", email);
	remark_on_old(ctx, request, &result);
	if (ctx->json)
		return cmd_print_json(ctx, result_json(&result), err);
	fprintf(ctx->out, "%s\t%s\t%s\t%s\n", result.assessment.email,
		*result.assessment.id ? result.assessment.id : "-", result.link ? result.link : "-",
		*result.passcode ? result.passcode : "-");
	return 0;
}

struct batch {
	const struct cmd_ctx *ctx;
	struct invite_request *request;
	int failed, done;
};

/* A bad line is told and the rest goes on; the end says how many were bad. */
static int invite_line(void *arg, int line, char **fields, int count, struct err *err)
{
	struct batch *batch = arg;
	const char *name = count > 1 ? fields[1] : NULL;
	struct err one = ERR_INIT;

	if (line == 1 && count && !strcasecmp(fields[0], "email"))
		return 0;
	if (invite_one(batch->ctx, batch->request, fields[0], name, &one) == 0) {
		batch->done++;
		return 0;
	}
	if (one.code == ERR_ENV || one.code == ERR_INTEGRITY) {
		*err = one;
		return -1;
	}
	batch->failed++;
	fprintf(stderr, "tali: invite: %s:%d: ", arg_csv, line);
	term_print_safe(stderr, one.text);
	putc('\n', stderr);
	return 0;
}

static int invite_csv(const struct cmd_ctx *ctx, struct invite_request *request, struct err *err)
{
	struct batch batch = { .ctx = ctx, .request = request };
	bool from_stdin = !strcmp(arg_csv, "-");
	AUTO_FILE FILE *opened = from_stdin ? NULL : fopen(arg_csv, "re");
	FILE *file = from_stdin ? stdin : opened;

	if (!file) {
		err_sys(err, "%s", arg_csv);
		err->code = ERR_INPUT;
		return -1;
	}
	if (csv_read(file, invite_line, &batch, err) < 0)
		return err_wrap(err, "%s", arg_csv);
	if (batch.failed)
		return err_set(err, ERR_INPUT, "%d of %d lines were not invited", batch.failed,
			       batch.failed + batch.done);
	return 0;
}

static int read_duration(const char *option, const char *text, int64_t *ret, struct err *err)
{
	if (!text)
		return 0;
	if (clock_parse_duration(text, ret, err) < 0)
		return err_wrap(err, "--%s", option);
	return *ret ? 0 : err_set(err, ERR_INPUT, "--%s must be longer than 0", option);
}

static int read_request(const struct cmd_ctx *ctx, struct invite_request *ret, struct err *err)
{
	bool live = !strcmp(arg_kind, "live");
	const char *opens = arg_not_before ? arg_not_before : arg_at;

	if (!live && strcmp(arg_kind, "take-home") != 0)
		return err_set(err, ERR_USAGE, "--kind is take-home or live");
	if (arg_at && (!live || arg_not_before))
		return err_set(err, ERR_USAGE,
			       "--at goes with --kind live, and without --not-before");
	if (!arg_csv == !arg_emails.count)
		return err_set(err, ERR_USAGE, "say either addresses or --csv");
	if (arg_name && arg_emails.count != 1)
		return err_set(err, ERR_USAGE, "--name goes with one address");
	if (arg_round < 1)
		return err_set(err, ERR_USAGE, "--round counts from 1");
	*ret = (struct invite_request){ .task = arg_task, .code = arg_code, .live = live,
					.instructions = arg_instructions, .message = arg_message,
					.round = arg_round, .dry_run = arg_dry_run };
	if (opens && clock_parse_moment(opens, clock_now(ctx->clock), &ret->not_before, err) < 0)
		return -1;
	if (read_duration("valid", arg_valid, &ret->valid_ms, err) < 0 ||
	    read_duration("duration", arg_duration, &ret->duration_ms, err) < 0)
		return -1;
	return read_duration("extra-time", arg_extra, &ret->extra_ms, err);
}

static int invite_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct invite_request request;
	int result = read_request(ctx, &request, err);
	size_t i;

	if (result == 0 && arg_csv)
		result = invite_csv(ctx, &request, err);
	for (i = 0; result == 0 && i < arg_emails.count; i++)
		result = invite_one(ctx, &request, arg_emails.items[i], arg_name, err);
	opt_list_release(&arg_emails);
	return result;
}

const struct cmd cmd_invite = {
	.name = "invite",
	.summary = "invite candidates; again gives the same invitations",
	.json = "tali.invitation/1",
	.needs = CMD_STORE_WRITE,
	.opts = invite_opts,
	.run = invite_main,
};
