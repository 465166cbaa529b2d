/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The control socket in a whole mediator, as hostile local users would use it:
 * any packet, descriptors that ride along, many connections, answers that are
 * never read, a hang-up at any time. Whoever comes is told what it may be told;
 * who may not stop the daemon does not.
 *
 * Input: flags, then operations, struct operation each, some with bytes behind.
 */
#include "../unit/kernel_control.h"
#include "support/fuzz.h"

enum what {
	WHAT_COME, WHAT_LEAVE, WHAT_ASK, WHAT_RAW, WHAT_READ, WHAT_RIDE,
	WHAT_EXIT, WHAT_CALL, WHAT_N
};

struct operation {
	uint8_t what;
	uint8_t client;
	uint8_t op, argument, text;
	uint8_t size;			/* WHAT_RAW: bytes that follow */
};

enum { FLAG_OWNER = 1, FLAG_USER = 2, FLAG_JSON = 4, FLAG_FAIL = 8,
       FLAG_SILENT = 16 };		/* the launcher answers at the end */
enum { N_CLIENTS = 40, OPERATIONS_MAX = 64 };

static const uid_t other = 65534;

static struct one {
	int fd;				/* or -1 */
	bool may_all, user;
	bool reads;			/* its answers, as they come */
} ones[N_CLIENTS];
static bool somebody_may;		/* do anything: came at least once */

/* ---- what is said ---- */

static void check_rows(void)
{
	static const size_t sizes[CONTROL_KINDS] = {
		[CONTROL_ROW] = sizeof(struct control_name),
		[CONTROL_RECORD] = sizeof(struct control_record),
	};
	struct control_record record;

	FUZZ_CHECK(got.head.size >= sizes[got.head.kind]);
	if (got.head.kind == CONTROL_ROW) {
		FUZZ_CHECK(got.body[got.head.size - 1] == '\0');
	} else if (got.head.kind == CONTROL_RECORD) {
		memcpy(&record, got.body, sizeof(record));
		FUZZ_CHECK(record.n_text + record.n_json + sizeof(record) ==
			   got.head.size);
	} else {
		FUZZ_CHECK(got.head.size == 0);
	}
}

/* One without a class is refused, whatever it asks. */
static void check_nobody(void)
{
	FUZZ_CHECK(got.head.kind == CONTROL_DONE);
	FUZZ_CHECK(got.head.status == CONTROL_MALFORMED ||
		   got.head.status == CONTROL_UNKNOWN ||
		   got.head.status == CONTROL_QUOTA);
}

static void check_answer(const struct one *one)
{
	FUZZ_CHECK(got.head.kind < CONTROL_KINDS);
	FUZZ_CHECK(got.head.status < CONTROL_STATUSES);
	FUZZ_CHECK(got.head.status == 0 || got.head.kind == CONTROL_DONE);
	FUZZ_CHECK((got.fds[0] >= 0) == (got.head.kind == CONTROL_STARTED));
	check_rows();
	if (!one->may_all && !one->user)
		check_nobody();
	else if (one->may_all)
		FUZZ_CHECK(got.head.status != CONTROL_UNKNOWN &&
			   got.head.status != CONTROL_DENIED);
}

static void read_answers(struct one *one)
{
	bool end = false;

	while (one->fd >= 0 && next(one->fd, &end)) {
		check_answer(one);
		fd_close_all(got.fds, 3);
		if (!w->m->over)
			world_turn(w);
	}
}

/* ---- operations ---- */

static void come_in(struct one *one, const struct operation *o)
{
	bool as_other = getuid() == 0 && o->argument % 4;
	uid_t uid = as_other ? other : getuid();
	const struct control *control =
		container_of(guest, struct control, guest);

	if (one->fd >= 0 || w->m->over)
		return;
	one->fd = come_as(uid);
	one->may_all = uid == 0 || uid == control->setup.owner;
	one->user = uid == control->setup.uids[0];
	one->reads = o->op % 4;
	somebody_may |= one->may_all;
}

static void go(struct one *one)
{
	fd_close(&one->fd);
}

