/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "ask.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../kernel/base/monitor.h"
#include "dk.h"

#define FOUND_SIZE	sizeof(((struct ask *)0)->path)
#define FOLDER_SIZE	sizeof(CONTROL_FOLDER_OF_USER "4294967295")

/* ---- which daemon ---- */

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, error;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	error = errno;
	close(fd);
	return -error;
}

static int refused(const char *path, int error)
{
	if (error == EACCES || error == EPERM) {
		fprintf(stderr, "dk: %s: only root and the members of its group "
			"may speak to this daemon (ls -l %s)\n", path, path);
		return DK_NO_RIGHT;
	}
	fprintf(stderr, "dk: %s: no daemon answers: %s\n", path,
		strerror(error));
	return DK_NO_DAEMON;
}

static int try_path(struct ask *ask, const char *path)
{
	if (strlen(path) >= sizeof(ask->path))
		return refused(path, ENAMETOOLONG);
	memcpy(ask->path, path, strlen(path) + 1);
	ask->fd = connect_to(path);
	return ask->fd < 0 ? refused(path, -ask->fd) : 0;
}

static bool is_socket_name(const char *name)
{
	size_t n = strlen(name), n_suffix = strlen(CONTROL_SUFFIX);

	return n > n_suffix && !strcmp(name + n - n_suffix, CONTROL_SUFFIX);
}

/* The daemons of FOLDER, of which the first is remembered in FOUND. Those that are
   not served are no daemons. */
static void count_in(const char *name, char found[FOUND_SIZE], int *n)
{
	char path[FOUND_SIZE];
	DIR *folder = opendir(name);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		int fd, length;

		if (!is_socket_name(entry->d_name))
			continue;
		length = snprintf(path, sizeof(path), "%s/%s", name,
				  entry->d_name);
		if (length < 0 || (size_t)length >= sizeof(path))
			continue;
		fd = connect_to(path);
		if (fd == -ECONNREFUSED || fd == -ENOENT)
			continue;
		if (fd >= 0)
			close(fd);
		if ((*n)++)
			fprintf(stderr, "%s  %s\n", *n == 2 ?
				"dk: more than one daemon runs; which one, say "
				"with -s:\n" : "", path);
		else
			memcpy(found, path, FOUND_SIZE);
	}
	if (folder)
		closedir(folder);
}

/* Where a user's own daemons are; root's are all in one folder. */
static void users_folder(char folder[FOLDER_SIZE])
{
	snprintf(folder, FOLDER_SIZE, CONTROL_FOLDER_OF_USER, getuid());
}

static int find_only(struct ask *ask)
{
	char found[FOUND_SIZE] = "", folder[FOLDER_SIZE];
	int n = 0;

	users_folder(folder);
	if (getuid() != 0)
		count_in(folder, found, &n);
	count_in(CONTROL_FOLDER, found, &n);
	if (n == 1)
		return try_path(ask, found);
	if (n > 1)
		fprintf(stderr, "  %s\n", found);
	else
		fprintf(stderr, "dk: no daemon runs with a control socket in "
			"%s%s" CONTROL_FOLDER ": start one (dk run IMAGE.dk), or "
			"name its socket with -s\n",
			getuid() != 0 ? folder : "",
			getuid() != 0 ? " or " : "");
	return DK_NO_DAEMON;
}

static int find_named(struct ask *ask, const char *name)
{
	const char *suffix = is_socket_name(name) ? "" : CONTROL_SUFFIX;
	char path[FOUND_SIZE], folder[FOLDER_SIZE];
	int n;

	if (strchr(name, '/'))
		return try_path(ask, name);
	users_folder(folder);
	n = snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
	if (getuid() == 0 || n < 0 || (size_t)n >= sizeof(path) ||
	    access(path, F_OK) < 0)
		n = snprintf(path, sizeof(path), CONTROL_FOLDER "/%s%s", name,
			     suffix);
	return n < 0 || (size_t)n >= sizeof(path) ? refused(name, ENAMETOOLONG) :
						    try_path(ask, path);
}

