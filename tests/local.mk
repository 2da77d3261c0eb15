# local.mk - how the tests run, and the lists of those that belong to no folder of src/
#
# A unit test or fuzz target is one line, best in the local.mk of the folder it tests:
#	unit_tests += tests/unit/test_buf	(tests/unit/test_buf.c, cmocka)
#	fuzz_tests += tests/fuzz/fuzz_opt	(tests/fuzz/fuzz_opt.c, tests/fuzz/corpus/opt/)
# A shell script is one line here. What takes longest comes first, so that at the end all processors
# have something to do.

# What shows pages in a browser, what proves the templates, and what builds a tali of its own, finds
# the same whatever this one is built with: where it has sanitizers, this is not done a second time.
# (Those who make the pages are watched by test_web_page, test_page, test_report and
# tests/web/serve.sh, proofs of every kind of test by t0012, t0014, t0016 to t0019 and test_grade*.)
if !SANITIZE
cli_tests += tests/web/candidate.sh tests/web/chat.sh tests/cli/t0013-bank.sh \
	tests/cli/t0013-templates.sh tests/web/replay-page.sh tests/web/report-page.sh \
	tests/web/journal.sh tests/cli/t0100-client-build.sh
endif
cli_tests += tests/web/serve.sh tests/web/serve-chat.sh tests/web/result.sh tests/web/ai-sdk.sh

cli_tests += \
	tests/cli/t0001-init.sh \
	tests/cli/t0002-command-line.sh \
	tests/cli/t0003-completion.sh \
	tests/cli/t0004-config.sh \
	tests/cli/t0005-doctor.sh \
	tests/cli/t0010-task-check.sh \
	tests/cli/t0011-task-store.sh \
	tests/cli/t0012-prove.sh \
	tests/cli/t0014-import.sh \
	tests/cli/t0015-import-hostile.sh \
	tests/cli/t0016-grade-groups.sh \
	tests/cli/t0017-import-kattis.sh \
	tests/cli/t0018-export-kattis.sh \
	tests/cli/t0019-harbor.sh \
	tests/cli/t0020-invite.sh \
	tests/cli/t0021-candidate.sh \
	tests/cli/t0022-passcode.sh \
	tests/cli/t0023-window.sh \
	tests/cli/t0024-attempts.sh \
	tests/cli/t0030-journey.sh \
	tests/cli/t0031-run.sh \
	tests/cli/t0032-submit.sh \
	tests/cli/t0033-score.sh \
	tests/cli/t0034-prefix.sh \
	tests/cli/t0035-deadline.sh \
	tests/cli/t0036-objects.sh \
	tests/cli/t0037-score-all.sh \
	tests/cli/t0038-reports.sh \
	tests/cli/t0039-similar.sh \
	tests/cli/t0040-sandbox.sh \
	tests/cli/t0050-journal-append.sh \
	tests/cli/t0051-journal-stats.sh \
	tests/cli/t0052-foreign.sh \
	tests/cli/t0053-note.sh \
	tests/cli/t0054-shell.sh \
	tests/cli/t0055-replay.sh \
	tests/cli/t0056-export-import.sh \
	tests/cli/t0057-verify-fold.sh \
	tests/cli/t0058-player.sh \
	tests/cli/t0060-serve.sh \
	tests/cli/t0061-api.sh \
	tests/cli/t0062-nginx.sh \
	tests/cli/t0063-operator.sh \
	tests/cli/t0064-service.sh \
	tests/cli/t0065-bootstrap.sh \
	tests/cli/t0070-scoring.sh \
	tests/cli/t0072-judge.sh \
	tests/cli/t0071-report.sh \
	tests/cli/t0079-ai-provider.sh \
	tests/cli/t0080-gateway.sh \
	tests/cli/t0081-gateway-faults.sh \
	tests/cli/t0082-agent.sh \
	tests/cli/t0083-chat.sh \
	tests/cli/t0084-chat-provider.sh \
	tests/cli/t0090-score-formats.sh \
	tests/cli/t0091-score-archives.sh \
	tests/cli/t0092-ci-recipes.sh \
	tests/cli/t0093-ci-readers.sh \
	tests/cli/t0094-git.sh \
	tests/cli/t0095-remote.sh \
	tests/cli/t0096-watch.sh \
	tests/cli/t0097-remote-run.sh \
	tests/cli/t0098-late.sh

cli_tests += \
	tests/cli/t4000-crash.sh \
	tests/cli/t4001-concurrent.sh \
	tests/cli/t4002-readonly.sh \
	tests/cli/t4003-full-disk.sh \
	tests/cli/t4004-newer.sh \
	tests/cli/t4005-tamper.sh \
	tests/cli/t4010-ingest-crash.sh \
	tests/cli/t4011-serve-crash.sh \
	tests/cli/t4012-serve-full-disk.sh \
	tests/cli/t5000-hostile-submissions.sh

# own tools of candidates
cli_tests += tests/cli/t0099-env.sh tests/cli/t0101-transcripts.sh tests/agents/agents.sh

