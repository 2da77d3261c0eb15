# local.mk - the sources and unit tests of src/sandbox
libtali_a_SOURCES += \
	src/sandbox/plan.c src/sandbox/plan.h \
	src/sandbox/run_report.c src/sandbox/run_report.h
if SANDBOX
libtali_a_SOURCES += \
	src/sandbox/cage.c src/sandbox/cage.h \
	src/sandbox/cgroup.c src/sandbox/cgroup.h \
	src/sandbox/cgroup_base.c src/sandbox/cgroup_base.h \
	src/sandbox/container.c src/sandbox/container.h \
	src/sandbox/first_process.c src/sandbox/first_process.h \
	src/sandbox/host_folder.c src/sandbox/host_folder.h \
	src/sandbox/landlock.c src/sandbox/landlock.h \
	src/sandbox/launcher.c src/sandbox/launcher.h \
	src/sandbox/probe.c src/sandbox/probe.h \
	src/sandbox/pty.c src/sandbox/pty.h \
	src/sandbox/rootfs.c src/sandbox/rootfs.h \
	src/sandbox/run_channel.c src/sandbox/run_channel.h \
	src/sandbox/run_end.c src/sandbox/run_end.h \
	src/sandbox/run_guards.c src/sandbox/run_guards.h \
	src/sandbox/run_meter.c src/sandbox/run_meter.h \
	src/sandbox/sandbox.c src/sandbox/sandbox.h \
	src/sandbox/slot.c src/sandbox/slot.h \
	src/sandbox/supervisor.c src/sandbox/supervisor.h \
	src/sandbox/syscall_filter.c src/sandbox/syscall_filter.h \
	src/sandbox/trace_reader.c src/sandbox/trace_reader.h \
	src/sandbox/tree_meter.c src/sandbox/tree_meter.h \
	src/sandbox/uid_pair.c src/sandbox/uid_pair.h \
	src/sandbox/work_folder.c src/sandbox/work_folder.h

# The system call filters are compiled by the build.
noinst_PROGRAMS = filter-compiler
filter_compiler_SOURCES = tools/filter-compiler.c \
	src/sandbox/syscall_names.c src/sandbox/syscall_names.h \
	src/base/buf.c src/base/err.c
filter_compiler_LDADD = $(SECCOMP_LIBS) $(TALI_LIBS)
filter_compiler_CFLAGS = $(AM_CFLAGS)

syscall_filter_data.c: filter-compiler$(EXEEXT)
	$(AM_V_GEN)./filter-compiler >$@.new && mv $@.new $@
nodist_libtali_a_SOURCES += syscall_filter_data.c
CLEANFILES += syscall_filter_data.c syscall_filter_data.c.new

unit_tests += tests/unit/test_tree_meter
else
libtali_a_SOURCES += src/sandbox/sandbox_absent.c src/sandbox/sandbox_absent.h
endif

unit_tests += \
	tests/unit/test_hostile \
	tests/unit/test_hostile_user \
	tests/unit/test_sandbox \
	tests/unit/test_sandbox_plan \
	tests/unit/test_sandbox_user

sandbox_play = \
	tests/unit/sandbox_breaches.c \
	tests/unit/sandbox_limits.c \
	tests/unit/sandbox_lives.c \
	tests/unit/sandbox_play.c tests/unit/sandbox_play.h \
	tests/unit/sandbox_reuse.c \
	tests/unit/sandbox_terminal.c
tests_unit_test_sandbox_SOURCES = tests/unit/test_sandbox.c $(sandbox_play)
tests_unit_test_sandbox_DEPENDENCIES = libtali.a tests/hostile/hostile
tests_unit_test_sandbox_user_SOURCES = tests/unit/test_sandbox_user.c $(sandbox_play)
tests_unit_test_sandbox_user_DEPENDENCIES = libtali.a tests/hostile/hostile

hostile_play = $(sandbox_play) \
	tests/unit/hostile_bare.c tests/unit/hostile_bare.h \
	tests/unit/hostile_case.h \
	tests/unit/hostile_cases_limits.c \
	tests/unit/hostile_cases_walls.c \
	tests/unit/hostile_compilers.c \
	tests/unit/hostile_kills.c \
	tests/unit/hostile_plays.c \
	tests/unit/hostile_remains.c \
	tests/unit/hostile_runs.c \
	tests/unit/hostile_tree.c tests/unit/hostile_tree.h \
	tests/unit/hostile_witness.c tests/unit/hostile_witness.h
tests_unit_test_hostile_SOURCES = tests/unit/test_hostile.c $(hostile_play)
tests_unit_test_hostile_DEPENDENCIES = libtali.a tests/hostile/hostile
tests_unit_test_hostile_user_SOURCES = tests/unit/test_hostile_user.c $(hostile_play)
tests_unit_test_hostile_user_DEPENDENCIES = libtali.a tests/hostile/hostile

# What they run inside; never with sanitizers, which want more than the small limits give.
EXTRA_PROGRAMS += tests/hostile/hostile
tests_hostile_hostile_SOURCES = \
	tests/hostile/burdens.c \
	tests/hostile/files.c \
	tests/hostile/hostile.h \
	tests/hostile/lives.c \
	tests/hostile/main.c \
	tests/hostile/network.c \
	tests/hostile/probe.c \
	tests/hostile/processes.c \
	tests/hostile/residue.c \
	tests/hostile/rights.c \
	tests/hostile/stores.c \
	tests/hostile/surfaces.c
tests_hostile_hostile_CFLAGS = -std=gnu11 -pthread $(TALI_WARN)
tests_hostile_hostile_LDFLAGS = -pthread
tests_hostile_hostile_LDADD =
CLEANFILES += tests/hostile/hostile
