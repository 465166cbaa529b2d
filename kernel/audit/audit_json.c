/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A record as one line of JSON. */
#include "audit.h"

static void add_string(struct text *text, const char *key, const char *value)
{
	text_add(text, ",\"%s\":", key);
	text_json(text, value);
}

static void add_party(const struct audit *audit, struct text *text,
		      const char *key, const struct audit_party *party)
{
	const struct image *image = audit->image;

	text_add(text, ",\"%s\":", key);
	if (!party->task) {
		text_add(text, "null");
		return;
	}
	text_add(text, "{\"class\":");
	text_json(text, image_string(image,
				     image->classes[party->class_index].name));
	text_add(text, ",\"sid\":%u", party->sid);
	add_string(text, "task", party->task);
	text_add(text, "}");
}

static void add_rule(const struct audit *audit, struct text *text,
		     const struct trace *trace, uint32_t i)
{
	const struct image *image = audit->image;
	const struct image_call *call = audit_call(image, trace, i);

	text_add(text, "{\"object\":");
	text_json(text, image_call_object(image, call));
	add_string(text, "method", image_call_method(image, call));
	add_string(text, "result", audit_result_name(trace, i));
	add_string(text, "file", image_call_file(image, call));
	text_add(text, ",\"line\":%u}", call->line);
}

/* Those that the record names; .n_rules is how many there are in all. */
static void add_rules(const struct audit *audit, struct text *text,
		      const struct audit_record *record)
{
	uint32_t n = record->trace ? record->trace->n_calls : 0, shown = 0;

	text_add(text, ",\"n_rules\":%u,\"rules\":[", n);
	for (uint32_t i = 0; i < n && shown < LIMIT_RECORD_RULES; i++) {
		if (!audit_names(audit, record, i))
			continue;
		text_add(text, "%s", shown++ ? "," : "");
		add_rule(audit, text, record->trace, i);
	}
	text_add(text, "]");
}

static void add_match(const struct audit *audit, struct text *text,
		      const struct trace *trace, uint32_t i)
{
	const struct image *image = audit->image;
	const struct trace_match *match = &trace->matches[i];
	const struct image_call *call = audit_call(image, trace, match->call);

	text_add(text, "{\"expression\":");
	text_json(text, audit_expression_name(match));
	add_string(text, "pattern", image_string(image,
					image->dfas[match->dfa].pattern));
	text_add(text, ",\"result\":%s", match->found ? "true" : "false");
	add_string(text, "file", image_call_file(image, call));
	text_add(text, ",\"line\":%u}", call->line);
}

/* What the profile asks for of patterns: the key is there if it is any. */
static void add_matches(const struct audit *audit, struct text *text,
			const struct trace *trace)
{
	uint32_t shown = 0;

	for (uint32_t i = 0; i < audit_n_matches(trace) &&
	     shown < LIMIT_RECORD_RULES; i++) {
		if (!audit_emits(audit, trace, i))
			continue;
		text_add(text, shown++ ? "," : ",\"expressions\":[");
		add_match(audit, text, trace, i);
	}
	text_add(text, shown ? "]" : "");
}

void audit_write_json(const struct audit *audit, struct text *text,
		      const struct audit_record *record)
{
	text_add(text, "{\"time\":\"");
	audit_add_time(text);
	text_add(text, "\",\"event\":%llu", (unsigned long long)audit->event);
	add_string(text, "what", audit_what_name(record->what));
	add_string(text, "kind", record->kind == EVENT_NONE ? NULL :
		   event_kind_name(record->kind));
	add_party(audit, text, "src", &record->src);
	add_party(audit, text, "dst", &record->dst);
	add_string(text, "endpoint", record->endpoint);
	add_string(text, "interface", record->interface);
	add_string(text, "method", record->method);
	add_string(text, "verdict",
		   record->what == AUDIT_GRANTED ||
		   record->what == AUDIT_DROPPED ? "granted" : "denied");
	add_string(text, "subsystem", audit_subsystem_name(record->subsystem));
	add_string(text, "status", audit_status_name(record->status));
	add_string(text, "why", record->why);
	add_rules(audit, text, record);
	if (record->trace)
		add_matches(audit, text, record->trace);
	text_add(text, "}");
}
