/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* From a case to an event. */
#include "ask.h"

#include <string.h>

static void add_process(struct ask_world *world, struct ask_process process)
{
	*ARENA_PUSH(world->arena, world->processes, world->n,
		    world->capacity) = process;
}

void ask_begin(struct ask_world *world, struct arena *arena,
	       struct diags *diags, const struct image *image)
{
	*world = (struct ask_world){
		.arena = arena, .diags = diags, .image = image,
		.next_sid = SID_FIRST,
	};
	add_process(world, (struct ask_process){
		.class_index = IMAGE_CLASS_CORE, .sid = SID_KERNEL,
		.started = true });
	add_process(world, (struct ask_process){
		.class_index = IMAGE_CLASS_EINIT, .sid = SID_EINIT,
		.started = true });
}

static bool has_selector(const struct pal_case *event, enum selector which)
{
	return event->selectors.value[which] != NULL;
}

/* What an event of this kind must say, and what it has not. */
static bool check_selectors(const struct ask_world *world,
			    const struct pal_case *event)
{
	enum { NAMES = 1u << SELECT_INTERFACE | 1u << SELECT_COMPONENT |
		       1u << SELECT_ENDPOINT | 1u << SELECT_METHOD };
	static const struct {
		unsigned needs, lacks;
	} rules[EVENT_N] = {
		[EVENT_EXECUTE] = { 1u << SELECT_DST, NAMES },
		[EVENT_REQUEST] = { 1u << SELECT_SRC | 1u << SELECT_DST, 0 },
		[EVENT_RESPONSE] = { 1u << SELECT_SRC | 1u << SELECT_DST, 0 },
		[EVENT_ERROR] = { 1u << SELECT_SRC | 1u << SELECT_DST, 0 },
		[EVENT_SECURITY] = { 1u << SELECT_SRC,
			1u << SELECT_DST | 1u << SELECT_COMPONENT |
			1u << SELECT_ENDPOINT },
	};
	const char *kind = event_kind_name(event->kind);
	bool vowel = event->kind == EVENT_EXECUTE || event->kind == EVENT_ERROR;

	for (int i = 0; i < SELECT_N; i++) {
		if (rules[event->kind].lacks & 1u << i &&
		    has_selector(event, (enum selector)i)) {
			diag_error(world->diags, event->selectors.pos[i],
				   "%s %s event has no '%s'", vowel ? "an" : "a",
				   kind, selector_names[i]);
			return false;
		}
		if (rules[event->kind].needs & 1u << i &&
		    !has_selector(event, (enum selector)i)) {
			diag_error(world->diags, event->pos, "this %s says no "
				   "'%s', as in '%s = a.Class'", kind,
				   selector_names[i], selector_names[i]);
			return false;
		}
	}
	if (event->variable && event->kind != EVENT_EXECUTE) {
		diag_error(world->diags, event->variable_pos, "only an execute "
			   "event starts a process that '%s' can stand for",
			   event->variable);
		return false;
	}
	if (event->parameters && event->kind == EVENT_EXECUTE) {
		diag_error(world->diags, event->parameters->pos, "an execute "
			   "event has no parameters");
		return false;
	}
	return true;
}

/* Who starts a class when the case does not say it. */
static const char *usual_starter(uint32_t class)
{
	return class <= IMAGE_CLASS_EINIT ? "kl.core.Core" : "Einit";
}

static bool resolve_execute(struct ask_world *world,
			    const struct pal_case *event, struct ask *ask)
{
	const struct ast_selectors *selectors = &event->selectors;
	const char *src = selectors->value[SELECT_SRC];
	uint32_t class = ask_class(world, selectors->value[SELECT_DST],
				   selectors->pos[SELECT_DST]);
	const struct ask_process *process;

	if (class == IMAGE_NONE)
		return false;
	process = ask_process(world, src ? src : usual_starter(class),
			      src ? selectors->pos[SELECT_SRC] : event->pos);
	if (!process)
		return false;
	ask->event.src_class = process->class_index;
	ask->event.src_sid = process->sid;
	process = ask_start(world, class, event);
	if (!process)
		return false;
	ask->event.dst_class = class;
	ask->event.dst_sid = process->sid;
	return true;
}

static bool resolve_sides(struct ask_world *world, const struct pal_case *event,
			  struct ask *ask)
{
	const struct ast_selectors *selectors = &event->selectors;
	const struct ask_process *process =
		ask_process(world, selectors->value[SELECT_SRC],
			    selectors->pos[SELECT_SRC]);

	if (!process)
		return false;
	ask->event.src_class = ask->event.dst_class = process->class_index;
	ask->event.src_sid = process->sid;
	if (event->kind == EVENT_SECURITY)
		return true;
	process = ask_process(world, selectors->value[SELECT_DST],
			      selectors->pos[SELECT_DST]);
	if (!process)
		return false;
	ask->event.dst_class = process->class_index;
	ask->event.dst_sid = process->sid;
	return true;
}

bool ask_event(struct ask_world *world, const struct pal_case *event,
	       struct ask *ask)
{
	memset(ask, 0, sizeof(*ask));
	ask->event.kind = event->kind;
	ask->part = event->kind == EVENT_RESPONSE ? METHOD_RESPONSE :
		    event->kind == EVENT_ERROR ? METHOD_ERROR : METHOD_REQUEST;
	if (!check_selectors(world, event))
		return false;
	if (event->kind == EVENT_EXECUTE)
		return resolve_execute(world, event, ask);
	return resolve_sides(world, event, ask) &&
	       ask_slot(world, event, ask) && ask_encode(world, event, ask);
}
