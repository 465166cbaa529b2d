/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The compiled solution, *.dk: one position-independent file, mapped read-only.
 * Written by dkc, proved by image_load (security/image.h) before first use.
 * Identical sources give identical bytes. All integers little-endian; sections
 * start 8-aligned, in the order of enum image_section_id, and do not overlap.
 *
 * A "name" or "string" is a byte offset into SECTION_STRINGS, whose entries are
 * zero-terminated UTF-8 without repeats; offset 0 is the empty string.
 */
#ifndef DK_ABI_IMAGE_H
#define DK_ABI_IMAGE_H

#include <stdint.h>

#include "layout.h"

#define IMAGE_MAGIC		"dk image"	/* 8 bytes, no terminator */
#define IMAGE_VERSION		2u
#define IMAGE_SIZE_MAX		(UINT32_C(256) << 20)
#define IMAGE_NONE		UINT32_C(0xffffffff)
#define IMAGE_CLASSES_MAX	4096u
#define IMAGE_TASKS_MAX		4096u
#define IMAGE_USERS_MAX		256u
#define IMAGE_TYPES_MAX		65536u
#define IMAGE_MESSAGE_MAX	8388607u /* bytes of fixed part and arena */
#define IMAGE_CALLS_MAX		1024u	/* rules called by one event */
#define IMAGE_STACK_MAX		32u	/* values on the evaluator's stack */
#define IMAGE_INSNS_MAX		4096u	/* instructions of one rule program */
#define IMAGE_LEVELS_MAX	32u	/* audit levels of one policy */
#define IMAGE_CLASS_ANY		0xffffu	/* of a selector that is not there */
#define IMAGE_OBJECTS_MAX	256u
#define IMAGE_STATE_MAX		(UINT32_C(64) << 20) /* bytes of all objects */
#define IMAGE_CLASS_CORE	0u	/* kl.core.Core is always class 0 */
#define IMAGE_CLASS_EINIT	1u	/* Einit is always class 1 */

enum image_section_id {
	SECTION_STRINGS,	/* char */
	SECTION_CLASSES,	/* struct image_class */
	SECTION_ENDPOINTS,	/* struct image_endpoint, a class's together, in
				   order of RIID */
	SECTION_INTERFACES,	/* struct image_interface */
	SECTION_METHODS,	/* struct image_method, an interface's together */
	SECTION_TYPES,		/* struct layout_type */
	SECTION_FIELDS,		/* struct layout_field */
	SECTION_PAIRS,		/* uint32_t [EVENT_N - 1][classes][classes]: kind,
				   src, dst -> first cell of the pair's block */
	SECTION_CELLS,		/* uint32_t: slot of the block -> route */
	SECTION_ACTIONS,	/* struct image_action */
	SECTION_ACTION_CALLS,	/* uint32_t: index into SECTION_CALLS */
	SECTION_CALLS,		/* struct image_call: where the policy has a rule */
	SECTION_RULES,		/* struct image_rule: what it says there */
	SECTION_CODE,		/* struct image_insn */
	SECTION_NUMBERS,	/* struct image_number */
	SECTION_TASKS,		/* struct image_task, in order of start */
	SECTION_CHANNELS,	/* struct image_channel */
	SECTION_LISTS,		/* uint32_t: strings, for struct image_list */
	SECTION_BINDINGS,	/* struct image_binding, in order of text */
	SECTION_SELECTORS,	/* struct image_selectors */
	SECTION_DFAS,		/* struct image_dfa */
	SECTION_DFA_STATES,	/* uint16_t: the tables of the DFAs */
	SECTION_USERS,		/* struct image_user */
	SECTION_OBJECTS,	/* struct image_object */
	SECTION_OBJECT_WORDS,	/* uint32_t: what they are configured with */
	SECTION_LEVELS,		/* uint32_t: audit levels. The first is the one to
				   begin with, those after it are named by a
				   profile and grow. Empty: the policy says
				   nothing about audit */
	SECTION_AUDITS,		/* struct image_audit */
	SECTION_OMITS,		/* uint32_t: levels, a bit each as in struct
				   image_action, for each state of a Flow */
	SECTION_N
};

struct image_section {
	uint32_t offset;	/* bytes from the start of the file */
	uint32_t count;		/* elements */
};

