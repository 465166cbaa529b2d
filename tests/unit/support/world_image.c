/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "world_image.h"

#include <check.h>

#include "../../../kernel/abi/control.h"
#include "../../../kernel/security/event.h"
#include "image_maker.h"
#include "world.h"

#define END { 0, IMAGE_NONE }

struct types {
	uint32_t u32, name, text, bytes, handle;
};

static uint32_t make(struct maker *maker, uint32_t align, uint32_t size,
		     const uint32_t (*fields)[2])
{
	return maker_struct(maker, LAYOUT_STRUCT, align, size, fields);
}

static void method(struct maker *maker, const char *name, uint32_t in,
		   uint32_t out, uint32_t error, uint32_t in_arena,
		   uint32_t out_arena)
{
	struct image_method at = {
		.name = maker_string(maker, name), .type = { in, out, error },
		.arena_max = { in_arena, out_arena, 0 },
	};

	maker_add(maker, SECTION_METHODS, &at, 1);
}

static void interface(struct maker *maker, const char *name, uint32_t n)
{
	struct image_interface at = {
		.name = maker_string(maker, name),
		.methods = maker->sections[SECTION_METHODS].count,
		.n_methods = n,
	};

	maker_add(maker, SECTION_INTERFACES, &at, 1);
}

static void add_cm(struct maker *maker, const struct types *t)
{
	uint32_t connect_in = make(maker, 4, 24, (const uint32_t[][2]){
		{ 0, t->name }, { 8, t->name }, { 16, t->u32 }, END });
	uint32_t connect_out = make(maker, 8, 32, (const uint32_t[][2]){
		{ 0, t->u32 }, { 8, t->handle }, { 24, t->u32 }, END });
	uint32_t listen_in = make(maker, 4, 16, (const uint32_t[][2]){
		{ 0, t->name }, { 8, t->u32 }, END });
	uint32_t listen_out = make(maker, 4, 24, (const uint32_t[][2]){
		{ 0, t->u32 }, { 4, t->name }, { 12, t->name }, END });
	uint32_t drop_in = make(maker, 4, 16, (const uint32_t[][2]){
		{ 0, t->name }, { 8, t->name }, END });
	uint32_t drop_out = make(maker, 4, 8, (const uint32_t[][2]){
		{ 0, t->u32 }, END });
	uint32_t accept_in = make(maker, 8, 40, (const uint32_t[][2]){
		{ 0, t->name }, { 8, t->name }, { 16, t->u32 },
		{ 24, t->handle }, END });
	uint32_t accept_out = make(maker, 8, 24, (const uint32_t[][2]){
		{ 0, t->u32 }, { 8, t->handle }, END });

	interface(maker, CM_INTERFACE, CM_N);
	method(maker, "Connect", connect_in, connect_out, IMAGE_NONE, 512, 0);
	method(maker, "Listen", listen_in, listen_out, IMAGE_NONE, 256, 512);
	method(maker, "Drop", drop_in, drop_out, IMAGE_NONE, 512, 0);
	method(maker, "Accept", accept_in, accept_out, IMAGE_NONE, 512, 0);
}

static void add_i(struct maker *maker, const struct types *t)
{
	uint32_t none = make(maker, 1, 0, (const uint32_t[][2]){ END });
	uint32_t echo = make(maker, 4, 16, (const uint32_t[][2]){
		{ 0, t->u32 }, { 4, t->text }, END });
	uint32_t number = make(maker, 4, 8, (const uint32_t[][2]){
		{ 0, t->u32 }, END });
	uint32_t give = make(maker, 8, 16, (const uint32_t[][2]){
		{ 0, t->handle }, END });
	uint32_t big = make(maker, 4, 8, (const uint32_t[][2]){
		{ 0, t->bytes }, END });

	uint32_t inner = make(maker, 8, 24, (const uint32_t[][2]){
		{ 0, t->u32 }, { 8, t->handle }, END });
	uint32_t two = make(maker, 8, 48, (const uint32_t[][2]){
		{ 0, t->u32 }, { 8, inner }, { 32, t->handle }, END });

	interface(maker, "t.I", 6);
	method(maker, "Echo", echo, number, number, 72, 0);
	method(maker, "Give", give, give, IMAGE_NONE, 0, 0);
	method(maker, "Secret", none, none, IMAGE_NONE, 0, 0);
	method(maker, "Mute", none, none, IMAGE_NONE, 0, 0);
	method(maker, "Big", big, none, IMAGE_NONE, 65000, 0);
	method(maker, "Two", two, none, IMAGE_NONE, 0, 0);
}

