libtali_a_SOURCES += \
	src/ai/model_list.c src/ai/model_list.h \
	src/ai/provider_key.c src/ai/provider_key.h

unit_tests += tests/unit/test_provider
