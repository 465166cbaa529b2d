/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* From a policy's text to the verdicts of its image, without a process. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../kernel/security/decide.h"
#include "../../policy/image/build.h"
#include "../../policy/psl/node.h"
#include "support/suite.h"

#define HEAD "use nk.base._\nuse nk.basic._\nuse EDL t.C\nuse EDL t.S\n"

static char folder[] = "/tmp/policy_psl.XXXXXX";

/* A compiled policy, and all that belongs to it. */
struct compiled {
	struct arena *arena;
	struct diags *diags;
	const struct psl *psl;
	const void *data;
	size_t size;
	struct image image;
};

/* The in-parameters of t.I.M, as they lie in a message. */
struct message {
	uint8_t u8;
	uint32_t u32;
	int32_t s32;
	struct { uint32_t offset, size; } text, items;
	uint16_t fixed[4];
};

static struct message message;
static _Alignas(8) uint8_t arena_bytes[64];

static void write_file(const char *name, const char *text)
{
	suite_write(folder, name, text);
}

static void make_folder(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert(!mkdir(path, 0700) || errno == EEXIST);
}

static struct compiled compile(const char *text)
{
	struct compiled c = { .arena = arena_new() };
	const char **dirs = arena_alloc(c.arena, sizeof(*dirs));
	struct sources *sources = arena_alloc(c.arena, sizeof(*sources));
	struct image_fault fault;

	dirs[0] = folder;
	*sources = (struct sources){ .arena = c.arena, .dirs = dirs,
				     .n_dirs = 1 };
	c.diags = diags_new(c.arena);
	write_file("policy.psl", text);
	c.psl = psl_read(c.arena, sources, xdl_new(c.arena, sources, c.diags),
			 c.diags, arena_printf(c.arena, "%s/policy.psl",
					       folder));
	if (c.psl)
		c.data = image_build(c.arena, c.diags, c.psl, NULL, NULL,
				     &c.size);
	if (c.data)
		ck_assert(image_load(&c.image, c.data, c.size, &fault));
	return c;
}

static void discard(struct compiled *c)
{
	arena_free(c->arena);
}

/* A request of t.C to t.S's endpoint e, method M. */
static struct event request_of(const struct compiled *c)
{
	return (struct event){
		.kind = EVENT_REQUEST,
		.src_class = image_find_class(&c->image, "t.C"),
		.dst_class = image_find_class(&c->image, "t.S"),
		.src_sid = 7, .dst_sid = 8,
		.message = {
			.fixed = (const uint8_t *)&message,
			.fixed_size = sizeof(message),
			.arena = arena_bytes, .arena_size = sizeof(arena_bytes),
		},
	};
}

/* Whether the request is granted by a policy with this one rule. */
static bool grants(const char *rule)
{
	char text[4096];
	struct compiled c;
	struct event event;
	enum verdict verdict;

	snprintf(text, sizeof(text), HEAD "request dst=t.S, endpoint=e, "
		 "method=M { %s }\n", rule);
	c = compile(text);
	if (!c.data)
		diags_print(c.diags, stderr, 0);
	ck_assert_ptr_nonnull(c.data);
	event = request_of(&c);
	verdict = decide(&c.image, NULL, &event, NULL);
	discard(&c);
	return verdict == VERDICT_GRANT;
}

/* The fixed verdict of the one rule. */
static enum call_fixed fixed(const char *rule)
{
	char text[4096];
	struct compiled c;
	enum call_fixed result;

	snprintf(text, sizeof(text), HEAD "request dst=t.S, endpoint=e, "
		 "method=M { %s }\n", rule);
	c = compile(text);
	ck_assert_ptr_nonnull(c.data);
	ck_assert_uint_eq(c.image.n_calls, 1);
	ck_assert_uint_eq(c.image.n_rules, 1);
	result = (enum call_fixed)c.image.rules[0].fixed;
	discard(&c);
	return result;
}

