/* http_client.c - see http_client.h */
#include "http/http_client.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/system.h"
#include "http/curl_library.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#define FIELDS_MAX 256
#define LOOK_MS 100			/* how late a silence is noticed */
#define KEPT_CONNECTIONS 256L

/* What a call waits for at the hands of the client's thread. */
struct asked {
	bool begin, resume, abort;
};

struct http_call {
	struct http_client *client;
	struct http_call *next_running, *next_told;
	/* under the client's lock */
	struct http_call *next;
	bool waits;
	struct asked asked;

	CURL *easy;
	struct curl_slist *fields;
	const struct http_call_events *events;
	void *arg;
	int64_t first_byte_ms, idle_ms;
	size_t body_len;

	/* of the client's thread alone */
	struct buf head;		/* lines, each ended by NUL */
	int lines, status;
	bool told_head, head_too_long, paused, silent;
	bool told;			/* something, since its last lull */
	int64_t moved_at, sent;		/* when bytes last went; how many of the body went out */
};

struct http_client {
	CURLM *multi;
	pthread_t thread;
	pthread_mutex_t lock;
	bool stop;
	struct http_call *waiting;
	/* of the thread alone */
	struct http_call *running;
	struct http_call *told;		/* those that were told something since their last lull */
};

static void free_call(struct http_call **call)
{
	if (!*call)
		return;
	for (struct curl_slist *field = (*call)->fields; field; field = field->next)
		system_erase(field->data, strlen(field->data));	/* keys are among them */
	curl(curl_slist_free_all)((*call)->fields);
	if ((*call)->easy)
		curl(curl_easy_cleanup)((*call)->easy);
	buf_release(&(*call)->head);
	free(*call);
	*call = NULL;
}

/* --- what comes */

static char *clean_value(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	for (len = strlen(text); len && strchr(" \t", text[len - 1]); len--)
		text[len - 1] = '\0';
	return text;
}

static void note_told(struct http_call *call)
{
	if (call->told)
		return;
	call->told = true;
	call->next_told = call->client->told;
	call->client->told = call;
}

static void tell_lulls(struct http_client *client)
{
	while (client->told) {
		struct http_call *call = client->told;

		client->told = call->next_told;
		call->told = false;
		if (call->events->lull)
			call->events->lull(call->arg);
	}
}

static void tell_head(struct http_call *call)
{
	struct http_field fields[FIELDS_MAX];
	size_t count = 0;
	char *line = call->head.data, *next;

	for (int i = 0; i < call->lines && count < FIELDS_MAX; i++, line = next) {
		char *colon = strchr(line, ':');

		next = line + strlen(line) + 1;
		if (!colon)
			continue;
		*colon = '\0';
		fields[count++] = (struct http_field){ line, clean_value(colon + 1) };
	}
	note_told(call);
	call->told_head = true;
	call->moved_at = clock_steady();
	if (call->events->head)
		call->events->head(call->arg, call->status, fields, count);
}

/* One line of a head; a trailer after the body is not told. */
static size_t take_line(char *data, size_t size, size_t count, void *arg)
{
	struct http_call *call = arg;
	size_t len = size * count, text = len;
	long status = 0;

	if (call->told_head)
		return len;
	while (text && (data[text - 1] == '\n' || data[text - 1] == '\r'))
		text--;
	if (len >= 5 && memcmp(data, "HTTP/", 5) == 0) {
		buf_clear(&call->head);
		call->lines = 0;
	} else if (text == 0) {
		curl(curl_easy_getinfo)(call->easy, CURLINFO_RESPONSE_CODE, &status);
		call->status = (int)status;
		if (status >= 200)
			tell_head(call);
	} else if (!memchr(data, '\0', text)) {
		buf_add(&call->head, data, text);
		call->head_too_long = !buf_add_byte(&call->head, '\0');
		call->lines++;
	}
	return call->head_too_long ? 0 : len;
}

static size_t take_data(char *data, size_t size, size_t count, void *arg)
{
	struct http_call *call = arg;

	note_told(call);
	call->moved_at = clock_steady();
	call->paused = !call->events->data(call->arg, data, size * count);
	return call->paused ? CURL_WRITEFUNC_PAUSE : size * count;
}

