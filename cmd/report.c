/* report.c - `tali report`: what a score says, with the evidence */
#include "cmd.h"

#include "assess/reporting.h"
#include "base/fs.h"
#include "base/json.h"
#include "report/report_compare.h"
#include "report/report_csv.h"
#include "report/report_html.h"
#include "report/report_pdf.h"
#include "report/report_text.h"
#include "reviewer.h"

#include <string.h>

static const char *arg_id, *arg_format, *arg_output, *arg_replay;
static long arg_run;
static bool arg_blind, arg_named;

static const struct opt report_opts[] = {
	{ .pos = &arg_id, .name = "ASSESSMENT", .help = "id, or a unique beginning of it" },
	{ .str = &arg_format, .key = 'f', .name = "format", .arg = "FORMAT",
	  .help = "text, json, html, pdf or csv (text)" },
	{ .str = &arg_output, .key = 'o', .name = "output", .arg = "FILE",
	  .help = "write it there instead of standard output" },
	{ .num = &arg_run, .name = "run", .arg = "N", .help = "number of the score run (newest)" },
	{ .str = &arg_replay, .name = "replay", .arg = "URL",
	  .help = "address of the session's replay page, for links to moments" },
	{ .flag = &arg_blind, .name = "blind", .help = "without name and address" },
	{ .flag = &arg_named, .name = "named", .help = "with them, whatever review.blind says" },
	{ 0 }
};

static int write_text(const json_t *report, FILE *out, struct err *err)
{
	(void)err;
	report_text(report, out);
	return 0;
}

static int write_json(const json_t *report, FILE *out, struct err *err)
{
	(void)err;
	json_dumpf(report, out, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(10));
	putc('\n', out);
	return 0;
}

static int write_csv(const json_t *report, FILE *out, struct err *err)
{
	AUTO_JSON json_t *entries = json_array();

	(void)err;
	json_array_append_new(entries, report_compare_entry(report));
	report_csv(entries, out);
	return 0;
}

static const struct {
	const char *name;
	int (*write)(const json_t *report, FILE *out, struct err *err);
	bool binary;
} formats[] = {
	{ "text", write_text, false }, { "json", write_json, false },
	{ "html", report_html, false }, { "pdf", report_pdf, true },
	{ "csv", write_csv, false },
};

static int find_format(const struct cmd_ctx *ctx, size_t *ret, struct err *err)
{
	const char *name = arg_format ? arg_format : ctx->json ? "json" : "text";

	for (*ret = 0; *ret < sizeof(formats) / sizeof(*formats); (*ret)++)
		if (!strcmp(name, formats[*ret].name))
			return 0;
	return err_set(err, ERR_USAGE, "unknown format '%s' (text, json, html, pdf, csv)", name);
}

/* A file is there whole or not at all. */
static int write_file(const struct cmd_ctx *ctx, size_t format, const json_t *report,
		      struct err *err)
{
	AUTO_FREE char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	int result;

	if (!out)
		return err_sys(err, "the report");
	result = formats[format].write(report, out, err);
	fclose(out);
	if (result < 0 || fs_write(arg_output, 0644, bytes, len, err) < 0)
		return -1;
	cmd_say(ctx, "report: %zu bytes in %s", len, arg_output);
	return 0;
}

static int report_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct reporting reporting = { .run = arg_run, .replay = arg_replay };
	AUTO_JSON json_t *report = NULL;
	size_t format;

	if (find_format(ctx, &format, err) < 0 ||
	    reviewer_blind(ctx, arg_blind, arg_named, &reporting.blind, err) < 0)
		return -1;
	if (formats[format].binary && !arg_output && isatty(fileno(ctx->out)))
		return err_set(err, ERR_USAGE, "a %s is not for a terminal: say -o FILE",
			       formats[format].name);
	if (reporting.blind && arg_replay)
		return err_set(err, ERR_USAGE, "the replay page has the name: --replay or --blind");
	report = reporting_build(ctx->store, arg_id, &reporting, err);
	if (!report)
		return -1;
	return arg_output && strcmp(arg_output, "-") != 0
		? write_file(ctx, format, report, err)
		: formats[format].write(report, ctx->out, err);
}

const struct cmd cmd_report = {
	.name = "report",
	.summary = "print what a score says, with the evidence",
	.json = "tali.report/1",
	.needs = CMD_STORE_READ,
	.opts = report_opts,
	.run = report_main,
};
