/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What may be asked, in a table. First all that can be wrong with a packet, then
 * whether who sent it may, and only then anything happens.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../ipc/frame.h"
#include "../ipc/judge.h"
#include "../ipc/program.h"
#include "../ipc/starter.h"
#include "../security/body.h"
#include "client.h"

#define CONTROL_PATH		"control.Control"
#define CONTROL_INTERFACE	"kl.core.Control"

/* A request whose every member has been looked at. */
struct request {
	enum control_op op;
	uint32_t argument;
	uint32_t n_text;
	char text[WIRE_NAME_MAX];
};

typedef void begin_request(struct control *control, struct client *client,
			   const struct request *request);

static begin_request begin_rows, begin_audit, begin_level, begin_spawn,
	begin_stop;

static const struct {
	const char *method;	/* of kl.core.Control */
	bool text;		/* has one */
	uint32_t argument_max;
	uint32_t in_size;	/* of the method's parameters, without arena */
	begin_request *begin;
} table[CONTROL_N_METHODS] = {
	[CONTROL_PS] = { "Ps", false, CONTROL_LAYERS, 0, begin_rows },
	[CONTROL_CHANNELS] = { "Channels", false, 0, 0, begin_rows },
	[CONTROL_NAMES] = { "Names", false, 0, 0, begin_rows },
	[CONTROL_AUDIT] = { "Audit", false, CONTROL_FOLLOW, 0, begin_audit },
	[CONTROL_LEVEL] = { "Level", false, UINT32_MAX, 8, begin_level },
	[CONTROL_SPAWN] = { "Spawn", true, 0, 8, begin_spawn },
	[CONTROL_STOP] = { "Stop", false, 0, 0, begin_stop },
};

const struct image_endpoint *request_endpoint(const struct image *image)
{
	const struct image_endpoint *endpoint =
		image_find_endpoint(image, IMAGE_CLASS_CORE, CONTROL_PATH);
	const struct image_interface *interface;

	if (!endpoint)
		return NULL;
	interface = &image->interfaces[endpoint->interface];
	if (strcmp(image_string(image, interface->name), CONTROL_INTERFACE) ||
	    interface->n_methods != CONTROL_N_METHODS)
		return NULL;
	for (uint32_t i = 0; i < CONTROL_N_METHODS; i++) {
		const struct image_method *method =
			&image->methods[interface->methods + i];
		uint32_t type = method->type[METHOD_REQUEST];

		if (strcmp(image_string(image, method->name),
			   table[i].method) ||
		    image->layout.types[type].size != table[i].in_size)
			return NULL;
	}
	return endpoint;
}

/* ---- decode ---- */

