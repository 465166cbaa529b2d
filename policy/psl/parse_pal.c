/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Blocks of tests in the policy: read whole, and not kept. */
#include "parse.h"

static bool fail(struct parser *parser, const char *what)
{
	parse_unexpected(parser, what);
	return false;
}

static void take_text(struct parser *parser)
{
	if (parser->lex.token.kind == TOKEN_TEXT)
		parse_next(parser);
}

static bool next_is(const struct parser *parser, const char *text)
{
	struct lexer ahead = parser->lex;

	lex_next(&ahead);
	return lex_is(&ahead, text);
}

/* client ~> server : component.endpoint.Method { ... } */
static bool parse_short(struct parser *parser)
{
	return parse_word(parser, "an event or a variable") &&
	       parse_expect(parser, "~>", "between client and server") &&
	       parse_word(parser, "the server's variable") &&
	       parse_expect(parser, ":", "after the server") &&
	       parse_qname(parser, "an endpoint and a method", NULL) &&
	       (parse_is(parser, "{") ? parse_dictionary(parser) != NULL
		: fail(parser, "'{' for the parameters"));
}

static bool parse_case(struct parser *parser)
{
	struct ast_selectors selectors;
	enum event_kind kind;

	parser->nodes = 0;
	if (next_is(parser, "<-")) {
		if (!parse_word(parser, "a variable before '<-'"))
			return false;
		parse_next(parser);
	}
	if (!next_is(parser, "~>") && !parse_take(parser, "grant") &&
	    !parse_take(parser, "deny"))
		parse_take(parser, "any");
	take_text(parser);
	if (!parse_event_kind(parser, &kind) || next_is(parser, "~>"))
		return parse_short(parser);
	parse_next(parser);
	return parse_selectors(parser, &selectors) &&
	       (!parse_is(parser, "{") || parse_dictionary(parser));
}

static bool parse_block(struct parser *parser)
{
	if (!parse_expect(parser, "{", "to begin the block"))
		return false;
	while (!parse_take(parser, "}"))
		if (parser->lex.token.kind == TOKEN_END ? !fail(parser, "'}'")
						       : !parse_case(parser))
			return false;
	return true;
}

bool parse_pal(struct parser *parser)
{
	take_text(parser);
	if (!parse_expect(parser, "{", "after 'assert'"))
		return false;
	if (parse_take(parser, "setup") && !parse_block(parser))
		return false;
	while (parse_take(parser, "sequence")) {
		take_text(parser);
		if (!parse_block(parser))
			return false;
	}
	if (parse_take(parser, "finally") && !parse_block(parser))
		return false;
	return parse_expect(parser, "}", "to end the 'assert' block, or "
			    "'setup', 'sequence', 'finally'");
}
