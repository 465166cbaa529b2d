/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A policy with an object of each model, compiled, and its events. A header, as
 * each test is one program of one file.
 */
#ifndef TESTS_OBJECTS_H
#define TESTS_OBJECTS_H

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../kernel/security/decide.h"
#include "../../../kernel/security/sha256.h"
#include "../../../policy/image/build.h"
#include "suite.h"

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
	suite_write(folder, name, text);
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

/* Of the file as it is now. */
static void digest(void)
{
	struct image_header *header = (struct image_header *)file;
	struct sha256 hash;

	memset(header->sha256, 0, sizeof(header->sha256));
	sha256_init(&hash);
	sha256_update(&hash, file, size);
	sha256_final(&hash, header->sha256);
}

#endif
