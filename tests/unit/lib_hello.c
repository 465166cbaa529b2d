/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The hello: what is believed of it, and what it answers. */
#include "lib_fake.h"

#include <coresrv/entity/entity_api.h>
#include <coresrv/sl/sl_api.h>

/* Two ends, three endpoints. The strings, by offset: */
#define STRINGS "\0task\0my.Class\0up\0down\0c.e\0x.I\0c.f\0"
enum { TASK = 1, CLASS = 6, UP = 15, DOWN = 18, CE = 23, XI = 27, CF = 31 };

struct said {
	struct wire_hello hello;
	struct wire_end ends[2];
	struct wire_endpoint endpoints[3];
	char strings[36];
};

static struct said say(void)
{
	struct said s = {
		.hello = {
			.abi = 1, .sid = 7, .task = TASK, .class_name = CLASS,
			.n_ends = 2, .n_endpoints = 3, .strings = 36,
		},
		.ends = {
			{ UP, 4, WIRE_RIGHT_CALL, 0 },
			{ DOWN, 5, WIRE_RIGHT_LISTEN, 0 },
		},
		.endpoints = {
			{ CE, XI, 1, 0 }, { CF, XI, 2, 0 },
			{ CE, XI, 9, WIRE_NONE },
		},
		.strings = STRINGS,
	};

	return s;
}

static struct hello *parse(const struct said *s)
{
	return hello_parse((const uint8_t *)s, sizeof(*s), false);
}

START_TEST(good_hello_is_read)
{
	struct said s = say();
	struct hello *h = parse(&s);

	ck_assert_ptr_nonnull(h);
	ck_assert_uint_eq(h->sid, 7);
	ck_assert_str_eq(h->task, "task");
	ck_assert_str_eq(h->class_name, "my.Class");
	ck_assert_uint_eq(hello_endpoint(h, 0, "c.f", NULL)->riid, 2);
	ck_assert_uint_eq(hello_endpoint(h, WIRE_NONE, "c.e", "x.I")->riid, 9);
	ck_assert_ptr_null(hello_endpoint(h, 1, "c.e", NULL));
	ck_assert_ptr_null(hello_endpoint(h, 0, "c.e", "x.J"));
	ck_assert_ptr_null(hello_endpoint(h, 0, "", NULL));
	free(h);
	s.hello.n_ends = 0;
	ck_assert_ptr_null(hello_parse((uint8_t *)&s, sizeof(s), true));
}
END_TEST

#define REFUSED(change) do { \
	struct said s = say(); \
	change; \
	ck_assert_msg(!parse(&s), "%s", #change); \
} while (0)

START_TEST(each_wrong_number_is_refused)
{
	REFUSED(s.hello.abi = 0);
	REFUSED(s.hello.abi = 2);
	REFUSED(s.hello.sid = 0);
	REFUSED(s.hello.task = 36);
	REFUSED(s.hello.task = UINT32_MAX);
	REFUSED(s.hello.class_name = 36);
	REFUSED(s.hello.class_name = 0x80000000);
	REFUSED(s.hello.n_ends = 1);
	REFUSED(s.hello.n_ends = 3);
	REFUSED(s.hello.n_ends = WIRE_ENDS_MAX + 1);
	REFUSED(s.hello.n_ends = 0x10000000);
	REFUSED(s.hello.n_ends = UINT32_MAX);
	REFUSED(s.hello.n_endpoints = 2);
	REFUSED(s.hello.n_endpoints = 4);
	REFUSED(s.hello.n_endpoints = 0x10000003);
	REFUSED(s.hello.n_endpoints = UINT32_MAX);
	REFUSED(s.hello.strings = 0);
	REFUSED(s.hello.strings = 37);
	REFUSED(s.hello.strings = UINT32_MAX);
	REFUSED(s.hello.strings -= 8);
	REFUSED(s.ends[0].name = 36);
	REFUSED(s.ends[1].name = UINT32_MAX);
	REFUSED(s.ends[0].fd = 0);
	REFUSED(s.ends[0].fd = 2);
	REFUSED(s.ends[1].fd = 3);
	REFUSED(s.ends[0].fd = END_FD_MAX);
	REFUSED(s.ends[0].fd = UINT32_MAX);
	REFUSED(s.ends[1].fd = 4);
	REFUSED(s.ends[0].side = 0);
	REFUSED(s.ends[0].side = 3);
	REFUSED(s.ends[0].side = WIRE_RIGHT_TRANSFER);
	REFUSED(s.endpoints[0].path = 36);
	REFUSED(s.endpoints[1].interface = UINT32_MAX);
	REFUSED(s.endpoints[2].riid = 0xffff);
	REFUSED(s.endpoints[2].riid = UINT32_MAX);
	REFUSED(s.endpoints[0].end = 2);
	REFUSED(s.endpoints[0].end = UINT32_MAX - 1);
	REFUSED(s.strings[35] = 'x');
}
END_TEST

