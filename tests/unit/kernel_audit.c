/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Records: what they say, as text and as JSON, and that there are not too many. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../../kernel/audit/audit.h"
#include "../../kernel/audit/routes.h"
#include "../../kernel/security/decide.h"
#include "support/image_maker.h"
#include "support/suite.h"

static struct image image;
static struct audit audit;
static struct log ring;
static struct routes routes;
static struct trace trace;
static struct security_state state;
static void *file;
static size_t file_size;
static int fds[2];
static char taken[1 << 20];

static void start(bool json)
{
	struct maker maker;
	struct image_fault fault;

	maker_sample(&maker);
	file = maker_file(&maker, &file_size);
	maker_deinit(&maker);
	ck_assert(image_load(&image, file, file_size, &fault));
	ck_assert_int_eq(pipe2(fds, O_NONBLOCK), 0);
	log_init(&ring, fds[1]);
	audit_init(&audit, &image, &ring, json);
}

/* All times, "2026-11-26T01:29:20.871Z", become T. */
static void hide_times(void)
{
	for (char *at = taken; (at = strstr(at, ", 20")) != NULL; at += 3) {
		ck_assert_int_eq(at[12], 'T');
		ck_assert_int_eq(at[25], 'Z');
		at[2] = 'T';
		memmove(at + 3, at + 26, strlen(at + 26) + 1);
	}
}

