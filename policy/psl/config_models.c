/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The configuration of each model. */
#include "check_config.h"

#include <string.h>

#define ERROR(config, where, ...) \
	(diag_error((config)->policy->diags, (where), __VA_ARGS__), false)

static uint64_t *new_masks(struct config *config, uint32_t n)
{
	config->to->n_masks = n;
	config->to->masks = arena_alloc(config->policy->arena,
					n * sizeof(uint64_t) + 1);
	return config->to->masks;
}

/* ---- Flow ---- */

/* The type's texts and the configuration's are the same. */
static bool same_states(struct config *config, const struct expr *states)
{
	struct variant type;
	uint32_t which;

	if (!config_variant(config, config->type, &type))
		return false;
	for (size_t i = 0; i < states->n_kids; i++)
		if (!config_which(config, states->kids[i], &type,
				  "value of the type State", &which))
			return false;
	if (type.n == states->n_kids)
		return true;
	for (size_t i = 0; i < type.n; i++) {
		size_t k = 0;

		while (k < states->n_kids &&
		       strcmp(states->kids[k]->text, type.texts[i]))
			k++;
		if (k == states->n_kids)
			return ERROR(config, states->pos, "the state \"%s\" of "
				     "the type is not in 'states'",
				     type.texts[i]);
	}
	return true;
}

static bool transitions(struct config *config, const struct expr *expr)
{
	struct variant *states = &config->to->names;
	uint64_t *masks = new_masks(config, config->to->n_items);
	bool fine = true;

	if (expr->kind != EXPR_DICTIONARY)
		return ERROR(config, expr->pos, "'transitions' are a dictionary "
			     "in { }");
	for (size_t i = 0; i < expr->n_keys; i++) {
		const struct expr *list = expr->kids[i];
		uint32_t from, to;
		struct variant all;

		if (!config_which_key(config, expr, i, states, "state",
				      &from) ||
		    !config_texts(config, list, OBJECT_STATES_MAX, "the states "
				  "that a state leads to", &all)) {
			fine = false;
			continue;
		}
		for (size_t k = 0; k < list->n_kids; k++) {
			if (config_which(config, list->kids[k], states, "state",
					 &to))
				masks[from] |= UINT64_C(1) << to;
			else
				fine = false;
		}
	}
	return fine;
}

bool config_flow(struct config *config)
{
	static const struct config_key keys[] = {
		{ "states", false }, { "initial", false },
		{ "transitions", false }, { "pool_size", true },
	};
	const struct expr *values[4];
	struct psl_object *to = config->to;

	if (!config_keys(config, config->config, keys, values, 4) ||
	    !config_texts(config, values[0], OBJECT_STATES_MAX, "'states'",
			  &to->names) ||
	    !same_states(config, values[0]))
		return false;
	to->n_items = (uint32_t)to->names.n;
	return config_which(config, values[1], &to->names, "state",
			    &to->n_more) &&
	       transitions(config, values[2]) && config_pool(config, values[3]);
}

/* ---- HashSet ---- */

bool config_set(struct config *config)
{
	static const struct config_key keys[] = {
		{ "set_size", false }, { "pool_size", false },
	};
	const struct expr *values[2];
	bool fine = config_entry(config, false);

	return config_keys(config, config->config, keys, values, 2) &&
	       config_number(config, values[0], OBJECT_SET_MAX, "'set_size'",
			     &config->to->n_items) &&
	       config_pool(config, values[1]) && fine;
}

/* ---- StaticMap ---- */

static bool initial_value(struct config *config, const struct expr *expr,
			  struct node **value)
{
	/* No event: a constant reads none. */
	struct scope scope = { .policy = config->policy, .kind = EVENT_EXECUTE };

	*value = check_fits(&scope, expr, config->to->fields[0],
			    "an initial value");
	if (!*value)
		return false;
	if ((*value)->kind == NODE_NUMBER || (*value)->kind == NODE_BOOL ||
	    (*value)->kind == NODE_TEXT)
		return true;
	return ERROR(config, expr->pos, "an initial value is a constant");
}

bool config_map(struct config *config)
{
	static const struct config_key keys[] = {
		{ "keys", false }, { "pool_size", false },
	};
	const struct expr *values[2], *all;
	struct psl_object *to = config->to;
	bool fine = config_entry(config, true);
	uint32_t most = to->fields[0].kind == VALUE_TEXT
			? OBJECT_MAP_WORDS / OBJECT_TEXT_WORDS
			: OBJECT_KEYS_MAX;

	if (!config_keys(config, config->config, keys, values, 2) || !fine ||
	    !config_pool(config, values[1]))
		return false;
	all = values[0];
	if (all->kind != EXPR_DICTIONARY)
		return ERROR(config, all->pos, "'keys' are a dictionary in { }");
	if (all->n_keys == 0 || all->n_keys > most)
		return ERROR(config, all->pos, "a map has 1 to %u keys, found "
			     "%zu", most, all->n_keys);
	to->n_items = (uint32_t)all->n_keys;
	to->names = (struct variant){ .texts = all->keys, .n = all->n_keys };
	to->values = arena_alloc(config->policy->arena, to->n_items *
				 sizeof(*to->values));
	for (uint32_t i = 0; i < to->n_items; i++)
		fine = initial_value(config, all->kids[i], &to->values[i]) &&
		       fine;
	return fine;
}