START_TEST(each_wrong_length_is_refused)
{
	struct said s = say();

	for (size_t n = 0; n < sizeof(s); n++) {
		uint8_t *exact = malloc(n + 1);	/* sanitizers see its end */

		memcpy(exact + 1, &s, n);
		ck_assert_ptr_null(hello_parse(exact + 1, n, false));
		free(exact);
	}
	ck_assert_ptr_null(hello_parse((uint8_t *)&s, WIRE_BODY_MAX + 1, false));
}
END_TEST

START_TEST(padding_to_eight_is_accepted_and_no_more)
{
	uint8_t bytes[sizeof(struct said) + 8] = { 0 };
	struct said s = say();
	struct hello *h;

	memcpy(bytes, &s, sizeof(s));
	h = hello_parse(bytes, sizeof(s) + 7, false);
	ck_assert_ptr_nonnull(h);
	free(h);
	ck_assert_ptr_null(hello_parse(bytes, sizeof(s) + 8, false));
}
END_TEST

START_TEST(a_name_too_long_is_refused)
{
	uint8_t bytes[sizeof(struct wire_hello) + 400];
	struct wire_hello w = {
		.abi = 1, .sid = 1, .task = 0, .class_name = 256, .strings = 400,
	};
	struct hello *h;

	memset(bytes, 'a', sizeof(bytes));
	bytes[sizeof(bytes) - 1] = '\0';
	bytes[sizeof(w) + 255] = '\0';
	memcpy(bytes, &w, sizeof(w));
	h = hello_parse(bytes, sizeof(bytes), false);
	ck_assert_ptr_nonnull(h);
	free(h);
	bytes[sizeof(w) + 255] = 'a';
	bytes[sizeof(w) + 256] = '\0';
	ck_assert_ptr_null(hello_parse(bytes, sizeof(bytes), false));
}
END_TEST

START_TEST(random_bytes_never_hurt)
{
	struct said s = say();
	unsigned seed = 1;

	for (int round = 0; round < 200000; round++) {
		uint8_t bytes[sizeof(s)];
		struct hello *h;
		int changes;

		memcpy(bytes, &s, sizeof(s));
		changes = 1 + rand_r(&seed) % 4;
		while (changes-- > 0)
			bytes[(size_t)rand_r(&seed) % sizeof(s)] =
				(uint8_t)rand_r(&seed);
		h = hello_parse(bytes, sizeof(s), round & 1);
		if (h) {
			ck_assert_uint_lt(strlen(h->task), WIRE_NAME_MAX);
			hello_endpoint(h, 0, "c.g", "x.J");
			hello_endpoint(h, WIRE_NONE, NULL, "x.J");
		}
		free(h);
	}
}
END_TEST

/* ---- the process's own, on a descriptor that is not 3 here ---- */

static int kernel, ends[2];

/* Says hello with ends that exist; SPOIL changes the frame. */
static void say_hello(void (*spoil)(struct fake_frame *))
{
	struct said s = say();
	struct fake_frame *f;
	int pair[2];

	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
		s.ends[i].fd = (uint32_t)pair[0];
		ends[i] = pair[1];
	}
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	hello_kernel_fd = pair[0];
	kernel = pair[1];
	f = fake_new(WIRE_HELLO, 0, &s, sizeof(s), NULL, 0);
	if (spoil)
		spoil(f);
	fake_send(kernel, f);
}

START_TEST(service_locator_answers_from_the_hello)
{
	Handle up, down;
	ServiceId iid = 99;

	say_hello(NULL);
	up = ServiceLocatorConnect("up");
	ck_assert_uint_ne(up, INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorConnect("up"), up);
	ck_assert_uint_eq(ServiceLocatorGetRiid(up, "c.e"), 1);
	ck_assert_uint_eq(ServiceLocatorGetRiid(up, "c.f"), 2);
	down = ServiceLocatorRegister("down", NULL, 0, &iid);
	ck_assert_uint_ne(down, INVALID_HANDLE);
	ck_assert_uint_eq(iid, 0);
	ck_assert_uint_eq(ServiceLocatorGetRiid(down, "c.e"), 9);
	ServiceLocatorRegister("down", "x.I", 0, &iid);
	ck_assert_uint_eq(iid, 9);
	ServiceLocatorRegister("down", "x.J", 0, NULL);
	ck_assert_str_eq(EntityTaskName(), "task");
	ck_assert_str_eq(EntityClassName(), "my.Class");
	ck_assert_uint_eq(EntitySid(), 7);
}
END_TEST

