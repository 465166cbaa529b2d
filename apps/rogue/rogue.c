/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A hostile program: `Rogue ATTACK [ARGUMENT]...` performs one attack from the
 * inside of its sandbox, on the raw wire. It is what the system must survive;
 * tests/attack says what has to come of each.
 */
#include <string.h>

#include "attacks.h"
#include "raw.h"

static const struct attack *const tables[] = {
	frames_attacks, bodies_attacks, answers_attacks, floods_attacks,
	descriptors_attacks, ends_attacks, calls_attacks
};

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct attack *a = tables[i]; a->name; a++) {
			if (strcmp(a->name, name) != 0)
				continue;
			say("%s: begins", name);
			a->run(a, argc - 2, argv + 2);
			say("%s: ends", name);
			return 0;
		}
	}
	say("usage: Rogue ATTACK; there is no attack '%s'", name);
	return 2;
}
