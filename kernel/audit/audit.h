/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Audit records: what was decided about a message and why, as a line for people
 * or as JSON. One writer, the log's ring. A record never holds what a program
 * wrote, only what the kernel knows. Knows nothing of sockets.
 */
#ifndef DK_AUDIT_AUDIT_H
#define DK_AUDIT_AUDIT_H

#include <stdbool.h>

#include "../abi/status.h"
#include "../base/bucket.h"
#include "../base/log.h"
#include "../base/text.h"
#include "../security/event.h"
#include "../security/image.h"
#include "ring.h"

enum audit_what {
	AUDIT_DENIED = 0,	/* the policy, or that it says nothing */
	AUDIT_MALFORMED,	/* not a message at all */
	AUDIT_REFUSED,		/* a limit, a deadlock, nothing of that name */
	AUDIT_DROPPED,		/* an answer that nobody waits for any more */
	AUDIT_KILLED,		/* a forbidden system call, a wrong version */
	AUDIT_GRANTED,		/* with --trace */
	AUDIT_N
};

enum audit_subsystem { AUDIT_MODULE, AUDIT_VALIDATOR, AUDIT_ROUTER,
		       AUDIT_MEDIATOR, AUDIT_N_SUBSYSTEMS };

struct audit_party {
	const char *task;	/* NULL: not known, then nothing else is */
	uint32_t class_index;
	uint32_t sid;
};

struct audit_record {
	enum audit_what what;
	enum event_kind kind;	/* EVENT_NONE: not known */
	struct audit_party src, dst;
	const char *endpoint, *interface, *method;	/* NULL: not known */
	enum audit_subsystem subsystem;
	enum dk_status status;
	const char *why;	/* NULL: see .trace */
	const struct trace *trace;	/* NULL: the module was not asked */
	bool whole;		/* all its rules, whatever the profile says */
};

/* How many records of one task were left out, since it was last said. */
struct audit_meter {
	struct bucket bucket;
	uint64_t muted[AUDIT_N];
};

struct audit {
	const struct image *image;
	struct log *log;
	bool json;
	uint64_t event;		/* of the last record */
	uint64_t n_denied;	/* written, counted, or not wanted */
	uint32_t level;
	uint32_t level_bit;	/* of .level in the profiles; 0: none names it */
	char line[LIMIT_RECORD];
	struct ring *ring;	/* of the last records; NULL: they are not kept */
	char other[LIMIT_RECORD];	/* the form that is not printed */
};

void audit_init(struct audit *audit, const struct image *image,
		struct log *log, bool json);
void audit_meter_init(struct audit_meter *meter, uint64_t now_ms);

/* From now on what the profiles say at LEVEL is recorded. */
void audit_set_level(struct audit *audit, uint32_t level);
/*
 * Whether an event that TRACE explains is recorded: what the module granted or
 * denied, if the profile of some rule says so at this level; what no rule is
 * called for, always. A policy that says nothing about audit has its denials
 * recorded.
 */
bool audit_wants(const struct audit *audit, enum verdict verdict,
		 const struct trace *trace);
/* A denial that is not wanted: it counts. */
void audit_skip_denial(struct audit *audit);

/* Writes RECORD, or counts it if METER (may be NULL) has no token left. */
void audit_write(struct audit *audit, struct audit_meter *meter,
		 uint64_t now_ms, const struct audit_record *record);
/* Says what was counted about TASK, if anything was. */
void audit_summarise(struct audit *audit, struct audit_meter *meter,
		     const char *task);
bool audit_meter_muted(const struct audit_meter *meter);

const char *audit_what_name(enum audit_what what);
const char *audit_subsystem_name(enum audit_subsystem subsystem);
/* "SECURITY_DISALLOW" and so on. */
const char *audit_status_name(enum dk_status status);

/* The three forms; called by audit_write. */
void audit_write_text(const struct audit *audit, struct text *text,
		      const struct audit_record *record);
void audit_write_json(const struct audit *audit, struct text *text,
		      const struct audit_record *record);

/* LINE with a field for each part, to the log that is a journal. */
void audit_write_journal(const struct audit *audit, const struct text *line,
			 const struct audit_record *record);

/* Call I of TRACE's action. */
const struct image_call *audit_call(const struct image *image,
				    const struct trace *trace, uint32_t i);
bool audit_granted(const struct trace *trace, uint32_t i);
bool audit_faulted(const struct trace *trace, uint32_t i);
/* It was not called: it is in a case that was not chosen. */
bool audit_skipped(const struct trace *trace, uint32_t i);
/* Whether the record names call I, and what it answered. */
bool audit_names(const struct audit *audit, const struct audit_record *record,
		 uint32_t i);
const char *audit_result_name(const struct trace *trace, uint32_t i);
/* The patterns that the trace knows of, and whether the record names one. */
uint32_t audit_n_matches(const struct trace *trace);
bool audit_emits(const struct audit *audit, const struct trace *trace,
		 uint32_t i);
/* "re.match" or "re.select" */
const char *audit_expression_name(const struct trace_match *match);
/* "2026-11-26T01:20:29.123Z" */
void audit_add_time(struct text *text);

#endif
