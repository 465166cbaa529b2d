/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "../ipc/channel.h"
#include "../ipc/program.h"
#include "client.h"

/* ---- who comes ---- */

static uint32_t find_user(const struct control *control, uint32_t uid)
{
	for (uint32_t i = 0; i < control->m->image->n_users; i++)
		if (control->setup.uids[i] == uid && uid != CONTROL_NO_UID)
			return i;
	return IMAGE_NONE;
}

/* Some places are kept for those who can end the others. */
static bool has_place(const struct control *control, uint32_t uid, bool may_all)
{
	uint32_t n = 0;

	if (may_all)
		return control->n_clients < LIMIT_CONTROL;
	if (control->n_clients >= LIMIT_CONTROL - LIMIT_CONTROL_KEPT)
		return false;
	for (uint32_t i = 0; i < LIMIT_CONTROL; i++)
		n += control->clients[i].source.fd >= 0 &&
		     control->clients[i].uid == uid;
	return n < LIMIT_CONTROL_USER;
}

static void turn_away(int fd)
{
	struct control_answer answer = {
		.version = CONTROL_VERSION, .kind = CONTROL_DONE,
		.status = CONTROL_QUOTA };

	send(fd, &answer, sizeof(answer), MSG_DONTWAIT | MSG_NOSIGNAL);
	fd_close(&fd);
}

static struct client *free_place(struct control *control)
{
	struct client *client = control->clients;

	while (client->source.fd >= 0)
		client++;
	return client;
}

static void take(struct control *control, int fd)
{
	struct ucred who;
	socklen_t size = sizeof(who);
	struct client *client;
	bool may_all;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0) {
		fd_close(&fd);
		return;
	}
	may_all = who.uid == 0 || who.uid == control->setup.owner;
	if (!has_place(control, who.uid, may_all)) {
		turn_away(fd);
		return;
	}
	client = free_place(control);
	*client = (struct client){
		.source = { .kind = SOURCE_GUEST, .fd = fd },
		.uid = who.uid, .may_all = may_all,
		.user = find_user(control, who.uid),
		.streams = { -1, -1, -1 } };
	control->n_clients++;
	if (source_watch(control->m, &client->source, EPOLLIN) < 0)
		client_close(control, client);
}

static void accept_some(struct control *control)
{
	for (uint32_t i = 0; i < LIMIT_CONTROL_TURN; i++) {
		int fd = accept4(control->listener.fd, NULL, NULL,
				 SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE ||
			       errno == ENOBUFS || errno == ENOMEM)) {
			/* It would be ready for ever. */
			source_watch(control->m, &control->listener, 0);
			timer_arm(&control->m->timers, &control->again,
				  control->m->now_ms + LIMIT_SUMMARY_MS);
			return;
		}
		if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
			return;
		if (fd >= 0)
			take(control, fd);
	}
}

static void accept_again(void *context, struct timer *timer)
{
	struct control *control = container_of(timer, struct control, again);

	source_watch(context, &control->listener, EPOLLIN);
}

/* ---- one who is here ---- */

void client_done(struct client *client, enum control_status status,
		 uint64_t value)
{
	bool last = status == CONTROL_MALFORMED || status == CONTROL_QUOTA;

	client->job = last ? JOB_BYE : JOB_DONE;
	client->done = (struct control_answer){
		.version = CONTROL_VERSION, .kind = CONTROL_DONE,
		.status = (uint16_t)status, .value = value };
}

void client_close(struct control *control, struct client *client)
{
	if (client->source.fd < 0)
		return;
	if (client->task)
		program_end(control->m, client->task);
	client->task = NULL;
	fd_close_all(client->streams, 3);
	source_close(control->m, &client->source);
	control->n_clients--;
}

/* 0 or -errno; the descriptors, if any, stay ours. */
static int send_packet(int fd, const void *head, size_t n_head,
		       const void *body, size_t n_body, const int *fds)
{
	union {
		char bytes[CMSG_SPACE(3 * sizeof(int))];
		struct cmsghdr align;
	} rights = { .bytes = { 0 } };
	struct iovec parts[2] = {
		{ (void *)(uintptr_t)head, n_head },
		{ (void *)(uintptr_t)body, n_body } };
	struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2 };
	struct cmsghdr *c;

	if (fds) {
		packet.msg_control = rights.bytes;
		packet.msg_controllen = sizeof(rights.bytes);
		c = CMSG_FIRSTHDR(&packet);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(3 * sizeof(int));
		memcpy(CMSG_DATA(c), fds, 3 * sizeof(int));
	}
	return sendmsg(fd, &packet, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ?
	       -errno : 0;
}

static int send_head(struct client *client, const struct control_answer *head,
		     const int *fds)
{
	return send_packet(client->source.fd, head, sizeof(*head), NULL, 0,
			   fds);
}

/* What is told of a spawned task: that it has started, then that it has ended. */
static int tell_spawn(struct client *client)
{
	struct control_answer head = { .version = CONTROL_VERSION };
	int err;

	if (client->started) {
		head.kind = CONTROL_STARTED;
		head.value = (uint32_t)client->pid;
		err = send_head(client, &head, client->streams);
		if (err)
			return err;
		client->started = false;
		fd_close_all(client->streams, 3);
		return 1;
	}
	if (!client->exited)
		return 0;
	head.kind = CONTROL_EXITED;
	head.value = (uint32_t)client->status;
	err = send_head(client, &head, NULL);
	if (err)
		return err;
	client_done(client, CONTROL_OK, 0);
	return 1;
}