/* libcurl calls it whenever bytes went, and once a second. */
static int look_at_upload(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
		   curl_off_t up)
{
	struct http_call *call = arg;

	(void)down_all, (void)down, (void)up_all;
	if (call->sent != up)
		call->moved_at = clock_steady();
	call->sent = up;
	return 0;
}

/* --- the end of a call */

static enum http_call_result result_of(const struct http_call *call, CURLcode code)
{
	long sent = 0;

	if (call->silent)
		return HTTP_CALL_SILENT;
	curl(curl_easy_getinfo)(call->easy, CURLINFO_REQUEST_SIZE, &sent);
	switch (code) {
	case CURLE_OK:
		return call->told_head ? HTTP_CALL_DONE : HTTP_CALL_CUT;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return HTTP_CALL_UNREACHED;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
		return HTTP_CALL_UNTRUSTED;
	case CURLE_OPERATION_TIMEDOUT:
		return sent ? HTTP_CALL_SILENT : HTTP_CALL_UNREACHED;
	default:
		return HTTP_CALL_CUT;
	}
}

static bool is_sent(const struct http_call *call)
{
	curl_off_t body = 0;
	long sent = 0;

	curl(curl_easy_getinfo)(call->easy, CURLINFO_REQUEST_SIZE, &sent);
	curl(curl_easy_getinfo)(call->easy, CURLINFO_SIZE_UPLOAD_T, &body);
	return sent && (size_t)body >= call->body_len;
}

static int64_t microseconds(const struct http_call *call, CURLINFO what)
{
	curl_off_t value = 0;

	curl(curl_easy_getinfo)(call->easy, what, &value);
	return value;
}

static void end_call(struct http_call *call, enum http_call_result result, const char *text)
{
	struct http_client *client = call->client;
	struct http_call_end end = { .result = result, .text = text, .status = call->status };
	struct http_call **at = &client->running;
	long connects = 0;

	curl(curl_easy_getinfo)(call->easy, CURLINFO_NUM_CONNECTS, &connects);
	end.sent = is_sent(call);
	end.reused = connects == 0 && call->status;
	end.connect_us = microseconds(call, CURLINFO_CONNECT_TIME_T);
	end.first_byte_us = microseconds(call, CURLINFO_STARTTRANSFER_TIME_T);
	end.total_us = microseconds(call, CURLINFO_TOTAL_TIME_T);
	while (*at && *at != call)
		at = &(*at)->next_running;
	if (*at)
		*at = call->next_running;
	for (at = &client->told; *at && *at != call; at = &(*at)->next_told)
		;
	if (*at)
		*at = call->next_told;
	curl(curl_multi_remove_handle)(client->multi, call->easy);
	call->events->end(call->arg, &end);
	/* nobody asks for anything any more; what was asked is forgotten */
	pthread_mutex_lock(&client->lock);
	for (at = &client->waiting; *at && *at != call; at = &(*at)->next)
		;
	if (*at)
		*at = call->next;
	pthread_mutex_unlock(&client->lock);
	free_call(&call);
}

static const char *sentence_of(const struct http_call *call, enum http_call_result result,
			       CURLcode code)
{
	if (result == HTTP_CALL_DONE)
		return "";
	if (call->silent)
		return call->status ? "no more bytes came for too long" :
				      "no answer came for too long";
	if (call->head_too_long)
		return "the head of the answer is too long";
	return code == CURLE_OK ? "the answer has no head" : curl(curl_easy_strerror)(code);
}

