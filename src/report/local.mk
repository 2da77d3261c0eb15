server_sources += \
	src/report/blind.c src/report/blind.h \
	src/report/ci_classroom.c src/report/ci_classroom.h \
	src/report/ci_csv.c src/report/ci_csv.h \
	src/report/ci_ctrf.c src/report/ci_ctrf.h \
	src/report/ci_github.c src/report/ci_github.h \
	src/report/ci_junit.c src/report/ci_junit.h \
	src/report/ci_platform.c src/report/ci_platform.h \
	src/report/ci_sarif.c src/report/ci_sarif.h \
	src/report/ci_tap.c src/report/ci_tap.h \
	src/report/ci_text.c src/report/ci_text.h \
	src/report/ci_view.c src/report/ci_view.h \
	src/report/explain.c src/report/explain.h \
	src/report/html.c src/report/html.h \
	src/report/pango_library.c src/report/pango_library.h \
	src/report/pdf_sheet.c src/report/pdf_sheet.h \
	src/report/report_compare.c src/report/report_compare.h \
	src/report/report_csv.c src/report/report_csv.h \
	src/report/report_html.c src/report/report_html.h \
	src/report/report_pdf.c src/report/report_pdf.h \
	src/report/report_radar.c src/report/report_radar.h \
	src/report/report_text.c src/report/report_text.h \
	src/report/report_words.c src/report/report_words.h \
	src/report/result.c src/report/result.h \
	src/report/result_text.c src/report/result_text.h \
	src/report/template.c src/report/template.h \
	src/report/view.c src/report/view.h \
	src/report/words.c src/report/words.h \
	src/report/words_score.c src/report/words_score.h \
	src/report/words_work.c src/report/words_work.h

unit_tests += tests/unit/test_ci_text tests/unit/test_ci_view tests/unit/test_report \
	tests/unit/test_result
fuzz_tests += tests/fuzz/fuzz_report tests/fuzz/fuzz_template
