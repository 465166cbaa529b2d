/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "relay.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "../../kernel/base/text.h"

void relay_init(struct relay *relay, int from, int to, bool escape)
{
	memset(relay, 0, sizeof(*relay));
	relay->from = from;
	relay->to = to;
	relay->escape = escape;
}

bool relay_is_over(const struct relay *relay)
{
	return relay->to < 0 || (relay->from < 0 &&
				 relay->sent == relay->used);
}

struct pollfd relay_poll(const struct relay *relay)
{
	if (relay->to >= 0 && relay->sent < relay->used)
		return (struct pollfd){ relay->to, POLLOUT, 0 };
	return (struct pollfd){ relay->to < 0 ? -1 : relay->from, POLLIN, 0 };
}

/* Bytes at the end that begin a character whose rest is still to come. */
static size_t begun(const char *bytes, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		unsigned char c = (unsigned char)bytes[n - back];
		size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if ((c & 0xc0) == 0x80)
			continue;
		return length > back ? back : 0;
	}
	return 0;
}

/* Line ends stay what they are. */
static void show(struct relay *relay, const char *bytes, size_t n)
{
	struct text text;

	text_init(&text, relay->out, sizeof(relay->out));
	while (n > 0) {
		const char *end = memchr(bytes, '\n', n);
		size_t line = end ? (size_t)(end - bytes) : n;

		text_escape(&text, bytes, line);
		if (end)
			text_add(&text, "\n");
		bytes += line + (end != NULL);
		n -= line + (end != NULL);
	}
	relay->used = text.used;
}

static void take(struct relay *relay, size_t n)
{
	size_t all = relay->kept + n;

	relay->sent = 0;
	if (!relay->escape) {
		memcpy(relay->out, relay->in, all);
		relay->used = all;
		return;
	}
	relay->kept = n > 0 ? begun(relay->in, all) : 0;
	show(relay, relay->in, all - relay->kept);
	memmove(relay->in, relay->in + all - relay->kept, relay->kept);
}

static void drop(int *fd, bool ours)
{
	if (!ours)
		close(*fd);
	*fd = -1;
}

static void read_some(struct relay *relay)
{
	ssize_t n = read(relay->from, relay->in + relay->kept, RELAY_READ);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	take(relay, n > 0 ? (size_t)n : 0);
	if (n <= 0)
		relay->from = -1;
}

/* A pipe that is ready takes PIPE_BUF bytes without blocking. */
static void write_some(struct relay *relay, bool ours)
{
	size_t left = relay->used - relay->sent;
	ssize_t n = write(relay->to, relay->out + relay->sent,
			  left < PIPE_BUF ? left : PIPE_BUF);

	if (n >= 0)
		relay->sent += (size_t)n;
	else if (errno != EAGAIN && errno != EINTR)
		drop(&relay->to, ours);	/* nobody reads */
}

void relay_step(struct relay *relay, const struct pollfd *fd, bool ours)
{
	if (fd->fd < 0 || !fd->revents)
		return;
	if (relay->sent < relay->used)
		write_some(relay, ours);
	else
		read_some(relay);
	if (relay->from < 0 && relay->sent == relay->used && relay->to >= 0)
		drop(&relay->to, ours);
}
