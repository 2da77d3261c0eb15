/* test_timeline.c - wherever a session is entered, it is as if all before had been played */
#include "replay/timeline.h"

#include "fold_session.h"
#include "journal/chain.h"
#include "store/checkpoint.h"
#include "store/event.h"
#include "store_fixture.h"

#include <sqlite3.h>

/* A session in a store, whose contents are in a world. */
struct session {
	struct fixture *f;
	struct world *w;
	struct assessment assessment;
	struct hash head;
	int64_t last_instant;
	uint32_t seed;
};

static int take_event(void *arg, const struct event *event, struct err *err)
{
	struct session *s = arg;

	s->w->seq = event->seq + 1;
	s->w->time = event->time + 1000;
	s->last_instant = event->time;
	return hash_from_hex(event->hash, &s->head, err) < 0 ? -1
							      : fold_event(s->w->fold, event, err);
}

static void session_start(struct session *s, struct fixture *f, uint32_t seed)
{
	struct err err = ERR_INIT;

	*s = (struct session){ .f = f, .seed = seed, .assessment = fixture_assessment(f) };
	world_make((void **)&s->w);
	must(event_each(f->store, s->assessment.id, 0, take_event, s, &err), &err);
}

static void session_release(struct session *s)
{
	world_remove((void **)&s->w);
	assessment_release(&s->assessment);
}

/* Writes the event that the world told last. Some were made before they arrived. */
static void store_event(struct session *s)
{
	struct event *event = &s->w->event;
	struct err err = ERR_INIT;
	struct hash hash;

	if (next_random(&s->seed) % 2) {
		event->client_seq = event->seq + 1;
		event->client_time = event->time - next_random(&s->seed) % 1500;
		if (event->client_time < s->last_instant)
			event->client_time = s->last_instant;
	}
	s->last_instant = event_instant(event);
	hash = chain_next(&s->head, event);
	s->head = hash;
	hash_hex(&hash, event->hash);
	must(event_add(s->f->store, s->assessment.id, event, &err), &err);
	must(fold_event(s->w->fold, event, &err), &err);
}

static void tell(struct session *s, const char *kind, json_t *data)
{
	world_event(s->w, kind, data);
	if (next_random(&s->seed) % 30 == 0)
		s->w->time += 60000;
	store_event(s);
}

static void play(struct session *s, int events)
{
	struct err err = ERR_INIT;

	must(store_begin(s->f->store, &err), &err);
	while (events--) {
		const char *kind = NULL;
		json_t *data = session_next(s->w, &s->seed, &kind);

		tell(s, kind, data);
	}
	must(store_commit(s->f->store, &err), &err);
}

static struct timeline *open_timeline(struct session *s)
{
	struct err err = ERR_INIT;
	struct timeline *timeline =
		timeline_open(s->f->store, s->assessment.id, &s->w->source, &err);

	must(timeline ? 0 : -1, &err);
	return timeline;
}

static void prepare(struct session *s)
{
	AUTO(timeline_close) struct timeline *timeline = open_timeline(s);
	struct err err = ERR_INIT;

	must(timeline_prepare(timeline, &err), &err);
}

static int64_t keyframes(struct session *s)
{
	struct err err = ERR_INIT;
	int64_t count, bytes;

	must(checkpoint_size(s->f->store, s->assessment.id, &count, &bytes, &err), &err);
	return count;
}

/* --- all of a state as text, also within an event */

static int describe_files(struct fold *fold, struct buf *out, struct err *err)
{
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++) {
		const struct fold_file *file = fold_file_at(fold, i);
		AUTO(buf_release) struct buf bytes = { 0 };
		struct text *text = NULL;

		if (fold_text(fold, file, &text, err) < 0 ||
		    fold_bytes(fold, file, 1 << 20, &bytes, err) < 0)
			return -1;
		buf_add_format(out, "file %s %d %d %d %lld %lld %lld\n", file->path,
			       file->executable, file->open, file->shown, (long long)file->cursor,
			       (long long)file->cursor_to, (long long)file->seq);
		buf_add(out, buf_str(&bytes), bytes.len);
		if (text)
			text_each_run(text, add_run, out);
	}
	return 0;
}

