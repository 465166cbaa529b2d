/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The image loader, and the engine on whatever loads. The mutator changes
 * elements, lengthens and shortens sections, and gives the result a digest that
 * fits, so that the proofs behind the digest are what is tried.
 *
 * An image that loads is asked about random events, with good bodies, spoilt
 * ones and plain bytes; its answers must agree with a naive reading of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kernel/security/body.h"
#include "../../kernel/security/decide.h"
#include "../../kernel/security/eval.h"
#include "../../kernel/security/sha256.h"
#include "../../policy/image/build.h"
#include "../unit/support/suite.h"
#include "support/fill.h"

enum { FIXED_MAX = 8192, ARENA_MAX = 4096, QUESTIONS = 48, AIMS_MAX = 1024,
       STATE_MAX = 1 << 20 };

static struct place head, rest;
static FILE *null;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	place_init(&head, FIXED_MAX);
	place_init(&rest, ARENA_MAX);
	null = fopen("/dev/null", "we");
	FUZZ_CHECK(null);
	return 0;
}

/* ---- what an image must answer, read naively ---- */

/* To have looked on: then eval.c asserts what the loader has proved. */
static void look(void *data, const struct eval_step *step)
{
	(void)data;
	FUZZ_CHECK(step->insn->op < OP_N);
}

static enum trace_result ask_rule(struct eval_scope *scope,
				  const struct image_call *call)
{
	static const enum trace_result results[] = {
		[EVAL_DENIES] = TRACE_DENIED, [EVAL_GRANTS] = TRACE_GRANTED,
		[EVAL_FAULTS] = TRACE_FAULTED, [EVAL_SKIPS] = TRACE_SKIPPED,
	};

	uint8_t fixed = image_rule(scope->image, call)->fixed;

	if (fixed != CALL_EVAL)
		return fixed == CALL_GRANTS ? TRACE_GRANTED : TRACE_DENIED;
	return results[eval_call(scope, call)];
}

/* STATE is as it was before the event, and is so again. */
static void check_answer(const struct image *image,
			 const struct security_state *state,
			 const struct event *event, enum verdict verdict,
			 const struct trace *trace)
{
	static const struct eval_watch watch = { look, NULL };
	struct eval_scope scope;
	bool all = true, any = false;
	uint32_t levels = 0;

	FUZZ_CHECK(verdict == VERDICT_GRANT || verdict == VERDICT_DENY);
	FUZZ_CHECK(trace->n_calls <= IMAGE_CALLS_MAX);
	eval_begin(&scope, image, state, event);
	scope.watch = &watch;
	for (uint32_t i = 0; i < trace->n_calls; i++) {
		const struct image_action *action =
			&image->actions[trace->action];
		const struct image_call *call =
			&image->calls[image->action_calls[action->calls + i]];
		enum trace_result said = trace_result(trace, i);

		FUZZ_CHECK(said == ask_rule(&scope, call));
		all = all && (said == TRACE_GRANTED || said == TRACE_SKIPPED);
		any = any || said != TRACE_SKIPPED;
		if (image->n_levels)
			levels |= image_audit_granted(&image->audits[
					image_rule(image, call)->audit]);
	}
	FUZZ_CHECK(trace->n_calls == 0 ||
		   image->actions[trace->action].granted == levels);
	state_undo(&scope.state);
	FUZZ_CHECK((verdict == VERDICT_GRANT) == (all && any));
	if (event->kind == EVENT_NONE || event->kind >= EVENT_N ||
	    event->src_class >= image->n_classes ||
	    event->dst_class >= image->n_classes || event->src_sid == 0)
		FUZZ_CHECK(verdict == VERDICT_DENY);
}

/* ---- questions ---- */

