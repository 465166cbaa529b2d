/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "diag.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_SHOWN 400	/* bytes of a source line */
#define NAME_MAX_COMPARED 64

struct diag {
	enum diag_level level;
	struct pos where;
	const char *text;
	size_t order;		/* of being found */
	size_t head;		/* the error or warning a note belongs to */
};

struct diags {
	struct arena *arena;
	struct diag *list;
	size_t count, capacity;
	size_t n_errors;
	size_t head;		/* latest error or warning */
	size_t *slots;		/* of heads: index into list + 1; 0 = free */
	size_t n_heads, n_slots;	/* .n_slots is a power of two */
};

struct diags *diags_new(struct arena *arena)
{
	struct diags *diags = arena_alloc(arena, sizeof(*diags));

	diags->arena = arena;
	return diags;
}

static int same_place(const struct pos *a, const struct pos *b)
{
	return a->source == b->source && a->offset == b->offset;
}

static size_t hash(const struct pos *where, const char *text)
{
	uint64_t value = (uintptr_t)where->source ^
			 where->offset * UINT64_C(0x9e3779b97f4a7c15);

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) *
			UINT64_C(0x100000001b3);
	return (size_t)(value ^ value >> 32);
}

/* The slot of the head that says the same, or the free one where it belongs. */
static size_t *find_head(const struct diags *diags, const struct diag *diag)
{
	size_t at = hash(&diag->where, diag->text);

	for (;; at++) {
		size_t *slot = &diags->slots[at & (diags->n_slots - 1)];
		const struct diag *head = *slot ? &diags->list[*slot - 1] : NULL;

		if (!head || (head->level == diag->level &&
			      same_place(&head->where, &diag->where) &&
			      !strcmp(head->text, diag->text)))
			return slot;
	}
}

static void grow_slots(struct diags *diags)
{
	size_t *before = diags->slots, n = diags->n_slots, i;

	diags->n_slots = n ? n * 2 : 64;
	diags->slots = arena_alloc(diags->arena,
				   diags->n_slots * sizeof(*diags->slots));
	for (i = 0; i < n; i++)
		if (before[i])
			*find_head(diags, &diags->list[before[i] - 1]) =
				before[i];
}

/* Said already? Notes of a repeat are repeats too. */
static bool is_repeat(struct diags *diags, const struct diag *diag)
{
	size_t *slot, i;

	if (diag->level != DIAG_NOTE) {
		if (diags->n_heads * 2 >= diags->n_slots)
			grow_slots(diags);
		slot = find_head(diags, diag);
		if (*slot) {
			diags->head = *slot - 1;
			return true;
		}
		*slot = diags->count + 1;
		diags->n_heads++;
		diags->head = diags->count;
		diags->n_errors += diag->level == DIAG_ERROR;
		return false;
	}
	for (i = diags->head; i < diags->count; i++)
		if (diags->list[i].head == diags->head &&
		    diags->list[i].level == DIAG_NOTE &&
		    same_place(&diags->list[i].where, &diag->where) &&
		    !strcmp(diags->list[i].text, diag->text))
			return true;
	return false;
}

static void add(struct diags *diags, enum diag_level level, struct pos where,
		const char *format, va_list args)
{
	struct diag diag;
	va_list again;
	char *text;
	int size;

	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, args);
	text = arena_alloc(diags->arena, (size_t)(size < 0 ? 0 : size) + 1);
	vsnprintf(text, (size_t)(size < 0 ? 0 : size) + 1, format, again);
	va_end(again);

	diag = (struct diag){ level, source_origin(where), text, diags->count,
			      0 };
	if (is_repeat(diags, &diag))
		return;
	diag.head = diags->head;
	*ARENA_PUSH(diags->arena, diags->list, diags->count,
		    diags->capacity) = diag;
}

void diag_error(struct diags *diags, struct pos where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diags, DIAG_ERROR, where, format, args);
	va_end(args);
}

void diag_warning(struct diags *diags, struct pos where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diags, DIAG_WARNING, where, format, args);
	va_end(args);
}

void diag_note(struct diags *diags, struct pos where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(diags, DIAG_NOTE, where, format, args);
	va_end(args);
}

size_t diags_errors(const struct diags *diags)
{
	return diags->n_errors;
}

/* qsort has no context argument that all libraries agree on. */
struct entry {
	const struct diag *diag;
	const struct diag *head;
};

static int compare(const void *left, const void *right)
{
	const struct entry *l = left, *r = right;
	const struct pos *a = &l->head->where, *b = &r->head->where;
	int paths;

	if (a->source != b->source) {
		if (!a->source || !b->source)
			return a->source ? 1 : -1;
		paths = strcmp(a->source->path, b->source->path);
		if (paths)
			return paths;
	}
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	if (l->head != r->head)
		return l->head->order < r->head->order ? -1 : 1;
	return l->diag->order < r->diag->order ? -1 :
	       l->diag->order > r->diag->order;
}

