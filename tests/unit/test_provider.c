/* test_provider.c - providers of models: rows, and keys that open only where they belong */
#include "store_fixture.h"

#include "ai/model_list.h"
#include "ai/provider_key.h"
#include "store/provider.h"

#define KEY "sk-test-0123456789abcdef"

static struct provider a_provider(const char *name)
{
	struct provider provider = { .kind = PROVIDER_ANTHROPIC,
				     .url = buf_strdup("https://a.example"),
				     .models = buf_strdup("claude-* m?") };

	snprintf(provider.name, sizeof(provider.name), "%s", name);
	return provider;
}

static void add(struct fixture *f, const char *name, const char *key)
{
	AUTO(provider_release) struct provider provider = a_provider(name);
	struct err err = ERR_INIT;

	if (key)
		must(provider_key_seal(f->store, &provider, key, &err), &err);
	must(store_begin(f->store, &err), &err);
	must(provider_add(f->store, &provider, &err), &err);
	must(store_commit(f->store, &err), &err);
}

static void a_key_comes_back_and_shows_its_end(void **state)
{
	struct fixture *f = *state;
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	AUTO(provider_key_wipe) char *key = NULL;
	struct err err = ERR_INIT;

	add(f, "one", " " KEY "\n");
	assert_int_equal(provider_find(f->store, "one", &provider, &err), 1);
	assert_string_equal(provider.hint, "cdef");
	assert_string_equal(provider.models, "claude-* m?");
	assert_int_equal(provider.kind, PROVIDER_ANTHROPIC);
	assert_null(memmem(provider.sealed, provider.sealed_len, "sk-test", 7));
	key = provider_key_open(f->store, &provider, &err);
	assert_string_equal(key, KEY);
}

static void a_short_key_shows_nothing(void **state)
{
	struct fixture *f = *state;
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	struct err err = ERR_INIT;

	add(f, "one", "short-key");
	assert_int_equal(provider_find(f->store, "one", &provider, &err), 1);
	assert_string_equal(provider.hint, "");
}

static void one_without_a_key_has_an_empty_one(void **state)
{
	struct fixture *f = *state;
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	AUTO(provider_key_wipe) char *key = NULL;
	struct err err = ERR_INIT;

	add(f, "one", NULL);
	assert_int_equal(provider_find(f->store, "one", &provider, &err), 1);
	assert_null(provider.sealed);
	key = provider_key_open(f->store, &provider, &err);
	assert_string_equal(key, "");
}

static void a_key_opens_only_where_it_belongs(void **state)
{
	struct fixture *f = *state;
	AUTO(provider_release) struct provider provider = PROVIDER_INIT;
	struct err err = ERR_INIT;

	add(f, "one", KEY);
	assert_int_equal(provider_find(f->store, "one", &provider, &err), 1);
	for (size_t i = 0; i < provider.sealed_len; i++) {
		((char *)provider.sealed)[i] ^= 1;
		err = (struct err)ERR_INIT;
		assert_null(provider_key_open(f->store, &provider, &err));
		assert_int_equal(err.code, ERR_INTEGRITY);
		((char *)provider.sealed)[i] ^= 1;
	}
	provider.url[8] = 'b';
	assert_null(provider_key_open(f->store, &provider, &err));
	provider.url[8] = 'a';
	provider.name[0] = 'x';
	assert_null(provider_key_open(f->store, &provider, &err));
	provider.name[0] = 'o';
	provider.sealed_len = 3;
	assert_null(provider_key_open(f->store, &provider, &err));
}

static void what_is_no_key_is_refused(void **state)
{
	struct fixture *f = *state;
	AUTO(provider_release) struct provider provider = a_provider("one");
	AUTO_FREE char *long_key = buf_alloc(PROVIDER_KEY_MAX + 2);
	const char *const keys[] = { "", " \n", "two words", "line\r\nX: y", "t\xc3\xa4",
				     long_key };
	struct err err = ERR_INIT;

	memset(long_key, 'a', PROVIDER_KEY_MAX + 1);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		err = (struct err)ERR_INIT;
		assert_int_equal(provider_key_seal(f->store, &provider, keys[i], &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_null(strstr(err.text, "words"));
		assert_null(provider.sealed);
	}
}

static int count(void *arg, const struct provider *provider, struct err *err)
{
	struct buf *names = arg;

	(void)err;
	buf_add_format(names, "%s ", provider->name);
	return 0;
}

static void names_are_names_and_there_once(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = { "", "1a", "A", "a b", "-a", "a_b", "\xc3\xa4" };
	AUTO(buf_release) struct buf names = BUF_INIT(1000);
	AUTO(store_rollback) struct store *tx = f->store;
	struct err err = ERR_INIT;

	add(f, "two", KEY);
	add(f, "one-1", KEY);
	must(store_begin(f->store, &err), &err);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		AUTO(provider_release) struct provider provider = a_provider(bad[i]);

		assert_int_equal(provider_add(f->store, &provider, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
	}
	{
		AUTO(provider_release) struct provider provider = a_provider("two");

		assert_int_equal(provider_add(f->store, &provider, &err), -1);
		assert_int_equal(err.code, ERR_STATE);
	}
	must(provider_each(f->store, count, &names, &err), &err);
	assert_string_equal(buf_str(&names), "one-1 two ");
	must(provider_remove(f->store, "two", &err), &err);
	assert_int_equal(provider_remove(f->store, "two", &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void patterns_choose_the_models(void **state)
{
	AUTO(provider_release) struct provider provider = a_provider("one");

	(void)state;
	assert_true(model_list_fits(&provider, "claude-x"));
	assert_true(model_list_fits(&provider, "m1"));
	assert_false(model_list_fits(&provider, "m"));
	assert_false(model_list_fits(&provider, "gpt"));
	assert_false(model_list_fits(&provider, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(a_key_comes_back_and_shows_its_end),
		WITH_STORE(a_short_key_shows_nothing),
		WITH_STORE(one_without_a_key_has_an_empty_one),
		WITH_STORE(a_key_opens_only_where_it_belongs),
		WITH_STORE(what_is_no_key_is_refused),
		WITH_STORE(names_are_names_and_there_once),
		WITH_STORE(patterns_choose_the_models),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
