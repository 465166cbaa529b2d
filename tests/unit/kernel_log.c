/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The base that needs no mediator: the ring, text, tokens, deadlines. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../kernel/base/bucket.h"
#include "../../kernel/base/clock.h"
#include "../../kernel/base/log.h"
#include "../../kernel/base/text.h"
#include "../../kernel/base/timers.h"
#include "support/suite.h"

static struct log ring;
static char taken[2 << 20];

static size_t take(int fd)
{
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, taken + used, sizeof(taken) - 1 - used)) > 0)
		used += (size_t)n;
	taken[used] = '\0';
	return used;
}

START_TEST(lines_come_out_whole)
{
	int fds[2];

	ck_assert_int_eq(pipe2(fds, O_NONBLOCK), 0);
	log_init(&ring, fds[1]);
	log_say(&ring, "one %d", 1);
	log_line(&ring, "two", 3);
	ck_assert(log_pending(&ring));
	log_pump(&ring);
	ck_assert(!log_pending(&ring));
	take(fds[0]);
	ck_assert_str_eq(taken, "dkd: one 1\ntwo\n");
}
END_TEST

START_TEST(slow_reader_loses_lines_and_is_told_how_many)
{
	char line[100];
	int fds[2], n = 0;
	size_t used = 0;

	memset(line, 'x', sizeof(line));
	/* blocking, as a terminal or a pipe to a pager is */
	ck_assert_int_eq(pipe(fds), 0);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	log_init(&ring, fds[1]);
	for (; n < 20000; n++) {
		log_line(&ring, line, sizeof(line));
		log_pump(&ring);
	}
	ck_assert_uint_gt(ring.dropped, 10000);
	while (log_pending(&ring)) {
		used += take(fds[0]);
		log_pump(&ring);
	}
	used = take(fds[0]);
	ck_assert_uint_gt(used, 0);
	ck_assert_ptr_nonnull(strstr(taken, "lines dropped: the reader was "
				     "too slow\n"));
	log_line(&ring, "after", 5);
	log_pump(&ring);
	take(fds[0]);
	ck_assert_str_eq(taken, "after\n");
}
END_TEST

START_TEST(reader_that_goes_is_no_error)
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	signal(SIGPIPE, SIG_IGN);
	log_init(&ring, fds[1]);
	close(fds[0]);
	log_say(&ring, "nobody reads this");
	log_pump(&ring);
	ck_assert(ring.gone);
	ck_assert(!log_pending(&ring));
	log_say(&ring, "nor this");
	log_flush(&ring, 1000);
}
END_TEST

START_TEST(flush_gives_up)
{
	uint64_t start = clock_ms();
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	log_init(&ring, fds[1]);
	for (int i = 0; i < 2000; i++)
		log_say(&ring, "%0100d", i);
	log_flush(&ring, 50);
	ck_assert(log_pending(&ring));
	ck_assert_uint_ge(clock_ms() - start, 50);
	ck_assert_uint_lt(clock_ms() - start, 1500);
}
END_TEST

