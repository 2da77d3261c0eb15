# local.mk - the sources and unit tests of src/task
libtali_a_SOURCES += \
	src/task/language.c src/task/language.h \
	src/task/language_probe.c src/task/language_probe.h \
	src/task/step_limits.c src/task/step_limits.h
server_sources += \
	src/task/classroom_tests.c src/task/classroom_tests.h \
	src/task/coderunner_kind.c src/task/coderunner_kind.h \
	src/task/coderunner_xml.c src/task/coderunner_xml.h \
	src/task/exercism_unskip.c src/task/exercism_unskip.h \
	src/task/harbor_image.c src/task/harbor_image.h \
	src/task/harbor_solution.c src/task/harbor_solution.h \
	src/task/harbor_text.c src/task/harbor_text.h \
	src/task/html_markdown.c src/task/html_markdown.h \
	src/task/import_draft.c src/task/import_draft.h \
	src/task/import_naming.c src/task/import_naming.h \
	src/task/import_source.c src/task/import_source.h \
	src/task/kattis_data.c src/task/kattis_data.h \
	src/task/kattis_expect.c src/task/kattis_expect.h \
	src/task/kattis_grader.c src/task/kattis_grader.h \
	src/task/kattis_judge.c src/task/kattis_judge.h \
	src/task/kattis_limits.c src/task/kattis_limits.h \
	src/task/kattis_problem.c src/task/kattis_problem.h \
	src/task/kattis_scoring.c src/task/kattis_scoring.h \
	src/task/kattis_statement.c src/task/kattis_statement.h \
	src/task/kattis_submissions.c src/task/kattis_submissions.h \
	src/task/kattis_tests.c src/task/kattis_tests.h \
	src/task/manifest.c src/task/manifest.h \
	src/task/manifest_check.c src/task/manifest_check.h \
	src/task/rubric.c src/task/rubric.h \
	src/task/task_export.c src/task/task_export.h \
	src/task/kattis_out_data.c src/task/kattis_out_data.h \
	src/task/kattis_out_programs.c src/task/kattis_out_programs.h \
	src/task/task_export_harbor.c src/task/task_export_harbor.h \
	src/task/task_export_kattis.c src/task/task_export_kattis.h \
	src/task/task_folder.c src/task/task_folder.h \
	src/task/task_import.c src/task/task_import.h \
	src/task/task_import_classroom.c src/task/task_import_classroom.h \
	src/task/task_import_coderunner.c src/task/task_import_coderunner.h \
	src/task/task_import_exercism.c src/task/task_import_exercism.h \
	src/task/task_import_harbor.c src/task/task_import_harbor.h \
	src/task/task_import_kattis.c src/task/task_import_kattis.h \
	src/task/task_import_task.c src/task/task_import_task.h \
	src/task/tex_formula.c src/task/tex_formula.h \
	src/task/tex_markdown.c src/task/tex_markdown.h \
	src/task/toml.c src/task/toml.h \
	src/task/xml.c src/task/xml.h \
	src/task/yaml.c src/task/yaml.h

unit_tests += \
	tests/unit/test_html_markdown \
	tests/unit/test_import_source \
	tests/unit/test_language \
	tests/unit/test_manifest \
	tests/unit/test_manifest_groups \
	tests/unit/test_task_folder \
	tests/unit/test_tex_formula \
	tests/unit/test_tex_markdown \
	tests/unit/test_toml \
	tests/unit/test_yaml

fuzz_tests += tests/fuzz/fuzz_coderunner tests/fuzz/fuzz_manifest \
	tests/fuzz/fuzz_tex_markdown tests/fuzz/fuzz_yaml
