/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A server that answers wrongly. Its client must get the true answer or a
 * status, never what was forged: the true answer to Plain(n) is 2 n, a forged one
 * is LIE.
 */
#include <string.h>
#include <unistd.h>

#include "attacks.h"
#include "raw.h"

#include <rogue/IEcho.idl.h>

#define LIE 666u

/* A response to CALL with VALUE, sized as Plain's is. */
static void answer_frame(struct frame *f, const struct frame *request,
			 uint32_t value)
{
	memset(&f->header, 0, sizeof(f->header));
	f->header.version = WIRE_VERSION;
	f->header.kind = WIRE_RESPONSE;
	f->header.call = request->header.call;
	f->header.riid = request->header.riid;
	f->header.mid = request->header.mid;
	f->header.fixed_size = request->header.fixed_size;
	memset(f->body, 0, f->header.fixed_size);
	memcpy(f->body, &value, sizeof(value));
}

static void answer(const struct frame *request, uint32_t value)
{
	static struct frame f;

	answer_frame(&f, request, value);
	raw_send(own.lair, &f);
}

static uint32_t asked(const struct frame *request)
{
	uint32_t n;

	memcpy(&n, request->body, sizeof(n));
	return n;
}

static void answer_truly(const struct frame *request)
{
	answer(request, 2 * asked(request));
}

/* Answers to calls that never were, before the true one. */
static void forge(const struct frame *request)
{
	static struct frame f;

	for (uint32_t i = 0; i < 20; i++) {
		answer_frame(&f, request, LIE);
		f.header.call = i < 5 ? request->header.call + 1 + i :
				i < 10 ? request->header.call ^ 1u << i * 3 :
				dice();
		if (f.header.call != request->header.call)
			raw_send(own.lair, &f);
	}
	answer_truly(request);
}

static void twice(const struct frame *request)
{
	answer_truly(request);
	answer(request, LIE);
	answer(request, LIE);
}

/* The answer to a call before this one, which has its answer already. */
static void stale(const struct frame *request)
{
	static struct frame before;
	static bool any;

	if (any)
		answer(&before, LIE);
	before = *request;
	any = true;
	answer_truly(request);
}

static void late(const struct frame *request)
{
	rest(250);			/* the client waits for 100 ms */
	answer(request, LIE);
}

/* Under another method's number; the value is true, for the call is its own. */
static void wrong_method(const struct frame *request)
{
	static struct frame f;

	answer_frame(&f, request, 2 * asked(request));
	f.header.mid = rogue_IEcho_Echo_mid;
	raw_send(own.lair, &f);
	answer_truly(request);
}

static void wrong_endpoint(const struct frame *request)
{
	static struct frame f;

	answer_frame(&f, request, 2 * asked(request));
	f.header.riid++;
	raw_send(own.lair, &f);
	answer_truly(request);
}

static void wrong_size(const struct frame *request)
{
	static struct frame f;

	answer_frame(&f, request, LIE);
	f.header.fixed_size += 8;
	memset(f.body + 8, 0xff, 8);
	raw_send(own.lair, &f);
}

static void as_error(const struct frame *request)
{
	static struct frame f;

	answer_frame(&f, request, LIE);
	f.header.kind = WIRE_ERROR;	/* Plain has no error parameters */
	raw_send(own.lair, &f);
}

/* A status is the kernel's to give. */
static void as_status(const struct frame *request)
{
	static struct frame f;

	answer_frame(&f, request, 0);
	f.header.kind = WIRE_STATUS;
	f.header.fixed_size = 0;
	f.header.status = DK_OK;
	raw_send(own.lair, &f);
	f.header.status = DK_SECURITY_DISALLOW;
	raw_send(own.lair, &f);
	answer_truly(request);
}

/* Requests through the listener, in the name of the client. */
static void as_client(const struct frame *request)
{
	static struct frame f;

	answer_frame(&f, request, LIE);
	f.header.kind = WIRE_REQUEST;
	f.header.sid = request->header.sid;
	raw_send(own.lair, &f);
	f.header.sid = 0;
	raw_send(own.lair, &f);
	answer_truly(request);
}

static void too_big(const struct frame *request)
{
	static struct frame f;

	answer_frame(&f, request, LIE);
	f.header.arena_size = 60000;
	memset(f.body + 8, 'x', 60000);
	raw_send(own.lair, &f);
}

static void nothing(const struct frame *request)
{
	(void)request;
}

static void die(const struct frame *request)
{
	(void)request;
	_exit(3);
}

static void hang_up(const struct frame *request)
{
	(void)request;
	close(own.lair);
	rest(300);
	_exit(0);
}

static const struct {
	const char *name;
	void (*serve)(const struct frame *request);
} ways[] = {
	{ "C21_forged_answer", forge },
	{ "C21_double_answer", twice },
	{ "C21_stale_answer", stale },
	{ "C21_late_answer", late },
	{ "C21_answer_of_another_method", wrong_method },
	{ "C21_answer_of_another_endpoint", wrong_endpoint },
	{ "C21_answer_of_wrong_size", wrong_size },
	{ "C21_error_without_parameters", as_error },
	{ "C7_forged_status", as_status },
	{ "C22_request_from_a_listener", as_client },
	{ "C8_answer_too_big", too_big },
	{ "C27_no_answer", nothing },
	{ "C23_death_with_a_call", die },
	{ "C23_listener_closed_with_a_call", hang_up },
};

static void run(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	void (*serve)(const struct frame *request) = nothing;

	(void)argc;
	(void)argv;
	raw_hello();
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(ways[i].name, attack->name) == 0)
			serve = ways[i].serve;
	}
	while (raw_recv(own.lair, &f, 60000) > 0) {
		if (f.header.kind == WIRE_REQUEST)
			serve(&f);
	}
}

const struct attack answers_attacks[] = {
	{ "C21_forged_answer", run, NULL },
	{ "C21_double_answer", run, NULL },
	{ "C21_stale_answer", run, NULL },
	{ "C21_late_answer", run, NULL },
	{ "C21_answer_of_another_method", run, NULL },
	{ "C21_answer_of_another_endpoint", run, NULL },
	{ "C21_answer_of_wrong_size", run, NULL },
	{ "C21_error_without_parameters", run, NULL },
	{ "C7_forged_status", run, NULL },
	{ "C22_request_from_a_listener", run, NULL },
	{ "C8_answer_too_big", run, NULL },
	{ "C27_no_answer", run, NULL },
	{ "C23_death_with_a_call", run, NULL },
	{ "C23_listener_closed_with_a_call", run, NULL },
	{ 0 }
};
