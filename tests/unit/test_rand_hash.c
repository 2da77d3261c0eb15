/* test_rand_hash.c - passcodes and tokens, hashes, base64 and signatures against known answers */
#include "base/hash.h"
#include "base/rand.h"
#include "base/sign.h"

#include "base/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void the_same_bytes_give_the_same_passcode(void **state)
{
	static const struct {
		uint8_t bytes[8];
		const char *text;
	} rows[] = {	/* computed apart, in Python */
		{ { 0 }, "33333333" },
		{ { 255, 255, 255, 255, 255, 255, 255, 255 }, "NR4RT3YN" },
		{ { 0, 1, 2, 3, 4, 5, 6, 7 }, "PRWE69VM" },
	};
	char text[RAND_PASSCODE_LEN + 1];
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		rand_passcode_text(rows[i].bytes, text);
		assert_string_equal(text, rows[i].text);
	}
}

static void the_same_bytes_give_the_same_token(void **state)
{
	uint8_t bytes[16] = { 0 };
	char text[RAND_TOKEN_LEN + 1];
	uint8_t i;

	(void)state;
	rand_token_text(bytes, text);
	assert_string_equal(text, "00000000000000000000000000");
	for (i = 0; i < 16; i++)
		bytes[i] = i;
	rand_token_text(bytes, text);
	assert_string_equal(text, "000g40r40m30e209185gr38e1w");
	memset(bytes, 255, sizeof(bytes));
	rand_token_text(bytes, text);
	assert_string_equal(text, "zzzzzzzzzzzzzzzzzzzzzzzzzw");
}

/* Of what looks alike at most one may be used. */
static void no_two_characters_of_passcodes_look_alike(void **state)
{
	static const char *const alike[] = { "0O", "1IL", "2Z", "5S", "8B", "UV" };
	bool used[256] = { false };
	size_t i, count = 0;
	int n;

	(void)state;
	for (n = 0; n < 4000; n++) {
		uint8_t bytes[8];
		char text[RAND_PASSCODE_LEN + 1];

		rand_bytes(bytes, sizeof(bytes));
		rand_passcode_text(bytes, text);
		assert_int_equal(strlen(text), RAND_PASSCODE_LEN);
		for (i = 0; i < RAND_PASSCODE_LEN; i++)
			used[(unsigned char)text[i]] = true;
	}
	for (i = 0; i < 256; i++)
		count += used[i];
	assert_int_equal(count, 24);
	for (i = 0; i < LENGTH(alike); i++) {
		const char *at;
		int seen = 0;

		for (at = alike[i]; *at; at++)
			seen += used[(unsigned char)*at];
		assert_true(seen <= 1);
	}
	assert_false(used['0'] || used['O'] || used['1'] || used['I'] || used['L']);
}

static void what_people_type_is_read(void **state)
{
	static const struct {
		const char *typed, *read;
	} rows[] = {
		{ "PRWE69VM", "PRWE69VM" }, { "prwe69vm", "PRWE69VM" },
		{ "PRWE-69VM", "PRWE69VM" }, { " prwe 69vm ", "PRWE69VM" },
		{ "P-R-W-E-6-9-V-M", "PRWE69VM" }, { "PRWE69V", NULL }, { "PRWE69VMM", NULL },
		{ "", NULL }, { "PRWE69V0", NULL }, { "PRWE69V_", NULL }, { "--------", NULL },
		{ "PRWE69V\xc3", NULL },
	};
	char text[RAND_PASSCODE_LEN + 1];
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(rows); i++) {
		bool fine = rand_passcode_read(rows[i].typed, text);

		assert_int_equal(fine, rows[i].read != NULL);
		if (fine)
			assert_string_equal(text, rows[i].read);
	}
}

