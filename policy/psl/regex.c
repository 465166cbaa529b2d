/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "regex.h"

#include <string.h>

static const struct regex *copy(struct arena *arena, const char *pattern,
				const struct regex_dfa *dfa)
{
	struct regex *regex = arena_alloc(arena, sizeof(*regex));
	size_t n = (size_t)(dfa->n_states - 2) * dfa->n_classes;
	uint16_t *next = arena_alloc(arena, n * sizeof(*next));

	if (n)
		memcpy(next, dfa->next + 2 * dfa->n_classes, n * sizeof(*next));
	regex->pattern = pattern;
	regex->next = next;
	regex->dfa.start = dfa->start;
	regex->dfa.n_states = (uint16_t)dfa->n_states;
	regex->dfa.n_classes = (uint16_t)dfa->n_classes;
	memcpy(regex->dfa.class_of, dfa->class_of, sizeof(dfa->class_of));
	return regex;
}

const struct regex *regex_compile(struct arena *arena, const char *pattern,
				  size_t size, struct regex_error *error)
{
	struct arena *scratch = arena_new();
	const struct regex *regex = NULL;
	struct regex_tree *tree;
	struct regex_nfa nfa;
	struct regex_dfa dfa;

	tree = regex_parse(scratch, pattern, size, error);
	if (tree && regex_nfa(scratch, tree, &nfa, error) &&
	    regex_dfa(scratch, &nfa, &dfa, error)) {
		regex_minimise(scratch, &dfa);
		regex = copy(arena, pattern, &dfa);
	} else {
		error->what = arena_strndup(arena, error->what,
					    strlen(error->what));
	}
	arena_free(scratch);
	return regex;
}
