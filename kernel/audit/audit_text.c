/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A record as a line for people. */
#include "audit.h"

#include <string.h>

static void add_party(const struct audit *audit, struct text *text,
		      const struct audit_party *party)
{
	const char *name;

	if (!party->task) {
		text_add(text, "?");
		return;
	}
	name = image_string(audit->image,
			    audit->image->classes[party->class_index].name);
	if (strcmp(name, party->task) == 0)
		text_add(text, "%s (sid %u)", name, party->sid);
	else
		text_add(text, "%s (%s, sid %u)", party->task, name,
			 party->sid);
}

static void add_rule(const struct audit *audit, struct text *text,
		     const struct trace *trace, uint32_t i)
{
	const struct image *image = audit->image;
	const struct image_call *call = audit_call(image, trace, i);

	text_add(text, "%s.%s at %s:%u", image_call_object(image, call),
		 image_call_method(image, call),
		 image_call_file(image, call), call->line);
}

/* LEAD and the rules of that answer that the record names, if there are any. */
static void add_rules(const struct audit *audit, struct text *text,
		      const struct audit_record *record, bool granted,
		      const char *lead)
{
	const struct trace *trace = record->trace;
	uint32_t shown = 0, more = 0;

	for (uint32_t i = 0; i < trace->n_calls; i++) {
		if (audit_granted(trace, i) != granted ||
		    !audit_names(audit, record, i))
			continue;
		if (shown == LIMIT_RECORD_RULES) {
			more++;
			continue;
		}
		text_add(text, "%s ", shown++ == 0 ? lead : ",");
		if (audit_faulted(trace, i))
			text_add(text, "what cannot be computed in ");
		add_rule(audit, text, trace, i);
	}
	if (more)
		text_add(text, " and %u more", more);
}

/* What the profile asks for of patterns, "; re.match "^a" is false at f:1". */
static void add_matches(const struct audit *audit, struct text *text,
			const struct trace *trace)
{
	const struct image *image = audit->image;
	uint32_t shown = 0, more = trace->n_matches - audit_n_matches(trace);

	for (uint32_t i = 0; i < audit_n_matches(trace); i++) {
		const struct trace_match *match = &trace->matches[i];
		const struct image_call *call = audit_call(image, trace,
							   match->call);

		if (!audit_emits(audit, trace, i))
			continue;
		if (shown++ >= LIMIT_RECORD_RULES) {
			more++;
			continue;
		}
		text_add(text, "; %s ", audit_expression_name(match));
		text_json(text, image_string(image,
					     image->dfas[match->dfa].pattern));
		text_add(text, " is %s at %s:%u",
			 match->found ? "true" : "false",
			 image_call_file(image, call), call->line);
	}
	if (shown && more)
		text_add(text, " and %u more", more);
}

/* A denial names the rules that denied; also those that granted, if the profile
   asks for them. A grant names all. */
static void add_reason(const struct audit *audit, struct text *text,
		       const struct audit_record *record)
{
	const struct trace *trace = record->trace;

	if (record->why) {
		text_add(text, ": %s", record->why);
	} else if (trace && trace->n_calls == 0) {
		text_add(text, ": no rule grants it");
	} else if (trace && record->what == AUDIT_GRANTED) {
		text_add(text, ": granted");
		add_rules(audit, text, record, true, " by");
	} else if (trace) {
		text_add(text, ": denied");
		add_rules(audit, text, record, false, " by");
		if (audit->image->n_levels)
			add_rules(audit, text, record, true, "; granted by");
	}
	if (trace && !record->why)
		add_matches(audit, text, trace);
}

/* What the line has not said yet; an entry of the journal has fields for it. */
static void add_rest(const struct audit *audit, struct text *text,
		     const struct audit_record *record)
{
	text_add(text, " [");
	if (record->endpoint && record->interface)
		text_add(text, "%s, ", record->interface);
	text_add(text, "%s, event %llu, ",
		 audit_subsystem_name(record->subsystem),
		 (unsigned long long)audit->event);
	audit_add_time(text);
	text_add(text, "]");
}

void audit_write_text(const struct audit *audit, struct text *text,
		      const struct audit_record *record)
{
	text_add(text, "dkd: %s ", audit_what_name(record->what));
	if (record->kind != EVENT_NONE)
		text_add(text, "%s ", event_kind_name(record->kind));
	text_add(text, " ");
	add_party(audit, text, &record->src);
	if (record->dst.task) {
		text_add(text, " -> ");
		add_party(audit, text, &record->dst);
	}
	if (record->endpoint || record->interface)
		text_add(text, " %s", record->endpoint ? record->endpoint :
			 record->interface);
	if (record->method)
		text_add(text, ".%s", record->method);
	add_reason(audit, text, record);
	if (!audit->log->journal)
		add_rest(audit, text, record);
}