static void end_finished(struct http_client *client)
{
	const CURLMsg *message;
	int left;

	while ((message = curl(curl_multi_info_read)(client->multi, &left))) {
		struct http_call *call = NULL;
		CURLcode code = message->data.result;
		enum http_call_result result;

		curl(curl_easy_getinfo)(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		result = result_of(call, code);
		end_call(call, result, sentence_of(call, result, code));
	}
}

/* --- the thread */

static void begin_call(struct http_client *client, struct http_call *call)
{
	call->moved_at = clock_steady();
	call->next_running = client->running;
	client->running = call;
	curl(curl_multi_add_handle)(client->multi, call->easy);	/* fails without memory alone */
}

/* The next that waits, and what for; or NULL. */
static struct http_call *next_waiting(struct http_client *client, struct asked *ret)
{
	struct http_call *call;

	pthread_mutex_lock(&client->lock);
	call = client->waiting;
	if (call) {
		client->waiting = call->next;
		*ret = call->asked;
		call->asked = (struct asked){ 0 };
		call->waits = false;
	}
	pthread_mutex_unlock(&client->lock);
	return call;
}

static void serve_waiting(struct http_client *client)
{
	struct http_call *call;
	struct asked asked;

	while ((call = next_waiting(client, &asked))) {
		if (asked.begin)
			begin_call(client, call);
		if (asked.abort) {
			end_call(call, HTTP_CALL_ABORTED, "aborted");
		} else if (asked.resume && call->paused) {
			call->paused = false;
			call->moved_at = clock_steady();
			curl(curl_easy_pause)(call->easy, CURLPAUSE_CONT);
		}
	}
}

static void end_silent(struct http_client *client)
{
	int64_t now = clock_steady();
	struct http_call *next;

	for (struct http_call *call = client->running; call; call = next) {
		int64_t most = call->told_head ? call->idle_ms : call->first_byte_ms;

		next = call->next_running;
		if (call->paused || now - call->moved_at < most)
			continue;
		call->silent = true;
		end_call(call, HTTP_CALL_SILENT,
			 sentence_of(call, HTTP_CALL_SILENT, CURLE_OPERATION_TIMEDOUT));
	}
}

static bool is_stopped(struct http_client *client)
{
	bool stop;

	pthread_mutex_lock(&client->lock);
	stop = client->stop;
	pthread_mutex_unlock(&client->lock);
	return stop;
}

static void *run_client(void *arg)
{
	struct http_client *client = arg;
	int64_t looked = 0;
	int running;

	while (!is_stopped(client)) {
		serve_waiting(client);
		curl(curl_multi_perform)(client->multi, &running);
		end_finished(client);
		tell_lulls(client);
		if (clock_steady() - looked >= LOOK_MS) {
			looked = clock_steady();
			end_silent(client);
		}
		curl(curl_multi_poll)(client->multi, NULL, 0, client->running ? LOOK_MS : 60000,
				      NULL);
	}
	serve_waiting(client);
	while (client->running)
		end_call(client->running, HTTP_CALL_ABORTED, "the client was closed");
	return NULL;
}

/* It takes no signals: they are for the threads of whoever opened the client. */
static int start_thread(struct http_client *client)
{
	sigset_t all, before;
	int result;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	result = pthread_create(&client->thread, NULL, run_client, client);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return result;
}

struct http_client *http_client_open(struct err *err)
{
	struct http_client *client;

	if (curl_library_load(err) < 0)
		return NULL;
	client = buf_alloc(sizeof(*client));
	pthread_mutex_init(&client->lock, NULL);
	client->multi = curl(curl_multi_init)();
	if (client->multi)
		curl(curl_multi_setopt)(client->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
	if (client->multi && start_thread(client) == 0)
		return client;
	err_set(err, ERR_ENV, "cannot start the thread of calls to other servers");
	if (client->multi)
		curl(curl_multi_cleanup)(client->multi);
	pthread_mutex_destroy(&client->lock);
	free(client);
	return NULL;
}

void http_client_close(struct http_client **client)
{
	struct http_client *it = *client;

	if (!it)
		return;
	pthread_mutex_lock(&it->lock);
	it->stop = true;
	pthread_mutex_unlock(&it->lock);
	curl(curl_multi_wakeup)(it->multi);
	pthread_join(it->thread, NULL);
	curl(curl_multi_cleanup)(it->multi);
	pthread_mutex_destroy(&it->lock);
	free(it);
	*client = NULL;
}

/* --- beginning */

static bool is_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 && *text != '\t')
			return false;
	return true;
}

static int add_field(struct http_call *call, const char *name, const char *value, struct err *err)
{
	AUTO_FREE char *line = NULL;
	struct curl_slist *more;

	if (!*name || name[strcspn(name, ":; \t")] || !is_clean(name) ||
	    (value && !is_clean(value)))
		return err_set(err, ERR_INPUT, "a header that cannot be sent");
	line = !value ? buf_format("%s:", name) :
	       !*value ? buf_format("%s;", name) : buf_format("%s: %s", name, value);
	more = curl(curl_slist_append)(call->fields, line);
	system_erase(line, strlen(line));
	if (!more)
		return err_set(err, ERR_ENV, "no memory is left");
	call->fields = more;
	return 0;
}

