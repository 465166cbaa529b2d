/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "launcher_request.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool take_fds(struct request *request, struct msghdr *message)
{
	struct cmsghdr *head;

	for (head = CMSG_FIRSTHDR(message); head;
	     head = CMSG_NXTHDR(message, head)) {
		size_t n;

		if (head->cmsg_level != SOL_SOCKET
		    || head->cmsg_type != SCM_RIGHTS)
			return false;
		n = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(head) + i * sizeof(fd),
			       sizeof(fd));
			if (request->n_fds < MONITOR_FDS_MAX)
				request->fds[request->n_fds++] = fd;
			else
				close(fd);	/* cannot be: no room for it */
		}
	}
	return true;
}

enum request_status request_receive(struct request *request, int monitor_fd)
{
	_Alignas(struct cmsghdr) char
		control[CMSG_SPACE(MONITOR_FDS_MAX * sizeof(int))];
	struct iovec part = { &request->message, sizeof(request->message) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t n;
	bool plain;

	request->n_fds = 0;
	do {
		n = recvmsg(monitor_fd, &message,
			    MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		/* Reset: the peer left something unread, said once. What it
		   sent before is still there. */
	} while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < 0)
		return errno == EAGAIN ? REQUEST_NONE : REQUEST_EOF;
	plain = take_fds(request, &message);
	if (n == 0 && request->n_fds == 0)
		return REQUEST_EOF;
	if (!plain || n != (ssize_t)sizeof(request->message)
	    || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return REQUEST_MALFORMED;
	return REQUEST_RECEIVED;
}

void request_close(struct request *request)
{
	for (size_t i = 0; i < request->n_fds; i++)
		close(request->fds[i]);
	request->n_fds = 0;
}

/* 0 to 2 are pipes, the others are channels. */
static bool right_kind(int fd, size_t number)
{
	struct stat st;
	int domain = 0, type = 0;
	socklen_t size = sizeof(int);

	if (number < WIRE_KERNEL_FD)
		return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0
		&& getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0
		&& domain == AF_UNIX && type == SOCK_SEQPACKET;
}

static const char *judge_start(const struct request *request,
			       const struct solution *solution, bool ready)
{
	const struct task *task = &solution->tasks[request->message.task];

	if (!ready)
		return "a start that nobody granted yet";
	if (task->pid > 0)
		return "a start of what runs already";
	if (request->n_fds != task->n_fds)
		return "a start with other descriptors than the image says";
	for (size_t i = 0; i < request->n_fds; i++)
		if (!right_kind(request->fds[i], i))
			return "a start with a descriptor that is neither "
				"pipe nor channel";
	return NULL;
}

const char *request_judge(const struct request *request,
			  const struct solution *solution, bool ready)
{
	const struct monitor_message *message = &request->message;
	bool start = message->code == MONITOR_START;

	if (!start && request->n_fds > 0)
		return "descriptors where none belong";
	if (message->zero != 0)
		return "a member that must be zero is not";
	switch (message->code) {
	case MONITOR_READY:
		return ready ? "ready twice" : NULL;
	case MONITOR_DONE:
		return NULL;
	case MONITOR_START:
	case MONITOR_KILL:
		if (message->task >= solution->n_tasks)
			return "a task that the image does not have";
		return start ? judge_start(request, solution, ready) : NULL;
	}
	return "no such request";
}
