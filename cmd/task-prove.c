/* task-prove.c - `tali task prove`: the reference passes, starter and wrong variants fail as
 * declared */
#include "cmd.h"

#include "assess/proving.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/term.h"
#include "store/config.h"

#include <string.h>

static const char *arg_task;
static long arg_repeats = 3;

static const struct opt task_prove_opts[] = {
	{ .pos = &arg_task, .name = "TASK",
	  .help = "name of a stored task, or path of a task folder" },
	{ .num = &arg_repeats, .name = "repeats", .arg = "N",
	  .help = "how often each is run to find flaky tests (3)" },
	{ 0 }
};

static void show_progress(void *arg, const char *what, int done, int total)
{
	struct progress *progress = arg;

	progress->what = what;
	progress_step(progress, (unsigned)done, (unsigned)total);
}

static void print_run(FILE *out, const char *name, const json_t *run)
{
	fprintf(out, "  %-28s %-14s %.6g of %.6g points\n", name, json_str(run, "verdict", ""),
		json_number_value(json_object_get(run, "points")),
		json_number_value(json_object_get(run, "possible")));
}

static void print_variants(FILE *out, json_t *variants)
{
	const char *name;
	json_t *variant;

	json_object_foreach(variants, name, variant)
		fprintf(out, "  variant %-20s %-14s %s\n", name, json_str(variant, "verdict", ""),
			json_flag(variant, "as_expected", false)
				? "as expected"
				: json_str(variant, "message", ""));
}

static void print_proof(FILE *out, const json_t *proof)
{
	const json_t *fault;
	size_t i;

	print_run(out, "reference", json_object_get(proof, "reference"));
	print_run(out, "starter", json_object_get(proof, "starter"));
	print_variants(out, json_object_get(proof, "variants"));
	json_array_foreach(json_object_get(proof, "faults"), i, fault) {
		fputs("  ", out);
		term_print(out, TERM_RED, json_string_value(fault));
		putc('\n', out);
	}
	term_print(out, json_flag(proof, "proved", false) ? TERM_GREEN : TERM_RED,
		   json_flag(proof, "proved", false) ? "proved" : "not proved");
	putc('\n', out);
}

static json_t *prove(const struct cmd_ctx *ctx, const struct proving *proving, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	AUTO_JSON json_t *faults = json_array();
	json_t *proof;

	if (cmd_is_task_folder(arg_task)) {
		proof = proving_folder(arg_task, proving, false, faults, err);
		if (!proof)
			cmd_print_faults(faults);
		return proof;
	}
	if (!ctx->store) {
		err_set(err, ERR_NOT_FOUND, "no folder '%s' with a task.json, and no store",
			arg_task);
		return NULL;
	}
	if (task_find(ctx->store, arg_task, &task, err) < 0)
		return NULL;
	return proving_stored(ctx->store, &task, proving, err);
}

static int task_prove_main(const struct cmd_ctx *ctx, struct err *err)
{
	struct progress progress;
	struct proving proving = { .sandbox = ctx->sandbox, .repeats = (int)arg_repeats,
				   .allow_weak = ctx->allow_weak, .progress = show_progress,
				   .arg = &progress };
	AUTO_JSON json_t *proof = NULL;

	if (arg_repeats < 1 || arg_repeats > 100)
		return err_set(err, ERR_USAGE, "--repeats is 1 to 100");
	if (ctx->store && !proving.allow_weak &&
	    config_bool(ctx->store, "sandbox.allow_weak", &proving.allow_weak, err) < 0)
		return -1;
	progress_start(&progress, "proving", ctx->quiet);
	proof = prove(ctx, &proving, err);
	progress_end(&progress);
	if (!proof)
		return -1;
	if (ctx->json) {
		if (cmd_print_json(ctx, json_incref(proof), err) < 0)
			return -1;
	} else {
		print_proof(ctx->out, proof);
	}
	if (!json_flag(proof, "proved", false))
		return err_set(err, ERR_NO, "'%s' is not proved", arg_task);
	return 0;
}

const struct cmd cmd_task_prove = {
	.name = "task prove",
	.summary = "run reference, starter and variants: is all as declared?",
	.json = "tali.proof/1",
	.needs = CMD_SANDBOX | CMD_STORE_WRITE | CMD_STORE_MAYBE,
	.opts = task_prove_opts,
	.run = task_prove_main,
};
