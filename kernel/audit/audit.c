/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "audit.h"

#include <assert.h>
#include <time.h>

void audit_init(struct audit *audit, const struct image *image,
		struct log *log, bool json)
{
	audit->image = image;
	audit->log = log;
	audit->json = json;
	audit->event = 0;
	audit->n_denied = 0;
	audit_set_level(audit, image->n_levels ? image->levels[0] : 0);
}

void audit_set_level(struct audit *audit, uint32_t level)
{
	const struct image *image = audit->image;

	audit->level = level;
	audit->level_bit = 0;
	for (uint32_t i = 1; i < image->n_levels; i++)
		if (image->levels[i] == level)
			audit->level_bit = UINT32_C(1) << (i - 1);
}

/* ---- what is recorded ---- */

/* Whether the rule's process was in a state of the Flow that is left out. */
static bool is_omitted(const struct audit *audit, const struct image_audit *of,
		       uint32_t saw)
{
	return saw > 0 && saw <= of->n_omits &&
	       audit->image->omits[of->omits + saw - 1] & audit->level_bit;
}

static const struct image_rule *rule_of(const struct audit *audit,
					const struct trace *trace, uint32_t i)
{
	return image_rule(audit->image, audit_call(audit->image, trace, i));
}

static bool is_recorded(const struct audit *audit, const struct trace *trace,
			uint32_t i)
{
	const struct image_rule *rule = rule_of(audit, trace, i);
	const struct image_audit *of = &audit->image->audits[rule->audit];

	if (audit_skipped(trace, i) ||
	    (rule->fixed == CALL_EVAL && is_omitted(audit, of, trace->saw[i])))
		return false;
	return (audit_granted(trace, i) ? of->granted : of->denied) &
	       audit->level_bit;
}

bool audit_wants(const struct audit *audit, enum verdict verdict,
		 const struct trace *trace)
{
	const struct image *image = audit->image;

	if (verdict == VERDICT_GRANT) {	/* proved: of some rule, or of none */
		if (!(audit->level_bit &&
		      image->actions[trace->action].granted & audit->level_bit))
			return false;
	} else if (trace->n_calls == 0 || image->n_levels == 0) {
		return true;
	}
	for (uint32_t i = 0; i < trace->n_calls; i++)
		if (is_recorded(audit, trace, i))
			return true;
	for (uint32_t i = 0; i < audit_n_matches(trace); i++)
		if (audit_emits(audit, trace, i))
			return true;
	return false;
}

uint32_t audit_n_matches(const struct trace *trace)
{
	return trace->n_matches < TRACE_MATCHES_MAX ? trace->n_matches
						    : TRACE_MATCHES_MAX;
}

bool audit_emits(const struct audit *audit, const struct trace *trace,
		 uint32_t i)
{
	const struct trace_match *match = &trace->matches[i];
	const struct image *image = audit->image;

	return image->n_levels &&
	       image->audits[rule_of(audit, trace, match->call)->audit]
		       .emitted[match->expression] & audit->level_bit;
}

const char *audit_expression_name(const struct trace_match *match)
{
	return match->expression == REGEX_SELECT ? "re.select" : "re.match";
}

void audit_skip_denial(struct audit *audit)
{
	audit->n_denied++;
}

bool audit_names(const struct audit *audit, const struct audit_record *record,
		 uint32_t i)
{
	if (audit_skipped(record->trace, i))
		return false;
	return record->whole || audit->image->n_levels == 0 ||
	       is_recorded(audit, record->trace, i);
}

/* ---- records ---- */

void audit_meter_init(struct audit_meter *meter, uint64_t now_ms)
{
	*meter = (struct audit_meter){ 0 };
	bucket_init(&meter->bucket, LIMIT_AUDIT_BURST, LIMIT_AUDIT_RATE,
		    now_ms);
}

bool audit_meter_muted(const struct audit_meter *meter)
{
	for (int what = 0; what < AUDIT_N; what++)
		if (meter->muted[what])
			return true;
	return false;
}

static void write_form(const struct audit *audit, struct text *text,
		       const struct audit_record *record, bool json)
{
	char *buffer = text->bytes;
	size_t size = text->size;

	if (!json) {
		audit_write_text(audit, text, record);
		return;
	}
	audit_write_json(audit, text, record);
	if (text->cut) {	/* half a line is no JSON */
		struct audit_record less = *record;

		less.trace = NULL;
		text_init(text, buffer, size);
		audit_write_json(audit, text, &less);
	}
}

/* For who asks later: in both forms, of which LINE is one. */
static void keep(struct audit *audit, const struct text *line,
		 const struct audit_record *record)
{
	struct text other;
	const struct text *text = line, *json = line;

	text_init(&other, audit->other, sizeof(audit->other));
	write_form(audit, &other, record, !audit->json);
	if (audit->json)
		text = &other;
	else
		json = &other;
	ring_put(audit->ring, text->bytes, text->used, json->bytes, json->used);
}

