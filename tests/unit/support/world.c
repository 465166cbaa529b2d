/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../../kernel/base/clock.h"
#include "../../../kernel/ipc/frame.h"
#include "image_maker.h"
#include "world_image.h"

unsigned world_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	while (dir && readdir(dir))
		n++;
	closedir(dir);
	return n;
}

struct world *world_new(unsigned flags)
{
	struct world *w = calloc(1, sizeof(*w));
	int pair[2], out[2];

	ck_assert_ptr_nonnull(w);
	w->n_fds = world_count_fds();
	w->ready = w->done = -1;
	w->fail_task = IMAGE_NONE;
	w->no_answers = flags & WORLD_SILENT;
	w->options = (struct options){ .trace = flags & WORLD_TRACE,
		.grants = flags & (WORLD_TRACE | WORLD_GRANTS),
				       .json = flags & WORLD_JSON,
				       .grace_ms = 20 };
	if (flags & WORLD_WAIT_CLIENT)
		w->options.wait[w->options.n_wait++] = "Client";
	w->file = world_image(&w->image, flags, &w->file_size);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    pair), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC | O_NONBLOCK), 0);
	w->launcher = pair[0];
	w->monitor = pair[1];
	w->out_read = out[0];
	w->out = out[1];
	w->m = loop_new(&w->image, &w->options, w->monitor, w->out);
	ck_assert_ptr_nonnull(w->m);
	if (loop_begin(w->m))
		world_turn(w);
	else
		w->m->over = true;
	return w;
}

void world_say(struct world *w, const struct monitor_message *message)
{
	ck_assert_int_eq(send(w->launcher, message, sizeof(*message), 0),
			 sizeof(*message));
}

static void take_fds(struct msghdr *message, int *fds, uint32_t *n)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	*n = 0;
	if (!c)
		return;
	*n = (uint32_t)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(fds, CMSG_DATA(c), *n * sizeof(int));
}

static void close_program(struct world_program *program)
{
	for (uint32_t i = 0; i < program->n_fds; i++)
		fd_close(&program->fds[i]);
	program->n_fds = 0;
	program->running = false;
}

void world_exit(struct world *w, uint32_t task, int status)
{
	struct monitor_message message = {
		.code = MONITOR_EXITED, .task = task,
		.sid = w->programs[task].sid, .value = status, .syscall = -1 };

	close_program(&w->programs[task]);
	world_say(w, &message);
	world_turn(w);
}

static void start(struct world *w, const struct monitor_message *message,
		  const int *fds, uint32_t n)
{
	struct world_program *program = &w->programs[message->task];
	struct monitor_message answer = {
		.code = MONITOR_STARTED, .task = message->task,
		.sid = message->sid, .pid = 1000 + (int)message->task,
		.uid = 100000, .layers = (1u << LAYER_N) - 1, .landlock = 7,
		.n_syscalls = 41, .syscall = -1 };

	memcpy(program->fds, fds, n * sizeof(*fds));
	program->n_fds = n;
	program->sid = message->sid;
	program->running = true;
	if (message->task == w->fail_task) {
		close_program(program);
		answer.code = MONITOR_FAILED;
		answer.step = w->fail_step;
		answer.value = w->fail_errno;
	}
	world_say(w, &answer);
}

