/* similar.c - `tali similar`: what the submissions of a task have in common */
#include "cmd.h"

#include "assess/comparing.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/term.h"
#include "base/utf8.h"
#include "reviewer.h"

#include <string.h>

#define HALF 58		/* columns of one side */

static const char *arg_task;
static long arg_threshold = COMPARING_THRESHOLD;
static bool arg_show, arg_blind, arg_named;
static struct opt_list arg_two;

static const struct opt similar_opts[] = {
	{ .pos = &arg_task, .name = "TASK", .help = "name or id of the task" },
	{ .num = &arg_threshold, .key = 't', .name = "threshold", .arg = "PERCENT",
	  .help = "list pairs from this value on, 10 to 100 (50)" },
	{ .flag = &arg_show, .name = "show",
	  .help = "print what two submissions have in common, side by side" },
	{ .flag = &arg_blind, .name = "blind", .help = "without names and addresses" },
	{ .flag = &arg_named, .name = "named", .help = "with them, whatever review.blind says" },
	{ .rest = &arg_two, .name = "ASSESSMENT", .optional = true,
	  .help = "with --show: the two" },
	{ 0 }
};

static double percent(const json_t *object, const char *key)
{
	return (double)json_int(object, key, 0) / 100;
}

/* --- sessions */

/* What stands out is more than is usual. */
static void print_observation(FILE *out, const json_t *entry, const char *name, json_int_t usual)
{
	const json_t *observation;
	size_t i;

	json_array_foreach(json_object_get(entry, "observations"), i, observation) {
		if (strcmp(json_str(observation, "name", ""), name) != 0 ||
		    json_int(observation, "number", 0) <= usual)
			continue;
		fprintf(out, "  %s: ", json_str(entry, "assessment", ""));
		term_print_safe(out, json_str(observation, "text", ""));
		putc('\n', out);
	}
}

static void print_sessions(FILE *out, const json_t *sessions)
{
	const json_t *kind, *entry;
	size_t i, k;

	json_array_foreach(json_object_get(sessions, "usual"), i, kind) {
		const json_t *base = json_object_get(kind, "base");

		if (!json_is_object(base))
			continue;
		fprintf(out, "\n%s: the median of %lld sessions is %lld; above it\n",
			json_str(kind, "name", ""), (long long)json_int(base, "submissions", 0),
			(long long)json_int(base, "median", 0));
		json_array_foreach(json_object_get(sessions, "observed"), k, entry)
			print_observation(out, entry, json_str(kind, "name", ""),
					  json_int(base, "median", 0));
	}
}

/* --- the list */

static const json_t *submission(const json_t *document, const char *id)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(document, "submissions"), i, entry)
		if (!strcmp(json_str(entry, "assessment", ""), id))
			return entry;
	return NULL;
}

static void print_side(FILE *out, const json_t *document, const json_t *pair, const char *side,
		       const char *share)
{
	const char *id = json_str(pair, side, "");

	fprintf(out, "  %6.2f %% of %s ", percent(pair, share), id);
	term_print_safe(out, json_str(submission(document, id), "email", ""));
	putc('\n', out);
}

static void print_pair(FILE *out, const json_t *document, const json_t *pair)
{
	fprintf(out, "\n%6.2f %% in common, more than %.2f %% of all pairs "
		"(%lld fingerprints)\n",
		percent(pair, "value"), percent(pair, "rank"),
		(long long)json_int(pair, "shared", 0));
	print_side(out, document, pair, "a", "share_a");
	print_side(out, document, pair, "b", "share_b");
}

static void print_base(FILE *out, const json_t *document)
{
	const json_t *base = json_object_get(document, "base"), *entry;
	size_t i, few = 0;

	json_array_foreach(json_object_get(document, "submissions"), i, entry)
		few += !json_flag(entry, "compared", true);
	fprintf(out, "%zu submissions, %lld pairs",
		json_array_size(json_object_get(document, "submissions")),
		(long long)json_int(base, "pairs", 0));
	if (few)
		fprintf(out, "; %zu with too little code of their own to compare", few);
	putc('\n', out);
	if (json_int(base, "pairs", 0))
		fprintf(out, "half of all pairs have at most %.2f %% in common, nine of ten %.2f "
			     "%%, 99 of 100 %.2f %%, the most alike %.2f %%\n",
			percent(base, "median"), percent(base, "p90"), percent(base, "p99"),
			percent(base, "most"));
}

/* Code that nobody reads hides what stands behind it: who looks at the pairs has to know. */
static void print_left_out(FILE *out, const json_t *document)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(document, "submissions"), i, entry) {
		long long large = json_int(entry, "large_files", 0);
		bool cut = json_flag(entry, "cut", false);

		if (!large && !cut)
			continue;
		fprintf(out, "not all of %s is compared:", json_str(entry, "assessment", ""));
		if (large)
			fprintf(out, " %lld file%s of more than 1 MiB%s", large,
				large == 1 ? "" : "s", cut ? "," : "");
		fputs(cut ? " more code than is read\n" : "\n", out);
	}
}

