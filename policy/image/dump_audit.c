/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dump.h"

static void dump_at(const struct image *image, uint32_t bits, FILE *to)
{
	fputs(" at", to);
	for (uint32_t i = 0; i + 1 < image->n_levels; i++)
		if (bits >> i & 1)
			fprintf(to, " %u", image->levels[1 + i]);
}

static void dump_levels(const struct image *image, const char *what,
			uint32_t bits, FILE *to)
{
	if (!bits)
		return;
	fprintf(to, ", %s", what);
	dump_at(image, bits, to);
}

void dump_audited(const struct image *image, uint32_t granted, FILE *to)
{
	dump_levels(image, "recorded", granted, to);
}

/* The Flow that the profile is about; NULL if there is none of that name. */
static const struct image_object *find_flow(const struct image *image,
					    uint32_t name)
{
	for (uint32_t i = 0; i < image->n_objects; i++)
		if (image->objects[i].name == name &&
		    image->objects[i].model == MODEL_FLOW)
			return &image->objects[i];
	return NULL;
}

static void dump_omits(const struct image *image,
		       const struct image_audit *audit, FILE *to)
{
	const struct image_object *flow = find_flow(image, audit->object);

	for (uint32_t i = 0; i < audit->n_omits; i++) {
		uint32_t bits = image->omits[audit->omits + i];

		if (!bits)
			continue;
		if (flow && i < flow->n_items)
			dump_name(to, image, ", not in ",
				  image->object_words[flow->words + i], "");
		else
			fprintf(to, ", not in state %u", i);
		dump_at(image, bits, to);
	}
}

static bool records_nothing(const struct image_audit *audit)
{
	return !(image_audit_granted(audit) | audit->denied);
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
		dump_levels(image, "re.match", audit->emitted[REGEX_MATCH], to);
		dump_levels(image, "re.select", audit->emitted[REGEX_SELECT],
			    to);
		dump_omits(image, audit, to);
		fputs(records_nothing(audit) ? ", nothing\n" : "\n", to);
	}
}
