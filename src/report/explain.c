/* explain.c - see explain.h */
#include "report/explain.h"

#include "base/json.h"
#include "base/term.h"

static void print_number(FILE *out, const json_t *number)
{
	if (json_is_number(number))
		fprintf(out, "%.10g", json_number_value(number));
	else
		putc('-', out);
}

static void print_points(FILE *out, const json_t *points)
{
	const json_t *point;
	size_t i;

	if (!json_array_size(points))
		return;
	fputs("      worth:", out);
	json_array_foreach(points, i, point) {
		fputs(i ? ", " : " ", out);
		print_number(out, json_array_get(point, 0));
		fputs(" -> ", out);
		print_number(out, json_array_get(point, 1));
	}
	putc('\n', out);
}

static void print_event(FILE *out, const json_t *event)
{
	long long seconds = json_int(event, "at_ms", 0) / 1000;

	fprintf(out, "      #%-6lld %s  %lld:%02lld:%02lld  ",
		(long long)json_int(event, "event", 0), json_str(event, "time", ""), seconds / 3600,
		seconds / 60 % 60, seconds % 60);
	term_print_safe(out, json_str(event, "text", ""));
	fprintf(out, "\n              %s\n", json_str(event, "replay", ""));
}

static void print_signal(FILE *out, const json_t *signal)
{
	const json_t *event;
	size_t i;

	fprintf(out, "  %s: ", json_str(signal, "name", ""));
	print_number(out, json_object_get(signal, "number"));
	fprintf(out, " %s, value ", json_str(signal, "unit", ""));
	print_number(out, json_object_get(signal, "value"));
	fprintf(out, ", share %lld\n      %s\n", (long long)json_int(signal, "share", 0),
		json_str(signal, "text", ""));
	if (json_is_null(json_object_get(signal, "number")))
		return;
	print_points(out, json_object_get(signal, "points"));
	json_array_foreach(json_object_get(signal, "events"), i, event)
		print_event(out, event);
}

/* --- the judge */

static void print_sample(FILE *out, const json_t *sample)
{
	const char *fault = json_str(sample, "fault", NULL);

	if (fault) {
		fprintf(out, "      sample: %s. ", fault);
		term_print_safe(out, json_str(sample, "why", ""));
	} else {
		fprintf(out, "      sample: level %lld, by ",
			(long long)json_int(sample, "level", 0));
		term_print_safe(out, json_str(sample, "model", ""));
	}
	putc('\n', out);
}

static void print_quote(FILE *out, const json_t *document, const json_t *one)
{
	long long seq = json_int(one, "seq", 0);

	fprintf(out, "      #%-6lld \"", seq);
	term_print_safe(out, json_str(one, "quote", ""));
	fprintf(out, "\"\n              tali replay %s --at '#%lld'\n",
		json_str(document, "assessment", ""), seq);
}

static void print_band(FILE *out, const json_t *judge)
{
	const json_t *band = json_object_get(judge, "band");

	fputs("  judge: level ", out);
	print_number(out, json_object_get(judge, "level"));
	fputs(" of 4, spread ", out);
	print_number(out, json_object_get(judge, "spread"));
	fputs("; the facts say ", out);
	print_number(out, json_object_get(judge, "facts"));
	fputs(", and the band is from ", out);
	print_number(out, json_array_get(band, 0));
	fputs(" to ", out);
	print_number(out, json_array_get(band, 1));
	fprintf(out, "\n      %s%s\n", json_str(judge, "text", ""),
		json_flag(judge, "needs_review", false) ? " A person has to look." : "");
}

static void print_judge(FILE *out, const json_t *document, const json_t *judge)
{
	const json_t *one;
	size_t i;

	if (!json_is_object(judge))
		return;
	print_band(out, judge);
	json_array_foreach(json_object_get(judge, "samples"), i, one)
		print_sample(out, one);
	if (json_str(judge, "reason", NULL)) {
		fputs("      its reason: ", out);
		term_print_safe(out, json_str(judge, "reason", ""));
		putc('\n', out);
	}
	json_array_foreach(json_object_get(judge, "evidence"), i, one)
		print_quote(out, document, one);
}

void explain_print(FILE *out, const json_t *document)
{
	const json_t *signal;
	size_t i;

	term_print_safe(out, json_str(document, "category", ""));
	putc('.', out);
	term_print_safe(out, json_str(document, "subitem", ""));
	fputs(": ", out);
	if (json_is_null(json_object_get(document, "value"))) {
		fprintf(out, "unmeasured. %s\n", json_str(document, "why", ""));
	} else {
		print_number(out, json_object_get(document, "value"));
		fputs(" of 100, weight ", out);
		print_number(out, json_object_get(document, "weight"));
		fputs(" in the rubric, ", out);
		print_number(out, json_object_get(document, "used"));
		fputs(" as it counted\n", out);
	}
	json_array_foreach(json_object_get(document, "signals"), i, signal)
		print_signal(out, signal);
	print_judge(out, document, json_object_get(document, "judge"));
}
