/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The rules of the policy: places, programs, numbers. Equal programs share. */
#include <assert.h>
#include <string.h>

#include "build.h"

/* The file as the compiler was given it; a standard file without its folder. */
static const char *file_name(const struct build *build,
			     const struct source *source)
{
	size_t size = build->share ? strlen(build->share) : 0;

	if (size && !strncmp(source->path, build->share, size) &&
	    source->path[size] == '/')
		return source->path + size + 1;
	return source->path;
}

/* Index of the element in SECTION, where it stands but once. */
static uint32_t share(struct build *build, struct memo *memo,
		      enum image_section_id section, const void *element)
{
	size_t size = image_element_size[section];
	uint32_t index;

	if (memo_find(memo, element, size, &index))
		return index;
	index = build_append(build, section, element);
	memo_add(memo, build->arena, element, size, index);
	return index;
}

uint32_t build_number(struct build *build, struct image_number number)
{
	return share(build, &build->numbers, SECTION_NUMBERS, &number);
}

static uint32_t add_dfa(struct build *build, const struct regex *regex)
{
	struct image_dfa dfa = regex->dfa;
	size_t n = (size_t)(dfa.n_states - 2) * dfa.n_classes;
	uint32_t index;

	dfa.pattern = build_string(build, regex->pattern);
	if (memo_find(&build->dfas, &dfa.pattern, sizeof(dfa.pattern), &index))
		return index;
	dfa.next = (uint32_t)build->sections[SECTION_DFA_STATES].n;
	for (size_t i = 0; i < n; i++)
		build_append(build, SECTION_DFA_STATES, &regex->next[i]);
	index = build_append(build, SECTION_DFAS, &dfa);
	memo_add(&build->dfas, build->arena, &dfa.pattern, sizeof(dfa.pattern),
		 index);
	return index;
}

static uint32_t add_program(struct build *build, const struct psl_call *call)
{
	struct image_insn code[IMAGE_INSNS_MAX];
	size_t size = call->n_insns * sizeof(*code);
	uint32_t first;

	memcpy(code, call->insns, size);
	for (uint32_t i = 0; i < call->n_insns; i++) {
		if (code[i].op == OP_TEXT)
			code[i].arg = build_string(build,
						   call->texts[code[i].arg]);
		else if (code[i].op == OP_NUMBER)
			code[i].arg = build_number(build,
						   call->numbers[code[i].arg]);
		else if (code[i].op == OP_MATCH)
			code[i].arg = add_dfa(build,
					      call->regexes[code[i].arg]);
	}
	if (memo_find(&build->programs, code, size, &first))
		return first;
	first = (uint32_t)build->sections[SECTION_CODE].n;
	for (uint32_t i = 0; i < call->n_insns; i++)
		build_append(build, SECTION_CODE, &code[i]);
	memo_add(&build->programs, build->arena, code, size, first);
	return first;
}

static uint16_t selected_class(uint32_t class)
{
	static_assert(IMAGE_CLASSES_MAX < IMAGE_CLASS_ANY, "classes fit");
	return class == IMAGE_NONE ? IMAGE_CLASS_ANY : (uint16_t)class;
}

static uint32_t selected_name(struct build *build, const char *name)
{
	return name ? build_string(build, name) : 0;
}

static uint32_t add_binding(struct build *build,
			    const struct psl_binding *binding)
{
	struct pos pos = source_origin(binding->pos);
	struct image_selectors selectors = {
		.kind = binding->kind,
		.interface = selected_name(build, binding->interface),
		.component = selected_name(build, binding->component),
		.endpoint = selected_name(build, binding->endpoint),
		.method = selected_name(build, binding->method),
		.file = build_string(build, file_name(build, pos.source)),
	};
	struct image_binding to = {
		.src = selected_class(binding->src),
		.dst = selected_class(binding->dst),
		.selectors = share(build, &build->selectors, SECTION_SELECTORS,
				   &selectors),
		.line = pos.line,
	};

	return build_append(build, SECTION_BINDINGS, &to);
}

static void add_call(struct build *build, const struct psl_call *call,
		     uint32_t binding)
{
	struct pos pos = source_origin(call->pos);
	struct image_rule rule = {
		.code = add_program(build, call),
		.n_insns = (uint16_t)call->n_insns,
		.fixed = (uint8_t)call->fixed,
		.object = build_string(build, call->object),
		.method = build_string(build, call->method),
		.audit = call->audit,
	};
	struct image_call to = {
		.rule = share(build, &build->rules, SECTION_RULES, &rule),
		.binding = binding, .line = pos.line, .column = pos.column,
	};

	build_append(build, SECTION_CALLS, &to);
}

void build_calls(struct build *build, uint32_t *first)
{
	for (uint32_t i = 0; i < build->psl->n_bindings; i++) {
		const struct psl_binding *binding = &build->psl->bindings[i];
		uint32_t index = add_binding(build, binding);

		first[i] = (uint32_t)build->sections[SECTION_CALLS].n;
		for (uint32_t j = 0; j < binding->n_calls; j++)
			add_call(build, &binding->calls[j], index);
	}
}
