/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A pattern as a tree. Whatever other dialects give a meaning of their own is
 * refused here by name: a policy must not mean something else than its author.
 */
#include <assert.h>
#include <string.h>

#include "regex.h"

struct reader {
	struct arena *arena;
	const char *pattern;
	size_t size, at;
	unsigned depth;
	struct regex_error *error;
};

static struct regex_tree *parse_alternatives(struct reader *reader);

/* NULL, for the callers to return. */
static void *refuse(struct reader *reader, size_t at, const char *what)
{
	reader->error->at = at;
	reader->error->what = what;
	return NULL;
}

/* The byte that comes, or -1 at the end. */
static int peek(const struct reader *reader)
{
	return reader->at < reader->size
	       ? (uint8_t)reader->pattern[reader->at] : -1;
}

static bool take(struct reader *reader, char c)
{
	if (peek(reader) != (uint8_t)c)
		return false;
	reader->at++;
	return true;
}

/* "found 'x'" */
static const char *found(const struct reader *reader)
{
	int c = peek(reader);

	if (c < 0)
		return "found the end of the pattern";
	if (c <= ' ' || c >= 0x7f)
		return arena_printf(reader->arena, "found the byte \\x%02x",
				    (unsigned)c);
	return arena_printf(reader->arena, "found '%c'", c);
}

static void *expected(struct reader *reader, const char *what)
{
	return refuse(reader, reader->at,
		      arena_printf(reader->arena, "expected %s, %s", what,
				   found(reader)));
}

static struct regex_tree *new_tree(struct reader *reader, enum regex_kind kind)
{
	struct regex_tree *tree = arena_alloc(reader->arena, sizeof(*tree));

	tree->kind = kind;
	return tree;
}

static struct regex_tree *new_pair(struct reader *reader, enum regex_kind kind,
				   struct regex_tree *left,
				   struct regex_tree *right)
{
	struct regex_tree *tree = new_tree(reader, kind);

	tree->left = left;
	tree->right = right;
	return tree;
}

static void add_range(struct regex_set *set, int first, int last)
{
	for (int c = first; c <= last; c++)
		set->bits[c / 64] |= UINT64_C(1) << c % 64;
}

static void invert(struct regex_set *set)
{
	for (int i = 0; i < 4; i++)
		set->bits[i] = ~set->bits[i];
}

/* ---- one byte ---- */

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int parse_hex(struct reader *reader)
{
	int byte = 0;

	for (int i = 0; i < 2; i++) {
		int digit = hex_digit(peek(reader));

		if (digit < 0) {
			expected(reader, "two hexadecimal digits after \\x");
			return -1;
		}
		byte = byte * 16 + digit;
		reader->at++;
	}
	return byte;
}

/* What stands after a backslash; -1 after an error. */
static int parse_escape(struct reader *reader)
{
	static const char letters[] = "nrt", bytes[] = "\n\r\t";
	int c = peek(reader);
	const char *letter;

	if (c > 0 && c < 0x80 && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c)) {
		reader->at++;
		return c;
	}
	letter = c > 0 ? strchr(letters, c) : NULL;
	if (letter) {
		reader->at++;
		return bytes[letter - letters];
	}
	if (take(reader, 'x'))
		return parse_hex(reader);
	expected(reader, c >= '0' && c <= '9'
		 ? "a sign, n, r, t or xHH after \\ (there are no "
		   "back-references)"
		 : "a sign, n, r, t or xHH after \\");
	return -1;
}

/* ---- [ ] ---- */

/* One byte of a set; -1 after an error. */
static int parse_member(struct reader *reader)
{
	static const char names[] = ".:=";
	int c = peek(reader);

	assert(c >= 0);		/* whoever asks has looked */
	if (c >= 0x80) {
		refuse(reader, reader->at, "a set holds bytes, found a character "
		       "of several: write (a|b), or its bytes as \\xHH");
		return -1;
	}
	reader->at++;
	if (c == '\\')
		return parse_escape(reader);
	if (c == '[' && peek(reader) > 0 && strchr(names, peek(reader))) {
		refuse(reader, reader->at - 1, arena_printf(reader->arena,
		       "there are no classes by name, found '[%c': write the "
		       "bytes, or \\[ for the bracket itself", peek(reader)));
		return -1;
	}
	return c;
}

/* A byte, or a range: a '-' that begins or ends a set stands for itself. */
static bool parse_members(struct reader *reader, struct regex_set *set)
{
	size_t from = reader->at;
	int first = parse_member(reader), last;

	if (first < 0)
		return false;
	last = first;
	if (peek(reader) == '-' && reader->at + 1 < reader->size &&
	    reader->pattern[reader->at + 1] != ']') {
		reader->at++;
		last = parse_member(reader);
		if (last < 0)
			return false;
	}
	if (last < first)
		return refuse(reader, from, arena_printf(reader->arena,
			      "the range runs backwards, from \\x%02x to "
			      "\\x%02x", (unsigned)first, (unsigned)last));
	add_range(set, first, last);
	return true;
}

static struct regex_tree *parse_set(struct reader *reader, size_t open)
{
	struct regex_tree *tree = new_tree(reader, REGEX_SET);
	bool inverted = take(reader, '^');

	do {	/* a ']' that comes first stands for itself */
		if (peek(reader) < 0)
			return refuse(reader, open, "this '[' has no ']'");
		if (!parse_members(reader, &tree->set))
			return NULL;
	} while (!take(reader, ']'));
	if (inverted)
		invert(&tree->set);
	return tree;
}

/* ---- the grammar ---- */

