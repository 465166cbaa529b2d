/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Patterns: what they find, what is refused, and two other opinions. */
#include <regex.h>
#include <string.h>

#include "../../kernel/security/dfa.h"
#include "../../policy/psl/regex.h"
#include "support/regex_model.h"
#include "support/suite.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena = arena_free(arena);
}

static const struct regex *compile(const char *pattern)
{
	struct regex_error error;
	const struct regex *regex = regex_compile(arena, pattern,
						  strlen(pattern), &error);

	if (!regex)
		ck_abort_msg("%s: column %zu: %s", pattern, error.at + 1,
			     error.what);
	return regex;
}

static bool found(const struct regex *regex, const char *text, size_t size)
{
	return dfa_match(&regex->dfa, regex->next, (const uint8_t *)text,
			 (uint32_t)size);
}

static const struct {
	const char *pattern, *yes[4], *no[4];
} examples[] = {
	{ "a", { "a", "xay" }, { "", "b" } },
	{ "abc", { "abc", "xabcx", "ababc" }, { "ab", "abx", "ABC" } },
	{ "^a", { "a", "ab" }, { "ba", "" } },
	{ "a$", { "a", "ba" }, { "ab", "a\n" } },
	{ "^$", { "" }, { "a", "\n" } },
	{ "$^", { "" }, { "a" } },
	{ "^", { "", "a" }, { NULL } },
	{ "a^b|b$a", { NULL }, { "ab", "ba", "a^b", "" } },
	{ "^a.c$", { "abc", "a\nc", "a\xff" "c" }, { "ac", "abbc" } },
	{ "[ab]c", { "ac", "xbc" }, { "c", "cc" } },
	{ "[^ab]c", { "cc", "\xff" "c" }, { "ac", "bc", "c" } },
	{ "^[a-c]$", { "a", "b", "c" }, { "d", "-", "`" } },
	{ "^[-a]$", { "-", "a" }, { "b" } },
	{ "^[a-]$", { "-", "a" }, { "b" } },
	{ "^[]a]$", { "]", "a" }, { "[", "a]" } },
	{ "^[^]]$", { "a", "[" }, { "]" } },
	{ "^[\\]\\x41-C]$", { "]", "A", "C" }, { "D", "x", "\\" } },
	{ "^[a[]$", { "[", "a" }, { "]" } },
	{ "^[$.*(|]$", { "$", ".", "*", "|" }, { "a" } },
	{ "^(a|bc)d$", { "ad", "bcd" }, { "abcd", "bd" } },
	{ "a|b|c", { "a", "xc" }, { "d" } },
	{ "^ab*c$", { "ac", "abbbc" }, { "abb" } },
	{ "^ab+c$", { "abc", "abbc" }, { "ac" } },
	{ "^ab?c$", { "ac", "abc" }, { "abbc" } },
	{ "^a{2}$", { "aa" }, { "a", "aaa" } },
	{ "^a{2,}$", { "aa", "aaaa" }, { "a", "" } },
	{ "^a{1,3}$", { "a", "aa", "aaa" }, { "", "aaaa" } },
	{ "^a{0}b$", { "b" }, { "ab" } },
	{ "^(ab){2}$", { "abab" }, { "ab", "abb" } },
	{ "^(a*)*$", { "", "aaa" }, { "ab" } },
	{ "(^a)+$", { "a" }, { "aa", "" } },
	{ "^\\^\\$\\.\\[\\]\\(\\)\\|\\*\\+\\?\\{\\}\\\\$",
	  { "^$.[]()|*+?{}\\" }, { "" } },
	{ "^\\x41\\n\\t\\r$", { "A\n\t\r" }, { "x41" } },
	{ "}", { "a}" }, { "{" } },
	{ "a]", { "a]" }, { "a" } },
	{ "^é$", { "é" }, { "\xc3", "e" } },
	{ "^(é)+$", { "é", "éé" }, { "\xc3\xa9\xa9" } },
	{ "^/etc/[a-z]+\\.conf$", { "/etc/dk.conf" },
	  { "/etc/../x.conf", "/etc/a.conf/", "x/etc/a.conf" } },
};

START_TEST(a_pattern_finds_what_it_says)
{
	const struct regex *regex = compile(examples[_i].pattern);

	for (int i = 0; i < 4 && examples[_i].yes[i]; i++)
		if (!found(regex, examples[_i].yes[i],
			   strlen(examples[_i].yes[i])))
			ck_abort_msg("%s does not find %s",
				     examples[_i].pattern, examples[_i].yes[i]);
	for (int i = 0; i < 4 && examples[_i].no[i]; i++)
		if (found(regex, examples[_i].no[i],
			  strlen(examples[_i].no[i])))
			ck_abort_msg("%s finds %s", examples[_i].pattern,
				     examples[_i].no[i]);
}
END_TEST