struct image_header {
	char magic[8];
	uint32_t version;
	uint32_t size;		/* of the whole file */
	uint8_t sha256[32];	/* of the whole file with this field zero */
	struct image_section sections[SECTION_N];
};

/* Event kinds; the order is that of SECTION_PAIRS. Zero is no event. */
enum event_kind {
	EVENT_NONE = 0,
	EVENT_EXECUTE,		/* src starter, dst new process; slot 0 */
	EVENT_REQUEST,		/* src client, dst server; slot of dst's method */
	EVENT_RESPONSE,		/* src server, dst client; slot of src's method */
	EVENT_ERROR,		/* as response */
	EVENT_SECURITY,		/* src = dst = the asking class; slot of its
				   security interface's method */
	EVENT_N
};

struct image_class {
	uint32_t name;
	uint32_t endpoints;	/* first, in SECTION_ENDPOINTS */
	uint32_t n_endpoints;
	uint32_t security;	/* interface, or IMAGE_NONE */
	uint32_t security_slot;	/* slot of its first method, when there is one */
	uint32_t n_slots;	/* of all endpoints' methods, then security's;
				   at least 1, which execute uses */
	uint32_t deadline_cap_ms;
	uint32_t flags;		/* CLASS_... */
};

#define CLASS_HANDLES 1u	/* may send or be sent handles (sendmsg) */

struct image_endpoint {
	uint32_t path;		/* "component.endpoint" */
	uint32_t interface;
	uint32_t class_index;
	uint32_t slot;		/* of method 0; method m has slot + m */
	uint32_t riid;
};

struct image_interface {
	uint32_t name;		/* dotted */
	uint32_t methods;	/* first */
	uint32_t n_methods;
};

struct image_method {
	uint32_t name;
	uint32_t type[3];	/* LAYOUT_STRUCT of the in, out, error parameters;
				   IMAGE_NONE = it has no error parameters (in and
				   out always have a struct, if an empty one of
				   size 0) */
	uint32_t arena_max[3];	/* bytes of arena that each may use at most */
};

enum method_part { METHOD_REQUEST, METHOD_RESPONSE, METHOD_ERROR };

/*
 * A route (SECTION_CELLS) is one look-up: the two high bits say how it is
 * decided, the next that a fixed verdict is one rule's alone, so that nothing
 * else is read for it, and the others which action explains it. Zero is deny:
 * no rule.
 * Cell 0 up to the largest n_slots are zero and shared by all pairs without
 * any rule.
 */
#define ROUTE_NONE	UINT32_C(0)
#define ROUTE_GRANT	(UINT32_C(1) << 30)	/* every rule grants, always */
#define ROUTE_DENY	(UINT32_C(2) << 30)	/* some rule denies, always */
#define ROUTE_EVAL	(UINT32_C(3) << 30)	/* run the programs */
#define ROUTE_HOW	(UINT32_C(3) << 30)
#define ROUTE_ONE	(UINT32_C(1) << 29)	/* may be left out */
#define ROUTE_ACTION	(~(ROUTE_HOW | ROUTE_ONE))

struct image_action {
	uint32_t calls;		/* first, in SECTION_ACTION_CALLS */
	uint32_t n_calls;	/* 1..IMAGE_CALLS_MAX, in order of text */
	uint32_t granted;	/* bit i: at SECTION_LEVELS[1 + i] something of an
				   event that is granted may be recorded */
};

/*
 * A policy of 100 000 rules has few that differ in more than their place, and few
 * sets of selectors that differ in more than the classes. So a rule takes a call
 * (16 bytes), a binding (12), a cell, an action with one call (20), and 8 of
 * SECTION_PAIRS in tests/bench/rules: 56 bytes; what is shared is next to nothing.
 */
struct image_call {
	uint32_t rule;		/* in SECTION_RULES */
	uint32_t binding;	/* whose rule it is, and in which file */
	uint32_t line;		/* from 1 */
	uint32_t column;	/* from 1, in bytes */
};

/* What calls share that differ in their place alone. */
struct image_rule {
	uint32_t code;		/* first instruction */
	uint16_t n_insns;
	uint8_t fixed;		/* enum call_fixed */
	uint8_t zero;
	uint32_t object;	/* "base", or the policy object's name */
	uint32_t method;	/* "grant", "assert", ... */
	uint32_t audit;		/* what is recorded of it, in SECTION_AUDITS;
				   IMAGE_NONE if there are no levels */
};