/* The struct that an event of the image carries, or IMAGE_NONE. */
static uint32_t body_of(const struct image *image, const struct event *event,
			uint32_t *arena_max)
{
	uint32_t owner = event->kind == EVENT_REQUEST ? event->dst_class :
			 event->src_class;
	uint32_t part = event->kind == EVENT_ERROR ? METHOD_ERROR :
			event->kind == EVENT_RESPONSE ? METHOD_RESPONSE :
			METHOD_REQUEST;
	const struct image_endpoint *endpoint =
		image_slot_endpoint(image, owner, event->slot);
	const struct image_method *method;

	if (!endpoint)
		return IMAGE_NONE;
	method = image_method(image, endpoint, event->slot - endpoint->slot);
	FUZZ_CHECK(method);
	*arena_max = method->arena_max[part];
	return method->type[part];
}

/* A body for TYPE (or for nothing), as often good as not. */
static void make_body(const struct image *image, uint32_t type,
		      uint32_t arena_max, uint64_t *seed,
		      struct event_message *message)
{
	uint8_t fixed[FIXED_MAX], arena[ARENA_MAX];
	struct fill fill = {
		.layout = &image->layout, .seed = seed, .arena = arena,
		.arena_max = arena_max < ARENA_MAX ? arena_max : ARENA_MAX,
		.steps = 2000,
	};
	uint32_t n = suite_below(seed, 96);
	enum body_status status;

	memset(fixed, 0, sizeof(fixed));
	memset(arena, 0, sizeof(arena));
	if (type != IMAGE_NONE && image->layout.types[type].size <= FIXED_MAX) {
		n = image->layout.types[type].size;
		fill_type(&fill, type, fixed);
		if (suite_below(seed, 2))
			fill_spoil(seed, fixed, n);
		if (suite_below(seed, 4) == 0)
			fill_spoil(seed, arena, fill.arena_size);
	} else {
		type = IMAGE_NONE;
		fill.arena_size = suite_below(seed, 64);
		for (uint32_t i = 0; i < n; i++)
			fixed[i] = (uint8_t)suite_below(seed, 20);
	}
	message->fixed = place_put(&head, fixed, n);
	message->arena = place_put(&rest, arena, fill.arena_size);
	message->fixed_size = n;
	message->arena_size = fill.arena_size;
	message->n_handles = fill.n_handles < 8 ? fill.n_handles : 8;
	if (type == IMAGE_NONE)
		return;
	status = body_check(&image->layout, type, message->fixed, n,
			    message->arena, message->arena_size, arena_max,
			    fill.n_handles);
	/* The loader has proved the layout. */
	FUZZ_CHECK(status != BODY_LAYOUT && status != BODY_FIXED_SIZE &&
		   status != BODY_UNCHECKED && status < BODY_N);
}

/* Some of the events that rules are about. */
struct aims {
	struct event of[AIMS_MAX];
	uint32_t n;
};

static void find_aims(const struct image *image, struct aims *aims)
{
	uint32_t n = image->n_classes < 16 ? image->n_classes : 16;

	aims->n = 0;
	for (uint32_t i = 0; i < (EVENT_N - 1) * n * n; i++) {
		uint32_t kind = 1 + i / n / n, src = i / n % n, dst = i % n;
		bool of_dst = kind == EVENT_EXECUTE || kind == EVENT_REQUEST;
		uint32_t first = image->pairs[((kind - 1) * image->n_classes +
					       src) * image->n_classes + dst];
		uint32_t end = kind == EVENT_EXECUTE ? 1 :
			image->classes[of_dst ? dst : src].n_slots;

		for (uint32_t slot = 0; slot < end && slot < 64 &&
		     aims->n < AIMS_MAX; slot++)
			if (image->cells[first + slot] != ROUTE_NONE)
				aims->of[aims->n++] = (struct event){
					.kind = (enum event_kind)kind,
					.src_class = src, .dst_class = dst,
					.slot = slot };
	}
}

