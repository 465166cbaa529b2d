/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "lex.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_SHOWN_MAX 32	/* bytes of a text or number in an error */

static const char *const spellings[] = {
	"==>", "<-", "~>", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "**",
	"{", "}", "(", ")", "[", "]", "<", ">", ",", ";", ":", ".", "=", "+",
	"-", "*", "/", "%", "&", "|", "^", "~", "!", "@",
};

static int peek(const struct lexer *lexer, uint32_t ahead)
{
	size_t at = (size_t)lexer->offset + ahead;

	return at < lexer->source->size ?
	       (unsigned char)lexer->source->text[at] : -1;
}

static void advance(struct lexer *lexer, uint32_t n)
{
	for (; n && lexer->offset < lexer->source->size; n--) {
		if (lexer->source->text[lexer->offset++] == '\n') {
			lexer->line++;
			lexer->column = 1;
		} else {
			lexer->column++;
		}
	}
}

static struct pos here(const struct lexer *lexer, uint32_t length)
{
	return (struct pos){ lexer->source, lexer->offset, length, lexer->line,
			     lexer->column };
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static int digit_value(int c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

static void skip_comment(struct lexer *lexer)
{
	struct pos start = here(lexer, 2);

	advance(lexer, 2);
	while (peek(lexer, 0) >= 0) {
		if (peek(lexer, 0) == '*' && peek(lexer, 1) == '/') {
			advance(lexer, 2);
			return;
		}
		advance(lexer, 1);
	}
	diag_error(lexer->diags, start,
		   "found the end of the file, expected '*/' to end this comment");
}

/* Blanks and comments. True if there were any. */
static bool skip_blanks(struct lexer *lexer)
{
	uint32_t start = lexer->offset;
	int c;

	for (;;) {
		c = peek(lexer, 0);
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			advance(lexer, 1);
		} else if (c == '/' && peek(lexer, 1) == '*') {
			skip_comment(lexer);
		} else if (c == '/' && peek(lexer, 1) == '/') {
			while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n')
				advance(lexer, 1);
		} else {
			return lexer->offset != start;
		}
	}
}

static void finish(struct lexer *lexer, enum token_kind kind, uint32_t start)
{
	struct token *token = &lexer->token;

	token->kind = kind;
	token->pos.length = lexer->offset - start;
	if (token->pos.line != lexer->line)
		token->pos.length = 1;
	if (!token->text)
		token->text = arena_strndup(lexer->arena,
					    lexer->source->text + start,
					    lexer->offset - start);
}

/* The token's text; only its beginning, if it is long. */
static const char *shown(const struct lexer *lexer)
{
	const char *text = lexer->token.text;
	size_t size = TEXT_SHOWN_MAX;

	if (strlen(text) <= size)
		return text;
	while (size && (text[size] & 0xc0) == 0x80)
		size--;
	return arena_printf(lexer->arena, "%.*s...", (int)size, text);
}

static void lex_number(struct lexer *lexer)
{
	uint32_t start = lexer->offset;
	int base = 10, next = peek(lexer, 1), digit;
	const char *wrong = NULL;
	uint64_t value = 0;
	bool any = false;

	if (peek(lexer, 0) == '0' && (next == 'x' || next == 'X')) {
		base = 16;
		advance(lexer, 2);
	} else if (peek(lexer, 0) == '0' && (next == 'o' || next == 'O')) {
		base = 8;
		advance(lexer, 2);
	} else if (peek(lexer, 0) == '0' && is_digit(next)) {
		wrong = "a decimal number does not begin with 0 (octal is 0o17)";
	}
	while (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0))) {
		digit = digit_value(peek(lexer, 0));
		advance(lexer, 1);
		any = true;
		if (digit >= base) {
			if (!wrong)
				wrong = base == 8 ? "expected octal digits after 0o" :
					base == 16 ? "expected hexadecimal digits after 0x" :
					"expected decimal digits";
		} else if (__builtin_mul_overflow(value, (uint64_t)base, &value) ||
			   __builtin_add_overflow(value, (uint64_t)digit, &value)) {
			if (!wrong)
				wrong = "the number does not fit into 64 bits";
		}
	}
	if (!any)
		wrong = base == 8 ? "expected octal digits after 0o" :
			"expected hexadecimal digits after 0x";
	finish(lexer, wrong ? TOKEN_BAD : TOKEN_NUMBER, start);
	lexer->token.number = value;
	if (wrong)
		diag_error(lexer->diags, lexer->token.pos, "%s, found '%s'", wrong,
			   shown(lexer));
}

