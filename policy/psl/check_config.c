/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The parts of a configuration that models have in common. */
#include "check_config.h"

#include <string.h>

#include "../../kernel/security/utf8.h"

#define ERROR(config, where, ...) \
	(diag_error((config)->policy->diags, (where), __VA_ARGS__), false)

bool config_keys(struct config *config, const struct expr *dictionary,
		 const struct config_key *keys, const struct expr **values,
		 size_t n)
{
	const char **names = arena_alloc(config->policy->arena,
					 n * sizeof(*names));
	bool fine = true;

	for (size_t i = 0; i < n; i++) {
		names[i] = keys[i].name;
		values[i] = NULL;
	}
	if (dictionary->kind != EXPR_DICTIONARY)
		return ERROR(config, dictionary->pos, "the configuration of "
			     "model %s is a dictionary in { }",
			     config->from->model);
	for (size_t i = 0; i < dictionary->n_keys; i++) {
		size_t which = 0;

		while (which < n && strcmp(names[which], dictionary->keys[i]))
			which++;
		if (which < n)
			values[which] = dictionary->kids[i];
		else
			fine = ERROR(config, dictionary->key_pos[i], "the "
				     "configuration of model %s has no key "
				     "'%s'%s", config->from->model,
				     dictionary->keys[i],
				     scope_near(config->policy->arena,
						dictionary->keys[i], names,
						n));
	}
	for (size_t i = 0; i < n; i++)
		if (!values[i] && !keys[i].optional)
			fine = ERROR(config, dictionary->pos, "the "
				     "configuration lacks the key '%s'",
				     keys[i].name);
	return fine;
}

bool config_number(struct config *config, const struct expr *expr,
		   uint32_t max, const char *what, uint32_t *number)
{
	if (expr->kind != EXPR_NUMBER || expr->number == 0 ||
	    expr->number > max)
		return ERROR(config, expr->pos, "%s is a number from 1 to %u",
			     what, max);
	*number = (uint32_t)expr->number;
	return true;
}

bool config_pool(struct config *config, const struct expr *expr)
{
	return !expr || config_number(config, expr, OBJECT_POOL_MAX,
				      "'pool_size'", &config->to->pool_size);
}

static bool is_there(const struct variant *texts, const char *text)
{
	for (size_t i = 0; i < texts->n; i++)
		if (!strcmp(texts->texts[i], text))
			return true;
	return false;
}

bool config_texts(struct config *config, const struct expr *expr, size_t max,
		  const char *what, struct variant *texts)
{
	const char **list;

	if (expr->kind != EXPR_LIST)
		return ERROR(config, expr->pos, "%s are a list in [ ]", what);
	if (expr->n_kids > max)
		return ERROR(config, expr->pos, "%s are at most %zu, found %zu",
			     what, max, expr->n_kids);
	list = arena_alloc(config->policy->arena, expr->n_kids *
			   sizeof(*list) + 1);
	*texts = (struct variant){ .texts = list };
	for (size_t i = 0; i < expr->n_kids; i++) {
		const struct expr *kid = expr->kids[i];

		if (kid->kind != EXPR_TEXT ||
		    !utf8_valid_text((const uint8_t *)kid->text,
				     strlen(kid->text)))
			return ERROR(config, kid->pos, "%s are literal texts",
				     what);
		if (is_there(texts, kid->text))
			return ERROR(config, kid->pos, "\"%s\" is there already",
				     kid->text);
		list[texts->n++] = kid->text;
	}
	return true;
}

static bool find(struct config *config, const char *text, struct pos where,
		 const struct variant *texts, const char *what,
		 uint32_t *which)
{
	for (*which = 0; *which < texts->n; (*which)++)
		if (!strcmp(texts->texts[*which], text))
			return true;
	return ERROR(config, where, "\"%s\" is no %s of '%s'%s", text, what,
		     config->from->name,
		     scope_near(config->policy->arena, text, texts->texts,
				texts->n));
}

bool config_which(struct config *config, const struct expr *expr,
		  const struct variant *texts, const char *what,
		  uint32_t *which)
{
	if (expr->kind != EXPR_TEXT)
		return ERROR(config, expr->pos, "expected a %s, a literal text",
			     what);
	return find(config, expr->text, expr->pos, texts, what, which);
}

bool config_which_key(struct config *config, const struct expr *dictionary,
		      size_t i, const struct variant *texts, const char *what,
		      uint32_t *which)
{
	return find(config, dictionary->keys[i], dictionary->key_pos[i], texts,
		    what, which);
}