# pages of made-up sessions, for tests/web
check_PROGRAMS += tests/web/make-pages
tests_web_make_pages_SOURCES = tests/web/make-pages.c
tests_web_make_pages_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests -I$(srcdir)/tests/unit

# a report as HTML, for tests/web
check_PROGRAMS += tests/web/make-report
tests_web_make_report_SOURCES = tests/web/make-report.c
tests_web_make_report_LDADD = libtali.a $(TALI_LIBS)

# pages and assets as the server has them, for tests/web
check_PROGRAMS += tests/web/print-page
tests_web_print_page_SOURCES = tests/web/print-page.c
tests_web_print_page_LDADD = libtali.a $(TALI_LIBS)

check_scripts = \
	tests/checks/floors.sh \
	tests/checks/source.sh \
	tests/checks/docs.sh \
	tests/checks/web-size.sh \
	tests/checks/harness.sh

TESTS = $(check_scripts) $(unit_tests) $(fuzz_tests) $(cli_tests)

# --- programs: own source, libtali.a, cmocka; a fuzz target gets its main from the driver

check_LIBRARIES += tests/fuzz/libdriver.a
tests_fuzz_libdriver_a_SOURCES = tests/fuzz/driver.c
if FUZZ
LDADD = $(FUZZ_ENGINE) libtali.a $(TALI_LIBS)
else
LDADD = tests/fuzz/libdriver.a $(native_libs) $(CMOCKA_LIBS) $(TALI_LIBS)
endif

# libtali.a, with a sandbox that can be kept out of valgrind's sight
check_LIBRARIES += tests/fake/libnative.a
tests_fake_libnative_a_SOURCES = tests/fake/launch-native.c
native_libs = libtali.a tests/fake/libnative.a libtali.a $(WRAP_LAUNCHER)
check_PROGRAMS += tests/fake/native-helper
tests_fake_native_helper_SOURCES = tests/fake/native-helper.c
tests_fake_native_helper_LDADD = libtali.a $(TALI_LIBS)

fuzz: $(fuzz_tests)

# `tali` with a clock that tests may move
check_PROGRAMS += tests/fake/tali-at
tests_fake_tali_at_SOURCES = tests/fake/tali-at.c
tests_fake_tali_at_LDADD = libtali_cmd.a $(native_libs) $(TALI_LIBS)

# adds events as a recorder would
check_PROGRAMS += tests/fake/tell-lines
tests_fake_tell_lines_SOURCES = tests/fake/tell-lines.c
tests_fake_tell_lines_LDADD = libtali.a $(TALI_LIBS)

# writes events into a journal, true or not
check_PROGRAMS += tests/fake/tell
tests_fake_tell_SOURCES = tests/fake/tell.c
tests_fake_tell_LDADD = libtali.a $(TALI_LIBS)

# a command on a terminal, played by a script
check_PROGRAMS += tests/fake/play-pty
tests_fake_play_pty_SOURCES = tests/fake/play-pty.c
tests_fake_play_pty_LDADD = libtali.a $(TALI_LIBS) -lutil

# ends a command by SIGKILL at a chosen point
check_PROGRAMS += tests/fake/kill-at
tests_fake_kill_at_SOURCES = tests/fake/kill-at.c
tests_fake_kill_at_LDADD =

# sessions that send batches until it is killed
check_PROGRAMS += tests/fake/ingest-load
tests_fake_ingest_load_SOURCES = tests/fake/ingest-load.c
tests_fake_ingest_load_LDADD = libtali.a $(TALI_LIBS)

# a server for what is in front of it
check_PROGRAMS += tests/fake/http-peer
tests_fake_http_peer_SOURCES = tests/fake/http-peer.c
tests_fake_http_peer_LDADD = libtali.a $(TALI_LIBS)

# a provider of models that is none
check_PROGRAMS += tests/fake/ai-provider
tests_fake_ai_provider_SOURCES = tests/fake/ai-provider.c tests/fake/ai-provider-ask.c \
	tests/fake/ai-provider-ask.h tests/fake/ai-provider-chat.c tests/fake/ai-provider-http.c \
	tests/fake/ai-provider-http.h tests/fake/ai-provider-judge.c \
	tests/fake/ai-provider-judge.h tests/fake/ai-provider-messages.c \
	tests/fake/ai-provider-plan.c tests/fake/ai-provider-plan.h \
	tests/fake/ai-provider-responses.c tests/fake/ai-provider-say.c \
	tests/fake/ai-provider-say.h tests/fake/ai-provider-stream.c tests/fake/ai-provider-wire.h
tests_fake_ai_provider_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests/fake
tests_fake_ai_provider_LDADD = libtali.a $(TALI_LIBS)

# sits at a terminal
check_PROGRAMS += tests/fake/pty-drive
tests_fake_pty_drive_SOURCES = tests/fake/pty-drive.c
tests_fake_pty_drive_LDADD =

# --- running: tests/run cleans the TAP of each, automake's driver counts it

AM_TESTS_ENVIRONMENT = TALI_SRCDIR='$(abs_srcdir)'; TALI_BUILDDIR='$(abs_builddir)'; \
	export TALI_SRCDIR TALI_BUILDDIR;
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(srcdir)/build-aux/tap-driver.sh
LOG_COMPILER = $(srcdir)/tests/run
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = $(LOG_COMPILER)

