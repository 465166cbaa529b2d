/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The layout of a start list. libyaml says where its words are; a line moves to
 * the column of its depth, and what follows it of the same value with it. What
 * comes out is read again and must hold the same.
 */
#include "fmt.h"

#include <string.h>

#include "../init/yaml.h"

#define STEP 2u			/* columns of a level */

/* What the scanner says of a line of the text. */
struct line {
	size_t begin, size;	/* bytes, without the line end */
	bool token;		/* a token begins here, and the first of them: */
	unsigned from, to;	/* its column, and the one that it gets */
	unsigned end;		/* column behind the last one that ends here */
};

/* Blanks between two words of a line: those of these columns become .blanks. */
struct gap {
	size_t line;
	unsigned from, to, blanks;
};

struct collection {
	bool sequence;
	unsigned to;
	size_t line;
};

struct yaml_layout {
	struct arena *arena;
	const struct source *source;
	struct line *lines;
	size_t n, capacity;
	struct collection open[FMT_DEPTH_MAX];
	int depth;
	/* a dash or key on this line: what follows it there is inside of it */
	size_t inside_line;
	unsigned inside_to;
	struct gap *gaps;	/* in order of text */
	size_t n_gaps, gaps_capacity;
	yaml_token_type_t last;
	yaml_mark_t last_end;
};

/* The bytes of the line end at AT, 0 if there is none: YAML has six, and libyaml
   counts its lines by them. */
static size_t line_end(const char *at)
{
	static const char *const ends[] = {
		"\r\n", "\n", "\r", "\xc2\x85", "\xe2\x80\xa8",
		"\xe2\x80\xa9",
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!strncmp(at, ends[i], strlen(ends[i])))
			return strlen(ends[i]);
	return 0;
}

static void split(struct yaml_layout *y)
{
	const char *text = y->source->text, *at = text;

	while (*at) {
		size_t size = 0;

		while (at[size] && !line_end(at + size))
			size++;
		*ARENA_PUSH(y->arena, y->lines, y->n, y->capacity) =
			(struct line){ .begin = (size_t)(at - text),
				       .size = size };
		at += size + line_end(at + size);
	}
}

static void place_token(struct yaml_layout *y, yaml_mark_t mark, unsigned to)
{
	struct line *line;

	if (mark.line >= y->n)
		return;
	line = &y->lines[mark.line];
	if (line->token)
		return;
	line->token = true;
	line->from = (unsigned)mark.column;
	line->to = to;
}

static unsigned column_of(const struct yaml_layout *y)
{
	return y->depth ? y->open[y->depth - 1].to : 0;
}

/* Where a collection that begins at MARK gets its words. */
static void open_collection(struct yaml_layout *y, yaml_mark_t mark,
			    bool sequence)
{
	struct collection *new = &y->open[y->depth];
	const struct collection *outer = y->depth ? new - 1 : NULL;

	*new = (struct collection){ .sequence = sequence, .line = mark.line };
	if (y->inside_line == mark.line + 1)
		new->to = y->inside_to;		/* behind a dash */
	else if (outer && sequence && !outer->sequence)
		new->to = outer->to;		/* dashes below their key */
	else if (outer)
		new->to = outer->to + STEP;
	y->depth++;
}

/* How many blanks stand between two tokens of one line; -1: as they are. */
static int blanks_between(yaml_token_type_t last, yaml_token_type_t next)
{
	if (next == YAML_FLOW_ENTRY_TOKEN ||
	    next == YAML_FLOW_SEQUENCE_END_TOKEN ||
	    next == YAML_FLOW_MAPPING_END_TOKEN ||
	    last == YAML_FLOW_SEQUENCE_START_TOKEN ||
	    last == YAML_FLOW_MAPPING_START_TOKEN)
		return 0;
	return last == YAML_VALUE_TOKEN || last == YAML_FLOW_ENTRY_TOKEN ? 1 :
	       -1;
}