static int tell_done(struct control *control, struct client *client)
{
	int err = send_head(client, &client->done, NULL);

	if (err)
		return err;
	if (client->job == JOB_BYE)
		return -EPIPE;
	client->job = control->m->stopping && client->op == CONTROL_STOP ?
		      JOB_STOP : JOB_NONE;
	return 1;
}

static int tell_row(struct control *control, struct client *client)
{
	struct answer *answer = &control->answer;
	int err;

	if (!rows_make(control, client)) {
		if (client->job == JOB_FOLLOW)
			return 0;
		client_done(client, CONTROL_OK, 0);
		return 1;
	}
	err = send_packet(client->source.fd, &answer->head,
			  sizeof(answer->head), answer->body,
			  answer->head.size, NULL);
	if (err)
		return err;
	rows_taken(control, client);
	return 1;
}

/* One answer. 1: sent; 0: there is none now; -errno. */
static int tell(struct control *control, struct client *client)
{
	switch (client->job) {
	case JOB_ROWS:
	case JOB_FOLLOW:
		return tell_row(control, client);
	case JOB_SPAWN:
		return tell_spawn(client);
	case JOB_DONE:
	case JOB_BYE:
		return tell_done(control, client);
	case JOB_NONE:
	case JOB_STOP:
	case JOBS:
		break;
	}
	return 0;
}

static bool is_read(const struct client *client)
{
	return client->job == JOB_NONE || client->job == JOB_SPAWN ||
	       client->job == JOB_FOLLOW || client->job == JOB_STOP;
}

void client_pump(struct control *control, struct client *client)
{
	int r = 1;

	client->full = false;
	for (uint32_t i = 0; i < LIMIT_CONTROL_TURN && r > 0; i++)
		r = tell(control, client);
	if (r < 0 && r != -EAGAIN && r != -ENOBUFS && r != -ENOMEM &&
	    r != -ETOOMANYREFS) {
		client_close(control, client);
		return;
	}
	client->full = r != 0;	/* or it has had its turn: EPOLLOUT says when */
	source_watch(control->m, &client->source,
		     (client->full ? EPOLLOUT : 0u) |
		     (is_read(client) ? EPOLLIN : 0u));
}

static void receive(struct control *control, struct client *client)
{
	uint8_t bytes[sizeof(struct control_request) + WIRE_NAME_MAX + 1];
	ssize_t n;

	/* No room for descriptors: Linux drops those that ride along. */
	n = recv(client->source.fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		client_close(control, client);
	else
		request_serve(control, client, bytes, (size_t)n);
}

static void serve(struct guest *guest, struct source *source, uint32_t events)
{
	struct control *control = container_of(guest, struct control, guest);
	struct client *client;

	if (source == &control->listener) {
		accept_some(control);
		return;
	}
	client = container_of(source, struct client, source);
	if (client->source.fd < 0)
		return;
	if (events & EPOLLIN)
		receive(control, client);
	else if (events & (EPOLLHUP | EPOLLERR))
		client_close(control, client);
	if (client->source.fd >= 0)
		client_pump(control, client);
}

/* ---- the guest ---- */

static void begin(struct guest *guest, struct mediator *m)
{
	struct control *control = container_of(guest, struct control, guest);

	control->m = m;
	m->guest = guest;
	m->audit.ring = &control->ring;
	control->endpoint = request_endpoint(m->image);
	if (timers_reserve(&m->timers, 1) < 0 ||
	    source_watch(m, &control->listener, EPOLLIN) < 0)
		log_say(&m->log, "the control socket cannot be served");
}

static void turn(struct guest *guest)
{
	struct control *control = container_of(guest, struct control, guest);

	if (control->stamp == control->ring.next)
		return;
	control->stamp = control->ring.next;
	for (uint32_t i = 0; i < LIMIT_CONTROL; i++) {
		struct client *client = &control->clients[i];

		if (client->source.fd >= 0 && client->job == JOB_FOLLOW &&
		    !client->full)
			client_pump(control, client);
	}
}

static void told(struct guest *guest, struct task *task,
		 const struct monitor_message *message)
{
	struct control *control = container_of(guest, struct control, guest);
	struct client *client = control->clients;

	while (client < control->clients + LIMIT_CONTROL &&
	       (client->source.fd < 0 || client->task != task))
		client++;
	if (client == control->clients + LIMIT_CONTROL)
		return;		/* who asked has gone */
	if (message->code == MONITOR_STARTED) {
		client->started = true;
		client->pid = message->pid;
	} else {
		client->task = NULL;
		client->exited = true;
		client->status = message->value;
	}
	if (message->code == MONITOR_FAILED) {
		fd_close_all(client->streams, 3);
		client_done(client, CONTROL_FAILED, message->step);
	}
	client_pump(control, client);
}

struct guest *control_new(const struct control_setup *setup)
{
	struct control *control = calloc(1, sizeof(*control));

	if (!control)
		return NULL;
	control->guest = (struct guest){ begin, serve, turn, told };
	control->setup = *setup;
	control->listener = (struct source){ .kind = SOURCE_GUEST,
					     .fd = setup->fd };
	control->again.fire = accept_again;
	for (uint32_t i = 0; i < LIMIT_CONTROL; i++)
		control->clients[i] = (struct client){
			.source.fd = -1, .streams = { -1, -1, -1 } };
	return &control->guest;
}

void control_free(struct guest *guest)
{
	struct control *control;

	if (!guest)
		return;
	control = container_of(guest, struct control, guest);
	for (uint32_t i = 0; i < LIMIT_CONTROL; i++) {
		fd_close_all(control->clients[i].streams, 3);
		fd_close(&control->clients[i].source.fd);
	}
	fd_close(&control->listener.fd);
	free(control);
}