static const struct { const char *in, *escaped, *json; } texts[] = {
	{ "plain", "plain", "\"plain\"" },
	{ "tab\tx", "tab\tx", "\"tab\\u0009x\"" },
	{ "a\nb", "a\\x0ab", "\"a\\u000ab\"" },
	{ "\033[31m", "\\x1b[31m", "\"\\u001b[31m\"" },
	{ "q\"\\", "q\"\\", "\"q\\\"\\\\\"" },
	{ "\xc3\xa4", "\xc3\xa4", "\"\xc3\xa4\"" },
	{ "\xc0\x80", "\\xc0\\x80", "\"\\ufffd\\ufffd\"" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80",
	  "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80",
	  "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
	{ "\xe2\x80\xae", "\\u{202e}", "\"\\u202e\"" },
	{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80",
	  "\"\xf0\x9f\x98\x80\"" },
	{ "\xf3\xa0\x81\x81", "\\u{e0041}", "\"\\udb40\\udc41\"" },
	{ "\xe2\x82", "\\xe2\\x82", "\"\\ufffd\\ufffd\"" },
	{ "\x7f", "\\x7f", "\"\\u007f\"" },
};

START_TEST(text_is_escaped)
{
	char buffer[128];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	text_escape(&text, texts[_i].in, strlen(texts[_i].in));
	ck_assert_str_eq(buffer, texts[_i].escaped);
	text_init(&text, buffer, sizeof(buffer));
	text_json(&text, texts[_i].in);
	ck_assert_str_eq(buffer, texts[_i].json);
}
END_TEST

START_TEST(text_is_cut_not_overrun)
{
	char buffer[9] = "12345678";
	struct text text;

	text_init(&text, buffer, 8);
	text_add(&text, "%s", "0123456789");
	ck_assert(text.cut);
	ck_assert_str_eq(buffer, "0123456");
	text_add(&text, "more");
	text_escape(&text, "x", 1);
	text_json(&text, "x");
	ck_assert_str_eq(buffer, "0123456");
	text_init(&text, buffer, 8);
	text_escape(&text, "aaaaaa\033", 7);
	ck_assert_str_eq(buffer, "aaaaaa");
	ck_assert(text.cut);
}
END_TEST

START_TEST(bucket_gives_so_many_and_no_more)
{
	struct bucket bucket;
	int n = 0;

	bucket_init(&bucket, 5, 10, 1000);
	while (bucket_take(&bucket, 1000))
		n++;
	ck_assert_int_eq(n, 5);
	ck_assert(!bucket_take(&bucket, 1099));
	ck_assert(bucket_take(&bucket, 1100));
	ck_assert(!bucket_take(&bucket, 1100));
	for (n = 0; bucket_take(&bucket, UINT64_MAX / 2); n++)
		;
	ck_assert_int_eq(n, 5);
}
END_TEST

static uint64_t fired[300];
static int n_fired;

static void fire(void *context, struct timer *timer)
{
	(void)context;
	fired[n_fired++] = timer->at_ms;
}

START_TEST(timers_fire_in_order)
{
	struct timers timers = { 0 };
	struct timer set[300] = { 0 };
	uint64_t seed = 3;

	ck_assert_int_eq(timers_reserve(&timers, 300), 0);
	ck_assert_uint_eq(timers_next_ms(&timers), UINT64_MAX);
	for (int i = 0; i < 300; i++) {
		set[i].fire = fire;
		timer_arm(&timers, &set[i], suite_below(&seed, 1000));
	}
	for (int i = 0; i < 300; i += 3)
		timer_disarm(&timers, &set[i]);
	for (int i = 1; i < 300; i += 3)
		timer_arm(&timers, &set[i], 1000 + suite_below(&seed, 50));
	n_fired = 0;
	timers_run(&timers, 999, NULL);
	ck_assert_int_eq(n_fired, 100);
	timers_run(&timers, 2000, NULL);
	ck_assert_int_eq(n_fired, 200);
	for (int i = 1; i < n_fired; i++)
		ck_assert_uint_ge(fired[i], fired[i - 1]);
	ck_assert_uint_eq(timers_next_ms(&timers), UINT64_MAX);
	timer_disarm(&timers, &set[0]);
	timers_unreserve(&timers, 300);
	timers_deinit(&timers);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("log");

	tcase_add_test(tests, lines_come_out_whole);
	tcase_add_test(tests, slow_reader_loses_lines_and_is_told_how_many);
	tcase_add_test(tests, reader_that_goes_is_no_error);
	tcase_add_test(tests, flush_gives_up);
	tcase_add_loop_test(tests, text_is_escaped, 0, SUITE_LENGTH(texts));
	tcase_add_test(tests, text_is_cut_not_overrun);
	tcase_add_test(tests, bucket_gives_so_many_and_no_more);
	tcase_add_test(tests, timers_fire_in_order);
	return suite_run("log", tests);
}
