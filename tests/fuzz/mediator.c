/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The whole mediator, with a fake launcher and the programs of
 * tests/unit/support/world.h, of which each may send anything at any time, close
 * its ends and die. In the end no charge, no descriptor and no call is left:
 * world_end looks.
 *
 * Input: operations, struct operation each, some with bytes behind them.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kernel/ipc/frame.h"
#include "../unit/support/suite.h"
#include "../unit/support/world.h"
#include "support/fuzz.h"

enum what {
	WHAT_ECHO, WHAT_CALL, WHAT_GIVE, WHAT_ANSWER, WHAT_CANCEL, WHAT_RECEIVE,
	WHAT_CONNECT, WHAT_LISTEN, WHAT_DROP, WHAT_ACCEPT, WHAT_CLOSE, WHAT_EXIT,
	WHAT_RAW, WHAT_N
};

struct operation {
	uint8_t what;
	uint8_t task;
	uint8_t fd;		/* one of the task's, or (FD_KEPT) one received */
	uint8_t call;
	uint8_t a, b, c;
	uint8_t size;		/* WHAT_RAW: bytes that follow */
};

enum { FD_KEPT = 16, N_KEPT = 8, OPERATIONS_MAX = 48 };

static int kept[N_KEPT];	/* descriptors that came with an answer */
static struct wire_header last;	/* received by anybody */
static struct frame out;

static int descriptor(const struct world *w, const struct operation *o)
{
	const struct world_program *program = &w->programs[o->task];

	if (o->fd >= FD_KEPT)
		return kept[o->fd % N_KEPT];
	if (!program->running || o->fd >= program->n_fds || o->fd < 3)
		return -1;
	return program->fds[o->fd];
}

static void send_frame(int fd, const struct wire_header *header,
		       const void *body, size_t size, int given)
{
	if (fd < 0)
		return;
	out.header = *header;
	if (size > 0)
		memcpy(out.bytes + sizeof(*header), body, size);
	out.length = sizeof(*header) + size;
	/* A full socket, a closed one: all the same. */
	(void)frame_send(fd, &out, &given, given >= 0);
}

static struct wire_header request(const struct operation *o, uint16_t mid,
				  uint32_t fixed, uint32_t arena)
{
	return (struct wire_header){
		.version = WIRE_VERSION, .kind = WIRE_REQUEST, .call = o->call,
		.mid = mid, .fixed_size = fixed, .arena_size = arena,
		.deadline_ms = o->c % 8 ? WIRE_DEADLINE_CAP : 0,
	};
}

static void echo(int fd, const struct operation *o)
{
	const uint32_t body[6] = { o->a, 0, 8, 0, 0x6c6c6568, 0x6f };
	struct wire_header header = request(o, ECHO, 16, 8);

	send_frame(fd, &header, body, sizeof(body), -1);
}

static void give(struct world *w, int fd, const struct operation *o)
{
	struct operation other = { .task = o->task, .fd = o->a };
	int given = descriptor(w, &other);
	const uint32_t body[4] = { given < 0 ? WIRE_NO_HANDLE : 0, o->b, 0, 0 };
	struct wire_header header = request(o, GIVE, 16, 0);

	header.n_handles = given >= 0;
	send_frame(fd, &header, body, sizeof(body), given);
}

/* To the request that somebody received last, or to one that never was. */
static void answer(struct world *w, int fd, const struct operation *o)
{
	struct operation other = { .task = o->task, .fd = o->a };
	struct wire_header header = request(o, last.mid, 8, 0);
	uint32_t body[4] = { o->b, 0, 0, 0 };
	int given = -1;

	header.kind = o->c % 4 ? WIRE_RESPONSE : WIRE_ERROR;
	header.deadline_ms = 0;
	if (o->call % 4)
		header.call = last.call;
	if (last.mid == GIVE) {
		given = descriptor(w, &other);
		body[0] = given < 0 ? WIRE_NO_HANDLE : 0;
		header.fixed_size = 16;
		header.n_handles = given >= 0;
	} else if (last.mid > GIVE) {
		header.fixed_size = 0;
	}
	send_frame(fd, &header, body, header.fixed_size, given);
}

