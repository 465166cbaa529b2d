/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A record as an entry of the journal: the line for people (or the JSON) is its
 * MESSAGE, and there is a field for each part of it.
 */
#include "audit.h"

#include <assert.h>
#include <stdio.h>

#include "../base/journal.h"

static const struct {
	const char *verdict;
	enum journal_priority priority;
} kinds[] = {
	[AUDIT_DENIED] = { "deny", JOURNAL_WARNING },
	[AUDIT_MALFORMED] = { "malformed", JOURNAL_WARNING },
	[AUDIT_REFUSED] = { "refuse", JOURNAL_NOTICE },
	[AUDIT_DROPPED] = { "drop", JOURNAL_NOTICE },
	[AUDIT_KILLED] = { "kill", JOURNAL_WARNING },
	[AUDIT_GRANTED] = { "grant", JOURNAL_INFO },
};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == AUDIT_N, "kinds");

static void add_party(const struct audit *audit, struct journal *journal,
		      const char *side, const struct audit_party *party)
{
	const struct image *image = audit->image;
	char name[32];

	if (!party->task)
		return;
	snprintf(name, sizeof(name), "DK_%s_TASK", side);
	journal_add(journal, name, party->task);
	snprintf(name, sizeof(name), "DK_%s_CLASS", side);
	journal_add(journal, name,
		    image_string(image,
				 image->classes[party->class_index].name));
	snprintf(name, sizeof(name), "DK_%s_SID", side);
	journal_add_format(journal, name, "%u", party->sid);
}

/* The rules that decided, and what else the profile asks for: a field has as
   many values as there are. */
static void add_rules(const struct audit *audit, struct journal *journal,
		      const struct audit_record *record)
{
	bool granted = record->what == AUDIT_GRANTED;
	const struct trace *trace = record->trace;
	const struct image *image = audit->image;
	uint32_t shown = 0;

	for (uint32_t i = 0; i < trace->n_calls; i++) {
		const struct image_call *call = audit_call(image, trace, i);

		if (!audit_names(audit, record, i) ||
		    (image->n_levels == 0 && audit_granted(trace, i) != granted))
			continue;
		if (shown++ == LIMIT_RECORD_RULES)
			return;
		journal_add_format(journal, "DK_RULE", "%s:%u %s.%s %s",
				   image_call_file(image, call), call->line,
				   image_call_object(image, call),
				   image_call_method(image, call),
				   audit_result_name(trace, i));
	}
}

static void add_matches(const struct audit *audit, struct journal *journal,
			const struct trace *trace)
{
	const struct image *image = audit->image;
	uint32_t shown = 0;

	for (uint32_t i = 0; i < audit_n_matches(trace) &&
	     shown < LIMIT_RECORD_RULES; i++) {
		const struct trace_match *match = &trace->matches[i];
		const struct image_call *call = audit_call(image, trace,
							   match->call);

		if (!audit_emits(audit, trace, i))
			continue;
		shown++;
		journal_add_format(journal, "DK_EXPRESSION", "%s:%u %s %s %s",
				   image_call_file(image, call), call->line,
				   audit_expression_name(match),
				   image_string(image,
						image->dfas[match->dfa].pattern),
				   match->found ? "true" : "false");
	}
}

void audit_write_journal(const struct audit *audit, const struct text *line,
			 const struct audit_record *record)
{
	char buffer[LIMIT_ENTRY];
	struct journal journal;

	journal_begin(&journal, buffer, sizeof(buffer),
		      kinds[record->what].priority, line->bytes, line->used);
	journal_add(&journal, "DK_VERDICT", kinds[record->what].verdict);
	journal_add_format(&journal, "DK_EVENT", "%llu",
			   (unsigned long long)audit->event);
	if (record->kind != EVENT_NONE)
		journal_add(&journal, "DK_KIND", event_kind_name(record->kind));
	add_party(audit, &journal, "SRC", &record->src);
	add_party(audit, &journal, "DST", &record->dst);
	journal_add(&journal, "DK_ENDPOINT", record->endpoint);
	journal_add(&journal, "DK_INTERFACE", record->interface);
	journal_add(&journal, "DK_METHOD", record->method);
	journal_add(&journal, "DK_SUBSYSTEM",
		    audit_subsystem_name(record->subsystem));
	journal_add(&journal, "DK_STATUS", audit_status_name(record->status));
	journal_add(&journal, "DK_WHY", record->why);
	if (record->trace && !record->why)
		add_rules(audit, &journal, record);
	if (record->trace && !record->why)
		add_matches(audit, &journal, record->trace);
	log_entry(audit->log, journal.bytes, journal.used);
}
