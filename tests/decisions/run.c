/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: run IMAGE.dk TABLE.tsv
 *
 * Asks the engine about each row of a table, without a process. A row has eight
 * columns with one or more tabs between them:
 *
 *	kind src dst endpoint method parameters verdict rules
 *
 * src and dst are classes, with #N after them if the SID matters; "-" stands for
 * nothing (security has no dst, execute no endpoint). The security interface is
 * the endpoint "security". Parameters are {name: value, ...} with numbers, texts
 * in quotes, lists and further braces; those left out are zero or empty. A
 * union's value is {member: value}, a handle's the SID that it refers to. The
 * verdict is grant, deny or malformed. Rules are "-", or the lines of all rules
 * that were called, in order, each with + (granted), - (denied), ! (could not be
 * computed) or ~ (not called: its case was not chosen, or it chose one). Prints "ok - NAME" or "not ok - NAME" and why for each row.
 *
 * The rows are one sequence: what an event changes in the policy's objects is
 * there for the next, unless it is denied. "end #N" is the end of process N;
 * "reset" goes back to the initial state.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/* "12+ 14- 15!" */
static void describe(const struct image *image, const struct trace *trace,
		     char *text, size_t size)
{
	const struct image_action *action = &image->actions[trace->action];
	size_t n = 0;

	snprintf(text, size, "-");
	for (uint32_t i = 0; i < trace->n_calls && n < size; i++) {
		uint32_t call = image->action_calls[action->calls + i];
		char result = "-+!~"[trace_result(trace, i)];

		n += (size_t)snprintf(text + n, size - n, "%s%u%c",
				      i ? " " : "", image->calls[call].line,
				      result);
	}
}

/*
 * Decides EVENT, and once more from the same state: without a trace there may be
 * another way to the verdict. A denial must not leave a trace in the state.
 */
static enum verdict ask(const struct image *image, struct security_state *state,
			const struct event *event, struct trace *trace)
{
	size_t size = security_state_size(image);
	uint64_t *before = malloc(2 * size + 1);
	uint64_t *after = before + size / sizeof(*before);
	enum verdict verdict;

	if (!before)
		fail("out of memory", NULL);
	if (size > 0)
		memcpy(before, state->words, size);
	verdict = decide(image, state, event, trace);
	if (size > 0) {
		memcpy(after, state->words, size);
		memcpy(state->words, before, size);
	}
	if (decide(image, state, event, NULL) != verdict)
		fail("another verdict without a trace", NULL);
	if (size > 0 && memcmp(after, state->words, size) != 0)
		fail("another state without a trace", NULL);
	if (size > 0 && verdict == VERDICT_DENY &&
	    memcmp(before, after, size) != 0)
		fail("a denial changed the state", NULL);
	free(before);
	return verdict;
}

/* A line that is no event. */
static bool run_other(const struct image *image, struct security_state *state,
		      char *columns[COLUMNS], unsigned n)
{
	if (n == 1 && strcmp(columns[0], "reset") == 0)
		security_state_init(image, state, state->words);
	else if (n == 2 && strcmp(columns[0], "end") == 0 &&
		 columns[1][0] == '#')
		decide_forget(image, state, (uint32_t)strtoul(columns[1] + 1,
							      NULL, 10));
	else
		return false;
	return true;
}

static bool run_row(const struct image *image, struct security_state *state,
		    char *columns[COLUMNS])
{
	static struct message message;
	static struct trace trace;
	struct event event = { .kind = find_kind(columns[0]) };
	const char *verdict = "malformed", *error = NULL;
	const struct image_method *method;
	char rules[LINE_MAX_SIZE] = "-", name[LINE_MAX_SIZE];
	bool owns_dst = event.kind == EVENT_EXECUTE ||
			event.kind == EVENT_REQUEST, good = true;

	snprintf(name, sizeof(name), "%s %s %s %s %s %s: %s", columns[0],
		 columns[1], columns[2], columns[3], columns[4], columns[5],
		 columns[6]);
	find_class(image, columns[1], &event.src_class, &event.src_sid);
	event.dst_class = event.src_class;
	if (event.kind != EVENT_SECURITY)
		find_class(image, columns[2], &event.dst_class, &event.dst_sid);
	if (event.kind != EVENT_EXECUTE) {
		method = find_method(image, owns_dst ? event.dst_class :
				     event.src_class, columns[3], columns[4],
				     &event.slot);
		error = message_encode(&message, image, method,
				       part_of(event.kind), columns[5]);
		if (error)
			fail(error, columns[5]);
		good = message_check(&message, image, method,
				     part_of(event.kind));
		message_event(&message, &event.message);
	}
	if (good) {
		verdict = ask(image, state, &event, &trace) ==
			  VERDICT_GRANT ? "grant" : "deny";
		describe(image, &trace, rules, sizeof(rules));
	}
	good = strcmp(verdict, columns[6]) == 0 &&
	       strcmp(rules, columns[7]) == 0;
	printf("%s - %s:%u %s\n", good ? "ok" : "not ok", file_name,
	       line_number, name);
	if (!good)
		printf("# got: %s %s, the table says: %s %s\n", verdict, rules,
		       columns[6], columns[7]);
	return good;
}

int main(int argc, char **argv)
{
	char line[LINE_MAX_SIZE], *columns[COLUMNS];
	struct security_state state;
	struct image image;
	bool good = true;
	unsigned n;
	void *data;
	FILE *table;

	if (argc != 3) {
		fprintf(stderr, "usage: %s IMAGE.dk TABLE.tsv\n", argv[0]);
		return 2;
	}
	data = read_image(argv[1], &image);
	security_state_init(&image, &state,
			    calloc(1, security_state_size(&image) + 1));
	file_name = argv[2];
	table = fopen(argv[2], "r");
	if (!table) {
		perror(argv[2]);
		return 2;
	}
	while (fgets(line, sizeof(line), table)) {
		line_number++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		n = split(line, columns);
		if (n == COLUMNS)
			good = run_row(&image, &state, columns) && good;
		else if (!run_other(&image, &state, columns, n))
			fail("fewer than eight columns", NULL);
	}
	fclose(table);
	free(state.words);
	free(data);
	return good ? 0 : 1;
}
