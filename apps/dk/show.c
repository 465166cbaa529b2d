/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dk ps, dk channels, dk names: rows as a table or as JSON, a line each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../kernel/base/text.h"
#include "ask.h"
#include "dk.h"

#define CELLS_MAX 12
#define CELL_SIZE 1100		/* a name of 255 bytes, escaped */

/* One value of a row. */
struct cell {
	const char *title;	/* of its column; NULL: in JSON only */
	const char *key;	/* in JSON */
	bool number;		/* or true, false, null: JSON without quotes */
	char text[CELL_SIZE];
	const char *json;	/* if it is not .text; NULL: it is */
};

struct row {
	struct cell cells[CELLS_MAX];
	unsigned n;
};

struct table {
	struct row *rows;	/* of text mode: the widths are known at the end */
	size_t n, room;
};

static struct cell *add(struct row *row, const char *title, const char *key)
{
	struct cell *cell = &row->cells[row->n++];

	cell->title = title;
	cell->key = key;
	return cell;
}

static void add_text(struct row *row, const char *title, const char *key,
		     const char *value)
{
	struct cell *cell = add(row, title, key);
	struct text text;

	text_init(&text, cell->text, sizeof(cell->text));
	text_escape(&text, value, strlen(value));
	cell->json = value;
}

static void add_number(struct row *row, const char *title, const char *key,
		       unsigned value, bool there)
{
	struct cell *cell = add(row, title, key);

	cell->number = true;
	snprintf(cell->text, sizeof(cell->text), there ? "%u" : "-", value);
	cell->json = there ? NULL : "null";
}

static void add_bool(struct row *row, const char *title, const char *key,
		     bool value)
{
	struct cell *cell = add(row, title, key);

	cell->number = true;
	cell->json = value ? "true" : "false";
	snprintf(cell->text, sizeof(cell->text), value ? "yes" : "no");
}

/* ---- the rows ---- */

static const char *const states[CONTROL_STATES] = {
	[CONTROL_WAITING] = "waiting", [CONTROL_STARTING] = "starting",
	[CONTROL_RUNNING] = "running", [CONTROL_ENDED] = "ended",
};

static void fill_status(struct row *row, const struct control_task *task)
{
	int status = (int)task->status;
	bool there = task->status != CONTROL_NONE;

	add_number(row, NULL, "status", there && WIFEXITED(status) ?
		   (unsigned)WEXITSTATUS(status) : 0,
		   there && WIFEXITED(status));
	add_number(row, NULL, "signal", there && WIFSIGNALED(status) ?
		   (unsigned)WTERMSIG(status) : 0,
		   there && WIFSIGNALED(status));
}

static void fill_task(struct row *row, const struct ask_answer *answer)
{
	struct control_task task;
	bool runs;

	memcpy(&task, answer->body, sizeof(task));
	runs = task.state == CONTROL_RUNNING;
	add_text(row, "TASK", "task", ask_text(answer, sizeof(task), 0));
	add_text(row, "CLASS", "class", ask_text(answer, sizeof(task), 1));
	add_text(row, "STATE", "state", task.state < CONTROL_STATES ?
		 states[task.state] : "?");
	add_number(row, "SID", "sid", task.sid, task.sid != 0);
	add_number(row, "PID", "pid", task.pid, runs);
	add_number(row, "UID", "uid", task.uid, runs);
	add_number(row, "LAYERS", "layers", task.layers, runs);
	add_number(row, "CALLS", "calls", task.calls, true);
	add_number(row, "SERVES", "serves", task.serving, true);
	add_bool(row, NULL, "demand", task.demand);
	fill_status(row, &task);
}

static const char *proof(const struct control_layer *layer, const char *probe)
{
	if (!layer->asked)
		return "";
	if (layer->proven == CONTROL_LACKING)
		return "not to be had here";
	if (layer->proven == CONTROL_NEVER)
		return "never probed";
	return layer->proven ? probe : layer->holds ? "not proven" : "";
}

