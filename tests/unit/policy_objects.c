/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What objects remember: that a denial leaves the block as it was, that the end
 * of a process takes its places, and that an image with objects which somebody
 * changed on purpose is refused or bears any question.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../kernel/security/decide.h"
#include "../../kernel/security/sha256.h"
#include "../../policy/image/build.h"
#include "support/suite.h"

#define LEVEL(degree, categories) \
	((uint64_t)(degree) << OBJECT_DEGREE_SHIFT | (categories))

static char folder[] = "/tmp/policy_objects.XXXXXX";

/* Rules of every model; the request's number chooses among them. */
static const char policy[] =
	"use nk.base._ use nk.basic._ use nk.flow._ use nk.hashmap._\n"
	"use nk.staticmap._ use nk.rbac._ use nk.mic._\n"
	"use EDL t.C use EDL t.S\n"
	"policy object flow : Flow { type State = \"a\" | \"b\" config = {\n"
	"  states: [\"a\", \"b\"], initial: \"a\", pool_size: 4,\n"
	"  transitions: { \"a\": [\"b\"], \"b\": [\"a\"] } } }\n"
	"policy object set : HashSet { type Entry = [UInt32, Text, Sid]\n"
	"  config = { set_size: 3, pool_size: 3 } }\n"
	"policy object map : StaticMap { type Value = SInt16\n"
	"  config = { keys: { \"x\": -1, \"y\": 2 }, pool_size: 5 } }\n"
	"policy object label : StaticMap { type Value = Text\n"
	"  config = { keys: { \"x\": \"nobody\" }, pool_size: 2 } }\n"
	"policy object rbac : Rbac { config = { pool_size: 4, roles: {\n"
	"  \"r\": [\"p\"], \"s\": [\"q\"] }, exclusive: [[\"r\", \"s\"]] } }\n"
	"policy object mic : Mic { config = { pool_size: 6,\n"
	"  degrees: [\"LOW\", \"HIGH\"], categories: [\"net\"] } }\n"
	"execute {\n"
	"  flow.init {sid: dst_sid} set.init {sid: dst_sid}\n"
	"  map.init {sid: dst_sid} rbac.init {sid: dst_sid}\n"
	"  mic.execute {target: dst_sid, level: \"HIGH\", levelR: \"LOW\"}\n"
	"}\n"
	"request dst=t.S endpoint=e method=M {\n"
	"  deny (message.last == 1)\n"
	"  choice message.n {\n"
	"    0: flow.enter {sid: src_sid, state: \"b\"}\n"
	"    1: set.add {sid: src_sid, entry: [message.n, message.s, dst_sid]}\n"
	"    2: { set.add {sid: src_sid, entry: [message.last, message.s, src_sid]}\n"
	"         set.remove {sid: src_sid, entry: [1, message.s, dst_sid]} }\n"
	"    3: { map.set {sid: src_sid, key: \"x\", value:\n"
	"           map.get {sid: src_sid, key: \"x\"} + map.get {sid: src_sid,\n"
	"             key: \"y\"}}\n"
	"         map.commit {sid: src_sid} }\n"
	"    4: rbac.assign {sid: src_sid, role: message.s}\n"
	"    5: rbac.permit {sid: src_sid, perm: \"p\"}\n"
	"    6: mic.invoke {source: src_sid, target: dst_sid}\n"
	"    7: { choice flow.query {sid: src_sid} {\n"
	"         \"b\": { flow.enter {sid: src_sid, state: \"a\"}\n"
	"                  flow.fini {sid: src_sid} }\n"
	"         _: { flow.allow {sid: src_sid, states: [\"a\", \"b\"]} } } }\n"
	"    8: { label.init {sid: src_sid}\n"
	"         label.set {sid: src_sid, key: \"x\", value: message.s}\n"
	"         assert (label.get_uncommitted {sid: src_sid, key: \"x\"} ==\n"
	"                 message.s) }\n"
	"  }\n"
	"}\n";

struct message {
	uint32_t n, last;
	struct { uint32_t offset, size; } s;
};

static struct arena *arena;
static uint8_t *file;
static size_t size;
static struct image image;
static struct security_state state;
static struct message message;
static _Alignas(8) uint8_t bytes[8] = "r";
static struct trace trace;

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *to;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	to = fopen(path, "w");
	ck_assert_ptr_nonnull(to);
	ck_assert_int_ge(fputs(text, to), 0);
	ck_assert_int_eq(fclose(to), 0);
}