/* The questions of t.Client. */
static void add_question(struct maker *maker, const struct types *t)
{
	uint32_t none = make(maker, 1, 0, (const uint32_t[][2]){ END });
	uint32_t may = make(maker, 4, 16, (const uint32_t[][2]){
		{ 0, t->u32 }, { 4, t->text }, END });
	uint32_t show = make(maker, 8, 16, (const uint32_t[][2]){
		{ 0, t->handle }, END });

	interface(maker, "t.Question", N_WORLD_QUESTIONS);
	method(maker, "May", may, none, IMAGE_NONE, 72, 0);
	method(maker, "Show", show, none, IMAGE_NONE, 0, 0);
	method(maker, "Never", none, none, IMAGE_NONE, 0, 0);
}

/* What users are judged by. */
static void add_control(struct maker *maker, const struct types *t)
{
	static const char *const names[CONTROL_N_METHODS] = {
		"Ps", "Channels", "Names", "Audit", "Level", "Spawn", "Stop",
	};
	uint32_t none = make(maker, 1, 0, (const uint32_t[][2]){ END });
	uint32_t level = make(maker, 4, 8, (const uint32_t[][2]){
		{ 0, t->u32 }, END });
	uint32_t spawn = make(maker, 4, 8, (const uint32_t[][2]){
		{ 0, t->name }, END });

	interface(maker, "kl.core.Control", CONTROL_N_METHODS);
	for (uint32_t i = 0; i < CONTROL_N_METHODS; i++)
		method(maker, names[i], i == CONTROL_LEVEL ? level :
		       i == CONTROL_SPAWN ? spawn : none, none, IMAGE_NONE,
		       i == CONTROL_SPAWN ? 256 : 0, 0);
}

enum { T_SERVER = 2, T_CLIENT, T_PLAIN, T_REFUSED, T_SHY };

static void add_classes(struct maker *maker, unsigned flags)
{
	static const char *const core[] = { CM_PATH, "control.Control" };
	const uint32_t interfaces[] = { 0, 3 };
	static const struct { const char *name, *path; bool handles; }
	classes[] = {
		[1] = { "Einit", NULL, false },
		{ "t.Server", "srv.main", true },
		{ "t.Client", "cli.own", true }, { "t.Plain", NULL, false },
		{ "t.Refused", "nix", false }, { "t.Shy", "srv.main", true },
	};

	maker_class(maker, "kl.core.Core", IMAGE_NONE,
		    flags & WORLD_USERS ? 2 : 1, core, interfaces);
	for (uint32_t i = 1; i < 7; i++) {
		uint32_t which = 1;
		uint32_t at = maker_class(maker, classes[i].name,
					  i == T_CLIENT ? 2 : IMAGE_NONE,
					  classes[i].path ? 1 : 0,
					  &classes[i].path, &which);
		struct image_class *class = maker_at(maker, SECTION_CLASSES,
						     at);

		class->flags = classes[i].handles ? CLASS_HANDLES : 0;
	}
}

static uint32_t eval(struct maker *maker, const struct image_insn *insns,
		     uint32_t n)
{
	uint32_t call = maker_call(maker, CALL_EVAL, "assert", insns, n);

	return ROUTE_EVAL | maker_action(maker, &call, 1);
}

/* Granted without a handle at OFFSET, or if the one there refers to WHOM; with
   OTHER, to anybody else. */
