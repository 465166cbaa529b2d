/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "parse.h"

#include <string.h>

#include "../../kernel/abi/image.h"

static const char *const sections[] = {
	"import", "const", "typedef", "struct", "union", "interface", NULL
};

bool xdl_parse_begins_line(const struct lexer *lexer)
{
	const char *text = lexer->source->text;
	uint32_t at = lexer->token.pos.offset;

	while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))
		at--;
	return at == 0 || text[at - 1] == '\n';
}

bool xdl_parse_recover(struct lexer *lexer, const char *const *words)
{
	size_t i;

	for (;; lex_next(lexer)) {
		if (lexer->token.kind == TOKEN_END || lex_is(lexer, "}"))
			return false;
		if (lex_take(lexer, ";"))
			return true;
		for (i = 0; words[i]; i++)
			if (lex_is(lexer, words[i]) && xdl_parse_begins_line(lexer))
				return false;
	}
}

void xdl_parse_own_name(struct lexer *lexer, const char *what, const char *name,
		    struct pos *pos)
{
	const char *found = lex_qname(lexer, what, pos);

	if (found && strcmp(found, name))
		diag_error(lexer->diags, *pos,
			   "found the name '%s', expected '%s' as the file's place "
			   "says", found, name);
}

static bool begins_section(const struct lexer *lexer)
{
	size_t i;

	for (i = 0; sections[i]; i++)
		if (lex_is(lexer, sections[i]))
			return xdl_parse_begins_line(lexer);
	return false;
}

static void parse_import(struct lexer *lexer, struct idl *idl, size_t *capacity)
{
	struct import import = { 0 };

	if (begins_section(lexer)) {
		diag_error(lexer->diags, lexer->token.pos,
			   "expected a package to import, found %s",
			   lex_found(lexer));
		return;
	}
	import.name = lex_qname(lexer, "a package to import", &import.pos);
	if (import.name)
		*ARENA_PUSH(lexer->arena, idl->imports, idl->n_imports,
			    *capacity) = import;
	else
		xdl_parse_recover(lexer, sections);
}

static bool parse_const(struct lexer *lexer, struct def *def)
{
	def->type = xdl_parse_type(lexer, 0);
	if (!def->type)
		return false;
	def->pos = lexer->token.pos;
	def->name = lex_word(lexer, "a name for the constant");
	if (!def->name || !lex_expect(lexer, "=", "and the constant's value"))
		return false;
	def->expr = xdl_parse_expr(lexer);
	return def->expr && lex_expect(lexer, ";", "after the constant");
}

static bool parse_member(struct lexer *lexer, struct member *member,
			 const char *what)
{
	member->type = xdl_parse_type(lexer, 0);
	if (!member->type)
		return false;
	member->pos = lexer->token.pos;
	member->name = lex_word(lexer, what);
	return member->name;
}

static bool parse_typedef(struct lexer *lexer, struct def *def)
{
	struct member member;

	if (!parse_member(lexer, &member, "a name for the type"))
		return false;
	def->name = member.name;
	def->pos = member.pos;
	def->type = member.type;
	return lex_expect(lexer, ";", "after the typedef");
}

/* Goes on at the next member; true if there is none. */
static bool skip_broken(struct lexer *lexer, struct def *def)
{
	/* Its name is known, so that its users are not blamed. */
	def->state = CHECK_FAILED;
	return !xdl_parse_recover(lexer, sections) && !lex_is(lexer, "}");
}

/* Struct and union alike. True if the braces are closed. */
static bool parse_members(struct lexer *lexer, struct def *def)
{
	const char *word = def->kind == DEF_STRUCT ? "struct" : "union";
	struct member *members = NULL, member;
	size_t capacity = 0;

	def->pos = lexer->token.pos;
	def->name = lex_word(lexer, arena_printf(lexer->arena,
						 "a name for the %s", word));
	if (!def->name ||
	    !lex_expect(lexer, "{", arena_printf(lexer->arena,
						 "and the %s's members", word)))
		return false;
	while (!lex_take(lexer, "}")) {
		if (lexer->token.kind == TOKEN_END)
			return lex_expect(lexer, "}", "to end the members");
		if (parse_member(lexer, &member, "a name for the member") &&
		    lex_expect(lexer, ";", "after the member"))
			*ARENA_PUSH(lexer->arena, members, def->n_members,
				    capacity) = member;
		else if (skip_broken(lexer, def))
			break;
	}
	def->members = members;
	return true;
}

/* Goes on behind it. Members end with a '}', though no '{' began them. */
static void skip_def(struct lexer *lexer, struct def *def)
{
	bool members = (def->kind == DEF_STRUCT || def->kind == DEF_UNION) &&
		       !lex_is(lexer, ";");

	def->state = CHECK_FAILED;
	while (xdl_parse_recover(lexer, sections))
		if (!members)
			return;
	lex_take(lexer, "}");
}

static void parse_def(struct lexer *lexer, struct idl *idl, enum def_kind kind,
		      size_t *capacity)
{
	struct def *def = arena_alloc(lexer->arena, sizeof(*def));
	bool good;

	def->kind = kind;
	def->idl = idl;
	if (kind == DEF_CONST)
		good = parse_const(lexer, def);
	else if (kind == DEF_TYPEDEF)
		good = parse_typedef(lexer, def);
	else
		good = parse_members(lexer, def);
	if (!good)
		skip_def(lexer, def);
	if (def->name)
		*ARENA_PUSH(lexer->arena, idl->defs, idl->n_defs, *capacity) = def;
}