static void begin(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	make_folder("nk");
	make_folder("kl");
	make_folder("kl/core");
	make_folder("t");
	write_file("nk/base.psl", "");
	write_file("nk/basic.psl", "");
	write_file("Einit.edl", "entity Einit\n");
	write_file("kl/core/Core.edl", "entity kl.core.Core\n");
	write_file("t/C.edl", "entity t.C\n");
	write_file("t/S.edl", "entity t.S\nendpoints { e : t.I f : t.I }\n");
	write_file("t/I.idl", "package t.I\ninterface {\n"
		   "M(in UInt8 a, in UInt32 b, in SInt32 c, in string<15> s,\n"
		   "  in sequence<UInt16, 4> q, in array<UInt16, 4> r);\n"
		   "N(); }\n");
}

static void end(void)
{
	static const char *const names[] = {
		"nk/base.psl", "nk/basic.psl", "Einit.edl", "kl/core/Core.edl",
		"t/C.edl", "t/S.edl", "t/I.idl", "policy.psl", "nk", "kl/core",
		"kl", "t", "",
	};
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		remove(path);
	}
}

static void fill_message(void)
{
	static const uint16_t items[] = { 10, 20, 30 };

	memset(&message, 0, sizeof(message));
	memset(arena_bytes, 0, sizeof(arena_bytes));
	message.u8 = 200;
	message.u32 = 70000;
	message.s32 = -5;
	message.text.offset = 0;
	message.text.size = 4;
	memcpy(arena_bytes, "abc", 4);
	message.items.offset = 8;
	message.items.size = sizeof(items);
	memcpy(arena_bytes + 8, items, sizeof(items));
	message.fixed[3] = 44;
}

START_TEST(no_rule_means_denied)
{
	ck_assert(!grants(""));
	ck_assert(!grants("match method=M { }"));
	ck_assert(!grants("match src=t.S { grant () }"));
	ck_assert(grants("grant ()"));
}
END_TEST

START_TEST(one_denial_denies_whatever_the_others_say)
{
	ck_assert(!grants("grant () deny () grant ()"));
	ck_assert(!grants("grant () match src=t.C { deny () }"));
	ck_assert(!grants("assert (message.a == 200) deny (message.a == 200)"));
	ck_assert(grants("assert (message.a == 200) deny (message.a == 1)"));
	ck_assert(grants("deny (false)"));
}
END_TEST

START_TEST(what_cannot_be_computed_denies)
{
	/* 200 + 100 is no UInt8 */
	ck_assert(!grants("assert (message.a + 100 > 0)"));
	ck_assert(!grants("deny (message.a + 100 == 0)"));
	ck_assert(!grants("deny (message.a - 201 == 0)"));
	ck_assert(!grants("deny (message.q[3] == 0)"));
	ck_assert(!grants("deny (message.r[message.a] == 0)"));
	ck_assert(!grants("deny (math.uint16 message.b == 0)"));
	ck_assert(!grants("deny (math.uint8 message.c == 0)"));
	ck_assert(grants("assert (message.a + 55 == 255)"));
	ck_assert(grants("assert (message.q[2] == 30 && message.r[3] == 44)"));
}
END_TEST

START_TEST(constant_that_cannot_be_computed_denies_too)
{
	ck_assert_int_eq(fixed("deny (math.uint8 256 == 0)"), CALL_DENIES);
	ck_assert_int_eq(fixed("deny (18446744073709551615 + 1 == 0)"),
			 CALL_DENIES);
	ck_assert_int_eq(fixed("deny (message.r[4] == 0)"), CALL_DENIES);
	ck_assert(!grants("assert (message.a == 1 || math.uint8 256 == 0)"));
	ck_assert(grants("assert (message.a == 200 || math.uint8 256 == 0)"));
	ck_assert(!grants("assert (bool.cond {if: message.a == 200, "
			  "then: math.uint8 256 == 0, else: true})"));
}
END_TEST

START_TEST(logic_stops_early_and_lists_do_not)
{
	ck_assert(grants("assert (message.a == 200 || message.q[9] == 1)"));
	ck_assert(!grants("deny (message.a == 1 && message.a == 2 || "
			  "message.q[9] == 1)"));
	ck_assert(grants("assert (message.a == 1 ==> message.q[9] == 1)"));
	ck_assert(grants("deny (message.a == 1 && message.q[9] == 1)"));
	ck_assert(!grants("assert (bool.any [message.a == 200, "
			  "message.q[9] == 1])"));
	ck_assert(!grants("deny (bool.all [message.a == 1, "
			  "message.q[9] == 1])"));
	ck_assert(grants("assert (bool.cond {if: message.a == 200, then: true, "
			 "else: message.q[9] == 1})"));
}
END_TEST

