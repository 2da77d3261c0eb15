/* test_player_keys.c - the player on a made-up session: keys go in, cells come out */
#include "store_fixture.h"

#include "base/json.h"
#include "base/utf8.h"
#include "journal/journal.h"
#include "replay/player.h"

#include <locale.h>

struct session {
	struct fixture *fixture;
	struct assessment assessment;
	struct fold_stored stored;
	struct fold_source source;
	struct timeline *timeline;
	struct player *player;
	int64_t start;
};

static void tell(struct session *s, int64_t after, const char *kind, json_t *data)
{
	struct err err = ERR_INIT;

	assert_non_null(data);
	s->fixture->clock.fixed_ms = s->start + after;
	must(store_begin(s->fixture->store, &err), &err);
	must(journal_append(s->fixture->store, s->assessment.id, "candidate", kind, data, &err),
	     &err);
	must(store_commit(s->fixture->store, &err), &err);
}

static void edit(struct session *s, int64_t after, const char *file, int at, int del,
		 const char *ins)
{
	tell(s, after, "edit", json_pack("{s:[{s:s, s:i, s:i, s:s}]}", "edits", "file", file, "at",
					 at, "del", del, "ins", ins));
}

static void talk(struct session *s, int64_t after, const char *kind, const char *text)
{
	tell(s, after, kind, json_pack("{s:s, s:s}", "conversation", "c", "text", text));
}

static void output(struct session *s, int64_t after, const char *text)
{
	tell(s, after, "terminal_out", json_pack("{s:s, s:[{s:i, s:s}]}", "terminal", "1",
						 "chunks", "ms", 0, "text", text));
}

static void tell_all(struct session *s)
{
	tell(s, 0, "file", json_pack("{s:s, s:s}", "op", "create", "path", "a.txt"));
	tell(s, 0, "file", json_pack("{s:s, s:s}", "op", "create", "path", "b/b.txt"));
	edit(s, 1000, "a.txt", 0, 0, "first\nsecond\t\033[31mline\n\xe4\xb8\xad e\xcc\x81\n");
	edit(s, 2000, "b/b.txt", 0, 0, "other \xe2\x80\xae text");
	edit(s, 3000, "a.txt", 6, 6, "2nd");
	tell(s, 4000, "terminal", json_pack("{s:s, s:s, s:i, s:i, s:[s]}", "terminal", "1",
					    "action", "start", "columns", 100, "rows", 50, "argv",
					    "sh"));
	output(s, 5000, "$ \033[1;38;2;255;0;0mred\033[0m\r\n\033]0;evil\007\033[40;90Hfar");
	talk(s, 60000, "ai_prompt", "how \033[2J many words are too many words for eighty cells "
				    "in one row of a terminal that is no wider than that");
	talk(s, 61000, "ai_response", "Forty-Two");
	tell(s, 62000, "note", json_pack("{s:s}", "text", "note\033]0;x\007"));
	edit(s, 90000, "a.txt", 0, 0, "top\n");
	tell(s, 100000, "file", json_pack("{s:s, s:s}", "op", "delete", "path", "b/b.txt"));
}

static int make(void **state)
{
	struct session *s = buf_alloc(sizeof(*s));
	struct err err = ERR_INIT;
	struct player_session watched;

	fixture_make((void **)&s->fixture);
	s->start = INT64_C(1767225600000);
	s->fixture->clock.fixed_ms = s->start;
	s->assessment = fixture_assessment(s->fixture);
	tell_all(s);
	s->stored = (struct fold_stored){ s->fixture->store, NULL };
	s->source = fold_source_stored(&s->stored);
	s->timeline = timeline_open(s->fixture->store, s->assessment.id, &s->source, &err);
	must(s->timeline ? 0 : -1, &err);
	watched = (struct player_session){
		.store = s->fixture->store, .assessment_id = s->assessment.id, .candidate = "Ada",
		.task = "tiny", .timeline = s->timeline, .source = &s->source,
		.span = { s->start, s->start + 100000 }, .running = true,
	};
	s->player = player_new(&watched, &err);
	must(s->player ? 0 : -1, &err);
	*state = s;
	return 0;
}

static int drop(void **state)
{
	struct session *s = *state;

	player_free(&s->player);
	timeline_close(&s->timeline);
	assessment_release(&s->assessment);
	fixture_remove((void **)&s->fixture);
	free(s);
	return 0;
}

static void press(struct session *s, const char *keys)
{
	for (; *keys; keys++)
		assert_true(player_press(s->player, *keys == '\t' ? PLAYER_KEY_TAB
						    : *keys == '\n' ? PLAYER_KEY_ENTER
								    : *keys));
	player_advance(s->player, 0);
}

/* Whether a row has the text, at 80x24. */
static bool sees(struct session *s, const char *text)
{
	struct canvas *canvas = canvas_new(24, 80, true);
	bool found = false;
	int row;

	player_draw(s->player, canvas);
	for (row = 0; row < 24; row++) {
		char *line = canvas_row(canvas, row);

		found |= strstr(line, text) != NULL;
		free(line);
	}
	canvas_free(&canvas);
	return found;
}

static void files_follow_what_is_changed(void **state)
{
	struct session *s = *state;

	player_press(s->player, PLAYER_KEY_END);
	assert_true(sees(s, "1:40 / 1:40"));
	press(s, "0.");
	assert_true(sees(s, "    1> first"));
	assert_true(sees(s, "    2> second"));
	press(s, ".");
	assert_true(sees(s, "b/b.txt"));
	press(s, ".");
	assert_true(sees(s, "    2> 2nd"));
	assert_true(sees(s, "a.txt"));
	press(s, ",");
	assert_true(sees(s, "b/b.txt"));
}

