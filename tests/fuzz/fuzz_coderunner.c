/* fuzz_coderunner.c - questions of any bytes, and what they say as Markdown without HTML */
#include "task/coderunner_xml.h"
#include "task/html_markdown.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_markdown(const char *html, size_t len)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 20);

	html_markdown(html, len, &out);
	if (!utf8_valid(buf_str(&out), out.len) && !out.full)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_JSON json_t *questions = NULL;
	const json_t *question;
	struct err err = ERR_INIT;
	size_t i;

	write_markdown((const char *)data, size);
	questions = coderunner_xml_read((const char *)data, size, "in", &err);
	if (!questions && (err.code != ERR_INPUT || strncmp(err.text, "in:", 3) != 0))
		abort();
	json_array_foreach(questions, i, question) {
		const char *text =
			json_str(json_object_get(question, "fields"), "questiontext", "");

		write_markdown(text, strlen(text));
	}
	return 0;
}