static uint32_t handle_rule(struct maker *maker, uint32_t offset,
			    enum image_sid whom, bool other)
{
	const struct image_insn insns[] = {
		{ .op = OP_PLACE, .arg = offset },
		{ .op = OP_LOAD, .type = SCALAR_UINT32 },
		{ .op = OP_SMALL, .arg = WIRE_NO_HANDLE },
		{ .op = OP_EQ, .type = 'N' },
		{ .op = OP_UNLESS, .arg = 1 },
		{ .op = OP_GRANT },
		{ .op = OP_PLACE, .arg = offset },
		{ .op = OP_LOAD_HANDLE },
		{ .op = OP_SID, .arg = whom },
		{ .op = other ? OP_NE : OP_EQ, .type = 'N' },
		{ .op = OP_ASSERT },
	};

	return eval(maker, insns, 11);
}

/* Granted if the first parameter is 5. */
static uint32_t five_rule(struct maker *maker)
{
	const struct image_insn insns[] = {
		{ .op = OP_PLACE, .arg = 0 },
		{ .op = OP_LOAD, .type = SCALAR_UINT32 },
		{ .op = OP_SMALL, .arg = 5 },
		{ .op = OP_EQ, .type = 'N' },
		{ .op = OP_ASSERT },
	};

	return eval(maker, insns, 5);
}

/* Shy may be connected to the first process only, which is Server. */
static uint32_t shy_rule(struct maker *maker)
{
	const struct image_insn insns[] = {
		{ .op = OP_PLACE, .arg = 8 },
		{ .op = OP_LOAD_HANDLE },
		{ .op = OP_SMALL, .arg = SID_FIRST },
		{ .op = OP_EQ, .type = 'N' },
		{ .op = OP_ASSERT },
	};

	return eval(maker, insns, 5);
}

static void add_user(struct maker *maker, uint32_t grant)
{
	static const uint32_t granted[] = { CONTROL_PS, CONTROL_NAMES,
					    CONTROL_AUDIT, CONTROL_SPAWN };
	struct image_user user = { maker_string(maker, "u"), T_PLAIN };

	maker_add(maker, SECTION_USERS, &user, 1);
	for (int i = 0; i < 4; i++)
		maker_route(maker, EVENT_REQUEST, T_PLAIN, 0, CM_N + granted[i],
			    grant);
	maker_route(maker, EVENT_REQUEST, T_PLAIN, 0, CM_N + CONTROL_LEVEL,
		    five_rule(maker));
	maker_route(maker, EVENT_EXECUTE, T_PLAIN, T_SERVER, 0, grant);
}

static void add_routes(struct maker *maker, unsigned flags)
{
	const struct image_insn grants[] = { { .op = OP_GRANT } };
	uint32_t call = maker_call(maker, CALL_GRANTS, "grant", grants, 1);
	uint32_t grant = ROUTE_GRANT | maker_action(maker, &call, 1);
	static const uint32_t started[] = { 2, 3, 4, 6 };
	static const uint32_t users[] = { T_SERVER, T_CLIENT, T_SHY };

	maker_routes(maker);
	if (!(flags & WORLD_REFUSE_KERNEL))
		maker_route(maker, EVENT_EXECUTE, 0, 0, 0, grant);
	if (!(flags & WORLD_REFUSE_EINIT))
		maker_route(maker, EVENT_EXECUTE, 0, 1, 0, grant);
	for (int i = 0; i < 4; i++)
		maker_route(maker, EVENT_EXECUTE, 1, started[i], 0, grant);
	for (int i = 0; i < 3; i++)
		for (uint32_t mid = 0; mid < CM_N; mid++) {
			maker_route(maker, EVENT_REQUEST, users[i], 0, mid,
				    grant);
			if (users[i] != T_SHY || mid != CM_ACCEPT)
				maker_route(maker, EVENT_RESPONSE, 0, users[i],
					    mid, grant);
		}
	maker_route(maker, EVENT_REQUEST, T_PLAIN, 0, CM_LISTEN, grant);
	for (uint32_t mid = ECHO; mid <= TWO; mid++) {
		for (uint32_t to = T_SERVER; to <= T_CLIENT; to++) {
			if (mid != SECRET)
				maker_route(maker, EVENT_REQUEST, T_CLIENT, to,
					    mid, grant);
			if (mid != MUTE)
				maker_route(maker, EVENT_RESPONSE, to,
					    T_CLIENT, mid, grant);
		}
	}
	maker_route(maker, EVENT_RESPONSE, 0, T_SHY, CM_CONNECT,
		    shy_rule(maker));
	maker_route(maker, EVENT_RESPONSE, 0, T_SERVER, CM_ACCEPT,
		    handle_rule(maker, 8, SID_DST, false));
	maker_route(maker, EVENT_REQUEST, T_SERVER, 0, CM_ACCEPT,
		    handle_rule(maker, 24, SID_SRC, false));
	maker_route(maker, EVENT_REQUEST, T_CLIENT, T_SERVER, GIVE,
		    handle_rule(maker, 0, SID_SRC, true));
	maker_route(maker, EVENT_ERROR, T_SERVER, T_CLIENT, ECHO, grant);
	maker_route(maker, EVENT_SECURITY, T_CLIENT, T_CLIENT,
		    N_WORLD_METHODS + MAY, five_rule(maker));
	maker_route(maker, EVENT_SECURITY, T_CLIENT, T_CLIENT,
		    N_WORLD_METHODS + SHOW,
		    handle_rule(maker, 0, SID_SRC, true));
	if (flags & WORLD_USERS)
		add_user(maker, grant);
}

