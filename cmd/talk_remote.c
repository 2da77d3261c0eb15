/* talk_remote.c - a talk with the assistant of the server that has the session */
#include "talk_internal.h"

#include "base/json.h"
#include "work/remote_stream.h"
#include "work/workplace_sync.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#define TICK_MS 100
#define EVENTS_MOST 100000	/* of one turn */

static struct workplace_remote *place_of(const struct talk *talk)
{
	return (struct workplace_remote *)talk->ctx->place;
}

static void close_parts(struct talk *talk)
{
	(void)talk;
}

static json_t *offer(struct talk *talk, struct err *err)
{
	int status;

	return remote_json(&place_of(talk)->remote, "GET", "/api/v1/chat", NULL, &status, err);
}

static int resume(struct talk *talk, struct err *err)
{
	AUTO_JSON json_t *known = offer(talk, err);

	if (!known)
		return -1;
	talk_set_conversation(talk, json_str(known, "conversation", NULL));
	return 0;
}

/* --- a turn */

static int stop(struct talk *talk, struct err *err)
{
	const struct remote_ask ask = { .method = "DELETE", .path = "/api/v1/chat" };
	AUTO(buf_release) struct buf answer = BUF_INIT(1 << 16);
	int status;

	return remote_bytes(&place_of(talk)->remote, &ask, &answer, &status, err);
}

static struct remote_stream *begin(struct talk *talk, const struct talk_question *question,
				   struct err *err)
{
	AUTO_JSON json_t *body = json_pack("{s:s}", "text", question->text);

	if (!body) {
		err_set(err, ERR_USAGE, "the question is not UTF-8");
		return NULL;
	}
	if (question->model)
		json_object_set_new(body, "model", json_string(question->model));
	if (talk_conversation(talk))
		json_object_set_new(body, "conversation", json_string(talk_conversation(talk)));
	return remote_stream_open(&place_of(talk)->remote, "POST", "/api/v1/chat", body, err);
}

/* Why no more comes; a model that is not there is told as in a store. */
static int end_early(struct remote_stream *stream, struct err *err)
{
	if (remote_stream_status(stream) == 404)
		err->code = ERR_NOT_FOUND;
	if (err->code != ERR_NONE)
		return -1;
	return err_set(err, ERR_ENV, "the connection was lost; the answer goes on at the server");
}

/* One event, or a tick. */
static int take_one(struct talk *talk, struct remote_stream *stream, struct err *err)
{
	struct pollfd fd = { .fd = remote_stream_fd(stream), .events = POLLIN };
	char name[REMOTE_STREAM_NAME_MAX];
	AUTO_JSON json_t *data = NULL;
	int got = remote_stream_next(stream, name, &data, err);

	if (got < 0)
		return end_early(stream, err);
	if (got == 1)
		talk_take(talk, name, data);
	else if (poll(&fd, 1, TICK_MS) < 0 && errno != EINTR)
		return err_sys(err, "cannot wait");
	return talk_was_interrupted(talk, 0) ? stop(talk, err) : got;
}

static int ask(struct talk *talk, const struct talk_question *question, struct err *err)
{
	AUTO(remote_stream_close) struct remote_stream *stream = NULL;
	int count = 0, got = 0;

	if (workplace_sync(place_of(talk), err) < 0)
		return -1;
	stream = begin(talk, question, err);
	if (!stream)
		return -1;
	while (got >= 0 && !talk_is_over(talk)) {
		got = take_one(talk, stream, err);
		count += got > 0;
		if (count > EVENTS_MOST)
			return err_set(err, ERR_ENV, "the server does not come to an end");
	}
	return got < 0 ? -1 : 0;
}

static const struct talk_way way = { close_parts, resume, offer, ask };

struct talk *talk_remote_open(const struct cmd_ctx *ctx)
{
	struct talk *talk = buf_alloc(sizeof(*talk));

	talk_begin(talk, &way, ctx);
	return talk;
}
