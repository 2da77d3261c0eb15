libtali_a_SOURCES += \
	src/base/auto.h \
	src/base/bell.c src/base/bell.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/crypt.c src/base/crypt.h \
	src/base/csv.c src/base/csv.h \
	src/base/err.c src/base/err.h \
	src/base/fs.c src/base/fs.h \
	src/base/owned_folder.c src/base/owned_folder.h \
	src/base/hash.c src/base/hash.h \
	src/base/json.c src/base/json.h \
	src/base/json_flat.c src/base/json_flat.h \
	src/base/lazy.c src/base/lazy.h \
	src/base/notify.c src/base/notify.h \
	src/base/opt.c src/base/opt.h \
	src/base/pack.c src/base/pack.h \
	src/base/progress.c src/base/progress.h \
	src/base/rand.c src/base/rand.h \
	src/base/schema.c src/base/schema.h \
	src/base/schema_fault.c src/base/schema_fault.h \
	src/base/schema_fit.c src/base/schema_fit.h \
	src/base/schema_rule.c src/base/schema_rule.h \
	src/base/share.c src/base/share.h \
	src/base/sign.c src/base/sign.h \
	src/base/signals.c src/base/signals.h \
	src/base/spelling.c src/base/spelling.h \
	src/base/system.c src/base/system.h \
	src/base/term.c src/base/term.h \
	src/base/utf8.c src/base/utf8.h

unit_tests += tests/unit/test_clock tests/unit/test_csv tests/unit/test_fs tests/unit/test_json \
	tests/unit/test_json_flat tests/unit/test_opt tests/unit/test_progress \
	tests/unit/test_rand_hash tests/unit/test_schema tests/unit/test_signals