static void add_tasks(struct maker *maker)
{
	static const struct { const char *name; uint32_t class, threads, start; }
	tasks[N_WORLD_TASKS] = {
		[SERVER] = { "Server", T_SERVER, 4, TASK_AUTO },
		[CLIENT] = { "Client", T_CLIENT, 1, TASK_AUTO },
		[CLIENT2] = { "Client2", T_CLIENT, 1, TASK_AUTO },
		[PLAIN] = { "Plain", T_PLAIN, 1, TASK_AUTO },
		[REFUSED] = { "Refused", T_REFUSED, 1, TASK_AUTO },
		[SHY] = { "Shy", T_SHY, 4, TASK_AUTO },
		[LAZY] = { "Lazy", T_SERVER, 1, TASK_DEMAND },
	};
	static const struct { const char *name; uint32_t client, server; }
	channels[] = {
		{ "main", CLIENT, SERVER }, { "main", CLIENT2, SERVER },
		{ "main", PLAIN, SERVER }, { "ring", CLIENT, CLIENT2 },
		{ "ring2", CLIENT2, CLIENT }, { "gone", CLIENT, REFUSED },
		{ "lazy", CLIENT, LAZY }, { "late", SHY, REFUSED },
	};

	for (int i = 0; i < N_WORLD_TASKS; i++) {
		struct image_task task = {
			.name = maker_string(maker, tasks[i].name),
			.class_index = tasks[i].class,
			.path = maker_string(maker, "program"),
			.threads = tasks[i].threads, .start = tasks[i].start,
		};

		maker_add(maker, SECTION_TASKS, &task, 1);
	}
	for (int i = 0; i < 8; i++) {
		struct image_channel channel = {
			maker_string(maker, channels[i].name),
			channels[i].client, channels[i].server };

		maker_add(maker, SECTION_CHANNELS, &channel, 1);
	}
}

void *world_image(struct image *image, unsigned flags, size_t *size)
{
	struct image_fault fault = { 0 };
	struct maker maker;
	struct types t;
	void *file;
	int sound;

	maker_init(&maker);
	t.u32 = maker_scalar(&maker, SCALAR_UINT32);
	t.name = maker_type(&maker, LAYOUT_STRING, 4, 8, 0, CM_NAME_MAX);
	t.text = maker_type(&maker, LAYOUT_STRING, 4, 8, 0, 64);
	t.bytes = maker_type(&maker, LAYOUT_BYTES, 4, 8, 0, 65000);
	t.handle = maker_type(&maker, LAYOUT_HANDLE, 8, 16, 0, 0);
	add_cm(&maker, &t);
	add_i(&maker, &t);
	add_question(&maker, &t);
	if (flags & WORLD_USERS)
		add_control(&maker, &t);
	add_classes(&maker, flags);
	add_routes(&maker, flags);
	add_tasks(&maker);
	file = maker_file(&maker, size);
	maker_deinit(&maker);
	sound = image_load(image, file, *size, &fault);
	ck_assert_msg(sound, "image: %s (section %u, %u)", fault.what,
		      fault.section, fault.index);
	return file;
}
