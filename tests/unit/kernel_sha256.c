/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kernel/security/sha256.h"
#include "support/suite.h"

static void hex_of(const void *data, size_t size, char hex[65])
{
	uint8_t digest[32];
	struct sha256 hash;

	sha256_init(&hash);
	sha256_update(&hash, data, size);
	sha256_final(&hash, digest);
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

/* FIPS 180-4's examples and NIST's short-message vectors. */
static const struct {
	const char *text;
	const char *hex;
} vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb924"
	      "27ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223"
		 "b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039"
	  "a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	  "cf5b16a778af8380036ce59e7b049237"
	  "0b249b11e8f07a51afac45037afee9d1" },
	{ "\xbd", "68325720aabd7c82f30f554b313d0570"
		  "c95accbb7dc4b5aae11204c08ffe732b" },
	{ "\xc9\x8c\x8e\x55", "7abc22c0ae5af26ce93dbb94433a0e0b"
			      "2e119d014f8e7f65bd56c61ccccd9504" },
};

START_TEST(vectors_of_the_standard)
{
	char hex[65];

	hex_of(vectors[_i].text, strlen(vectors[_i].text), hex);
	ck_assert_str_eq(hex, vectors[_i].hex);
}
END_TEST

START_TEST(a_million_letters)
{
	char *text = malloc(1000000), hex[65];

	ck_assert_ptr_nonnull(text);
	memset(text, 'a', 1000000);
	hex_of(text, 1000000, hex);
	ck_assert_str_eq(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
			      "f1809a48a497200e046d39ccc7112cd0");
	free(text);
}
END_TEST

START_TEST(zeroes_of_lengths_around_a_block)
{
	static const struct {
		size_t size;
		const char *hex;
	} zeroes[] = {
		{ 55, "02779466cdec163811d078815c633f21"
		      "901413081449002f24aa3e80f0b88ef7" },
		{ 56, "d4817aa5497628e7c77e6b606107042b"
		      "bba3130888c5f47a375e6179be789fbb" },
		{ 57, "65a16cb7861335d5ace3c60718b5052e"
		      "44660726da4cd13bb745381b235a1785" },
		{ 64, "f5a5fd42d16a20302798ef6ed309979b"
		      "43003d2320d9f0e8ea9831a92759fb4b" },
	};
	static const uint8_t zero[64];
	char hex[65];

	for (size_t i = 0; i < sizeof(zeroes) / sizeof(zeroes[0]); i++) {
		hex_of(zero, zeroes[i].size, hex);
		ck_assert_str_eq(hex, zeroes[i].hex);
	}
}
END_TEST

START_TEST(pieces_give_the_same_as_the_whole)
{
	uint8_t data[300], whole[32], digest[32];
	struct sha256 hash;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + 3);
	for (size_t size = 0; size <= sizeof(data); size++) {
		sha256_init(&hash);
		sha256_update(&hash, data, size);
		sha256_final(&hash, whole);
		for (size_t step = 1; step < 140; step += 13) {
			sha256_init(&hash);
			for (size_t at = 0; at < size; at += step)
				sha256_update(&hash, data + at,
					      size - at < step ? size - at :
								 step);
			sha256_update(&hash, data, 0);
			sha256_final(&hash, digest);
			ck_assert_mem_eq(digest, whole, 32);
		}
	}
}
END_TEST

START_TEST(one_changed_bit_changes_the_digest)
{
	uint8_t data[130] = { 0 };
	char before[65], after[65];

	hex_of(data, sizeof(data), before);
	for (size_t i = 0; i < sizeof(data) * 8; i++) {
		data[i / 8] ^= (uint8_t)(1 << i % 8);
		hex_of(data, sizeof(data), after);
		ck_assert_str_ne(before, after);
		data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sha256");

	tcase_add_loop_test(tests, vectors_of_the_standard, 0,
			    SUITE_LENGTH(vectors));
	tcase_add_test(tests, a_million_letters);
	tcase_add_test(tests, zeroes_of_lengths_around_a_block);
	tcase_add_test(tests, pieces_give_the_same_as_the_whole);
	tcase_add_test(tests, one_changed_bit_changes_the_digest);
	return suite_run("kernel_sha256", tests);
}
