libtali_a_SOURCES += \
	src/web/api_files.c src/web/api_files.h \
	src/web/api_session.c src/web/api_session.h \
	src/web/api_terminal.c src/web/api_terminal.h \
	src/web/api_work.c src/web/api_work.h \
	src/web/log.c src/web/log.h \
	src/web/metrics.c src/web/metrics.h \
	src/web/route.c src/web/route.h \
	src/web/serve.c src/web/serve.h \
	src/web/visitor.c src/web/visitor.h

unit_tests += tests/unit/test_openapi tests/unit/test_route