static void note_gap(struct yaml_layout *y, const yaml_token_t *token)
{
	yaml_mark_t end = token->end_mark, start = token->start_mark;
	int blanks = blanks_between(y->last, token->type);

	if (start.index == end.index)	/* only a level begins or ends */
		return;
	if (blanks >= 0 && start.line == y->last_end.line)
		*ARENA_PUSH(y->arena, y->gaps, y->n_gaps, y->gaps_capacity) =
			(struct gap){ start.line, (unsigned)y->last_end.column,
				      (unsigned)start.column,
				      (unsigned)blanks };
	if (end.line < y->n && start.line == end.line)
		y->lines[end.line].end = (unsigned)end.column;
	y->last = token->type;
	y->last_end = end;
}

static void read_token(struct yaml_layout *y, const yaml_token_t *token)
{
	yaml_mark_t mark = token->start_mark;

	switch (token->type) {
	case YAML_BLOCK_SEQUENCE_START_TOKEN:
	case YAML_BLOCK_MAPPING_START_TOKEN:
		open_collection(y, mark, token->type ==
				YAML_BLOCK_SEQUENCE_START_TOKEN);
		break;
	case YAML_BLOCK_END_TOKEN:
		y->depth--;
		break;
	case YAML_BLOCK_ENTRY_TOKEN:
		/* A second dash on a line stands behind the first. */
		place_token(y, mark, column_of(y));
		y->inside_line = mark.line + 1;
		y->inside_to = column_of(y) + STEP;
		break;
	case YAML_KEY_TOKEN:
	case YAML_VALUE_TOKEN:	/* of a key that has a '?' */
		place_token(y, mark, column_of(y));
		break;
	case YAML_STREAM_START_TOKEN:
	case YAML_STREAM_END_TOKEN:
		break;
	case YAML_DOCUMENT_START_TOKEN:
	case YAML_DOCUMENT_END_TOKEN:
		place_token(y, mark, 0);
		break;
	default:	/* a value on a line of its own */
		place_token(y, mark, column_of(y) + STEP);
		break;
	}
}

static struct pos place(const struct source *source, yaml_mark_t mark)
{
	return (struct pos){ .source = source, .line = (uint32_t)mark.line + 1,
			     .column = (uint32_t)mark.column + 1 };
}

static bool scan(struct yaml_layout *y, struct diags *diags)
{
	yaml_parser_t parser;
	yaml_token_t token;
	bool more = true, fine = yaml_parser_initialize(&parser);

	if (!fine)
		return false;
	yaml_parser_set_input_string(&parser,
		(const unsigned char *)y->source->text, y->source->size);
	while (fine && more) {
		fine = yaml_parser_scan(&parser, &token) &&
		       y->depth < (int)FMT_DEPTH_MAX;
		if (!fine) {
			diag_error(diags, place(y->source, parser.problem_mark),
				   "%s", parser.problem ? parser.problem :
				   "too many levels");
			break;
		}
		more = token.type != YAML_STREAM_END_TOKEN;
		read_token(y, &token);
		note_gap(y, &token);
		yaml_token_delete(&token);
	}
	yaml_parser_delete(&parser);
	return fine;
}

/* ---- what comes out ---- */

static void put_blanks(struct fmt_text *text, unsigned n)
{
	while (n--)
		fmt_put(text, " ", 1);
}

/* A comment stands where the next word does, at the end where the last did. */
static unsigned comment_column(const struct yaml_layout *y, size_t i)
{
	for (size_t k = i; k < y->n; k++)
		if (y->lines[k].token)
			return y->lines[k].to;
	return 0;
}

/* Bytes up to column COLUMN of a line. */
static size_t bytes_to(const char *line, size_t size, unsigned column)
{
	size_t i = 0;

	while (i < size && column--)
		do
			i++;
		while (i < size && ((unsigned char)line[i] & 0xc0) == 0x80);
	return i;
}

/* The text of line I from byte FROM to SIZE, its gaps as they are to be. */
static void put_words(const struct yaml_layout *y, struct fmt_text *text,
		      size_t i, size_t from, size_t size, size_t *gap)
{
	const char *at = y->source->text + y->lines[i].begin;

	for (; *gap < y->n_gaps && y->gaps[*gap].line == i; ++*gap) {
		size_t begin = bytes_to(at, size, y->gaps[*gap].from);
		size_t end = bytes_to(at, size, y->gaps[*gap].to);

		if (begin < from)
			continue;
		fmt_put(text, at + from, begin - from);
		put_blanks(text, y->gaps[*gap].blanks);
		from = end;
	}
	fmt_put(text, at + from, size - from);
}

