/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The name server's and the connection manager's functions. */
#include "lib_fake.h"

#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/sl/sl_api.h>
#include <kl/core/CM.idl.h>
#include <kl/core/NS.idl.h>
#include <poll.h>

static int kernel, nameserver;
static uint32_t hello_flags = WIRE_HELLO_HANDLES;
static char client[KN_CM_NAME_MAX], service[KN_CM_NAME_MAX];

struct said {
	struct wire_hello hello;
	struct wire_end end;
	struct wire_endpoint endpoint;
	char strings[40];
};

/* A process with a channel to the name server, whose ns.NS has RIID 4. */
static void set_up(const char *endpoint)
{
	struct said s = {
		.hello = { .abi = 1, .sid = 7, .task = 1, .class_name = 1,
			   .n_ends = 1, .n_endpoints = 1, .strings = 40,
			   .flags = hello_flags },
		.end = { .name = 6, .side = WIRE_RIGHT_CALL },
		.endpoint = { 25, 31, 4, 0 },
	};
	int pair[2];

	memcpy(s.strings, "\0task\0kl.core.NameServer\0", 25);
	strcpy(s.strings + 25, endpoint);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	s.end.fd = (uint32_t)pair[0];
	nameserver = pair[1];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	hello_kernel_fd = pair[0];
	kernel = pair[1];
	fake_send(kernel, fake_new(WIRE_HELLO, 0, &s, sizeof(s), NULL, 0));
}

static NsHandle set_up_ns(void)
{
	NsHandle ns;

	set_up("ns.NS");
	ck_assert_int_eq(NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns), rcOk);
	ck_assert_uint_ne(ns, NS_INVALID_HANDLE);
	return ns;
}

/* An answer whose first out-parameter is a status, then SIZE bytes of zero. */
static void answer_status(int fd, uint32_t call, uint32_t status, uint32_t size)
{
	uint32_t fixed[16] = { status };

	fake_send(fd, fake_new(WIRE_RESPONSE, call, fixed, size, NULL, 0));
}

/* Two names of the arena, after the status. */
static void answer_names(int fd, uint32_t call, const char *a, const char *b)
{
	uint32_t n = (uint32_t)strlen(a) + 1, m = (uint32_t)strlen(b) + 1;
	const uint32_t fixed[6] = { 0, 0, n, n, m, 0 };
	char arena[600];

	memcpy(arena, a, n);
	memcpy(arena + n, b, m);
	fake_send(fd, fake_new(WIRE_RESPONSE, call, fixed, 24, arena, n + m));
}

static void expect_request(int fd, uint16_t riid, uint16_t mid, uint32_t ms)
{
	struct frame *sent = fake_read(fd);

	ck_assert_ptr_nonnull(sent);
	ck_assert_uint_eq(sent->header.kind, WIRE_REQUEST);
	ck_assert_uint_eq(sent->header.riid, riid);
	ck_assert_uint_eq(sent->header.mid, mid);
	ck_assert_uint_eq(sent->header.deadline_ms, ms);
	frame_free(sent);
}

/* ---- the name server ---- */

START_TEST(published_enumerated_withdrawn)
{
	NsHandle ns = set_up_ns();
	struct frame *sent;

	answer_status(nameserver, 1, DK_OK, 8);
	ck_assert_int_eq(NsPublishService(ns, "x.I", "server", "c.e"), rcOk);
	sent = fake_read(nameserver);
	ck_assert_uint_eq(sent->header.riid, 4);
	ck_assert_uint_eq(sent->header.mid, kl_core_NS_Publish_mid);
	ck_assert_uint_eq(sent->header.arena_size, 4 + 7 + 4);
	ck_assert_mem_eq(frame_arena(sent), "x.I\0server\0c.e", 15);
	frame_free(sent);

	answer_names(nameserver, 2, "server", "c.e");
	ck_assert_int_eq(NsEnumServices(ns, "x.I", 3, client, sizeof(client),
					service, sizeof(service)), rcOk);
	ck_assert_str_eq(client, "server");
	ck_assert_str_eq(service, "c.e");
	expect_request(nameserver, 4, kl_core_NS_EnumServices_mid,
		       WIRE_DEADLINE_CAP);

	answer_status(nameserver, 3, DK_OK, 8);
	ck_assert_int_eq(NsUnPublishService(ns, "x.I", "server", "c.e"), rcOk);
	expect_request(nameserver, 4, kl_core_NS_UnPublish_mid,
		       WIRE_DEADLINE_CAP);
}
END_TEST