static bool launcher_serve(struct world *w)
{
	union {
		char bytes[CMSG_SPACE(MONITOR_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct monitor_message message, answer;
	struct iovec iov = { &message, sizeof(message) };
	struct msghdr packet = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	int fds[MONITOR_FDS_MAX];
	uint32_t n;

	if (recvmsg(w->launcher, &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) !=
	    sizeof(message))
		return false;
	take_fds(&packet, fds, &n);
	switch (message.code) {
	case MONITOR_READY:
		w->ready = message.value;
		break;
	case MONITOR_START:
		start(w, &message, fds, n);
		break;
	case MONITOR_KILL:
		w->programs[message.task].killed = true;
		if (!w->programs[message.task].running)
			break;
		close_program(&w->programs[message.task]);
		answer = (struct monitor_message){
			.code = MONITOR_EXITED, .task = message.task,
			.sid = message.sid, .value = SIGKILL, .syscall = -1 };
		world_say(w, &answer);
		break;
	case MONITOR_DONE:
		w->done = message.value;
		break;
	default:
		ck_abort_msg("the mediator said %u", message.code);
	}
	return true;
}

static void read_text(struct world *w)
{
	ssize_t n;

	do {
		n = read(w->out_read, w->text + w->text_used,
			 sizeof(w->text) - 1 - w->text_used);
		if (n > 0)
			w->text_used += (size_t)n;
	} while (n > 0);
	w->text[w->text_used] = '\0';
}

/* The mediator is idle when its epoll has nothing ready. */
static bool busy(struct world *w)
{
	struct pollfd fd = { .fd = w->m->epoll_fd, .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

void world_turn(struct world *w)
{
	for (int i = 0; i < 100000; i++) {
		bool more;

		loop_step(w->m, 0);
		more = !w->no_answers && launcher_serve(w);
		read_text(w);
		if (w->m->over || (!more && !busy(w)))
			return;
	}
	ck_abort_msg("the mediator never comes to rest");
}

void world_wait(struct world *w, unsigned ms)
{
	uint64_t end = clock_ms() + ms;

	do {
		world_turn(w);
		poll(NULL, 0, 1);
	} while (clock_ms() < end);
	world_turn(w);
}

int world_end(struct world *w)
{
	struct monitor_message stop = { .code = MONITOR_STOP,
					.value = SIGTERM };
	int status;

	w->no_answers = false;
	if (!w->m->over)
		world_say(w, &stop);
	while (!w->m->over)
		world_turn(w);
	if (w->ready == 0)
		loop_finish(w->m);
	while (launcher_serve(w))
		;
	read_text(w);
	status = w->m->failure;
	ck_assert_msg(!strstr(w->text, "BUG"), "%s", w->text);
	ck_assert_uint_eq(w->m->n_calls, 0);
	ck_assert_uint_eq(w->m->n_waiters, 0);
	if (w->ready == 0) {
		ck_assert_uint_eq(w->m->n_channels, 0);
		ck_assert_uint_eq(w->m->n_listeners, 0);
		ck_assert_int_eq(w->done, status);
	}
	loop_free(w->m);
	for (int i = 0; i < N_WORLD_TASKS; i++)
		close_program(&w->programs[i]);
	close(w->launcher);
	close(w->monitor);
	close(w->out);
	close(w->out_read);
	frame_release(&w->frame);
	ck_assert_uint_eq(world_count_fds(), w->n_fds);
	maker_free_file(w->file, w->file_size);
	free(w);
	return status;
}

/* ---- frames ---- */

static int end_of(struct world *w, uint32_t task, int fd)
{
	ck_assert(w->programs[task].running);
	return w->programs[task].fds[fd];
}

ssize_t world_send_raw(struct world *w, uint32_t task, int fd,
		       const void *bytes, size_t size)
{
	return send(end_of(w, task, fd), bytes, size,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
}

void world_send(struct world *w, uint32_t task, int fd,
		const struct wire_header *header, const void *body, size_t size,
		const int *fds, uint32_t n_fds)
{
	static struct frame frame;
	int err;

	frame.header = *header;
	if (size)
		memcpy(frame.bytes + sizeof(*header), body, size);
	frame.length = sizeof(*header) + size;
	err = frame_send(end_of(w, task, fd), &frame, fds, n_fds);
	ck_assert_msg(err == 0, "send: %s", strerror(-err));
}

bool world_receive(struct world *w, uint32_t task, int fd)
{
	frame_release(&w->frame);
	return frame_receive(&w->frame, end_of(w, task, fd), true) ==
	       FRAME_READ;
}

struct wire_header *world_expect(struct world *w, uint32_t task, int fd,
				 enum wire_kind kind)
{
	ck_assert_msg(world_receive(w, task, fd), "no frame; printed:\n%s",
		      w->text);
	ck_assert_msg(w->frame.header.kind == kind, "kind %u status %u, "
		      "printed:\n%s", w->frame.header.kind,
		      w->frame.header.status, w->text);
	return &w->frame.header;
}

void world_expect_status(struct world *w, uint32_t task, int fd,
			 uint32_t call, enum dk_status status)
{
	struct wire_header *header = world_expect(w, task, fd, WIRE_STATUS);

	ck_assert_uint_eq(header->call, call);
	ck_assert_msg(header->status == status, "status %u, not %u:\n%s",
		      header->status, status, w->text);
}

void world_expect_nothing(struct world *w, uint32_t task, int fd)
{
	bool got = world_receive(w, task, fd);

	ck_assert_msg(!got, "kind %u status %u", w->frame.header.kind,
		      w->frame.header.status);
}

void world_expect_closed(struct world *w, uint32_t task, int fd)
{
	frame_release(&w->frame);
	ck_assert_int_eq(frame_receive(&w->frame, end_of(w, task, fd), true),
			 FRAME_END);
}

void world_skip(struct world *w, uint32_t task, int fd, enum wire_kind kind)
{
	struct wire_header header;

	while (frame_peek(end_of(w, task, fd), &header) &&
	       header.kind == kind)
		world_receive(w, task, fd);
}

static struct wire_header request(uint32_t call, uint16_t mid,
				  uint32_t fixed, uint32_t arena)
{
	return (struct wire_header){
		.version = WIRE_VERSION, .kind = WIRE_REQUEST, .call = call,
		.mid = mid, .fixed_size = fixed, .arena_size = arena,
		.deadline_ms = WIRE_DEADLINE_CAP };
}

void world_echo(struct world *w, uint32_t task, int fd, uint32_t call,
		uint32_t deadline_ms)
{
	struct wire_header header = request(call, ECHO, 16, 8);
	struct {
		uint32_t n;
		struct wire_chunk s;
		uint32_t pad;
		char text[8];
	} body = { 5, { 0, 6 }, 0, "hello" };

	header.deadline_ms = deadline_ms;
	world_send(w, task, fd, &header, &body, sizeof(body), NULL, 0);
	world_turn(w);
}

void world_call(struct world *w, uint32_t task, int fd, uint32_t call,
		uint16_t mid)
{
	struct wire_header header = request(call, mid, 0, 0);

	world_send(w, task, fd, &header, NULL, 0, NULL, 0);
	world_turn(w);
}

void world_answer_echo(struct world *w, uint32_t task, int fd, uint32_t call,
		       uint32_t r)
{
	struct wire_header header = request(call, ECHO, 8, 0);
	uint32_t body[2] = { r, 0 };

	header.kind = WIRE_RESPONSE;
	world_send(w, task, fd, &header, body, sizeof(body), NULL, 0);
	world_turn(w);
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

static struct wire_chunk put(struct cm_body *body, const char *text)
{
	struct wire_chunk chunk = { body->arena, (uint32_t)strlen(text) + 1 };

	memcpy(body->bytes + body->fixed + body->arena, text, chunk.size);
	body->arena += (chunk.size + 7) & ~7u;
	return chunk;
}

static void cm(struct world *w, uint32_t task, uint32_t call, uint16_t mid,
	       struct cm_body *body, int fd)
{
	struct wire_header header = request(call, mid, body->fixed,
					    body->arena);

	header.n_handles = fd >= 0;
	world_send(w, task, WIRE_KERNEL_FD, &header, body->bytes,
		   body->fixed + body->arena, &fd, fd >= 0);
	world_turn(w);
}

void world_connect(struct world *w, uint32_t task, uint32_t call,
		   const char *server, const char *service, uint32_t msecs)
{
	struct cm_body body = { .fixed = sizeof(body.connect) };

	body.connect.server = put(&body, server);
	body.connect.service = put(&body, service);
	body.connect.msecs = msecs;
	cm(w, task, call, CM_CONNECT, &body, -1);
}

void world_listen(struct world *w, uint32_t task, uint32_t call,
		  const char *filter, uint32_t msecs)
{
	struct cm_body body = { .fixed = sizeof(body.listen) };

	body.listen.filter = put(&body, filter);
	body.listen.msecs = msecs;
	cm(w, task, call, CM_LISTEN, &body, -1);
}

void world_drop(struct world *w, uint32_t task, uint32_t call,
		const char *client, const char *service)
{
	struct cm_body body = { .fixed = sizeof(body.drop) };

	body.drop.client = put(&body, client);
	body.drop.service = put(&body, service);
	cm(w, task, call, CM_DROP, &body, -1);
}

void world_accept(struct world *w, uint32_t task, uint32_t call,
		  const char *client, const char *service, uint32_t rsid,
		  int listener)
{
	struct cm_body body = { .fixed = sizeof(body.accept) };

	body.accept.client = put(&body, client);
	body.accept.service = put(&body, service);
	body.accept.rsid = rsid;
	body.accept.listener.handle = listener >= 0 ? 0 : WIRE_NO_HANDLE;
	cm(w, task, call, CM_ACCEPT, &body, listener);
}

const void *world_expect_cm(struct world *w, uint32_t task, uint32_t call,
			    uint16_t mid, enum dk_status status)
{
	struct wire_header *header = world_expect(w, task, WIRE_KERNEL_FD,
						  WIRE_RESPONSE);
	uint32_t value;

	ck_assert_uint_eq(header->call, call);
	ck_assert_uint_eq(header->mid, mid);
	ck_assert_uint_eq(header->sid, SID_KERNEL);
	memcpy(&value, frame_fixed(&w->frame), sizeof(value));
	ck_assert_msg(value == status, "status %u, not %u:\n%s", value, status,
		      w->text);
	return frame_fixed(&w->frame);
}

const char *world_string(struct world *w, struct wire_chunk chunk)
{
	return (const char *)frame_arena(&w->frame) + chunk.offset;
}

bool world_printed(struct world *w, const char *text)
{
	return strstr(w->text, text);
}

unsigned world_count(struct world *w, const char *text)
{
	unsigned n = 0;

	for (const char *at = w->text; (at = strstr(at, text)); at++)
		n++;
	return n;
}
