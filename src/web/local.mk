# local.mk - the sources, unit tests and fuzz targets of src/web
libtali_a_SOURCES += \
	src/web/asset.c src/web/asset.h \
	src/web/html.c src/web/html.h \
	src/web/markdown.c src/web/markdown.h \
	src/web/template.c src/web/template.h \
	src/web/web_page.c src/web/web_page.h

unit_tests += tests/unit/test_asset tests/unit/test_markdown tests/unit/test_web_page
fuzz_tests += tests/fuzz/fuzz_markdown tests/fuzz/fuzz_template