/* With and without a trace; what a denial leaves is what was there. */
static void decide_all_ways(const struct image *image,
			    struct security_state *state,
			    const struct event *event, struct trace *trace)
{
	size_t size = security_state_size(image);
	uint64_t *before = malloc(2 * size + 1), *after = before + size / 8;
	enum verdict verdict;

	FUZZ_CHECK(before);
	if (size > 0)
		memcpy(before, state->words, size);
	verdict = decide(image, state, event, trace);
	if (size > 0) {
		memcpy(after, state->words, size);
		memcpy(state->words, before, size);
	}
	check_answer(image, state, event, verdict, trace);
	FUZZ_CHECK(size == 0 || !memcmp(before, state->words, size));
	FUZZ_CHECK(decide(image, state, event, NULL) == verdict);
	FUZZ_CHECK(size == 0 || !memcmp(after, state->words, size));
	FUZZ_CHECK(size == 0 || verdict == VERDICT_GRANT ||
		   !memcmp(before, after, size));
	free(before);
}

static void ask(const struct image *image, struct security_state *state,
		uint64_t *seed, const struct aims *aims)
{
	static const uint32_t sids[8] = { 9, 0, 3, 7, 1, 2, 4, 5 };
	static struct trace trace;
	uint32_t n = image->n_classes + (suite_below(seed, 8) == 0);
	struct event event = {
		.kind = (enum event_kind)suite_below(seed, EVENT_N + 1),
		.src_class = suite_below(seed, n),
		.dst_class = suite_below(seed, n),
		.slot = suite_below(seed, 12),
		.src_sid = suite_below(seed, 9),
		.dst_sid = suite_below(seed, 9),
	};
	uint32_t type, arena_max = 0;

	if (event.kind == EVENT_SECURITY && suite_below(seed, 4)) {
		event.dst_class = event.src_class;
		event.dst_sid = 0;
	}
	if (aims->n > 0 && suite_below(seed, 4)) {
		event = aims->of[suite_below(seed, aims->n)];
		event.src_sid = suite_below(seed, 8) ? 3 : 0;
		event.dst_sid = event.kind == EVENT_SECURITY ? 0 : 4;
	}
	type = body_of(image, &event, &arena_max);
	make_body(image, suite_below(seed, 8) ? type : IMAGE_NONE, arena_max,
		  seed, &event.message);
	event.message.handle_sids = sids;
	if (suite_below(seed, 16) == 0)
		decide_forget(image, state, suite_below(seed, 9));
	decide_all_ways(image, state, &event, &trace);
}

/* Some body for each part of the first methods. */
static void check_bodies(const struct image *image, uint64_t *seed)
{
	struct event_message message;

	for (uint32_t i = 0; i < image->n_methods && i < 16; i++)
		for (int part = 0; part < 3; part++)
			if (image->methods[i].type[part] != IMAGE_NONE)
				make_body(image, image->methods[i].type[part],
					  image->methods[i].arena_max[part],
					  seed, &message);
}

static void look_up(const struct image *image)
{
	for (uint32_t i = 0; i < image->n_classes && i < 16; i++) {
		const char *name = image_string(image, image->classes[i].name);
		const struct image_endpoint *endpoint, *found;

		FUZZ_CHECK(image_find_class(image, name) == i);
		for (uint32_t riid = 0; riid < 16; riid++) {
			endpoint = image_endpoint(image, i, riid);
			if (!endpoint)
				break;
			/* Two of one path are not refused: the first is found. */
			found = image_find_endpoint(image, i,
				image_string(image, endpoint->path));
			FUZZ_CHECK(found && found <= endpoint &&
				   found->class_index == i);
		}
	}
	for (uint32_t i = 0; i < image->n_tasks && i < 16; i++)
		FUZZ_CHECK(image_find_task(image, image_string(image,
					   image->tasks[i].name)) == i);
	image_dump(image, null);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aims aims;
	struct security_state state;
	size_t size_of_state;
	struct image_fault fault;
	struct image image;
	uint64_t seed;
	uint8_t *file;
	size_t at;

	file = malloc(size ? size : 1);
	FUZZ_CHECK(file);
	if (size > 0)
		memcpy(file, data, size);
	if (!image_load(&image, file, size, &fault)) {
		static const struct image nothing;

		FUZZ_CHECK(fault.what && fault.section <= SECTION_N);
		FUZZ_CHECK(!memcmp(&image, &nothing, sizeof(image)));
		free(file);
		return 0;
	}
	memcpy(&seed, file + offsetof(struct image_header, sha256),
	       sizeof(seed));
	find_aims(&image, &aims);
	size_of_state = security_state_size(&image);
	if (size_of_state <= STATE_MAX) {
		security_state_init(&image, &state, calloc(1, size_of_state + 1));
		for (int i = 0; i < QUESTIONS; i++)
			ask(&image, &state, &seed, &aims);
		free(state.words);
	}
	check_bodies(&image, &seed);
	look_up(&image);
	/* One bit of it that differs. */
	at = suite_below(&seed, (uint32_t)size);
	file[at] ^= (uint8_t)(1u << suite_below(&seed, 8));
	FUZZ_CHECK(!image_load(&image, file, size, &fault));
	free(file);
	return 0;
}

