/* transcript_print.c - see transcript_print.h */
#include "transcript_print.h"

#include "base/json.h"
#include "base/term.h"

#include <string.h>

#define DIFFERENCES 20		/* shown; JSON has more */

static void print_difference(FILE *out, const json_t *difference)
{
	fprintf(out, "    %-10s #%-5lld ", json_str(difference, "where", ""),
		(long long)json_int(difference, "event", 0));
	term_print_safe(out, json_str(difference, "text", ""));
	putc('\n', out);
}

void transcript_print(FILE *out, const json_t *compared)
{
	const json_t *list = json_object_get(compared, "differences"), *file, *difference;
	size_t i;

	if (!json_is_object(compared))
		return;
	fprintf(out, "  transcripts   %s\n", json_str(compared, "source", ""));
	json_array_foreach(json_object_get(compared, "transcripts"), i, file)
		fprintf(out, "    #%-5lld %s %s: %lld prompts%s\n",
			(long long)json_int(file, "event", 0), json_str(file, "format", ""),
			json_str(file, "session", ""), (long long)json_int(file, "prompts", 0),
			json_flag(file, "replaced", false) ? ", replaced by a later one" : "");
	fprintf(out, "    in both %lld, only in transcripts %lld, only at the gateway %lld\n",
		(long long)json_int(compared, "both", 0),
		(long long)json_int(compared, "only_transcript", 0),
		(long long)json_int(compared, "only_gateway", 0));
	json_array_foreach(list, i, difference)
		if (i < DIFFERENCES)
			print_difference(out, difference);
	if (json_array_size(list) > DIFFERENCES)
		fprintf(out, "    and %lld more (--json)\n",
			(long long)(json_array_size(list) - DIFFERENCES) +
				(long long)json_int(compared, "more", 0));
}
