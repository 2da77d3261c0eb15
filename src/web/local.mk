# local.mk - the sources, unit tests and fuzz targets of src/web
server_sources += \
	src/web/api_chat.c src/web/api_chat.h \
	src/web/api_files.c src/web/api_files.h \
	src/web/api_gateway.c src/web/api_gateway.h \
	src/web/api_git.c src/web/api_git.h \
	src/web/api_session.c src/web/api_session.h \
	src/web/api_terminal.c src/web/api_terminal.h \
	src/web/api_work.c src/web/api_work.h \
	src/web/asset.c src/web/asset.h \
	src/web/log.c src/web/log.h \
	src/web/markdown.c src/web/markdown.h \
	src/web/markdown_table.c src/web/markdown_table.h \
	src/web/metrics.c src/web/metrics.h \
	src/web/pages.c src/web/pages.h \
	src/web/passage.c src/web/passage.h \
	src/web/route.c src/web/route.h \
	src/web/serve.c src/web/serve.h \
	src/web/session_cache.c src/web/session_cache.h \
	src/web/visitor.c src/web/visitor.h \
	src/web/web_page.c src/web/web_page.h

unit_tests += tests/unit/test_asset tests/unit/test_markdown tests/unit/test_openapi \
	tests/unit/test_route tests/unit/test_web_page
fuzz_tests += tests/fuzz/fuzz_markdown