static bool decode(struct request *request, const uint8_t *bytes, size_t n)
{
	struct control_request head;

	if (n < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	if (head.version != CONTROL_VERSION || head.op >= CONTROL_N ||
	    head.size != n - sizeof(head) || head.size >= WIRE_NAME_MAX)
		return false;
	*request = (struct request){ .op = (enum control_op)head.op,
				     .argument = head.argument,
				     .n_text = head.size };
	memcpy(request->text, bytes + sizeof(head), head.size);
	if (memchr(request->text, '\0', head.size))
		return false;
	if (head.op >= CONTROL_N_METHODS)
		return head.size == 0 && head.argument == 0;
	return (head.size > 0) == table[head.op].text &&
	       head.argument <= table[head.op].argument_max;
}

/* ---- decide ---- */

/* The method's parameters, as a program would send them. */
static void encode(struct frame *frame, const struct request *request)
{
	struct wire_chunk chunk = { 0, request->n_text + 1 };

	frame_begin(frame, WIRE_REQUEST, 0, 0);
	frame->header.fixed_size = table[request->op].in_size;
	memset(frame_fixed(frame), 0, frame->header.fixed_size +
	       sizeof(request->text));
	if (request->op == CONTROL_LEVEL)
		memcpy(frame_fixed(frame), &request->argument,
		       sizeof(request->argument));
	if (!table[request->op].text)
		return;
	memcpy(frame_fixed(frame), &chunk, sizeof(chunk));
	frame->header.arena_size = (chunk.size + 7) & ~7u;
	memcpy(frame_arena(frame), request->text, request->n_text);
}

static struct passage passage_of(struct control *control,
				 struct client *client,
				 const struct request *request)
{
	struct mediator *m = control->m;
	struct passage p = {
		.frame = &m->reply, .kind = EVENT_REQUEST,
		.dst_class = IMAGE_CLASS_CORE, .dst_sid = SID_KERNEL,
		.endpoint = control->endpoint, .mid = request->op };

	if (p.endpoint) {
		p.interface = &m->image->interfaces[p.endpoint->interface];
		p.method = &m->image->methods[p.interface->methods + p.mid];
		p.slot = p.endpoint->slot + p.mid;
	}
	if (client->user != IMAGE_NONE) {
		p.src_class = m->image->users[client->user].class_index;
		p.src_sid = SID_FIRST + client->user;
	}
	return p;
}

/* Refused before the policy is asked. */
static enum control_status refuse(struct control *control, struct passage *p,
				  enum audit_what what,
				  enum control_status status, uint32_t uid,
				  const char *why)
{
	snprintf(p->why_text, sizeof(p->why_text), "user %u at the control "
		 "socket %s", uid, why);
	p->why = p->why_text;
	judge_refusal(control->m, p, what, what == AUDIT_MALFORMED ?
		      DK_INVALID_ARGUMENT : DK_SECURITY_DISALLOW);
	return status;
}

static enum control_status judge(struct control *control,
				 struct client *client,
				 const struct request *request)
{
	const struct image *image = control->m->image;
	struct passage p = passage_of(control, client, request);
	const struct wire_header *header = &p.frame->header;

	if (client->may_all)
		return CONTROL_OK;
	if (client->user == IMAGE_NONE || !p.endpoint)
		return refuse(control, &p, AUDIT_REFUSED, CONTROL_UNKNOWN,
			      client->uid, "has no class");
	encode(p.frame, request);
	if (body_check(&image->layout, p.method->type[METHOD_REQUEST],
		       frame_fixed(p.frame), header->fixed_size,
		       frame_arena(p.frame), header->arena_size,
		       p.method->arena_max[METHOD_REQUEST], 0) != BODY_OK)
		return refuse(control, &p, AUDIT_MALFORMED, CONTROL_MALFORMED,
			      client->uid, "sends no proper name");
	return judge_passage(control->m, &p) == DK_OK ? CONTROL_OK :
							CONTROL_DENIED;
}

/* ---- act ---- */

static void begin_rows(struct control *control, struct client *client,
		       const struct request *request)
{
	(void)control;
	client->job = JOB_ROWS;
	client->cursor = client->part = 0;
	client->of_layers = request->argument == CONTROL_LAYERS;
}

static void begin_audit(struct control *control, struct client *client,
			const struct request *request)
{
	client->job = request->argument == CONTROL_FOLLOW ? JOB_FOLLOW :
							    JOB_ROWS;
	client->cursor = control->ring.first;
	client->part = control->ring.next;
}

static void begin_level(struct control *control, struct client *client,
			const struct request *request)
{
	audit_set_level(&control->m->audit, request->argument);
	log_say(&control->m->log, "audit level %u, for user %u",
		request->argument, client->uid);
	client_done(client, CONTROL_OK, request->argument);
}

static enum control_status status_of(int err)
{
	switch (err) {
	case -EBUSY:
		return CONTROL_BUSY;
	case -EACCES:
		return CONTROL_NO_START;
	default:
		return CONTROL_MACHINE;
	}
}

static void begin_spawn(struct control *control, struct client *client,
			const struct request *request)
{
	struct mediator *m = control->m;
	uint32_t index = image_find_task(m->image, request->text);
	bool user = !client->may_all;
	int err;

	if (index == IMAGE_NONE || m->image->tasks[index].start != TASK_DEMAND) {
		client_done(client, index == IMAGE_NONE ? CONTROL_NOT_FOUND :
			    CONTROL_AUTO, 0);
		return;
	}
	if (m->stopping) {
		client_done(client, CONTROL_STOPPING, 0);
		return;
	}
	err = program_spawn(m, &m->tasks[index], user ?
			    m->image->users[client->user].class_index :
			    IMAGE_CLASS_EINIT,
			    user ? SID_FIRST + client->user : SID_EINIT,
			    client->streams);
	if (err) {
		client_done(client, status_of(err), (uint64_t)-err);
		return;
	}
	client->job = JOB_SPAWN;
	client->task = &m->tasks[index];
	client->started = client->exited = false;
}

static void begin_stop(struct control *control, struct client *client,
		       const struct request *request)
{
	(void)request;
	log_say(&control->m->log, "asked to stop by user %u", client->uid);
	client_done(client, CONTROL_OK, 0);
	starter_stop(control->m);
}

void request_serve(struct control *control, struct client *client,
		   const void *bytes, size_t n)
{
	struct request request;
	enum control_status status;
	bool fits = decode(&request, bytes, n);

	if (fits && request.op == CONTROL_END && client->job == JOB_SPAWN) {
		if (client->task)
			program_end(control->m, client->task);
		return;
	}
	if (!fits || client->job != JOB_NONE || request.op == CONTROL_END) {
		client_done(client, CONTROL_MALFORMED, 0);
		return;
	}
	client->op = request.op;
	status = judge(control, client, &request);
	if (status == CONTROL_OK)
		table[request.op].begin(control, client, &request);
	else
		client_done(client, status, 0);
}
