/* fuzz_template.c - any JSON as the session of a page: no text of it becomes an element */
#include "base/auto.h"
#include "base/hash.h"
#include "web/web_page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const statuses[] = { "scheduled", "configuring", "active", "submitted",
					"expired" };

/* The marker of the corpus's texts, which is no HTML in Markdown either. */
static void check_page(const char *html)
{
	if (strstr(html, "<marker") || strstr(html, "{{"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_JSON json_t *session = json_loadb((const char *)data, size, 0, NULL);
	AUTO(web_page_release) struct web_page page = WEB_PAGE_INIT;
	struct err err = ERR_INIT;
	size_t i;

	if (!json_is_object(session) || memmem(data, size, "_html", 5) ||
	    memmem(data, size, "{{", 2))
		return 0;
	hash_init();
	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		json_object_set_new(session, "status", json_string(statuses[i]));
		if (web_page_session(&page, session, 0, &err) < 0)
			abort();
		check_page(buf_str(&page.html));
	}
	return 0;
}
