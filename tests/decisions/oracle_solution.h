/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The solution in t/ for the oracle: who has what, and which events a binding's
 * selectors fit. A header, as oracle.c is one program of one file.
 */
#ifndef TESTS_ORACLE_SOLUTION_H
#define TESTS_ORACLE_SOLUTION_H

#include "oracle_expr.h"

/* ---- the solution in t/, once more ---- */

enum interface { PAINT, CHECK, CLOCK, FOREIGN };
enum kind { EXECUTE, REQUEST, RESPONSE, KIND_ERROR, SECURITY, N_KINDS };

static const char *const kinds[] = { "execute", "request", "response", "error",
				     "security" };
static const char *const interfaces[] = { "t.Paint", "t.Check", "t.Tick", "" };
static const struct { const char *name; enum interface interface; } methods[] = {
	[DRAW] = { "Draw", PAINT }, [COUNT] = { "Count", PAINT },
	[CLEAR] = { "Clear", PAINT }, [GIVE] = { "Give", PAINT },
	[ASK] = { "Ask", CHECK }, [TELL] = { "Tell", CHECK },
	[TICK] = { "Tick", CLOCK },
};

enum { CORE, EINIT, SERVER, CLIENT, OTHER, MIXED, N_CLASSES };
static const char *const classes[] = { "kl.core.Core", "Einit", "t.Server",
				       "t.Client", "t.Other", "t.Mixed" };

static const struct endpoint {
	int owner;
	const char *component, *name;
	enum interface interface;
	bool security;
} endpoints[] = {
	{ SERVER, "left", "main", PAINT, false },
	{ SERVER, "left", "spare", PAINT, false },
	{ SERVER, "right", "main", PAINT, false },
	{ SERVER, "right", "spare", PAINT, false },
	{ SERVER, "", "direct", PAINT, false },
	{ SERVER, "", "security", CHECK, true },
	{ MIXED, "left", "main", PAINT, false },
	{ MIXED, "left", "spare", PAINT, false },
	{ MIXED, "", "clock", CLOCK, false },
	{ MIXED, "", "check", CHECK, false },
	{ CORE, "cm", "CM", FOREIGN, false },
};

#define N_ENDPOINTS ((int)(sizeof(endpoints) / sizeof(*endpoints)))

static const char *path_of(int endpoint)
{
	static char paths[4][64];
	static int turn;
	const struct endpoint *at = &endpoints[endpoint];
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s%s%s", at->component,
		 *at->component ? "." : "", at->name);
	return path;
}

/* ---- selectors ---- */

/* One event's place; -1 where its kind has none. */
struct point {
	enum kind kind;
	int src, dst, endpoint, method;
};

struct selectors {		/* -1, NULL: any */
	enum kind kind;
	int src, dst, interface, method;
	const char *component, *endpoint;	/* endpoint: the whole path */
};

static int owner_of(enum kind kind, int src, int dst)
{
	return kind == REQUEST ? dst : src;
}

static bool selects_endpoint(const struct selectors *s, int endpoint)
{
	const struct endpoint *at = &endpoints[endpoint];
	int owner = owner_of(s->kind, s->src, s->dst);

	return (owner < 0 || owner == at->owner) &&
	       at->security == (s->kind == SECURITY) &&
	       (s->interface < 0 || s->interface == (int)at->interface) &&
	       (!s->component || !strcmp(s->component, at->component)) &&
	       (!s->endpoint || !strcmp(s->endpoint, path_of(endpoint)));
}

static bool selects(const struct selectors *s, const struct point *point)
{
	return s->kind == point->kind &&
	       (s->src < 0 || s->src == point->src) &&
	       (s->dst < 0 || s->dst == point->dst) &&
	       (s->kind == EXECUTE ||
		(selects_endpoint(s, point->endpoint) &&
		 (s->method < 0 || s->method == point->method)));
}

/* The one method of one interface that is left, or -1. */
static int pinned(const struct selectors *s)
{
	int found = -1;

	if (s->kind == EXECUTE)
		return -1;
	for (int i = 0; i < N_ENDPOINTS; i++) {
		if (!selects_endpoint(s, i))
			continue;
		if (endpoints[i].interface == FOREIGN && s->method < 0)
			return -1;
		for (int m = 0; m < N_METHODS; m++) {
			if (methods[m].interface != endpoints[i].interface ||
			    (s->method >= 0 && s->method != m))
				continue;
			if (found >= 0 && found != m)
				return -1;
			found = m;
		}
	}
	return found;
}

static struct point any_point(enum kind kind)
{
	struct point point = { kind, -1, -1, -1, -1 };
	int owner;

	if (kind == EXECUTE) {
		point.src = (int)chance(2);
		point.dst = (int)chance(N_CLASSES);
		return point;
	}
	do
		point.endpoint = (int)chance((uint32_t)N_ENDPOINTS);
	while (endpoints[point.endpoint].interface == FOREIGN ||
	       endpoints[point.endpoint].security != (kind == SECURITY));
	do
		point.method = (int)chance(N_METHODS);
	while (methods[point.method].interface !=
	       endpoints[point.endpoint].interface ||
	       (kind == KIND_ERROR && point.method != DRAW &&
		endpoints[point.endpoint].interface == PAINT));
	owner = endpoints[point.endpoint].owner;
	point.src = kind == REQUEST ? SERVER + (int)chance(4) : owner;
	if (kind != SECURITY)
		point.dst = kind == REQUEST ? owner : SERVER + (int)chance(4);
	return point;
}

#endif
