# local.mk - the sources and unit tests of src/ai
libtali_a_SOURCES += \
	src/ai/ai_blocks.c src/ai/ai_blocks.h \
	src/ai/ai_json.c src/ai/ai_json.h \
	src/ai/ai_price.c src/ai/ai_price.h \
	src/ai/ai_usage.c src/ai/ai_usage.h \
	src/ai/sse.c src/ai/sse.h

unit_tests += \
	tests/unit/test_ai_blocks \
	tests/unit/test_ai_json \
	tests/unit/test_ai_price \
	tests/unit/test_sse

fuzz_tests += \
	tests/fuzz/fuzz_sse
