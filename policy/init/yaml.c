/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "yaml.h"

#include <string.h>

#define NESTING_MAX 100

/* The line that the character of this index stands in. */
static size_t find_line(const struct yaml *yaml, size_t index)
{
	size_t first = 0, end = yaml->n_lines;

	while (end - first > 1) {
		size_t middle = first + (end - first) / 2;

		if (yaml->lines[middle].index <= index)
			first = middle;
		else
			end = middle;
	}
	return first;
}

/* The first character at or after AT that is the beginning of one. */
static size_t next_character(const struct source *source, size_t at)
{
	do
		at++;
	while (at < source->size &&
	       ((unsigned char)source->text[at] & 0xc0) == 0x80);
	return at;
}

/*
 * libyaml counts characters from 0, without a byte-order mark, and has more
 * kinds of line ends than we; places here count bytes from 1.
 */
static struct pos place(const struct yaml *yaml, yaml_mark_t mark)
{
	const struct source *source = yaml->source;
	size_t line = find_line(yaml, mark.index);
	size_t at = yaml->lines[line].offset;

	for (size_t i = yaml->lines[line].index; i < mark.index &&
	     at < source->size && source->text[at] != '\n'; i++)
		at = next_character(source, at);
	return (struct pos){ .source = source, .line = (uint32_t)line + 1,
		.column = (uint32_t)(at - yaml->lines[line].offset) + 1,
		.offset = (uint32_t)at };
}

static void find_lines(struct yaml *yaml)
{
	const struct source *source = yaml->source;
	size_t at = 0, index = 0;

	if (source->size >= 3 && !memcmp(source->text, "\xef\xbb\xbf", 3))
		at = 3;
	for (;;) {
		*ARENA_PUSH(yaml->arena, yaml->lines, yaml->n_lines,
			    yaml->lines_capacity) =
			(struct yaml_line){ (uint32_t)at, (uint32_t)index };
		for (; at < source->size && source->text[at] != '\n'; index++)
			at = next_character(source, at);
		if (at == source->size)
			return;
		at++;
		index++;
	}
}

struct pos yaml_pos(const struct yaml *yaml, const yaml_node_t *node)
{
	struct pos pos = place(yaml, node->start_mark);
	struct pos end = place(yaml, node->end_mark);

	if (node->type == YAML_SCALAR_NODE && end.line == pos.line &&
	    end.offset > pos.offset)
		pos.length = end.offset - pos.offset;
	return pos;
}

static const char *kind(const yaml_node_t *node)
{
	switch (node->type) {
	case YAML_SCALAR_NODE:
		return node->data.scalar.length ? "a scalar" : "nothing";
	case YAML_SEQUENCE_NODE:
		return "a list";
	case YAML_MAPPING_NODE:
		return "a map";
	default:
		return "nothing";
	}
}

static bool is_kind(struct yaml *yaml, yaml_node_t *node, yaml_node_type_t type,
		    const char *want, const char *what)
{
	if (node->type == type)
		return true;
	diag_error(yaml->diags, yaml_pos(yaml, node), "%s is %s, found %s",
		   what, want, kind(node));
	return false;
}

static void parse_error(struct yaml *yaml, const yaml_parser_t *parser)
{
	yaml_mark_t mark = parser->problem_mark;

	if (parser->error == YAML_READER_ERROR)
		for (size_t at = yaml->lines[0].offset;
		     at < parser->problem_offset && at < yaml->source->size;
		     mark.index++)
			at = next_character(yaml->source, at);
	diag_error(yaml->diags, place(yaml, mark), "this is not YAML: %s%s%s",
		   parser->problem ? parser->problem : "out of memory",
		   parser->context ? ", " : "",
		   parser->context ? parser->context : "");
}

static bool begin(struct yaml *yaml, yaml_parser_t *parser)
{
	if (!yaml_parser_initialize(parser)) {
		diag_error(yaml->diags, (struct pos){ .source = yaml->source,
			   .line = 1, .column = 1 }, "out of memory");
		return false;
	}
	yaml_parser_set_input_string(parser,
				     (const unsigned char *)yaml->source->text,
				     yaml->source->size);
	return true;
}

/*
 * libyaml looks at all open brackets for each token. What is not YAML is for
 * yaml_open to say.
 */