static void fill_layer(struct row *row, const struct ask_answer *answer)
{
	struct control_layer layer;
	const char *probe;
	struct cell *cell;
	time_t when;

	memcpy(&layer, answer->body, sizeof(layer));
	when = layer.probed;
	probe = ask_text(answer, sizeof(layer), 2);
	add_text(row, "TASK", "task", ask_text(answer, sizeof(layer), 0));
	add_text(row, "LAYER", "layer", ask_text(answer, sizeof(layer), 1));
	add_bool(row, "ASKED", "asked", layer.asked);
	add_bool(row, "REQUIRED", "required", layer.required);
	add_bool(row, "HOLDS", "holds", layer.holds);
	add_bool(row, NULL, "proven", layer.proven == CONTROL_PROVEN);
	add_text(row, "PROVEN", "by", proof(&layer, probe));
	cell = add(row, "AT", "probed");
	cell->number = layer.probed == 0;
	cell->json = layer.probed ? NULL : "null";
	if (layer.probed)
		strftime(cell->text, sizeof(cell->text), "%FT%TZ",
			 gmtime(&when));
}

static void fill_channel(struct row *row, const struct ask_answer *answer)
{
	struct control_channel channel;

	memcpy(&channel, answer->body, sizeof(channel));
	add_text(row, "CLIENT", "client",
		 ask_text(answer, sizeof(channel), 0));
	add_text(row, "SERVER", "server",
		 ask_text(answer, sizeof(channel), 1));
	add_text(row, "KIND", "kind", channel.is_static ? "static" : "dynamic");
	add_text(row, "NAME", "name", ask_text(answer, sizeof(channel), 2));
	add_number(row, "CALLS", "calls", channel.calls, true);
	add_bool(row, NULL, "waits", channel.waits);
	add_number(row, NULL, "client_sid", channel.client,
		   channel.client != 0);
	add_number(row, NULL, "server_sid", channel.server,
		   channel.server != 0);
}

static void fill_name(struct row *row, const struct ask_answer *answer)
{
	struct control_name name;

	memcpy(&name, answer->body, sizeof(name));
	add_text(row, "INTERFACE", "interface",
		 ask_text(answer, sizeof(name), 0));
	add_text(row, "TASK", "task", ask_text(answer, sizeof(name), 1));
	add_text(row, "ENDPOINT", "endpoint",
		 ask_text(answer, sizeof(name), 2));
	add_number(row, "SID", "sid", name.sid, true);
}

/* ---- printing ---- */

static void print_json(const struct row *row)
{
	char buffer[CELL_SIZE * 6];
	struct text text;

	for (unsigned i = 0; i < row->n; i++) {
		const struct cell *cell = &row->cells[i];
		const char *value = cell->json ? cell->json : cell->text;

		printf("%s\"%s\":", i ? "," : "{", cell->key);
		text_init(&text, buffer, sizeof(buffer));
		if (cell->number)
			text_add(&text, "%s", value);
		else
			text_json(&text, value);
		fputs(buffer, stdout);
	}
	puts("}");
}