static const char *printed(void)
{
	size_t used = 0;
	ssize_t n;

	do {
		log_pump(&ring);
		n = read(fds[0], taken + used, sizeof(taken) - 1 - used);
		used += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	taken[used] = '\0';
	hide_times();
	return taken;
}

/* The client's request to SLOT, decided; the record of it. */
static struct audit_record decided(uint32_t slot)
{
	struct event event = { .kind = EVENT_REQUEST,
			       .src_class = SAMPLE_CLIENT,
			       .dst_class = SAMPLE_SERVER, .slot = slot,
			       .src_sid = 5, .dst_sid = 4 };
	enum verdict verdict = decide(&image, &state, &event, &trace);

	return (struct audit_record){
		.what = verdict == VERDICT_GRANT ? AUDIT_GRANTED : AUDIT_DENIED,
		.kind = EVENT_REQUEST,
		.src = { "Client", SAMPLE_CLIENT, 5 },
		.dst = { "Server", SAMPLE_SERVER, 4 },
		.endpoint = "draw.main", .interface = "app.Draw",
		.method = "Draw", .trace = &trace,
		.subsystem = trace.n_calls ? AUDIT_MODULE : AUDIT_ROUTER,
		.status = verdict == VERDICT_GRANT ? DK_OK :
			  DK_SECURITY_DISALLOW };
}

START_TEST(denial_without_a_rule_says_so)
{
	struct audit_record record;

	start(false);
	record = decided(3);
	audit_write(&audit, NULL, 0, &record);
	ck_assert_str_eq(printed(), "dkd: DENIED request  Client (app.Client, "
			 "sid 5) -> Server (app.Server, sid 4) draw.main.Draw: "
			 "no rule grants it [app.Draw, router, event 1, T]\n");
}
END_TEST

START_TEST(denial_names_the_rules_that_denied)
{
	struct audit_record record;

	start(false);
	record = decided(2);
	audit_write(&audit, NULL, 0, &record);
	/* grant (line 1) granted; deny (2) denied; assert (3) has no message */
	ck_assert_ptr_nonnull(strstr(printed(), "draw.main.Draw: denied by "
				     "base.deny at security.psl:2, what cannot "
				     "be computed in base.assert at "
				     "security.psl:3 [app.Draw, module, event "
				     "1, T]\n"));
}
END_TEST

START_TEST(grant_names_its_rules)
{
	struct audit_record record;

	start(false);
	record = decided(1);
	ck_assert_int_eq(record.what, AUDIT_GRANTED);
	audit_write(&audit, NULL, 0, &record);
	ck_assert_ptr_nonnull(strstr(printed(), "GRANTED request  Client"));
	ck_assert_ptr_nonnull(strstr(taken, "granted by base.grant at "
				     "security.psl:1 ["));
}
END_TEST

START_TEST(malformed_says_why)
{
	struct audit_record record = {
		.what = AUDIT_MALFORMED, .src = { "Client", SAMPLE_CLIENT, 5 },
		.subsystem = AUDIT_VALIDATOR, .status = DK_INVALID_ARGUMENT,
		.why = "shorter than a header" };

	start(false);
	audit_write(&audit, NULL, 0, &record);
	ck_assert_str_eq(printed(), "dkd: MALFORMED  Client (app.Client, sid "
			 "5): shorter than a header [validator, event 1, "
			 "T]\n");
}
END_TEST

START_TEST(json_has_every_field)
{
	static const char *const parts[] = {
		"{\"time\":\"20", "Z\",\"event\":1,\"what\":\"DENIED\"",
		"\"kind\":\"request\"",
		"\"src\":{\"class\":\"app.Client\",\"sid\":5,\"task\":"
		"\"Client\"}",
		"\"dst\":{\"class\":\"app.Server\",\"sid\":4",
		"\"endpoint\":\"draw.main\"", "\"interface\":\"app.Draw\"",
		"\"method\":\"Draw\"", "\"verdict\":\"denied\"",
		"\"subsystem\":\"module\"",
		"\"status\":\"SECURITY_DISALLOW\"", "\"n_rules\":3",
		"\"rules\":[{\"object\":\"base\",\"method\":\"grant\","
		"\"result\":\"granted\",\"file\":\"security.psl\","
		"\"line\":1}", "\"result\":\"denied\"",
		"\"result\":\"fault\"", "]}\n",
	};
	struct audit_record record;

	start(true);
	record = decided(2);
	audit_write(&audit, NULL, 0, &record);
	printed();
	for (int i = 0; i < SUITE_LENGTH(parts); i++)
		ck_assert_msg(strstr(taken, parts[i]), "no %s in %s", parts[i],
			      taken);
}
END_TEST

START_TEST(json_of_the_unknown_is_null)
{
	struct audit_record record = { .what = AUDIT_MALFORMED,
				       .subsystem = AUDIT_VALIDATOR,
				       .status = DK_INVALID_ARGUMENT,
				       .why = "\"" };

	start(true);
	audit_write(&audit, NULL, 0, &record);
	ck_assert_ptr_nonnull(strstr(printed(), "\"kind\":null,\"src\":null,"
				     "\"dst\":null,\"endpoint\":null"));
	ck_assert_ptr_nonnull(strstr(taken, "\"why\":\"\\\"\""));
	ck_assert_ptr_nonnull(strstr(taken, "\"rules\":[]}\n"));
}
END_TEST

START_TEST(many_records_are_counted)
{
	struct audit_record record;
	struct audit_meter meter;

	start(false);
	record = decided(3);
	audit_meter_init(&meter, 0);
	for (int i = 0; i < 1000; i++)
		audit_write(&audit, &meter, 0, &record);
	ck_assert(audit_meter_muted(&meter));
	audit_summarise(&audit, &meter, "Client");
	ck_assert(!audit_meter_muted(&meter));
	ck_assert_ptr_nonnull(strstr(printed(), "dkd: Client: 980 more like "
				     "this (DENIED) were not shown\n"));
	audit_summarise(&audit, &meter, "Client");
	ck_assert_str_eq(printed(), "");
	ck_assert_uint_eq(audit.event, 1000);
}
END_TEST

START_TEST(each_kind_of_record_is_counted_for_itself)
{
	struct audit_record record;
	struct audit_meter meter;

	start(false);
	record = decided(3);
	audit_meter_init(&meter, 0);
	for (uint32_t i = 0; i < LIMIT_AUDIT_BURST + 3; i++)
		audit_write(&audit, &meter, 0, &record);
	record.what = AUDIT_REFUSED;
	for (int i = 0; i < 5; i++)
		audit_write(&audit, &meter, 0, &record);
	printed();
	audit_summarise(&audit, &meter, "Client");
	ck_assert_str_eq(printed(), "dkd: Client: 3 more like this (DENIED) "
			 "were not shown\ndkd: Client: 5 more like this "
			 "(REFUSED) were not shown\n");
}
END_TEST

/* The sample with an action of 100 calls: all but the last deny. */
static struct audit_record many_rules(void)
{
	static struct image_action action;
	static uint32_t calls[100];
	struct audit_record record = decided(2);

	action.calls = 0;
	action.n_calls = 100;
	image.actions = &action;
	image.action_calls = calls;
	memset(&trace, 0, sizeof(trace));
	trace.n_calls = 100;
	trace.granted[99 / 64] = UINT64_C(1) << 99 % 64;
	return record;
}

START_TEST(so_many_rules_are_named_in_a_line)
{
	struct audit_record record;

	start(false);
	record = many_rules();
	audit_write(&audit, NULL, 0, &record);
	ck_assert_ptr_nonnull(strstr(printed(), " and 83 more ["));
	ck_assert(!audit_granted(&trace, 35));
	ck_assert(audit_granted(&trace, 99));
}
END_TEST

START_TEST(json_that_would_be_cut_leaves_its_rules_out)
{
	static char why[4 * LIMIT_RECORD / 5];
	struct audit_record record;
	size_t length;

	start(true);
	record = many_rules();
	memset(why, 'y', sizeof(why) - 1);
	record.why = why;
	audit_write(&audit, NULL, 0, &record);
	length = strlen(printed());
	ck_assert_uint_gt(length, sizeof(why));
	ck_assert_str_eq(taken + length - 2, "}\n");
	ck_assert_ptr_nonnull(strstr(taken, "\"rules\":[]"));
}
END_TEST

START_TEST(routes_are_counted_once_each)
{
	struct event event = { .kind = EVENT_REQUEST, .src_class = 3,
			       .dst_class = 2 };

	start(false);
	memset(&routes, 0, sizeof(routes));
	for (uint32_t slot = 0; slot < LIMIT_ROUTES; slot++) {
		event.slot = slot;
		ck_assert(routes_count(&routes, &event, "a.b", "M"));
		ck_assert(!routes_count(&routes, &event, "a.b", "M"));
	}
	event.slot = LIMIT_ROUTES;
	ck_assert(!routes_count(&routes, &event, "a.b", "M"));
	ck_assert_uint_eq(routes.others, 1);
	/* another class is another route, for which there is no room */
	event.slot = 5;
	event.dst_class = 1;
	ck_assert(!routes_count(&routes, &event, "a.b", "M"));
	ck_assert_uint_eq(routes.others, 2);
}
END_TEST

static void tear_down(void)
{
	maker_free_file(file, file_size);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	TCase *tests = tcase_create("audit");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, denial_without_a_rule_says_so);
	tcase_add_test(tests, denial_names_the_rules_that_denied);
	tcase_add_test(tests, grant_names_its_rules);
	tcase_add_test(tests, malformed_says_why);
	tcase_add_test(tests, json_has_every_field);
	tcase_add_test(tests, json_of_the_unknown_is_null);
	tcase_add_test(tests, many_records_are_counted);
	tcase_add_test(tests, routes_are_counted_once_each);
	tcase_add_test(tests, each_kind_of_record_is_counted_for_itself);
	tcase_add_test(tests, so_many_rules_are_named_in_a_line);
	tcase_add_test(tests, json_that_would_be_cut_leaves_its_rules_out);
	return suite_run("audit", tests);
}
