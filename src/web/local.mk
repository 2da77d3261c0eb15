libtali_a_SOURCES += \
	src/web/log.c src/web/log.h \
	src/web/metrics.c src/web/metrics.h \
	src/web/route.c src/web/route.h \
	src/web/serve.c src/web/serve.h

unit_tests += tests/unit/test_route
