/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Entries for a journal, with a journal of our own that reads them. */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../kernel/audit/audit.h"
#include "../../kernel/base/clock.h"
#include "../../kernel/base/journal.h"
#include "../../kernel/security/decide.h"
#include "support/image_maker.h"
#include "support/suite.h"

static struct log ring;
static int pair[2];		/* ours, the journal's */
static char entry[64 << 10];	/* the last, zero-terminated */
static size_t entry_size;

static void start(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	log_init_journal(&ring, pair[0]);
}

static bool read_entry(void)
{
	ssize_t n = recv(pair[1], entry, sizeof(entry) - 1, MSG_DONTWAIT);

	entry_size = n > 0 ? (size_t)n : 0;
	entry[entry_size] = '\0';
	return n > 0;
}

static const char *next_entry(void)
{
	log_pump(&ring);
	ck_assert(read_entry());
	return entry;
}

/* Whether LINE is one of the entry's lines. */
static bool has(const char *line)
{
	char between[512];

	snprintf(between, sizeof(between), "\n%s\n", line);
	return strstr(entry, between) ||
	       (strncmp(entry, line, strlen(line)) == 0 &&
		entry[strlen(line)] == '\n');
}

START_TEST(line_is_an_entry_without_our_name_in_it)
{
	start();
	log_say(&ring, "one %d", 1);
	ck_assert_str_eq(next_entry(), "MESSAGE=one 1\nPRIORITY=6\n"
			 "SYSLOG_IDENTIFIER=dkd\n");
	log_line(&ring, "two", 3);
	ck_assert_str_eq(next_entry(), "MESSAGE=two\nPRIORITY=6\n"
			 "SYSLOG_IDENTIFIER=dkd\n");
	ck_assert(!read_entry());
	ck_assert(!log_pending(&ring));
}
END_TEST

START_TEST(program_line_has_its_task)
{
	start();
	log_task_line(&ring, "t.Client", "[t.Client] dkd: hello", 21);
	ck_assert_str_eq(next_entry(), "MESSAGE=[t.Client] dkd: hello\n"
			 "PRIORITY=6\nSYSLOG_IDENTIFIER=dkd\n"
			 "DK_TASK=t.Client\n");
}
END_TEST

START_TEST(line_end_in_a_value_makes_no_field)
{
	char buffer[200];
	struct journal journal;
	uint64_t length = htole64(17);
	const char *at = buffer;

	journal_begin(&journal, buffer, sizeof(buffer), JOURNAL_ERROR, "m", 1);
	at += journal.used;
	journal_add(&journal, "DK_WHY", "a\nDK_VERDICT=gran");
	ck_assert_uint_eq(journal.used, (size_t)(at - buffer) + 7 + 8 + 17 + 1);
	ck_assert_mem_eq(at, "DK_WHY\n", 7);
	ck_assert_mem_eq(at + 7, &length, 8);
	ck_assert_mem_eq(at + 15, "a\nDK_VERDICT=gran\n", 18);
	ck_assert(!journal.cut);
	journal_add(&journal, "DK_NONE", NULL);
	ck_assert_uint_eq(journal.used, (size_t)(at - buffer) + 33);
}
END_TEST

START_TEST(field_that_does_not_fit_is_left_out_whole)
{
	char buffer[60];
	struct journal journal;
	size_t used;

	journal_begin(&journal, buffer, sizeof(buffer) - 1, JOURNAL_ERROR, "m",
		      1);
	used = journal.used;
	buffer[sizeof(buffer) - 1] = '!';
	journal_add(&journal, "DK_LONG", "0123456789012345678901234567890");
	ck_assert(journal.cut);
	ck_assert_uint_eq(journal.used, used);
	journal_add(&journal, "A", "b");
	ck_assert_uint_eq(journal.used, used + 4);
	ck_assert_int_eq(buffer[sizeof(buffer) - 1], '!');
}
END_TEST

START_TEST(entries_come_whole_and_in_order_round_the_ring)
{
	char line[1000];
	unsigned sent = 0, seen = 0, number;

	start();
	memset(line, 'x', sizeof(line));
	/* several times as much as the ring holds, never read up */
	for (int round = 0; round < 3000; round++) {
		for (int i = 0; i < 3 && ring.used < sizeof(ring.ring) / 2; i++) {
			snprintf(line, 12, "%010u ", sent++);
			line[11] = 'x';
			log_line(&ring, line, (size_t)(500 + round % 500));
		}
		log_pump(&ring);
		for (int i = 0; i < 2 && read_entry(); i++) {
			ck_assert_int_eq(sscanf(entry, "MESSAGE=%u ", &number),
					 1);
			ck_assert_uint_eq(number, seen++);
			ck_assert(has("SYSLOG_IDENTIFIER=dkd"));
		}
	}
	ck_assert_uint_gt(seen, 3000);
	ck_assert_uint_eq(ring.dropped, 0);
}
END_TEST

