/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "image_maker.h"

#define END { 0, IMAGE_NONE }

static void add_interface(struct maker *maker, const char *name,
			  uint32_t n_methods)
{
	struct image_interface interface = {
		.name = maker_string(maker, name),
		.methods = maker->sections[SECTION_METHODS].count,
		.n_methods = n_methods,
	};

	maker_add(maker, SECTION_INTERFACES, &interface, 1);
}

static void add_method(struct maker *maker, const char *name, uint32_t in,
		       uint32_t out, uint32_t error, uint32_t arena_max)
{
	struct image_method method = {
		.name = maker_string(maker, name),
		.type = { in, out, error }, .arena_max = { arena_max, 0, 0 },
	};

	maker_add(maker, SECTION_METHODS, &method, 1);
}

static void add_interfaces(struct maker *maker)
{
	uint32_t u16 = maker_scalar(maker, SCALAR_UINT16);
	uint32_t u32 = maker_scalar(maker, SCALAR_UINT32);
	uint32_t u64 = maker_scalar(maker, SCALAR_UINT64);
	uint32_t s32 = maker_scalar(maker, SCALAR_SINT32);
	uint32_t text = maker_type(maker, LAYOUT_STRING, 4, 8, 0, 16);
	uint32_t bytes = maker_type(maker, LAYOUT_BYTES, 4, 8, 0, 32);
	uint32_t handle = maker_type(maker, LAYOUT_HANDLE, 8, 16, 0, 0);
	uint32_t point = maker_struct(maker, LAYOUT_STRUCT, 4, 16,
		(const uint32_t[][2]){ { 0, u32 }, { 4, u32 }, { 8, text },
				       END });
	uint32_t points = maker_type(maker, LAYOUT_SEQUENCE, 4, 8, point, 4);
	uint32_t grid = maker_type(maker, LAYOUT_ARRAY, 2, 8, u16, 4);
	uint32_t shade = maker_struct(maker, LAYOUT_UNION, 8, 16,
		(const uint32_t[][2]){ { 8, u32 }, { 8, u64 }, END });
	uint32_t in = maker_struct(maker, LAYOUT_STRUCT, 8, SAMPLE_FIXED,
		(const uint32_t[][2]){
			{ SAMPLE_N, u32 }, { SAMPLE_NAME, text },
			{ SAMPLE_DATA, bytes }, { SAMPLE_POINTS, points },
			{ SAMPLE_GRID, grid }, { SAMPLE_SHADE, shade },
			{ SAMPLE_SIGNED, s32 }, { SAMPLE_HANDLE, handle },
			END });
	uint32_t out = maker_struct(maker, LAYOUT_STRUCT, 8, 8,
		(const uint32_t[][2]){ { 0, u64 }, END });
	uint32_t error = maker_struct(maker, LAYOUT_STRUCT, 8, 8,
		(const uint32_t[][2]){ { 0, u32 }, END });
	uint32_t none = maker_struct(maker, LAYOUT_STRUCT, 1, 0,
		(const uint32_t[][2]){ END });

	add_interface(maker, "app.Draw", 2);
	add_method(maker, "Draw", in, out, error, 512);
	add_method(maker, "Ping", none, none, IMAGE_NONE, 0);
	add_interface(maker, "app.Check", 1);
	add_method(maker, "Ask", out, none, IMAGE_NONE, 0);
}

static void add_rules(struct maker *maker)
{
	const struct image_insn grant[] = { { .op = OP_GRANT } };
	const struct image_insn deny[] = { { .op = OP_DENY } };
	const struct image_insn narrow[] = {
		{ .op = OP_PLACE, .arg = SAMPLE_N },
		{ .op = OP_LOAD, .type = SCALAR_UINT32 },
		{ .op = OP_NUMBER, .arg = 0 },
		{ .op = OP_LE, .type = 'N' },
		{ .op = OP_ASSERT },
	};
	const struct image_insn named[] = {
		{ .op = OP_PLACE, .arg = SAMPLE_NAME },
		{ .op = OP_LOAD_STRING },
		{ .op = OP_TEXT, .arg = maker_string(maker, "abc") },
		{ .op = OP_EQ, .type = 'T' },
		{ .op = OP_AND, .arg = 1 },
		{ .op = OP_BOOL, .arg = 1 },
		{ .op = OP_ASSERT },
	};
	const struct image_insn seventh[] = {
		{ .op = OP_SID, .arg = SID_SRC },
		{ .op = OP_SMALL, .arg = 7 },
		{ .op = OP_EQ, .type = 'N' },
		{ .op = OP_REFUSE },
	};
	const struct image_number number = { .magnitude = 512 };

	maker_add(maker, SECTION_NUMBERS, &number, 1);
	maker_call(maker, CALL_GRANTS, "grant", grant, 1);
	maker_call(maker, CALL_DENIES, "deny", deny, 1);
	maker_call(maker, CALL_EVAL, "assert", narrow, 5);
	maker_call(maker, CALL_EVAL, "assert", named, 7);
	maker_call(maker, CALL_EVAL, "deny", seventh, 4);
}

