# local.mk - the sources and unit tests of src/score
server_sources += \
	src/score/code_functions.c src/score/code_functions.h \
	src/score/code_head.c src/score/code_head.h \
	src/score/code_json.c src/score/code_json.h \
	src/score/code_language.c src/score/code_language.h \
	src/score/code_leftovers.c src/score/code_leftovers.h \
	src/score/code_metrics.c src/score/code_metrics.h \
	src/score/code_names.c src/score/code_names.h \
	src/score/code_text.c src/score/code_text.h \
	src/score/code_tokens.c src/score/code_tokens.h \
	src/score/code_tree.c src/score/code_tree.h \
	src/score/command_check.c src/score/command_check.h \
	src/score/facts.c src/score/facts.h \
	src/score/facts_read.c src/score/facts_read.h src/score/facts_internal.h \
	src/score/facts_talk.c src/score/facts_talk.h \
	src/score/facts_terms.c src/score/facts_terms.h \
	src/score/facts_trace.c src/score/facts_trace.h \
	src/score/feedback.c src/score/feedback.h \
	src/score/hundredths.c src/score/hundredths.h \
	src/score/integrity.c src/score/integrity.h \
	src/score/judge_answer.c src/score/judge_answer.h \
	src/score/judge_ask.c src/score/judge_ask.h \
	src/score/judge_card.c src/score/judge_card.h \
	src/score/judge_material.c src/score/judge_material.h \
	src/score/judge_merge.c src/score/judge_merge.h \
	src/score/judge_rubric.c src/score/judge_rubric.h \
	src/score/judge_text.c src/score/judge_text.h \
	src/score/number_map.c src/score/number_map.h \
	src/score/path_kind.c src/score/path_kind.h \
	src/score/prompt_quality.c src/score/prompt_quality.h \
	src/score/provenance.c src/score/provenance.h \
	src/score/score_card.c src/score/score_card.h \
	src/score/score_result.c src/score/score_result.h \
	src/score/score_session.c src/score/score_session.h \
	src/score/signal.c src/score/signal.h \
	src/score/signal_map.c src/score/signal_map.h \
	src/score/signals_outcome.c src/score/signals_outcome.h \
	src/score/signals_planning.c src/score/signals_planning.h \
	src/score/signals_prompts.c src/score/signals_prompts.h \
	src/score/signals_tools.c src/score/signals_tools.h \
	src/score/similarity.c src/score/similarity.h \
	src/score/time_split.c src/score/time_split.h \
	src/score/winnow.c src/score/winnow.h \
	src/score/wording.c src/score/wording.h \
	src/score/work_json.c src/score/work_json.h

unit_tests += \
	tests/unit/test_code_metrics \
	tests/unit/test_code_tokens \
	tests/unit/test_command_check \
	tests/unit/test_facts \
	tests/unit/test_facts_terminal \
	tests/unit/test_integrity \
	tests/unit/test_judge \
	tests/unit/test_judge_merge \
	tests/unit/test_judge_text \
	tests/unit/test_score_card \
	tests/unit/test_similarity \
	tests/unit/test_wording

fuzz_tests += \
	tests/fuzz/fuzz_code_metrics \
	tests/fuzz/fuzz_code_tokens \
	tests/fuzz/fuzz_judge_answer \
	tests/fuzz/fuzz_judge_text \
	tests/fuzz/fuzz_wording
