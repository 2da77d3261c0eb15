/* score_output.c - see score_output.h */
#include "score_output.h"

#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

struct target {
	const struct result_format *format;
	const char *path;	/* NULL: standard output */
};

struct score_output {
	FILE *out;
	struct target *targets;
	size_t target_count;
	struct result_item *items;	/* copies; none when all is printed at once */
	size_t count;
	bool keeps;
};

void score_output_close(struct score_output **output)
{
	struct score_output *closed = *output;

	if (!closed)
		return;
	for (size_t i = 0; i < closed->count; i++) {
		free((char *)closed->items[i].name);
		free((char *)closed->items[i].fault);
		json_decref((json_t *)closed->items[i].document);
	}
	free(closed->items);
	free(closed->targets);
	free(closed);
	*output = NULL;
}

/* --- the words */

static const struct result_format *find_format(const char *name, struct err *err)
{
	const struct result_format *format = result_format_find(name);
	AUTO_FREE char *names = NULL;

	if (format)
		return format;
	names = result_format_names();
	err_set(err, ERR_USAGE, "unknown format '%.40s' (%s)", name, names);
	return NULL;
}

/* The format of a file that says none itself. */
static const struct result_format *format_of_file(const char *path, const char *fallback,
						  struct err *err)
{
	const struct result_format *format = result_format_of_file(path);
	size_t len = strlen(path);

	if (format)
		return format;
	if (!strcmp(fallback, "text") && len > 5 && !strcmp(path + len - 5, ".json"))
		fallback = "json";
	return find_format(fallback, err);
}

static int check_folder(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	AUTO_FREE char *folder = slash ? strndup(path, (size_t)(slash - path) + 1)
				       : buf_strdup(".");

	if (!*path || fs_is_dir(path))
		return err_set(err, ERR_INPUT, "--output '%s': not a file", path);
	if (!fs_is_dir(folder))
		return err_set(err, ERR_INPUT, "--output %s: no such folder", path);
	return 0;
}

/* "[FORMAT=]FILE" */
static int read_word(const char *word, const char *fallback, struct target *ret, struct err *err)
{
	const char *equals = strchr(word, '='), *path = word;
	AUTO_FREE char *name = NULL;

	if (equals && !memchr(word, '/', (size_t)(equals - word))) {
		name = strndup(word, (size_t)(equals - word));
		path = equals + 1;
	}
	ret->path = strcmp(path, "-") ? path : NULL;
	ret->format = name ? find_format(name, err)
		    : ret->path ? format_of_file(path, fallback, err)
				: find_format(fallback, err);
	if (!ret->format)
		return -1;
	return ret->path ? check_folder(path, err) : 0;
}

static int read_words(struct score_output *output, const struct score_output_plan *plan,
		      struct err *err)
{
	bool printed = false;

	for (size_t i = 0; i < plan->words->count; i++) {
		struct target *target = &output->targets[output->target_count++];

		if (read_word(plan->words->items[i], plan->format, target, err) < 0)
			return -1;
		printed |= !target->path;
	}
	if (!printed) {
		struct target *target = &output->targets[output->target_count++];

		target->format = find_format(plan->format, err);
		if (!target->format)
			return -1;
	}
	return 0;
}

static bool is_printed_at_once(const struct target *target)
{
	return !target->path && target->format->lines;
}

static int check_targets(struct score_output *output, bool several, struct err *err)
{
	for (size_t i = 0; i < output->target_count; i++) {
		const struct target *target = &output->targets[i];

		if (several && target->format->single)
			return err_set(err, ERR_USAGE, "the format %s has room for one submission",
				       target->format->name);
		output->keeps |= !is_printed_at_once(target);
	}
	return 0;
}

struct score_output *score_output_open(const struct cmd_ctx *ctx,
				       const struct score_output_plan *plan, struct err *err)
{
	AUTO(score_output_close) struct score_output *output = buf_alloc(sizeof(*output));

	output->out = ctx->out;
	output->targets = buf_alloc((plan->words->count + 1) * sizeof(*output->targets));
	if (read_words(output, plan, err) < 0 || check_targets(output, plan->several, err) < 0)
		return NULL;
	return TAKE(output);
}

bool score_output_is_special(const struct score_output *output)
{
	return output->keeps;
}

/* --- what is printed */

static void keep(struct score_output *output, const struct result_item *item)
{
	output->items = buf_realloc(output->items, output->count + 1, sizeof(*output->items));
	output->items[output->count++] = (struct result_item){
		.name = buf_strdup(item->name), .fault = buf_strdup(item->fault),
		.document = json_incref((json_t *)item->document), .refused = item->refused,
	};
}

int score_output_add(struct score_output *output, const struct result_item *item, struct err *err)
{
	if (output->keeps)
		keep(output, item);
	for (size_t i = 0; i < output->target_count; i++)
		if (is_printed_at_once(&output->targets[i]))
			output->targets[i].format->write(output->out, item, 1);
	return fflush(output->out) ? err_sys(err, "cannot write the output") : 0;
}

static void auto_freep(char **text)
{
	free(*text);
}

/* What a writer makes of the items; yours. */
static char *write_text(const struct score_output *output, result_writer *write, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	if (!out)
		abort();
	write(out, output->items, output->count);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* As it is: a pipe, a device, or a file that others write to as well. */
static int write_through(const char *path, int flags, const char *text, size_t len, struct err *err)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0644);

	if (fd < 0 || fs_write_all(fd, text, len) < 0)
		return err_sys(err, "%s", path);
	return 0;
}

/* A link stays, and what it leads to is replaced. */
static int write_file(const struct score_output *output, const struct target *target,
		      struct err *err)
{
	size_t len = 0;
	AUTO(auto_freep) char *text = write_text(output, target->format->write, &len);
	AUTO_FREE char *real = realpath(target->path, NULL);
	struct stat st;

	if (real && stat(real, &st) == 0 && !S_ISREG(st.st_mode))
		return write_through(real, 0, text, len, err);
	return fs_write(real ? real : target->path, 0644, text, len, err);
}

static int append_for_runner(const struct score_output *output, const char *variable,
			     result_writer *write, struct err *err)
{
	const char *path = getenv(variable);
	AUTO(auto_freep) char *text = NULL;
	size_t len = 0;

	if (!write || !path || !*path)
		return 0;
	text = write_text(output, write, &len);
	if (write_through(path, O_APPEND | O_CREAT, text, len, err) < 0)
		return err_wrap(err, "$%s", variable);
	return 0;
}

/* Once, however many outputs have something for it. */
static int tell_runner(const struct score_output *output, struct err *err)
{
	result_writer *summary = NULL, *outputs = NULL;

	for (size_t i = 0; i < output->target_count; i++) {
		const struct result_format *format = output->targets[i].format;

		summary = format->summary ? format->summary : summary;
		outputs = format->outputs ? format->outputs : outputs;
	}
	if (append_for_runner(output, "GITHUB_STEP_SUMMARY", summary, err) < 0)
		return -1;
	return append_for_runner(output, "GITHUB_OUTPUT", outputs, err);
}

int score_output_finish(struct score_output *output, struct err *err)
{
	for (size_t i = 0; i < output->target_count; i++) {
		const struct target *target = &output->targets[i];

		if (target->path) {
			if (write_file(output, target, err) < 0)
				return err_wrap(err, "--output");
		} else if (!target->format->lines) {
			target->format->write(output->out, output->items, output->count);
		}
	}
	return tell_runner(output, err);
}