/* A full socket, a closed one: all the same. */
static void say(const struct one *one, const void *bytes, size_t n, int given)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} rights = { .bytes = { 0 } };
	struct iovec part = { (void *)(uintptr_t)bytes, n };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (given >= 0) {
		packet.msg_control = rights.bytes;
		packet.msg_controllen = sizeof(rights.bytes);
		c = CMSG_FIRSTHDR(&packet);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &given, sizeof(given));
	}
	(void)sendmsg(one->fd, &packet, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void say_request(const struct one *one, const struct operation *o,
			int given)
{
	static const char *const texts[] = {
		"", "Lazy", "Server", "Lazy ", "nix", "L",
	};
	const char *text = texts[o->text % SUITE_LENGTH(texts)];
	struct control_request head = {
		CONTROL_VERSION, o->op % (CONTROL_N + 1),
		(uint16_t)strlen(text), o->argument,
	};
	uint8_t packet[sizeof(head) + 16];

	memcpy(packet, &head, sizeof(head));
	memcpy(packet + sizeof(head), text, head.size);
	say(one, packet, sizeof(head) + head.size, given);
}

/* A head as it should be, then bytes over it and behind it. */
static void say_raw(const struct one *one, const struct operation *o,
		    struct input *input)
{
	struct input bytes = input_part(input, o->size);
	struct control_request head = { CONTROL_VERSION, o->op, o->argument, 0 };
	size_t at = o->text % (sizeof(head) + 1);
	uint8_t packet[sizeof(head) + 256];

	memcpy(packet, &head, sizeof(head));
	if (bytes.size > 0)
		memcpy(packet + at, bytes.data, bytes.size);
	say(one, packet, at + bytes.size, -1);
}

/* A program's request: something to be on record. */
static void call(const struct operation *o)
{
	struct wire_header header = {
		.version = WIRE_VERSION, .kind = WIRE_REQUEST,
		.call = o->argument, .mid = o->op % N_WORLD_METHODS,
	};

	if (w->programs[CLIENT].running)
		(void)world_send_raw(w, CLIENT, CLIENT_MAIN, &header,
				     sizeof(header));
}

static void run(const struct operation *o, struct input *input)
{
	struct one *one = &ones[o->client % N_CLIENTS];

	switch ((enum what)(o->what % WHAT_N)) {
	case WHAT_COME:
		come_in(one, o);
		break;
	case WHAT_LEAVE:
		go(one);
		break;
	case WHAT_ASK:
		say_request(one, o, -1);
		break;
	case WHAT_RAW:
		say_raw(one, o, input);
		break;
	case WHAT_READ:
		read_answers(one);
		break;
	case WHAT_RIDE:
		say_request(one, o, w->launcher);
		break;
	case WHAT_EXIT:
		if (w->programs[LAZY].running && !w->m->over)
			world_exit(w, LAZY, o->argument << 8);
		break;
	case WHAT_CALL:
		call(o);
		break;
	case WHAT_N:
		break;
	}
}

/* ---- an input ---- */

static void begin_all(unsigned flags)
{
	struct control_setup control = {
		.owner = flags & FLAG_OWNER ? getuid() : CONTROL_NO_UID,
	};

	for (uint32_t i = 0; i < IMAGE_USERS_MAX; i++)
		control.uids[i] = CONTROL_NO_UID;
	if (flags & FLAG_USER)
		control.uids[0] = getuid() ? getuid() : other;
	for (uint32_t i = 0; i < N_CLIENTS; i++)
		ones[i] = (struct one){ .fd = -1 };
	somebody_may = false;
	begin(WORLD_USERS | (flags & FLAG_JSON ? WORLD_JSON : 0), &control);
	w->options.grace_ms = 0;
	w->no_answers = flags & FLAG_SILENT;
	if (flags & FLAG_FAIL) {
		w->fail_task = LAZY;
		w->fail_step = STEP_EXEC;
		w->fail_errno = ENOEXEC;
	}
}

/* Everybody goes: then nothing is owed. */
static void end_all(void)
{
	struct control *control = container_of(guest, struct control, guest);

	FUZZ_CHECK(somebody_may || !w->m->stopping);
	for (uint32_t i = 0; i < N_CLIENTS; i++)
		go(&ones[i]);
	if (!w->m->over)
		world_turn(w);
	if (!w->m->over)
		FUZZ_CHECK(control->n_clients == 0);
	/* who was there when all ended goes with the process */
	for (uint32_t i = 0; i < LIMIT_CONTROL; i++) {
		struct client *client = &control->clients[i];

		FUZZ_CHECK(client->source.fd >= 0 || client->streams[0] < 0);
		fd_close(&client->source.fd);
		fd_close_all(client->streams, 3);
	}
	world_end(w);
	control_free(guest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	int next_fd = fuzz_next_fd();

	begin_all(input_byte(&input));
	for (int i = 0; i < OPERATIONS_MAX && input.size > 0; i++) {
		struct operation o;

		input_take(&input, &o, sizeof(o));
		run(&o, &input);
		/* Several may be said before the mediator looks. */
		if (o.what < 128 && !w->m->over)
			world_turn(w);
		for (uint32_t j = 0; j < N_CLIENTS; j++)
			if (ones[j].reads)
				read_answers(&ones[j]);
	}
	end_all();
	FUZZ_CHECK(fuzz_next_fd() == next_fd);
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
		.client = (uint8_t)suite_below(&seed, suite_below(&seed, 4) ?
					       3 : N_CLIENTS),
		.op = (uint8_t)suite_below(&seed, CONTROL_N + 1),
		.argument = (uint8_t)suite_below(&seed, 4),
		.text = (uint8_t)suite_below(&seed, 2),
	};

	if (size == 0 || suite_below(&seed, 3) == 0 ||
	    size + sizeof(o) > max_size)
		return LLVMFuzzerMutate(data, size, max_size);
	/* one who asks for a start mostly names somebody */
	if (o.op == CONTROL_SPAWN && suite_below(&seed, 4))
		o.text = 1;
	if (suite_below(&seed, 6) == 0)
		o.what += 128;
	at = 1 + suite_below(&seed, (uint32_t)n + 1) * sizeof(o);
	if (suite_below(&seed, 4) == 0 && at + sizeof(o) <= size) {
		memcpy(data + at, &o, sizeof(o));
		return size;
	}
	memmove(data + at + sizeof(o), data + at, size - at);
	memcpy(data + at, &o, sizeof(o));
	return size + sizeof(o);
}
