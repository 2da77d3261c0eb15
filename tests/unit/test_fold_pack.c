/* test_fold_pack.c - a fold goes on from a packed state as if nothing had been */
#include "journal/fold_pack.h"

#include "fold_session.h"

static struct fold *packed_and_back(struct world *w, struct fold *fold)
{
	AUTO(buf_release) struct buf packed = BUF_INIT(0);
	struct err err = ERR_INIT;
	struct fold *back;

	pack_state(w, fold, &packed);
	back = fold_unpack(&w->source, packed.data, packed.len, &err);
	if (!back)
		fail_msg("%s", err.text);
	return back;
}

static void same_state(struct world *w, struct fold *a, struct fold *b, uint32_t seed)
{
	AUTO(buf_release) struct buf first = BUF_INIT(0), second = BUF_INIT(0);

	pack_state(w, a, &first);
	pack_state(w, b, &second);
	if (first.len != second.len || memcmp(first.data, second.data, first.len) != 0)
		fail_msg("seed %u: the states after event %d differ", seed, (int)fold_seq(a));
}

/* One fold goes on, the other is packed and unpacked at any time. */
static void a_packed_state_goes_on_the_same(void **state)
{
	uint32_t first;

	(void)state;
	for (first = 1; first <= 40; first++) {
		struct world *w = NULL;
		uint32_t seed = first;
		struct fold *other;
		int i;

		world_make((void **)&w);
		other = fold_new(&w->source);
		for (i = 0; i < 200; i++) {
			const char *kind = NULL;
			json_t *data = session_next(w, &seed, &kind);
			struct err err = ERR_INIT;

			told(w, kind, data);
			if (fold_event(other, &w->event, &err) < 0)
				fail_msg("%s", err.text);
			if (next_random(&seed) % 4 == 0) {
				struct fold *back = packed_and_back(w, other);

				fold_free(&other);
				other = back;
			}
			if (i % 10 == 0)
				same_state(w, w->fold, other, first);
		}
		same_state(w, w->fold, other, first);
		fold_free(&other);
		world_remove((void **)&w);
	}
}

static void texts_are_read_or_refused(struct fold *fold)
{
	size_t i;

	for (i = 0; i < fold_file_count(fold); i++) {
		struct err err = ERR_INIT;
		struct text *text = NULL;

		if (fold_text(fold, fold_file_at(fold, i), &text, &err) < 0)
			assert_int_equal(err.code, ERR_INTEGRITY);
	}
}

/* Every byte of a packed state may be another one: it is refused, or is a state. */
static void a_damaged_state_is_refused_or_sound(void **state)
{
	struct world *w = *state;
	AUTO(buf_release) struct buf packed = BUF_INIT(0);
	uint32_t seed = 5;
	size_t i;

	for (i = 0; i < 150; i++) {
		const char *kind = NULL;
		json_t *data = session_next(w, &seed, &kind);

		told(w, kind, data);
	}
	pack_state(w, w->fold, &packed);
	for (i = 0; i < 4000; i++) {
		AUTO_FREE char *damaged = buf_alloc(packed.len);
		size_t len = i % 10 ? packed.len : next_random(&seed) % packed.len;
		AUTO(fold_free) struct fold *back = NULL;
		AUTO(buf_release) struct buf again = { 0 };
		struct err err = ERR_INIT;

		memcpy(damaged, packed.data, packed.len);
		damaged[next_random(&seed) % packed.len] ^= (char)(1 << next_random(&seed) % 8);
		back = fold_unpack(&w->source, damaged, len, &err);
		if (back)
			pack_state(w, back, &again);
		else
			assert_int_equal(err.code, ERR_INPUT);
		if (back)
			texts_are_read_or_refused(back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packed_state_goes_on_the_same),
		WITH_WORLD(a_damaged_state_is_refused_or_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
