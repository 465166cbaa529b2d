/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: oracle SEED FOLDER
 *
 * A second opinion on what policies mean. Writes a random policy for the classes
 * in t/, FOLDER/main.psl and the files that it uses, and FOLDER/table.tsv: random
 * events, each with the verdict and the rules' results that LANGUAGES 3 asks
 * for, as run.c reads them. Nothing of the compiler or of the engine is in here;
 * where the two differ, one of them is wrong.
 */

#include "oracle_make.h"

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

/* ---- policies ---- */

struct rule {
	enum { GRANT, DENY, DENY_IF, ASSERT, BOOL_ASSERT } what;
	struct expr *expr;
	int line;
};

struct body {
	struct selectors selectors;
	struct item { struct rule *rule; struct body *match; } items[6];
	int n;
};

struct file {
	struct { struct body *body; int use; } decls[12];
	int n;
	bool seen;
};

#define N_FILES 4
static struct file files[N_FILES];

static struct rule *make_rule(const struct selectors *s)
{
	struct rule *rule = calloc(1, sizeof(*rule));
	struct sight sight = {
		.method = pinned(s),
		.part = s->kind == RESPONSE ? OUT : s->kind == KIND_ERROR ? ERROR
								       : IN,
		.has_dst = s->kind != SECURITY,
		.has_callable = s->kind != SECURITY && s->kind != EXECUTE,
	};

	if (!rule)
		abort();
	rule->what = chance(4) == 0 ? GRANT : chance(12) == 0 ? DENY :
		     (int)(DENY_IF + chance(3));
	if (rule->what >= DENY_IF)
		rule->expr = make_boolean(&sight, 1 + (int)chance(4));
	return rule;
}

/* Adds some of what POINT has to S, and prints it. */
static void print_selectors(FILE *to, struct selectors *s,
			    const struct point *point)
{
	static const char *const between[] = { " ", ", ", "\n\t", "," };
	const char *comma = between[chance(4)];
	const struct endpoint *at = point->endpoint < 0 ? NULL :
				    &endpoints[point->endpoint];
	bool component = at && !at->security && *at->component && !chance(3);

	if (!chance(3)) {
		s->src = point->src;
		fprintf(to, " src%s=%s%s%s", blank(), blank(),
			classes[s->src], comma);
	}
	if (point->dst >= 0 && !chance(3)) {
		s->dst = point->dst;
		fprintf(to, " dst = %s%s", classes[s->dst], comma);
	}
	if (!at)
		return;
	if (!chance(5)) {
		s->interface = (int)at->interface;
		fprintf(to, " interface=%s%s", interfaces[s->interface], comma);
	}
	if (component) {
		s->component = at->component;
		fprintf(to, " component=%s%s", s->component, comma);
	}
	if (!at->security && !chance(3)) {
		s->endpoint = strdup(path_of(point->endpoint));
		fprintf(to, " endpoint=%s%s", s->component && chance(2)
			? at->name : s->endpoint, comma);
	}
	if (!chance(3)) {
		s->method = point->method;
		fprintf(to, " method=%s%s", methods[s->method].name, comma);
	}
}

/* ---- printing; a rule's line is where its first word stands ---- */

static int line;
static char *printed;
static size_t printed_size;

/* Prints through a buffer, to count the lines. */
static void flush(FILE *buffer, FILE *to)
{
	fflush(buffer);
	for (size_t i = 0; i < printed_size; i++)
		line += printed[i] == '\n';
	fwrite(printed, 1, printed_size, to);
	rewind(buffer);
	fflush(buffer);
}

static void print_rule(FILE *buffer, FILE *to, struct rule *rule)
{
	static const char *const names[] = { "grant", "deny", "deny", "assert",
					     "bool.assert" };

	flush(buffer, to);
	rule->line = line;
	fprintf(buffer, "%s%s", rule->what != BOOL_ASSERT && !chance(3) ?
		"base." : "", names[rule->what]);
	if (!rule->expr) {
		fprintf(buffer, "%s(%s)\n", blank(), blank());
		return;
	}
	fprintf(buffer, "%s(", blank());
	print_expr(buffer, rule->expr, 0);
	fprintf(buffer, ")\n");
}