static void describe_terminals(struct fold *fold, struct buf *out)
{
	size_t i, j;
	int row;

	for (i = 0; i < fold_terminal_count(fold); i++) {
		const struct fold_terminal *terminal = fold_terminal_at(fold, i);
		struct screen *screen = fold_screen(fold, terminal);

		buf_add_format(out, "terminal %s %lld %lld %lld %lld\n", terminal->id,
			       (long long)terminal->started, (long long)terminal->ended,
			       (long long)terminal->exit_status, (long long)terminal->seq);
		for (row = 0; row < screen_rows(screen); row++) {
			const struct screen_run *runs;
			size_t count = screen_row(screen, row, &runs);

			for (j = 0; j < count; j++)
				buf_add_format(out, "%d+%d %x %x %x '%s'\n", runs[j].column,
					       runs[j].width, runs[j].style.foreground,
					       runs[j].style.background, runs[j].style.attributes,
					       runs[j].text);
		}
		screen_pack(screen, out);
	}
}

static void describe_rest(struct fold *fold, struct buf *out)
{
	size_t i, j;

	for (i = 0; i < fold_conversation_count(fold); i++) {
		const struct fold_conversation *talk = fold_conversation_at(fold, i);

		buf_add_format(out, "talk %s %s\n", talk->id, talk->model);
		for (j = 0; j < talk->count; j++) {
			AUTO_FREE char *data = json_canonical(talk->messages[j].data);

			buf_add_format(out, "%d %lld %lld %s\n", talk->messages[j].role,
				       (long long)talk->messages[j].seq,
				       (long long)talk->messages[j].instant, data);
		}
	}
	for (i = 0; i < fold_note_count(fold); i++)
		buf_add_format(out, "note %lld %s\n", (long long)fold_note_at(fold, i)->seq,
			       fold_note_at(fold, i)->text);
	if (fold_latest(fold, "test"))
		buf_add_format(out, "test %lld\n", (long long)fold_latest(fold, "test")->seq);
}

static int describe(struct timeline *timeline, struct buf *out, struct err *err)
{
	struct fold *fold = timeline_fold(timeline);

	*out = (struct buf)BUF_INIT(SIZE_MAX);
	buf_add_format(out, "%lld %lld\n", (long long)fold_seq(fold),
		       (long long)fold_instant(fold));
	describe_terminals(fold, out);
	describe_rest(fold, out);
	return describe_files(fold, out, err);
}

static void same(struct timeline *a, struct timeline *b)
{
	AUTO(buf_release) struct buf first = BUF_INIT(0), second = BUF_INIT(0);
	struct err err = ERR_INIT;

	must(describe(a, &first, &err), &err);
	must(describe(b, &second, &err), &err);
	if (first.len != second.len || memcmp(first.data, second.data, first.len) != 0)
		fail_msg("the states differ at event %d:\n%s\n--- and ---\n%s",
			 (int)fold_seq(timeline_fold(a)), first.data, second.data);
}

/* --- seeking */