/* One escape; -1 after an error. The place is behind the backslash. */
static int lex_escape(struct lexer *lexer)
{
	int c = peek(lexer, 0), high, low;

	switch (c) {
	case '"': case '\\':
		advance(lexer, 1);
		return c;
	case 'n':
		advance(lexer, 1);
		return '\n';
	case 't':
		advance(lexer, 1);
		return '\t';
	case 'r':
		advance(lexer, 1);
		return '\r';
	case 'x':
		high = digit_value(peek(lexer, 1));
		low = digit_value(peek(lexer, 2));
		if (high > 15 || low > 15)
			break;
		if (!high && !low) {
			diag_error(lexer->diags, here(lexer, 3),
				   "a text cannot hold a NUL byte");
			advance(lexer, 3);
			return -1;
		}
		advance(lexer, 3);
		return high * 16 + low;
	}
	diag_error(lexer->diags, here(lexer, 1),
		   "expected \\\" \\\\ \\n \\t \\r or \\xHH in a text");
	return -1;
}

static void lex_text(struct lexer *lexer)
{
	uint32_t start = lexer->offset;
	struct pos from = here(lexer, 1);
	enum token_kind kind = TOKEN_TEXT;
	char *text;
	uint32_t limit = 0;
	size_t size = 0;
	int c;

	/* Room up to the first '"' that no backslash can hide. */
	while ((c = peek(lexer, limit + 1)) >= 0 && c != '\n') {
		if (c == '"' && peek(lexer, limit) != '\\')
			break;
		limit++;
	}
	text = arena_alloc(lexer->arena, (size_t)limit + 1);
	advance(lexer, 1);
	for (;;) {
		c = peek(lexer, 0);
		if (c == '"') {
			advance(lexer, 1);
			break;
		}
		if (c < 0 || c == '\n') {
			diag_error(lexer->diags, from,
				   "found the end of the %s, expected '\"' to end "
				   "this text", c < 0 ? "file" : "line");
			kind = TOKEN_BAD;
			break;
		}
		advance(lexer, 1);
		if (c == '\\') {
			c = lex_escape(lexer);
			if (c < 0) {
				kind = TOKEN_BAD;
				continue;
			}
		}
		text[size++] = (char)c;
	}
	lexer->token.text = text;
	finish(lexer, kind, start);
}

/* The punctuation at this place, or NULL. */
static const char *find_spelling(const struct lexer *lexer)
{
	const char *rest = lexer->source->text + lexer->offset;

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (!strncmp(rest, spellings[i], strlen(spellings[i])))
			return spellings[i];
	return NULL;
}

static bool lex_punct(struct lexer *lexer)
{
	uint32_t start = lexer->offset;

	lexer->token.text = find_spelling(lexer);
	if (!lexer->token.text)
		return false;
	advance(lexer, (uint32_t)strlen(lexer->token.text));
	finish(lexer, TOKEN_PUNCT, start);
	return true;
}

/* Several in a row are one mistake. */
static void lex_bad(struct lexer *lexer)
{
	uint32_t start = lexer->offset;
	int c;

	do
		advance(lexer, 1);
	while ((c = peek(lexer, 0)) > ' ' && !is_letter(c) && !is_digit(c) &&
	       c != '"' && !find_spelling(lexer));
	finish(lexer, TOKEN_BAD, start);
	diag_error(lexer->diags, lexer->token.pos,
		   "found '%s', which no declaration is made of", shown(lexer));
}

static void lex_name(struct lexer *lexer)
{
	uint32_t start = lexer->offset;
	bool fine;

	while (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0)))
		advance(lexer, 1);
	fine = lexer->offset - start <= LEX_NAME_MAX;
	finish(lexer, fine ? TOKEN_WORD : TOKEN_BAD, start);
	if (!fine)
		diag_error(lexer->diags, lexer->token.pos, "found a name of %u "
			   "bytes, expected at most %u", lexer->offset - start,
			   LEX_NAME_MAX);
}