/* ---- the mutator ---- */

static void fix_digest(uint8_t *data, size_t size)
{
	const size_t at = offsetof(struct image_header, sha256);
	uint32_t n = (uint32_t)size;
	struct sha256 hash;

	memcpy(data + offsetof(struct image_header, size), &n, sizeof(n));
	memset(data + at, 0, 32);
	sha256_init(&hash);
	sha256_update(&hash, data, size);
	sha256_final(&hash, data + at);
}

static bool sections_fit(const struct image_header *header, size_t size)
{
	for (uint32_t i = 0; i < SECTION_N; i++) {
		const struct image_section *s = &header->sections[i];

		if (s->offset > size || (uint64_t)s->count *
		    image_element_size[i] >
		    size - s->offset)
			return false;
	}
	return true;
}

/* A copy of DATA with one element more or less of section WHICH, at INDEX. */
static size_t resize(uint8_t *data, size_t size, size_t max_size, uint32_t which,
		     uint32_t index, bool more)
{
	struct image_header header, new;
	size_t end = sizeof(header), unit;
	uint8_t *made = calloc(1, max_size);

	memcpy(&header, data, sizeof(header));
	new = header;
	for (uint32_t i = 0; i < SECTION_N; i++) {
		uint32_t n = header.sections[i].count;
		const uint8_t *from = data + header.sections[i].offset;
		uint32_t before = i == which ? index : n;

		unit = image_element_size[i];
		end = (end + 7) / 8 * 8;
		if (end + (n + 1) * unit + 8 > max_size) {
			free(made);
			return size;
		}
		new.sections[i].offset = (uint32_t)end;
		memcpy(made + end, from, before * unit);
		end += before * unit;
		if (i != which)
			continue;
		if (more)
			memcpy(made + end, from + index * unit, unit);
		end += more ? unit : 0;
		index += !more;
		memcpy(made + end, from + index * unit, (n - index) * unit);
		end += (n - index) * unit;
		new.sections[i].count = more ? n + 1 : n - 1;
	}
	end = (end + 7) / 8 * 8;
	memcpy(made, &new, sizeof(new));
	memcpy(data, made, end);
	free(made);
	return end;
}

/* One more instruction at AT, like the one there, in the programs around it. */
static size_t lengthen(uint8_t *data, size_t size, size_t max_size, uint32_t at)
{
	size_t made = resize(data, size, max_size, SECTION_CODE, at, true);
	const struct image_header *header = (const void *)data;
	uint8_t *rules = data + header->sections[SECTION_RULES].offset;
	struct image_rule rule;

	for (uint32_t i = 0; made != size &&
	     i < header->sections[SECTION_RULES].count; i++) {
		memcpy(&rule, rules + i * sizeof(rule), sizeof(rule));
		if (rule.code > at)
			rule.code++;
		else if (rule.code + (uint64_t)rule.n_insns > at)
			rule.n_insns++;
		memcpy(rules + i * sizeof(rule), &rule, sizeof(rule));
	}
	return made;
}

