/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "judge.h"

/* Users have the first numbers, in their order. */
static bool is_user(const struct mediator *m, uint32_t sid)
{
	return sid >= SID_FIRST && sid - SID_FIRST < m->image->n_users;
}

static struct audit_party party(const struct mediator *m,
				const struct task *task, uint32_t class_index,
				uint32_t sid)
{
	struct audit_party party = { NULL, class_index, sid };

	if (task)
		party.task = task->name;
	else if (sid == SID_KERNEL)
		party.task = "kernel";
	else if (sid == SID_EINIT)
		party.task = "starter";
	else if (is_user(m, sid))
		party.task = image_string(m->image,
				m->image->users[sid - SID_FIRST].name);
	return party;
}

static struct audit_record record_of(struct mediator *m,
				     const struct passage *p)
{
	const struct image *image = m->image;
	struct audit_record record = {
		.kind = p->kind,
		.src = party(m, p->src, p->src_class, p->src_sid),
		.dst = party(m, p->dst, p->dst_class, p->dst_sid),
		.why = p->why,
	};

	if (!record.src.task && p->port)
		record.src = party(m, p->port->task, p->port->task->class_index,
				   p->port->task->sid);
	if (p->endpoint)
		record.endpoint = image_string(image, p->endpoint->path);
	if (p->interface)
		record.interface = image_string(image, p->interface->name);
	if (p->method)
		record.method = image_string(image, p->method->name);
	return record;
}

/* Whose records these are counted as: the sender's, for the kernel's own
   answers the receiver's, else the users'. */
static void write(struct mediator *m, struct task *task,
		  const struct audit_record *record)
{
	struct audit_meter *meter = task ? &task->audit : &m->users;

	audit_write(&m->audit, meter, m->now_ms, record);
	if (meter && audit_meter_muted(meter) && !m->summary.place)
		timer_arm(&m->timers, &m->summary,
			  m->now_ms + LIMIT_SUMMARY_MS);
}

static struct task *blamed(const struct passage *p)
{
	if (p->port)
		return p->port->task;
	return p->src ? p->src : p->dst;
}

/* What the module said, in the mediator's trace. */
static void explain(struct mediator *m, enum verdict verdict,
		    struct audit_record *record)
{
	record->trace = &m->trace;
	record->subsystem = m->trace.n_calls ? AUDIT_MODULE : AUDIT_ROUTER;
	record->what = verdict == VERDICT_GRANT ? AUDIT_GRANTED : AUDIT_DENIED;
	record->status = verdict == VERDICT_GRANT ? DK_OK :
			 DK_SECURITY_DISALLOW;
}

enum dk_status judge_passage(struct mediator *m, struct passage *p)
{
	struct frame *frame = p->frame;
	struct event event = {
		.kind = p->kind,
		.src_class = p->src_class, .dst_class = p->dst_class,
		.slot = p->slot,
		.src_sid = p->src_sid, .dst_sid = p->dst_sid,
		.message = {
			.fixed = frame->bytes + sizeof(frame->header),
			.arena = frame->bytes + sizeof(frame->header) +
				 frame->header.fixed_size,
			.fixed_size = frame->header.fixed_size,
			.arena_size = frame->header.arena_size,
			.handle_sids = p->handle_sids,
			.n_handles = frame->header.n_handles,
		},
	};
	struct audit_record record;
	enum verdict verdict;
	bool wanted;

	verdict = decide(m->image, &m->security, &event, &m->trace);
	wanted = audit_wants(&m->audit, verdict, &m->trace);
	if (verdict == VERDICT_GRANT && !wanted && !m->routes)
		return DK_OK;
	record = record_of(m, p);
	explain(m, verdict, &record);
	if (verdict == VERDICT_GRANT && m->routes &&
	    routes_count(m->routes, &event, record.endpoint ?
			 record.endpoint : record.interface, record.method) &&
	    m->options->trace)
		record.whole = true;
	if (record.whole)
		audit_write(&m->audit, NULL, m->now_ms, &record);
	else if (wanted)
		write(m, blamed(p), &record);
	else if (verdict == VERDICT_DENY)
		audit_skip_denial(&m->audit);
	return record.status;
}

bool judge_execute(struct mediator *m, uint32_t src_class, uint32_t src_sid,
		   uint32_t dst_class, uint32_t dst_sid, const char *task)
{
	struct event event = {
		.kind = EVENT_EXECUTE,
		.src_class = src_class, .dst_class = dst_class,
		.src_sid = src_sid, .dst_sid = dst_sid,
	};
	struct audit_record record = {
		.kind = EVENT_EXECUTE,
		.src = party(m, NULL, src_class, src_sid),
		.dst = { task, dst_class, dst_sid },
	};
	enum verdict verdict = decide(m->image, &m->security, &event,
				      &m->trace);
	bool wanted = audit_wants(&m->audit, verdict, &m->trace);

	explain(m, verdict, &record);
	if (verdict == VERDICT_GRANT && m->routes &&
	    routes_count(m->routes, &event, NULL, NULL) && m->options->trace)
		record.whole = true;
	if (wanted || record.whole)
		audit_write(&m->audit, NULL, m->now_ms, &record);
	else if (verdict == VERDICT_DENY)
		audit_skip_denial(&m->audit);
	return verdict == VERDICT_GRANT;
}

void judge_refusal(struct mediator *m, const struct passage *p,
		   enum audit_what what, enum dk_status status)
{
	struct audit_record record = record_of(m, p);

	record.what = what;
	record.status = status;
	record.subsystem = what == AUDIT_MALFORMED ? AUDIT_VALIDATOR :
			   AUDIT_MEDIATOR;
	write(m, blamed(p), &record);
}

void judge_note(struct mediator *m, struct task *task, enum audit_what what,
		enum dk_status status, const char *why)
{
	struct audit_record record = {
		.what = what, .status = status, .why = why,
		.subsystem = AUDIT_MEDIATOR,
		.src = party(m, task, task->class_index, task->sid),
	};

	/* Each is the last of something, so they cannot be many. */
	audit_write(&m->audit, NULL, m->now_ms, &record);
}