static const void *compile(void)
{
	const char **dirs = arena_alloc(arena, sizeof(*dirs));
	struct sources *sources = arena_alloc(arena, sizeof(*sources));
	struct diags *diags = diags_new(arena);
	const struct psl *psl;
	const void *data;
	char path[256];

	dirs[0] = folder;
	*sources = (struct sources){ .arena = arena, .dirs = dirs,
				     .n_dirs = 1 };
	snprintf(path, sizeof(path), "%s/policy.psl", folder);
	psl = psl_read(arena, sources, xdl_new(arena, sources, diags), diags,
		       path);
	data = psl ? image_build(arena, diags, psl, NULL, NULL, &size) : NULL;
	if (!data)
		diags_print(diags, stderr, 0);
	ck_assert_ptr_nonnull(data);
	return data;
}

static void setup(void)
{
	static const char *const standard[] = {
		"base", "basic", "flow", "hashmap", "staticmap", "rbac", "mic",
	};
	struct image_fault fault;
	const void *data;
	char path[256];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/t", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/nk", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	for (int i = 0; i < SUITE_LENGTH(standard); i++) {
		snprintf(path, sizeof(path), "nk/%s.psl", standard[i]);
		write_file(path, "");
	}
	write_file("Einit.edl", "entity Einit\n");
	snprintf(path, sizeof(path), "%s/kl", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/kl/core", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	write_file("kl/core/Core.edl", "entity kl.core.Core\n");
	write_file("t/I.idl", "package t.I\ninterface {\n"
		   "  M(in UInt32 n, in UInt32 last, in string<150> s);\n}\n");
	write_file("t/C.edl", "entity t.C\n");
	write_file("t/S.edl", "entity t.S\nendpoints { e : t.I }\n");
	write_file("policy.psl", policy);
	arena = arena_new();
	data = compile();
	file = malloc(size);
	ck_assert_ptr_nonnull(file);
	memcpy(file, data, size);
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
	state.words = NULL;
	security_state_init(&image, &state,
			    malloc(security_state_size(&image)));
}

static void teardown(void)
{
	char command[300];

	free(state.words);
	free(file);
	arena_free(arena);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
	strcpy(folder, "/tmp/policy_objects.XXXXXX");
}

static struct event start_of(const struct image *of, uint32_t sid)
{
	return (struct event){ .kind = EVENT_EXECUTE,
		.src_class = IMAGE_CLASS_EINIT,
		.dst_class = image_find_class(of, "t.C"),
		.src_sid = SID_EINIT, .dst_sid = sid };
}

static struct event request_of(const struct image *of, uint32_t sid,
			       uint32_t n, uint32_t last)
{
	message = (struct message){ .n = n, .last = last, .s = { 0, 2 } };
	return (struct event){ .kind = EVENT_REQUEST,
		.src_class = image_find_class(of, "t.C"),
		.dst_class = image_find_class(of, "t.S"),
		.src_sid = sid, .dst_sid = 9,
		.message = { .fixed = (const uint8_t *)&message,
			     .fixed_size = sizeof(message), .arena = bytes,
			     .arena_size = sizeof(bytes) } };
}

static enum verdict start(uint32_t sid)
{
	struct event event = start_of(&image, sid);

	return decide(&image, &state, &event, &trace);
}

static enum verdict request(uint32_t sid, uint32_t n, uint32_t last)
{
	struct event event = request_of(&image, sid, n, last);

	return decide(&image, &state, &event, &trace);
}

static uint64_t *copy_of(const struct security_state *from)
{
	uint64_t *copy = malloc(security_state_size(&image));

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, from->words, security_state_size(&image));
	return copy;
}

/* ---- the state ---- */

START_TEST(the_block_is_bounded_and_begins_empty)
{
	size_t n = security_state_size(&image) / sizeof(uint64_t);

	ck_assert_uint_gt(n, 0);
	ck_assert_uint_le(n, IMAGE_STATE_MAX / sizeof(uint64_t));
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(state.words[i], 0);
}
END_TEST

START_TEST(a_denied_event_leaves_the_block_byte_by_byte)
{
	uint32_t n_denied = 0;

	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(start(9), VERDICT_GRANT);
	for (uint32_t n = 0; n < 10; n++) {
		uint64_t *before = copy_of(&state);

		ck_assert_int_eq(request(3, n, 1), VERDICT_DENY);
		n_denied++;
		ck_assert_mem_eq(before, state.words,
				 security_state_size(&image));
		free(before);
	}
	/* The same rules change it when nothing denies. */
	for (uint32_t n = 0; n < 4; n++) {
		uint64_t *before = copy_of(&state);

		ck_assert_int_eq(request(3, n, 0), VERDICT_GRANT);
		ck_assert_mem_ne(before, state.words,
				 security_state_size(&image));
		free(before);
	}
	ck_assert_uint_eq(n_denied, 10);
}
END_TEST

