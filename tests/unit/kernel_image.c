/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../../kernel/abi/wire.h"
#include "../../kernel/security/image.h"
#include "support/image_maker.h"
#include "support/suite.h"
#include "unsound.h"

static struct maker maker;
static uint8_t *file;
static size_t size;
static struct image image;
static struct image_fault fault;

static void setup(void)
{
	maker_sample(&maker);
	file = maker_file(&maker, &size);
}

static void teardown(void)
{
	maker_free_file(file, size);
	maker_deinit(&maker);
}

static void assert_refused(void)
{
	static const struct image zero;

	ck_assert_int_eq(image_load(&image, file, size, &fault), 0);
	ck_assert_ptr_nonnull(fault.what);
	ck_assert_int_le(fault.section, SECTION_N);
	ck_assert_mem_eq(&image, &zero, sizeof(zero));
}

START_TEST(the_sample_loads)
{
	if (!image_load(&image, file, size, &fault))
		ck_abort_msg("%s (section %u, %u)", fault.what, fault.section,
			     fault.index);
	ck_assert_uint_eq(image.n_classes, 4);
	ck_assert_uint_eq(image.n_tasks, 2);
	ck_assert_uint_eq(image.n_channels, 1);
	ck_assert_ptr_eq(image.header, file);
}
END_TEST

START_TEST(look_ups_find_what_there_is_and_nothing_else)
{
	const struct image_endpoint *endpoint;

	ck_assert(image_load(&image, file, size, &fault));
	ck_assert_uint_eq(image_find_class(&image, "kl.core.Core"), 0);
	ck_assert_uint_eq(image_find_class(&image, "Einit"), 1);
	ck_assert_uint_eq(image_find_class(&image, "app.Client"), SAMPLE_CLIENT);
	ck_assert_uint_eq(image_find_class(&image, "app.Clien"), IMAGE_NONE);
	ck_assert_uint_eq(image_find_class(&image, ""), IMAGE_NONE);
	ck_assert_uint_eq(image_find_task(&image, "app.Client"), 1);
	ck_assert_uint_eq(image_find_task(&image, "Einit"), IMAGE_NONE);

	endpoint = image_find_endpoint(&image, SAMPLE_SERVER, "other");
	ck_assert_ptr_nonnull(endpoint);
	ck_assert_uint_eq(endpoint->riid, 1);
	ck_assert_ptr_eq(endpoint, image_endpoint(&image, SAMPLE_SERVER, 1));
	ck_assert_ptr_null(image_endpoint(&image, SAMPLE_SERVER, 2));
	ck_assert_ptr_null(image_endpoint(&image, SAMPLE_CLIENT, 0));
	ck_assert_ptr_null(image_endpoint(&image, 4, 0));
	ck_assert_ptr_null(image_endpoint(&image, IMAGE_NONE, 0));
	ck_assert_ptr_null(image_find_endpoint(&image, SAMPLE_SERVER, "draw"));
	ck_assert_ptr_null(image_find_endpoint(&image, SAMPLE_CLIENT, "other"));
	ck_assert_str_eq(image_string(&image,
				      image_method(&image, endpoint, 1)->name),
			 "Ping");
	ck_assert_ptr_null(image_method(&image, endpoint, 2));
	ck_assert_ptr_null(image_method(&image, endpoint, 65535));
}
END_TEST

/* dkc makes no such image, and it harms nobody. */
START_TEST(of_two_endpoints_of_one_path_the_first_is_found)
{
	struct image_endpoint *endpoints = maker_at(&maker, SECTION_ENDPOINTS, 0);

	endpoints[1].path = endpoints[0].path;
	maker_free_file(file, size);
	file = maker_file(&maker, &size);
	ck_assert(image_load(&image, file, size, &fault));
	ck_assert_ptr_eq(image_find_endpoint(&image, SAMPLE_SERVER,
					     "draw.main"),
			 image_endpoint(&image, SAMPLE_SERVER, 0));
}
END_TEST

START_TEST(slots_lead_back_to_their_endpoints)
{
	ck_assert(image_load(&image, file, size, &fault));
	for (uint32_t slot = 0; slot < 4; slot++)
		ck_assert_uint_eq(image_slot_endpoint(&image, SAMPLE_SERVER,
						      slot)->riid, slot / 2);
	ck_assert_ptr_null(image_slot_endpoint(&image, SAMPLE_SERVER, 4));
	ck_assert_ptr_null(image_slot_endpoint(&image, SAMPLE_SERVER, 5));
	ck_assert_ptr_null(image_slot_endpoint(&image, SAMPLE_SERVER,
					       UINT32_MAX));
	ck_assert_ptr_null(image_slot_endpoint(&image, SAMPLE_CLIENT, 0));
	ck_assert_ptr_null(image_slot_endpoint(&image, 4, 0));
}
END_TEST

