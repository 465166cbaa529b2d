/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dump.h"

static void dump_levels(const struct image *image, const char *what,
			uint32_t bits, FILE *to)
{
	if (!bits)
		return;
	fprintf(to, ", %s at", what);
	for (uint32_t i = 0; i + 1 < image->n_levels; i++)
		if (bits >> i & 1)
			fprintf(to, " %u", image->levels[1 + i]);
}

void dump_audited(const struct image *image, uint32_t granted, FILE *to)
{
	dump_levels(image, "recorded", granted, to);
}

void dump_audit(const struct image *image, FILE *to)
{
	if (!image->n_levels)
		return;
	fprintf(to, "\naudit, which begins at level %u\n", image->levels[0]);
	for (uint32_t i = 0; i < image->n_audits; i++) {
		const struct image_audit *audit = &image->audits[i];

		fprintf(to, "  %u", i);
		dump_name(to, image, " ", audit->profile, ": ");
		dump_name(to, image, "", audit->object, "");
		dump_levels(image, "granted", audit->granted, to);
		dump_levels(image, "denied", audit->denied, to);
		fputs(audit->granted | audit->denied ? "\n" : ", nothing\n",
		      to);
	}
}
