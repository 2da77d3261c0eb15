/* transcripts.c - see transcripts.h */
#include "assess/transcripts.h"

#include "assess/prompt_match.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "journal/foreign.h"
#include "journal/journal.h"
#include "report/view.h"
#include "workspace/gunzip.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define KIND "transcript"

/* --- one file */

/* Reads the prompts of a transcript; a long text comes as a payload just before its event. */
struct reading {
	struct prompt_list *prompts;
	int64_t event;
	bool adds;		/* it is new: too many prompts are an error */
	size_t found;
	char session[65];
	struct buf payload;
	char payload_hash[HASH_HEX_SIZE];
};

static void reading_release(struct reading *reading)
{
	buf_release(&reading->payload);
}

static json_t *keep_payload(void *arg, const void *data, size_t len, struct err *err)
{
	struct reading *reading = arg;
	struct hash hash = hash_of(data, len);

	(void)err;
	buf_clear(&reading->payload);
	buf_add(&reading->payload, data, len);
	return json_pack("{s:s, s:I}", "blob", hash_hex(&hash, reading->payload_hash), "size",
			 (json_int_t)len);
}

static int read_event(void *arg, int64_t instant, const char *actor, const char *kind, json_t *data,
		      struct err *err)
{
	struct reading *reading = arg;
	AUTO_JSON json_t *owned = data;
	const json_t *text = json_object_get(owned, "text");
	const char *talk = json_str(owned, "conversation", "");
	bool aside = !strncmp(talk, "side-", 5), inlined = json_is_string(text);

	(void)actor;
	if (*talk && (!*reading->session || !aside))
		snprintf(reading->session, sizeof(reading->session), "%s", talk);
	if (strcmp(kind, "ai_prompt") != 0 || aside)	/* other agents are no persons */
		return 0;
	if (reading->prompts->count >= TRANSCRIPTS_PROMPTS_MOST && reading->adds)
		return err_set(err, ERR_INPUT, "more than %d prompts", TRANSCRIPTS_PROMPTS_MOST);
	if (reading->prompts->count >= TRANSCRIPTS_PROMPTS_MOST)
		return 0;
	reading->found += prompt_list_add(
		reading->prompts, inlined ? json_string_value(text) : buf_str(&reading->payload),
		inlined ? json_string_length(text) : reading->payload.len, reading->event,
		instant == FOREIGN_NO_TIME ? 0 : instant);
	return 0;
}

static bool is_format(const char *format)
{
	static const char *const formats[] = { "claude-code", "codex", "atif" };

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (!strcmp(formats[i], format))
			return true;
	return false;
}

static int read_transcript(struct reading *reading, const char *format, const char *text,
			   size_t len, struct err *err)
{
	const struct foreign_sink sink = { reading, read_event, keep_payload };
	AUTO(foreign_recording_release) struct foreign_recording told = { .title = NULL };
	const struct foreign_options options = { .file = NULL };

	if (!is_format(format))
		return err_set(err, ERR_USAGE, "'%.40s' is none of claude-code, codex and atif",
			       format);
	return foreign_find(format)(text, len, &options, &sink, &told, err);
}

static int read_file(const char *path, struct buf *ret, struct err *err)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(TRANSCRIPTS_FILE_MAX);
	struct buf swap = *ret;

	if (fs_read(AT_FDCWD, path, TRANSCRIPTS_FILE_MAX, &packed, err) < 0)
		return -1;
	if (gunzip_wanted(packed.data, packed.len))
		return gunzip(packed.data, packed.len, ret, err) < 0 ? err_wrap(err, "%s", path)
								     : 0;
	*ret = packed;
	packed = swap;
	return 0;
}

/* --- adding one */

struct known {
	const char *hash;	/* of the new file */
	size_t count;
	json_t *seal;		/* data of the newest signature */
};

static int see_known(void *arg, const struct event *event, struct err *err)
{
	struct known *known = arg;
	bool is_transcript = !strcmp(event->kind, KIND);
	json_t *data;

	if (!is_transcript && strcmp(event->kind, "signature") != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), event->kind, err);
	if (!data)
		return -1;
	if (!is_transcript) {
		json_decref(known->seal);
		known->seal = data;
		return 0;
	}
	known->count++;
	if (!strcmp(json_str(json_object_get(data, "file"), "blob", ""), known->hash))
		err_set(err, ERR_STATE, "this very file is there already, as event %lld",
			(long long)event->seq);
	json_decref(data);
	return err->code ? -1 : 0;
}