enum regex_expression { REGEX_MATCH, REGEX_SELECT, REGEX_N };

/* What an audit profile records of one object's rules: bits as in
   struct image_action. */
struct image_audit {
	uint32_t profile;	/* names; */
	uint32_t object;
	uint32_t granted;
	uint32_t denied;
	uint32_t emitted[REGEX_N];	/* results of the expressions in the rule */
	uint32_t omits;		/* first, in SECTION_OMITS: when not to record it */
	uint32_t n_omits;	/* the Flow's states, or 0 */
};

/*
 * The selectors around a rule, as they are written, those of the outer bodies
 * added. Decisions are the routes' alone: this is for who explains them.
 */
struct image_binding {
	uint16_t src;		/* class, or IMAGE_CLASS_ANY */
	uint16_t dst;
	uint32_t selectors;	/* the others, in SECTION_SELECTORS */
	uint32_t line;		/* from 1 */
};

/* What bindings share that differ in their classes and line alone. */
struct image_selectors {
	uint32_t kind;		/* enum event_kind */
	uint32_t interface;	/* strings; the empty one: not selected */
	uint32_t component;
	uint32_t endpoint;
	uint32_t method;
	uint32_t file;		/* as the compiler was given it */
};

enum call_fixed { CALL_EVAL = 0, CALL_GRANTS = 1, CALL_DENIES = 2 };

struct image_number {		/* sign and magnitude; -0 is not used */
	uint64_t magnitude;
	uint64_t negative;	/* 0 or 1 */
};

/*
 * A pattern that is searched for in a text, as a table: a state and a class of
 * bytes -> the next state. DFA_DEAD and DFA_MATCHED have no row: nothing leaves
 * them. The last class is the end of the text, and leads to one of the two.
 */
#define DFA_DEAD	0u
#define DFA_MATCHED	1u

struct image_dfa {
	uint32_t pattern;	/* as it is written in the policy */
	uint32_t next;		/* first, in SECTION_DFA_STATES: uint16_t
				   [n_states - 2][n_classes] */
	uint16_t start;
	uint16_t n_states;	/* at least 2 */
	uint16_t n_classes;	/* 2..257 */
	uint16_t zero;
	uint8_t class_of[256];	/* by byte, less than n_classes - 1 */
};

/*
 * A rule program: a typed stack machine without backward jumps. Values are
 * N a number (sign and 64-bit magnitude), B a boolean, T text or bytes, L a
 * place in the message. "a b -> c" is what an instruction pops and pushes; the
 * right-most is the top. What cannot be computed is a fault, and a fault denies.
 * A jump's target is this instruction's index + 1 + arg, inside the program.
 */
