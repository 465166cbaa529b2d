/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What is recorded of the policy's rules: none of it if the policy is silent. */
#include "build.h"

void build_audit(struct build *build)
{
	const struct psl *psl = build->psl;

	if (!psl->audited)
		return;
	build_append(build, SECTION_LEVELS, &psl->level);
	for (uint32_t i = 0; i < psl->n_levels; i++)
		build_append(build, SECTION_LEVELS, &psl->levels[i]);
	for (uint32_t i = 0; i < psl->n_audits; i++) {
		struct image_audit audit = {
			.profile = build_string(build, psl->audits[i].profile),
			.object = build_string(build, psl->audits[i].object),
			.granted = psl->audits[i].granted,
			.denied = psl->audits[i].denied,
			.emitted = { psl->audits[i].emitted[REGEX_MATCH],
				     psl->audits[i].emitted[REGEX_SELECT] },
			.omits = build->sections[SECTION_OMITS].n,
			.n_omits = psl->audits[i].n_omits,
		};

		for (uint32_t k = 0; k < audit.n_omits; k++)
			build_append(build, SECTION_OMITS,
				     &psl->audits[i].omits[k]);
		build_append(build, SECTION_AUDITS, &audit);
	}
}

uint32_t build_audited(const struct build *build, uint32_t call)
{
	const struct image_call *calls = build->sections[SECTION_CALLS].data;
	const struct image_rule *rules = build->sections[SECTION_RULES].data;
	const struct image_audit *audits = build->sections[SECTION_AUDITS].data;
	uint32_t audit = rules[calls[call].rule].audit;

	return audit == IMAGE_NONE ? 0 : image_audit_granted(&audits[audit]);
}