START_TEST(a_denied_start_of_many_objects_takes_no_place)
{
	uint64_t *before;

	for (uint32_t sid = 3; sid < 6; sid++)	/* three sets */
		ck_assert_int_eq(start(sid), VERDICT_GRANT);
	before = copy_of(&state);
	ck_assert_int_eq(start(6), VERDICT_DENY);
	ck_assert_int_eq(trace_result(&trace, 0), TRACE_GRANTED);
	ck_assert_int_eq(trace_result(&trace, 1), TRACE_DENIED);
	ck_assert_int_eq(trace_result(&trace, 4), TRACE_GRANTED);
	ck_assert_int_eq(start(4), VERDICT_DENY);
	ck_assert_mem_eq(before, state.words, security_state_size(&image));
	free(before);
	decide_forget(&image, &state, 4);
	ck_assert_int_eq(start(6), VERDICT_GRANT);
}
END_TEST

START_TEST(who_is_forgotten_is_unknown_to_every_object)
{
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 8, 0), VERDICT_GRANT);
	decide_forget(&image, &state, 3);
	for (uint32_t n = 0; n < 8; n++)
		ck_assert_int_eq(request(3, n, 0), VERDICT_DENY);
	/* Nobody was there: nothing changes. */
	decide_forget(&image, &state, 3);
	decide_forget(&image, &state, 77);
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
}
END_TEST

START_TEST(places_come_back_however_often)
{
	for (uint32_t sid = 3; sid < 2000; sid++) {
		ck_assert_int_eq(start(sid), VERDICT_GRANT);
		ck_assert_int_eq(request(sid, sid % 4, 0), VERDICT_GRANT);
		if (sid % 3)
			decide_forget(&image, &state, sid);
		else if (sid > 6)
			decide_forget(&image, &state, sid - 3);
	}
}
END_TEST

START_TEST(a_copy_of_the_block_brings_the_state_back)
{
	uint64_t *before;

	ck_assert_int_eq(start(3), VERDICT_GRANT);
	before = copy_of(&state);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_DENY);
	memcpy(state.words, before, security_state_size(&image));
	free(before);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
}
END_TEST

START_TEST(without_a_state_every_rule_about_an_object_denies)
{
	struct event event = start_of(&image, 3);

	ck_assert_int_eq(decide(&image, NULL, &event, &trace), VERDICT_DENY);
	for (uint32_t i = 0; i < trace.n_calls; i++)
		ck_assert_int_eq(trace_result(&trace, i), TRACE_FAULTED);
	decide_forget(&image, NULL, 3);
}
END_TEST

START_TEST(rules_of_the_cases_that_were_not_chosen_are_not_called)
{
	uint32_t n_called = 0;

	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
	for (uint32_t i = 0; i < trace.n_calls; i++)
		n_called += trace_result(&trace, i) != TRACE_SKIPPED;
	ck_assert_uint_eq(n_called, 2);
	/* No case fits: the choice itself denies, and calls nothing else. */
	ck_assert_int_eq(request(3, 99, 0), VERDICT_DENY);
	n_called = 0;
	for (uint32_t i = 0; i < trace.n_calls; i++)
		n_called += trace_result(&trace, i) != TRACE_SKIPPED;
	ck_assert_uint_eq(n_called, 2);
}
END_TEST

/* ---- images that somebody changed ---- */

static struct security_state changed;	/* of the image that is tried */
static uint32_t n_loaded, n_granted;

static void digest(void)
{
	struct image_header *header = (struct image_header *)file;
	struct sha256 hash;

	memset(header->sha256, 0, sizeof(header->sha256));
	sha256_init(&hash);
	sha256_update(&hash, file, size);
	sha256_final(&hash, header->sha256);
}

static void ask_all(const struct image *of, struct security_state *to)
{
	for (uint32_t sid = 3; sid < 6; sid++) {
		struct event event = start_of(of, sid);

		if (event.dst_class == IMAGE_NONE)
			return;
		n_granted += decide(of, to, &event, &trace);
		for (uint32_t n = 0; n < 9; n++) {
			event = request_of(of, sid, n, n == 4);
			n_granted += decide(of, to, &event, &trace);
		}
	}
	decide_forget(of, to, 4);
}

