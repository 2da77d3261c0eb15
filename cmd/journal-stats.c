/* journal-stats.c - `tali journal stats`: what a journal holds, and how much room it takes */
#include "cmd.h"

#include "base/json.h"
#include "base/term.h"
#include "journal/journal_stats.h"
#include "store/assessment.h"

#include <string.h>

static const char *arg_id;

static const struct opt journal_stats_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ 0 }
};

static void print_row(FILE *out, const char *name, json_int_t events, json_int_t bytes)
{
	term_print_safe(out, name);
	fprintf(out, "%*s%10lld %12lld\n", (int)(strlen(name) < 16 ? 16 - strlen(name) : 1), "",
		(long long)events, (long long)bytes);
}

static void print_text(FILE *out, const json_t *stats)
{
	const json_t *payloads = json_object_get(stats, "payloads");
	char text[CLOCK_TEXT_SIZE];
	const char *kind;
	json_t *entry;

	fprintf(out, "%-16s%10s %12s\n", "kind", "events", "bytes");
	json_object_foreach(json_object_get(stats, "kinds"), kind, entry)
		print_row(out, kind, json_int(entry, "events", 0), json_int(entry, "bytes", 0));
	print_row(out, "all", json_int(stats, "events", 0), json_int(stats, "bytes", 0));
	print_row(out, "payloads", json_int(payloads, "count", 0), json_int(payloads, "bytes", 0));
	fprintf(out, "\nfirst   %s\nlast    %s\n", json_str(stats, "first", ""),
		json_str(stats, "last", ""));
	fprintf(out, "active  %s\n", clock_duration_text(json_int(stats, "active_ms", 0), text));
	if (json_int(stats, "active_ms", 0))
		fprintf(out, "an active hour takes %lld bytes, %lld deflated\n",
			(long long)json_int(stats, "bytes_per_active_hour", 0),
			(long long)json_int(stats, "deflated_bytes_per_active_hour", 0));
}

static int journal_stats_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO(assessment_release) struct assessment assessment = ASSESSMENT_INIT;
	AUTO_JSON json_t *stats = NULL;

	if (assessment_find(ctx->store, arg_id, &assessment, err) < 0)
		return -1;
	stats = journal_stats(ctx->store, assessment.id, err);
	if (!stats)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, json_incref(stats), err);
	print_text(ctx->out, stats);
	return 0;
}

const struct cmd cmd_journal_stats = {
	.name = "journal stats",
	.summary = "count what a journal holds, by kind of event",
	.json = "tali.journal-stats/1",
	.needs = CMD_STORE_READ,
	.opts = journal_stats_opts,
	.run = journal_stats_main,
};