START_TEST(journal_that_does_not_read_loses_entries_and_is_told_how_many)
{
	uint64_t begun = clock_ms();
	unsigned seen = 0, lost = 0, more;
	const char *told;
	char line[500];

	start();
	memset(line, 'y', sizeof(line));
	for (int i = 0; i < 5000; i++) {
		log_line(&ring, line, sizeof(line));
		log_pump(&ring);
	}
	ck_assert_uint_lt(clock_ms() - begun, 20000);	/* it never blocked */
	ck_assert_uint_gt(ring.dropped, 0);
	log_flush(&ring, 50);
	while (log_pending(&ring)) {
		log_pump(&ring);
		while (read_entry()) {
			told = strstr(entry, "DK_DROPPED=");
			if (told && sscanf(told, "DK_DROPPED=%u", &more) == 1) {
				ck_assert(has("PRIORITY=4"));
				lost += more;
			} else {
				seen++;
			}
		}
	}
	while (read_entry()) {
		told = strstr(entry, "DK_DROPPED=");
		if (told && sscanf(told, "DK_DROPPED=%u", &more) == 1)
			lost += more;
		else
			seen++;
	}
	ck_assert_uint_gt(lost, 0);
	ck_assert_uint_eq(seen + lost, 5000);
}
END_TEST

START_TEST(journal_that_goes_is_no_error)
{
	start();
	close(pair[1]);
	log_say(&ring, "nobody reads this");
	log_pump(&ring);
	ck_assert(ring.gone);
	ck_assert(!log_pending(&ring));
	log_flush(&ring, 1000);
}
END_TEST

START_TEST(flush_waits_for_a_slow_journal)
{
	uint64_t begun = clock_ms();

	start();
	for (int i = 0; i < 1500; i++)
		log_say(&ring, "%0200d", i);
	log_flush(&ring, 60);
	ck_assert(log_pending(&ring));
	ck_assert_uint_ge(clock_ms() - begun, 60);
}
END_TEST

/* ---- records ---- */

static struct image image;
static struct audit audit;
static struct trace trace;
static struct security_state state;

static struct audit_record decided(uint32_t slot, bool json)
{
	struct event event = { .kind = EVENT_REQUEST,
			       .src_class = SAMPLE_CLIENT,
			       .dst_class = SAMPLE_SERVER, .slot = slot,
			       .src_sid = 5, .dst_sid = 4 };
	struct maker maker;
	struct image_fault fault;
	enum verdict verdict;
	size_t size;
	void *file;

	start();
	maker_sample(&maker);
	file = maker_file(&maker, &size);
	maker_deinit(&maker);
	ck_assert(image_load(&image, file, size, &fault));
	audit_init(&audit, &image, &ring, json);
	verdict = decide(&image, &state, &event, &trace);
	return (struct audit_record){
		.what = verdict == VERDICT_GRANT ? AUDIT_GRANTED : AUDIT_DENIED,
		.kind = EVENT_REQUEST,
		.src = { "Client", SAMPLE_CLIENT, 5 },
		.dst = { "Server", SAMPLE_SERVER, 4 },
		.endpoint = "draw.main", .interface = "app.Draw",
		.method = "Draw", .trace = &trace,
		.subsystem = AUDIT_MODULE,
		.status = verdict == VERDICT_GRANT ? DK_OK :
			  DK_SECURITY_DISALLOW };
}

START_TEST(denial_has_a_field_for_each_part)
{
	static const char *const fields[] = {
		"PRIORITY=4", "SYSLOG_IDENTIFIER=dkd", "DK_VERDICT=deny",
		"DK_EVENT=1", "DK_KIND=request", "DK_SRC_TASK=Client",
		"DK_SRC_CLASS=app.Client", "DK_SRC_SID=5",
		"DK_DST_TASK=Server", "DK_DST_CLASS=app.Server",
		"DK_DST_SID=4", "DK_ENDPOINT=draw.main",
		"DK_INTERFACE=app.Draw", "DK_METHOD=Draw",
		"DK_SUBSYSTEM=module", "DK_STATUS=SECURITY_DISALLOW",
		"DK_RULE=security.psl:2 base.deny denied",
		"DK_RULE=security.psl:3 base.assert fault",
	};
	struct audit_record record = decided(2, false);

	audit_write(&audit, NULL, 0, &record);
	next_entry();
	for (int i = 0; i < SUITE_LENGTH(fields); i++)
		ck_assert_msg(has(fields[i]), "%s is not in\n%s", fields[i],
			      entry);
	ck_assert_ptr_nonnull(strstr(entry, "MESSAGE=DENIED request  Client"));
	/* the rule that granted is none of those that denied */
	ck_assert_ptr_null(strstr(entry, "base.grant"));
	ck_assert_uint_eq(audit.n_denied, 1);
}
END_TEST

START_TEST(grant_has_its_rule)
{
	struct audit_record record = decided(1, false);

	audit_write(&audit, NULL, 0, &record);
	next_entry();
	ck_assert(has("DK_VERDICT=grant"));
	ck_assert(has("PRIORITY=6"));
	ck_assert(has("DK_RULE=security.psl:1 base.grant granted"));
	ck_assert_uint_eq(audit.n_denied, 0);
}
END_TEST

