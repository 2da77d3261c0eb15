libtali_a_SOURCES += \
	src/web/route.h