static const struct {
	const char *pattern;
	size_t column;
	const char *what;
} refusals[] = {
	{ "", 1, "expected an expression, found the end of the pattern" },
	{ "a|", 3, "expected an expression, found the end" },
	{ "|a", 1, "expected an expression, found '|'" },
	{ "a||b", 3, "expected an expression, found '|'" },
	{ "()", 2, "expected an expression, found ')'" },
	{ "(a|)", 4, "expected an expression, found ')'" },
	{ "*a", 1, "expected an expression, found '*'" },
	{ "a|+", 3, "expected an expression, found '+'" },
	{ "(?:a)", 2, "expected an expression after '(', found '?'" },
	{ "{2}", 1, "expected an expression, found '{'" },
	{ "ab(c", 3, "this '(' has no ')'" },
	{ "ab)c", 3, "this ')' has no '('" },
	{ "x[ab", 2, "this '[' has no ']'" },
	{ "x[]", 2, "this '[' has no ']'" },
	{ "x[^]", 2, "this '[' has no ']'" },
	{ "[a-", 1, "this '[' has no ']'" },
	{ "[z-a]", 2, "the range runs backwards, from \\x7a to \\x61" },
	{ "[[:alpha:]]", 2, "there are no classes by name, found '[:'" },
	{ "[é]", 2, "a set holds bytes, found a character of several" },
	{ "[a-é]", 4, "a set holds bytes, found a character of several" },
	{ "é*", 3, "this would repeat the last byte of a character" },
	{ "a**", 3, "expected no repetition of a repetition" },
	{ "a*?", 3, "expected no repetition of a repetition" },
	{ "a{2}{3}", 5, "expected no repetition of a repetition" },
	{ "a{", 3, "expected a number in { }, or \\{ for the brace itself, "
		   "found the end" },
	{ "a{x}", 3, "expected a number in { }" },
	{ "a{,2}", 3, "expected a number in { }" },
	{ "a{2", 4, "expected '}' to end the repetition, found the end" },
	{ "a{2,3", 6, "expected '}' to end the repetition, found the end" },
	{ "a{2,x}", 5, "expected a number in { }" },
	{ "a{256}", 3, "a repetition is at most 255 times" },
	{ "a{1,99999999999}", 5, "a repetition is at most 255 times" },
	{ "a{3,2}", 3, "the repetition runs backwards, from 3 to 2" },
	{ "\\", 2, "expected a sign, n, r, t or xHH after \\, found the end" },
	{ "(a)\\1", 5, "(there are no back-references), found '1'" },
	{ "\\d", 2, "expected a sign, n, r, t or xHH after \\, found 'd'" },
	{ "\\é", 2, "after \\, found the byte \\xc3" },
	{ "\\x4", 4, "expected two hexadecimal digits after \\x, found the" },
	{ "\\xg0", 3, "expected two hexadecimal digits after \\x, found 'g'" },
	{ "[\\w]", 3, "expected a sign, n, r, t or xHH after \\, found 'w'" },
	{ "(a{255}){255}", 1, "is too large: with its repetitions written out "
	  "it has more than 4096 parts" },
	{ "((((a{0}){255}){255}){255}){255}", 1, "more than 4096 parts" },
	{ "((((^{255}){255}){255}){255}){255}", 1, "more than 4096 parts" },
	{ "a.{12}b", 1, "is too large: it needs more than 4096 states" },
	/* 2 050 states are few, but each would stand for some 3 600 parts. */
	{ "((c?){60}){30}d|a.{10}b", 1, "is too large: its states stand for "
	  "more than 4194304 of its parts in all" },
	{ "x((.?){60}){30}[d-z]|a.{10}b", 1, "more than 4194304 of its parts" },
};

START_TEST(a_bad_pattern_is_refused_at_its_column)
{
	const char *pattern = refusals[_i].pattern;
	struct regex_error error;

	if (regex_compile(arena, pattern, strlen(pattern), &error))
		ck_abort_msg("%s is no error", pattern);
	if (error.at + 1 != refusals[_i].column ||
	    !strstr(error.what, refusals[_i].what))
		ck_abort_msg("%s: column %zu: %s", pattern, error.at + 1,
			     error.what);
}
END_TEST

static const char *repeat(const char *before, const char *part, int n,
			  const char *after)
{
	const char *text = before;

	for (int i = 0; i < n; i++)
		text = arena_printf(arena, "%s%s", text, part);
	return arena_printf(arena, "%s%s", text, after);
}