START_TEST(each_status_of_the_name_server_is_its_own)
{
	NsHandle ns = set_up_ns();

	for (uint32_t status = 1; status < DK_N_STATUS + 2; status++) {
		answer_status(nameserver, status, status, 8);
		ck_assert_int_eq(NsPublishService(ns, "x.I", "s", "c.e"),
				 status < DK_N_STATUS ? (Retcode)status :
							rcFail);
	}
}
END_TEST

START_TEST(refusal_by_the_policy_is_said_as_such)
{
	NsHandle ns = set_up_ns();

	fake_status(nameserver, 1, DK_SECURITY_DISALLOW);
	ck_assert_int_eq(NsPublishService(ns, "x.I", "s", "c.e"),
			 rcSecurityDisallow);
	fake_status(nameserver, 2, DK_SECURITY_DISALLOW);
	ck_assert_int_eq(NsEnumServices(ns, "x.I", 0, client, 9, service, 9),
			 rcSecurityDisallow);
	answer_status(nameserver, 3, DK_NOT_FOUND, 24);
	ck_assert_int_eq(NsEnumServices(ns, "x.I", 0, client, 9, service, 9),
			 rcResourceNotFound);
}
END_TEST

START_TEST(names_that_do_not_fit)
{
	NsHandle ns = set_up_ns();
	char longest[257];
	char guard[8] = "ggggggg";

	memset(longest, 'n', 256);
	longest[256] = '\0';
	ck_assert_int_eq(NsPublishService(ns, longest, "s", "c.e"),
			 rcInvalidArgument);
	ck_assert_int_eq(NsPublishService(ns, "x.I", longest, "c.e"),
			 rcInvalidArgument);
	ck_assert_int_eq(NsUnPublishService(ns, "x.I", "s", longest),
			 rcInvalidArgument);
	ck_assert_int_eq(NsPublishService(ns, NULL, "s", "c.e"),
			 rcInvalidArgument);
	ck_assert_int_eq(NsEnumServices(ns, "x.I", 0, NULL, 9, service, 9),
			 rcInvalidArgument);
	fake_expect_nothing(nameserver);
	longest[255] = '\0';
	answer_names(nameserver, 1, longest, longest);
	ck_assert_int_eq(NsEnumServices(ns, longest, 0, client, 256, service,
					256), rcOk);
	ck_assert_str_eq(client, longest);
	answer_names(nameserver, 2, "server", "c.e");
	ck_assert_int_eq(NsEnumServices(ns, "x.I", 0, guard, 6, service, 9),
			 rcNoMemory);
	ck_assert_str_eq(guard, "ggggggg");
	answer_names(nameserver, 3, "server", "c.e");
	ck_assert_int_eq(NsEnumServices(ns, "x.I", 0, client, 9, service, 0),
			 rcNoMemory);
}
END_TEST

START_TEST(no_name_server_is_not_found)
{
	NsHandle ns = 5;

	set_up("n.x");
	ck_assert_int_eq(NsCreate(RTL_NULL, 0, &ns), rcResourceNotFound);
	ck_assert_uint_eq(ns, NS_INVALID_HANDLE);
	ck_assert_int_eq(NsCreate("other", 0, &ns), rcResourceNotFound);
	ck_assert_int_eq(NsCreate("other", 0, NULL), rcInvalidArgument);
	ck_assert_int_ne(NsPublishService(NS_INVALID_HANDLE, "a", "b", "c"),
			 rcOk);
	ck_assert_int_ne(NsPublishService(0x10003, "a", "b", "c"), rcOk);
}
END_TEST

START_TEST(name_servers_answer_is_waited_for_as_long_as_asked)
{
	NsHandle ns;

	set_up("ns.NS");
	ck_assert_int_eq(NsCreate("kl.core.NameServer", 20, &ns), rcOk);
	ck_assert_int_eq(NsPublishService(ns, "x.I", "s", "c.e"), rcTimeout);
	expect_request(nameserver, 4, 0, 20);
	fake_expect(nameserver, WIRE_CANCEL, 1);
	close(nameserver);
	ck_assert_int_eq(NsPublishService(ns, "x.I", "s", "c.e"),
			 rcNotConnected);
}
END_TEST

