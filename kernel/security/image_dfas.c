/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves that no DFA reads outside its table, whatever the text. It cannot loop:
 * a step takes a byte. Tables stand one after another, so that each word belongs
 * to one of them and is looked at once.
 */
#include "image_check.h"

static bool check_shape(const struct image_check *check, uint32_t index,
			uint32_t first)
{
	const struct image_dfa *dfa = &check->image->dfas[index];

	if (!image_is_string(check, dfa->pattern))
		return image_refuse(check, SECTION_DFAS, index,
				    "a pattern's text is out of range");
	if (dfa->n_states < 2 || dfa->n_classes < 2 || dfa->n_classes > 257 ||
	    dfa->zero != 0)
		return image_refuse(check, SECTION_DFAS, index,
				    "a pattern's table has no shape");
	if (dfa->start >= dfa->n_states)
		return image_refuse(check, SECTION_DFAS, index,
				    "a pattern starts outside its table");
	for (uint32_t byte = 0; byte < 256; byte++)
		if (dfa->class_of[byte] + 1u >= dfa->n_classes)
			return image_refuse(check, SECTION_DFAS, index,
					    "a byte's class is out of range");
	if (dfa->next != first ||
	    !image_has(check, SECTION_DFA_STATES, first,
		       (dfa->n_states - 2u) * dfa->n_classes))
		return image_refuse(check, SECTION_DFAS, index,
				    "a pattern's table is not where it belongs");
	return true;
}

static bool check_states(const struct image_check *check,
			 const struct image_dfa *dfa)
{
	const uint16_t *row = check->image->dfa_states + dfa->next;

	for (uint32_t state = 2; state < dfa->n_states; state++) {
		for (uint32_t class = 0; class < dfa->n_classes; class++)
			if (row[class] >= dfa->n_states)
				return image_refuse(check, SECTION_DFA_STATES,
					(uint32_t)(row - check->image->dfa_states)
					+ class,
					"a pattern's state is out of range");
		if (row[dfa->n_classes - 1] > DFA_MATCHED)
			return image_refuse(check, SECTION_DFA_STATES,
				(uint32_t)(row - check->image->dfa_states) +
				dfa->n_classes - 1u,
				"a text that has ended goes on");
		row += dfa->n_classes;
	}
	return true;
}

bool image_check_dfas(const struct image_check *check)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < check->count[SECTION_DFAS]; i++) {
		const struct image_dfa *dfa = &check->image->dfas[i];

		if (!check_shape(check, i, first) || !check_states(check, dfa))
			return false;
		first += (dfa->n_states - 2u) * dfa->n_classes;
	}
	return first == check->count[SECTION_DFA_STATES] ||
	       image_refuse(check, SECTION_DFA_STATES, first,
			    "states belong to no pattern");
}
