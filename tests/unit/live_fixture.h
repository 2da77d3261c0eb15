/* live_fixture.h - a live session of a small task: begun, looked at, written to as a page does */
#ifndef TALI_LIVE_FIXTURE_H
#define TALI_LIVE_FIXTURE_H

#include "assess/invite.h"
#include "assess/live_events.h"
#include "assess/live_files.h"
#include "assess/provision.h"
#include "assess/start.h"
#include "assess/verify.h"
#include "base/json.h"
#include "store/config.h"
#include "store/sql.h"
#include "small_task.h"

#include <stdio.h>

struct heard {
	struct live_listener listener;
	struct buf text;	/* "EVENT JSON\n" each */
};

struct session {
	struct fixture *f;
	struct journal_writer *writer;
	struct live_table *table;
	struct live *live;
	struct assessment assessment;
	struct heard heard;
	int64_t sent;		/* events of the client "page" */
};

static inline void hear(void *arg, const char *event, const char *json)
{
	struct heard *heard = arg;

	buf_add_format(&heard->text, "%s %s\n", event, json);
}

static inline void assert_heard(const struct session *s, const char *words)
{
	if (!strstr(buf_str(&s->heard.text), words))
		fail_msg("not told: %s\nbut: %s", words, buf_str(&s->heard.text));
}

static inline struct live_table *new_table(struct session *s)
{
	struct err err = ERR_INIT;

	s->writer = journal_writer_open(s->f->folder, &s->f->clock, &err);
	must(s->writer ? 0 : -1, &err);
	return live_table_new(s->writer, sandbox);
}

static inline void open_live(struct session *s)
{
	struct err err = ERR_INIT;

	s->table = new_table(s);
	s->live = live_take(s->table, s->f->store, s->assessment.id, &err);
	must(s->live ? 0 : -1, &err);
	s->heard = (struct heard){ { .tell = hear, .arg = &s->heard }, BUF_INIT(1 << 20) };
	live_listen(s->live, &s->heard.listener);
}

static inline void close_live(struct session *s)
{
	live_unlisten(s->live, &s->heard.listener);
	buf_release(&s->heard.text);
	live_give(&s->live);
	live_table_free(&s->table);
	journal_writer_close(&s->writer);
}

static inline void run_sql(struct session *s, const char *text)
{
	struct err err = ERR_INIT;

	must(sql_script(sql_db(s->f->store), text, &err), &err);
}

/* As a server does that has died and was started again. */
static inline void restart(struct session *s)
{
	close_live(s);
	open_live(s);
}

static inline void begin(struct session *s, void **state)
{
	AUTO(invite_result_release) struct invite_result invited = INVITE_RESULT_INIT;
	const struct invite_request request = { .task = "live", .email = "ada@example.org" };
	struct err err = ERR_INIT;

	*s = (struct session){ .f = *state };
	make_task(s->f);
	/* also where nobody may make control groups */
	must(config_set(s->f->store, "sandbox.allow_weak", "true", &err), &err);
	must(invite_make(s->f->store, &request, &invited, &err), &err);
	must(assessment_get(s->f->store, invited.assessment.id, &s->assessment, &err), &err);
	must(start_activate(s->f->store, &s->assessment, false, &err), &err);
	must(provision_run(s->f->store, &s->assessment, &err), &err);
	open_live(s);
}

static inline void finish(struct session *s)
{
	assessment_release(&s->assessment);
	close_live(s);
}

/* All that is stored holds together. */
static inline void check(struct session *s)
{
	AUTO(assessment_release) struct assessment now = ASSESSMENT_INIT;
	struct verify_summary summary;
	struct err err = ERR_INIT;

	must(assessment_get(s->f->store, s->assessment.id, &now, &err), &err);
	must(verify_assessment(s->f->store, &now, &summary, &err), &err);
}

static inline char *read_text(struct session *s, const char *path, int64_t *ret_rev)
{
	AUTO(buf_release) struct buf bytes = { 0 };
	struct err err = ERR_INIT;

	must(live_read(s->live, s->f->store, path, &bytes, ret_rev, &err), &err);
	return buf_strdup(buf_str(&bytes));
}

static inline void assert_text(struct session *s, const char *path, const char *wanted)
{
	int64_t rev;
	AUTO_FREE char *text = read_text(s, path, &rev);

	assert_string_equal(text, wanted);
}

static inline size_t text_size(struct session *s, const char *path)
{
	int64_t rev;
	AUTO_FREE char *text = read_text(s, path, &rev);

	return strlen(text);
}

static inline int64_t rev_of(struct session *s, const char *path)
{
	int64_t rev = 0;
	AUTO_FREE char *text = read_text(s, path, &rev);

	return rev;
}

/* Sends edits (JSON, one event each) of the file `answer`, from number `from` on. */
static inline int send_as(struct session *s, const char *client, int64_t from, int count,
		   const char *const *edits, int64_t base, struct live_answer *ret,
		   struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(BATCH_MAX);
	AUTO(batch_release) struct batch batch = BATCH_INIT;

	buf_add_format(&text, "{\"schema\":\"tali.batch/1\",\"client\":\"%s\",\"sent\":1,"
		       "\"events\":[", client);
	for (int i = 0; i < count; i++)
		buf_add_format(&text, "%s{\"seq\":%lld,\"time\":1,\"kind\":\"edit\",\"data\":"
			       "{\"edits\":[%s]}}", i ? "," : "", (long long)from + i, edits[i]);
	buf_add_format(&text, "],\"base\":{\"answer\":%lld}}", (long long)base);
	must(batch_parse(buf_str(&text), text.len, &batch, err), err);
	return live_events(s->live, s->f->store, &batch, ret, err);
}

static inline int send_from(struct session *s, int64_t from, int count, const char *const *edits,
		     int64_t base, struct live_answer *ret, struct err *err)
{
	return send_as(s, "page", from, count, edits, base, ret, err);
}

static inline void told(void *arg, const struct ingest_answer *answer, const struct err *err)
{
	(void)arg;
	(void)answer;
	if (err)
		fail_msg("%s", err->text);
}

/* Waits to be stored ahead of whatever comes next, most likely after that was folded: `data` is
 * taken. */
static inline void store_meanwhile(struct session *s, const char *kind, json_t *data)
{
	AUTO(event_list_release) struct event_list list = EVENT_LIST_INIT;
	struct err err = ERR_INIT;

	must(event_list_add(&list, "candidate", kind, data, 0, &err), &err);
	must(journal_writer_append_later(s->writer, s->assessment.id, &list, told, NULL, &err),
	     &err);
}

static inline void say_meanwhile(struct session *s)
{
	store_meanwhile(s, "note", json_pack("{s:s}", "text", "meanwhile"));
}

static inline int send_edit(struct session *s, const char *edit, int64_t base,
			    struct live_answer *ret)
{
	struct err err = ERR_INIT;
	int result = send_from(s, s->sent + 1, 1, &edit, base, ret, &err);

	must(result, &err);
	s->sent = ret->ingest.acknowledged;
	return result;
}

#endif