START_TEST(kinds_have_names)
{
	ck_assert_str_eq(event_kind_name(EVENT_EXECUTE), "execute");
	ck_assert_str_eq(event_kind_name(EVENT_REQUEST), "request");
	ck_assert_str_eq(event_kind_name(EVENT_RESPONSE), "response");
	ck_assert_str_eq(event_kind_name(EVENT_ERROR), "error");
	ck_assert_str_eq(event_kind_name(EVENT_SECURITY), "security");
	ck_assert_str_eq(event_kind_name(EVENT_N), "none");
	ck_assert_str_eq(event_kind_name(EVENT_NONE), "none");
}
END_TEST

START_TEST(every_changed_bit_is_refused)
{
	for (size_t i = 0; i < size * 8; i++) {
		file[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_refused();
		file[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	ck_assert(image_load(&image, file, size, &fault));
}
END_TEST

START_TEST(every_other_length_is_refused)
{
	struct image_header *header = (void *)file;
	size_t full = size;

	/* The header says so, and the digest is right: only the end is gone. */
	for (size_t cut = 0; cut < full; cut++) {
		uint8_t *part = maker_copy_file(file, full);
		size_t kept = full - cut;

		ck_assert(!image_load(&image, part, cut, &fault));
		if (cut > 0 && kept >= sizeof(*header)) {
			((struct image_header *)(void *)part)->size =
				(uint32_t)kept;
			maker_digest(part, kept);
			ck_assert(!image_load(&image, part, kept, &fault));
		}
		maker_free_file(part, full);
	}
}
END_TEST

START_TEST(no_bytes_or_misplaced_bytes_are_refused)
{
	uint8_t *moved;

	ck_assert(!image_load(&image, NULL, size, &fault));
	ck_assert(!image_load(&image, file, 0, &fault));
	moved = malloc(size + 8);
	ck_assert_ptr_nonnull(moved);
	memcpy(moved + 4, file, size);
	ck_assert(!image_load(&image, moved + 4, size, &fault));
	ck_assert_str_eq(fault.what, "the image is not 8-aligned in memory");
	free(moved);
}
END_TEST

/* ---- a table of unsound images ---- */

#define ELEMENT(type, section, index) \
	((type *)maker_file_at(file, (section), (index)))
#define HEADER ((struct image_header *)(void *)file)
#define CLASS(i) ELEMENT(struct image_class, SECTION_CLASSES, i)
#define ENDPOINT(i) ELEMENT(struct image_endpoint, SECTION_ENDPOINTS, i)
#define INTERFACE(i) ELEMENT(struct image_interface, SECTION_INTERFACES, i)
#define METHOD(i) ELEMENT(struct image_method, SECTION_METHODS, i)
#define TYPE(i) ELEMENT(struct layout_type, SECTION_TYPES, i)
#define FIELD(i) ELEMENT(struct layout_field, SECTION_FIELDS, i)
#define WORD(section, i) (*ELEMENT(uint32_t, section, i))
#define ACTION(i) ELEMENT(struct image_action, SECTION_ACTIONS, i)
#define CALL(i) ELEMENT(struct image_call, SECTION_CALLS, i)
#define RULE(i) ELEMENT(struct image_rule, SECTION_RULES, i)
#define CODE(i) ELEMENT(struct image_insn, SECTION_CODE, i)
#define NUMBER(i) ELEMENT(struct image_number, SECTION_NUMBERS, i)
#define TASK(i) ELEMENT(struct image_task, SECTION_TASKS, i)
#define CHANNEL(i) ELEMENT(struct image_channel, SECTION_CHANNELS, i)
#define DFA(i) ELEMENT(struct image_dfa, SECTION_DFAS, i)
#define DFA_STATE(i) (*ELEMENT(uint16_t, SECTION_DFA_STATES, i))
#define USER(i) ELEMENT(struct image_user, SECTION_USERS, i)
#define BINDING(i) ELEMENT(struct image_binding, SECTION_BINDINGS, i)
#define SELECTORS(i) ELEMENT(struct image_selectors, SECTION_SELECTORS, i)

/* Types of the sample, in order of image_sample.c. */
enum { U16, U32, U64, S32, TEXT, BYTES, HANDLE, POINT, POINTS, GRID, SHADE,
       IN, OUT, ERROR, NONE };
/* Fields: 3 of POINT, 2 of SHADE, 8 of IN, OUT's, ERROR's. */
enum { POINT_F = 0, SHADE_F = 3, IN_F = 5, OUT_F = 13 };

/* X(name, what is changed, section of the fault) */
#define UNSOUND(X) \
X(another_magic, HEADER->magic[0] = 'D', SECTION_N) \
X(another_version, HEADER->version++, SECTION_N) \
X(another_size, HEADER->size += 8, SECTION_N) \
X(unaligned_section, HEADER->sections[SECTION_CALLS].offset += 4, \
  SECTION_CALLS) \
X(section_on_the_header, HEADER->sections[SECTION_STRINGS].offset = 8, \
  SECTION_STRINGS) \
X(sections_that_overlap, HEADER->sections[SECTION_CODE].count++, \
  SECTION_NUMBERS) \
X(section_beyond_the_file, HEADER->sections[SECTION_LISTS].count += 999, \
  SECTION_LISTS) \
X(section_whose_size_overflows, \
  HEADER->sections[SECTION_LISTS].count = UINT32_MAX, SECTION_LISTS) \
X(section_that_begins_beyond, \
  HEADER->sections[SECTION_LISTS].offset = 0xfffffff8, SECTION_LISTS) \
X(room_between_sections, HEADER->sections[SECTION_CALLS].count--, \
  SECTION_RULES) \
X(first_string_not_empty, ELEMENT(char, SECTION_STRINGS, 0)[0] = 'x', \
  SECTION_STRINGS) \
X(last_string_without_end, \
  *ELEMENT(char, SECTION_STRINGS, \
	   HEADER->sections[SECTION_STRINGS].count - 1) = 'x', \
  SECTION_STRINGS) \
X(string_not_utf8, *ELEMENT(uint8_t, SECTION_STRINGS, 2) = 0xff, \
  SECTION_STRINGS) \
X(string_overlong, memcpy(ELEMENT(char, SECTION_STRINGS, 1), "\xc0\xaf", 2), \
  SECTION_STRINGS) \
X(empty_string_twice, *ELEMENT(char, SECTION_STRINGS, 1) = 0, \
  SECTION_STRINGS) \
X(type_of_no_kind, TYPE(U16)->kind = LAYOUT_NONE, SECTION_TYPES) \
X(type_of_unknown_kind, TYPE(U16)->kind = LAYOUT_N_KINDS, SECTION_TYPES) \
X(scalar_of_no_kind, TYPE(U16)->scalar = SCALAR_NONE, SECTION_TYPES) \
X(scalar_of_unknown_kind, TYPE(U16)->scalar = SCALAR_N, SECTION_TYPES) \
X(scalar_of_wrong_size, TYPE(U32)->scalar = SCALAR_UINT16, SECTION_TYPES) \
X(struct_with_a_scalar, TYPE(IN)->scalar = SCALAR_UINT8, SECTION_TYPES) \
X(type_with_a_spare_byte, TYPE(IN)->zero = 1, SECTION_TYPES) \
X(alignment_of_three, TYPE(U32)->align = 3, SECTION_TYPES) \
X(alignment_of_zero, TYPE(NONE)->align = 0, SECTION_TYPES) \
X(alignment_of_sixteen, TYPE(IN)->align = 16, SECTION_TYPES) \
X(struct_size_not_aligned, TYPE(IN)->size = 84, SECTION_TYPES) \
X(string_of_another_size, TYPE(TEXT)->size = 4, SECTION_TYPES) \
X(bytes_of_another_alignment, TYPE(BYTES)->align = 8, SECTION_TYPES) \
X(handle_of_another_size, TYPE(HANDLE)->size = 8, SECTION_TYPES) \
X(sequence_of_another_size, TYPE(POINTS)->size = 16, SECTION_TYPES) \
X(sequence_of_no_type, TYPE(POINTS)->first = 15, SECTION_TYPES) \
X(sequence_of_nothing, TYPE(POINTS)->first = NONE, SECTION_TYPES) \
X(array_of_no_type, TYPE(GRID)->first = IMAGE_NONE, SECTION_TYPES) \
X(array_of_another_count, TYPE(GRID)->count = 5, SECTION_TYPES) \
X(array_whose_size_overflows, TYPE(GRID)->count = 0x80000004, SECTION_TYPES) \
X(array_of_none, (TYPE(GRID)->count = 0, TYPE(GRID)->size = 0), \
  SECTION_TYPES) \
X(fields_out_of_range, TYPE(IN)->count = 99, SECTION_TYPES) \
X(fields_that_begin_beyond, TYPE(IN)->first = 16, SECTION_TYPES) \
X(union_without_members, TYPE(SHADE)->count = 0, SECTION_TYPES) \
X(union_member_over_the_tag, FIELD(SHADE_F)->offset = 0, SECTION_FIELDS) \
X(union_member_outside, FIELD(SHADE_F + 1)->offset = 16, SECTION_FIELDS) \
X(field_of_no_type, FIELD(IN_F)->type = 15, SECTION_FIELDS) \
X(field_without_size, FIELD(IN_F)->type = NONE, SECTION_FIELDS) \
X(field_without_string, FIELD(IN_F)->name = 2, SECTION_FIELDS) \
X(field_not_aligned, FIELD(IN_F)->offset = 2, SECTION_FIELDS) \
X(field_outside, FIELD(IN_F + 7)->offset = 72, SECTION_FIELDS) \
X(field_offset_that_overflows, FIELD(IN_F + 7)->offset = 0xfffffff8, \
  SECTION_FIELDS) \
X(fields_that_overlap, FIELD(IN_F + 1)->offset = 0, SECTION_FIELDS) \
X(type_in_itself, FIELD(POINT_F + 2)->type = POINTS, SECTION_TYPES) \
X(handle_in_a_union, (FIELD(SHADE_F)->type = HANDLE, TYPE(SHADE)->size = 24, \
		      FIELD(IN_F + 6)->offset = 64, TYPE(IN)->size = 96, \
		      FIELD(IN_F + 7)->offset = 80), SECTION_TYPES) \
X(struct_larger_than_a_message, TYPE(IN)->size = 8388608, SECTION_TYPES) \
X(method_without_name, METHOD(0)->name = 0, SECTION_METHODS) \
X(method_name_in_the_middle, METHOD(0)->name++, SECTION_METHODS) \
X(method_of_no_type, METHOD(0)->type[0] = 15, SECTION_METHODS) \
X(method_without_in, METHOD(0)->type[0] = IMAGE_NONE, SECTION_METHODS) \
X(method_without_out, METHOD(0)->type[1] = IMAGE_NONE, SECTION_METHODS) \
X(method_of_a_scalar, METHOD(0)->type[0] = U64, SECTION_METHODS) \
X(method_with_half_a_word, (TYPE(ERROR)->size = 4, TYPE(ERROR)->align = 4), \
  SECTION_METHODS) \
X(method_with_a_huge_arena, METHOD(0)->arena_max[0] = 8388607, \
  SECTION_METHODS) \
X(arena_of_a_part_that_is_not, METHOD(1)->arena_max[2] = 8, SECTION_METHODS) \
X(interface_without_name, INTERFACE(0)->name = 0, SECTION_INTERFACES) \
X(interface_methods_beyond, INTERFACE(1)->n_methods = 2, SECTION_INTERFACES) \
X(interface_methods_overflow, INTERFACE(0)->methods = UINT32_MAX, \
  SECTION_INTERFACES) \
X(kernel_of_another_name, CLASS(0)->name = CLASS(1)->name, SECTION_CLASSES) \
X(starter_of_another_name, CLASS(1)->name = CLASS(2)->name, SECTION_CLASSES) \
X(classes_of_one_name, CLASS(3)->name = CLASS(2)->name, SECTION_CLASSES) \
X(class_without_name, CLASS(3)->name = 0, SECTION_CLASSES) \
X(class_with_unknown_flags, CLASS(3)->flags = 2, SECTION_CLASSES) \
X(class_endpoints_beyond, CLASS(2)->n_endpoints = 3, SECTION_CLASSES) \
X(class_with_anothers_endpoint, CLASS(1)->n_endpoints = 1, \
  SECTION_ENDPOINTS) \
X(class_without_its_endpoint, (CLASS(2)->n_endpoints = 1, \
			       CLASS(2)->security_slot = 2, \
			       CLASS(2)->n_slots = 3), SECTION_ENDPOINTS) \
X(class_of_too_many_slots, CLASS(2)->n_slots = 6, SECTION_CLASSES) \
X(class_of_no_slots, CLASS(3)->n_slots = 0, SECTION_CLASSES) \
X(security_of_no_interface, CLASS(2)->security = 2, SECTION_CLASSES) \
X(security_that_answers, METHOD(2)->type[1] = METHOD(0)->type[1], \
  SECTION_CLASSES) \
X(security_that_answers_with_errors, METHOD(2)->type[2] = METHOD(2)->type[1], \
  SECTION_CLASSES) \
X(security_at_another_slot, CLASS(2)->security_slot = 0, SECTION_CLASSES) \
X(endpoint_without_path, ENDPOINT(0)->path = 0, SECTION_ENDPOINTS) \
X(endpoint_of_no_interface, ENDPOINT(0)->interface = 2, SECTION_ENDPOINTS) \
X(endpoint_of_another_class, ENDPOINT(0)->class_index = 3, \
  SECTION_ENDPOINTS) \
X(endpoints_out_of_order, ENDPOINT(1)->riid = 0, SECTION_ENDPOINTS) \
X(slots_that_overlap, ENDPOINT(1)->slot = 1, SECTION_ENDPOINTS) \
X(slots_with_a_gap, ENDPOINT(1)->slot = 3, SECTION_ENDPOINTS) \
X(pair_beyond_the_cells, WORD(SECTION_PAIRS, 0) = 1000, SECTION_PAIRS) \
X(pair_whose_block_ends_beyond, \
  WORD(SECTION_PAIRS, 16 + 3 * 4 + 2) = \
	HEADER->sections[SECTION_CELLS].count - 4, SECTION_PAIRS) \
X(pair_that_overflows, WORD(SECTION_PAIRS, 0) = UINT32_MAX, SECTION_PAIRS) \
X(default_that_grants, WORD(SECTION_CELLS, 0) = ROUTE_GRANT, SECTION_CELLS) \
X(route_of_no_action, WORD(SECTION_CELLS, 5) = ROUTE_GRANT | 4, \
  SECTION_CELLS) \
X(route_of_no_way, WORD(SECTION_CELLS, 5) = 1, SECTION_CELLS) \
X(grant_of_rules_that_deny, WORD(SECTION_CELLS, 5) = ROUTE_GRANT | 1, \
  SECTION_CELLS) \
X(grant_of_rules_to_run, WORD(SECTION_CELLS, 5) = ROUTE_GRANT | 3, \
  SECTION_CELLS) \
X(denial_of_rules_that_grant, WORD(SECTION_CELLS, 5) = ROUTE_DENY | 0, \
  SECTION_CELLS) \
X(one_rule_that_is_many, WORD(SECTION_CELLS, 5) = ROUTE_DENY | ROUTE_ONE | 1, \
  SECTION_CELLS) \
X(one_rule_to_run, WORD(SECTION_CELLS, 5) = ROUTE_EVAL | ROUTE_ONE | 0, \
  SECTION_CELLS) \
X(one_rule_that_grants_what_it_denies, \
  WORD(SECTION_CELLS, 5) = ROUTE_DENY | ROUTE_ONE | 0, SECTION_CELLS) \
X(run_of_rules_that_are_fixed, WORD(SECTION_CELLS, 5) = ROUTE_EVAL | 0, \
  SECTION_CELLS) \
X(action_without_rules, ACTION(0)->n_calls = 0, SECTION_ACTIONS) \
X(action_with_too_many_rules, ACTION(0)->n_calls = 1025, SECTION_ACTIONS) \
X(action_beyond_the_rules, ACTION(3)->calls++, SECTION_ACTIONS) \
X(action_of_no_rule, WORD(SECTION_ACTION_CALLS, 0) = SAMPLE_CALLS, \
  SECTION_ACTION_CALLS) \
X(rule_of_unknown_kind, RULE(0)->fixed = 3, SECTION_RULES) \
X(rule_with_a_spare_byte, RULE(0)->zero = 1, SECTION_RULES) \
X(rule_without_program, RULE(2)->n_insns = 0, SECTION_RULES) \
X(rule_beyond_the_code, RULE(4)->code++, SECTION_RULES) \
X(rule_with_a_long_program, RULE(4)->n_insns = 4097, SECTION_RULES) \
X(rule_without_object, RULE(0)->object = UINT32_MAX, SECTION_RULES) \
X(rule_without_method, RULE(0)->method = 2, SECTION_RULES) \
X(call_of_no_rule, CALL(0)->rule = SAMPLE_CALLS, SECTION_CALLS) \
X(rule_without_binding, CALL(0)->binding = 1, SECTION_CALLS) \
X(rule_on_line_zero, CALL(0)->line = 0, SECTION_CALLS) \
X(rule_in_column_zero, CALL(0)->column = 0, SECTION_CALLS) \
X(binding_of_no_event, SELECTORS(0)->kind = EVENT_NONE, SECTION_SELECTORS) \
X(binding_of_unknown_event, SELECTORS(0)->kind = EVENT_N, SECTION_SELECTORS) \
X(binding_without_selectors, BINDING(0)->selectors = 1, SECTION_BINDINGS) \
X(binding_from_no_class, BINDING(0)->src = 4, SECTION_BINDINGS) \
X(binding_to_no_class, BINDING(0)->dst = 0xfffe, SECTION_BINDINGS) \
X(binding_of_no_interface, SELECTORS(0)->interface = 2, SECTION_SELECTORS) \
X(binding_of_no_component, SELECTORS(0)->component = UINT32_MAX, \
  SECTION_SELECTORS) \
X(binding_of_no_endpoint, SELECTORS(0)->endpoint = 2, SECTION_SELECTORS) \
X(binding_of_no_method, SELECTORS(0)->method = 2, SECTION_SELECTORS) \
X(binding_without_file, SELECTORS(0)->file = UINT32_MAX, SECTION_SELECTORS) \
X(binding_on_line_zero, BINDING(0)->line = 0, SECTION_BINDINGS) \
X(program_cut_short, RULE(2)->n_insns = 4, SECTION_CODE) \
X(program_begun_late, (RULE(2)->code++, RULE(2)->n_insns = 4), \
  SECTION_CODE) \
X(unknown_instruction, CODE(0)->op = OP_N, SECTION_CODE) \
X(no_instruction, CODE(0)->op = OP_NONE, SECTION_CODE) \
X(number_beyond, CODE(4)->arg = 1, SECTION_CODE) \
X(text_beyond, CODE(9)->arg = UINT32_MAX, SECTION_CODE) \
X(text_in_the_middle, CODE(9)->arg++, SECTION_CODE) \
X(jump_out_of_the_program, CODE(11)->arg = 2, SECTION_CODE) \
X(jump_that_overflows, CODE(11)->arg = UINT32_MAX, SECTION_CODE) \
X(number_of_two_signs, NUMBER(0)->negative = 2, SECTION_NUMBERS) \
X(minus_zero, (NUMBER(0)->negative = 1, NUMBER(0)->magnitude = 0), \
  SECTION_NUMBERS) \
X(task_without_name, TASK(0)->name = 0, SECTION_TASKS) \
X(tasks_of_one_name, TASK(0)->name = TASK(1)->name, SECTION_TASKS) \
X(task_of_no_class, TASK(0)->class_index = 4, SECTION_TASKS) \
X(task_of_the_kernels_class, TASK(0)->class_index = 0, SECTION_TASKS) \
X(task_of_the_starters_class, TASK(0)->class_index = 1, SECTION_TASKS) \
X(task_without_file, TASK(0)->path = 0, SECTION_TASKS) \
X(task_whose_file_is_a_path, TASK(0)->path = WORD(SECTION_LISTS, 2), \
  SECTION_TASKS) \
X(pids_fewer_than_threads, (TASK(0)->threads = 3, TASK(0)->pids = 2), \
  SECTION_TASKS) \
X(tmpfs_without_size, TASK(0)->tmpfs = TASK(0)->name, SECTION_TASKS) \
X(tmpfs_without_path, TASK(0)->tmpfs_kib = 4, SECTION_TASKS) \
X(tmpfs_of_no_string, (TASK(0)->tmpfs = IMAGE_NONE, TASK(0)->tmpfs_kib = 4), \
  SECTION_TASKS) \
X(profile_unknown, TASK(0)->profile = PROFILE_POSIX + 1, SECTION_TASKS) \
X(layer_unknown, TASK(0)->preferred = TASK_LAYERS + 1, SECTION_TASKS) \
X(task_without_threads, TASK(0)->threads = 0, SECTION_TASKS) \
X(task_of_unknown_start, TASK(0)->start = 2, SECTION_TASKS) \
X(task_list_beyond, TASK(1)->syscalls.count++, SECTION_TASKS) \
X(task_list_that_overflows, TASK(1)->args.first = UINT32_MAX, \
  SECTION_TASKS) \
X(task_list_too_long, TASK(1)->args.count = UINT32_MAX, SECTION_TASKS) \
X(task_environment_without_value, \
  WORD(SECTION_LISTS, TASK(0)->env.first) = TASK(0)->name, SECTION_TASKS) \
X(task_with_an_empty_path, WORD(SECTION_LISTS, TASK(0)->read.first) = 0, \
  SECTION_TASKS) \
X(system_calls_out_of_order, TASK(0)->syscalls.first--, SECTION_TASKS) \
X(system_call_twice, \
  WORD(SECTION_LISTS, TASK(0)->syscalls.first) = \
	WORD(SECTION_LISTS, TASK(0)->syscalls.first + 1), SECTION_TASKS) \
X(list_of_no_string, WORD(SECTION_LISTS, 0) = 2, SECTION_LISTS) \
X(channel_without_name, CHANNEL(0)->name = 0, SECTION_CHANNELS) \
X(channel_of_no_client, CHANNEL(0)->client = 2, SECTION_CHANNELS) \
X(channel_of_no_server, CHANNEL(0)->server = UINT32_MAX, SECTION_CHANNELS) \
X(pattern_without_text, DFA(0)->pattern = UINT32_MAX, SECTION_DFAS) \
X(pattern_of_one_state, DFA(0)->n_states = 1, SECTION_DFAS) \
X(pattern_of_too_few_states, DFA(0)->n_states--, SECTION_DFA_STATES) \
X(pattern_of_too_many_states, DFA(0)->n_states++, SECTION_DFAS) \
X(pattern_of_all_states, DFA(0)->n_states = UINT16_MAX, SECTION_DFAS) \
X(pattern_without_bytes, DFA(0)->n_classes = 1, SECTION_DFAS) \
X(pattern_of_258_kinds, (DFA(0)->n_classes = 258, DFA(0)->n_states = 2), \
  SECTION_DFAS) \
X(pattern_that_starts_nowhere, DFA(0)->start = 5, SECTION_DFAS) \
X(pattern_with_a_reserve, DFA(0)->zero = 1, SECTION_DFAS) \
X(byte_that_ends_the_text, DFA(0)->class_of[255] = 3, SECTION_DFAS) \
X(byte_of_no_kind, DFA(0)->class_of[0] = 255, SECTION_DFAS) \
X(pattern_on_another_table, DFA(0)->next = 1, SECTION_DFAS) \
X(pattern_on_no_table, DFA(0)->next = UINT32_MAX, SECTION_DFAS) \
X(state_that_is_not_there, DFA_STATE(0) = 5, SECTION_DFA_STATES) \
X(end_that_goes_on, DFA_STATE(3) = 2, SECTION_DFA_STATES) \
X(states_of_no_pattern, DFA(0)->n_states = 2, SECTION_DFAS) \
X(user_without_name, USER(1)->name = 0, SECTION_USERS) \
X(user_of_a_name_in_the_middle, USER(0)->name++, SECTION_USERS) \
X(user_twice, USER(1)->name = USER(0)->name, SECTION_USERS) \
X(user_of_the_kernels_class, USER(0)->class_index = 0, SECTION_USERS) \
X(user_of_the_starters_class, USER(0)->class_index = 1, SECTION_USERS) \
X(user_of_no_class, USER(1)->class_index = 4, SECTION_USERS)

UNSOUND_TABLE

START_TEST(an_unsound_image_is_refused)
{
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
	unsound[_i].change();
	maker_digest(file, size);
	unsound_expect(&unsound[_i], file, size, &image);
	assert_refused();
}
END_TEST

START_TEST(a_path_that_climbs_is_refused)
{
	static const char *const bad[] = {
		"..", "../x", "/..", "a/..", "a/../b", "/a/b/..", "a//../b",
	};
	static const char *const good[] = {
		"...", "..a", "a..", "/", "a/...", "/usr/share", "a/.b/..c",
	};

	for (int i = 0; i < SUITE_LENGTH(bad) + SUITE_LENGTH(good); i++) {
		bool climbs = i < SUITE_LENGTH(bad);
		struct image_task *task;
		uint32_t name;

		teardown();
		maker_sample(&maker);
		name = maker_string(&maker, climbs ? bad[i] :
				    good[i - SUITE_LENGTH(bad)]);
		task = maker_at(&maker, SECTION_TASKS, 1);
		task->write.first = maker_add(&maker, SECTION_LISTS, &name, 1);
		task->write.count = 1;
		file = maker_file(&maker, &size);
		ck_assert_int_eq(image_load(&image, file, size, &fault),
				 !climbs);
	}
}
END_TEST

START_TEST(C26_a_tasks_name_is_ascii_and_no_option)
{
	static const char *const bad[] = {
		"-", "-a", "--help", "\xd1\x80" "ay", "a\xc3\xa4", "a\tb", "a\x7f",
	};
	static const char *const good[] = { "a", "a-b", "a.B_9", "a # b", "~" };

	for (int i = 0; i < SUITE_LENGTH(bad) + SUITE_LENGTH(good); i++) {
		bool is_bad = i < SUITE_LENGTH(bad);
		const char *name = is_bad ? bad[i] : good[i - SUITE_LENGTH(bad)];
		struct image_task *task;

		teardown();
		maker_sample(&maker);
		task = maker_at(&maker, SECTION_TASKS, 1);
		task->name = maker_string(&maker, name);
		file = maker_file(&maker, &size);
		ck_assert_msg(image_load(&image, file, size, &fault) == !is_bad,
			      "%s", name);
	}
}
END_TEST

START_TEST(a_users_name_is_an_accounts)
{
	static const char *const bad[] = {
		"-a", "a b", "a/b", "a:b", "$", "a$b", "a,b", "\xc3\xa4",
	};
	static const char *const good[] = { "a", "A-b_c.9", "www-data", "h$" };

	for (int i = 0; i < SUITE_LENGTH(bad) + SUITE_LENGTH(good); i++) {
		bool is_bad = i < SUITE_LENGTH(bad);
		const char *name = is_bad ? bad[i] : good[i - SUITE_LENGTH(bad)];
		struct image_user *user;

		teardown();
		maker_sample(&maker);
		user = maker_at(&maker, SECTION_USERS, 0);
		user->name = maker_string(&maker, name);
		file = maker_file(&maker, &size);
		ck_assert_msg(image_load(&image, file, size, &fault) == !is_bad,
			      "%s", name);
	}
}
END_TEST

START_TEST(more_than_256_users_are_refused)
{
	for (uint32_t n = 3; n <= IMAGE_USERS_MAX + 1; n++) {
		struct image_user user = { .class_index = SAMPLE_CLIENT };
		char name[16];

		snprintf(name, sizeof(name), "u%u", n);
		user.name = maker_string(&maker, name);
		maker_add(&maker, SECTION_USERS, &user, 1);
		maker_free_file(file, size);
		file = maker_file(&maker, &size);
		ck_assert_int_eq(image_load(&image, file, size, &fault),
				 n <= IMAGE_USERS_MAX);
	}
}
END_TEST

START_TEST(a_name_of_256_bytes_is_refused)
{
	for (uint32_t length = 254; length <= 257; length++) {
		struct image_channel *channel;
		char name[300] = "";

		teardown();
		maker_sample(&maker);
		memset(name, 'x', length);
		channel = maker_at(&maker, SECTION_CHANNELS, 0);
		channel->name = maker_string(&maker, name);
		file = maker_file(&maker, &size);
		ck_assert_int_eq(image_load(&image, file, size, &fault),
				 length < WIRE_NAME_MAX);
	}
}
END_TEST

START_TEST(too_many_channels_of_a_client_are_refused)
{
	struct image_channel channel =
		*(struct image_channel *)maker_at(&maker, SECTION_CHANNELS, 0);

	for (uint32_t n = 2; n <= WIRE_ENDS_MAX + 1; n++) {
		maker_add(&maker, SECTION_CHANNELS, &channel, 1);
		maker_free_file(file, size);
		file = maker_file(&maker, &size);
		ck_assert_int_eq(image_load(&image, file, size, &fault),
				 n <= WIRE_ENDS_MAX);
	}
}
END_TEST

/* A sequence of a sequence of ...: DEPTH of them in the method's struct. */
static uint32_t nest(uint32_t depth)
{
	uint32_t type = U16;

	for (uint32_t i = 1; i < depth; i++)
		type = maker_type(&maker, LAYOUT_SEQUENCE, 4, 8, type, 9);
	return maker_struct(&maker, LAYOUT_STRUCT, 8, 8,
			    (const uint32_t[][2]){ { 0, type },
						   { 0, IMAGE_NONE } });
}

START_TEST(types_nested_deeper_than_8_are_refused)
{
	for (uint32_t depth = 1; depth < 14; depth++) {
		teardown();
		maker_sample(&maker);
		nest(depth);
		file = maker_file(&maker, &size);
		ck_assert_int_eq(image_load(&image, file, size, &fault),
				 depth <= LAYOUT_DEPTH_MAX);
	}
}
END_TEST

/* Without remembering what is known, this would be 1000^4 visits. */
START_TEST(types_that_share_their_parts_are_checked_quickly)
{
	uint32_t fields[1001][2], type = maker_scalar(&maker, SCALAR_UINT64);

	for (int level = 0; level < LAYOUT_DEPTH_MAX / 2; level++) {
		if (level > 0)
			type = maker_type(&maker, LAYOUT_SEQUENCE, 4, 8, type,
					  1);
		for (uint32_t i = 0; i < 1000; i++) {
			fields[i][0] = 8 * i;
			fields[i][1] = type;
		}
		fields[1000][1] = IMAGE_NONE;
		type = maker_struct(&maker, LAYOUT_STRUCT, 8, 8000,
				    (const uint32_t (*)[2])fields);
	}
	maker_free_file(file, size);
	file = maker_file(&maker, &size);
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
}
END_TEST

START_TEST(too_many_handles_of_a_method_are_refused)
{
	for (uint32_t n = 63; n <= 66; n++) {
		uint32_t array;

		teardown();
		maker_sample(&maker);
		array = maker_type(&maker, LAYOUT_ARRAY, 8, 16 * n, HANDLE, n);
		maker_struct(&maker, LAYOUT_STRUCT, 8, 16 * n,
			     (const uint32_t[][2]){ { 0, array },
						    { 0, IMAGE_NONE } });
		file = maker_file(&maker, &size);
		ck_assert_int_eq(image_load(&image, file, size, &fault),
				 n <= WIRE_HANDLES_MAX);
	}
}
END_TEST

START_TEST(a_handle_in_a_sequence_is_refused)
{
	maker_type(&maker, LAYOUT_SEQUENCE, 4, 8, HANDLE, 2);
	maker_free_file(file, size);
	file = maker_file(&maker, &size);
	assert_refused();
	ck_assert_str_eq(fault.what,
			 "a handle is inside a union or a sequence");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("image");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_sample_loads);
	tcase_add_test(tests, look_ups_find_what_there_is_and_nothing_else);
	tcase_add_test(tests, of_two_endpoints_of_one_path_the_first_is_found);
	tcase_add_test(tests, slots_lead_back_to_their_endpoints);
	tcase_add_test(tests, kinds_have_names);
	tcase_add_test(tests, every_changed_bit_is_refused);
	tcase_add_test(tests, every_other_length_is_refused);
	tcase_add_test(tests, no_bytes_or_misplaced_bytes_are_refused);
	tcase_add_loop_test(tests, an_unsound_image_is_refused, 0,
			    SUITE_LENGTH(unsound));
	tcase_add_test(tests, a_path_that_climbs_is_refused);
	tcase_add_test(tests, C26_a_tasks_name_is_ascii_and_no_option);
	tcase_add_test(tests, a_users_name_is_an_accounts);
	tcase_add_test(tests, more_than_256_users_are_refused);
	tcase_add_test(tests, a_name_of_256_bytes_is_refused);
	tcase_add_test(tests, too_many_channels_of_a_client_are_refused);
	tcase_add_test(tests, types_nested_deeper_than_8_are_refused);
	tcase_add_test(tests, types_that_share_their_parts_are_checked_quickly);
	tcase_add_test(tests, too_many_handles_of_a_method_are_refused);
	tcase_add_test(tests, a_handle_in_a_sequence_is_refused);
	return suite_run("kernel_image", tests);
}
