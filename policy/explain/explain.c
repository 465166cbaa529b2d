/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "explain.h"

#include <string.h>

#define VALUE_MAX 256u	/* bytes of a text that are shown */

/* Who looks on while the rules run. */
struct onlooker {
	struct arena *arena;
	const struct image *image;
	const struct ask *ask;
	struct explain_rule *current;	/* the rule that runs */
	const char **what;		/* by instruction of the current rule */
	struct explain_rule *seen;	/* in the order in which they ran */
	size_t n, capacity;
};

/* Bytes as a text, what is no UTF-8 as \xHH. */
static const char *quote_bytes(struct arena *arena, const uint8_t *bytes,
			       uint32_t size)
{
	static const char digits[] = "0123456789abcdef";
	const char *text = (const char *)bytes;
	const char *rest = size > VALUE_MAX ? "..." : "";
	char *quoted, *to;
	size_t length;

	size = size > VALUE_MAX ? VALUE_MAX : size;
	quoted = to = arena_alloc(arena, 4 * (size_t)size + 6);

	*to++ = '"';
	for (uint32_t i = 0; i < size; i += (uint32_t)length) {
		length = source_character(text + i, size - i);
		if (!length) {
			length = 1;
			*to++ = '\\';
			*to++ = 'x';
			*to++ = digits[bytes[i] >> 4];
			*to++ = digits[bytes[i] & 15];
			continue;
		}
		if (text[i] == '"' || text[i] == '\\')
			*to++ = '\\';
		memcpy(to, text + i, length);
		to += length;
	}
	*to++ = '"';
	memcpy(to, rest, strlen(rest) + 1);
	return quoted;
}

static const char *value_text(struct arena *arena, const struct image *image,
			      const struct eval_step *step)
{
	const struct eval_value *value = step->top;

	if (step->faulted || !value)
		return NULL;
	switch (step->insn->op) {
	case OP_INIT:
	case OP_FINI:
	case OP_ENTER:
	case OP_ALLOW:
		return explain_saw(arena, image, step->insn, step->saw);
	case OP_LOAD_STRING:
	case OP_LOAD_BYTES:
	case OP_QUERY:
	case OP_QUERY_LEVEL:
		return quote_bytes(arena, value->at, value->size);
	case OP_CONTAINS:
	case OP_HAS_ROLE:
		return value->number ? "true" : "false";
	case OP_GET:
	case OP_GET_WORKING:
		if (value->at)
			return quote_bytes(arena, value->at, value->size);
		/* fall through */
	default:
		return arena_printf(arena, "%s%llu",
				    value->negative ? "-" : "",
				    (unsigned long long)value->number);
	}
}

/* What each instruction of the call's rule is about: room for it. */
static const char **new_words(struct onlooker *onlooker,
			      const struct image_call *call)
{
	uint32_t n = image_rule(onlooker->image, call)->n_insns;

	return arena_alloc(onlooker->arena, n * sizeof(const char *) + 1);
}

static void begin_rule(struct onlooker *onlooker, const struct image_call *call)
{
	struct explain_rule *rule = ARENA_PUSH(onlooker->arena, onlooker->seen,
					       onlooker->n, onlooker->capacity);

	*rule = (struct explain_rule){ .call = call };
	onlooker->what = new_words(onlooker, call);
	rule->argument = explain_argument(onlooker->arena, onlooker->image,
					  call, onlooker->ask->method,
					  onlooker->ask->part, onlooker->what);
	onlooker->current = rule;
}

static bool was_read(const struct explain_rule *rule, const char *what)
{
	for (size_t i = 0; i < rule->n_reads; i++)
		if (!strcmp(rule->reads[i].what, what))
			return true;
	return false;
}

static void look(void *data, const struct eval_step *step)
{
	struct onlooker *onlooker = data;
	bool is_place = step->insn->op == OP_INDEX ||
			step->insn->op == OP_ELEMENT;
	bool is_jump = step->insn->op == OP_AND || step->insn->op == OP_OR ||
		       step->insn->op == OP_UNLESS;
	uint32_t at = eval_step_index(onlooker->image, step);
	const char *what;
	struct explain_rule *rule;

	if (!onlooker->current || onlooker->current->call != step->call)
		begin_rule(onlooker, step->call);
	rule = onlooker->current;
	rule->end = at + 1 + (step->jumped ? step->insn->arg : 0);
	what = onlooker->what[at];
	/* A place is only worth a word when it is not there. */
	if (!what || is_jump || (is_place && !step->faulted) || was_read(rule, what))
		return;
	*ARENA_PUSH(onlooker->arena, rule->reads, rule->n_reads,
		    rule->capacity) = (struct explain_read){
		.what = what, .value = value_text(onlooker->arena, onlooker->image,
				    step),
	};
}

static enum eval_result result_of(const struct trace *trace, uint32_t i)
{
	static const enum eval_result results[] = {
		[TRACE_DENIED] = EVAL_DENIES, [TRACE_GRANTED] = EVAL_GRANTS,
		[TRACE_FAULTED] = EVAL_FAULTS, [TRACE_SKIPPED] = EVAL_SKIPS,
	};

	return results[trace_result(trace, i)];
}

/* What was seen of each rule; those that are fixed ran unseen. */
static void gather(struct onlooker *onlooker, const struct trace *trace,
		   struct explanation *to)
{
	const struct image *image = onlooker->image;
	const struct image_action *action = &image->actions[trace->action];
	size_t next = 0;

	to->n_rules = trace->n_calls;
	to->rules = arena_alloc(onlooker->arena,
				trace->n_calls * sizeof(*to->rules) + 1);
	for (uint32_t i = 0; i < trace->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];
		struct explain_rule *rule = &to->rules[i];

		if (next < onlooker->n && onlooker->seen[next].call == call)
			*rule = onlooker->seen[next++];
		rule->call = call;
		rule->result = result_of(trace, i);
		if (rule->result == EVAL_SKIPS)
			rule->taken = explain_case(onlooker->arena, image,
				image_rule(image, call), rule->end);
		if (!rule->argument && !rule->n_reads)
			rule->argument = explain_argument(onlooker->arena,
				image, call, onlooker->ask->method,
				onlooker->ask->part,
				new_words(onlooker, call));
	}
}

void explain_event(struct arena *arena, const struct image *image,
		   struct security_state *state, const struct ask *ask,
		   struct explanation *to)
{
	struct onlooker onlooker = { .arena = arena, .image = image,
				     .ask = ask };
	const struct eval_watch watch = { look, &onlooker };
	struct trace trace = { 0 };

	*to = (struct explanation){ .image = image, .ask = ask };
	to->verdict = decide_watched(image, state, &ask->event, &trace, &watch);
	gather(&onlooker, &trace, to);
}