static struct body *make_body(FILE *buffer, FILE *to,
			      const struct selectors *outer,
			      const struct point *point, int depth)
{
	struct body *body = calloc(1, sizeof(*body));
	struct point inner;

	if (!body)
		abort();
	body->selectors = *outer;
	print_selectors(buffer, &body->selectors, point);
	fputs(" {\n", buffer);
	body->n = (int)chance(4) + (depth > 0 && chance(2));
	for (int i = 0; i < body->n; i++) {
		if (depth == 0 || chance(2)) {
			body->items[i].rule = make_rule(&body->selectors);
			print_rule(buffer, to, body->items[i].rule);
			continue;
		}
		do
			inner = any_point(point->kind);
		while (!selects(&body->selectors, &inner));
		fputs("match ", buffer);
		body->items[i].match = make_body(buffer, to, &body->selectors,
						 &inner, depth - 1);
	}
	fputs("}\n", buffer);
	return body;
}

static void print_file(const char *folder, int index)
{
	struct file *file = &files[index];
	struct selectors any = { .src = -1, .dst = -1, .interface = -1,
				 .method = -1 };
	char path[4096];
	FILE *to, *buffer = open_memstream(&printed, &printed_size);
	struct point point;

	snprintf(path, sizeof(path), index ? "%s/part%d.psl" : "%s/main.psl",
		 folder, index);
	to = fopen(path, "w");
	if (!to || !buffer) {
		perror(path);
		exit(2);
	}
	line = 1;
	if (index == 0 || chance(2))
		fputs("use nk.base._\n", buffer);
	if (index == 0)
		fputs("use nk.basic._ use nk.regex._\nuse EDL t.Server use EDL t.Client\n"
		      "use EDL t.Other task class t.Mixed : t.Mixed\n", buffer);
	file->n = index ? (int)chance(5) : 4 + (int)chance(8);
	for (int i = 0; i < file->n; i++) {
		if (chance(4) == 0) {
			file->decls[i].use = (int)chance(N_FILES);
			fprintf(buffer, file->decls[i].use ? "use part%d._\n" :
				"use main._\n", file->decls[i].use);
			continue;
		}
		point = any_point((enum kind)(chance(4) ? REQUEST :
					      chance(N_KINDS)));
		any.kind = point.kind;
		fputs(kinds[point.kind], buffer);
		file->decls[i].body = make_body(buffer, to, &any, &point, 3);
	}
	flush(buffer, to);
	fclose(buffer);
	free(printed);
	fclose(to);
}

/* ---- events ---- */

static void any_reading(struct reading *from)
{
	memset(from, 0, sizeof(*from));
	for (int i = 0; i < N_PLACES; i++)
		for (int j = 0; j < INDEXES; j++) {
			from->texts[i][j] = places[i].type == TEXT ||
					    places[i].type == BYTES ?
					    any_text() : NULL;
			if (places[i].type < LITERAL)
				from->numbers[i][j] = any_number(places[i].type);
			else if (places[i].type == SID)
				from->numbers[i][j] = chance(6);
		}
	from->n_points = (int)chance(5);
}

static void print_wide(FILE *to, wide number)
{
	fprintf(to, "%s%llu", number < 0 ? "-" : "", (unsigned long long)
		(number < 0 ? -number : number));
}

static void print_point(FILE *to, const struct reading *from, int x, int index,
			int label)
{
	fputs("{x: ", to);
	print_wide(to, from->numbers[x][index]);
	fputs(", y: ", to);
	print_wide(to, from->numbers[x + 1][index]);
	fprintf(to, ", label: \"%s\"}", from->texts[label][index]);
}

static void print_structs(FILE *to, const struct reading *from)
{
	fputs("points: [", to);
	for (int i = 0; i < from->n_points; i++) {
		fputs(i ? ", " : "", to);
		print_point(to, from, PLACE_POINT_X, i, PLACE_POINT_LABEL);
	}
	fputs("], grid: [", to);
	for (int i = 0; i < 3; i++) {
		fputs(i ? ", " : "", to);
		print_wide(to, from->numbers[PLACE_GRID][i]);
	}
	fputs("], origin: ", to);
	print_point(to, from, PLACE_ORIGIN_X, 0, PLACE_ORIGIN_LABEL);
}