static void add_routes(struct maker *maker)
{
	const uint32_t grant = maker_action(maker, (uint32_t[]){ 0 }, 1);
	const uint32_t deny = maker_action(maker, (uint32_t[]){ 0, 1, 2 }, 3);
	const uint32_t narrow = maker_action(maker, (uint32_t[]){ 2, 0 }, 2);
	const uint32_t all = maker_action(maker, (uint32_t[]){ 2, 3, 4 }, 3);

	maker_routes(maker);
	maker_route(maker, EVENT_EXECUTE, IMAGE_CLASS_CORE, IMAGE_CLASS_CORE, 0,
		    ROUTE_GRANT | grant);
	maker_route(maker, EVENT_EXECUTE, IMAGE_CLASS_CORE, IMAGE_CLASS_EINIT,
		    0, ROUTE_GRANT | grant);
	maker_route(maker, EVENT_EXECUTE, IMAGE_CLASS_EINIT, SAMPLE_SERVER, 0,
		    ROUTE_GRANT | grant);
	maker_route(maker, EVENT_EXECUTE, IMAGE_CLASS_EINIT, SAMPLE_CLIENT, 0,
		    ROUTE_GRANT | grant);
	maker_route(maker, EVENT_REQUEST, SAMPLE_CLIENT, SAMPLE_SERVER, 0,
		    ROUTE_EVAL | all);
	maker_route(maker, EVENT_REQUEST, SAMPLE_CLIENT, SAMPLE_SERVER, 1,
		    ROUTE_GRANT | grant);
	maker_route(maker, EVENT_REQUEST, SAMPLE_CLIENT, SAMPLE_SERVER, 2,
		    ROUTE_DENY | deny);
	maker_route(maker, EVENT_RESPONSE, SAMPLE_SERVER, SAMPLE_CLIENT, 0,
		    ROUTE_EVAL | narrow);
	maker_route(maker, EVENT_RESPONSE, SAMPLE_SERVER, SAMPLE_CLIENT, 1,
		    ROUTE_GRANT | grant);
	maker_route(maker, EVENT_ERROR, SAMPLE_SERVER, SAMPLE_CLIENT, 0,
		    ROUTE_GRANT | grant);
	maker_route(maker, EVENT_SECURITY, SAMPLE_SERVER, SAMPLE_SERVER, 4,
		    ROUTE_EVAL | narrow);
}

static void add_task(struct maker *maker, const char *name, uint32_t class,
		     const char *path)
{
	struct image_task task = {
		.name = maker_string(maker, name), .class_index = class,
		.path = maker_string(maker, path), .threads = 1,
		.start = TASK_AUTO,
		.args = maker_list(maker, (const char *const[]){ "-v", NULL }),
		.env = maker_list(maker, (const char *const[]){ "A=b", NULL }),
		.read = maker_list(maker, (const char *const[]){
					"/usr/share/x", "pictures", NULL }),
		.syscalls = maker_list(maker, (const char *const[]){
					"brk", "read", "write", NULL }),
	};

	maker_add(maker, SECTION_TASKS, &task, 1);
}

/* "^ab$": 'a' and 'b' are kinds 1 and 2, all else 0, the end 3. */
static void add_pattern(struct maker *maker)
{
	const uint16_t states[] = {
		DFA_DEAD, 3, DFA_DEAD, DFA_DEAD,
		DFA_DEAD, DFA_DEAD, 4, DFA_DEAD,
		DFA_DEAD, DFA_DEAD, DFA_DEAD, DFA_MATCHED,
	};
	struct image_dfa dfa = {
		.pattern = maker_string(maker, "^ab$"), .start = 2,
		.n_states = 5, .n_classes = 4,
		.class_of = { ['a'] = 1, ['b'] = 2 },
	};

	maker_add(maker, SECTION_DFAS, &dfa, 1);
	maker_add(maker, SECTION_DFA_STATES, states, 12);
}

void maker_sample(struct maker *maker)
{
	const char *const paths[] = { "draw.main", "other" };
	const uint32_t interfaces[] = { 0, 0 };
	struct image_channel channel = { .client = 1, .server = 0 };
	struct image_user users[] = {
		{ .class_index = SAMPLE_CLIENT },
		{ .class_index = SAMPLE_CLIENT },
	};

	maker_init(maker);
	add_interfaces(maker);
	maker_class(maker, "kl.core.Core", IMAGE_NONE, 0, NULL, NULL);
	maker_class(maker, "Einit", IMAGE_NONE, 0, NULL, NULL);
	maker_class(maker, "app.Server", 1, 2, paths, interfaces);
	maker_class(maker, "app.Client", IMAGE_NONE, 0, NULL, NULL);
	add_rules(maker);
	add_routes(maker);
	add_task(maker, "app.Server", SAMPLE_SERVER, "Server");
	add_task(maker, "app.Client", SAMPLE_CLIENT, "Client");
	channel.name = maker_string(maker, "drawing");
	maker_add(maker, SECTION_CHANNELS, &channel, 1);
	add_pattern(maker);
	users[0].name = maker_string(maker, "alice");
	users[1].name = maker_string(maker, "host$");
	maker_add(maker, SECTION_USERS, users, 2);
}

void maker_audit(struct maker *maker)
{
	const uint32_t levels[] = { 0, 0, 1, 7 };
	const uint32_t base = maker_string(maker, "base");
	const struct image_audit audits[] = {
		{ .profile = maker_string(maker, "trace"), .object = base,
		  .granted = 6, .denied = 3 },
		{ .profile = maker_string(maker, "empty"), .object = base },
	};

	maker_add(maker, SECTION_LEVELS, levels, 4);
	maker_add(maker, SECTION_AUDITS, audits, 2);
	for (uint32_t i = 0; i < SAMPLE_CALLS; i++) {
		struct image_rule *rule = maker_at(maker, SECTION_RULES, i);

		rule->audit = i < 3 ? 0 : 1;
	}
	/* Each of the sample's actions calls one of the first three. */
	for (uint32_t i = 0; i < maker->sections[SECTION_ACTIONS].count; i++) {
		struct image_action *action =
			maker_at(maker, SECTION_ACTIONS, i);

		action->granted = audits[0].granted;
	}
}