enum image_op {
	OP_NONE = 0,		/* never valid */
	/* ends; a program's last instruction is one of these */
	OP_GRANT,		/* -> granted */
	OP_DENY,		/* -> denied */
	OP_ASSERT,		/* B -> granted if true */
	OP_REFUSE,		/* B -> denied if true */
	/* constants and the event */
	OP_SMALL,		/* -> N: arg */
	OP_NUMBER,		/* -> N: SECTION_NUMBERS[arg] */
	OP_BOOL,		/* -> B: arg is 0 or 1 */
	OP_TEXT,		/* -> T: string arg */
	OP_SID,			/* -> N: enum image_sid arg; fault if there is none */
	/* the message */
	OP_PLACE,		/* -> L: offset arg of the fixed part */
	OP_FIELD,		/* L -> L: arg bytes further */
	OP_INDEX,		/* L N -> L: element N of n inline, arg bytes each */
	OP_ELEMENT,		/* L N -> L: element N of the chunk at L, arg bytes
				   each */
	OP_LOAD,		/* L -> N: enum layout_scalar type */
	OP_LOAD_STRING,		/* L -> T: the chunk at L less its terminator */
	OP_LOAD_BYTES,		/* L -> T: the chunk at L */
	OP_LOAD_HANDLE,		/* L -> N: SID that the handle at L refers to; fault
				   if it refers to none */
	OP_COUNT,		/* L -> N: chunk's size / arg */
	OP_SIZE,		/* T -> N: bytes */
	OP_MATCH,		/* T -> B: SECTION_DFAS[arg] finds its pattern;
				   .type is enum regex_expression, for audit */
	/* comparisons; .type is 'N', 'B' or 'T', LT..GE take N only */
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,	/* x x -> B */
	/* booleans */
	OP_NOT,			/* B -> B */
	OP_ALL, OP_ANY,		/* n B's -> B; n may be 0 */
	OP_AND,			/* B -> B, jump if false; else B -> , go on */
	OP_OR,			/* B -> B, jump if true; else B -> , go on */
	OP_UNLESS,		/* B -> , jump if false */
	OP_JUMP,		/* jump */
	/* numbers: exact, a fault beyond 64 bits of magnitude */
	OP_ADD, OP_SUB, OP_MUL,	/* N N -> N */
	OP_SUM, OP_PRODUCT,	/* n N's -> N; n may be 0 */
	OP_BIT_AND, OP_BIT_OR,	/* N N -> N; a fault if negative */
	OP_BIT_NOT,		/* N -> N in enum layout_scalar type, unsigned */
	OP_NEG, OP_ABS,		/* N -> N */
	OP_RANGE,		/* N -> N; a fault if it is not in the range of
				   enum layout_scalar type */
	/* choices; the register of a choice says which case was chosen, 0 none */
	OP_DUP,			/* x -> x x; .type as of comparisons */
	OP_CASE,		/* register n - 1, if n, becomes 0; if .type and
				   register .type - 1 is not arg: ends, the rule
				   is not called */
	OP_CHOOSE,		/* x -> ends: register n becomes arg; denied if
				   that is 0, else the rule counts as not called */
	/* objects; arg is the object, e are its fields. A process is its SID */
	OP_INIT, OP_FINI,	/* N -> B: has a place now, has none any more */
	OP_ENTER,		/* N T -> B */
	OP_ALLOW,		/* N and n T's -> B */
	OP_QUERY,		/* N -> T */
	OP_ADD_ENTRY, OP_REMOVE_ENTRY, OP_CONTAINS,	/* N e -> B */
	OP_SET_KEY,		/* N T e -> B */
	OP_COMMIT, OP_ROLLBACK,	/* N -> B */
	OP_GET, OP_GET_WORKING,	/* N T -> e */
	OP_ASSIGN, OP_DROP, OP_PERMIT, OP_HAS_ROLE,	/* N T -> B */
	/* Mic: SIDs may be 0 = not given; n: 1 = there is a level, 2 = levelR */
	OP_CREATE, OP_UPGRADE,	/* source target container driver level -> B */
	OP_DELETE,		/* source target container driver -> B */
	OP_EXECUTE,		/* image target level levelR -> B */
	OP_CALL, OP_INVOKE,	/* source target -> B */
	OP_QUERY_LEVEL,		/* N -> T */
	OP_N
};

/*
 * Policy objects. An object remembers something of processes, by SID: each has
 * one of pool_size places until `fini`, or the process's end. Its state is part
 * of one block of 64-bit words: a header, n_buckets, then the places.
 */
enum image_model {
	MODEL_NONE = 0,		/* never valid */
	MODEL_FLOW,		/* words: n_items states' names, then of each the
				   states that it leads to, a bit each, as two
				   words, the low one first. n_more: the initial
				   state */
	MODEL_SET,		/* n_items: entries of one set */
	MODEL_MAP,		/* words: n_items keys' names, then their initial
				   values: index of a number, 0 or 1, string */
	MODEL_RBAC,		/* words: names of n_items roles, of n_more
				   permissions; of each role those that it may
				   not meet, of each permission the roles that
				   hold it, as Flow's */
	MODEL_MIC,		/* words: names of n_items degrees from the least
				   on, of n_more categories */
	MODEL_N
};

enum object_field {		/* of an entry or a value */
	FIELD_NONE = 0, FIELD_UNSIGNED, FIELD_SIGNED, FIELD_BOOL, FIELD_TEXT,
	FIELD_N
};

