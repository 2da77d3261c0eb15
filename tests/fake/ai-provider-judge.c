/* ai-provider-judge.c - answers as a judge gives them, to what score/judge_ask.h asks */
#include "ai-provider-judge.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/utf8.h"

#include <string.h>

#define BETWEEN "between two lines "
#define MARK_LEN 26
#define QUOTE_MAX 40

/* The message with the question; yours. */
static char *find_question(const struct ask *ask)
{
	const json_t *message;
	size_t i;

	json_array_foreach(json_object_get(ask->body, "messages"), i, message) {
		AUTO_FREE char *text = content_text(json_object_get(message, "content"));

		if (text && strstr(text, BETWEEN))
			return TAKE(text);
	}
	return buf_strdup("");
}

static json_t *read_material(const char *question)
{
	const char *mark = strstr(question, BETWEEN), *from, *to;
	char word[MARK_LEN + 1];
	struct err ignored = ERR_INIT;

	if (!mark)
		return NULL;
	mark += strlen(BETWEEN);
	snprintf(word, sizeof(word), "%s", mark);
	from = strstr(mark + MARK_LEN, word);
	to = from ? strstr(from + MARK_LEN, word) : NULL;
	if (!to)
		return NULL;
	from += MARK_LEN;
	return json_parse(from, (size_t)(to - from), "material", &ignored);
}

/* Words from the beginning of a piece that begins with words. */
static json_t *quote_one(const json_t *material, bool invents)
{
	const json_t *piece;
	size_t i;

	json_array_foreach(json_object_get(material, "evidence"), i, piece) {
		const char *text = json_str(piece, "text", "");
		size_t len = strnlen(text, QUOTE_MAX);

		while (len && text[len] && utf8_inside(text[len]))
			len--;
		if (len < 4 || *text == '[')
			continue;
		return json_pack("{s:O, s:s%}", "seq", json_object_get(piece, "seq"), "quote",
				 invents ? "words that nobody said" : text, invents ? 22 : len);
	}
	return NULL;
}

char *judge_say(const struct ask *ask, const struct plan *plan, unsigned long number)
{
	AUTO_FREE char *question = find_question(ask);
	AUTO_JSON json_t *material = read_material(question);
	AUTO_FREE char *shown = material ? json_dumps(material, JSON_COMPACT) : NULL;
	size_t levels = strlen(plan->judge);
	int level = levels ? plan->judge[(number - 1) % levels] - '0' : 0;
	json_t *one = quote_one(material, plan->invent), *evidence = json_array();
	AUTO_JSON json_t *answer = NULL;
	AUTO_FREE char *text = NULL;

	if (plan->obey && shown && strstr(shown, plan->obey))
		level = 4;
	if (one)
		json_array_append_new(evidence, one);
	answer = json_pack("{s:o, s:s, s:i}", "evidence", evidence, "reasoning",
			   "It says so there.", "level", one ? level : 0);
	text = json_dumps(answer, JSON_COMPACT);
	if (plan->wordy && strstr(ask->said, BETWEEN))
		return buf_format("Gladly! Here it is:\n%s", text);
	return TAKE(text);
}