/* ---- the connection manager ---- */

/* CALL's answer with a handle in it, if SIDE is not 0; the other end. */
static int answer_handle(uint32_t call, uint32_t status, uint32_t rights,
			 uint32_t rsid, uint32_t size)
{
	uint32_t fixed[8] = { status, 0, WIRE_NO_HANDLE, rights, 0, 0, rsid, 0 };
	struct fake_frame *f;
	int pair[2] = { -1, -1 };

	if (rights) {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
		fixed[2] = 0;
	}
	f = fake_new(WIRE_RESPONSE, call, fixed, size, NULL, 0);
	f->header.n_handles = rights ? 1 : 0;
	fake_send_size(kernel, f, sizeof(f->header) + size, pair,
		       rights ? 1 : 0);
	if (rights)
		close(pair[0]);
	return pair[1];
}

START_TEST(connected_channel_carries_calls)
{
	struct fake_client c;
	rtl_uint32_t rsid;
	Handle handle;
	int server;

	set_up("ns.NS");
	server = answer_handle(1, 0, WIRE_RIGHT_CALL, 6, 32);
	ck_assert_int_eq(KnCmConnect("server", "c.e", 5000, &handle, &rsid),
			 rcOk);
	ck_assert_uint_eq(rsid, 6);
	ck_assert_uint_eq(ServiceLocatorGetRiid(handle, "c.e"), 6);
	ck_assert_uint_eq(ServiceLocatorGetRiid(handle, "c.f"), INVALID_RIID);
	expect_request(kernel, 0, kl_core_CM_Connect_mid, 5000);
	fake_client(&c);
	NkKosTransport_Init(&c.transport, handle, NK_NULL, 0);
	fake_send(server, fake_ask_res(1));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	ck_assert_int_eq(KnHandleClose(handle), rcOk);
	ck_assert_uint_eq(ServiceLocatorGetRiid(handle, "c.e"), INVALID_RIID);
}
END_TEST

START_TEST(connect_is_refused_in_every_way)
{
	static const unsigned statuses[] = {
		DK_SECURITY_DISALLOW, DK_TIMEOUT, DK_NOT_CONNECTED, DK_NOT_FOUND,
		DK_QUOTA, DK_CANCELED
	};
	unsigned before;
	Handle handle = 5;
	uint32_t call = 0;

	set_up("ns.NS");
	hello_get();
	before = fake_count_fds();
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		fake_status(kernel, ++call, statuses[i]);
		ck_assert_int_eq(KnCmConnect("s", "c.e", 1, &handle, NULL),
				 (Retcode)statuses[i]);
		ck_assert_uint_eq(handle, INVALID_HANDLE);
		answer_handle(++call, statuses[i], 0, 0, 32);
		ck_assert_int_eq(KnCmConnect("s", "c.e", 1, &handle, NULL),
				 (Retcode)statuses[i]);
	}
	/* Granted, and no handle; refused, and a handle. */
	answer_handle(++call, DK_OK, 0, 0, 32);
	ck_assert_int_eq(KnCmConnect("s", "c.e", 1, &handle, NULL), rcFail);
	close(answer_handle(++call, DK_BUSY, WIRE_RIGHT_CALL, 0, 32));
	ck_assert_int_eq(KnCmConnect("s", "c.e", 1, &handle, NULL), rcBusy);
	ck_assert_uint_eq(handle, INVALID_HANDLE);
	ck_assert_uint_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(arguments_that_are_none_are_not_sent)
{
	char longest[257];
	Handle handle;

	memset(longest, 'n', 256);
	longest[256] = '\0';
	set_up("ns.NS");
	ck_assert_int_eq(KnCmConnect(NULL, "c.e", 1, &handle, NULL),
			 rcInvalidArgument);
	ck_assert_int_eq(KnCmConnect("s", NULL, 1, &handle, NULL),
			 rcInvalidArgument);
	ck_assert_int_eq(KnCmConnect("s", longest, 1, &handle, NULL),
			 rcInvalidArgument);
	ck_assert_int_eq(KnCmConnect("s", "c.e", 1, NULL, NULL),
			 rcInvalidArgument);
	ck_assert_int_eq(KnCmListen(longest, 1, client, service),
			 rcInvalidArgument);
	ck_assert_int_eq(KnCmListen(NULL, 1, NULL, service), rcInvalidArgument);
	ck_assert_int_eq(KnCmAccept("c", longest, 0, INVALID_HANDLE, &handle),
			 rcInvalidArgument);
	ck_assert_int_eq(KnCmAccept("c", "c.e", 0, INVALID_HANDLE, NULL),
			 rcInvalidArgument);
	ck_assert_int_eq(KnCmDrop(NULL, "c.e"), rcInvalidArgument);
	/* A listener that is no handle. */
	ck_assert_int_eq(KnCmAccept("c", "c.e", 0, 0x12340004, &handle),
			 rcInvalidArgument);
	ck_assert_uint_eq(handle, INVALID_HANDLE);
	ck_assert_ptr_nonnull(hello_get());
	fake_expect_nothing(kernel);
}
END_TEST

