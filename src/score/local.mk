libtali_a_SOURCES += \
	src/score/score_result.c src/score/score_result.h
