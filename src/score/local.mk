# local.mk - the sources and unit tests of src/score
libtali_a_SOURCES += \
	src/score/code_language.c src/score/code_language.h \
	src/score/code_tokens.c src/score/code_tokens.h \
	src/score/score_result.c src/score/score_result.h

unit_tests += \
	tests/unit/test_code_tokens

fuzz_tests += tests/fuzz/fuzz_code_tokens