# The last line says `N passed, N failed`; a test that left no result counts as failed. This stands
# in for automake's own rule, which ends with its table.
check-TESTS: $(check_PROGRAMS) $(check_LIBRARIES)
if !HAVE_CMOCKA
	@echo "make check needs cmocka: apt-get install libcmocka-dev" >&2; exit 1
endif
	@rm -f $(TEST_LOGS) $(TEST_LOGS:.log=.trs) $(TEST_SUITE_LOG); status=0; \
	$(MAKE) $(AM_MAKEFLAGS) $(TEST_SUITE_LOG) || status=1; \
	$(srcdir)/tests/run-summary $(TEST_LOGS:.log=.trs) || status=1; \
	exit $$status

# With sanitizers: a build folder of its own, `../configure --enable-sanitize && make check`.
# With valgrind: any build folder. All of tali is watched but the processes of a sandbox.
valgrind_tests = $(filter-out tests/checks/%,$(TESTS))

valgrind = valgrind --quiet --error-exitcode=99 --leak-check=full --sim-hints=lax-ioctls \
	--errors-for-leak-kinds=definite --suppressions=$(abs_srcdir)/tests/valgrind.supp

check-valgrind:
	@TALI_VALGRIND='$(valgrind)' TALI_NATIVE_HELPER=$(abs_builddir)/tests/fake/native-helper \
		TALI_TEST_TIMEOUT=3600 $(MAKE) $(AM_MAKEFLAGS) check TESTS='$(valgrind_tests)'

# --- measuring: one JSON line per row

bench_programs = tests/bench/exam tests/bench/gateway tests/bench/hello tests/bench/ingest \
	tests/bench/launch tests/bench/live tests/bench/regrade tests/bench/repeat \
	tests/bench/replay tests/bench/sandbox tests/bench/score tests/bench/serve \
	tests/bench/similarity tests/bench/snapshot tests/bench/soak
EXTRA_PROGRAMS += $(bench_programs)
api_load_sources = tests/bench/api_load.c tests/bench/api_load.h tests/bench/http_load.c \
	tests/bench/http_load.h tests/bench/measure.c
tests_bench_ingest_SOURCES = tests/bench/ingest.c tests/bench/measure.c
tests_bench_ingest_LDADD = libtali.a $(TALI_LIBS)
tests_bench_launch_SOURCES = tests/bench/launch.c tests/bench/measure.c tests/bench/measure.h
tests_bench_launch_LDADD =
tests_bench_regrade_SOURCES = tests/bench/regrade.c tests/bench/measure.c
tests_bench_regrade_LDADD =
tests_bench_repeat_SOURCES = tests/bench/repeat.c tests/bench/measure.c
tests_bench_repeat_LDADD =
tests_bench_replay_SOURCES = tests/bench/replay.c tests/bench/measure.c
tests_bench_replay_LDADD = libtali.a $(TALI_LIBS)
tests_bench_sandbox_SOURCES = tests/bench/sandbox.c tests/bench/measure.c
tests_bench_sandbox_LDADD = libtali.a $(TALI_LIBS)
# what libtali.a loads itself is linked here: the server without us
tests_bench_hello_SOURCES = tests/bench/hello.c
tests_bench_hello_LDADD = $(CIVETWEB_LIBS)
tests_bench_exam_SOURCES = tests/bench/exam.c $(api_load_sources)
tests_bench_exam_LDADD =
tests_bench_gateway_SOURCES = tests/bench/gateway.c tests/bench/measure.c
tests_bench_gateway_LDADD =
tests_bench_live_SOURCES = tests/bench/live.c $(api_load_sources)
tests_bench_live_LDADD =
tests_bench_serve_SOURCES = tests/bench/serve.c tests/bench/http_load.c tests/bench/http_load.h \
	tests/bench/measure.c
tests_bench_serve_LDADD =
tests_bench_score_SOURCES = tests/bench/score.c tests/bench/measure.c
tests_bench_score_LDADD = libtali.a $(TALI_LIBS)
tests_bench_similarity_SOURCES = tests/bench/similarity.c tests/bench/measure.c
tests_bench_similarity_LDADD = libtali.a $(TALI_LIBS)
tests_bench_soak_SOURCES = tests/bench/soak.c tests/bench/measure.c
tests_bench_soak_LDADD = libtali.a $(TALI_LIBS)
tests_bench_snapshot_SOURCES = tests/bench/snapshot.c tests/bench/measure.c
tests_bench_snapshot_LDADD = libtali.a $(TALI_LIBS)
CLEANFILES += $(bench_programs)

BENCH = $(filter-out lib,$(patsubst $(srcdir)/tests/bench/%.sh,%,\
	$(sort $(wildcard $(srcdir)/tests/bench/*.sh))))

bench: all $(bench_programs)
	@for bench in $(BENCH); do \
		TALI_SRCDIR=$(abs_srcdir) TALI_BUILDDIR=$(abs_builddir) \
			$(srcdir)/tests/bench/$$bench.sh || exit 1; \
	done