int ask_open(struct ask *ask, const struct ask_words *words)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int r = words->socket ? find_named(ask, words->socket) : find_only(ask);

	ask->daemon = -1;
	if (r)
		return r;
	/* Who listens is the launcher, and it is the last to go. */
	if (getsockopt(ask->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
		ask->daemon = (int)syscall(SYS_pidfd_open, peer.pid, 0);
	return 0;
}

void ask_close(struct ask *ask)
{
	close(ask->fd);
	if (ask->daemon >= 0)
		close(ask->daemon);
}

/* ---- requests and answers ---- */

static int broken(const struct ask *ask, const char *why)
{
	fprintf(stderr, "dk: %s: %s\n", ask->path, why);
	return DK_BROKEN;
}

int ask_send(struct ask *ask, enum control_op op, unsigned argument,
	     const char *text)
{
	struct {
		struct control_request head;
		char text[256];
	} packet = { .head = { .version = CONTROL_VERSION, .op = (uint8_t)op,
			       .argument = argument } };
	size_t n = text ? strlen(text) : 0;

	if (n >= sizeof(packet.text)) {
		fprintf(stderr, "dk: %.40s…: no task has so long a name\n", text);
		return DK_NO_TASK;
	}
	packet.head.size = (uint16_t)n;
	memcpy(packet.text, text ? text : "", n);
	if (send(ask->fd, &packet, sizeof(packet.head) + n, MSG_NOSIGNAL) < 0 &&
	    errno != EPIPE)	/* its last words tell why */
		return broken(ask, strerror(errno));
	return 0;
}

static void take_fds(struct msghdr *message, int fds[3])
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(3 * sizeof(int)))
		memcpy(fds, CMSG_DATA(c), 3 * sizeof(int));
}

int ask_receive(struct ask *ask, struct ask_answer *answer)
{
	union {
		char bytes[CMSG_SPACE(3 * sizeof(int))];
		struct cmsghdr align;
	} rights;
	struct iovec parts[2] = { { &answer->head, sizeof(answer->head) },
				  { answer->body, sizeof(answer->body) - 1 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2,
				  .msg_control = rights.bytes,
				  .msg_controllen = sizeof(rights.bytes) };
	ssize_t n;

	answer->fds[0] = answer->fds[1] = answer->fds[2] = -1;
	do {
		n = recvmsg(ask->fd, &message, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		broken(ask, "the daemon has gone");
		return DK_NO_DAEMON;
	}
	take_fds(&message, answer->fds);
	if ((size_t)n < sizeof(answer->head) ||
	    answer->head.version != CONTROL_VERSION ||
	    answer->head.kind >= CONTROL_KINDS ||
	    answer->head.size != (size_t)n - sizeof(answer->head))
		return broken(ask, "the daemon is of another version: use the dk "
			      "that came with it");
	answer->body[answer->head.size] = '\0';
	return 0;
}

int ask_done(const struct control_answer *done, const char *what)
{
	static const struct { int exit; const char *text; } texts[] = {
		[CONTROL_OK] = { DK_OK, "" },
		[CONTROL_MALFORMED] = { DK_BROKEN, "the daemon does not "
			"understand: use the dk that came with it" },
		[CONTROL_UNKNOWN] = { DK_NO_RIGHT, "you have no class in this "
			"solution: init.yaml gives one with users:" },
		[CONTROL_DENIED] = { DK_NO_RIGHT, "the policy does not let your "
			"class ask this (a request to control.Control)" },
		[CONTROL_NOT_FOUND] = { DK_NO_TASK, "there is no such task: dk ps "
			"lists them" },
		[CONTROL_AUTO] = { DK_NO_TASK, "the task starts with the solution: "
			"only those with `start: demand` can be asked for" },
		[CONTROL_BUSY] = { DK_TASK_BUSY, "runs already, and at most once "
			"at a time" },
		[CONTROL_NO_START] = { DK_NO_START, "the policy denies its start "
			"(an execute event)" },
		[CONTROL_FAILED] = { DK_NOT_RUN, "could not be started" },
		[CONTROL_STOPPING] = { DK_BROKEN, "everything is being ended" },
		[CONTROL_QUOTA] = { DK_TOO_MANY, "too many connections to the "
			"daemon: end some" },
		[CONTROL_MACHINE] = { DK_BROKEN, "the daemon has no memory or "
			"descriptors left" },
	};

	if (done->status >= CONTROL_STATUSES) {
		fprintf(stderr, "dk: %s: refused, with status %u\n", what,
			done->status);
		return DK_BROKEN;
	}
	if (done->status != CONTROL_OK)
		fprintf(stderr, "dk: %s: %s\n", what, texts[done->status].text);
	return texts[done->status].exit;
}

const char *ask_text(const struct ask_answer *answer, size_t size, unsigned i)
{
	const char *end = answer->body + answer->head.size;
	const char *at = answer->body + size;

	for (; at < end && i > 0; i--)
		at += strlen(at) + 1;
	return at < end ? at : "";
}
