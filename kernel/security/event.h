/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the security module is asked about, and what it answers. Pure: no system
 * header, no allocation. Zero means deny everywhere.
 */
#ifndef DK_SECURITY_EVENT_H
#define DK_SECURITY_EVENT_H

#include <stdint.h>

#include "../abi/image.h"

enum verdict { VERDICT_DENY = 0, VERDICT_GRANT = 1 };

#define SID_KERNEL	1u	/* class kl.core.Core */
#define SID_EINIT	2u	/* class Einit, no process */
#define SID_FIRST	3u	/* of the first process */

/* A checked message. Its memory is the caller's and must not change. */
struct event_message {
	const uint8_t *fixed;	/* 8-aligned */
	const uint8_t *arena;	/* 8-aligned; may be NULL if arena_size is 0 */
	uint32_t fixed_size;
	uint32_t arena_size;
	const uint32_t *handle_sids;	/* by index on the wire; 0 = none */
	uint32_t n_handles;
};

struct event {
	enum event_kind kind;
	uint32_t src_class;	/* index in the image */
	uint32_t dst_class;	/* security: the same as src_class */
	uint32_t slot;		/* endpoint's slot + MID; execute: 0 */
	uint32_t src_sid;
	uint32_t dst_sid;	/* security: 0 */
	struct event_message message;	/* execute: all zero */
};

/* A pattern that was looked for in a text. */
struct trace_match {
	uint32_t dfa;
	uint16_t call;
	uint8_t expression;	/* enum regex_expression */
	uint8_t found;
};

#define TRACE_MATCHES_MAX 64u

/* Why: filled by decide. .action indexes SECTION_ACTIONS when .n_calls > 0. */
struct trace {
	uint32_t action;
	uint32_t n_calls;	/* 0: no rule was called, the router denied */
	uint32_t n_matches;	/* more than TRACE_MATCHES_MAX are only counted */
	uint64_t granted[IMAGE_CALLS_MAX / 64];	/* bit i: call i granted. Only
				   the first n_calls bits are written */
	uint64_t faulted[IMAGE_CALLS_MAX / 64];	/* bit i: call i could not be
				   computed, and so denied. Both: it was not
				   called, its case was not chosen */
	uint8_t saw[IMAGE_CALLS_MAX];	/* 1 + the state that the process was in
				   before a Flow's rule; 0: in none. Of calls
				   that are run (CALL_EVAL) only */
	struct trace_match matches[TRACE_MATCHES_MAX];
};

enum trace_result { TRACE_DENIED, TRACE_GRANTED, TRACE_FAULTED, TRACE_SKIPPED };

static inline enum trace_result trace_result(const struct trace *trace,
					     uint32_t i)
{
	uint64_t granted = trace->granted[i / 64] >> i % 64 & 1;
	uint64_t faulted = trace->faulted[i / 64] >> i % 64 & 1;

	return (enum trace_result)(granted | faulted << 1);
}

#endif
