/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dfa.h"

bool dfa_match(const struct image_dfa *dfa, const uint16_t *states,
	       const uint8_t *text, uint32_t size)
{
	const uint16_t *next = states + dfa->next;
	uint32_t n = dfa->n_classes, state = dfa->start;

	for (uint32_t i = 0; i < size && state > DFA_MATCHED; i++)
		state = next[(state - 2) * n + dfa->class_of[text[i]]];
	if (state > DFA_MATCHED)	/* the last class is the text's end */
		state = next[(state - 2) * n + n - 1];
	return state == DFA_MATCHED;
}
