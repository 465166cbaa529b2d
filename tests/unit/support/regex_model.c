/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "regex_model.h"

#include <stdbool.h>
#include <string.h>

#define STEPS_MAX 200000

/* Bit i: a match may stand before byte i of the text. */
typedef uint64_t places;

struct walk {
	const char *pattern, *text;
	size_t pattern_size, text_size;
	long steps;
};

static places walk_alternatives(struct walk *walk, size_t *at, places from);

/* ---- bytes: where a step over one leads ---- */

static unsigned char take_byte(const struct walk *walk, size_t *at)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)walk->pattern[(*at)++];
	unsigned value = 0;

	if (c != '\\')
		return c;
	c = (unsigned char)walk->pattern[(*at)++];
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'x':
		for (int i = 0; i < 2; i++) {
			c = (unsigned char)walk->pattern[(*at)++];
			if (c >= 'A' && c <= 'F')
				c = (unsigned char)(c - 'A' + 'a');
			value = value * 16 +
				(unsigned)(strchr(hex, c) - hex);
		}
		return (unsigned char)value;
	}
	return c;
}

/* Behind the '['; leaves AT behind the ']'. */
static void take_set(const struct walk *walk, size_t *at, bool in[256])
{
	bool out = walk->pattern[*at] == '^';
	bool first = true;

	memset(in, 0, 256);
	*at += out;
	while (first || walk->pattern[*at] != ']') {
		unsigned char low = take_byte(walk, at), high = low;

		first = false;
		if (walk->pattern[*at] == '-' && walk->pattern[*at + 1] != ']') {
			++*at;
			high = take_byte(walk, at);
		}
		for (unsigned c = low; c <= high; c++)
			in[c] = true;
	}
	++*at;
	for (int c = 0; out && c < 256; c++)
		in[c] = !in[c];
}

static places step_over(const struct walk *walk, places from,
			const bool in[256])
{
	places to = 0;

	for (size_t i = 0; i < walk->text_size; i++)
		if (from >> i & 1 && in[(unsigned char)walk->text[i]])
			to |= (places)1 << (i + 1);
	return to;
}

/* ---- the grammar ---- */

static places walk_atom(struct walk *walk, size_t *at, places from)
{
	bool in[256] = { false };

	walk->steps++;
	switch (walk->pattern[*at]) {
	case '(':
		++*at;
		from = walk_alternatives(walk, at, from);
		++*at;
		return from;
	case '^':
		++*at;
		return from & 1;
	case '$':
		++*at;
		return from & (places)1 << walk->text_size;
	case '.':
		++*at;
		memset(in, 1, sizeof(in));
		return step_over(walk, from, in);
	case '[':
		++*at;
		take_set(walk, at, in);
		return step_over(walk, from, in);
	default:
		in[take_byte(walk, at)] = true;
		return step_over(walk, from, in);
	}
}

static int take_number(const struct walk *walk, size_t *at)
{
	int number = 0;

	while (walk->pattern[*at] >= '0' && walk->pattern[*at] <= '9')
		number = number * 10 + (walk->pattern[(*at)++] - '0');
	return number;
}

/* The repetition at AT: -1 = as often as you like. False: there is none. */
static bool take_times(const struct walk *walk, size_t *at, int *min, int *max)
{
	char c = *at < walk->pattern_size ? walk->pattern[*at] : '|';

	*min = c == '+';
	*max = c == '?' ? 1 : -1;
	if (!strchr("*+?{", c) || !c)
		return false;
	++*at;
	if (c != '{')
		return true;
	*min = *max = take_number(walk, at);
	if (walk->pattern[*at] == ',') {
		++*at;
		*max = walk->pattern[*at] == '}' ? -1 : take_number(walk, at);
	}
	++*at;
	return true;
}

/* The atom that begins at AT, once more. */
static places again(struct walk *walk, size_t at, places from)
{
	return walk_atom(walk, &at, from);
}

static places walk_repeat(struct walk *walk, size_t *at, places from)
{
	size_t atom = *at;
	places once = walk_atom(walk, at, from), all, seen;
	int min, max;

	if (!take_times(walk, at, &min, &max))
		return once;
	for (int i = 0; i < min && walk->steps < STEPS_MAX; i++)
		from = again(walk, atom, from);
	all = from;
	for (int i = min; i != max && walk->steps < STEPS_MAX; i++) {
		seen = all;
		from = again(walk, atom, from);
		all |= from;
		if (max < 0 && all == seen)
			break;
	}
	return all;
}

static places walk_alternatives(struct walk *walk, size_t *at, places from)
{
	places to = 0, part = from;

	while (*at < walk->pattern_size && walk->pattern[*at] != ')') {
		if (walk->pattern[*at] != '|') {
			part = walk_repeat(walk, at, part);
			continue;
		}
		++*at;
		to |= part;
		part = from;
	}
	return to | part;
}

