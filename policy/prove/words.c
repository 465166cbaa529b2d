/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* An event, its rules, and the states that it needs, in lines. */
#include <string.h>

#include "../image/walk.h"
#include "states.h"

const char *prove_event_text(const struct prover *prover,
			     const struct prove_event *event)
{
	const struct image *image = prover->image;
	const char *path = "", *method = "";

	if (event->kind != EVENT_EXECUTE)
		walk_slot(image, prove_owner(event), event->slot, &path,
			  &method);
	return arena_printf(prover->arena, "%s src=%s dst=%s%s%s%s%s",
		event_kind_name(event->kind),
		image_string(image, image->classes[event->src].name),
		image_string(image, image->classes[event->dst].name),
		*path ? " endpoint=" : "", path, *method ? " method=" : "",
		method);
}

static const char *rules_text(const struct prover *prover,
			      const struct prove_event *event,
			      const char *indent)
{
	const struct image *image = prover->image;
	const struct image_action *action = &image->actions[
		prove_route(image, event) & ROUTE_ACTION];
	const char *text = "";

	for (uint32_t i = 0; i < action->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];

		text = arena_printf(prover->arena, "%s%s%s:%u: %s.%s%s\n", text,
			indent, image_call_file(image, call), call->line,
			image_call_object(image, call),
			image_call_method(image, call),
			image_rule(image, call)->fixed == CALL_EVAL
			? ", if it grants" : "");
	}
	return text;
}

/* ---- states ---- */

/* The names from FIRST on whose bits are set, with commas; NONE without any. */
static const char *list_text(const struct prover *prover, uint32_t first,
			      uint64_t bits, const char *none)
{
	const uint32_t *words = prover->image->object_words;
	const char *text = "";

	for (uint32_t i = 0; i < 64; i++)
		if (bits >> i & 1)
			text = arena_printf(prover->arena, "%s%s%s", text,
				*text ? ", " : "",
				image_string(prover->image, words[first + i]));
	return *text ? text : none;
}

static const char *level_text(const struct prover *prover,
			      const struct image_object *object, uint64_t level)
{
	const struct image *image = prover->image;
	uint64_t categories = level & ((UINT64_C(1) << OBJECT_DEGREE_SHIFT) - 1);

	return arena_printf(prover->arena, "%s%s%s%s",
		image_string(image, image->object_words[object->words +
			(level >> OBJECT_DEGREE_SHIFT)]),
		categories ? " {" : "",
		list_text(prover, object->words + object->n_items, categories,
			   ""), categories ? "}" : "");
}

static const char *local_text(const struct prover *prover,
			      const struct image_object *object,
			      const struct local_state *state)
{
	const uint64_t *words = state->words;

	if (!state->present)
		return "no place";
	switch ((enum image_model)object->model) {
	case MODEL_FLOW:
		return list_text(prover, object->words, UINT64_C(1) <<
				  words[0], "");
	case MODEL_RBAC:
		return list_text(prover, object->words, words[0], "no role");
	case MODEL_MIC:
		if (words[0] == words[1])
			return level_text(prover, object, words[0]);
		return arena_printf(prover->arena, "%s, receives from %s",
			level_text(prover, object, words[0]),
			level_text(prover, object, words[1]));
	case MODEL_NONE:
	case MODEL_SET:
	case MODEL_MAP:
	case MODEL_N:
		break;
	}
	return "";
}

static const char *need_text(const struct prover *prover,
			     const struct need *need)
{
	const struct image *image = prover->image;
	const struct image_object *object = &image->objects[need->object];
	const char *class = need->class < image->n_classes
		? image_string(image, image->classes[need->class].name)
		: "some process";

	return arena_printf(prover->arena, "%s in %s: %s", class,
		image_string(image, object->name),
		local_text(prover, object, &prover->states->objects[
			need->object].states[need->state].is));
}

static const char *needs_text(const struct prover *prover,
			      const struct origin *needed, const char *indent)
{
	const char *text = "";

	if (needed && needed->same)
		text = arena_printf(prover->arena, "%swith one process on both "
				    "sides\n", indent);
	for (uint32_t i = 0; needed && i < needed->n; i++)
		text = arena_printf(prover->arena, "%s%swith %s\n", text, indent,
				    need_text(prover, &needed->needs[i]));
	return text;
}

/* ---- how they come about ---- */

struct chapter {			/* an event, and the states after it */
	const struct origin *origin;
	const char *states;
	struct need *needs;
	size_t n, capacity;
};

struct story {
	const struct prover *prover;
	struct chapter *chapters;
	size_t n, capacity;
};

/* How it comes about; NULL if that is how all begin. A process that a message
   names is one of the first class that can be in the state. */
static const struct origin *origin_of(const struct story *story,
				      const struct need *need)
{
	const struct known_state *state = &story->prover->states->objects[
		need->object].states[need->state];
	uint32_t class = need->class;

	if (class == STATES_CLASS_ANY)
		for (class = 0; !states_has(state->classes, class);)
			class++;
	for (size_t i = 0; i < state->n; i++)
		if (state->found_by[i].class == class)
			return state->found_by[i].origin;
	return NULL;
}

static bool has_need(const struct chapter *chapter, const struct need *need)
{
	for (size_t i = 0; i < chapter->n; i++)
		if (chapter->needs[i].object == need->object &&
		    chapter->needs[i].class == need->class &&
		    chapter->needs[i].state == need->state)
			return true;
	return false;
}

static void add_need(struct story *story, const struct need *need)
{
	const struct origin *origin = origin_of(story, need);
	struct arena *arena = story->prover->arena;
	struct chapter *chapter;
	size_t i = 0;

	if (!origin)
		return;
	while (i < story->n && story->chapters[i].origin != origin)
		i++;
	if (i == story->n)
		*ARENA_PUSH(arena, story->chapters, story->n, story->capacity) =
			(struct chapter){ .origin = origin, .states = "" };
	chapter = &story->chapters[i];
	if (has_need(chapter, need))
		return;
	chapter->states = arena_printf(arena, "%s  %s\n", chapter->states,
				       need_text(story->prover, need));
	*ARENA_PUSH(arena, chapter->needs, chapter->n, chapter->capacity) =
		*need;
}

static void add_needs(struct story *story, const struct origin *needed)
{
	for (uint32_t i = 0; i < needed->n; i++)
		add_need(story, &needed->needs[i]);
}

const char *prove_why(const struct prover *prover,
		      const struct prove_event *event)
{
	const struct origin *needed = prove_needed(prover, event);
	struct story story = { .prover = prover };
	const char *text = arena_printf(prover->arena, "%s%s",
		rules_text(prover, event, "  "),
		needs_text(prover, needed, "  "));

	if (needed)
		add_needs(&story, needed);
	for (size_t i = 0; i < story.n; i++)
		add_needs(&story, story.chapters[i].origin);
	for (size_t i = 0; i < story.n; i++) {
		const struct origin *origin = story.chapters[i].origin;

		text = arena_printf(prover->arena, "%s%s  after %s\n%s%s",
			text, story.chapters[i].states,
			prove_event_text(prover, &origin->event),
			rules_text(prover, &origin->event, "    "),
			needs_text(prover, origin, "    "));
	}
	return text;
}