/* One parameter; its part in PART, which may only rise. */
static bool parse_param(struct lexer *lexer, struct method *method, size_t *part,
			size_t capacity[3])
{
	static const char *const words[3] = { "in", "out", "error" };
	struct member *params, param;
	size_t i;

	for (i = 0; i < 3; i++)
		if (lex_is(lexer, words[i]))
			break;
	if (i == 3) {
		if (lexer->token.kind != TOKEN_BAD)
			diag_error(lexer->diags, lexer->token.pos,
				   "expected 'in', 'out' or 'error', found %s",
				   lex_found(lexer));
		return false;
	}
	if (i < *part)
		diag_error(lexer->diags, lexer->token.pos,
			   "found an '%s' parameter behind '%s', expected all in, "
			   "then out, then error", words[i], words[*part]);
	else
		*part = i;
	lex_next(lexer);
	if (!parse_member(lexer, &param, "a name for the parameter"))
		return false;
	params = (struct member *)method->params[i];
	*ARENA_PUSH(lexer->arena, params, method->n_params[i], capacity[i]) = param;
	method->params[i] = params;
	return true;
}

static bool parse_method(struct lexer *lexer, struct method *method)
{
	size_t capacity[3] = { 0, 0, 0 }, part = 0;

	*method = (struct method){ .pos = lexer->token.pos };
	method->name = lex_word(lexer, "a method");
	if (!method->name || !lex_expect(lexer, "(", "after the method's name"))
		return false;
	if (!lex_is(lexer, ")")) {
		do {
			if (!parse_param(lexer, method, &part, capacity))
				return false;
		} while (lex_take(lexer, ","));
	}
	return lex_expect(lexer, ")", "or ',' after the parameter") &&
	       lex_expect(lexer, ";", "after the method");
}

static void parse_interface(struct lexer *lexer, struct idl *idl, struct pos pos)
{
	struct method *methods = (struct method *)idl->methods, method;
	size_t capacity = idl->n_methods;

	if (idl->has_interface)
		diag_error(lexer->diags, pos,
			   "found a second interface in package '%s'", idl->name);
	idl->has_interface = true;
	idl->interface_pos = pos;
	if (!lex_expect(lexer, "{", "and the interface's methods")) {
		xdl_parse_recover(lexer, sections);
		return;
	}
	while (!lex_take(lexer, "}")) {
		if (lexer->token.kind == TOKEN_END) {
			lex_expect(lexer, "}", "to end the interface");
			break;
		}
		if (parse_method(lexer, &method))
			*ARENA_PUSH(lexer->arena, methods, idl->n_methods,
				    capacity) = method;
		else if (!xdl_parse_recover(lexer, sections) && !lex_is(lexer, "}"))
			break;
	}
	idl->methods = methods;
}

/* What is no section: to its ';', or with all that it has in braces. */
static void skip_unknown(struct lexer *lexer)
{
	while (lexer->token.kind != TOKEN_END && !lex_is(lexer, "{") &&
	       !lex_is(lexer, "}") && !lex_is(lexer, ";"))
		if (lex_next(lexer), begins_section(lexer))
			return;
	if (lex_take(lexer, "{"))
		while (lexer->token.kind != TOKEN_END && !lex_is(lexer, "}"))
			lex_next(lexer);
	lex_next(lexer);
}

void xdl_parse_idl(struct xdl *xdl, struct idl *idl)
{
	static const struct { const char *word; enum def_kind kind; } defs[] = {
		{ "const", DEF_CONST }, { "typedef", DEF_TYPEDEF },
		{ "struct", DEF_STRUCT }, { "union", DEF_UNION },
	};
	size_t imports = 0, capacity = 0, i;
	struct lexer lexer;
	struct pos pos;

	lex_init(&lexer, xdl->arena, xdl->diags, idl->source);
	idl->pos = lexer.token.pos;
	if (!lex_expect(&lexer, "package", "and the package's name at the start"))
		xdl_parse_recover(&lexer, sections);
	else
		xdl_parse_own_name(&lexer, "the package's name", idl->name, &idl->pos);
	while (lexer.token.kind != TOKEN_END) {
		pos = lexer.token.pos;
		for (i = 0; i < 4 && !lex_is(&lexer, defs[i].word); i++)
			;
		if (i < 4) {
			lex_next(&lexer);
			parse_def(&lexer, idl, defs[i].kind, &capacity);
		} else if (lex_take(&lexer, "import")) {
			parse_import(&lexer, idl, &imports);
		} else if (lex_take(&lexer, "interface")) {
			parse_interface(&lexer, idl, pos);
		} else {
			if (lexer.token.kind != TOKEN_BAD)
				diag_error(xdl->diags, pos,
					   "expected 'import', 'const', 'typedef', "
					   "'struct', 'union' or 'interface', found %s",
					   lex_found(&lexer));
			skip_unknown(&lexer);
		}
	}
}