static int sign_again(struct store *store, const struct assessment *assessment, const json_t *seal,
		      struct err *err)
{
	const struct journal_seal again = { json_str(seal, "tree", ""),
					    json_str(seal, "commit", ""),
					    json_str(seal, "task_version", "") };

	return seal ? journal_seal(store, assessment->id, &again, err) : 0;
}

static int append(struct store *store, const struct assessment *assessment,
		  const struct reading *reading, const char *format, const struct buf *text,
		  struct err *err)
{
	struct hash hash = hash_of(text->data, text->len);
	char hex[HASH_HEX_SIZE];
	struct known known = { .hash = hash_hex(&hash, hex) };
	AUTO(store_rollback) struct store *tx = store;
	json_t *file;
	int result = store_begin(store, err);

	if (result == 0)
		result = event_each(store, assessment->id, 0, see_known, &known, err);
	if (result == 0 && known.count >= TRANSCRIPTS_MOST)
		result = err_set(err, ERR_STATE, "there are %d transcripts already",
				 TRANSCRIPTS_MOST);
	file = result == 0 ? journal_blob(store, text->data, text->len, err) : NULL;
	if (!file || journal_append(store, assessment->id, "recruiter", KIND,
				    json_pack("{s:s, s:s, s:I, s:o}", "format", format, "session",
					      *reading->session ? reading->session : "main",
					      "prompts", (json_int_t)reading->found, "file", file),
				    err) < 0 ||
	    sign_again(store, assessment, known.seal, err) < 0)
		result = -1;
	json_decref(known.seal);
	return result < 0 ? -1 : store_commit(store, err);
}

int transcripts_add(struct store *store, const struct assessment *assessment, const char *format,
		    const char *path, struct err *err)
{
	AUTO(prompt_list_release) struct prompt_list prompts = PROMPT_LIST_INIT;
	AUTO(reading_release) struct reading reading = {
		.prompts = &prompts, .payload = BUF_INIT(TRANSCRIPTS_FILE_MAX), .adds = true,
	};
	AUTO(buf_release) struct buf text = BUF_INIT(TRANSCRIPTS_FILE_MAX);

	if (*assessment->signer)
		return err_set(err, ERR_STATE, "it was imported: nothing can be added to it");
	if (!assessment->started)
		return err_set(err, ERR_STATE, "the session has not begun");
	if (read_file(path, &text, err) < 0)
		return -1;
	if (read_transcript(&reading, format, buf_str(&text), text.len, err) < 0)
		return err_wrap(err, "%s", path);
	return append(store, assessment, &reading, format, &text, err);
}

/* --- comparing */

struct comparison {
	struct store *store;
	struct prompt_list gateway, told;
	json_t *files;		/* [{"event", "time", "format", "session", "prompts", "file"}] */
};

static void comparison_release(struct comparison *comparison)
{
	prompt_list_release(&comparison->gateway);
	prompt_list_release(&comparison->told);
	json_decref(comparison->files);
}

/* What a program asked through the gateway. A request of which nothing is new has no text: it may
 * be a person's, who says the same in a new conversation, or the program's own next try. */
static int see_prompt(struct comparison *comparison, const struct event *event, const json_t *data,
		      struct err *err)
{
	struct prompt_list *gateway = &comparison->gateway;
	const json_t *text = json_object_get(data, "text");
	const char *blob = json_str(text, "blob", NULL);
	const char *conversation = json_str(data, "conversation", "");
	AUTO_FREE char *large = NULL;
	size_t len = json_string_length(text);

	if (json_flag(data, "own", false) || strcmp(json_str(data, "about", ""), "chat") != 0)
		return 0;
	if (blob && !(large = event_blob_get(comparison->store, blob, &len, err)))
		return -1;
	if (gateway->count >= TRANSCRIPTS_PROMPTS_MOST)
		return 0;
	if (json_flag(data, "repeat", false))
		prompt_list_repeat(gateway, conversation);
	else if (prompt_list_add(gateway, large ? large : json_string_value(text), len, event->seq,
				 event_instant(event)))
		snprintf(gateway->items[gateway->count - 1].conversation,
			 sizeof(gateway->items->conversation), "%s", conversation);
	return 0;
}

static bool is_same_session(const json_t *one, const json_t *other)
{
	return !strcmp(json_str(one, "format", ""), json_str(other, "format", "")) &&
	       !strcmp(json_str(one, "session", ""), json_str(other, "session", ""));
}

