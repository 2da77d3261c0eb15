/* test_env.c - variables for a candidate's tools, and their quoting */
#include "work/env_script.h"
#include "work/env_table.h"

#include "base/auto.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/share.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct env_words words_of(const char *model)
{
	return (struct env_words){ .server = "https://tali.example", .token = "TOKEN",
				   .state = "/state", .folder = "/work", .model = model };
}

static void no_client_contradicts_another(void **state)
{
	const struct share_file *file = share_find("env.json");
	struct err err = ERR_INIT;
	AUTO_JSON json_t *table = json_parse(file->data, file->size, file->name, &err);
	AUTO_JSON json_t *all = json_object();
	json_t *client, *text, *name;
	const char *key;
	size_t i, j;

	(void)state;
	json_array_foreach(json_object_get(table, "clients"), i, client)
		json_object_foreach(json_object_get(client, "set"), key, text) {
			json_t *other = json_object_get(all, key);

			assert_true(!other || json_equal(other, text));
			json_object_set(all, key, text);
		}
	json_array_foreach(json_object_get(table, "clients"), i, client)
		json_array_foreach(json_object_get(client, "unset"), j, name)
			assert_null(json_object_get(all, json_string_value(name)));
	assert_true(json_object_size(all) > 10);
}

static void a_variable_without_its_word_is_left_out(void **state)
{
	struct env_words words = words_of(NULL);
	AUTO_JSON json_t *without = env_table_variables(&words);
	AUTO_JSON json_t *with = NULL;

	(void)state;
	words = words_of("m{token}");
	with = env_table_variables(&words);
	assert_null(json_object_get(without, "ANTHROPIC_MODEL"));
	assert_string_equal(json_str(with, "ANTHROPIC_MODEL", ""), "m{token}");
	assert_string_equal(json_str(with, "AIDER_MODEL", ""), "openai/m{token}");
	assert_string_equal(json_str(with, "OPENAI_BASE_URL", ""),
			    "https://tali.example/ai/openai/v1");
	assert_string_equal(json_str(with, "ANTHROPIC_BASE_URL", ""),
			    "https://tali.example/ai/anthropic");
	assert_true(json_is_null(json_object_get(with, "ANTHROPIC_API_KEY")));
}

static void clients_name_what_is_theirs(void **state)
{
	struct env_words words = words_of(NULL);
	AUTO_JSON json_t *clients = env_table_clients(&words);
	const json_t *codex = json_array_get(clients, 2);

	(void)state;
	assert_string_equal(json_str(codex, "name", ""), "codex");
	assert_int_equal(json_array_size(json_object_get(codex, "variables")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(codex, "files"), 0)),
			    "/state/codex/config.toml");
}

static void files_hold_quoted_words(void **state)
{
	AUTO(fs_temp_release) char *folder = NULL;
	AUTO_FREE char *path = NULL;
	AUTO(buf_release) struct buf text = BUF_INIT(65536);
	struct env_words words = words_of("a\"b\\c\nd\x7f");
	struct err err = ERR_INIT;
	struct stat info;

	(void)state;
	folder = fs_temp_dir("tali-env", &err);
	path = fs_join(folder, "codex/config.toml");
	words.state = folder;
	words.folder = "/a'\"]";
	assert_int_equal(env_table_write(&words, &err), 0);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(fs_read(AT_FDCWD, path, 65536, &text, &err), 0);
	assert_non_null(strstr(buf_str(&text), "model = \"a\\\"b\\\\c\\u000ad\\u007f\"\n"));
	assert_non_null(strstr(buf_str(&text), "[projects.\"/a'\\\"]\"]\n"));
	assert_null(strstr(buf_str(&text), "TOKEN"));

	words.model = NULL;
	buf_release(&text);
	assert_int_equal(env_table_write(&words, &err), 0);
	assert_int_equal(fs_read(AT_FDCWD, path, 65536, &text, &err), 0);
	assert_int_equal(strncmp(buf_str(&text), "model_provider", 14), 0);
}

static void assert_script(const char *shell, const char *value, const char *want)
{
	AUTO_JSON json_t *variables = json_pack("{s:s, s:n}", "A", value, "B");
	AUTO(buf_release) struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;

	assert_int_equal(env_script_write(shell, variables, &out, &err), 0);
	assert_string_equal(buf_str(&out), want);
}

static void each_shell_quotes_in_its_way(void **state)
{
	static const char value[] = "a'b\\c\n$(d)`e`\"!\xe2\x80\x99\xe2\x80\x9c";

	(void)state;
	assert_script("bash", value, "export A='a'\\''b\\c\n$(d)`e`\"!\xe2\x80\x99\xe2\x80\x9c'\n"
				     "unset B\n");
	assert_script("zsh", "", "export A=''\nunset B\n");
	assert_script("fish", value, "set -gx A 'a\\'b\\\\c\n$(d)`e`\"!\xe2\x80\x99\xe2\x80\x9c'\n"
				     "set -e B\n");
	assert_script("powershell", value,
		      "$env:A = 'a''b\\c\n$(d)`e`\"!\xe2\x80\x99\xe2\x80\x99\xe2\x80\x9c'\n"
		      "$env:B = $null\n");
}

static void another_shell_is_refused(void **state)
{
	AUTO_JSON json_t *variables = json_object();
	AUTO(buf_release) struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(env_script_write("csh", variables, &out, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_client_contradicts_another),
		cmocka_unit_test(a_variable_without_its_word_is_left_out),
		cmocka_unit_test(clients_name_what_is_theirs),
		cmocka_unit_test(files_hold_quoted_words),
		cmocka_unit_test(each_shell_quotes_in_its_way),
		cmocka_unit_test(another_shell_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
