# local.mk - the sources, unit tests and fuzz targets of src/replay
libtali_a_SOURCES += \
	src/replay/atif.c src/replay/atif.h \
	src/replay/cast.c src/replay/cast.h \
	src/replay/escape_filter.c src/replay/escape_filter.h \
	src/replay/payload_text.c src/replay/payload_text.h

unit_tests += tests/unit/test_escape_filter
fuzz_tests += tests/fuzz/fuzz_escape_filter