int regex_model_search(const char *pattern, size_t pattern_size,
		       const char *text, size_t text_size)
{
	struct walk walk = { .pattern = pattern, .text = text,
			     .pattern_size = pattern_size,
			     .text_size = text_size };
	places everywhere = UINT64_MAX >> (63 - text_size);
	size_t at = 0;
	places to = walk_alternatives(&walk, &at, everywhere);

	return walk.steps >= STEPS_MAX ? -1 : to != 0;
}

/* ---- random ones ---- */

struct make {
	uint64_t *seed;
	enum regex_model_dialect dialect;
	char *pattern;
	size_t n, max;
	int depth;
};

static unsigned random_below(uint64_t *seed, unsigned n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)((*seed >> 11) % n);
}

static void put(struct make *make, const char *text)
{
	size_t size = strlen(text);

	memcpy(make->pattern + make->n, text, size);
	make->n += size;
}

static void put_one(struct make *make, const char *const *texts, unsigned n)
{
	put(make, texts[random_below(make->seed, n)]);
}

static void make_set(struct make *make)
{
	static const char *const members[] = {
		"a", "b", "c", "a-b", "b-d", "^", ".", "$", "*",
		"\\]", "\\\\", "\\x00", "\\n", "\\-", "\\x80-\\xff",
	};
	unsigned n = 1 + random_below(make->seed, 3);

	put(make, random_below(make->seed, 3) ? "[a" : "[^");
	if (make->pattern[make->n - 1] == '^' && !random_below(make->seed, 4))
		put(make, "]");
	for (unsigned i = 0; i < n; i++)
		put_one(make, members,
			make->dialect == REGEX_MODEL_POSIX ? 9 : 15);
	if (!random_below(make->seed, 6))
		put(make, "-");
	put(make, "]");
}

static void make_alternatives(struct make *make);

static void make_atom(struct make *make)
{
	static const char *const ours[] = {
		"\\x61", "\\n", "\\x00", "\\-", "\\/", "\\xff", "]", "}",
	};
	static const char *const both[] = {
		"a", "b", "c", "ab", "\\.", "\\*", "\\\\", "\\^", "\\(",
	};

	switch (random_below(make->seed, 12)) {
	case 0:
	case 1:
		if (make->depth < 4 && make->max - make->n > 60) {
			make->depth++;
			put(make, "(");
			make_alternatives(make);
			put(make, ")");
			make->depth--;
			return;
		}
		put(make, "a");
		return;
	case 2:
	case 3:
		make_set(make);
		return;
	case 4:
		put(make, ".");
		return;
	case 5:
		if (make->dialect == REGEX_MODEL_OURS) {
			put_one(make, ours, 8);
			return;
		}
		/* fall through */
	default:
		put_one(make, both, random_below(make->seed, 2) ? 4 : 9);
		return;
	}
}

static void make_repeat(struct make *make)
{
	static const char *const times[] = {
		"*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "{0}", "{0,}",
	};

	make_atom(make);
	if (!random_below(make->seed, 3))
		put_one(make, times, 9);
}

static void make_sequence(struct make *make)
{
	unsigned n = 1 + random_below(make->seed, 4);
	/* glibc is wrong about anchors in what is repeated. */
	bool anchors = make->dialect == REGEX_MODEL_OURS || !make->depth;

	if (anchors && !random_below(make->seed, 6))
		put(make, "^");
	for (unsigned i = 0; i < n && make->max - make->n > 40; i++)
		make_repeat(make);
	if (anchors && !random_below(make->seed, 6))
		put(make, "$");
	else if (make->pattern[make->n - 1] == '^')
		put(make, "a");
}

static void make_alternatives(struct make *make)
{
	make_sequence(make);
	while (!random_below(make->seed, 3) && make->max - make->n > 60) {
		put(make, "|");
		make_sequence(make);
	}
}

void regex_model_pattern(uint64_t *seed, enum regex_model_dialect dialect,
			 char *pattern, size_t size)
{
	struct make make = { .seed = seed, .dialect = dialect,
			     .pattern = pattern, .max = size - 1 };

	make_sequence(&make);
	if (!random_below(seed, 2) && make.max - make.n > 60) {
		put(&make, "|");
		make_sequence(&make);
	}
	pattern[make.n] = 0;
}

size_t regex_model_text(uint64_t *seed, char *text, size_t max)
{
	static const char letters[] = "aaabbbcccdab.*^$]-}\\(\n\xff";
	size_t n = random_below(seed, (unsigned)max + 1);

	if (n > 6 && random_below(seed, 3))
		n = n % 7;
	for (size_t i = 0; i < n; i++)
		text[i] = letters[random_below(seed, sizeof(letters))];
	return n;
}
