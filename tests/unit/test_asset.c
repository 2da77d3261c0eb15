/* test_asset.c - what pages ask for: paths, types, and the two encodings of each file */
#include "web/asset.h"

#include "base/share.h"
#include "workspace/gunzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_path_of_this_version_may_be_kept_for_ever(void **state)
{
	const struct asset *asset;
	bool immutable = false;
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "/assets/%s/app.css", asset_version);
	asset = asset_find(path, &immutable);
	assert_non_null(asset);
	assert_string_equal(asset->name, "app.css");
	assert_string_equal(asset_type(asset), "text/css; charset=utf-8");
	assert_true(immutable);
	asset = asset_find("/assets/0123456789abcdef/app.css", &immutable);
	assert_non_null(asset);
	assert_false(immutable);
}

static void other_paths_lead_to_nothing(void **state)
{
	static const char *const paths[] = {
		"",
		"/",
		"/assets",
		"/assets/",
		"/assets/app.css",
		"/assets/x/",
		"/assets/x/app.css/",
		"/assets/x/../app.css",
		"/assets/x/y/app.css",
		"/assets/x/workspace.html",
		"/app.css",
	};
	bool immutable;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_null(asset_find(paths[i], &immutable));
}

static void each_asset_is_what_its_gzip_holds(void **state)
{
	const struct asset *asset;
	int count = 0;

	(void)state;
	for (asset = assets; asset->name; asset++, count++) {
		struct err err = ERR_INIT;
		struct buf out = BUF_INIT(16 * 1024 * 1024);

		assert_int_equal(gunzip(asset->gzip, asset->gzip_size, &out, &err), 0);
		assert_int_equal(out.len, asset->size);
		assert_memory_equal(out.data, asset->data, asset->size);
		assert_string_not_equal(asset->etag, asset->gzip_etag);
		assert_int_equal(asset->etag[0], '"');
		assert_string_not_equal(asset_type(asset), "application/octet-stream");
		buf_release(&out);
	}
	assert_true(count > 10);
}

static void what_is_served_is_in_the_program_once(void **state)
{
	(void)state;
	assert_null(share_find("web/assets/app.css"));
	assert_null(share_find("web/package.json"));
	assert_null(share_find("web/bundle/build.sh"));
	assert_non_null(share_find("web/workspace.html"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_of_this_version_may_be_kept_for_ever),
		cmocka_unit_test(other_paths_lead_to_nothing),
		cmocka_unit_test(each_asset_is_what_its_gzip_holds),
		cmocka_unit_test(what_is_served_is_in_the_program_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
