server_sources += \
	src/store/assessment.c src/store/assessment.h \
	src/store/candidate.c src/store/candidate.h \
	src/store/checkpoint.c src/store/checkpoint.h \
	src/store/client.c src/store/client.h \
	src/store/config.c src/store/config.h \
	src/store/event.c src/store/event.h \
	src/store/job.c src/store/job.h \
	src/store/owner.c src/store/owner.h \
	src/store/prefix.c src/store/prefix.h \
	src/store/provider.c src/store/provider.h \
	src/store/review_row.c src/store/review_row.h \
	src/store/score_row.c src/store/score_row.h \
	src/store/score_sweep.c src/store/score_sweep.h \
	src/store/sql.c src/store/sql.h \
	src/store/store.c src/store/store.h src/store/store_internal.h \
	src/store/task.c src/store/task.h \
	src/store/throttle.c src/store/throttle.h

unit_tests += tests/unit/test_store