START_TEST(listening_names_who_wants_in)
{
	set_up("ns.NS");
	answer_names(kernel, 1, "client", "c.e");
	ck_assert_int_eq(KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client,
				    service), rcOk);
	ck_assert_str_eq(client, "client");
	ck_assert_str_eq(service, "c.e");
	expect_request(kernel, 0, kl_core_CM_Listen_mid, WIRE_DEADLINE_CAP);
	fake_status(kernel, 2, DK_TIMEOUT);
	ck_assert_int_eq(KnCmListen("c.e", 0, client, service), rcTimeout);
	expect_request(kernel, 0, kl_core_CM_Listen_mid, 0);
	close(kernel);
	ck_assert_int_eq(KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client,
				    service), rcNotConnected);
}
END_TEST

START_TEST(accepting_makes_a_listener_or_keeps_one)
{
	NkKosTransport t;
	struct ask_req req;
	struct frame *sent;
	char bytes[32];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	Handle listener, again;
	unsigned before;
	int server;

	set_up("ns.NS");
	server = answer_handle(1, 0, WIRE_RIGHT_TRANSFER, 0, 24);
	ck_assert_int_eq(KnCmAccept("client", "c.e", 6, INVALID_HANDLE,
				    &listener), rcOk);
	sent = fake_read(kernel);
	ck_assert_uint_eq(sent->header.mid, kl_core_CM_Accept_mid);
	ck_assert_uint_eq(sent->n_fds, 0);
	frame_free(sent);
	fake_send(server, fake_ask_req(9));
	NkKosTransport_Init(&t, listener, NK_NULL, 0);
	nk_req_reset(&req);
	ck_assert_int_eq(nk_transport_recv(&t.base, &req.base_, &arena),
			 NK_EOK);

	answer_handle(2, 0, 0, 0, 24);
	ck_assert_int_eq(KnCmAccept("other", "c.e", 6, listener, &again), rcOk);
	ck_assert_uint_eq(again, listener);
	sent = fake_read(kernel);
	ck_assert_uint_eq(sent->n_fds, 1);
	frame_free(sent);

	/* A second handle nobody asked for is closed. */
	before = fake_count_fds();
	close(answer_handle(3, 0, WIRE_RIGHT_LISTEN, 0, 24));
	ck_assert_int_eq(KnCmAccept("other", "c.e", 6, listener, &again), rcOk);
	ck_assert_uint_eq(again, listener);
	ck_assert_uint_eq(fake_count_fds(), before);
	frame_free(fake_read(kernel));

	answer_handle(4, DK_NOT_FOUND, 0, 0, 24);
	ck_assert_int_eq(KnCmAccept("gone", "c.e", 6, listener, &again),
			 rcResourceNotFound);
	ck_assert_uint_eq(again, INVALID_HANDLE);
	/* The listener is as it was. */
	fake_send(server, fake_ask_req(10));
	ck_assert_int_eq(nk_transport_recv(&t.base, &req.base_, &arena),
			 NK_EOK);
}
END_TEST