/* Characters, as far as a table needs them: those of UTF-8. */
static int width(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static void print_cell(const char *text, int room, bool last)
{
	if (!*text)
		text = "-";
	printf("%s%*s", text, last ? 0 : room - width(text) + 2, "");
}

static void print_line(const struct row *row, const int *widths, bool titles)
{
	unsigned last = 0;

	for (unsigned i = 0; i < row->n; i++)
		if (row->cells[i].title)
			last = i;
	for (unsigned i = 0; i <= last; i++)
		if (row->cells[i].title)
			print_cell(titles ? row->cells[i].title :
				   row->cells[i].text, widths[i], i == last);
	putchar('\n');
}

static void print_table(const struct table *table)
{
	bool colour = isatty(STDOUT_FILENO);
	int widths[CELLS_MAX] = { 0 };

	for (size_t r = 0; r < table->n; r++)
		for (unsigned i = 0; i < table->rows[r].n; i++) {
			const struct cell *cell = &table->rows[r].cells[i];
			int n = width(cell->text);

			if (cell->title && width(cell->title) > n)
				n = width(cell->title);
			if (n > widths[i])
				widths[i] = n;
		}
	if (table->n == 0)
		return;
	fputs(colour ? "\033[1m" : "", stdout);
	print_line(&table->rows[0], widths, true);
	fputs(colour ? "\033[0m" : "", stdout);
	for (size_t r = 0; r < table->n; r++)
		print_line(&table->rows[r], widths, false);
}

static struct row *new_row(struct table *table)
{
	if (table->n == table->room) {
		size_t room = table->room ? 2 * table->room : 16;
		struct row *rows = reallocarray(table->rows, room,
						sizeof(*rows));

		if (!rows) {
			fputs("dk: no memory is left\n", stderr);
			exit(DK_MACHINE);
		}
		table->rows = rows;
		table->room = room;
	}
	memset(&table->rows[table->n], 0, sizeof(table->rows[0]));
	return &table->rows[table->n++];
}

/* ---- the commands ---- */

/* What a command shows, and how a row of it is filled. */
struct view {
	enum control_op op;
	unsigned argument;
	size_t size;		/* of the row's struct */
	void (*fill)(struct row *, const struct ask_answer *);
};

static int show_rows(const struct ask_words *words, const struct view *view)
{
	struct table table = { 0 };
	struct ask_answer answer;
	struct ask ask;
	int r = ask_open(&ask, words);

	if (r)
		return r;
	r = ask_send(&ask, view->op, view->argument, NULL);
	while (!r && !(r = ask_receive(&ask, &answer))) {
		struct row *row;

		if (answer.head.kind == CONTROL_DONE) {
			r = ask_done(&answer.head, words->command);
			break;
		}
		if (answer.head.kind != CONTROL_ROW ||
		    answer.head.size < view->size)
			continue;
		row = new_row(&table);
		view->fill(row, &answer);
		if (words->json) {
			print_json(row);
			table.n = 0;
		}
	}
	print_table(&table);
	free(table.rows);
	ask_close(&ask);
	return r;
}

static int show(int argc, char **argv, const struct view *view,
		const char *help)
{
	struct ask_words words;
	int r = ask_read_words(&words, ASK_JSON, help, argc, argv);

	return r >= 0 ? r : show_rows(&words, view);
}

int dk_ps(int argc, char **argv)
{
	static const struct view tasks = {
		CONTROL_PS, CONTROL_TASKS, sizeof(struct control_task),
		fill_task };
	static const struct view layers = {
		CONTROL_PS, CONTROL_LAYERS, sizeof(struct control_layer),
		fill_layer };
	struct ask_words words;
	int r = ask_read_words(&words, ASK_JSON | ASK_SANDBOX,
			       "Lists the tasks of the solution: who of them "
			       "runs, as what process, confined\nby how many "
			       "layers, with how many calls under way (its own; "
			       "those it serves).\n", argc, argv);

	if (r >= 0)
		return r;
	return show_rows(&words, words.sandbox ? &layers : &tasks);
}

int dk_channels(int argc, char **argv)
{
	static const struct view view = {
		CONTROL_CHANNELS, 0, sizeof(struct control_channel),
		fill_channel };

	return show(argc, argv, &view,
		    "Lists who is connected to whom: the static channels of "
		    "init.yaml, and those that\nwere asked for.\n");
}

int dk_names(int argc, char **argv)
{
	static const struct view view = {
		CONTROL_NAMES, 0, sizeof(struct control_name), fill_name };

	return show(argc, argv, &view,
		    "Lists what is published at the name server.\n");
}
