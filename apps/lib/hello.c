/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "hello.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "end.h"
#include "frame.h"

/* ---- reading one ---- */

struct block {
	struct hello hello;
	_Alignas(8) uint8_t body[];
};

/* A name is good if it is inside and ends in time; the last byte is a NUL. */
static bool name_is_good(const char *strings, uint32_t size, uint32_t name)
{
	return name < size && strnlen(strings + name, size - name) <
			      WIRE_NAME_MAX;
}

static bool end_is_good(const struct hello *hello, uint32_t i, uint32_t strings)
{
	const struct wire_end *end = &hello->ends[i];

	if (!name_is_good(hello->strings, strings, end->name) ||
	    (end->side != WIRE_RIGHT_CALL && end->side != WIRE_RIGHT_LISTEN) ||
	    end->fd < WIRE_KERNEL_FD || end->fd >= END_FD_MAX ||
	    (end->fd == WIRE_KERNEL_FD && end->side != WIRE_RIGHT_CALL))
		return false;
	for (uint32_t j = 0; j < i; j++) {
		if (hello->ends[j].fd == end->fd)
			return false;
	}
	return true;
}

static bool all_is_good(const struct hello *hello, uint32_t strings)
{
	for (uint32_t i = 0; i < hello->n_ends; i++) {
		if (!end_is_good(hello, i, strings))
			return false;
	}
	for (uint32_t i = 0; i < hello->n_endpoints; i++) {
		const struct wire_endpoint *e = &hello->endpoints[i];

		if (!name_is_good(hello->strings, strings, e->path) ||
		    !name_is_good(hello->strings, strings, e->interface) ||
		    e->riid > NK_IID_MAX ||
		    (e->end != WIRE_NONE && e->end >= hello->n_ends))
			return false;
	}
	return true;
}

struct hello *hello_parse(const uint8_t *body, size_t size, bool opened)
{
	struct wire_hello w;
	struct block *block;
	struct hello *hello;
	uint64_t ends, endpoints, total;

	if (size < sizeof(w) || size > WIRE_BODY_MAX)
		return NULL;
	memcpy(&w, body, sizeof(w));
	if (w.abi != WIRE_VERSION || w.sid == 0 || w.n_ends > WIRE_ENDS_MAX ||
	    (opened && w.n_ends > 0) || w.strings == 0)
		return NULL;
	ends = (uint64_t)w.n_ends * sizeof(struct wire_end);
	endpoints = (uint64_t)w.n_endpoints * sizeof(struct wire_endpoint);
	total = sizeof(w) + ends + endpoints + w.strings;
	/* A sender may round the whole up to 8. */
	if (size < total || size - total > 7)
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (!block)
		return NULL;
	memcpy(block->body, body, size);
	hello = &block->hello;
	*hello = (struct hello) {
		.sid = w.sid,
		.flags = w.flags,
		.n_ends = w.n_ends,
		.n_endpoints = w.n_endpoints,
		.ends = (const void *)(block->body + sizeof(w)),
		.endpoints = (const void *)(block->body + sizeof(w) + ends),
		.strings = (const char *)block->body + sizeof(w) + ends +
			   endpoints,
	};
	if (hello->strings[w.strings - 1] != '\0' ||
	    !name_is_good(hello->strings, w.strings, w.task) ||
	    !name_is_good(hello->strings, w.strings, w.class_name) ||
	    !all_is_good(hello, w.strings)) {
		free(block);
		return NULL;
	}
	hello->task = hello->strings + w.task;
	hello->class_name = hello->strings + w.class_name;
	return hello;
}

const struct wire_endpoint *hello_endpoint(const struct hello *hello,
					   uint32_t end, const char *path,
					   const char *interface)
{
	for (uint32_t i = 0; i < hello->n_endpoints; i++) {
		const struct wire_endpoint *e = &hello->endpoints[i];

		if (e->end == end &&
		    (!path || !strcmp(hello->strings + e->path, path)) &&
		    (!interface ||
		     !strcmp(hello->strings + e->interface, interface)))
			return e;
	}
	return NULL;
}

/* ---- of this process ---- */

int hello_kernel_fd = WIRE_KERNEL_FD;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool asked;				/* all below: lock */
static struct hello *own;
static Handle handles[WIRE_ENDS_MAX];		/* as hello->ends */
static Handle kernel_handle = INVALID_HANDLE;
static atomic_bool has_handles, lacks_handles;

static Handle adopt(int fd, uint32_t side, uint32_t index)
{
	struct end *end = end_new(fd, side);
	Handle handle;

	if (!end)
		return INVALID_HANDLE;
	end->static_end = index;
	handle = end_handle(end);
	end_put(end);
	return handle;
}

static struct hello *read_hello(void)
{
	struct frame *frame = frame_new();
	struct hello *hello = NULL;

	if (!frame)
		return NULL;
	if (frame_receive(hello_kernel_fd, frame, FRAME_PLAIN) == NK_EOK &&
	    frame_decode(frame) == FRAME_OK &&
	    frame->header.kind == WIRE_HELLO &&
	    frame->header.arena_size == 0 && frame->header.n_handles == 0)
		hello = hello_parse(frame_fixed(frame),
				    frame->header.fixed_size, false);
	frame_free(frame);
	return hello;
}

static void make_ends(const struct hello *hello)
{
	uint32_t kernel = WIRE_NONE;

	for (uint32_t i = 0; i < hello->n_ends; i++) {
		if (hello->ends[i].fd == WIRE_KERNEL_FD)
			kernel = i;
		else
			handles[i] = adopt((int)hello->ends[i].fd,
					   hello->ends[i].side, i);
	}
	kernel_handle = adopt(hello_kernel_fd, WIRE_RIGHT_CALL, kernel);
	if (kernel != WIRE_NONE)
		handles[kernel] = kernel_handle;
}

const struct hello *hello_get(void)
{
	const struct hello *hello;

	pthread_mutex_lock(&lock);
	if (!asked) {
		asked = true;
		own = read_hello();
		if (own) {
			atomic_store(own->flags & WIRE_HELLO_HANDLES ?
				     &has_handles : &lacks_handles, true);
			make_ends(own);
		}
	}
	hello = own;
	pthread_mutex_unlock(&lock);
	return hello;
}

Handle hello_end_handle(uint32_t index)
{
	const struct hello *hello = hello_get();

	return hello && index < hello->n_ends ? handles[index] : INVALID_HANDLE;
}

Handle hello_kernel_handle(void)
{
	return hello_get() ? kernel_handle : INVALID_HANDLE;
}

bool hello_has_handles(void)
{
	return atomic_load_explicit(&has_handles, memory_order_relaxed);
}

bool hello_lacks_handles(void)
{
	return atomic_load_explicit(&lacks_handles, memory_order_relaxed);
}