START_TEST(limits_are_reached_and_not_passed)
{
	struct regex_error error;
	const char *brackets = repeat("", "(", 101, "a");
	const char *parts = repeat("^", "ab", 2047, "");

	compile(repeat(repeat("", "(", 100, "a"), ")", 100, ""));
	ck_assert_ptr_null(regex_compile(arena, brackets, strlen(brackets),
					 &error));
	ck_assert_uint_eq(error.at, 100);
	ck_assert_ptr_nonnull(strstr(error.what,
				     "more than 100 '(' inside each other"));
	/* A part each for ^, 4 094 bytes and the match. */
	compile(parts);
	parts = arena_printf(arena, "%sa", parts);
	ck_assert_ptr_null(regex_compile(arena, parts, strlen(parts), &error));
	ck_assert_ptr_nonnull(strstr(error.what, "more than 4096 parts"));
	compile("a.{10}b");
}
END_TEST

START_TEST(many_kinds_of_bytes_have_a_limit_of_their_own)
{
	const char *pattern = "^";
	struct regex_error error;

	for (int i = 0; i < 300; i++)
		pattern = arena_printf(arena, "%s\\x%02x", pattern, i % 255);
	ck_assert_ptr_null(regex_compile(arena, pattern, strlen(pattern),
					 &error));
	ck_assert_ptr_nonnull(strstr(error.what, "or 65536 for states times "
				     "kinds of bytes"));
}
END_TEST

static const char *const alike[][2] = {
	{ "a|b|c", "[a-c]" },
	{ "aa*", "a+" },
	{ "a+", "a" },			/* it searches */
	{ "^(a|b)*$", "^(a*b*)*$" },
	{ "^a{2,4}$", "^aa(a(a)?)?$" },
	{ "^(ab|ac)$", "^a(b|c)$" },
	{ ".*", "^" },
	{ "a^", "$b" },
	{ "x{0}^y", "^y" },
	{ "[^\\x00-\\x7f]", "[\\x80-\\xff]" },
	{ "^(a|ab)(c|bcd)$", "^(ac|abcd|abc|abbcd)$" },
	{ "(a|b)*abb(a|b)*", "abb" },
};

START_TEST(equal_languages_have_equal_tables)
{
	const struct regex *a = compile(alike[_i][0]);
	const struct regex *b = compile(alike[_i][1]);

	ck_assert_mem_eq(&a->dfa, &b->dfa, sizeof(a->dfa));
	ck_assert_mem_eq(a->next, b->next,
			 (a->dfa.n_states - 2u) * a->dfa.n_classes *
			 sizeof(*a->next));
}
END_TEST

START_TEST(tables_are_as_small_as_can_be)
{
	ck_assert_uint_eq(compile("abb")->dfa.n_states, 5);
	ck_assert_uint_eq(compile("abb")->dfa.n_classes, 4);
	ck_assert_uint_eq(compile("^")->dfa.n_states, 2);
	ck_assert_uint_eq(compile("^")->dfa.n_classes, 2);
	ck_assert_uint_eq(compile("a^")->dfa.start, DFA_DEAD);
	ck_assert_uint_eq(compile(".*")->dfa.start, DFA_MATCHED);
	ck_assert_uint_eq(compile("^[a-z]+$")->dfa.n_states, 4);
	ck_assert_uint_eq(compile("a.{8}b")->dfa.n_states, 2 + 512);
}
END_TEST

/* What the proof of an image asks of a table. */
static void assert_sound(const struct regex *regex, const char *pattern)
{
	const struct image_dfa *dfa = &regex->dfa;
	size_t n = (size_t)(dfa->n_states - 2) * dfa->n_classes;
	bool sound = dfa->start < dfa->n_states;

	for (int byte = 0; byte < 256; byte++)
		sound = sound && dfa->class_of[byte] + 1 < dfa->n_classes;
	for (size_t i = 0; i < n; i++) {
		bool end = (i + 1) % dfa->n_classes == 0;

		sound = sound && regex->next[i] < (end ? 2 : dfa->n_states);
	}
	if (!sound)
		ck_abort_msg("the table of %s is unsound", pattern);
}

static void compare_with_model(const char *pattern,
			       const struct regex *regex, uint64_t *seed)
{
	char text[REGEX_MODEL_TEXT_MAX];

	for (int i = 0; i < 20; i++) {
		size_t size = regex_model_text(seed, text, sizeof(text));
		int model = regex_model_search(pattern, strlen(pattern), text,
					       size);

		if (model >= 0 && model != found(regex, text, size))
			ck_abort_msg("%s: %d in %.*s", pattern, model,
				     (int)size, text);
	}
}

