/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What is told, row by row. Rows are made when they can be sent, not all at
 * once: what comes and goes meanwhile is told or not, and no row is half true.
 */
#include <string.h>

#include "../ipc/channel.h"
#include "../ipc/names.h"
#include "client.h"

static void begin(struct answer *answer, enum control_kind kind,
		  const void *row, size_t size)
{
	answer->head = (struct control_answer){
		.version = CONTROL_VERSION, .kind = (uint8_t)kind,
		.size = (uint32_t)size };
	if (size)
		memcpy(answer->body, row, size);
}

static void add_text(struct answer *answer, const char *text)
{
	size_t n = strlen(text) + 1;

	memcpy(answer->body + answer->head.size, text, n);
	answer->head.size += (uint32_t)n;
}

static uint32_t count(const struct list *head)
{
	uint32_t n = 0;

	for (const struct list *at = head->next; at != head; at = at->next)
		n++;
	return n;
}

/* ---- tasks ---- */

static enum control_state state_of(const struct task *task)
{
	switch (task->state) {
	case TASK_WAITING:
		return CONTROL_WAITING;
	case TASK_STARTING:
		return CONTROL_STARTING;
	case TASK_RUNNING:
		return CONTROL_RUNNING;
	case TASK_GONE:
		break;
	}
	return CONTROL_ENDED;
}

static uint32_t serving(const struct task *task)
{
	uint32_t n = 0;

	for (const struct list *at = task->ports.next; at != &task->ports;
	     at = at->next) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->side == PORT_LISTENER)
			n += port_listener(port)->n_calls;
	}
	return n;
}

static bool make_task(struct control *control, struct client *client)
{
	struct mediator *m = control->m;
	const struct image_task *entry;
	struct control_task row;
	struct task *task;
	bool runs;

	if (client->cursor >= m->n_tasks)
		return false;
	task = &m->tasks[client->cursor];
	entry = &m->image->tasks[client->cursor];
	runs = task->state == TASK_RUNNING;
	row = (struct control_task){
		.sid = task->sid, .state = state_of(task),
		.pid = runs ? (uint32_t)task->pid : 0,
		.uid = runs ? task->uid : 0,
		.layers = runs ? (uint32_t)__builtin_popcount(task->layers) : 0,
		.n_layers = LAYER_N - !task_asks_cgroup(entry), .calls = task->n_calls,
		.serving = serving(task), .demand = entry->start == TASK_DEMAND,
		.status = task->ended ? (uint32_t)task->status : CONTROL_NONE };
	begin(&control->answer, CONTROL_ROW, &row, sizeof(row));
	add_text(&control->answer, task->name);
	add_text(&control->answer, image_string(m->image, task->class->name));
	add_text(&control->answer, image_string(m->image, entry->path));
	return true;
}

/* ---- layers: .cursor counts those of all tasks ---- */

static bool make_layer(struct control *control, struct client *client)
{
	struct mediator *m = control->m;
	uint64_t index = client->cursor / LAYER_N;
	enum confine_layer layer = client->cursor % LAYER_N;
	const struct image_task *entry;
	struct control_layer row;
	struct task *task;

	if (index >= m->n_tasks)
		return false;
	task = &m->tasks[index];
	entry = &m->image->tasks[index];
	row = (struct control_layer){
		.asked = layer != LAYER_CGROUP || task_asks_cgroup(entry) };
	row.required = row.asked &&
		       !(entry->preferred & confine_layer_option(layer));
	if (entry->probe == PROBE_NEVER)
		row.proven = CONTROL_NEVER;
	if (task->state == TASK_RUNNING) {
		row.holds = task->layers >> layer & 1;
		row.required &= row.holds;	/* it runs without: own-uid */
		if (row.asked && !row.holds)
			row.proven = CONTROL_LACKING;
	}
	if (row.holds && task->proven >> layer & 1) {
		row.proven = CONTROL_PROVEN;
		row.probed = layer == LAYER_SECCOMP ||
			     layer == LAYER_EXEC_ONCE ? task->tried :
							task->probed;
	}
	begin(&control->answer, CONTROL_ROW, &row, sizeof(row));
	add_text(&control->answer, task->name);
	add_text(&control->answer, confine_layer_name(layer));
	add_text(&control->answer, confine_layer_probe(layer));
	return true;
}

static bool make_process(struct control *control, struct client *client)
{
	return client->of_layers ? make_layer(control, client)
				 : make_task(control, client);
}

/* ---- channels: .cursor is the task, .part how many of its ports were told ---- */

static struct port *next_port(const struct task *task, uint64_t skip)
{
	struct list *at, *after;

	list_each(at, after, &task->ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->side == PORT_CLIENT && skip-- == 0)
			return port;
	}
	return NULL;
}

static bool make_channel(struct control *control, struct client *client)
{
	struct mediator *m = control->m;
	struct control_channel row;
	struct channel *channel;
	struct port *port = NULL;

	while (client->cursor < m->n_tasks &&
	       !(port = next_port(&m->tasks[client->cursor], client->part))) {
		client->cursor++;
		client->part = 0;
	}
	if (!port)
		return false;
	channel = port_channel(port);
	row = (struct control_channel){
		.client = port->task->sid,
		.server = channel->listener->port.task->sid,
		.is_static = port->static_end != WIRE_NONE,
		.calls = count(&channel->calls),
		.waits = !list_empty(&channel->waiting) };
	begin(&control->answer, CONTROL_ROW, &row, sizeof(row));
	add_text(&control->answer, port->task->name);
	add_text(&control->answer, channel->listener->port.task->name);
	add_text(&control->answer, channel->listener->name ?
		 channel->listener->name : "");
	return true;
}

/* ---- names, records ---- */

static bool make_name(struct control *control, struct client *client)
{
	const struct name *name = names_get(control->m,
					    (uint32_t)client->cursor);
	struct control_name row;

	if (!name)
		return false;
	row.sid = name->sid;
	begin(&control->answer, CONTROL_ROW, &row, sizeof(row));
	add_text(&control->answer, name->type);
	add_text(&control->answer, name->server);
	add_text(&control->answer, name->service);
	return true;
}

static bool make_record(struct control *control, struct client *client)
{
	const struct ring *ring = &control->ring;
	const struct ring_record *record;
	struct control_record row;

	if (client->job == JOB_ROWS && client->cursor >= client->part)
		return false;
	if (client->cursor < ring->first) {
		begin(&control->answer, CONTROL_LOST, NULL, 0);
		control->answer.head.value = ring->first - client->cursor;
		return true;
	}
	record = ring_get(ring, client->cursor);
	if (!record)
		return false;
	row = (struct control_record){ record->n_text, record->n_json };
	begin(&control->answer, CONTROL_RECORD, &row, sizeof(row));
	memcpy(control->answer.body + sizeof(row), ring->bytes + record->at,
	       record->n_text + record->n_json);
	control->answer.head.size += record->n_text + record->n_json;
	return true;
}

bool rows_make(struct control *control, struct client *client)
{
	static bool (*const make[CONTROL_N])(struct control *,
					     struct client *) = {
		[CONTROL_PS] = make_process, [CONTROL_CHANNELS] = make_channel,
		[CONTROL_NAMES] = make_name, [CONTROL_AUDIT] = make_record,
	};

	return make[client->op](control, client);
}

void rows_taken(struct control *control, struct client *client)
{
	if (control->answer.head.kind == CONTROL_LOST)
		client->cursor += control->answer.head.value;
	else if (client->op == CONTROL_CHANNELS)
		client->part++;
	else
		client->cursor++;
}
