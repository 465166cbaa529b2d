/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "hello.h"

#include <errno.h>
#include <string.h>

#include "frame.h"

/* The body in its three parts; strings are put once. */
struct writer {
	struct frame *frame;
	size_t strings;			/* offset in the frame */
	size_t used;			/* bytes of strings */
	bool full;
};

static uint32_t put_string(struct writer *w, const char *string)
{
	char *pool = (char *)w->frame->bytes + w->strings;
	size_t n = strlen(string) + 1;

	for (size_t at = 0; at < w->used; at += strlen(pool + at) + 1)
		if (strcmp(pool + at, string) == 0)
			return (uint32_t)at;
	if (w->full || w->strings + w->used + n + 8 > WIRE_FRAME_MAX) {
		w->full = true;
		return 0;
	}
	memcpy(pool + w->used, string, n);
	w->used += n;
	return (uint32_t)(w->used - n);
}

static bool served_before(const struct image *image, uint32_t channel)
{
	const struct image_channel *at = &image->channels[channel];

	for (uint32_t i = 0; i < channel; i++)
		if (image->channels[i].server == at->server &&
		    image->channels[i].name == at->name)
			return true;
	return false;
}

uint32_t hello_ends(const struct image *image, uint32_t task,
		    struct hello_end ends[WIRE_ENDS_MAX])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < image->n_channels; i++) {
		const struct image_channel *at = &image->channels[i];
		const char *name = image_string(image, at->name);

		if (at->client == task && n++ < WIRE_ENDS_MAX)
			ends[n - 1] = (struct hello_end){
				name, WIRE_RIGHT_CALL, at->server, i };
		if (at->server == task && !served_before(image, i) &&
		    n++ < WIRE_ENDS_MAX)
			ends[n - 1] = (struct hello_end){
				name, WIRE_RIGHT_LISTEN, at->server, i };
	}
	return n;
}

static void put_endpoints(const struct mediator *m, struct writer *w,
			  struct wire_endpoint **at, uint32_t class_index,
			  uint32_t end)
{
	const struct image *image = m->image;
	const struct image_class *class = &image->classes[class_index];

	for (uint32_t i = 0; i < class->n_endpoints; i++) {
		const struct image_endpoint *endpoint =
			&image->endpoints[class->endpoints + i];
		const struct image_interface *interface =
			&image->interfaces[endpoint->interface];

		*(*at)++ = (struct wire_endpoint){
			.path = put_string(w, image_string(image,
							   endpoint->path)),
			.interface = put_string(w, image_string(image,
							interface->name)),
			.riid = endpoint->riid, .end = end };
	}
}

static int finish(struct writer *w, struct wire_hello *hello)
{
	struct frame *frame = w->frame;
	size_t size;

	if (w->full)
		return -EMSGSIZE;
	while ((w->strings + w->used) % 8 != 0)
		frame->bytes[w->strings + w->used++] = 0;
	hello->strings = (uint32_t)w->used;
	size = w->strings + w->used;
	frame->header.fixed_size = (uint32_t)(size - sizeof(frame->header));
	frame->length = size;
	return 0;
}

static int write_all(const struct mediator *m, const struct task *task,
		     struct frame *frame, enum wire_kind kind,
		     const struct hello_end *ends, uint32_t n_ends)
{
	const struct image *image = m->image;
	struct wire_hello *hello = (void *)frame_fixed(frame);
	struct wire_end *end = (void *)(hello + 1);
	struct wire_endpoint *endpoint = (void *)(end + n_ends);
	uint32_t n = task->class->n_endpoints;
	struct writer w = { .frame = frame };

	for (uint32_t i = 0; i < n_ends; i++)
		if (ends[i].side == WIRE_RIGHT_CALL)
			n += m->tasks[ends[i].server].class->n_endpoints;
	w.strings = (size_t)((uint8_t *)endpoint - frame->bytes) +
		    (size_t)n * sizeof(*endpoint);
	if (w.strings + 8 > WIRE_FRAME_MAX)
		return -EMSGSIZE;
	frame_begin(frame, kind, 0, 0);
	frame->header.sid = kind == WIRE_HELLO ? SID_KERNEL : task->sid;
	*hello = (struct wire_hello){
		.abi = WIRE_VERSION, .sid = task->sid,
		.n_ends = n_ends, .n_endpoints = n,
		.flags = kind == WIRE_HELLO &&
			 (task->class->flags & CLASS_HANDLES) ?
			 WIRE_HELLO_HANDLES : 0 };
	hello->task = put_string(&w, task->name);
	hello->class_name = put_string(&w, image_string(image,
							task->class->name));
	for (uint32_t i = 0; i < n_ends; i++) {
		end[i] = (struct wire_end){
			.name = put_string(&w, ends[i].name),
			.fd = WIRE_FIRST_STATIC_FD + i, .side = ends[i].side };
		if (ends[i].side == WIRE_RIGHT_CALL)
			put_endpoints(m, &w, &endpoint,
				      m->tasks[ends[i].server].class_index, i);
	}
	put_endpoints(m, &w, &endpoint, task->class_index, WIRE_NONE);
	return finish(&w, hello);
}

int hello_write(const struct mediator *m, const struct task *task,
		struct frame *frame)
{
	struct hello_end ends[WIRE_ENDS_MAX];
	uint32_t n = hello_ends(m->image, task->index, ends);

	if (n > WIRE_ENDS_MAX)
		return -EMSGSIZE;
	return write_all(m, task, frame, WIRE_HELLO, ends, n);
}

int hello_opened(const struct mediator *m, const struct task *client,
		 struct frame *frame)
{
	return write_all(m, client, frame, WIRE_OPENED, NULL, 0);
}