static bool check_nesting(struct yaml *yaml)
{
	unsigned nesting = 0;
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true;

	if (!begin(yaml, &parser))
		return false;
	while (more && nesting <= NESTING_MAX &&
	       yaml_parser_parse(&parser, &event)) {
		if (event.type == YAML_SEQUENCE_START_EVENT ||
		    event.type == YAML_MAPPING_START_EVENT)
			nesting++;
		else if (event.type == YAML_SEQUENCE_END_EVENT ||
			 event.type == YAML_MAPPING_END_EVENT)
			nesting--;
		if (nesting > NESTING_MAX)
			diag_error(yaml->diags, place(yaml, event.start_mark),
				   "this is nested deeper than %d levels",
				   NESTING_MAX);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return nesting <= NESTING_MAX;
}

yaml_node_t *yaml_open(struct yaml *yaml, struct arena *arena,
		       struct diags *diags, const struct source *source)
{
	yaml_parser_t parser;
	yaml_document_t more;
	yaml_node_t *root = NULL;

	memset(yaml, 0, sizeof(*yaml));
	yaml->arena = arena;
	yaml->diags = diags;
	yaml->source = source;
	find_lines(yaml);
	if (!check_nesting(yaml) || !begin(yaml, &parser))
		return NULL;
	if (!yaml_parser_load(&parser, &yaml->document)) {
		parse_error(yaml, &parser);
	} else {
		root = yaml_document_get_root_node(&yaml->document);
		if (!root)
			diag_error(diags, (struct pos){ .source = source,
				   .line = 1, .column = 1 }, "expected a map "
				   "with the key 'entities', found nothing");
	}
	if (root && !yaml_parser_load(&parser, &more)) {
		parse_error(yaml, &parser);
		root = NULL;
	} else if (root) {
		if (yaml_document_get_root_node(&more))
			diag_error(diags, yaml_pos(yaml,
				   yaml_document_get_root_node(&more)),
				   "a second document is not read");
		yaml_document_delete(&more);
	}
	yaml_parser_delete(&parser);
	return root;
}

void yaml_close(struct yaml *yaml)
{
	yaml_document_delete(&yaml->document);
}

static yaml_node_t *node_at(struct yaml *yaml, int index)
{
	return yaml_document_get_node(&yaml->document, index);
}

const char *yaml_text(struct yaml *yaml, yaml_node_t *node, const char *what)
{
	const char *text;

	if (!is_kind(yaml, node, YAML_SCALAR_NODE, "a scalar", what))
		return NULL;
	text = (const char *)node->data.scalar.value;
	if (strlen(text) != node->data.scalar.length) {
		diag_error(yaml->diags, yaml_pos(yaml, node),
			   "%s holds a NUL byte", what);
		return NULL;
	}
	return arena_strndup(yaml->arena, text, node->data.scalar.length);
}

void yaml_sequence(struct yaml *yaml, yaml_node_t *node, const char *what,
		   void (*each)(struct yaml *, yaml_node_t *, void *), void *to)
{
	if (!is_kind(yaml, node, YAML_SEQUENCE_NODE, "a list", what))
		return;
	for (yaml_node_item_t *item = node->data.sequence.items.start;
	     item < node->data.sequence.items.top; item++)
		each(yaml, node_at(yaml, *item), to);
}

void yaml_pairs(struct yaml *yaml, yaml_node_t *node, const char *what,
		void (*each)(struct yaml *, yaml_node_t *key, yaml_node_t *value,
			     void *), void *to)
{
	const char **names = NULL;
	size_t n = 0, capacity = 0;

	if (!is_kind(yaml, node, YAML_MAPPING_NODE, "a map", what))
		return;
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = node_at(yaml, pair->key);
		const char *name = yaml_text(yaml, key, "a key");
		size_t i = 0;

		if (!name)
			continue;
		while (i < n && strcmp(names[i], name) != 0)
			i++;
		if (i < n) {
			diag_error(yaml->diags, yaml_pos(yaml, key),
				   "the key '%s' is there already", name);
			continue;
		}
		*ARENA_PUSH(yaml->arena, names, n, capacity) = name;
		each(yaml, key, node_at(yaml, pair->value), to);
	}
}

struct keys {
	const char *what;
	const struct yaml_key *of;
	size_t n;
	void *to;
};

static void read_key(struct yaml *yaml, yaml_node_t *key, yaml_node_t *value,
		     void *to)
{
	const struct keys *keys = to;
	const char *name = (const char *)key->data.scalar.value, *near;
	const char **names = arena_alloc(yaml->arena,
					 keys->n * sizeof(*names));
	struct pos pos = yaml_pos(yaml, key);

	for (size_t i = 0; i < keys->n; i++) {
		const struct yaml_key *known = &keys->of[i];

		names[i] = known->name;
		if (strcmp(known->name, name) != 0)
			continue;
		if (known->read)
			known->read(yaml, value, keys->to);
		else if (known->foreign)
			diag_warning(yaml->diags, pos,
				     "'%s' means nothing here", name);
		else
			diag_error(yaml->diags, pos, "'%s' is not supported by "
				   "this version", name);
		return;
	}
	near = diag_nearest(name, names, keys->n);
	diag_error(yaml->diags, pos, "unknown key '%s' in %s%s%s%s", name,
		   keys->what, near ? ", did you mean '" : "",
		   near ? near : "", near ? "'?" : "");
}

void yaml_mapping(struct yaml *yaml, yaml_node_t *node, const char *what,
		  const struct yaml_key *keys, size_t n, void *to)
{
	struct keys all = { .what = what, .of = keys, .n = n, .to = to };

	yaml_pairs(yaml, node, what, read_key, &all);
}
