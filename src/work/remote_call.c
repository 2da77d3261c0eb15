/* remote_call.c - see remote_call.h */
#include "work/remote_call.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/system.h"
#include "base/utf8.h"
#include "http/http_fetch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MOST 200		/* bytes of the server's in an error */
#define FIRST_BYTE_MS 30000
#define CONNECT_MS 10000
#define IDLE_MS 30000
#define TOTAL_MORE_MS 120000	/* for the whole answer, after the first byte may be due */

static int open_client(struct remote *remote, struct err *err)
{
	remote->client = http_client_open(err);
	if (remote->client)
		return 0;
	remote_state_release(&remote->state);
	return -1;
}

int remote_open(const struct session *session, struct remote *ret, struct err *err)
{
	if (remote_state_get(session, &ret->state, err) < 0)
		return -1;
	return open_client(ret, err);
}

int remote_open_link(const char *link, struct remote *ret, struct err *err)
{
	if (remote_state_link(link, &ret->state.server, &ret->state.token, err) < 0)
		return -1;
	return open_client(ret, err);
}

void remote_close(struct remote *remote)
{
	if (remote->client)
		http_client_close(&remote->client);
	remote_state_release(&remote->state);
}

const char *remote_ca_file(void)
{
	const char *file = getenv("TALI_CA_FILE");

	return file && *file ? file : NULL;
}

/* --- what an answer means */

/* Only what can be read passes: control characters, also those of C1, are blanks. */
static char *printable(const char *text)
{
	struct buf out = BUF_INIT(WORDS_MOST + 4);
	size_t left = strlen(text), size;

	for (; left > 0; text += size, left -= size) {
		size = utf8_char(text, left);
		if (!size)
			break;
		if (out.len + size > WORDS_MOST) {
			buf_add_str(&out, "...");
			break;
		}
		if (utf8_decode(text, size) < 0x20 ||
		    (utf8_decode(text, size) >= 0x7f && utf8_decode(text, size) < 0xa0))
			buf_add_byte(&out, ' ');
		else
			buf_add(&out, text, size);
	}
	return buf_take(&out);
}

/* The server's own sentence, or NULL. Yours. */
static char *words_of(const struct buf *body)
{
	struct err ignored = ERR_INIT;
	AUTO_JSON json_t *root = json_parse(buf_str(body), body->len, "answer", &ignored);
	const char *text = json_str(json_object_get(root, "error"), "message", NULL);

	return text && *text ? printable(text) : NULL;
}

static enum err_code code_of(int status)
{
	switch (status) {
	case 401:
		return ERR_NOT_FOUND;
	case 403:
	case 409:
	case 410:
	case 412:
		return ERR_STATE;
	case 429:
		return ERR_ENV;
	default:
		return status >= 400 && status < 500 ? ERR_INPUT : ERR_ENV;
	}
}

int remote_refused(const struct remote *remote, int status, const struct buf *body,
		   struct err *err)
{
	AUTO_FREE char *words = words_of(body);

	if (status == 401)
		return err_set(err, ERR_NOT_FOUND, "%s does not know this link (any more); ask for "
			       "the new one and `tali start` it here", remote->state.server);
	if (status >= 300 && status < 400)
		return err_set(err, ERR_ENV, "%s sends us elsewhere (status %d): that is not "
			       "followed", remote->state.server, status);
	if (words)
		return err_set(err, code_of(status), "%s: %s", remote->state.server, words);
	/* a proxy or a captive portal speaks, and will not always */
	return err_set(err, ERR_ENV, "%s answered with status %d, and not as a tali server does",
		       remote->state.server, status);
}

static int judge(const struct remote *remote, const struct http_answer *answer, struct err *err)
{
	const char *server = remote->state.server;

	if (answer->too_long)
		return err_set(err, ERR_ENV, "the answer of %s is longer than %u bytes", server,
			       REMOTE_ANSWER_MAX);
	if (answer->result == HTTP_CALL_UNTRUSTED)
		return err_set(err, ERR_ENV, "%s cannot prove that it is that server: %s", server,
			       answer->text);
	if (answer->result != HTTP_CALL_DONE)
		return err_set(err, ERR_ENV, "%s cannot be reached: %s", server, answer->text);
	if (answer->status >= 200 && answer->status < 300)
		return 0;
	return remote_refused(remote, answer->status, &answer->body, err);
}

/* --- asking */

int remote_bytes(struct remote *remote, const struct remote_ask *ask, struct buf *out,
		 int *ret_status, struct err *err)
{
	AUTO_FREE char *url = buf_format("%s%s", remote->state.server, ask->path);
	char *bearer = buf_format("Bearer %s", remote->state.token);
	const struct http_field fields[] = {
		{ "Authorization", bearer }, { "User-Agent", "tali/" PACKAGE_VERSION },
		{ "Content-Type", ask->content_type }, { "If-Match", ask->if_match },
		{ "If-None-Match", ask->if_new ? "*" : NULL },
	};
	int wait_ms = ask->wait_ms ? ask->wait_ms : FIRST_BYTE_MS;
	struct http_call_config config = {
		.method = ask->method, .url = url, .fields = fields, .body = ask->body,
		.field_count = sizeof(fields) / sizeof(*fields), .body_len = ask->body_len,
		.connect_ms = CONNECT_MS, .first_byte_ms = wait_ms, .idle_ms = IDLE_MS,
		.total_ms = wait_ms + TOTAL_MORE_MS, .ca_file = remote_ca_file(),
	};
	AUTO(http_answer_release) struct http_answer answer = { .status = 0 };
	int failed = http_fetch(remote->client, &config, REMOTE_ANSWER_MAX, &answer, err);

	system_erase(bearer, strlen(bearer));
	free(bearer);
	*ret_status = answer.status;
	buf_clear(out);
	if (failed < 0)
		return -1;
	if (answer.result != HTTP_CALL_DONE)
		*ret_status = 0;
	failed = judge(remote, &answer, err);
	if (!buf_add(out, buf_str(&answer.body), answer.body.len) && failed == 0)
		return err_set(err, ERR_ENV, "the answer of %s is longer than %zu bytes",
			       remote->state.server, out->limit);
	return failed;
}

json_t *remote_json(struct remote *remote, const char *method, const char *path,
		    const json_t *body, int *ret_status, struct err *err)
{
	AUTO(buf_release) struct buf out = BUF_INIT(REMOTE_ANSWER_MAX);
	AUTO_FREE char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	const struct remote_ask ask = {
		.method = method, .path = path, .body = text, .body_len = text ? strlen(text) : 0,
		.content_type = text ? "application/json" : NULL,
	};
	struct err why = ERR_INIT;
	json_t *root;

	if (remote_bytes(remote, &ask, &out, ret_status, err) < 0)
		return NULL;
	root = json_parse(buf_str(&out), out.len, "answer", &why);
	if (!root)
		err_set(err, ERR_ENV, "%s: not the answer of a tali server", remote->state.server);
	return root;
}

char *remote_file_path(const char *path)
{
	AUTO(buf_release) struct buf out = BUF_INIT(3 * strlen(path) + 32);

	buf_add_str(&out, "/api/v1/files/");
	for (; *path; path++)
		if (isalnum((unsigned char)*path) || strchr("-._~/", *path))
			buf_add_byte(&out, *path);
		else
			buf_add_format(&out, "%%%02X", (unsigned char)*path);
	return buf_take(&out);
}
