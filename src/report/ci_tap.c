/* ci_tap.c - see ci_tap.h */
#include "report/ci_tap.h"

#include "base/auto.h"
#include "report/ci_view.h"

struct stream {
	FILE *out;
	size_t number;
};

/* A description: neither a directive nor an escape. */
static void print_description(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
}

static void print_point(struct stream *stream, bool ok, const char *label, const char *id)
{
	fprintf(stream->out, "%s %zu - ", ok ? "ok" : "not ok", ++stream->number);
	if (label) {
		print_description(stream->out, label);
		fputs(": ", stream->out);
	}
	print_description(stream->out, id);
}

static void print_string(FILE *out, const char *name, const char *text)
{
	AUTO_JSON json_t *value = json_string(text);
	AUTO_FREE char *quoted = json_dumps(value, JSON_ENCODE_ANY);

	fprintf(out, "  %s: %s\n", name, quoted ? quoted : "\"\"");
}

static void print_case(struct stream *stream, const char *label, const struct ci_case *one)
{
	FILE *out = stream->out;

	print_point(stream, one->status == CI_PASSED || one->status == CI_SKIPPED, label, one->id);
	if (one->status == CI_SKIPPED)
		fputs(" # SKIP", out);
	putc('\n', out);
	if (one->status == CI_PASSED)
		return;
	fputs("  ---\n", out);
	print_string(out, "verdict", one->verdict);
	fprintf(out, "  points: %.10g\n  possible: %.10g\n", one->points, one->possible);
	if (one->message)
		print_string(out, "message", one->message);
	fputs("  ...\n", out);
}

static void print_refused(struct stream *stream, const struct result_item *item, const char *label)
{
	AUTO_FREE char *fault = ci_view_fault(item);

	print_point(stream, false, label, "could be read");
	fputs("\n  ---\n", stream->out);
	print_string(stream->out, "message", fault);
	fputs("  ...\n", stream->out);
}

static void print_item(struct stream *stream, const struct result_item *item, bool several)
{
	AUTO(ci_view_release) struct ci_view view = { .count = 0 };
	AUTO_FREE char *label = ci_view_label(item);

	if (item->document)
		ci_view_make(item->document, CI_CASES, &view);
	for (size_t i = 0; i < view.count; i++)
		print_case(stream, several ? label : NULL, &view.cases[i]);
	if (!item->document && item->refused)
		print_refused(stream, item, label);
}

void ci_tap_write(FILE *out, const struct result_item *items, size_t count)
{
	struct stream stream = { .out = out };
	const struct result_item *failed = NULL;

	fputs("TAP version 13\n", out);
	for (size_t i = 0; i < count; i++) {
		print_item(&stream, &items[i], count > 1 || items[i].name);
		if (!failed && !items[i].document && !items[i].refused)
			failed = &items[i];
	}
	if (failed) {
		AUTO_FREE char *label = ci_view_label(failed);
		AUTO_FREE char *fault = ci_view_fault(failed);

		fprintf(out, "Bail out! %s: %s\n", label, fault);
		return;
	}
	fprintf(out, "1..%zu\n", stream.number);
}
