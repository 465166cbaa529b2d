/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Types, and the policy objects that they stand in. */
#include "parse.h"

static struct ast_type *parse_one(struct parser *parser);

static struct ast_type *fail(struct parser *parser, const char *what)
{
	parse_unexpected(parser, what);
	return NULL;
}

static struct ast_type *new_type(struct parser *parser,
				 enum ast_type_kind kind)
{
	struct ast_type *type = arena_alloc(parser->ast->arena, sizeof(*type));

	type->kind = kind;
	type->pos = parser->lex.token.pos;
	return type;
}

static bool add_kid(struct parser *parser, struct ast_type *type)
{
	struct ast_type *kid = parse_type(parser);

	if (!kid)
		return false;
	*ARENA_PUSH(parser->ast->arena, type->kids, type->n_kids,
		    type->kids_capacity) = kid;
	return true;
}

static bool take_angle(struct parser *parser)
{
	if (parser->angle) {
		parser->angle = false;
		return true;
	}
	if (parse_take(parser, ">>")) {
		parser->angle = true;
		return true;
	}
	return parse_take(parser, ">");	/* at_end has seen it */
}

/* END, or the '>' that is half of a '>>'. */
static bool at_end(const struct parser *parser, const char *end)
{
	return parse_is(parser, end) ||
	       (*end == '>' && (parser->angle || parse_is(parser, ">>")));
}

/* Types, with a ',' between them, up to END (that is not taken). */
static bool parse_types(struct parser *parser, struct ast_type *to,
			const char *end)
{
	while (!at_end(parser, end)) {
		if (!add_kid(parser, to))
			return false;
		if (!at_end(parser, end) && !parse_take(parser, ","))
			return fail(parser, "',' between types");
	}
	return true;
}

static bool parse_fields(struct parser *parser, struct ast_type *to)
{
	while (!parse_is(parser, "}")) {
		const char *key = parse_word(parser, "a field's name");

		if (!key ||
		    !parse_expect(parser, ":", "after the field's name") ||
		    !add_kid(parser, to))
			return false;
		*ARENA_PUSH(parser->ast->arena, to->keys, to->n_keys,
			    to->keys_capacity) = key;
		if (!parse_take(parser, ",") && !parse_is(parser, "}"))
			return fail(parser, "',' or '}' in the dictionary type");
	}
	return true;
}

static struct ast_type *parse_literal_type(struct parser *parser)
{
	struct ast_type *type = new_type(parser, TYPE_LITERAL);

	if (parse_take(parser, "-") &&
	    parser->lex.token.kind != TOKEN_NUMBER)
		return fail(parser, "a number after '-'");
	type->literal = parse_literal(parser);
	return type->literal ? type : NULL;
}

static struct ast_type *parse_parenthesis(struct parser *parser)
{
	struct ast_type *type = new_type(parser, TYPE_UNIT);

	if (parse_take(parser, ")"))
		return type;
	type = parse_type(parser);
	return type && parse_expect(parser, ")", "after the type") ? type
								    : NULL;
}

static struct ast_type *parse_named(struct parser *parser)
{
	struct ast_type *type = new_type(parser, TYPE_NAME);

	type->name = parse_qname(parser, "a type", &type->pos);
	if (!type->name)
		return NULL;
	if (parse_take(parser, "<") &&
	    !(parse_types(parser, type, ">") && take_angle(parser)))
		return NULL;
	return type;
}

static struct ast_type *parse_one(struct parser *parser)
{
	struct ast_type *type;

	if (parse_take(parser, "("))
		return parse_parenthesis(parser);
	if (parse_take(parser, "[")) {
		type = new_type(parser, TYPE_TUPLE);
		return parse_types(parser, type, "]") &&
		       parse_take(parser, "]") ? type : NULL;
	}
	if (parse_take(parser, "{")) {
		type = new_type(parser, TYPE_DICTIONARY);
		return parse_fields(parser, type) && parse_take(parser, "}")
		       ? type : NULL;
	}
	if (parse_is(parser, "-") || parse_is(parser, "true") ||
	    parse_is(parser, "false") ||
	    parser->lex.token.kind == TOKEN_NUMBER ||
	    parser->lex.token.kind == TOKEN_TEXT)
		return parse_literal_type(parser);
	return parse_named(parser);
}

struct ast_type *parse_type(struct parser *parser)
{
	struct ast_type *variant = new_type(parser, TYPE_VARIANT), *one;

	if (!parse_enter(parser))
		return NULL;
	do {
		one = parse_one(parser);
		if (one)
			*ARENA_PUSH(parser->ast->arena, variant->kids,
				    variant->n_kids,
				    variant->kids_capacity) = one;
	} while (one && !parser->angle && parse_take(parser, "|"));
	parse_leave(parser);
	if (!one)
		return NULL;
	return variant->n_kids == 1 ? one : variant;
}

/* `type Name = T` or `config = value`. */
static bool parse_member(struct parser *parser, struct ast_member *member)
{
	parser->nodes = 0;
	member->pos = parser->lex.token.pos;
	if (parse_take(parser, "type")) {
		member->pos = parser->lex.token.pos;
		member->name = parse_word(parser, "the type's name");
		if (!member->name ||
		    !parse_expect(parser, "=", "after the type's name"))
			return false;
		member->type = parse_type(parser);
		return member->type;
	}
	if (!parse_expect(parser, "config", "'type' or '}'") ||
	    !parse_expect(parser, "=", "after 'config'"))
		return false;
	member->config = parse_expr(parser);
	return member->config;
}

bool parse_object(struct parser *parser)
{
	struct ast *ast = parser->ast;
	struct ast_object object = { 0 };

	if (!parse_expect(parser, "object", "after 'policy'"))
		return false;
	object.pos = parser->lex.token.pos;
	object.name = parse_word(parser, "the policy object's name");
	if (!object.name ||
	    !parse_expect(parser, ":", "before the object's model"))
		return false;
	object.model = parse_qname(parser, "the object's model",
				   &object.model_pos);
	if (!object.model ||
	    !parse_expect(parser, "{", "after the object's model"))
		return false;
	while (!parse_take(parser, "}")) {
		struct ast_member member = { 0 };

		if (!parse_member(parser, &member))
			return false;
		*ARENA_PUSH(ast->arena, object.members, object.n,
			    object.capacity) = member;
		parse_take(parser, ",");
	}
	*ARENA_PUSH(ast->arena, ast->objects, ast->n_objects,
		    ast->objects_capacity) = object;
	return true;
}