START_TEST(random_patterns_agree_with_the_model)
{
	uint64_t seed = 0x9e3779b97f4a7c15 + (uint64_t)_i;
	struct regex_error error;
	char pattern[256];

	for (int i = 0; i < 2000; i++) {
		const struct regex *regex;

		regex_model_pattern(&seed, REGEX_MODEL_OURS, pattern,
				    sizeof(pattern));
		regex = regex_compile(arena, pattern, strlen(pattern), &error);
		if (!regex && !strstr(error.what, "too large"))
			ck_abort_msg("%s: column %zu: %s", pattern,
				     error.at + 1, error.what);
		if (!regex)
			continue;
		assert_sound(regex, pattern);
		compare_with_model(pattern, regex, &seed);
		arena_free(arena);
		arena = arena_new();
	}
}
END_TEST

static void compare_with_posix(const char *pattern, const regex_t *posix,
			       const struct regex *regex, uint64_t *seed)
{
	char text[33];

	for (int i = 0; i < 20; i++) {
		size_t size = regex_model_text(seed, text, 32);

		text[size] = 0;
		size = strlen(text);
		/* glibc's '^' also stands behind a newline, unasked. */
		if (memchr(text, '\n', size))
			continue;
		if (!regexec(posix, text, 0, NULL, 0) !=
		    found(regex, text, size))
			ck_abort_msg("%s: POSIX does not agree on %s", pattern,
				     text);
	}
}

START_TEST(random_patterns_agree_with_posix)
{
	uint64_t seed = 0xd1b54a32d192ed03 + (uint64_t)_i;
	struct regex_error error;
	char pattern[256];
	int asked = 0;

	for (int i = 0; i < 1000; i++) {
		const struct regex *regex;
		regex_t posix;

		regex_model_pattern(&seed, REGEX_MODEL_POSIX, pattern,
				    sizeof(pattern));
		regex = regex_compile(arena, pattern, strlen(pattern), &error);
		if (!regex)
			continue;
		ck_assert(!regcomp(&posix, pattern, REG_EXTENDED | REG_NOSUB));
		compare_with_posix(pattern, &posix, regex, &seed);
		regfree(&posix);
		arena_free(arena);
		arena = arena_new();
		asked++;
	}
	ck_assert_int_gt(asked, 900);
}
END_TEST

START_TEST(any_bytes_get_an_answer)
{
	static const char letters[] = "ab()[]^$.|*+?{}\\,-0129xn\xc3\xa9:";
	uint64_t seed = 7 + (uint64_t)_i;
	char pattern[24];

	for (int i = 0; i < 20000; i++) {
		size_t size = suite_below(&seed, sizeof(pattern) + 1);
		struct regex_error error = { 0 };

		for (size_t k = 0; k < size; k++)
			pattern[k] = letters[suite_below(&seed,
							 sizeof(letters))];
		if (!regex_compile(arena, pattern, size, &error)) {
			ck_assert_ptr_nonnull(error.what);
			ck_assert_uint_le(error.at, size);
		}
		arena_free(arena);
		arena = arena_new();
	}
}
END_TEST

START_TEST(a_text_of_megabytes_is_one_pass)
{
	const struct regex *regex = compile("(a*)*(a|aa)*b$");
	size_t size = 8000000;
	char *text = arena_alloc(arena, size + 1);

	memset(text, 'a', size);
	ck_assert(!found(regex, text, size));
	text[size] = 'b';
	ck_assert(found(regex, text, size + 1));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("regex");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, a_pattern_finds_what_it_says, 0,
			    SUITE_LENGTH(examples));
	tcase_add_loop_test(tests, a_bad_pattern_is_refused_at_its_column, 0,
			    SUITE_LENGTH(refusals));
	tcase_add_test(tests, limits_are_reached_and_not_passed);
	tcase_add_test(tests, many_kinds_of_bytes_have_a_limit_of_their_own);
	tcase_add_loop_test(tests, equal_languages_have_equal_tables, 0,
			    SUITE_LENGTH(alike));
	tcase_add_test(tests, tables_are_as_small_as_can_be);
	tcase_add_loop_test(tests, random_patterns_agree_with_the_model, 0, 5);
	tcase_add_loop_test(tests, random_patterns_agree_with_posix, 0, 5);
	tcase_add_test(tests, any_bytes_get_an_answer);
	tcase_add_test(tests, a_text_of_megabytes_is_one_pass);
	return suite_run("policy_regex", tests);
}
