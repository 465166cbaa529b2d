/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What Flow, HashSet, StaticMap, Rbac and Mic do, and which instruction does it,
 * for eval.c. AT is the place of the process that a rule is about, 0 if it has
 * none.
 */
#ifndef DK_SECURITY_MODELS_H
#define DK_SECURITY_MODELS_H

#include "object.h"

/* ---- models.c; the answer is what the rule answers ---- */

bool model_init(const struct object *object, uint32_t sid);
bool model_enter(const struct object *object, size_t at,
		 const struct eval_value *state);
bool model_allow(const struct object *object, size_t at,
		 const struct eval_value *states, uint32_t n_states);
/* From a StaticMap's working copy to the committed one, or back. */
void model_copy(const struct object *object, size_t at, bool commit);
bool model_rbac(const struct object *object, const struct image_insn *insn,
		size_t at, const struct eval_value *name);

/* ---- false is a fault; else the result is in the first of ARGS ---- */

bool model_query(const struct object *object, size_t at, struct eval_value *to);
bool model_set(const struct object *object, const struct image_insn *insn,
	       size_t at, struct eval_value *args);
bool model_map(const struct object *object, const struct image_insn *insn,
	       size_t at, struct eval_value *args);
bool model_mic(const struct object *object, const struct image_insn *insn,
	       struct eval_value *args);	/* mic.c */

/* For the trace: in which state a Flow's rule finds the process. */
static inline void model_see(const struct object *object, size_t at)
{
	if (at && object->is->model == MODEL_FLOW)
		object->view->saw = (uint8_t)(1 + *object_word(object, at));
}

/* Whose first value is the process. */
static inline bool model_step_process(const struct object *object,
				      const struct image_insn *insn,
				      uint32_t sid, struct eval_value *args)
{
	size_t at = object_find(object, sid);

	switch (insn->op) {
	case OP_INIT:
		model_see(object, at);
		object_say(args, model_init(object, sid));
		return true;
	case OP_FINI:
		model_see(object, at);
		object_say(args, object_remove(object, sid));
		return true;
	case OP_ENTER:
		model_see(object, at);
		object_say(args, model_enter(object, at, &args[1]));
		return true;
	case OP_ALLOW:
		model_see(object, at);
		object_say(args, model_allow(object, at, args + 1, insn->n));
		return true;
	case OP_QUERY:
		return model_query(object, at, args);
	case OP_ADD_ENTRY:
	case OP_REMOVE_ENTRY:
	case OP_CONTAINS:
		return model_set(object, insn, at, args);
	case OP_SET_KEY:
	case OP_GET:
	case OP_GET_WORKING:
		return model_map(object, insn, at, args);
	case OP_COMMIT:
	case OP_ROLLBACK:
		if (at)
			model_copy(object, at, insn->op == OP_COMMIT);
		object_say(args, at != 0);
		return true;
	case OP_ASSIGN:
	case OP_DROP:
	case OP_PERMIT:
	case OP_HAS_ROLE:
		if (insn->op == OP_HAS_ROLE && !at)
			return false;
		object_say(args, model_rbac(object, insn, at, &args[1]));
		return true;
	}
	return false;
}

/* INSN, whose values begin at ARGS. Inline, as the other instructions are. */
static inline bool model_step(const struct object *object,
			      const struct image_insn *insn,
			      struct eval_value *args)
{
	bool fine;

	if (!object->view->words)
		return false;
	if (insn->op >= OP_CREATE)
		fine = model_mic(object, insn, args);
	else	/* a number that a process has */
		fine = !args->negative && args->number != 0 &&
		       args->number <= UINT32_MAX &&
		       model_step_process(object, insn,
					  (uint32_t)args->number, args);
	return fine && !object->view->full;
}

#endif
