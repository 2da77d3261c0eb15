# local.mk - the sources and unit tests of src/ai
libtali_a_SOURCES += \
	src/ai/sse.c src/ai/sse.h

unit_tests += \
	tests/unit/test_sse

fuzz_tests += tests/fuzz/fuzz_sse