static void receive(int fd)
{
	static struct frame in;

	if (fd < 0 || frame_receive(&in, fd, true) != FRAME_READ)
		return;
	last = in.header;
	for (uint32_t i = 0; i < in.n_fds; i++) {
		int *place = &kept[i % N_KEPT];

		if (*place >= 0)
			close(*place);
		*place = in.fds[i];
	}
	in.n_fds = 0;
}

/* ---- cm.CM ---- */

struct cm_body {
	union {
		struct cm_connect_in connect;
		struct cm_listen_in listen;
		struct cm_drop_in drop;
		struct cm_accept_in accept;
		uint8_t bytes[sizeof(struct cm_accept_in) + 1024];
	};
	uint32_t fixed, arena;
};

static struct wire_chunk put(struct cm_body *body, uint8_t which)
{
	static const char *const names[] = {
		"Server", "srv.main", "Client", "Client2", "cli.own", "Shy",
		"Lazy", "Plain", "Refused", "nix", "none", "",
	};
	const char *text = names[which % SUITE_LENGTH(names)];
	struct wire_chunk chunk = { body->arena, (uint32_t)strlen(text) + 1 };

	memcpy(body->bytes + body->fixed + body->arena, text, chunk.size);
	body->arena += (chunk.size + 7) & ~7u;
	return chunk;
}

static void ask_cm(struct world *w, int fd, const struct operation *o)
{
	struct operation other = { .task = o->task, .fd = o->fd };
	struct cm_body body = { 0 };
	uint32_t msecs = o->c % 8 ? WIRE_DEADLINE_CAP : 0;
	struct wire_header header;
	int listener = -1;

	switch (o->what % WHAT_N) {
	case WHAT_CONNECT:
		body.fixed = sizeof(body.connect);
		body.connect.server = put(&body, o->a);
		body.connect.service = put(&body, o->b);
		body.connect.msecs = msecs;
		break;
	case WHAT_LISTEN:
		body.fixed = sizeof(body.listen);
		body.listen.filter = put(&body, o->a);
		body.listen.msecs = msecs;
		break;
	case WHAT_DROP:
		body.fixed = sizeof(body.drop);
		body.drop.client = put(&body, o->a);
		body.drop.service = put(&body, o->b);
		break;
	default:
		body.fixed = sizeof(body.accept);
		body.accept.client = put(&body, o->a);
		body.accept.service = put(&body, o->b);
		body.accept.rsid = o->c / 8;
		listener = o->c % 2 ? descriptor(w, &other) : -1;
		body.accept.listener.handle = listener < 0 ? WIRE_NO_HANDLE : 0;
		break;
	}
	header = request(o, (uint16_t)(o->what % WHAT_N - WHAT_CONNECT),
			 body.fixed, body.arena);
	header.n_handles = listener >= 0;
	send_frame(fd, &header, body.bytes, body.fixed + body.arena, listener);
}

/* ---- an operation ---- */

static void close_end(struct world *w, const struct operation *o)
{
	struct world_program *program = &w->programs[o->task];

	if (o->fd >= FD_KEPT)
		fd_close(&kept[o->fd % N_KEPT]);
	else if (program->running && o->fd < program->n_fds)
		fd_close(&program->fds[o->fd]);
}