static struct regex_tree *parse_group(struct reader *reader, size_t open)
{
	struct regex_tree *tree;

	if (peek(reader) == '?')
		return refuse(reader, reader->at, "expected an expression after "
			      "'(', found '?': all groups are plain ones");
	if (reader->depth == REGEX_DEPTH_MAX)
		return refuse(reader, open, arena_printf(reader->arena,
			      "more than %u '(' inside each other",
			      REGEX_DEPTH_MAX));
	reader->depth++;
	tree = parse_alternatives(reader);
	reader->depth--;
	if (tree && !take(reader, ')'))
		return refuse(reader, open, "this '(' has no ')'");
	return tree;
}

static struct regex_tree *parse_byte(struct reader *reader, int byte)
{
	struct regex_tree *tree;

	if (byte < 0)
		return NULL;
	tree = new_tree(reader, REGEX_SET);
	add_range(&tree->set, byte, byte);
	return tree;
}

static struct regex_tree *parse_atom(struct reader *reader)
{
	size_t at = reader->at;
	struct regex_tree *tree;
	int c = peek(reader);

	if (c < 0 || strchr("|)*+?{", c ? c : 'a'))
		return expected(reader, "an expression");
	reader->at++;
	switch (c) {
	case '(':
		return parse_group(reader, at);
	case '[':
		return parse_set(reader, at);
	case '^':
		return new_tree(reader, REGEX_BEGIN);
	case '$':
		return new_tree(reader, REGEX_END);
	case '.':
		tree = new_tree(reader, REGEX_SET);
		add_range(&tree->set, 0, 255);
		return tree;
	case '\\':
		return parse_byte(reader, parse_escape(reader));
	default:
		return parse_byte(reader, c);
	}
}

/* Digits; false after an error. */
static bool parse_count(struct reader *reader, uint32_t *count)
{
	size_t at = reader->at;

	*count = 0;
	if (peek(reader) < '0' || peek(reader) > '9')
		return expected(reader, "a number in { }, or \\{ for the brace "
				"itself");
	while (peek(reader) >= '0' && peek(reader) <= '9') {
		*count = *count * 10 + (uint32_t)(peek(reader) - '0');
		reader->at++;
		if (*count > REGEX_REPEAT_MAX)
			return refuse(reader, at, arena_printf(reader->arena,
				      "a repetition is at most %u times",
				      REGEX_REPEAT_MAX));
	}
	return true;
}

/* m}, m,} or m,n} */
static bool parse_counts(struct reader *reader, uint32_t *min, uint32_t *max)
{
	size_t at = reader->at;

	if (!parse_count(reader, min))
		return false;
	*max = *min;
	if (take(reader, ',')) {
		*max = REGEX_UNBOUNDED;
		if (peek(reader) != '}' && !parse_count(reader, max))
			return false;
	}
	if (!take(reader, '}'))
		return expected(reader, "'}' to end the repetition");
	if (*max < *min)
		return refuse(reader, at, arena_printf(reader->arena,
			      "the repetition runs backwards, from %u to %u",
			      *min, *max));
	return true;
}

/* How often; false if nothing is said of it, or after an error. */
static bool parse_times(struct reader *reader, uint32_t *min, uint32_t *max)
{
	*min = 0;
	*max = REGEX_UNBOUNDED;
	if (take(reader, '*'))
		return true;
	if (take(reader, '?')) {
		*max = 1;
		return true;
	}
	if (take(reader, '+')) {
		*min = 1;
		return true;
	}
	return take(reader, '{') && parse_counts(reader, min, max);
}

static struct regex_tree *parse_repeat(struct reader *reader)
{
	int first = peek(reader);
	struct regex_tree *tree = parse_atom(reader), *repeat;
	size_t at = reader->at;
	uint32_t min, max;

	if (!tree || !parse_times(reader, &min, &max))
		return reader->error->what ? NULL : tree;
	if (first >= 0x80)
		return refuse(reader, at, "this would repeat the last byte of a "
			      "character: put ( ) around the character");
	if (peek(reader) > 0 && strchr("*+?{", peek(reader)))
		return expected(reader, "no repetition of a repetition without "
				"( ) around it");
	repeat = new_pair(reader, REGEX_REPEAT, tree, NULL);
	repeat->min = min;
	repeat->max = max;
	return repeat;
}

static struct regex_tree *parse_sequence(struct reader *reader)
{
	struct regex_tree *tree = parse_repeat(reader), *more;

	while (tree && peek(reader) >= 0 && peek(reader) != '|' &&
	       peek(reader) != ')') {
		more = parse_repeat(reader);
		if (!more)
			return NULL;
		tree = new_pair(reader, REGEX_CAT, tree, more);
	}
	return tree;
}

static struct regex_tree *parse_alternatives(struct reader *reader)
{
	struct regex_tree *tree = parse_sequence(reader), *more;

	while (tree && take(reader, '|')) {
		more = parse_sequence(reader);
		if (!more)
			return NULL;
		tree = new_pair(reader, REGEX_ALT, tree, more);
	}
	return tree;
}

struct regex_tree *regex_parse(struct arena *arena, const char *pattern,
			       size_t size, struct regex_error *error)
{
	struct reader reader = {
		.arena = arena, .pattern = pattern, .size = size,
		.error = error,
	};
	struct regex_tree *tree;

	*error = (struct regex_error){ 0 };
	tree = parse_alternatives(&reader);
	if (tree && reader.at < size)	/* all else that ends one is taken */
		return refuse(&reader, reader.at, "this ')' has no '('; \\) is "
			      "the bracket itself");
	return tree;
}
