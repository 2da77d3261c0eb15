# local.mk - the sources, unit tests and fuzz targets of src/grade
libtali_a_SOURCES += src/grade/grade_text.c src/grade/grade_text.h
server_sources += \
	src/grade/agreement.c src/grade/agreement.h \
	src/grade/build_step.c src/grade/build_step.h \
	src/grade/case_report.c src/grade/case_report.h \
	src/grade/command_test.c src/grade/command_test.h \
	src/grade/compare.c src/grade/compare.h \
	src/grade/ctrf.c src/grade/ctrf.h \
	src/grade/gotest.c src/grade/gotest.h \
	src/grade/grade.c src/grade/grade.h \
	src/grade/grade_json.c src/grade/grade_json.h \
	src/grade/grade_tree.c src/grade/grade_tree.h \
	src/grade/interactive.c src/grade/interactive.h \
	src/grade/io_test.c src/grade/io_test.h \
	src/grade/judge.c src/grade/judge.h \
	src/grade/judge_build.c src/grade/judge_build.h \
	src/grade/junit.c src/grade/junit.h \
	src/grade/output_keep.c src/grade/output_keep.h \
	src/grade/program.c src/grade/program.h \
	src/grade/prove.c src/grade/prove.h \
	src/grade/reward.c src/grade/reward.h \
	src/grade/step.c src/grade/step.h \
	src/grade/tap.c src/grade/tap.h \
	src/grade/test_cases.c src/grade/test_cases.h \
	src/grade/validator.c src/grade/validator.h

unit_tests += \
	tests/unit/test_case_report \
	tests/unit/test_case_report_json \
	tests/unit/test_compare \
	tests/unit/test_grade \
	tests/unit/test_grade_agreement \
	tests/unit/test_grade_golden \
	tests/unit/test_grade_groups \
	tests/unit/test_grade_interactive \
	tests/unit/test_grade_program \
	tests/unit/test_grade_prove \
	tests/unit/test_grade_tree \
	tests/unit/test_output_keep

fuzz_tests += \
	tests/fuzz/fuzz_ctrf \
	tests/fuzz/fuzz_gotest \
	tests/fuzz/fuzz_junit \
	tests/fuzz/fuzz_tap