void audit_write(struct audit *audit, struct audit_meter *meter,
		 uint64_t now_ms, const struct audit_record *record)
{
	struct text text;

	audit->event++;
	audit->n_denied += record->what == AUDIT_DENIED;
	if (meter && !bucket_take(&meter->bucket, now_ms)) {
		meter->muted[record->what]++;
		return;
	}
	text_init(&text, audit->line, sizeof(audit->line));
	write_form(audit, &text, record, audit->json);
	if (audit->ring)
		keep(audit, &text, record);
	if (audit->log->journal)
		audit_write_journal(audit, &text, record);
	else
		log_line(audit->log, text.bytes, text.used);
}

void audit_summarise(struct audit *audit, struct audit_meter *meter,
		     const char *task)
{
	struct text text;

	for (int what = 0; what < AUDIT_N; what++) {
		if (!meter->muted[what])
			continue;
		text_init(&text, audit->line, sizeof(audit->line));
		if (audit->json) {
			text_add(&text, "{\"what\":\"summary\",\"of\":\"%s\","
				 "\"count\":%llu,\"task\":",
				 audit_what_name(what),
				 (unsigned long long)meter->muted[what]);
			text_json(&text, task);
			text_add(&text, "}");
		} else {
			text_add(&text, "dkd: %s: %llu more like this (%s) "
				 "were not shown", task,
				 (unsigned long long)meter->muted[what],
				 audit_what_name(what));
		}
		log_task_line(audit->log, task, text.bytes, text.used);
		meter->muted[what] = 0;
	}
}

const char *audit_what_name(enum audit_what what)
{
	static const char *const names[] = {
		[AUDIT_DENIED] = "DENIED", [AUDIT_MALFORMED] = "MALFORMED",
		[AUDIT_REFUSED] = "REFUSED", [AUDIT_DROPPED] = "DROPPED",
		[AUDIT_KILLED] = "KILLED", [AUDIT_GRANTED] = "GRANTED",
	};
	static_assert(sizeof(names) / sizeof(names[0]) == AUDIT_N, "names");

	return names[what];
}

const char *audit_subsystem_name(enum audit_subsystem subsystem)
{
	static const char *const names[] = {
		[AUDIT_MODULE] = "module", [AUDIT_VALIDATOR] = "validator",
		[AUDIT_ROUTER] = "router", [AUDIT_MEDIATOR] = "mediator",
	};
	static_assert(sizeof(names) / sizeof(names[0]) == AUDIT_N_SUBSYSTEMS,
		      "names");

	return names[subsystem];
}

const char *audit_status_name(enum dk_status status)
{
	static const char *const names[] = {
		[DK_OK] = "OK", [DK_FAIL] = "FAIL",
		[DK_INVALID_ARGUMENT] = "INVALID_ARGUMENT",
		[DK_SECURITY_DISALLOW] = "SECURITY_DISALLOW",
		[DK_NOT_CONNECTED] = "NOT_CONNECTED",
		[DK_TIMEOUT] = "TIMEOUT", [DK_NOT_FOUND] = "NOT_FOUND",
		[DK_BUSY] = "BUSY", [DK_NO_MEMORY] = "NO_MEMORY",
		[DK_BAD_MESSAGE] = "BAD_MESSAGE", [DK_QUOTA] = "QUOTA",
		[DK_DEADLOCK] = "DEADLOCK", [DK_CANCELED] = "CANCELED",
		[DK_UNSUPPORTED] = "UNSUPPORTED",
	};
	static_assert(sizeof(names) / sizeof(names[0]) == DK_N_STATUS, "names");

	return names[status];
}

const struct image_call *audit_call(const struct image *image,
				    const struct trace *trace, uint32_t i)
{
	const struct image_action *action = &image->actions[trace->action];

	return &image->calls[image->action_calls[action->calls + i]];
}

bool audit_granted(const struct trace *trace, uint32_t i)
{
	return trace_result(trace, i) == TRACE_GRANTED;
}

bool audit_faulted(const struct trace *trace, uint32_t i)
{
	return trace_result(trace, i) == TRACE_FAULTED;
}

bool audit_skipped(const struct trace *trace, uint32_t i)
{
	return trace_result(trace, i) == TRACE_SKIPPED;
}

const char *audit_result_name(const struct trace *trace, uint32_t i)
{
	return audit_granted(trace, i) ? "granted" :
	       audit_faulted(trace, i) ? "fault" : "denied";
}

void audit_add_time(struct text *text)
{
	struct timespec now;
	struct tm utc;
	char stamp[32] = "";

	clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
	text_add(text, "%s.%03ldZ", stamp, now.tv_nsec / 1000000);
}