START_TEST(precedence_is_that_of_the_grammar)
{
	ck_assert(grants("assert (1 + 2 * 3 == 7)"));
	ck_assert(grants("assert (message.b & 0xff | 1 == 113)"));
	ck_assert(grants("assert (message.b | 0x0f + 1 == 70000)"));
	ck_assert(grants("assert (true || false && false)"));
	ck_assert(grants("assert (false ==> false ==> false)"));
	ck_assert(grants("assert (true || true ==> true)"));
	ck_assert(!grants("assert (true ==> true ==> false)"));
	ck_assert(grants("assert (! false && true)"));
	ck_assert(grants("assert (10 - 3 - 2 == 5)"));
	ck_assert(grants("assert (-message.c - 5 == 0)"));
}
END_TEST

START_TEST(comparison_is_by_value_across_types)
{
	ck_assert(grants("assert (message.c < message.a)"));
	ck_assert(grants("assert (message.c == -5 && message.c != 4294967291)"));
	ck_assert(grants("assert (message.a < 100000)"));
	ck_assert(grants("assert (message.a > -1)"));
	ck_assert(grants("assert (src_sid == 7 && callable_sid == dst_sid)"));
}
END_TEST

START_TEST(variable_parts_are_read)
{
	ck_assert(grants("assert (message.s == \"abc\")"));
	ck_assert(!grants("assert (message.s == \"ab\")"));
	ck_assert(!grants("assert (message.s == \"abcd\")"));
	ck_assert(grants("deny (pred.empty message.s || "
			 "pred.empty message.q)"));
	ck_assert(grants("assert (message.q.[1] == 20)"));
	ck_assert(grants("assert (math.sum [message.q[0], message.q[1], 1] "
			 "== 31)"));
	message.text.size = message.items.size = 0;
	ck_assert(grants("assert (message.s == \"\" && pred.empty message.s && "
			 "pred.empty message.q)"));
}
END_TEST

START_TEST(constant_rules_have_their_verdict_in_the_route)
{
	ck_assert_int_eq(fixed("grant ()"), CALL_GRANTS);
	ck_assert_int_eq(fixed("deny ()"), CALL_DENIES);
	ck_assert_int_eq(fixed("assert (1 < 2)"), CALL_GRANTS);
	ck_assert_int_eq(fixed("assert (false && message.a == 1)"), CALL_DENIES);
	ck_assert_int_eq(fixed("deny (true)"), CALL_DENIES);
	ck_assert_int_eq(fixed("assert (message.a == 1)"), CALL_EVAL);
	ck_assert_int_eq(fixed("assert (src_sid == 1)"), CALL_EVAL);
}
END_TEST

START_TEST(bindings_of_every_shape_reach_their_pairs_in_order_of_text)
{
	struct compiled c = compile(HEAD
		"request { grant () }\n"
		"request dst=t.S { grant () }\n"
		"request src=t.C { grant () }\n"
		"request src=t.C dst=t.S endpoint=e { grant ()\n"
		"  match method=N { grant () } }\n"
		"request { grant () }\n");
	static const uint32_t m[] = { 0, 1, 2, 3, 5 };
	struct trace trace;
	struct event event;

	ck_assert_ptr_nonnull(c.data);
	event = request_of(&c);
	ck_assert_int_eq(decide(&c.image, NULL, &event, &trace), VERDICT_GRANT);
	ck_assert_uint_eq(trace.n_calls, 5);
	for (uint32_t i = 0; i < trace.n_calls; i++)
		ck_assert_uint_eq(c.image.action_calls[
			c.image.actions[trace.action].calls + i], m[i]);
	event.slot = 1;
	decide(&c.image, NULL, &event, &trace);
	ck_assert_uint_eq(trace.n_calls, 6);
	event.slot = 2;		/* endpoint f */
	decide(&c.image, NULL, &event, &trace);
	ck_assert_uint_eq(trace.n_calls, 4);
	event.src_class = event.dst_class;
	decide(&c.image, NULL, &event, &trace);
	ck_assert_uint_eq(trace.n_calls, 3);
	event.kind = EVENT_RESPONSE;
	ck_assert_int_eq(decide(&c.image, NULL, &event, &trace), VERDICT_DENY);
	ck_assert_uint_eq(trace.n_calls, 0);
	discard(&c);
}
END_TEST