static void a_mark_is_gone_to_whole(void **state)
{
	struct session *s = *state;

	press(s, "kpc");
	assert_true(sees(s, "1:00  prompt"));
	assert_false(sees(s, "Forty-Two"));
	press(s, "]");
	assert_true(sees(s, "Forty-Two"));
	press(s, "]");
	assert_true(sees(s, "1:02 / 1:40"));
	press(s, "]");
	assert_true(sees(s, "1:40 / 1:40"));
	press(s, "]");
	assert_true(sees(s, "no later mark"));
	press(s, "kr");
	assert_true(sees(s, "no later mark of this kind"));
}

static void playing_goes_through_all_of_it(void **state)
{
	struct session *s = *state;
	int i, turns = 0;

	press(s, " ");
	assert_true(player_playing(s->player));
	for (i = 0; i < 1000 && player_playing(s->player); i++, turns++)
		player_advance(s->player, 50);
	assert_true(sees(s, "1:40 / 1:40"));
	/* four gaps of more than three seconds take half a second each */
	assert_in_range(turns * 50, 7000, 12000);
	press(s, " ");
	assert_true(sees(s, "0:00 / 1:40"));
}

static void search_goes_in_time(void **state)
{
	struct session *s = *state;

	press(s, "/2nd\n");
	assert_true(sees(s, "1 of 1: '2nd' in a.txt"));
	assert_true(sees(s, "0:03 / 1:40"));
	press(s, "/TOP\n");
	assert_true(sees(s, "'TOP' never appears"));
	press(s, "/forty\n");
	assert_true(sees(s, "1:01 / 1:40"));
	assert_true(sees(s, "Forty-Two"));
	press(s, "/t\nN");
	assert_true(sees(s, "'t' in"));
}

static void a_file_that_goes_is_said_to_be_gone(void **state)
{
	struct session *s = *state;

	press(s, "0..f");
	assert_true(sees(s, " b/b.txt"));
	press(s, "\n");
	assert_true(sees(s, "(chosen)"));
	player_press(s->player, PLAYER_KEY_END);
	assert_true(sees(s, "b/b.txt is not there at this moment"));
}

/* A session that still runs is watched as it grows. */
static void new_events_are_seen(void **state)
{
	struct session *s = *state;

	player_press(s->player, PLAYER_KEY_END);
	tell(s, 130000, "note", json_pack("{s:s}", "text", "more to come"));
	assert_true(player_advance(s->player, 2000));
	assert_true(sees(s, "1:40 / 2:10"));
	press(s, "]");
	assert_true(sees(s, "2:10 / 2:10  x1 paused  #13 note"));
}

static void leaving_is_told(void **state)
{
	struct session *s = *state;

	press(s, "?");
	assert_true(player_press(s->player, 'q'));	/* of the help only */
	assert_false(player_press(s->player, 'q'));
}

/* Nothing that is drawn could steer a terminal. */
static void check_cells(const struct canvas *canvas)
{
	int row, column;

	for (row = 0; row < canvas->rows; row++) {
		for (column = 0; column < canvas->columns; column++) {
			const char *text = canvas_at(canvas, row, column)->text;
			size_t len = strlen(text), at, bytes;

			for (at = 0; at < len; at += bytes) {
				uint32_t c;

				bytes = utf8_char(text + at, len - at);
				assert_true(bytes > 0);
				c = utf8_decode(text + at, bytes);
				assert_true(c >= 0x20 && !(c >= 0x7f && c < 0xa0));
				assert_true(c != 0x202e);
			}
		}
	}
}

static void any_keys_at_any_size_do_no_harm(void **state)
{
	static const char letters[] = "  edtcrdtcr\t[],.<>0123456789+-sskKfFhl/?nN\n:xpa";
	struct session *s = *state;
	uint32_t random = 4711;
	int i;

	for (i = 0; i < 6000; i++) {
		struct canvas *canvas;
		int key;

		random = random * 1103515245 + 12345;
		key = (random >> 16) % 3 ? letters[(random >> 18) % (sizeof(letters) - 1)]
					 : PLAYER_KEY_LEFT +
						   (int)((random >> 18) % (PLAYER_KEY_NONE -
									   PLAYER_KEY_LEFT + 1));
		assert_true(player_press(s->player, key == '\t' ? PLAYER_KEY_TAB
						    : key == '\n' ? PLAYER_KEY_ENTER : key));
		player_advance(s->player, (double)(random >> 24));
		assert_null(player_error(s->player));
		canvas = canvas_new(1 + (int)(random >> 20) % 50, 1 + (int)(random >> 12) % 160,
				    i % 5 != 0);
		player_draw(s->player, canvas);
		check_cells(canvas);
		canvas_free(&canvas);
	}
}

#define WITH_SESSION(test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SESSION(files_follow_what_is_changed),
		WITH_SESSION(a_mark_is_gone_to_whole),
		WITH_SESSION(playing_goes_through_all_of_it),
		WITH_SESSION(search_goes_in_time),
		WITH_SESSION(a_file_that_goes_is_said_to_be_gone),
		WITH_SESSION(new_events_are_seen),
		WITH_SESSION(leaving_is_told),
		WITH_SESSION(any_keys_at_any_size_do_no_harm),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