/* Line I as it will be; MOVED is by how much a value's first line moved. */
static void put_line(struct yaml_layout *y, struct fmt_text *text, size_t i,
		     int *moved, size_t *gap)
{
	const struct line *line = &y->lines[i];
	const char *at = y->source->text + line->begin;
	size_t blanks = strspn(at, " "), size = line->size, end;
	long to;

	while (size > blanks && strchr(" \t\r", at[size - 1]))
		size--;
	if (size <= blanks)
		return;
	if (line->token) {
		*moved = (int)line->to - (int)line->from;
		to = line->to;
	} else if (at[blanks] == '#') {
		to = comment_column(y, i);
	} else {	/* a value goes on */
		to = (long)blanks + *moved;
	}
	put_blanks(text, to > 0 ? (unsigned)to : 0);
	while (line->token && size > blanks + 2 && at[blanks] == '-' &&
	       at[blanks + 1] == ' ') {
		fmt_put(text, "- ", 2);
		blanks += 1 + strspn(at + blanks + 1, " ");
	}
	end = line->end ? bytes_to(at, size, line->end) : size;
	if (end < blanks || at[end + strspn(at + end, " \t")] != '#')
		end = size;
	put_words(y, text, i, blanks, end, gap);
	if (end < size) {		/* a comment behind the words */
		end += strspn(at + end, " \t");
		fmt_put(text, "  ", 2);
		fmt_put(text, at + end, size - end);
	}
}

/* Whether two texts are one document, comments and looks aside. */
static bool same_document(const char *left, size_t left_size, const char *right,
			  size_t right_size)
{
	yaml_parser_t a, b;
	yaml_event_t x, y;
	bool same = true, more = true;

	if (!yaml_parser_initialize(&a))
		return false;
	if (!yaml_parser_initialize(&b)) {
		yaml_parser_delete(&a);
		return false;
	}
	yaml_parser_set_input_string(&a, (const unsigned char *)left,
				     left_size);
	yaml_parser_set_input_string(&b, (const unsigned char *)right,
				     right_size);
	while (same && more) {
		if (!yaml_parser_parse(&a, &x)) {
			same = false;
			break;
		}
		if (!yaml_parser_parse(&b, &y)) {
			yaml_event_delete(&x);
			same = false;
			break;
		}
		same = x.type == y.type;
		if (same && x.type == YAML_SCALAR_EVENT)
			same = x.data.scalar.length == y.data.scalar.length &&
			       !memcmp(x.data.scalar.value, y.data.scalar.value,
				       x.data.scalar.length);
		more = x.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&x);
		yaml_event_delete(&y);
	}
	yaml_parser_delete(&a);
	yaml_parser_delete(&b);
	return same;
}

bool fmt_yaml(struct fmt_text *text, struct diags *diags,
	      const struct source *source)
{
	struct yaml_layout *y = arena_alloc(text->arena, sizeof(*y));
	struct yaml yaml;
	bool fine = yaml_open(&yaml, text->arena, diags, source) != NULL;
	size_t empty = 0, gap = 0;
	int moved = 0;

	yaml_close(&yaml);
	if (!fine)
		return false;
	y->arena = text->arena;
	y->source = source;
	split(y);
	if (!scan(y, diags))
		return false;
	for (size_t i = 0; i < y->n; i++) {
		size_t before = text->n;

		put_line(y, text, i, &moved, &gap);
		empty = text->n == before ? empty + 1 : 0;
		/* One empty line is as good as three; none at the beginning. */
		if (empty < 2 && (text->n || !empty))
			fmt_put(text, "\n", 1);
	}
	while (text->n > 1 && text->bytes[text->n - 2] == '\n')
		text->n--;
	if (same_document(source->text, source->size, text->bytes, text->n))
		return true;
	diag_error(diags, (struct pos){ .source = source, .line = 1,
					.column = 1 },
		   "the layout would change the meaning of this file: it is "
		   "left alone");
	return false;
}