static int compare_instants(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static int64_t random_instant(struct timeline *timeline, uint32_t *seed)
{
	int64_t span = timeline_end(timeline) - timeline_start(timeline) + 2000;
	uint64_t r = (uint64_t)next_random(seed) << 20 ^ next_random(seed);

	return timeline_start(timeline) - 1000 + (int64_t)(r % (uint64_t)span);
}

/* False when a text of a keyframe is damaged. */
static bool readable(struct timeline *timeline)
{
	AUTO(buf_release) struct buf all = BUF_INIT(0);
	struct err err = ERR_INIT;

	if (describe(timeline, &all, &err) == 0)
		return true;
	assert_int_equal(err.code, ERR_INTEGRITY);
	return false;
}

/* One plays straight on, the other jumps to the same instants in an order of chance. */
static void check_seeks(struct session *s)
{
	AUTO(timeline_close) struct timeline *straight = open_timeline(s);
	AUTO(timeline_close) struct timeline *jumps = open_timeline(s);
	int64_t instants[40], next = 0;
	struct err err = ERR_INIT;
	int i, found = 0;

	for (i = 0; i < 40; i++)
		instants[i] = random_instant(straight, &s->seed);
	qsort(instants, 40, sizeof(*instants), compare_instants);
	for (i = 0; i < 40; i++) {
		while ((found = timeline_peek(straight, &next, &err)) == 1 && next <= instants[i])
			must(timeline_next(straight, &err), &err);
		must(found, &err);
		must(timeline_seek(jumps, random_instant(jumps, &s->seed), &err), &err);
		must(timeline_seek(jumps, instants[i], &err), &err);
		assert_int_equal(timeline_instant(jumps), instants[i]);
		if (!readable(jumps))
			must(timeline_seek(jumps, instants[i], &err), &err);
		same(straight, jumps);
	}
}

static void a_seek_gives_what_playing_gives(void **state)
{
	uint32_t seed;

	for (seed = 1; seed <= 3; seed++) {
		struct session s;

		session_start(&s, *state, seed);
		play(&s, 2500);
		check_seeks(&s);
		prepare(&s);
		assert_true(keyframes(&s) > 1);
		check_seeks(&s);
		session_release(&s);
	}
}

static void a_seek_to_an_event_is_after_all_of_it(void **state)
{
	AUTO(timeline_close) struct timeline *straight = NULL, *jumps = NULL;
	struct err err = ERR_INIT;
	struct session s;
	int64_t seq;

	session_start(&s, *state, 9);
	play(&s, 2000);
	prepare(&s);
	straight = open_timeline(&s);
	jumps = open_timeline(&s);
	for (seq = -1; seq <= timeline_last_seq(straight); seq += 37) {
		must(timeline_seek_seq(straight, seq, &err), &err);
		must(timeline_seek(jumps, random_instant(jumps, &s.seed), &err), &err);
		must(timeline_next(jumps, &err), &err);
		must(timeline_seek_seq(jumps, seq, &err), &err);
		assert_int_equal(fold_seq(timeline_fold(jumps)), seq);
		assert_int_equal(timeline_instant(straight), timeline_instant(jumps));
		same(straight, jumps);
	}
	assert_int_equal(timeline_seek_seq(jumps, timeline_last_seq(jumps) + 1, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	session_release(&s);
}

static void instants_never_go_backwards(void **state)
{
	AUTO(timeline_close) struct timeline *timeline = NULL;
	int64_t last = INT64_MIN, instant = 0, parts = 0, seq = -1;
	struct err err = ERR_INIT;
	struct session s;
	int found;

	session_start(&s, *state, 3);
	play(&s, 600);
	timeline = open_timeline(&s);
	assert_null(timeline_event(timeline));
	while ((found = timeline_peek(timeline, &instant, &err)) == 1) {
		assert_true(instant >= last);
		last = instant;
		assert_int_equal(timeline_next(timeline, &err), 1);
		assert_int_equal(timeline_instant(timeline), instant);
		assert_true(timeline_event(timeline)->seq == seq ||
			    timeline_event(timeline)->seq == seq + 1);
		seq = timeline_event(timeline)->seq;
		parts++;
	}
	assert_int_equal(found, 0);
	assert_int_equal(timeline_next(timeline, &err), 0);
	assert_int_equal(seq, timeline_last_seq(timeline));
	assert_true(parts > seq + 1);
	assert_true(last <= timeline_end(timeline));
	session_release(&s);
}

/* --- keyframes are a cache */

static void sql(struct session *s, const char *statement)
{
	AUTO_FREE char *path = buf_format("%s/%s", s->f->folder, STORE_DB);
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, statement, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	assert_true(sqlite3_changes(db) > 0);
	sqlite3_close(db);
}

/* Whatever is done to them, the states are right. */
static void a_damaged_keyframe_is_passed_over(void **state)
{
	static const char *const damages[] = {
		"UPDATE checkpoint SET hash = 'x' WHERE seq > 800",
		"UPDATE checkpoint_piece SET data = x'00' WHERE rowid % 3 = 0",
		"DELETE FROM checkpoint_piece WHERE rowid % 4 = 0",
		"UPDATE checkpoint SET state = x'00'",
		"UPDATE checkpoint SET state = (SELECT hash FROM checkpoint_piece LIMIT 1)",
		"UPDATE checkpoint SET seq = seq - 1 WHERE seq > 1000",
	};
	size_t i;

	for (i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
		struct session s;

		session_start(&s, *state, 20 + (uint32_t)i);
		play(&s, 1500);
		prepare(&s);
		sql(&s, damages[i]);
		check_seeks(&s);
		/* what comes later is prepared all the same */
		play(&s, 300);
		prepare(&s);
		session_release(&s);
	}
}

static void more_events_get_more_keyframes(void **state)
{
	AUTO(timeline_close) struct timeline *timeline = NULL;
	struct err err = ERR_INIT;
	struct session s;
	int64_t first;

	session_start(&s, *state, 5);
	play(&s, 1500);
	prepare(&s);
	first = keyframes(&s);
	prepare(&s);
	assert_int_equal(keyframes(&s), first);
	timeline = open_timeline(&s);
	play(&s, 1500);
	assert_int_equal(timeline_last_seq(timeline), (int64_t)s.w->seq - 1501);
	must(timeline_refresh(timeline, &err), &err);
	assert_int_equal(timeline_last_seq(timeline), (int64_t)s.w->seq - 1);
	prepare(&s);
	assert_true(keyframes(&s) > first);
	check_seeks(&s);
	session_release(&s);
}

/* A large file that nobody touches any more is stored once, not with each keyframe. */
static void what_stays_the_same_is_stored_once(void **state)
{
	AUTO(buf_release) struct buf large = BUF_INIT(SIZE_MAX);
	int64_t count = 0, bytes = 0;
	struct err err = ERR_INIT;
	struct session s;
	int i;

	session_start(&s, *state, 6);
	/* bytes that do not get smaller by compression */
	while (large.len < 200000)
		buf_add_byte(&large, (char)(' ' + next_random(&s.seed) % 95));
	must(store_begin(s.f->store, &err), &err);
	tell(&s, "snapshot", snapshot(world_tree(s.w, "large", "", "small", "", NULL)));
	for (i = 0; i < 200000; i += 20000) {
		AUTO_FREE char *piece = buf_strdup(large.data + i);

		piece[20000] = '\0';
		tell(&s, "edit", edit("large", i, 0, piece, "typed"));
	}
	for (i = 0; i < 20000; i++)
		tell(&s, "edit", edit("small", i % 100, 0, "x", "typed"));
	must(store_commit(s.f->store, &err), &err);
	prepare(&s);
	must(checkpoint_size(s.f->store, s.assessment.id, &count, &bytes, &err), &err);
	assert_true(count >= 15);
	assert_true(bytes < 2 * 200000);
	session_release(&s);
}

/* --- marks, gaps, faults */

static void marks_are_found_by_their_index(void **state)
{
	struct fixture *f = *state;
	AUTO(timeline_close) struct timeline *timeline = NULL;
	const struct timeline_mark *marks = NULL;
	struct err err = ERR_INIT;
	AUTO_FREE char *plan = event_mark_plan(f->store, &err);
	struct session s;
	size_t count = 0, i;

	assert_non_null(plan);
	assert_non_null(strstr(plan, "USING INDEX event_mark"));
	assert_null(strstr(plan, "TEMP B-TREE"));
	session_start(&s, f, 1);
	must(store_begin(f->store, &err), &err);
	tell(&s, "snapshot", snapshot(world_tree(s.w, "a", "x", NULL)));
	for (i = 0; i < 100; i++)
		tell(&s, "edit", edit("a", 0, 0, "x", "typed"));
	tell(&s, "note", json_pack("{s:s}", "text", "look here"));
	must(store_commit(f->store, &err), &err);
	timeline = open_timeline(&s);
	must(timeline_marks(timeline, &marks, &count, &err), &err);
	/* the first is the invitation */
	assert_int_equal(count, 3);
	assert_string_equal(marks[1].kind, "snapshot");
	assert_string_equal(marks[2].kind, "note");
	assert_int_equal(marks[2].seq, timeline_last_seq(timeline));
	assert_string_equal(marks[2].actor, "candidate");
	assert_non_null(strstr(marks[2].label, "look here"));
	session_release(&s);
}

/* By looking at every part; a gap ends when the next event begins. */
static size_t gaps_by_playing(struct session *s, int64_t least_ms, struct timeline_gap *gaps)
{
	AUTO(timeline_close) struct timeline *timeline = open_timeline(s);
	int64_t last = timeline_start(timeline), instant, part, seq = -1;
	struct err err = ERR_INIT;
	bool complete = true;
	size_t count = 0;

	while (timeline_peek(timeline, &part, &err) == 1) {
		instant = part;
		if (complete)
			event_read_instant(s->f->store, s->assessment.id, ++seq, &instant, &err);
		if (instant - last >= least_ms)
			gaps[count++] = (struct timeline_gap){ last, instant };
		last = part;
		must(timeline_next(timeline, &err), &err);
		complete = fold_part_instant(timeline_fold(timeline)) < 0;
	}
	return count;
}

static void gaps_are_where_nothing_happened(void **state)
{
	static struct timeline_gap wanted[4096];
	AUTO(timeline_close) struct timeline *timeline = NULL;
	AUTO_FREE struct timeline_gap *gaps = NULL;
	struct err err = ERR_INIT;
	struct session s;
	size_t count = 0, i, wanted_count;

	session_start(&s, *state, 12);
	play(&s, 800);
	timeline = open_timeline(&s);
	wanted_count = gaps_by_playing(&s, 5000, wanted);
	assert_true(wanted_count > 5);
	must(timeline_gaps(timeline, 5000, &gaps, &count, &err), &err);
	assert_int_equal(count, wanted_count);
	for (i = 0; i < count; i++) {
		assert_int_equal(gaps[i].from, wanted[i].from);
		assert_int_equal(gaps[i].to, wanted[i].to);
	}
	session_release(&s);
}

static void a_fault_is_named_and_the_timeline_goes_on(void **state)
{
	AUTO(timeline_close) struct timeline *timeline = NULL;
	struct err err = ERR_INIT;
	struct session s;

	session_start(&s, *state, 2);
	play(&s, 300);
	sql(&s, "UPDATE event SET kind = 'edit', data = '{\"edits\":[]}' WHERE seq = 200");
	timeline = open_timeline(&s);
	assert_int_equal(timeline_seek_seq(timeline, 250, &err), -1);
	assert_int_equal(err.code, ERR_INTEGRITY);
	assert_non_null(strstr(err.text, "event 200 (edit): it has no parts"));
	err = (struct err)ERR_INIT;
	must(timeline_seek_seq(timeline, 199, &err), &err);
	sql(&s, "DELETE FROM event WHERE seq = 100");
	timeline_close(&timeline);
	timeline = open_timeline(&s);
	assert_int_equal(timeline_seek_seq(timeline, 120, &err), -1);
	assert_int_equal(err.code, ERR_INTEGRITY);
	session_release(&s);
}

static void nothing_is_not_a_session(void **state)
{
	struct fixture *f = *state;
	struct fold_source source = { .arg = NULL };
	struct err err = ERR_INIT;

	assert_null(timeline_open(f->store, "none", &source, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_seek_gives_what_playing_gives),
		WITH_STORE(a_seek_to_an_event_is_after_all_of_it),
		WITH_STORE(instants_never_go_backwards),
		WITH_STORE(a_damaged_keyframe_is_passed_over),
		WITH_STORE(more_events_get_more_keyframes),
		WITH_STORE(what_stays_the_same_is_stored_once),
		WITH_STORE(marks_are_found_by_their_index),
		WITH_STORE(gaps_are_where_nothing_happened),
		WITH_STORE(a_fault_is_named_and_the_timeline_goes_on),
		WITH_STORE(nothing_is_not_a_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
