/* signal_map.c - see signal_map.h */
#include "score/signal_map.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/share.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Written once by read_map under `once`, kept as long as the process. */
static json_t *map;
static struct signal_rule rules[SIGNAL_MOST];
static size_t rule_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* --- reading */

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static const char *sentence(const json_t *item, const char *key)
{
	const char *text = json_str(item, key, NULL);

	demand(text && *text);
	return text;
}

static void read_points(const json_t *points, struct signal_rule *rule)
{
	const json_t *point;
	size_t i;

	json_array_foreach(points, i, point) {
		demand(i < SIGNAL_MAP_POINTS && json_array_size(point) == 2);
		rule->at[i] = llround(json_number_value(json_array_get(point, 0)) * 100);
		rule->value[i] = llround(json_number_value(json_array_get(point, 1)) * 100);
		demand(i == 0 || rule->at[i] > rule->at[i - 1]);
		demand(rule->value[i] >= 0 && rule->value[i] <= 10000);
		rule->points = i + 1;
	}
	demand(rule->points >= 2);
}

static void read_rule(const json_t *item, struct signal_rule *rule)
{
	*rule = (struct signal_rule){
		.name = sentence(item, "name"), .subitem = sentence(item, "subitem"),
		.unit = sentence(item, "unit"), .share = json_int(item, "share", 0),
		.least = json_int(item, "least", 0), .little = sentence(item, "little"),
		.none = sentence(item, "none"), .one = sentence(item, "one"),
		.many = sentence(item, "many"),
	};
	demand(rule->share > 0 && rule->least > 0);
	read_points(json_object_get(item, "points"), rule);
}

static void read_map(void)
{
	const struct share_file *file = share_find("rubric/signals.json");
	struct err ignored = ERR_INIT;
	const json_t *item;
	size_t i;

	demand(file != NULL);
	map = json_parse(file->data, file->size, file->name, &ignored);
	demand(map != NULL);
	json_array_foreach(json_object_get(map, "signals"), i, item) {
		demand(i < SIGNAL_MOST);
		read_rule(item, &rules[rule_count++]);
	}
}

const char *signal_map_version(void)
{
	pthread_once(&once, read_map);
	return json_str(map, "version", "");
}

const struct signal_rule *signal_map_at(size_t i)
{
	pthread_once(&once, read_map);
	return i < rule_count ? &rules[i] : NULL;
}

const struct signal_rule *signal_map_find(const char *name)
{
	const struct signal_rule *rule;

	for (size_t i = 0; (rule = signal_map_at(i)) != NULL; i++)
		if (!strcmp(rule->name, name))
			return rule;
	return NULL;
}

const char *signal_map_reason(const char *name)
{
	pthread_once(&once, read_map);
	return json_str(json_object_get(map, "reasons"), name, "");
}

/* --- values */

bool signal_map_measured(const struct signal_rule *rule, const struct signal *signal)
{
	return signal->no == SIGNAL_YES && signal->basis >= rule->least;
}

int64_t signal_map_value(const struct signal_rule *rule, int64_t number)
{
	int64_t width, rise, twice;
	size_t i = 1;

	if (number <= rule->at[0])
		return rule->value[0];
	while (i < rule->points && number > rule->at[i])
		i++;
	if (i == rule->points)
		return rule->value[i - 1];
	width = rule->at[i] - rule->at[i - 1];
	rise = rule->value[i] - rule->value[i - 1];
	/* rounded half up, whichever way it goes; values are never negative */
	twice = 2 * (rule->value[i - 1] * width + rise * (number - rule->at[i - 1]));
	return (twice + width) / (2 * width);
}

/* --- sentences */

static void add_number(struct buf *out, int64_t hundredths)
{
	int64_t part = hundredths % 100;

	buf_add_format(out, "%" PRId64, hundredths / 100);
	if (part)
		buf_add_format(out, part % 10 ? ".%02" PRId64 : ".%" PRId64,
			       part % 10 ? part : part / 10);
}

static void fill(struct buf *out, const char *text, const struct signal *signal)
{
	for (; *text; text++) {
		if (*text != '{' || !text[1] || text[2] != '}') {
			buf_add_byte(out, *text);
			continue;
		}
		if (text[1] == 'n')
			add_number(out, signal->number);
		else
			buf_add_format(out, "%" PRId64,
				       text[1] == 'a' ? signal->part : signal->whole);
		text += 2;
	}
}

char *signal_map_text(const struct signal_rule *rule, const struct signal *signal)
{
	static const char *const reasons[SIGNAL_NOES] = {
		[SIGNAL_NO_RECORD] = "no_record", [SIGNAL_NO_AI] = "no_ai",
		[SIGNAL_NO_PROMPT] = "no_prompt", [SIGNAL_NO_TESTS] = "no_tests",
		[SIGNAL_NO_CODE] = "no_code", [SIGNAL_CODE_LEFT_OUT] = "code_left_out",
	};
	AUTO(buf_release) struct buf out = BUF_INIT(4096);

	if (signal->no != SIGNAL_YES)
		return buf_strdup(signal_map_reason(reasons[signal->no]));
	if (!signal_map_measured(rule, signal))
		return buf_strdup(rule->little);
	fill(&out, signal->number == 0	   ? rule->none
		   : signal->number == 100 ? rule->one
					   : rule->many,
	     signal);
	return buf_take(&out);
}