#define OBJECT_POOL_MAX		65536u
#define OBJECT_SET_MAX		4096u	/* entries of one set */
#define OBJECT_FIELDS_MAX	6u
#define OBJECT_TEXT_MAX		120u	/* bytes of a text that is remembered */
#define OBJECT_TEXT_WORDS	16u	/* with its length */
#define OBJECT_MAP_WORDS	1024u	/* of one map's values */
#define OBJECT_STATES_MAX	64u	/* of a Flow; also roles of an Rbac */
#define OBJECT_KEYS_MAX		1024u	/* of a map; also permissions */
#define OBJECT_DEGREES_MAX	256u
#define OBJECT_CATEGORIES_MAX	48u
#define OBJECT_DEGREE_SHIFT	48u	/* a level is degree and categories */
#define CHOICE_DEPTH_MAX	8u	/* `choice` in `choice` */

struct image_object {
	uint32_t name;
	uint8_t model;
	uint8_t n_fields;	/* SET: 1.., MAP: 1, others: 0 */
	uint8_t fields[OBJECT_FIELDS_MAX];	/* enum object_field */
	uint32_t pool_size;
	uint32_t n_buckets;	/* the power of two from pool_size on */
	uint32_t n_items, n_more;	/* as the model says */
	uint32_t words, n_words;	/* in SECTION_OBJECT_WORDS, one object's
					   after another's */
	uint32_t place_words;	/* of one place, after its first word */
	uint32_t state;		/* first word in the block of states, likewise */
};

enum image_sid { SID_SRC, SID_DST, SID_CALLABLE, SID_N };

struct image_insn {
	uint8_t op;
	uint8_t type;
	uint16_t n;
	uint32_t arg;
};

/* A slice of SECTION_LISTS. */
struct image_list {
	uint32_t first;
	uint32_t count;
};

/*
 * A program to start. Paths in read and write: absolute ones are seen by the
 * program where they are; relative ones start at the daemon's data folder (by
 * default the image's) and are seen as "/" and the path.
 */
struct image_task {
	uint32_t name;
	uint32_t class_index;
	uint32_t path;			/* base name of the executable */
	uint32_t threads;		/* 1 = no threads */
	uint32_t start;			/* enum task_start */
	struct image_list args;		/* after argv[0], which is the name */
	struct image_list env;		/* "NAME=value" */
	struct image_list read;
	struct image_list write;
	struct image_list syscalls;	/* allow-list, by name, sorted. Tasks with
					   the same list share the slice */
	/* what the program may use up; 0 = what every program may */
	uint32_t memory_kib;
	uint32_t cpu_percent;		/* of one processor */
	uint32_t pids;			/* at least .threads */
	uint32_t files;			/* beside those that it starts with */
	uint32_t tmpfs;			/* path, "" = none */
	uint32_t tmpfs_kib;
	uint32_t profile;		/* enum task_profile */
	uint32_t preferred;		/* bit per enum task_layer: the machine may
					   lack it; the others it may not */
	uint32_t line;			/* of its sandbox in the start list; 0 = it
					   has none */
	uint32_t probe;			/* enum task_probe */
};

enum task_start { TASK_AUTO = 0, TASK_DEMAND = 1 };

/* A static program; or a dynamic one, with the libraries of the machine. */
enum task_profile { PROFILE_STRICT = 0, PROFILE_POSIX = 1 };

/* Whether each start tries what confines it before the program runs. */
enum task_probe { PROBE_ALWAYS = 0, PROBE_NEVER = 1 };

/* Layers that a sound machine may lack, so that a start list has a say. */
enum task_layer {
	TASK_LANDLOCK = 1,
	TASK_CGROUP = 2,	/* asked for by memory_kib, cpu_percent or pids */
	TASK_NO_DUMP = 4,
	TASK_LAYERS = 7
};

/* Does its sandbox ask for what only a group can count? */
static inline int task_asks_cgroup(const struct image_task *task)
{
	return task->memory_kib || task->cpu_percent || task->pids;
}

/*
 * A static channel. Several clients of one server may use the same name: the
 * server has one listener for it. Every other task has one named
 * "kl.core.NameServer" to the name server when there is one: the compiler
 * writes those too.
 */
struct image_channel {
	uint32_t name;
	uint32_t client;		/* task */
	uint32_t server;		/* task */
};

/* A user of the machine, and the class by which the policy decides what it may
   ask of the control socket. */
struct image_user {
	uint32_t name;
	uint32_t class_index;
};

#endif