static int is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Source text may hold anything; a terminal shall not obey it. */
static void print_clean(const char *text, size_t size, FILE *to)
{
	size_t i, length;

	for (i = 0; i < size; i += length) {
		unsigned char c = (unsigned char)text[i];

		length = source_character(text + i, size - i);
		if (!length || (c < 0x20 && c != '\t') || c == 0x7f ||
		    (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0)) {
			putc('?', to);
			length = length ? length : 1;
		} else {
			fwrite(text + i, 1, length, to);
		}
	}
}

/* The part of WHERE's line that is shown, at most LINE_MAX_SHOWN bytes. */
static void find_excerpt(const struct pos *where, size_t *start, size_t *end)
{
	const char *text = where->source->text;
	size_t size = where->source->size, at = where->offset;

	for (*start = at; *start > 0 && text[*start - 1] != '\n' &&
	     at - *start < LINE_MAX_SHOWN;)
		--*start;
	/* A place far inside a long line: what stands around it. */
	if (*start > 0 && text[*start - 1] != '\n')
		*start = at - LINE_MAX_SHOWN / 8;
	while (*start < at && is_continuation(text[*start]))
		++*start;
	if (*start == 0 && size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) &&
	    at >= 3)
		*start = 3;	/* a byte-order mark has no width */
	for (*end = at; *end < size && text[*end] != '\n' &&
	     text[*end] != '\r' && *end - *start < LINE_MAX_SHOWN;)
		++*end;
	while (*end > at && *end < size && is_continuation(text[*end]))
		--*end;
}

static void print_excerpt(const struct pos *where, FILE *to)
{
	const char *text = where->source->text;
	size_t start, end, i, marks;

	find_excerpt(where, &start, &end);
	print_clean(text + start, end - start, to);
	putc('\n', to);
	for (i = start; i < where->offset; i++)
		if (text[i] == '\t')
			putc('\t', to);
		else if (!is_continuation(text[i]))
			putc(' ', to);
	putc('^', to);
	marks = where->length ? where->offset + where->length : 0;
	for (i = where->offset + 1; i < marks && i < end; i++)
		if (!is_continuation(text[i]))
			putc('~', to);
	putc('\n', to);
}

static void print_one(const struct diag *diag, FILE *to, int colour)
{
	static const struct { const char *name, *colour; } levels[] = {
		[DIAG_NOTE] = { "note", "\033[36m" },
		[DIAG_WARNING] = { "warning", "\033[35m" },
		[DIAG_ERROR] = { "error", "\033[31m" },
	};
	const struct pos *where = &diag->where;

	if (colour)
		fputs("\033[1m", to);
	if (where->source) {
		print_clean(where->source->path, strlen(where->source->path), to);
		fprintf(to, ":%u:%u: ", where->line, where->column);
	} else {
		fputs("dkc: ", to);
	}
	fprintf(to, "%s%s:%s ", colour ? levels[diag->level].colour : "",
		levels[diag->level].name, colour ? "\033[0m" : "");
	print_clean(diag->text, strlen(diag->text), to);
	putc('\n', to);
	if (where->source)
		print_excerpt(where, to);
}

size_t diags_print(const struct diags *diags, FILE *to, int colour)
{
	struct entry *entries;
	size_t i;

	entries = arena_alloc(diags->arena, sizeof(*entries) * diags->count);
	for (i = 0; i < diags->count; i++)
		entries[i] = (struct entry){ &diags->list[i],
					     &diags->list[diags->list[i].head] };
	qsort(entries, diags->count, sizeof(*entries), compare);
	for (i = 0; i < diags->count; i++)
		print_one(entries[i].diag, to, colour);
	return diags->n_errors;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* Insertions, deletions, exchanges, and swaps of neighbours. */
static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	size_t rows[3][NAME_MAX_COMPARED + 1], i, j;
	size_t *before = rows[0], *above = rows[1], *row = rows[2], *free;

	for (j = 0; j <= n_b; j++)
		row[j] = j;
	for (i = 1; i <= n_a; i++) {
		free = before;
		before = above;
		above = row;
		row = free;
		row[0] = i;
		for (j = 1; j <= n_b; j++) {
			row[j] = min3(above[j] + 1, row[j - 1] + 1,
				      above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return row[n_b];
}

const char *diag_nearest(const char *name, const char *const *candidates,
			 size_t n)
{
	size_t size = strlen(name), best_distance = 3, i, length, d;
	const char *best = NULL;

	if (size > NAME_MAX_COMPARED)
		return NULL;
	for (i = 0; i < n; i++) {
		length = strlen(candidates[i]);
		if (length > NAME_MAX_COMPARED)
			continue;
		d = distance(name, size, candidates[i], length);
		if (d < best_distance && d * 2 < (size > length ? size : length)) {
			best_distance = d;
			best = candidates[i];
		}
	}
	return best;
}
