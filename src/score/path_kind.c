/* path_kind.c - see path_kind.h */
#include "score/path_kind.h"

#include <stdbool.h>
#include <string.h>

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

static bool is_test_path(const char *path)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	return !strncmp(path, "tests/", 6) || !strncmp(path, "test/", 5) ||
	       !strncmp(path, "spec/", 5) || strstr(path, "/tests/") || strstr(path, "/test/") ||
	       strstr(path, "/__tests__/") || !strncmp(path, "__tests__/", 10) ||
	       !strncmp(name, "test_", 5) || strstr(name, "_test.") || strstr(name, ".test.") ||
	       strstr(name, ".spec.") || ends_with(name, "Test.java") ||
	       ends_with(name, "Tests.java");
}

enum path_kind path_kind_of(const char *path)
{
	static const char *const texts[] = { ".md", ".markdown", ".txt", ".rst", ".adoc", ".org",
					     "README", "PLAN", "NOTES", "TODO" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (ends_with(path, texts[i]))
			return PATH_TEXT;
	return is_test_path(path) ? PATH_TEST : PATH_CODE;
}
