/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Audit: profiles, the default one, and the one of a body. */
#include "parse.h"

/* `audit default = NAME LEVEL`, from the '=' on. */
static bool parse_default(struct parser *parser, struct pos pos)
{
	struct ast *ast = parser->ast;
	struct ast_audit audit = { .pos = pos };
	const struct token *token = &parser->lex.token;

	if (!parse_expect(parser, "=", "after 'audit default'"))
		return false;
	audit.name_pos = token->pos;
	audit.name = parse_word(parser, "an audit profile's name");
	if (!audit.name)
		return false;
	if (token->kind != TOKEN_NUMBER) {
		parse_unexpected(parser, "the audit level (a number)");
		return false;
	}
	if (token->number > UINT32_MAX)
		diag_error(ast->diags, token->pos, "an audit level is at most "
			   "%u", UINT32_MAX);
	audit.level = (uint32_t)token->number;
	parse_next(parser);
	if (ast->audit.name) {
		diag_error(ast->diags, pos, "'audit default' is given twice");
		diag_note(ast->diags, ast->audit.pos, "it is given here first");
		return true;
	}
	ast->audit = audit;
	ast->audited = true;
	return true;
}

/* `audit profile NAME = { ... }`, from NAME on. */
static bool parse_profile(struct parser *parser)
{
	struct ast *ast = parser->ast;
	struct ast_profile profile = { .pos = parser->lex.token.pos };

	parser->nodes = 0;
	profile.name = parse_word(parser, "the audit profile's name");
	if (!profile.name ||
	    !parse_expect(parser, "=", "after the profile's name"))
		return false;
	profile.value = parse_dictionary(parser);
	if (!profile.value)
		return false;
	*ARENA_PUSH(ast->arena, ast->profiles, ast->n_profiles,
		    ast->profiles_capacity) = profile;
	return true;
}

bool parse_audit(struct parser *parser, struct pos pos)
{
	if (parse_take(parser, "default"))
		return parse_default(parser, pos);
	return parse_expect(parser, "profile", "or 'default' after 'audit'") &&
	       parse_profile(parser);
}

bool parse_body_audit(struct parser *parser, struct ast_body *body,
		      struct pos pos)
{
	struct ast *ast = parser->ast;
	struct pos at = parser->lex.token.pos;
	const char *name = parse_word(parser, "an audit profile's name");

	if (!name)
		return false;
	ast->audited = true;
	if (body->audit)
		diag_error(ast->diags, pos, "the body has an audit profile "
			   "already, '%s'", body->audit);
	else if (body->begun)
		diag_error(ast->diags, pos, "'audit' stands first in a body, "
			   "before its rules");
	body->audit = name;
	body->audit_pos = at;
	return true;
}
