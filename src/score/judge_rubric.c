/* judge_rubric.c - see judge_rubric.h */
#include "score/judge_rubric.h"

#include "base/json.h"
#include "base/share.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ASPECTS_MOST 32

/* Written once by read_rubric under `once`, kept as long as the process. */
static json_t *rubric;
static struct judge_aspect aspects[ASPECTS_MOST];
static size_t aspect_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static const char *words(const json_t *object, const char *key)
{
	const char *text = json_str(object, key, NULL);

	demand(text && *text);
	return text;
}

static void read_aspect(const json_t *item, struct judge_aspect *ret)
{
	const json_t *levels = json_object_get(item, "levels"), *level;
	size_t i;

	*ret = (struct judge_aspect){ .name = words(item, "name"), .title = words(item, "title"),
				      .ask = words(item, "ask"),
				      .evidence = words(item, "evidence") };
	demand(json_array_size(levels) == JUDGE_LEVELS);
	json_array_foreach(levels, i, level) {
		ret->levels[i] = json_string_value(level);
		demand(ret->levels[i] != NULL);
	}
}

static void read_rubric(void)
{
	const struct share_file *file = share_find("rubric/judge.json");
	struct err ignored = ERR_INIT;
	const json_t *item;
	size_t i;

	demand(file != NULL);
	rubric = json_parse(file->data, file->size, file->name, &ignored);
	demand(rubric && json_is_object(json_object_get(rubric, "answer")));
	json_array_foreach(json_object_get(rubric, "subitems"), i, item) {
		demand(i < ASPECTS_MOST);
		read_aspect(item, &aspects[aspect_count++]);
	}
	json_array_foreach(json_object_get(rubric, "attacks"), i, item)
		demand(json_is_string(item));
}

static const json_t *read_once(void)
{
	pthread_once(&once, read_rubric);
	return rubric;
}

const char *judge_rubric_version(void)
{
	return words(read_once(), "version");
}

const json_t *judge_rubric_answer(void)
{
	return json_object_get(read_once(), "answer");
}

const char *judge_rubric_attack(size_t i)
{
	return json_string_value(json_array_get(json_object_get(read_once(), "attacks"), i));
}

const struct judge_aspect *judge_rubric_at(size_t i)
{
	read_once();
	return i < aspect_count ? &aspects[i] : NULL;
}

const struct judge_aspect *judge_rubric_find(const char *subitem)
{
	const struct judge_aspect *aspect;

	for (size_t i = 0; (aspect = judge_rubric_at(i)) != NULL; i++)
		if (!strcmp(aspect->name, subitem))
			return aspect;
	return NULL;
}