START_TEST(more_rules_than_an_event_may_call_are_an_error)
{
	size_t size = 32 * (IMAGE_CALLS_MAX + 16);
	char *text = malloc(size);
	struct compiled c;
	size_t n;

	ck_assert_ptr_nonnull(text);
	n = (size_t)snprintf(text, size, HEAD "request {\n");
	for (unsigned i = 0; i < IMAGE_CALLS_MAX; i++)
		n += (size_t)snprintf(text + n, size - n, "grant ()\n");
	snprintf(text + n, size - n, "}\n");
	c = compile(text);
	ck_assert_ptr_nonnull(c.data);
	discard(&c);
	snprintf(text + n, size - n, "}\nrequest dst=t.S { grant () }\n");
	c = compile(text);
	ck_assert_ptr_nonnull(c.psl);
	ck_assert_ptr_null(c.data);
	ck_assert_uint_eq(diags_errors(c.diags), 1);
	discard(&c);
	free(text);
}
END_TEST

START_TEST(expression_too_deep_for_the_evaluator_is_an_error)
{
	char text[4096] = HEAD "request dst=t.S, endpoint=e, method=M "
			       "{ assert (";
	struct compiled c;

	for (int i = 0; i < 40; i++)
		strcat(text, "message.b + (");
	strcat(text, "message.b");
	for (int i = 0; i < 40; i++)
		strcat(text, ")");
	strcat(text, " == 0) }\n");
	c = compile(text);
	ck_assert_ptr_null(c.psl);
	ck_assert_uint_eq(diags_errors(c.diags), 1);
	discard(&c);
}
END_TEST

START_TEST(equal_sources_give_equal_bytes)
{
	static const char text[] = HEAD "execute { grant () }\n"
		"request src=t.C { grant () match dst=t.S, endpoint=e, "
		"method=M { assert (message.s == \"x\") } }\n";
	struct compiled a = compile(text), b = compile(text);

	ck_assert_ptr_nonnull(a.data);
	ck_assert_uint_eq(a.size, b.size);
	ck_assert_mem_eq(a.data, b.data, a.size);
	discard(&a);
	discard(&b);
}
END_TEST

START_TEST(names_are_one_and_numbered_in_order)
{
	struct arena *arena = arena_new();
	struct names *names = names_new(arena);
	const char *first = names_one(names, "name0");
	char text[16];

	ck_assert_ptr_null(names_one(names, NULL));
	ck_assert_uint_eq(names_number(names, ""), 0);
	for (uint32_t i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "name%u", i);
		ck_assert_uint_eq(names_number(names, text), i + 1);
	}
	ck_assert_ptr_eq(names_one(names, "name0"), first);
	ck_assert_str_eq(names_text(names, 5000), "name4999");
	arena_free(arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy_psl");
	TCase *tcase = tcase_create("policy");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_unchecked_fixture(tcase, begin, end);
	tcase_add_checked_fixture(tcase, fill_message, NULL);
	tcase_add_test(tcase, no_rule_means_denied);
	tcase_add_test(tcase, one_denial_denies_whatever_the_others_say);
	tcase_add_test(tcase, what_cannot_be_computed_denies);
	tcase_add_test(tcase, constant_that_cannot_be_computed_denies_too);
	tcase_add_test(tcase, logic_stops_early_and_lists_do_not);
	tcase_add_test(tcase, precedence_is_that_of_the_grammar);
	tcase_add_test(tcase, comparison_is_by_value_across_types);
	tcase_add_test(tcase, variable_parts_are_read);
	tcase_add_test(tcase, constant_rules_have_their_verdict_in_the_route);
	tcase_add_test(tcase,
		bindings_of_every_shape_reach_their_pairs_in_order_of_text);
	tcase_add_test(tcase, more_rules_than_an_event_may_call_are_an_error);
	tcase_add_test(tcase,
		       expression_too_deep_for_the_evaluator_is_an_error);
	tcase_add_test(tcase, equal_sources_give_equal_bytes);
	tcase_add_test(tcase, names_are_one_and_numbered_in_order);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
