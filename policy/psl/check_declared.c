/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Policy objects as they are declared: models, types, configurations. */
#include "check_config.h"

#include <string.h>

static const struct model {
	const char *name, *file;
	enum image_model model;
	const char *type;	/* that it wants, or NULL */
	bool (*configure)(struct config *config);
} models[] = {
	{ "Flow", "nk.flow", MODEL_FLOW, "State", config_flow },
	{ "HashSet", "nk.hashmap", MODEL_SET, "Entry", config_set },
	{ "StaticMap", "nk.staticmap", MODEL_MAP, "Value", config_map },
	{ "Rbac", "nk.rbac", MODEL_RBAC, NULL, config_rbac },
	{ "Mic", "nk.mic", MODEL_MIC, NULL, config_mic },
};

#define N_MODELS (sizeof(models) / sizeof(*models))

static const struct model *find_model(struct policy *policy,
				      const struct ast_object *from)
{
	const char *names[N_MODELS];

	for (size_t i = 0; i < N_MODELS; i++) {
		names[i] = models[i].name;
		if (strcmp(models[i].name, from->model) != 0)
			continue;
		if (ast_uses(policy->ast, models[i].file))
			return &models[i];
		diag_error(policy->diags, from->model_pos, "model %s needs the "
			   "declaration 'use %s._'", from->model,
			   models[i].file);
		return NULL;
	}
	diag_error(policy->diags, from->model_pos, "unknown model '%s'%s",
		   from->model, scope_near(policy->arena, from->model, names,
					   N_MODELS));
	return NULL;
}

static bool refuse(struct policy *policy, struct pos where, const char *what,
		   const char *name)
{
	diag_error(policy->diags, where, what, name);
	return false;
}

static bool is_state_type(const char *name)
{
	return !strcmp(name, "State") || !strcmp(name, "States");
}

/* The members once each: the config, and the type that the model is about. */
static bool collect(struct config *config, const struct model *model,
		    const struct ast_object *from)
{
	struct policy *policy = config->policy;

	for (size_t i = 0; i < from->n; i++) {
		const struct ast_member *member = &from->members[i];
		const char *name = member->name;

		for (size_t k = 0; k < i; k++)
			if (from->members[k].name == name)
				return refuse(policy, member->pos, "'%s' is "
					      "there already",
					      name ? name : "config");
		if (!name)
			config->config = member->config;
		else if (model->type && (!strcmp(name, model->type) ||
			 (model->model == MODEL_FLOW && is_state_type(name))))
			config->type = member->type;
	}
	if (model->type && !config->type)
		return refuse(policy, from->pos, "this object wants a 'type %s'",
			      model->type);
	if (!config->config)
		return refuse(policy, from->pos, "object '%s' has no 'config'",
			      from->name);
	return true;
}

static bool declare(struct policy *policy, const struct ast_object *from,
		    struct psl_object *to)
{
	struct config config = { .policy = policy, .from = from, .to = to };
	const struct model *model = find_model(policy, from);

	to->pool_size = CONFIG_POOL_SIZE;
	if (!model || !collect(&config, model, from))
		return false;
	to->model = model->model;
	to->config = config.config;
	return model->configure(&config);
}

static bool is_reserved(const char *name)
{
	static const char *const names[] = {
		"base", "pred", "bool", "math", "struct", "re", "message",
		"choice", "match", "audit",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

void check_objects(struct policy *policy)
{
	for (size_t i = 0; i < policy->ast->n_objects; i++) {
		const struct ast_object *from = &policy->ast->objects[i];
		struct psl_object to = { .name = from->name, .pos = from->pos };
		const struct psl_object *twice =
			check_find_object(policy, from->name);

		if (is_reserved(from->name)) {
			refuse(policy, from->pos, "'%s' is no name for a policy "
			       "object: it means something already",
			       from->name);
			continue;
		}
		if (twice) {
			refuse(policy, from->pos, "policy object '%s' is "
			       "declared twice", from->name);
			diag_note(policy->diags, twice->pos, "it is declared "
				  "here first");
			continue;
		}
		if (policy->n_objects == IMAGE_OBJECTS_MAX) {
			diag_error(policy->diags, from->pos, "there are more "
				   "than %u policy objects", IMAGE_OBJECTS_MAX);
			return;
		}
		if (!declare(policy, from, &to))
			to.model = MODEL_NONE;
		*ARENA_PUSH(policy->arena, policy->objects, policy->n_objects,
			    policy->objects_capacity) = to;
	}
}
