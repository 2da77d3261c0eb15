libtali_a_SOURCES += \
	src/http/http_mailbox.h \
	src/http/http_reply.h \
	src/http/http_request.h \
	src/http/http_server.h \
	src/http/http_stream.h \
	src/http/http_websocket.h \
	src/http/worker.h