START_TEST(service_locator_knows_nothing_else)
{
	Handle up, down;
	ServiceId iid;

	say_hello(NULL);
	ck_assert_uint_eq(ServiceLocatorConnect("down"), INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorConnect("u"), INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorConnect("upp"), INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorConnect(""), INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorConnect(NULL), INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorRegister("up", NULL, 0, &iid),
			  INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorRegister(NULL, NULL, 0, &iid),
			  INVALID_HANDLE);
	up = ServiceLocatorConnect("up");
	down = ServiceLocatorRegister("down", NULL, 0, &iid);
	ck_assert_uint_eq(ServiceLocatorGetRiid(up, "c.g"), INVALID_RIID);
	ck_assert_uint_eq(ServiceLocatorGetRiid(down, "c.f"), INVALID_RIID);
	ck_assert_uint_eq(ServiceLocatorGetRiid(up, NULL), INVALID_RIID);
	ck_assert_uint_eq(ServiceLocatorGetRiid(up + 0x10000, "c.e"),
			  INVALID_RIID);
	ck_assert_uint_eq(ServiceLocatorGetRiid(INVALID_HANDLE, "c.e"),
			  INVALID_RIID);
	ck_assert_int_eq(KnHandleClose(up), rcOk);
	ck_assert_uint_eq(ServiceLocatorConnect("up"), INVALID_HANDLE);
	ck_assert_uint_eq(ServiceLocatorGetRiid(up, "c.e"), INVALID_RIID);
}
END_TEST

START_TEST(the_kernels_end_cannot_be_closed)
{
	say_hello(NULL);
	ck_assert_uint_ne(hello_kernel_handle(), INVALID_HANDLE);
	ck_assert_int_eq(KnHandleClose(hello_kernel_handle()),
			 rcInvalidArgument);
	ck_assert_int_ne(fcntl(hello_kernel_fd, F_GETFD), -1);
}
END_TEST

static void other_kind(struct fake_frame *f) { f->header.kind = WIRE_OPENED; }
static void other_version(struct fake_frame *f) { f->header.version = 2; }
static void no_body(struct fake_frame *f) { f->header.fixed_size = 0; }
static void bad_task(struct fake_frame *f) { f->body[8] = 0xff; }
static void (*const spoils[])(struct fake_frame *) = {
	other_kind, other_version, no_body, bad_task
};

START_TEST(bad_hello_leaves_a_program_that_knows_nothing)
{
	say_hello(spoils[_i]);
	/* A second, good one is not asked for. */
	fake_status(kernel, 1, DK_OK);
	ck_assert_uint_eq(ServiceLocatorConnect("up"), INVALID_HANDLE);
	ck_assert_uint_eq(hello_kernel_handle(), INVALID_HANDLE);
	ck_assert_str_eq(EntityTaskName(), "");
	ck_assert_uint_eq(EntitySid(), 0);
	ck_assert_ptr_null(hello_get());
}
END_TEST

START_TEST(no_kernel_is_no_hello)
{
	hello_kernel_fd = fcntl(2, F_DUPFD, 500);
	close(hello_kernel_fd);
	ck_assert_uint_eq(ServiceLocatorConnect("up"), INVALID_HANDLE);
	ck_assert_str_eq(EntityClassName(), "");
}
END_TEST

START_TEST(flag_of_handles_is_told)
{
	ck_assert(!hello_has_handles());
	say_hello(NULL);
	hello_get();
	ck_assert(!hello_has_handles());
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lib_hello");
	TCase *tcase = tcase_create("lib_hello");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, good_hello_is_read);
	tcase_add_test(tcase, each_wrong_number_is_refused);
	tcase_add_test(tcase, each_wrong_length_is_refused);
	tcase_add_test(tcase, padding_to_eight_is_accepted_and_no_more);
	tcase_add_test(tcase, a_name_too_long_is_refused);
	tcase_add_test(tcase, random_bytes_never_hurt);
	tcase_add_test(tcase, service_locator_answers_from_the_hello);
	tcase_add_test(tcase, service_locator_knows_nothing_else);
	tcase_add_test(tcase, the_kernels_end_cannot_be_closed);
	tcase_add_loop_test(tcase, bad_hello_leaves_a_program_that_knows_nothing,
			    0, (int)(sizeof(spoils) / sizeof(spoils[0])));
	tcase_add_test(tcase, no_kernel_is_no_hello);
	tcase_add_test(tcase, flag_of_handles_is_told);
	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