/* Its class has no sendmsg: it must be refused by the kernel, not be killed. */
START_TEST(accepting_without_the_right_sends_no_descriptor)
{
	Handle listener, again;
	struct frame *sent;
	int pair[2];

	hello_flags = 0;
	set_up("ns.NS");
	hello_get();
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	listener = end_handle(end_new(pair[0], WIRE_RIGHT_LISTEN));
	fake_status(kernel, 1, DK_SECURITY_DISALLOW);
	ck_assert_int_eq(KnCmAccept("client", "c.e", 6, listener, &again),
			 rcSecurityDisallow);
	ck_assert_uint_eq(again, INVALID_HANDLE);
	sent = fake_read(kernel);
	ck_assert_uint_eq(sent->header.mid, kl_core_CM_Accept_mid);
	ck_assert_uint_eq(sent->header.n_handles, 0);
	ck_assert_uint_eq(sent->n_fds, 0);
	frame_free(sent);
}
END_TEST

START_TEST(dropping_says_who)
{
	set_up("ns.NS");
	answer_status(kernel, 1, DK_OK, 8);
	ck_assert_int_eq(KnCmDrop("client", "c.e"), rcOk);
	expect_request(kernel, 0, kl_core_CM_Drop_mid, WIRE_DEADLINE_CAP);
	answer_status(kernel, 2, DK_NOT_FOUND, 8);
	ck_assert_int_eq(KnCmDrop("client", "c.e"), rcResourceNotFound);
}
END_TEST

START_TEST(without_a_hello_nobody_is_connected)
{
	Handle handle;

	hello_kernel_fd = fcntl(2, F_DUPFD, 500);
	close(hello_kernel_fd);
	ck_assert_int_eq(KnCmConnect("s", "c.e", 1, &handle, NULL),
			 rcNotConnected);
	ck_assert_int_eq(KnCmListen(NULL, 1, client, service), rcNotConnected);
	ck_assert_int_eq(KnCmDrop("c", "c.e"), rcNotConnected);
	ck_assert_int_eq(KnCmAccept("c", "c.e", 0, INVALID_HANDLE, &handle),
			 rcNotConnected);
}
END_TEST

/* ---- a server of the public style: one thread listens, another connects ---- */

static Retcode heard, connected;
static Handle new_handle;

static void *listen_for_ever(void *argument)
{
	(void)argument;
	heard = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service);
	return NULL;
}

static void *connect_meanwhile(void *argument)
{
	(void)argument;
	connected = KnCmConnect("s", "c.e", 9000, &new_handle, NULL);
	return NULL;
}

START_TEST(connecting_while_another_thread_listens)
{
	pthread_t listening, connecting;
	struct pollfd p;

	set_up("ns.NS");
	ck_assert_ptr_nonnull(hello_get());
	p = (struct pollfd) { .fd = kernel, .events = POLLIN };
	pthread_create(&listening, NULL, listen_for_ever, NULL);
	ck_assert_int_eq(poll(&p, 1, 5000), 1);
	expect_request(kernel, 0, kl_core_CM_Listen_mid, WIRE_DEADLINE_CAP);
	usleep(20000);
	/* The listening thread reads the socket, and is handed a descriptor. */
	pthread_create(&connecting, NULL, connect_meanwhile, NULL);
	ck_assert_int_eq(poll(&p, 1, 5000), 1);
	expect_request(kernel, 0, kl_core_CM_Connect_mid, 9000);
	answer_handle(2, 0, WIRE_RIGHT_CALL, 3, 32);
	pthread_join(connecting, NULL);
	ck_assert_int_eq(connected, rcOk);
	ck_assert_int_ne(fcntl((int)(new_handle & 0xffff), F_GETFD), -1);
	answer_names(kernel, 1, "client", "c.e");
	pthread_join(listening, NULL);
	ck_assert_int_eq(heard, rcOk);
	ck_assert_str_eq(client, "client");
}
END_TEST

FAKE_MAIN("lib_names", published_enumerated_withdrawn,
	  each_status_of_the_name_server_is_its_own,
	  refusal_by_the_policy_is_said_as_such, names_that_do_not_fit,
	  no_name_server_is_not_found,
	  name_servers_answer_is_waited_for_as_long_as_asked,
	  connected_channel_carries_calls, connect_is_refused_in_every_way,
	  arguments_that_are_none_are_not_sent, listening_names_who_wants_in,
	  accepting_makes_a_listener_or_keeps_one,
	  accepting_without_the_right_sends_no_descriptor, dropping_says_who,
	  without_a_hello_nobody_is_connected,
	  connecting_while_another_thread_listens)