static void see_file(struct comparison *comparison, const struct event *event, json_t *data)
{
	json_t *earlier;
	size_t i;

	json_array_foreach(comparison->files, i, earlier)
		if (is_same_session(earlier, data))
			json_object_set_new(earlier, "replaced", json_true());
	json_object_set_new(data, "event", json_integer(event->seq));
	json_object_set_new(data, "time", view_time(event->time));
	json_object_set_new(data, "replaced", json_false());
	json_array_append(comparison->files, data);
}

static int see_event(void *arg, const struct event *event, struct err *err)
{
	struct comparison *comparison = arg;
	AUTO_JSON json_t *data = NULL;
	bool is_prompt = !strcmp(event->kind, "ai_prompt");

	if (!is_prompt && strcmp(event->kind, KIND) != 0)
		return 0;
	data = json_parse(event->data, strlen(event->data), event->kind, err);
	if (!data)
		return -1;
	if (is_prompt)
		return see_prompt(comparison, event, data, err);
	see_file(comparison, event, data);
	return 0;
}

static int read_stored(struct comparison *comparison, json_t *file, struct err *err)
{
	AUTO(reading_release) struct reading reading = {
		.prompts = &comparison->told, .payload = BUF_INIT(TRANSCRIPTS_FILE_MAX),
		.event = json_int(file, "event", 0),
	};
	size_t len;
	AUTO_FREE char *text = event_blob_get(
		comparison->store, json_str(json_object_get(file, "file"), "blob", ""), &len, err);

	if (!text)
		return -1;
	if (read_transcript(&reading, json_str(file, "format", ""), text, len, err) < 0)
		return err_wrap(err, "event %lld", (long long)reading.event);
	return 0;
}

static size_t count(const struct prompt_list *list, int64_t event, bool paired)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->items[i].paired == paired &&
			 (paired || !list->items[i].spare) &&
			 (event < 0 || list->items[i].event == event);
	return count;
}

static void add_differences(json_t *differences, const char *where, const struct prompt_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct prompt *prompt = &list->items[i];

		if (prompt->paired || prompt->spare ||
		    json_array_size(differences) >= TRANSCRIPTS_SHOWN)
			continue;
		json_array_append_new(differences,
				      json_pack("{s:s, s:I, s:o, s:s}", "where", where, "event",
						(json_int_t)prompt->event, "time",
						view_time(prompt->instant), "text",
						prompt->excerpt));
	}
}

static void finish_file(const struct comparison *comparison, json_t *file)
{
	json_int_t event = json_int(file, "event", 0);

	json_object_del(file, "file");
	json_object_set_new(file, "both",
			    json_integer((json_int_t)count(&comparison->told, event, true)));
	json_object_set_new(file, "only_here",
			    json_integer((json_int_t)count(&comparison->told, event, false)));
}

static json_t *comparison_json(const struct comparison *comparison, const char *assessment_id)
{
	size_t only_told = count(&comparison->told, -1, false);
	size_t only_gateway = count(&comparison->gateway, -1, false);
	json_t *differences = json_array(), *file;
	size_t i;

	json_array_foreach(comparison->files, i, file)
		finish_file(comparison, file);
	add_differences(differences, "transcript", &comparison->told);
	add_differences(differences, "gateway", &comparison->gateway);
	return json_pack("{s:s, s:s, s:s, s:O, s:I, s:I, s:I, s:o, s:I}", "schema",
			 "tali.transcripts/1", "assessment", assessment_id, "source",
			 "reported by the candidate's machine", "transcripts", comparison->files,
			 "both", (json_int_t)count(&comparison->gateway, -1, true),
			 "only_transcript", (json_int_t)only_told, "only_gateway",
			 (json_int_t)only_gateway, "differences", differences, "more",
			 (json_int_t)(only_told + only_gateway - json_array_size(differences)));
}

json_t *transcripts_compare(struct store *store, const char *assessment_id, struct err *err)
{
	AUTO(comparison_release) struct comparison comparison = { .store = store,
								  .files = json_array() };
	json_t *file;
	size_t i;

	if (event_each(store, assessment_id, 0, see_event, &comparison, err) < 0)
		return NULL;
	if (!json_array_size(comparison.files))
		return json_null();
	json_array_foreach(comparison.files, i, file)
		if (!json_flag(file, "replaced", false) &&
		    read_stored(&comparison, file, err) < 0)
			return NULL;
	prompt_match(&comparison.told, &comparison.gateway);
	return comparison_json(&comparison, assessment_id);
}
