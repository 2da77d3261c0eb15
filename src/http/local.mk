libtali_a_SOURCES += \
	src/http/curl_library.c src/http/curl_library.h \
	src/http/http_client.c src/http/http_client.h \
	src/http/http_fetch.c src/http/http_fetch.h \
	src/http/http_frame.c src/http/http_frame.h \
	src/http/http_socket.c src/http/http_socket.h \
	src/http/http_target.c src/http/http_target.h \
	src/http/sha1.c src/http/sha1.h
server_sources += \
	src/http/civetweb_library.c src/http/civetweb_library.h \
	src/http/http_connection.c src/http/http_connection.h \
	src/http/http_framing.c src/http/http_framing.h \
	src/http/http_internal.h \
	src/http/http_mailbox.c src/http/http_mailbox.h \
	src/http/http_pipe.c src/http/http_pipe.h \
	src/http/http_reply.c src/http/http_reply.h \
	src/http/http_request.c src/http/http_request.h \
	src/http/http_server.c src/http/http_server.h \
	src/http/http_stream.c src/http/http_stream.h \
	src/http/http_websocket.c src/http/http_websocket.h \
	src/http/worker.c src/http/worker.h

unit_tests += tests/unit/test_http_client tests/unit/test_http_framing tests/unit/test_http_pipe \
	tests/unit/test_http_reply tests/unit/test_http_server tests/unit/test_http_socket \
	tests/unit/test_http_stream tests/unit/test_http_target tests/unit/test_http_websocket \
	tests/unit/test_worker

fuzz_tests += tests/fuzz/fuzz_http_frame tests/fuzz/fuzz_http_head tests/fuzz/fuzz_http_socket \
	tests/fuzz/fuzz_http_target
