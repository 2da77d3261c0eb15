# local.mk - the sources and unit tests of src/score
libtali_a_SOURCES += \
	src/score/code_functions.c src/score/code_functions.h \
	src/score/code_head.c src/score/code_head.h \
	src/score/code_language.c src/score/code_language.h \
	src/score/code_leftovers.c src/score/code_leftovers.h \
	src/score/code_metrics.c src/score/code_metrics.h \
	src/score/code_names.c src/score/code_names.h \
	src/score/code_text.c src/score/code_text.h \
	src/score/code_tokens.c src/score/code_tokens.h \
	src/score/number_map.c src/score/number_map.h \
	src/score/score_result.c src/score/score_result.h \
	src/score/similarity.c src/score/similarity.h \
	src/score/winnow.c src/score/winnow.h

unit_tests += \
	tests/unit/test_code_metrics \
	tests/unit/test_code_tokens \
	tests/unit/test_similarity

fuzz_tests += tests/fuzz/fuzz_code_tokens
