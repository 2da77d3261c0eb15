/* test_openapi.c - share/openapi.json tells of each route of the API, and of no other */
#include "base/auto.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/share.h"
#include "web/api_gateway.h"
#include "web/visitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define API "/api/v1"

static json_t *read_document(void)
{
	const struct share_file *file = share_find("openapi.json");
	struct err err = ERR_INIT;
	json_t *document;

	assert_non_null(file);
	document = json_parse((const char *)file->data, file->size, "openapi.json", &err);
	if (!document)
		fail_msg("%s", err.text);
	return document;
}

static char *lower(const char *text)
{
	char *copy = buf_strdup(text);

	for (char *at = copy; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at += 'a' - 'A';
	return copy;
}

static const struct route *const tables[] = { visitor_routes, api_gateway_routes, NULL };

#define EACH_ROUTE(route)                                                                          \
	for (const struct route *const *table = tables; *table; table++)                           \
		for (const struct route *route = *table; route->pattern; route++)

/* Without the beginning that all of the API have. Those that only say that there is nothing are no
 * part of it. */
static const char *place_of(const struct route *route)
{
	if (strncmp(route->pattern, API, strlen(API)) == 0)
		return route->pattern + strlen(API);
	if (strcmp(route->pattern, "/ai/anthropic/*") == 0 ||
	    strcmp(route->pattern, "/ai/openai/*") == 0)
		return "";
	return strncmp(route->pattern, "/ai/", 4) == 0 ? route->pattern : "";
}

/* The path of a route as the document has it, "" when it is not of the API. Yours. */
static char *path_of(const struct route *route)
{
	const char *place = place_of(route);
	size_t len = strlen(place);

	if (len && place[len - 1] == '*')
		return buf_format("%.*s{path}", (int)(len - 1), place);
	return buf_strdup(place);
}

static void each_route_is_told(void **state)
{
	AUTO_JSON json_t *document = read_document();
	const json_t *paths = json_object_get(document, "paths");

	(void)state;
	EACH_ROUTE(route) {
		AUTO_FREE char *path = path_of(route);
		AUTO_FREE char *method = lower(http_method_text(route->method));

		if (*path && !json_object_get(json_object_get(paths, path), method))
			fail_msg("%s %s is not told", method, path);
	}
}

static bool is_routed(const char *path, const char *method)
{
	EACH_ROUTE(route) {
		AUTO_FREE char *there = path_of(route);
		AUTO_FREE char *by = lower(http_method_text(route->method));

		if (!strcmp(there, path) && !strcmp(by, method))
			return true;
	}
	return false;
}

static void nothing_else_is_told(void **state)
{
	AUTO_JSON json_t *document = read_document();
	const char *path, *method;
	json_t *item, *operation;

	(void)state;
	json_object_foreach(json_object_get(document, "paths"), path, item)
		json_object_foreach(item, method, operation)
			if (strcmp(method, "parameters") && strcmp(method, "servers") &&
			    !is_routed(path, method))
				fail_msg("%s %s is no route", method, path);
}

/* What only the cookie or a token opens is told so, and what does not need them. */
static void who_may_ask_is_told(void **state)
{
	AUTO_JSON json_t *document = read_document();
	const json_t *paths = json_object_get(document, "paths");

	(void)state;
	EACH_ROUTE(route) {
		AUTO_FREE char *path = path_of(route);
		AUTO_FREE char *method = lower(http_method_text(route->method));
		const json_t *operation = json_object_get(json_object_get(paths, path), method);
		const json_t *security = json_object_get(operation, "security");

		if (*path)
			assert_int_equal(security && json_array_size(security) == 0,
					 route->who == ROUTE_ANYBODY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_route_is_told),
		cmocka_unit_test(nothing_else_is_told),
		cmocka_unit_test(who_may_ask_is_told),
	};

	return cmocka_run_group_tests_name("the document of the API", tests, NULL, NULL);
}
