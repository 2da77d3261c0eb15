libtali_a_SOURCES += \
	src/report/explain.c src/report/explain.h \
	src/report/result.c src/report/result.h \
	src/report/view.c src/report/view.h

unit_tests += tests/unit/test_result
