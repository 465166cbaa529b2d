/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The types of what an object remembers: each field takes a bounded place. */
#include "check_config.h"

#include <string.h>

#define ERROR(config, where, ...) \
	(diag_error((config)->policy->diags, (where), __VA_ARGS__), false)

static const struct {
	const char *name;
	struct value_type type;
} builtins[] = {
	{ "UInt8", { .kind = VALUE_NUMBER, .scalar = SCALAR_UINT8 } },
	{ "UInt16", { .kind = VALUE_NUMBER, .scalar = SCALAR_UINT16 } },
	{ "UInt32", { .kind = VALUE_NUMBER, .scalar = SCALAR_UINT32 } },
	{ "UInt64", { .kind = VALUE_NUMBER, .scalar = SCALAR_UINT64 } },
	{ "SInt8", { .kind = VALUE_NUMBER, .scalar = SCALAR_SINT8 } },
	{ "SInt16", { .kind = VALUE_NUMBER, .scalar = SCALAR_SINT16 } },
	{ "SInt32", { .kind = VALUE_NUMBER, .scalar = SCALAR_SINT32 } },
	{ "SInt64", { .kind = VALUE_NUMBER, .scalar = SCALAR_SINT64 } },
	{ "Boolean", { .kind = VALUE_BOOL } },
	{ "Text", { .kind = VALUE_TEXT } },
	{ "Sid", { .kind = VALUE_SID, .scalar = SCALAR_UINT32 } },
	{ "Unsigned", { .kind = VALUE_NUMBER, .scalar = SCALAR_UINT64 } },
	{ "Signed", { .kind = VALUE_NUMBER, .scalar = SCALAR_SINT64 } },
};

#define N_BUILTINS (sizeof(builtins) / sizeof(*builtins))

/* The type of that name that the object declares before *LIMIT, or NULL: so
   that no name leads back to itself. */
static const struct ast_type *find_alias(const struct config *config,
					 const char *name, size_t *limit)
{
	for (size_t i = 0; i < *limit; i++) {
		const struct ast_member *member = &config->from->members[i];

		if (member->name && !strcmp(member->name, name)) {
			*limit = i;
			return member->type;
		}
	}
	return NULL;
}

/* Follows names that the object declares to what is none. */
static const struct ast_type *follow(const struct config *config,
				     const struct ast_type *type)
{
	size_t limit = config->from->n;
	const struct ast_type *next = type;

	while (next) {
		type = next;
		next = type->kind == TYPE_NAME && !type->n_kids
		       ? find_alias(config, type->name, &limit) : NULL;
	}
	return type;
}

bool config_variant(struct config *config, const struct ast_type *type,
		    struct variant *variant)
{
	const struct ast_type *one[1], *const *kids;
	const char **texts;
	size_t n;

	type = follow(config, type);
	one[0] = type;
	kids = type->kind == TYPE_VARIANT
	       ? (const struct ast_type *const *)type->kids : one;
	n = type->kind == TYPE_VARIANT ? type->n_kids : 1;
	texts = arena_alloc(config->policy->arena, n * sizeof(*texts));
	*variant = (struct variant){ .texts = texts };
	for (size_t i = 0; i < n; i++) {
		const struct ast_type *kid = kids[i];

		if (kid->kind != TYPE_LITERAL || kid->literal->kind != EXPR_TEXT)
			return ERROR(config, kid->pos, "expected literal texts "
				     "with '|' between them");
		for (size_t k = 0; k < variant->n; k++)
			if (!strcmp(texts[k], kid->literal->text))
				return ERROR(config, kid->pos, "\"%s\" is there "
					     "already", texts[k]);
		texts[variant->n++] = kid->literal->text;
	}
	return true;
}

static bool unknown(struct config *config, const struct ast_type *type)
{
	static const char *const unbounded[] = {
		"List", "Set", "Map", "Number", "ScalarLiteral",
	};
	const char *names[N_BUILTINS];

	for (size_t i = 0; i < sizeof(unbounded) / sizeof(*unbounded); i++)
		if (!strcmp(unbounded[i], type->name))
			return ERROR(config, type->pos, "a value of type %s has "
				     "no bounded size, and cannot be remembered",
				     type->name);
	for (size_t i = 0; i < N_BUILTINS; i++)
		names[i] = builtins[i].name;
	return ERROR(config, type->pos, "unknown type '%s'%s", type->name,
		     scope_near(config->policy->arena, type->name, names,
				N_BUILTINS));
}

static bool field_type(struct config *config, const struct ast_type *type,
		       struct value_type *to)
{
	struct variant *variant;

	type = follow(config, type);
	switch (type->kind) {
	case TYPE_NAME:
		for (size_t i = 0; i < N_BUILTINS; i++)
			if (!type->n_kids &&
			    !strcmp(builtins[i].name, type->name)) {
				*to = builtins[i].type;
				return true;
			}
		return unknown(config, type);
	case TYPE_LITERAL:
	case TYPE_VARIANT:
		variant = arena_alloc(config->policy->arena, sizeof(*variant));
		*to = (struct value_type){ .kind = VALUE_TEXT,
					   .variant = variant };
		return config_variant(config, type, variant);
	case TYPE_UNIT:
	case TYPE_DICTIONARY:
	case TYPE_TUPLE:
		break;
	}
	return ERROR(config, type->pos, "%s", type->kind == TYPE_UNIT
		     ? "a value of type () is nothing to remember"
		     : "dictionaries and tuples do not stand inside each other "
		       "here");
}

bool config_entry(struct config *config, bool single)
{
	const struct ast_type *type = follow(config, config->type);
	bool many = type->kind == TYPE_DICTIONARY || type->kind == TYPE_TUPLE;
	struct psl_object *to = config->to;

	if (many && single)
		return ERROR(config, type->pos, "a value of this model is one "
			     "number, Boolean, Text or Sid");
	if (!many) {
		to->n_fields = 1;
		return field_type(config, type, &to->fields[0]);
	}
	if (type->n_kids == 0 || type->n_kids > OBJECT_FIELDS_MAX)
		return ERROR(config, type->pos, "an entry has 1 to %u fields",
			     OBJECT_FIELDS_MAX);
	to->form = type->kind == TYPE_TUPLE ? ENTRY_TUPLE : ENTRY_DICTIONARY;
	to->n_fields = (uint32_t)type->n_kids;
	for (uint32_t i = 0; i < to->n_fields; i++) {
		if (!field_type(config, type->kids[i], &to->fields[i]))
			return false;
		if (type->kind == TYPE_TUPLE)
			continue;
		to->field_names[i] = type->keys[i];
		for (uint32_t k = 0; k < i; k++)
			if (!strcmp(type->keys[k], type->keys[i]))
				return ERROR(config, type->kids[i]->pos, "the "
					     "field '%s' is there already",
					     type->keys[i]);
	}
	return true;
}
