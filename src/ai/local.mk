# local.mk - the sources and unit tests of src/ai
libtali_a_SOURCES += \
	src/ai/sse.c src/ai/sse.h
server_sources += \
	src/ai/ai_blocks.c src/ai/ai_blocks.h \
	src/ai/ai_delta.c src/ai/ai_delta.h \
	src/ai/ai_json.c src/ai/ai_json.h \
	src/ai/ai_answer.c src/ai/ai_answer.h \
	src/ai/ai_budget.c src/ai/ai_budget.h \
	src/ai/ai_edit.c src/ai/ai_edit.h \
	src/ai/ai_guard.c src/ai/ai_guard.h \
	src/ai/ai_kind.c src/ai/ai_kind.h \
	src/ai/ai_policy.c src/ai/ai_policy.h \
	src/ai/ai_price.c src/ai/ai_price.h \
	src/ai/ai_refusal.c src/ai/ai_refusal.h \
	src/ai/ai_request.c src/ai/ai_request.h \
	src/ai/ai_retry.c src/ai/ai_retry.h \
	src/ai/ai_script.c src/ai/ai_script.h \
	src/ai/ai_usage.c src/ai/ai_usage.h \
	src/ai/ai_wire.c src/ai/ai_wire.h \
	src/ai/answer_parts.c src/ai/answer_parts.h \
	src/ai/answer_stream.c src/ai/answer_stream.h \
	src/ai/chat_answer.c src/ai/chat_answer.h \
	src/ai/conversation.c src/ai/conversation.h \
	src/ai/messages_answer.c src/ai/messages_answer.h \
	src/ai/model_asker.c src/ai/model_asker.h \
	src/ai/model_list.c src/ai/model_list.h \
	src/ai/prompt.c src/ai/prompt.h \
	src/ai/provider_call.c src/ai/provider_call.h \
	src/ai/provider_key.c src/ai/provider_key.h \
	src/ai/responses_answer.c src/ai/responses_answer.h \
	src/ai/wire_chat.c src/ai/wire_chat.h \
	src/ai/wire_messages.c src/ai/wire_messages.h \
	src/ai/wire_responses.c src/ai/wire_responses.h

unit_tests += \
	tests/unit/test_ai_blocks \
	tests/unit/test_ai_budget \
	tests/unit/test_ai_guard \
	tests/unit/test_ai_json \
	tests/unit/test_ai_price \
	tests/unit/test_ai_retry \
	tests/unit/test_ai_script \
	tests/unit/test_chat_answer \
	tests/unit/test_conversation \
	tests/unit/test_messages_answer \
	tests/unit/test_provider \
	tests/unit/test_responses_answer \
	tests/unit/test_sse \
	tests/unit/test_wire_build \
	tests/unit/test_wire_request

fuzz_tests += \
	tests/fuzz/fuzz_ai_answer \
	tests/fuzz/fuzz_ai_delta \
	tests/fuzz/fuzz_ai_guard \
	tests/fuzz/fuzz_ai_request \
	tests/fuzz/fuzz_ai_script \
	tests/fuzz/fuzz_sse