/* ---- Rbac ---- */

/* The permissions of all roles, each once. */
static bool permissions(struct config *config, const struct expr *roles)
{
	struct variant *perms = &config->to->more;
	size_t capacity = 0;
	const char **texts = NULL;

	for (size_t i = 0; i < roles->n_keys; i++) {
		struct variant of;

		if (!config_texts(config, roles->kids[i], OBJECT_KEYS_MAX,
				  "the permissions of a role", &of))
			return false;
		for (size_t k = 0; k < of.n; k++) {
			size_t at = 0;

			while (at < perms->n && strcmp(texts[at], of.texts[k]))
				at++;
			if (at == perms->n)
				*ARENA_PUSH(config->policy->arena, texts,
					    perms->n, capacity) = of.texts[k];
		}
	}
	perms->texts = texts;
	return perms->n <= OBJECT_KEYS_MAX ||
	       ERROR(config, roles->pos, "there are more than %u permissions",
		     OBJECT_KEYS_MAX);
}

static bool exclusions(struct config *config, const struct expr *lists,
		       uint64_t *masks)
{
	const struct variant *roles = &config->to->names;

	if (!lists)
		return true;
	if (lists->kind != EXPR_LIST)
		return ERROR(config, lists->pos, "'exclusive' is a list of lists "
			     "of roles");
	for (size_t i = 0; i < lists->n_kids; i++) {
		struct variant list;
		uint64_t all = 0;
		uint32_t which;

		if (!config_texts(config, lists->kids[i], OBJECT_STATES_MAX,
				  "roles that exclude each other", &list))
			return false;
		for (size_t k = 0; k < list.n; k++) {
			if (!config_which(config, lists->kids[i]->kids[k],
					  roles, "role", &which))
				return false;
			all |= UINT64_C(1) << which;
		}
		for (uint32_t k = 0; k < roles->n; k++)
			if (all >> k & 1)
				masks[k] |= all & ~(UINT64_C(1) << k);
	}
	return true;
}

bool config_rbac(struct config *config)
{
	static const struct config_key keys[] = {
		{ "roles", false }, { "exclusive", true }, { "pool_size", true },
	};
	const struct expr *values[3], *roles;
	struct psl_object *to = config->to;
	uint64_t *masks;

	if (!config_keys(config, config->config, keys, values, 3) ||
	    !config_pool(config, values[2]))
		return false;
	roles = values[0];
	if (roles->kind != EXPR_DICTIONARY || roles->n_keys == 0 ||
	    roles->n_keys > OBJECT_STATES_MAX)
		return ERROR(config, roles->pos, "'roles' are a dictionary of 1 "
			     "to %u roles", OBJECT_STATES_MAX);
	to->names = (struct variant){ .texts = roles->keys,
				      .n = roles->n_keys };
	to->n_items = (uint32_t)roles->n_keys;
	if (!permissions(config, roles))
		return false;
	to->n_more = (uint32_t)to->more.n;
	masks = new_masks(config, to->n_items + to->n_more);
	for (size_t i = 0; i < roles->n_keys; i++)
		for (size_t k = 0; k < roles->kids[i]->n_kids; k++)
			for (uint32_t at = 0; at < to->n_more; at++)
				if (!strcmp(to->more.texts[at],
					    roles->kids[i]->kids[k]->text))
					masks[to->n_items + at] |=
						UINT64_C(1) << i;
	return exclusions(config, values[1], masks);
}

/* ---- Mic ---- */

bool config_mic(struct config *config)
{
	static const struct config_key keys[] = {
		{ "degrees", false }, { "categories", true },
		{ "pool_size", true },
	};
	const struct expr *values[3] = { config->config };
	struct psl_object *to = config->to;

	if (config->config->kind != EXPR_LIST &&
	    !config_keys(config, config->config, keys, values, 3))
		return false;
	if (!config_texts(config, values[0], OBJECT_DEGREES_MAX, "degrees",
			  &to->names) ||
	    (values[1] && !config_texts(config, values[1],
					OBJECT_CATEGORIES_MAX, "categories",
					&to->more)) ||
	    !config_pool(config, values[2]))
		return false;
	if (to->names.n == 0)
		return ERROR(config, values[0]->pos, "there is no degree");
	to->n_items = (uint32_t)to->names.n;
	to->n_more = (uint32_t)to->more.n;
	return true;
}
