/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: oracle SEED FOLDER [EVENTS]
 *
 * A second opinion on what policies mean. Writes a random policy for the classes
 * in t/, FOLDER/main.psl and the files that it uses, and FOLDER/table.tsv: random
 * events, each with the verdict and the rules' results that LANGUAGES 3 asks
 * for, as run.c reads them. Nothing of the compiler or of the engine is in here;
 * where the two differ, one of them is wrong.
 */

#include "oracle_policy.h"

/* ---- events ---- */

/* Mostly of a few, that they meet again. */
static uint32_t any_sid(void)
{
	return 1 + chance(chance(4) ? 3 : 6);
}

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
				from->numbers[i][j] = chance(6) ? any_sid() : 0;
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
	int called, noted;
	bool granted;
};

/* + granted, - denied, ! not to be computed. */
static char answer(const struct rule *rule, const struct reading *from)
{
	static const char letters[] = { [REFUSED] = '-', [DONE] = '+',
					[FAULTED] = '!' };
	struct value value = number_value(1);

	if (rule->what == CALL)
		return letters[apply(rule->call, from)];
	if (rule->expr)
		value = compute(rule->expr, from);
	/* What never can be computed is a denial like any other. */
	if (value.state == FAULT)
		return compute(rule->expr, NULL).state == FAULT ? '-' : '!';
	if (rule->what == DENY)
		return '-';
	return (rule->what == DENY_IF) == !value.number ? '+' : '-';
}

/* LETTER as a table has it; ~ is a rule of a case that was not chosen, and a
   choice that chose one: they count for nothing. */
static void note(struct outcome *outcome, int at, char letter)
{
	fprintf(outcome->rules, "%s%d%c", outcome->noted++ ? " " : "", at,
		letter);
	if (letter == '~')
		return;
	outcome->called++;
	outcome->granted = outcome->granted && letter == '+';
}

static void pass_over(const struct body *body, struct outcome *outcome)
{
	for (int i = 0; i < body->n; i++) {
		const struct choice *choice = body->items[i].choice;

		note(outcome, choice ? choice->line : body->items[i].rule->line,
		     '~');
		for (int k = 0; choice && k < choice->n; k++)
			pass_over(choice->cases[k].body, outcome);
	}
}

static void run_body(const struct body *body, const struct point *point,
		     const struct reading *from, struct outcome *outcome);

/* The first case that fits, alone; if none does, the choice denies. */
static void run_choice(const struct choice *choice, const struct point *point,
		       const struct reading *from, struct outcome *outcome)
{
	struct value value = compute(choice->operand, from), pattern;
	int chosen = -1;

	for (int i = 0; value.state == VALUE && i < choice->n && chosen < 0;
	     i++) {
		if (!choice->cases[i].pattern) {
			chosen = i;
			continue;
		}
		pattern = compute(choice->cases[i].pattern, from);
		if (choice->select
		    ? regex_model_search(pattern.text, strlen(pattern.text),
					 value.text, strlen(value.text)) == 1
		    : compare(EQ, &value, &pattern))
			chosen = i;
	}
	note(outcome, choice->line, value.state == FAULT ? '!' :
	     chosen < 0 ? '-' : '~');
	for (int i = 0; i < choice->n; i++)
		if (i == chosen)
			run_body(choice->cases[i].body, point, from, outcome);
		else
			pass_over(choice->cases[i].body, outcome);
}

static void run_body(const struct body *body, const struct point *point,
		     const struct reading *from, struct outcome *outcome)
{
	if (!selects(&body->selectors, point))
		return;
	for (int i = 0; i < body->n; i++) {
		const struct item *item = &body->items[i];

		if (item->match)
			run_body(item->match, point, from, outcome);
		else if (item->choice)
			run_choice(item->choice, point, from, outcome);
		else
			note(outcome, item->rule->line,
			     answer(item->rule, from));
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
	struct point point = n_hits && chance(8)
		? hits[chance((uint32_t)n_hits)]
		: any_point((enum kind)(chance(3) ? REQUEST : chance(N_KINDS)));
	struct sight sight = { .method = point.method,
		.part = point.kind == RESPONSE ? OUT : point.kind == KIND_ERROR
			? ERROR : IN };
	struct outcome outcome = { .granted = true };
	struct memory before[N_OBJECTS];
	struct reading from;
	char *rules;
	size_t size;

	if (point.kind == KIND_ERROR && point.method != DRAW)
		return;		/* it has no error parameters */
	any_reading(&from);
	from.src = any_sid();
	from.dst = point.kind == SECURITY ? 0 : any_sid();
	from.callable = point.kind == REQUEST ? from.dst : from.src;
	outcome.rules = open_memstream(&rules, &size);
	for (int i = 0; i < N_FILES; i++)
		files[i].seen = false;
	memcpy(before, memories, sizeof(before));
	run_file(&files[0], &point, &from, &outcome);
	if (!outcome.called || !outcome.granted)
		memcpy(memories, before, sizeof(before));
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
		: "deny", outcome.noted ? rules : "-");
	free(rules);
}

/* The end of a process: every object forgets it. */
static void print_end(FILE *to)
{
	int sid = (int)any_sid();

	forget(sid);
	fprintf(to, "end\t#%d\n", sid);
}

int main(int argc, char **argv)
{
	int n_events = argc == 4 ? atoi(argv[3]) : 200;
	char path[4096];
	FILE *to;

	if (argc < 3 || n_events <= 0) {
		fprintf(stderr, "usage: %s SEED FOLDER [EVENTS]\n", argv[0]);
		return 2;
	}
	chance_state = strtoull(argv[1], NULL, 0) * 2 + 1;
	for (int i = 0; i < 20; i++)
		chance(2);
	/* With few objects, each comes far. */
	n_objects = (int)(chance(3) ? 1 + chance(2) : chance(N_OBJECTS + 1));
	focused = n_objects && chance(4);
	for (int i = 0; i < n_objects; i++)
		make_object(&objects[i]);
	for (int i = 0; i < N_FILES; i++)
		print_file(argv[2], i);
	snprintf(path, sizeof(path), "%s/table.tsv", argv[2]);
	to = fopen(path, "w");
	if (!to) {
		perror(path);
		return 2;
	}
	for (int i = 0; i < n_events; i++)
		if (n_objects && chance(40) == 0)
			print_end(to);
		else
			print_event(to);
	return fclose(to) ? 2 : 0;
}