static void print_list(FILE *out, const json_t *document)
{
	const json_t *pairs = json_object_get(document, "pairs"), *pair;
	size_t i;

	print_base(out, document);
	print_left_out(out, document);
	json_array_foreach(pairs, i, pair)
		print_pair(out, document, pair);
	if (!json_array_size(pairs))
		fprintf(out, "no pair has %.0f %% or more\n", percent(document, "threshold"));
	print_sessions(out, json_object_get(document, "sessions"));
	fputs("\nNone of this is a verdict. --show prints what two have in common.\n", out);
}

/* --- side by side */

/* Prints what fits into `columns` characters, tabs as white space, and fills up with blanks. */
static void print_column(FILE *out, const char *text, size_t columns, bool fill)
{
	AUTO(buf_release) struct buf cell = BUF_INIT(HALF * 5);
	size_t at = 0, used = 0, len = strlen(text);

	while (at < len && used < columns) {
		size_t size = utf8_char(text + at, len - at);

		if (text[at] == '\t') {
			do
				buf_add_byte(&cell, ' ');
			while (++used % 8 && used < columns);
		} else {
			buf_add(&cell, text + at, size ? size : 1);
			used++;
		}
		at += size ? size : 1;
	}
	term_print_safe(out, buf_str(&cell));
	if (fill)
		fprintf(out, "%*s", (int)(columns - used), "");
}

static void print_half(FILE *out, const json_t *side, size_t i, bool fill)
{
	const json_t *line = json_array_get(json_object_get(side, "lines"), i);

	if (line)
		fprintf(out, "%5lld ", (long long)json_int(side, "first", 1) + (long long)i);
	else if (fill)
		fprintf(out, "%6s", "");
	print_column(out, line ? json_string_value(line) : "", HALF - 6, fill);
}

static void print_place(FILE *out, const json_t *side)
{
	term_print_safe(out, json_str(side, "path", ""));
	fprintf(out, ":%lld-%lld", (long long)json_int(side, "first", 0),
		(long long)json_int(side, "last", 0));
}

static void print_region(FILE *out, const json_t *region)
{
	const json_t *a = json_object_get(region, "a"), *b = json_object_get(region, "b");
	size_t lines_a = json_array_size(json_object_get(a, "lines")), i;
	size_t lines_b = json_array_size(json_object_get(b, "lines"));

	putc('\n', out);
	print_place(out, a);
	fputs("  and  ", out);
	print_place(out, b);
	fprintf(out, "  (%lld tokens)\n", (long long)json_int(region, "symbols", 0));
	for (i = 0; i < lines_a || i < lines_b; i++) {
		print_half(out, a, i, true);
		fputs(" |", out);
		print_half(out, b, i, false);
		putc('\n', out);
	}
}

static void print_shown(FILE *out, const json_t *document)
{
	const json_t *shown = json_object_get(document, "shown"), *region;
	const json_t *regions = json_object_get(shown, "regions");
	size_t i;

	fprintf(out, "%s and %s have %zu piece%s in common\n", json_str(shown, "a", ""),
		json_str(shown, "b", ""), json_array_size(regions),
		json_array_size(regions) == 1 ? "" : "s");
	json_array_foreach(regions, i, region)
		print_region(out, region);
}

/* --- the command */

static void draw(void *arg, unsigned done, unsigned total)
{
	progress_step(arg, done, total);
}

static int check_words(struct err *err)
{
	if (arg_two.count == (arg_show ? 2 : 0))
		return 0;
	return err_set(err, ERR_USAGE, arg_show ? "--show wants two assessments"
						: "assessments go with --show");
}

static json_t *compare(const struct cmd_ctx *ctx, struct err *err)
{
	struct progress progress;
	struct comparing request = {
		.threshold = arg_threshold, .progress = draw, .arg = &progress,
		.show_a = arg_show ? arg_two.items[0] : NULL,
		.show_b = arg_show ? arg_two.items[1] : NULL,
	};
	json_t *document;

	if (reviewer_blind(ctx, arg_blind, arg_named, &request.blind, err) < 0)
		return NULL;
	progress_start(&progress, "reading submissions", ctx->quiet);
	document = comparing_run(ctx->store, arg_task, &request, err);
	progress_end(&progress);
	return document;
}

static int similar_main(const struct cmd_ctx *ctx, struct err *err)
{
	AUTO_JSON json_t *document = check_words(err) < 0 ? NULL : compare(ctx, err);

	opt_list_release(&arg_two);
	if (!document)
		return -1;
	if (ctx->json)
		return cmd_print_json(ctx, json_incref(document), err);
	if (arg_show)
		print_shown(ctx->out, document);
	else
		print_list(ctx->out, document);
	return 0;
}

const struct cmd cmd_similar = {
	.name = "similar",
	.summary = "tell which submissions of a task have code in common",
	.json = "tali.similar/1",
	.needs = CMD_STORE_READ,
	.opts = similar_opts,
	.run = similar_main,
};