static void send_raw(int fd, const struct operation *o, struct input *input)
{
	struct input bytes = input_part(input, o->size);
	uint8_t packet[sizeof(struct wire_header) + 256];
	struct wire_header header = request(o, o->a, 0, 0);

	/* The header first as it should be, then the bytes in their place. */
	memcpy(packet, &header, sizeof(header));
	if (bytes.size > 0)
		memcpy(packet + o->b % sizeof(header), bytes.data, bytes.size);
	if (fd >= 0)
		(void)send(fd, packet, o->b % 64 + bytes.size >
			   sizeof(header) ? o->b % sizeof(header) + bytes.size :
			   sizeof(header), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void run(struct world *w, const struct operation *o, struct input *input)
{
	int fd = descriptor(w, o);
	struct operation kernel = { .task = o->task, .fd = WIRE_KERNEL_FD };
	struct wire_header header;

	switch ((enum what)(o->what % WHAT_N)) {
	case WHAT_ECHO:
		echo(fd, o);
		break;
	case WHAT_CALL:
		header = request(o, o->a % 8, 0, 0);
		send_frame(fd, &header, NULL, 0, -1);
		break;
	case WHAT_GIVE:
		give(w, fd, o);
		break;
	case WHAT_ANSWER:
		answer(w, fd, o);
		break;
	case WHAT_CANCEL:
		header = request(o, 0, 0, 0);
		header.kind = WIRE_CANCEL;
		header.call = o->a % 2 ? last.call : o->call;
		send_frame(fd, &header, NULL, 0, -1);
		break;
	case WHAT_RECEIVE:
		receive(fd);
		break;
	case WHAT_CONNECT:
	case WHAT_LISTEN:
	case WHAT_DROP:
	case WHAT_ACCEPT:
		ask_cm(w, descriptor(w, &kernel), o);
		break;
	case WHAT_CLOSE:
		close_end(w, o);
		break;
	case WHAT_EXIT:
		if (w->programs[o->task].running && !w->m->over)
			world_exit(w, o->task, o->a << 8);
		break;
	case WHAT_RAW:
		send_raw(fd, o, input);
		break;
	case WHAT_N:
		break;
	}
}

/* Every program ends: then nobody owes anything. */
static void end_all(struct world *w)
{
	for (uint32_t i = 0; i < N_WORLD_TASKS; i++)
		if (w->programs[i].running && !w->m->over)
			world_exit(w, i, 0);
	for (uint32_t i = 0; i < w->m->n_tasks; i++) {
		const struct task *task = &w->m->tasks[i];

		if (task->state != TASK_GONE)
			continue;
		FUZZ_CHECK(task->n_calls == 0 && task->n_channels == 0 &&
			   task->n_listeners == 0 && task->n_connects == 0 &&
			   task->n_listens == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	int next = fuzz_next_fd();
	unsigned flags = input_byte(&input);
	struct world *w;

	memset(&last, 0, sizeof(last));
	memset(kept, 0xff, sizeof(kept));
	w = world_new(flags & (WORLD_TRACE | WORLD_JSON | WORLD_WAIT_CLIENT |
			       WORLD_GRANTS));
	w->options.grace_ms = 0;
	for (int i = 0; i < OPERATIONS_MAX && input.size > 0; i++) {
		struct operation o;

		input_take(&input, &o, sizeof(o));
		o.task %= N_WORLD_TASKS;
		o.fd %= FD_KEPT + N_KEPT;
		run(w, &o, &input);
		/* Several may be sent before the mediator looks. */
		if (o.what < 128 && !w->m->over)
			world_turn(w);
	}
	for (int i = 0; i < N_KEPT; i++)
		fd_close(&kept[i]);
	end_all(w);
	world_end(w);
	FUZZ_CHECK(fuzz_next_fd() == next);
	return 0;
}

/* Operations that make sense one by one; libFuzzer puts them in order. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int number)
{
	uint64_t seed = number;
	size_t n = (size ? size - 1 : 0) / sizeof(struct operation), at;
	struct operation o = {
		.what = (uint8_t)suite_below(&seed, WHAT_N),
		.task = (uint8_t)suite_below(&seed, N_WORLD_TASKS),
		.fd = (uint8_t)(suite_below(&seed, 6) ?
				3 + suite_below(&seed, 6) :
				FD_KEPT + suite_below(&seed, 2)),
		.call = (uint8_t)suite_below(&seed, 4),
		.a = (uint8_t)suite_below(&seed, 12),
		.b = (uint8_t)suite_below(&seed, 12),
		.c = (uint8_t)suite_below(&seed, 10),
	};

	if (size == 0 || suite_below(&seed, 3) == 0 ||
	    size + sizeof(o) > max_size)
		return LLVMFuzzerMutate(data, size, max_size);
	if (suite_below(&seed, 6) == 0)
		o.what += 128 / WHAT_N * WHAT_N + WHAT_N;
	at = 1 + suite_below(&seed, (uint32_t)n + 1) * sizeof(o);
	if (suite_below(&seed, 4) == 0 && at + sizeof(o) <= size) {
		memcpy(data + at, &o, sizeof(o));
		return size;
	}
	memmove(data + at + sizeof(o), data + at, size - at);
	memcpy(data + at, &o, sizeof(o));
	return size + sizeof(o);
}