/* One instruction more, or one value more for an instruction that folds. */
static size_t add_insn(uint8_t *data, size_t size, size_t max_size,
		       uint64_t *seed)
{
	const struct image_header *header = (const void *)data;
	uint32_t n = header->sections[SECTION_CODE].count, at;
	struct image_insn insn;
	uint8_t *place;
	size_t made;

	if (n == 0)
		return size;
	at = suite_below(seed, n);
	for (uint32_t i = 0; i < n && suite_below(seed, 16); i++) {
		at = (at + 1) % n;
		memcpy(&insn, data + header->sections[SECTION_CODE].offset +
		       at * sizeof(insn), sizeof(insn));
		if (insn.n > 0)
			break;
	}
	made = lengthen(data, size, max_size, at);
	if (made == size)
		return size;
	place = data + header->sections[SECTION_CODE].offset +
		at * sizeof(insn);
	memcpy(&insn, place, sizeof(insn));
	if (insn.n == 0)
		return made;
	insn.n++;
	memcpy(place + sizeof(insn), &insn, sizeof(insn));
	insn = (struct image_insn){
		.op = insn.op == OP_ALL || insn.op == OP_ANY ? OP_BOOL :
		      OP_SMALL, .arg = 1 };
	memcpy(place, &insn, sizeof(insn));
	return made;
}

/* Changes one element; the code by fields, all else by words. */
static void change(uint8_t *element, size_t unit, uint32_t which,
		   const struct image_header *header, uint64_t *seed)
{
	struct image_insn insn;
	uint32_t route;

	if (which == SECTION_CELLS && suite_below(seed, 2)) {
		memcpy(&route, element, sizeof(route));
		route ^= (1 + suite_below(seed, 3)) << 30;
		memcpy(element, &route, sizeof(route));
		return;
	}
	if (which != SECTION_CODE || suite_below(seed, 4) == 0) {
		if (unit < 4)
			LLVMFuzzerMutate(element, unit, unit);
		else
			fill_spoil(seed, element, unit);
		return;
	}
	memcpy(&insn, element, sizeof(insn));
	switch (suite_below(seed, 4)) {
	case 0:
		insn.op = (uint8_t)suite_below(seed, OP_N);
		break;
	case 1:
		insn.type = (uint8_t)suite_below(seed, SCALAR_N);
		break;
	case 2:
		insn.n = (uint16_t)suite_below(seed, 34);
		break;
	case 3:
		insn.arg = suite_below(seed, header->sections[suite_below(seed,
					SECTION_N)].count + 2);
		break;
	}
	memcpy(element, &insn, sizeof(insn));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int number)
{
	uint64_t seed = number;
	struct image_header header;
	uint32_t n = 1 + suite_below(&seed, 4);

	if (size < sizeof(header) || suite_below(&seed, 32) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	while (n-- > 0) {
		uint32_t which = suite_below(&seed, SECTION_N), index, count;
		size_t unit = image_element_size[which];

		memcpy(&header, data, sizeof(header));
		count = header.sections[which].count;
		if (!sections_fit(&header, size) ||
		    suite_below(&seed, 24) == 0) {
			fill_spoil(&seed, data, suite_below(&seed, 2) ?
				   sizeof(header) : size);
			continue;
		}
		if (suite_below(&seed, 10) == 0) {
			for (uint32_t k = suite_below(&seed, 4); k < 4; k++)
				size = add_insn(data, size, max_size, &seed);
			continue;
		}
		if (count == 0)
			continue;
		index = suite_below(&seed, count);
		if (suite_below(&seed, 6) == 0)
			size = resize(data, size, max_size, which, index,
				      suite_below(&seed, 2));
		else
			change(data + header.sections[which].offset +
			       index * unit, unit, which, &header, &seed);
	}
	if (suite_below(&seed, 64))
		fix_digest(data, size);
	return size;
}