void lex_next(struct lexer *lexer)
{
	int c;

	lexer->token = (struct token){ .spaced = skip_blanks(lexer) };
	lexer->token.pos = here(lexer, 0);
	c = peek(lexer, 0);
	if (c < 0) {
		lexer->token.kind = TOKEN_END;
		lexer->token.text = "";
	} else if (is_letter(c)) {
		lex_name(lexer);
	} else if (is_digit(c)) {
		lex_number(lexer);
	} else if (c == '"') {
		lex_text(lexer);
	} else if (!lex_punct(lexer)) {
		lex_bad(lexer);
	}
}

void lex_init(struct lexer *lexer, struct arena *arena, struct diags *diags,
	      const struct source *source)
{
	*lexer = (struct lexer){ .arena = arena, .diags = diags,
				 .source = source, .line = 1, .column = 1 };
	if (source->size >= 3 && !memcmp(source->text, "\xef\xbb\xbf", 3))
		lexer->offset = 3;	/* a byte-order mark says nothing */
	lex_next(lexer);
}

bool lex_is(const struct lexer *lexer, const char *word_or_punct)
{
	const struct token *token = &lexer->token;

	return (token->kind == TOKEN_WORD || token->kind == TOKEN_PUNCT) &&
	       !strcmp(token->text, word_or_punct);
}

bool lex_take(struct lexer *lexer, const char *word_or_punct)
{
	if (!lex_is(lexer, word_or_punct))
		return false;
	lex_next(lexer);
	return true;
}

const char *lex_found(const struct lexer *lexer)
{
	const struct token *token = &lexer->token;

	switch (token->kind) {
	case TOKEN_END:
		return "the end of the file";
	case TOKEN_NUMBER:
		return arena_printf(lexer->arena, "number %s", shown(lexer));
	case TOKEN_TEXT:
		return arena_printf(lexer->arena, "text \"%s\"", shown(lexer));
	case TOKEN_WORD:
	case TOKEN_PUNCT:
	case TOKEN_BAD:
		break;
	}
	return arena_printf(lexer->arena, "'%s'", token->text);
}

bool lex_expect(struct lexer *lexer, const char *word_or_punct,
		const char *context)
{
	if (lex_take(lexer, word_or_punct))
		return true;
	if (lexer->token.kind != TOKEN_BAD)
		diag_error(lexer->diags, lexer->token.pos,
			   "expected '%s' %s, found %s", word_or_punct, context,
			   lex_found(lexer));
	return false;
}

const char *lex_word(struct lexer *lexer, const char *what)
{
	const char *word = lexer->token.text;

	if (lexer->token.kind == TOKEN_WORD) {
		lex_next(lexer);
		return word;
	}
	if (lexer->token.kind != TOKEN_BAD)
		diag_error(lexer->diags, lexer->token.pos, "expected %s, found %s",
			   what, lex_found(lexer));
	return NULL;
}

const char *lex_join(struct lexer *lexer, const char *name, const char *word,
		     struct pos where)
{
	if (strlen(name) + 1 + strlen(word) <= LEX_NAME_MAX)
		return arena_printf(lexer->arena, "%s.%s", name, word);
	diag_error(lexer->diags, where, "found a name of more than %u bytes, "
		   "expected a shorter one", LEX_NAME_MAX);
	return NULL;
}

const char *lex_qname(struct lexer *lexer, const char *what, struct pos *pos)
{
	struct pos whole = lexer->token.pos, part;
	const char *name, *word;

	if (pos)
		*pos = whole;
	name = lex_word(lexer, what);
	while (name && lex_take(lexer, ".")) {
		part = lexer->token.pos;
		word = lex_word(lexer, "a name after '.'");
		if (!word)
			return NULL;
		name = lex_join(lexer, name, word, whole);
		if (part.line == whole.line)
			whole.length = part.offset + part.length - whole.offset;
	}
	if (pos)
		*pos = whole;
	return name;
}
