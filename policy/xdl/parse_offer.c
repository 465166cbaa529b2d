/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "parse.h"

static const char *const sections[] = {
	"components", "security", "endpoints", "interfaces", NULL
};

/* To '}', the end, or what begins a line: an entry or a section. */
static void skip_entry(struct lexer *lexer)
{
	while (lexer->token.kind != TOKEN_END && !lex_is(lexer, "}") &&
	       !(lexer->token.kind == TOKEN_WORD && xdl_parse_begins_line(lexer)))
		lex_next(lexer);
}

static bool parse_entry(struct lexer *lexer, struct entry *entry,
			const char *what, const char *target)
{
	*entry = (struct entry){ .pos = lexer->token.pos };
	entry->name = lex_word(lexer, what);
	if (!entry->name ||
	    !lex_expect(lexer, ":", arena_printf(lexer->arena, "and %s", target)))
		return false;
	entry->target = lex_qname(lexer, target, &entry->target_pos);
	return entry->target;
}

static void parse_entries(struct lexer *lexer, struct entry **entries,
			  size_t *count, const char *what, const char *target)
{
	size_t capacity = *count;
	struct entry entry;

	if (!lex_expect(lexer, "{", "to begin the list")) {
		xdl_parse_recover(lexer, sections);
		return;
	}
	while (!lex_take(lexer, "}")) {
		if (lexer->token.kind == TOKEN_END) {
			lex_expect(lexer, "}", "to end the list");
			return;
		}
		if (parse_entry(lexer, &entry, what, target))
			*ARENA_PUSH(lexer->arena, *entries, *count, capacity) =
				entry;
		else
			skip_entry(lexer);
	}
}

static void parse_head(struct lexer *lexer, struct offer *offer)
{
	bool good;

	offer->pos = lexer->token.pos;
	if (offer->kind == OFFER_COMPONENT) {
		good = lex_expect(lexer, "component", "and its name at the start");
	} else if (lex_take(lexer, "task")) {
		good = lex_expect(lexer, "class", "after 'task'");
	} else {
		good = lex_expect(lexer, "entity", "or 'task class' at the start");
	}
	if (good)
		xdl_parse_own_name(lexer, offer->kind == OFFER_ENTITY ?
			       "the class's name" : "the component's name",
			       offer->name, &offer->pos);
	else
		xdl_parse_recover(lexer, sections);
}

static void refuse_second(struct lexer *lexer, bool *seen, struct pos pos,
			  const char *section)
{
	if (*seen)
		diag_error(lexer->diags, pos, "found a second section of %s",
			   section);
	*seen = true;
}

void xdl_parse_offer(struct xdl *xdl, struct offer *offer)
{
	bool components = false, security = false, endpoints = false;
	struct lexer lexer;
	struct pos pos;

	lex_init(&lexer, xdl->arena, xdl->diags, offer->source);
	parse_head(&lexer, offer);
	while (lexer.token.kind != TOKEN_END) {
		pos = lexer.token.pos;
		if (lex_take(&lexer, "components")) {
			refuse_second(&lexer, &components, pos, "components");
			parse_entries(&lexer, &offer->components,
				      &offer->n_components,
				      "a name for the component", "a component");
		} else if (lex_take(&lexer, "security")) {
			refuse_second(&lexer, &security, pos, "security");
			offer->security = lex_qname(&lexer,
						    "the security interface",
						    &offer->security_pos);
			if (!offer->security)
				xdl_parse_recover(&lexer, sections);
		} else if (lex_take(&lexer, "endpoints") ||
			   lex_take(&lexer, "interfaces")) {
			refuse_second(&lexer, &endpoints, pos, "endpoints");
			parse_entries(&lexer, &offer->endpoints,
				      &offer->n_endpoints,
				      "a name for the endpoint", "an interface");
		} else {
			if (lexer.token.kind != TOKEN_BAD)
				diag_error(xdl->diags, pos,
					   "expected 'components', 'security' or "
					   "'endpoints', found %s",
					   lex_found(&lexer));
			lex_next(&lexer);
			if (!xdl_parse_recover(&lexer, sections))
				lex_take(&lexer, "}");
		}
	}
}