static int add_fields(struct http_call *call, const struct http_call_config *config,
		      struct err *err)
{
	if (add_field(call, "Expect", NULL, err) < 0 ||
	    add_field(call, "Accept-Encoding", "identity", err) < 0)
		return -1;
	for (size_t i = 0; i < config->field_count; i++)
		if (add_field(call, config->fields[i].name, config->fields[i].value, err) < 0)
			return -1;
	return 0;
}

#define SET(option, value) (ok &= curl(curl_easy_setopt)(easy, option, value) == CURLE_OK)

static int set_options(struct http_call *call, const struct http_call_config *config,
		       struct err *err)
{
	CURL *easy = call->easy;
	bool ok = true;

	if (config->body) {
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)config->body_len);
		SET(CURLOPT_POSTFIELDS, config->body);
	}
	SET(CURLOPT_CUSTOMREQUEST, config->method);
	SET(CURLOPT_HTTPHEADER, call->fields);
	ok &= curl_library_restrict(easy, config->connect_ms ? config->connect_ms : 10000,
				    config->ca_file);
	SET(CURLOPT_TIMEOUT_MS, (long)config->total_ms);
	SET(CURLOPT_HEADERFUNCTION, take_line);
	SET(CURLOPT_HEADERDATA, call);
	SET(CURLOPT_WRITEFUNCTION, take_data);
	SET(CURLOPT_WRITEDATA, call);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, look_at_upload);
	SET(CURLOPT_XFERINFODATA, call);
	SET(CURLOPT_PRIVATE, call);
	if (!ok)
		return err_set(err, ERR_ENV, "libcurl lacks something that is needed");
	if (curl(curl_easy_setopt)(easy, CURLOPT_URL, config->url) != CURLE_OK)
		return err_set(err, ERR_INPUT, "'%s' is no address", config->url);
	return 0;
}

static int check_url(const char *url, struct err *err)
{
	const char *host = strstr(url, "://");

	if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
		return err_set(err, ERR_INPUT, "'%s' does not begin with http:// or https://", url);
	host += 3;
	if (!*host || *host == '/' || memchr(host, '@', strcspn(host, "/?#")) || !is_clean(url) ||
	    strchr(url, ' '))
		return err_set(err, ERR_INPUT, "an address that is none");
	return 0;
}

static void ask(struct http_call *call, struct asked asked)
{
	struct http_client *client = call->client;

	pthread_mutex_lock(&client->lock);
	call->asked.begin |= asked.begin;
	call->asked.resume |= asked.resume;
	call->asked.abort |= asked.abort;
	if (!call->waits) {
		call->waits = true;
		call->next = client->waiting;
		client->waiting = call;
	}
	pthread_mutex_unlock(&client->lock);
	curl(curl_multi_wakeup)(client->multi);
}

struct http_call *http_client_begin(struct http_client *client,
				    const struct http_call_config *config, struct err *err)
{
	AUTO(free_call) struct http_call *call = NULL;

	if (check_url(config->url, err) < 0)
		return NULL;
	call = buf_alloc(sizeof(*call));
	*call = (struct http_call){
		.client = client, .events = config->events, .arg = config->arg,
		.body_len = config->body ? config->body_len : 0,
		.first_byte_ms = config->first_byte_ms ? config->first_byte_ms : 120000,
		.idle_ms = config->idle_ms ? config->idle_ms : 240000,
		.head = BUF_INIT(HTTP_CLIENT_HEAD_MAX), .easy = curl(curl_easy_init)(),
	};
	if (!call->easy) {
		err_set(err, ERR_ENV, "no memory is left");
		return NULL;
	}
	if (add_fields(call, config, err) < 0 || set_options(call, config, err) < 0)
		return NULL;
	ask(call, (struct asked){ .begin = true });
	return TAKE(call);
}

void http_call_resume(struct http_call *call)
{
	ask(call, (struct asked){ .resume = true });
}

void http_call_abort(struct http_call *call)
{
	ask(call, (struct asked){ .abort = true });
}