static const struct { enum audit_what what; const char *field; } kinds[] = {
	{ AUDIT_MALFORMED, "DK_VERDICT=malformed" },
	{ AUDIT_REFUSED, "DK_VERDICT=refuse" },
	{ AUDIT_DROPPED, "DK_VERDICT=drop" },
	{ AUDIT_KILLED, "DK_VERDICT=kill" },
};

START_TEST(what_is_not_known_is_no_field)
{
	struct audit_record record = decided(1, false);

	record = (struct audit_record){ .what = kinds[_i].what,
		.src = { "Client", SAMPLE_CLIENT, 5 }, .status = DK_FAIL,
		.subsystem = AUDIT_VALIDATOR, .why = "shorter than a header" };
	audit_write(&audit, NULL, 0, &record);
	next_entry();
	ck_assert(has(kinds[_i].field));
	ck_assert(has("DK_WHY=shorter than a header"));
	ck_assert(has("DK_STATUS=FAIL"));
	ck_assert_ptr_null(strstr(entry, "DK_DST"));
	ck_assert_ptr_null(strstr(entry, "DK_KIND"));
	ck_assert_ptr_null(strstr(entry, "DK_METHOD"));
	ck_assert_ptr_null(strstr(entry, "DK_RULE"));
}
END_TEST

START_TEST(json_is_the_message_if_asked_for)
{
	struct audit_record record = decided(2, true);

	audit_write(&audit, NULL, 0, &record);
	next_entry();
	ck_assert_ptr_nonnull(strstr(entry, "MESSAGE={\"time\":"));
	ck_assert(has("DK_VERDICT=deny"));
}
END_TEST

START_TEST(summary_has_its_task)
{
	struct audit_record record = decided(2, false);
	struct audit_meter meter;

	audit_meter_init(&meter, 0);
	for (int i = 0; i < (int)LIMIT_AUDIT_BURST + 7; i++)
		audit_write(&audit, &meter, 0, &record);
	for (int i = 0; i < (int)LIMIT_AUDIT_BURST; i++)
		next_entry();
	ck_assert_uint_eq(audit.n_denied, LIMIT_AUDIT_BURST + 7);
	audit_summarise(&audit, &meter, "Client");
	next_entry();
	ck_assert(has("MESSAGE=Client: 7 more like this (DENIED) were not "
		      "shown"));
	ck_assert(has("DK_TASK=Client"));
}
END_TEST

/* ---- is standard output the journal? ---- */

START_TEST(journal_is_opened_when_standard_output_is_one)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	char text[64];
	struct stat st;

	snprintf(address.sun_path, sizeof(address.sun_path),
		 "/tmp/dk-journal-%d", (int)getpid());
	unlink(address.sun_path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address,
			      sizeof(address)), 0);
	ck_assert_int_eq(fstat(STDOUT_FILENO, &st), 0);
	snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", text, 1);
	ck_assert_int_gt(journal_open(address.sun_path), STDERR_FILENO);
	ck_assert_int_eq(journal_open("/nonexistent/socket"), -ENOENT);
	setenv("JOURNAL_STREAM", strcat(text, "x"), 1);
	ck_assert_int_eq(journal_open(address.sun_path), -ENOENT);
	snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino + 1);
	setenv("JOURNAL_STREAM", text, 1);
	ck_assert_int_eq(journal_open(address.sun_path), -ENOENT);
	setenv("JOURNAL_STREAM", "", 1);
	ck_assert_int_eq(journal_open(address.sun_path), -ENOENT);
	unsetenv("JOURNAL_STREAM");
	ck_assert_int_eq(journal_open(address.sun_path), -ENOENT);
	unlink(address.sun_path);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("journal");

	tcase_add_test(t, line_is_an_entry_without_our_name_in_it);
	tcase_add_test(t, program_line_has_its_task);
	tcase_add_test(t, line_end_in_a_value_makes_no_field);
	tcase_add_test(t, field_that_does_not_fit_is_left_out_whole);
	tcase_add_test(t, entries_come_whole_and_in_order_round_the_ring);
	tcase_add_test(t, journal_that_does_not_read_loses_entries_and_is_told_how_many);
	tcase_add_test(t, journal_that_goes_is_no_error);
	tcase_add_test(t, flush_waits_for_a_slow_journal);
	tcase_add_test(t, denial_has_a_field_for_each_part);
	tcase_add_test(t, grant_has_its_rule);
	tcase_add_loop_test(t, what_is_not_known_is_no_field, 0,
			    SUITE_LENGTH(kinds));
	tcase_add_test(t, json_is_the_message_if_asked_for);
	tcase_add_test(t, summary_has_its_task);
	tcase_add_test(t, journal_is_opened_when_standard_output_is_one);
	return suite_run("journal", t);
}