/* Whatever the bytes say now: with a digest that fits. */
static void try_file(bool fresh)
{
	struct image_fault fault;
	struct image of;
	size_t n;

	digest();
	if (!image_load(&of, file, size, &fault)) {
		ck_assert_ptr_nonnull(fault.what);
		return;
	}
	n_loaded++;
	n = security_state_size(&of);
	ck_assert_uint_le(n, IMAGE_STATE_MAX);
	/* One that is larger has a larger pool, and nothing else. */
	if (n > security_state_size(&image) + 4096)
		return;
	if (fresh)
		security_state_init(&of, &changed, changed.words);
	ask_all(&of, &changed);
	ck_assert_uint_eq(changed.words[of.n_state_words - 2 * of.n_journal],
			  0);
}

/* The bits of one section. FRESH: the state may be laid out otherwise. */
static void flip_section(enum image_section_id id, bool fresh)
{
	const struct image_section *section = &image.header->sections[id];
	size_t n = (size_t)section->count * image_element_size[id];
	size_t first = section->offset;

	n_loaded = n_granted = 0;
	changed.words = calloc(1, security_state_size(&image) + 4096);
	ck_assert_ptr_nonnull(changed.words);
	for (size_t i = first * 8; i < (first + n) * 8; i++) {
		file[i / 8] ^= (uint8_t)(1u << i % 8);
		try_file(fresh);
		file[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	free(changed.words);
}

START_TEST(every_bit_of_the_objects_flipped)
{
	flip_section(SECTION_OBJECTS, true);
	ck_assert_uint_gt(n_loaded, 10);
	flip_section(SECTION_OBJECT_WORDS, false);
	ck_assert_uint_gt(n_loaded, 10);
	ck_assert_uint_gt(n_granted, 10);
}
END_TEST

START_TEST(every_bit_of_the_programs_flipped)
{
	flip_section(SECTION_CODE, false);
	ck_assert_uint_gt(n_loaded, 100);
	ck_assert_uint_gt(n_granted, 100);
}
END_TEST

START_TEST(every_bit_of_everything_without_a_digest_is_refused)
{
	struct image_fault fault;
	struct image of;

	for (size_t i = 0; i < size; i++) {
		file[i] ^= (uint8_t)(1u << i % 8);
		ck_assert_int_eq(image_load(&of, file, size, &fault), 0);
		file[i] ^= (uint8_t)(1u << i % 8);
	}
}
END_TEST

/* One word of one object, and what the loader says. */
static void refuse(size_t at, uint32_t value)
{
	struct image_object *objects = (struct image_object *)
		(file + image.header->sections[SECTION_OBJECTS].offset);
	uint32_t *word = (uint32_t *)((uint8_t *)objects + at), old = *word;
	struct image_fault fault;
	struct image of;

	*word = value;
	digest();
	ck_assert_msg(!image_load(&of, file, size, &fault), "at %zu", at);
	ck_assert_uint_eq(fault.section, SECTION_OBJECTS);
	*word = old;
	digest();
	ck_assert(image_load(&of, file, size, &fault));
}

START_TEST(objects_that_lie_are_refused)
{
	refuse(offsetof(struct image_object, name), 0);
	refuse(offsetof(struct image_object, name), UINT32_MAX);
	refuse(offsetof(struct image_object, model), MODEL_NONE);
	refuse(offsetof(struct image_object, model), MODEL_N);
	refuse(offsetof(struct image_object, model), MODEL_SET);
	refuse(offsetof(struct image_object, pool_size), 0);
	refuse(offsetof(struct image_object, pool_size), 5);
	refuse(offsetof(struct image_object, pool_size), OBJECT_POOL_MAX + 1);
	refuse(offsetof(struct image_object, n_buckets), 0);
	refuse(offsetof(struct image_object, n_buckets), 3);
	refuse(offsetof(struct image_object, n_buckets), 8);
	refuse(offsetof(struct image_object, n_items), 0);
	refuse(offsetof(struct image_object, n_items), UINT32_MAX);
	refuse(offsetof(struct image_object, n_more), 2);
	refuse(offsetof(struct image_object, words), 1);
	refuse(offsetof(struct image_object, n_words), 5);
	refuse(offsetof(struct image_object, place_words), 2);
	refuse(offsetof(struct image_object, state), 1);
}
END_TEST

/* ---- values that do not fit ---- */

/* The image as the file is now. */
static void load_again(void)
{
	struct image_fault fault;

	digest();
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
}

static enum trace_result last_result(void)
{
	return trace_result(&trace, trace.n_calls - 1);
}

static struct image_insn *find_insn(uint8_t op)
{
	struct image_insn *insn = (struct image_insn *)
		(file + image.header->sections[SECTION_CODE].offset);

	while (insn->op != op)
		insn++;
	return insn;
}

START_TEST(a_level_that_the_object_does_not_have_cannot_be_computed)
{
	static const struct { uint64_t level; enum trace_result result; } tries[] = {
		{ LEVEL(1, 0), TRACE_GRANTED }, { LEVEL(1, 1), TRACE_GRANTED },
		{ LEVEL(2, 0), TRACE_FAULTED }, { LEVEL(1, 2), TRACE_FAULTED },
		{ LEVEL(1, 3), TRACE_FAULTED }, { UINT64_MAX, TRACE_FAULTED },
	};
	struct image_number *high = (struct image_number *)
		(file + image.header->sections[SECTION_NUMBERS].offset);

	while (high->magnitude != LEVEL(1, 0))
		high++;
	for (int i = 0; i < SUITE_LENGTH(tries); i++) {
		bool fits = tries[i].result == TRACE_GRANTED;

		high->magnitude = tries[i].level;
		load_again();
		ck_assert_int_eq(start(3), fits ? VERDICT_GRANT : VERDICT_DENY);
		ck_assert_int_eq((int)last_result(), (int)tries[i].result);
		decide_forget(&image, &state, 3);
	}
}
END_TEST

START_TEST(a_text_of_120_bytes_is_the_longest_that_is_remembered)
{
	static uint8_t text[OBJECT_TEXT_MAX + 3];

	memset(text, 'x', sizeof(text) - 1);
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	for (uint32_t n = OBJECT_TEXT_MAX - 1; n <= OBJECT_TEXT_MAX + 1; n++) {
		struct event event = request_of(&image, 3, 1, 0);

		message.s.size = n + 1;		/* and its terminator */
		event.message.arena = text;
		event.message.arena_size = sizeof(text);
		ck_assert_int_eq(decide(&image, &state, &event, &trace),
				 n <= OBJECT_TEXT_MAX ? VERDICT_GRANT
						      : VERDICT_DENY);
	}
}
END_TEST

/* The compiler makes no such program; the loader does not look at numbers. */
START_TEST(a_number_that_an_entry_cannot_hold_cannot_be_computed)
{
	struct image_insn *load = find_insn(OP_REMOVE_ENTRY);

	/* The add before it, of message.last. */
	while (load->op != OP_ADD_ENTRY)
		load--;
	while (load->op != OP_LOAD)
		load--;
	ck_assert_uint_eq(load->type, SCALAR_UINT32);
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 2, UINT32_MAX), VERDICT_GRANT);
	load->type = SCALAR_SINT32;
	load_again();
	ck_assert_int_eq(request(3, 2, INT32_MAX), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 2, UINT32_MAX), VERDICT_DENY);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("objects");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_block_is_bounded_and_begins_empty);
	tcase_add_test(tests, a_denied_event_leaves_the_block_byte_by_byte);
	tcase_add_test(tests, a_denied_start_of_many_objects_takes_no_place);
	tcase_add_test(tests, who_is_forgotten_is_unknown_to_every_object);
	tcase_add_test(tests, places_come_back_however_often);
	tcase_add_test(tests, a_copy_of_the_block_brings_the_state_back);
	tcase_add_test(tests, without_a_state_every_rule_about_an_object_denies);
	tcase_add_test(tests,
		       rules_of_the_cases_that_were_not_chosen_are_not_called);
	tcase_add_test(tests, every_bit_of_the_objects_flipped);
	tcase_add_test(tests, every_bit_of_the_programs_flipped);
	tcase_add_test(tests,
		       every_bit_of_everything_without_a_digest_is_refused);
	tcase_add_test(tests, objects_that_lie_are_refused);
	tcase_add_test(tests,
		       a_level_that_the_object_does_not_have_cannot_be_computed);
	tcase_add_test(tests,
		       a_text_of_120_bytes_is_the_longest_that_is_remembered);
	tcase_add_test(tests,
		       a_number_that_an_entry_cannot_hold_cannot_be_computed);
	return suite_run("policy_objects", tests);
}