static void ids_are_16_characters_and_differ(void **state)
{
	char ids[100][RAND_ID_LEN + 1];
	int i, j;

	(void)state;
	for (i = 0; i < 100; i++) {
		rand_id(ids[i]);
		assert_int_equal(strspn(ids[i], "0123456789abcdefghjkmnpqrstvwxyz"), RAND_ID_LEN);
		assert_int_equal(strlen(ids[i]), RAND_ID_LEN);
		for (j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
	}
}

static void hashes_are_SHA_256(void **state)
{
	static const char EMPTY[] =
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const char ABC[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct hash_stream stream;
	struct hash hash;
	uint8_t key[32];
	char hex[HASH_HEX_SIZE];
	uint8_t i;

	(void)state;
	hash = hash_of("", 0);
	assert_string_equal(hash_hex(&hash, hex), EMPTY);
	hash = hash_of("abc", 3);
	assert_string_equal(hash_hex(&hash, hex), ABC);
	hash = hash_of_two("a", 1, "bc", 2);
	assert_string_equal(hash_hex(&hash, hex), ABC);
	hash_stream_init(&stream);
	hash_stream_add(&stream, "ab", 2);
	hash_stream_add(&stream, "c", 1);
	hash = hash_stream_end(&stream);
	assert_string_equal(hash_hex(&hash, hex), ABC);
	for (i = 0; i < 32; i++)
		key[i] = i;
	hash = hash_keyed(key, "link:abc:0");	/* Python: hmac.new(bytes(range(32)), ...) */
	assert_string_equal(hash_hex(&hash, hex),
			    "c0075438fb5cfe9214b4b2f08e7f345f3989e0a82c3e55a25597341ad16a24ee");
}

static void hex_is_read_strictly(void **state)
{
	struct hash hash = hash_of("abc", 3), again;
	char hex[HASH_HEX_SIZE + 1];
	struct err err = ERR_INIT;

	(void)state;
	hash_hex(&hash, hex);
	assert_int_equal(hash_from_hex(hex, &again, &err), 0);
	assert_true(hash_equal(&hash, &again));
	again.bytes[31] ^= 1;
	assert_false(hash_equal(&hash, &again));
	hex[63] = '\0';
	assert_int_equal(hash_from_hex(hex, &again, &err), -1);
	memcpy(hex + 63, "00", 3);
	assert_int_equal(hash_from_hex(hex, &again, &err), -1);
	memcpy(hex + 63, "g", 2);
	assert_int_equal(hash_from_hex(hex, &again, &err), -1);
	assert_int_equal(hash_from_hex("", &again, &err), -1);
}

static void base64_comes_back_and_is_read_strictly(void **state)
{
	static const char *const bad[] = { "A", "AA", "AAA", "AA=A", "AB==", "AAAA=", "AA==AA==",
					   "A A=", "AA-_", "AAAA\n" };
	size_t len, i;

	(void)state;
	for (len = 0; len < 50; len++) {
		uint8_t bytes[50];
		struct err err = ERR_INIT;
		size_t got = 99;

		rand_bytes(bytes, sizeof(bytes));
		{
			AUTO_FREE char *text = hash_base64(bytes, len);
			AUTO_FREE uint8_t *back = hash_from_base64(text, &got, &err);

			assert_non_null(back);
			assert_int_equal(got, len);
			assert_memory_equal(back, bytes, len);
		}
	}
	for (i = 0; i < LENGTH(bad); i++) {
		struct err err = ERR_INIT;

		if (hash_from_base64(bad[i], &len, &err))
			fail_msg("'%s' was read", bad[i]);
		assert_int_equal(err.code, ERR_INPUT);
	}
}

static void a_hash_for_tables_hangs_on_its_key(void **state)
{
	static const uint8_t key[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	static const uint8_t other[16] = { 1 };
	/* the first of the authors' test vectors, as bytes */
	static const uint8_t expected[8] = { 0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72 };
	uint64_t hash = hash_quick(key, "", 0);

	(void)state;
	assert_memory_equal(&hash, expected, 8);
	assert_true(hash_quick(key, "a", 1) == hash_quick(key, "a", 1));
	assert_true(hash_quick(key, "a", 1) != hash_quick(key, "b", 1));
	assert_true(hash_quick(key, "a", 1) != hash_quick(other, "a", 1));
}

static void a_signature_fits_one_text_and_one_key(void **state)
{
	struct sign_key key, other;
	struct err err = ERR_INIT;
	uint8_t signature[SIGN_SIZE];

	(void)state;
	sign_generate(&key);
	sign_generate(&other);
	sign_make(&key, "text", 4, signature);
	assert_int_equal(sign_check(key.public_key, "text", 4, signature, &err), 0);
	assert_int_equal(sign_check(key.public_key, "texT", 4, signature, &err), -1);
	assert_int_equal(sign_check(key.public_key, "text", 3, signature, &err), -1);
	assert_int_equal(sign_check(other.public_key, "text", 4, signature, &err), -1);
	assert_int_equal(err.code, ERR_INTEGRITY);
	signature[0] ^= 1;
	assert_int_equal(sign_check(key.public_key, "text", 4, signature, &err), -1);
	assert_true(sign_key_whole(&key));
	memcpy(key.public_key, other.public_key, SIGN_PUBLIC_SIZE);
	assert_false(sign_key_whole(&key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_bytes_give_the_same_passcode),
		cmocka_unit_test(the_same_bytes_give_the_same_token),
		cmocka_unit_test(no_two_characters_of_passcodes_look_alike),
		cmocka_unit_test(what_people_type_is_read),
		cmocka_unit_test(ids_are_16_characters_and_differ),
		cmocka_unit_test(hashes_are_SHA_256),
		cmocka_unit_test(hex_is_read_strictly),
		cmocka_unit_test(base64_comes_back_and_is_read_strictly),
		cmocka_unit_test(a_hash_for_tables_hangs_on_its_key),
		cmocka_unit_test(a_signature_fits_one_text_and_one_key),
	};

	hash_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