static void print_message(FILE *to, const struct reading *from,
			  const struct sight *sight)
{
	putc('{', to);
	for (int i = 0; i < N_PLACES; i++) {
		const struct place *place = &places[i];

		if ((int)place->method != sight->method ||
		    place->part != sight->part || place->elements ||
		    strchr(place->before, '.') ||
		    (place->type == SID && !from->numbers[i][0]))
			continue;
		fprintf(to, "%s: ", place->before);
		if (place->type == TEXT || place->type == BYTES)
			fprintf(to, "\"%s\"", from->texts[i][0]);
		else
			print_wide(to, from->numbers[i][0]);
		fputs(", ", to);
	}
	if (sight->method == DRAW && sight->part == IN)
		print_structs(to, from);
	putc('}', to);
}

struct outcome {
	FILE *rules;
	int called;
	bool granted;
};

static void run_body(const struct body *body, const struct point *point,
		     const struct reading *from, struct outcome *outcome)
{
	if (!selects(&body->selectors, point))
		return;
	for (int i = 0; i < body->n; i++) {
		const struct rule *rule = body->items[i].rule;
		struct value value = number_value(1);
		bool granted, never = false;

		if (!rule) {
			run_body(body->items[i].match, point, from, outcome);
			continue;
		}
		if (rule->expr)
			value = compute(rule->expr, from);
		granted = value.state == VALUE && rule->what != DENY &&
			  (rule->what == DENY_IF ? !value.number
						 : value.number != 0);
		/* What never can be computed is a denial like any other. */
		if (value.state == FAULT)
			never = compute(rule->expr, NULL).state == FAULT;
		fprintf(outcome->rules, "%s%d%c", outcome->called ? " " : "",
			rule->line, granted ? '+' :
			value.state == FAULT && !never ? '!' : '-');
		outcome->called++;
		outcome->granted = outcome->granted && granted;
	}
}

static void run_file(struct file *file, const struct point *point,
		     const struct reading *from, struct outcome *outcome)
{
	if (file->seen)
		return;
	file->seen = true;
	for (int i = 0; i < file->n; i++) {
		if (file->decls[i].body)
			run_body(file->decls[i].body, point, from, outcome);
		else
			run_file(&files[file->decls[i].use], point, from,
				 outcome);
	}
}

static void print_event(FILE *to)
{
	struct point point = any_point((enum kind)(chance(3) ? REQUEST :
						   chance(N_KINDS)));
	struct sight sight = { .method = point.method,
		.part = point.kind == RESPONSE ? OUT : point.kind == KIND_ERROR
			? ERROR : IN };
	struct outcome outcome = { .granted = true };
	struct reading from;
	char *rules;
	size_t size;

	if (point.kind == KIND_ERROR && point.method != DRAW)
		return;		/* it has no error parameters */
	any_reading(&from);
	from.src = 1 + chance(6);
	from.dst = point.kind == SECURITY ? 0 : 1 + chance(6);
	from.callable = point.kind == REQUEST ? from.dst : from.src;
	outcome.rules = open_memstream(&rules, &size);
	for (int i = 0; i < N_FILES; i++)
		files[i].seen = false;
	run_file(&files[0], &point, &from, &outcome);
	fclose(outcome.rules);
	fprintf(to, "%s\t%s#%u\t", kinds[point.kind], classes[point.src],
		from.src);
	if (point.dst < 0)
		fputs("-\t", to);
	else
		fprintf(to, "%s#%u\t", classes[point.dst], from.dst);
	if (point.kind == EXECUTE) {
		fputs("-\t-\t-", to);
	} else {
		fprintf(to, "%s\t%s\t", path_of(point.endpoint),
			methods[point.method].name);
		print_message(to, &from, &sight);
	}
	fprintf(to, "\t%s\t%s\n", outcome.called && outcome.granted ? "grant"
		: "deny", outcome.called ? rules : "-");
	free(rules);
}

int main(int argc, char **argv)
{
	char path[4096];
	FILE *to;

	if (argc != 3) {
		fprintf(stderr, "usage: %s SEED FOLDER\n", argv[0]);
		return 2;
	}
	chance_state = strtoull(argv[1], NULL, 0) * 2 + 1;
	for (int i = 0; i < 20; i++)
		chance(2);
	for (int i = 0; i < N_FILES; i++)
		print_file(argv[2], i);
	snprintf(path, sizeof(path), "%s/table.tsv", argv[2]);
	to = fopen(path, "w");
	if (!to) {
		perror(path);
		return 2;
	}
	for (int i = 0; i < 200; i++)
		print_event(to);
	return fclose(to) ? 2 : 0;
}
