/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The program of every task in the system tests: it does what its arguments say,
 * one after another, and prints a line for each. See words[] at the end.
 */
#include "probe.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char **args;		/* what is left of the arguments */
static Handle current = INVALID_HANDLE;
static nk_iid_t riid;
static nk_uint32_t timeout_ms = INFINITE_TIMEOUT;

static const char *word(void)
{
	return *args ? *args++ : "";
}

static long number(void)
{
	return strtol(word(), NULL, 0);
}

const char *result_name(int result)
{
	const char *name = RetcodeToName((Retcode)result);

	return name + 2;	/* without "rc" */
}

static struct lab_IWork_proxy *proxy(void)
{
	static _Thread_local NkKosTransport transport;
	static _Thread_local struct lab_IWork_proxy one;

	NkKosTransport_Init(&transport, current, NK_NULL, 0);
	NkKosTransport_SetTimeout(&transport, timeout_ms);
	lab_IWork_proxy_init(&one, &transport.base, riid);
	return &one;
}

/* ---- channels ---- */

static void do_connect(void)
{
	const char *name = word();

	current = ServiceLocatorConnect(name);
	riid = ServiceLocatorGetRiid(current, "work");
	printf("connect %s: %s\n", name,
	       current == INVALID_HANDLE ? "none" : "handle");
}

static void do_path(void)
{
	const char *path = word();

	riid = ServiceLocatorGetRiid(current, path);
	if (riid == INVALID_RIID)
		printf("path %s: none\n", path);
	else
		printf("path %s: %u\n", path, riid);
}

static void do_riid(void)
{
	riid = (nk_iid_t)number();
}

static void do_close(void)
{
	printf("close: %s\n", result_name(KnHandleClose(current)));
}

static void do_timeout(void)
{
	timeout_ms = (nk_uint32_t)number();
}

/* ---- requests ---- */

nk_err_t add(struct lab_IWork_proxy *to, int a, int b, int *sum)
{
	lab_IWork_Add_req req = { 0 };
	lab_IWork_Add_res res = { 0 };
	nk_err_t error;

	req.a = a;
	req.b = b;
	error = lab_IWork_Add(&to->base, &req, NK_NULL, &res, NK_NULL);
	*sum = res.sum;
	return error;
}

static void do_add(void)
{
	int a = (int)number(), b = (int)number(), sum;
	nk_err_t error = add(proxy(), a, b, &sum);

	printf("add %d %d: %s", a, b, result_name((int)error));
	printf(error == NK_EOK ? " %d\n" : "\n", sum);
}

static void do_repeat(void)
{
	const char *text = word();
	static char req_buffer[lab_IWork_Repeat_req_arena_size];
	static char res_buffer[lab_IWork_Repeat_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	lab_IWork_Repeat_req req = { 0 };
	lab_IWork_Repeat_res res;
	nk_err_t error;
	nk_size_t n = 0;
	const char *back = NULL;

	error = nk_arena_store(nk_char_t, &req_arena, &req.text, text,
			       strlen(text) + 1);
	if (error == NK_EOK)
		error = lab_IWork_Repeat(&proxy()->base, &req, &req_arena, &res,
					 &res_arena);
	if (error == NK_EOK)
		back = nk_arena_get(nk_char_t, &res_arena, &res.back, &n);
	printf("repeat: %s '%s'\n", result_name((int)error), back ? back : "");
}

static void do_resize(void)
{
	lab_IWork_Resize_req req = { 0 };
	lab_IWork_Resize_res res;
	nk_err_t error;

	req.width = (nk_uint32_t)number();
	error = lab_IWork_Resize(&proxy()->base, &req, NK_NULL, &res, NK_NULL);
	printf("resize %u: %s", req.width, result_name((int)error));
	printf(error == NK_EOK ? " %u\n" : "\n", res.same);
}

static void do_divide(void)
{
	static char buffer[lab_IWork_Divide_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	lab_IWork_Divide_req req = { 0 };
	lab_IWork_Divide_res res = { 0 };
	nk_err_t error;
	nk_size_t n;
	const char *why;

	req.a = (int)number();
	req.b = (int)number();
	error = lab_IWork_Divide(&proxy()->base, &req, NK_NULL, &res, &arena);
	printf("divide %d %d: %s", req.a, req.b, result_name((int)error));
	if (error == NK_EOK && nk_msg_check_err(&res.base_)) {
		why = nk_arena_get(nk_char_t, &arena, &res.err_.why, &n);
		printf(" error %u '%s'\n", res.err_.code, why ? why : "");
	} else if (error == NK_EOK) {
		printf(" %d\n", res.quotient);
	} else {
		printf("\n");
	}
}

static void do_fail(void)
{
	lab_IWork_Fail_req req = { 0 };
	lab_IWork_Fail_res res;

	printf("fail: %s\n",
	       result_name((int)lab_IWork_Fail(&proxy()->base, &req, NK_NULL,
					       &res, NK_NULL)));
}

static void do_sleep(void)
{
	lab_IWork_Sleep_req req = { 0 };
	lab_IWork_Sleep_res res;
	nk_size_t start = KnGetMSecSinceStart();
	nk_err_t error;

	req.ms = (nk_uint32_t)number();
	error = lab_IWork_Sleep(&proxy()->base, &req, NK_NULL, &res, NK_NULL);
	printf("sleep %u: %s after %zu ms\n", req.ms, result_name((int)error),
	       (size_t)(KnGetMSecSinceStart() - start));
}

static void do_die(void)
{
	lab_IWork_Die_req req = { 0 };
	lab_IWork_Die_res res;
	nk_err_t error;

	req.how = (nk_uint32_t)number();
	error = lab_IWork_Die(&proxy()->base, &req, NK_NULL, &res, NK_NULL);
	printf("die %u: %s\n", req.how, result_name((int)error));
}

static void do_take(void)
{
	static char data[lab_IWork_BigMax];
	static char buffer[lab_IWork_Take_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	lab_IWork_Take_req req = { 0 };
	lab_IWork_Take_res res = { 0 };
	nk_size_t n = (nk_size_t)number();
	nk_err_t error;

	memset(data, 1, sizeof(data));
	error = n > sizeof(data) ? NK_EINVAL :
		nk_arena_store(nk_uint8_t, &arena, &req.data, data, n);
	if (error == NK_EOK)
		error = lab_IWork_Take(&proxy()->base, &req, &arena, &res,
				       NK_NULL);
	printf("take %zu: %s %u %u\n", (size_t)n, result_name((int)error),
	       res.size, res.sum);
}

static void do_fill(void)
{
	static char buffer[lab_IWork_Fill_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	lab_IWork_Fill_req req = { 0 };
	lab_IWork_Fill_res res;
	nk_size_t n = 0;
	nk_err_t error;

	req.n = (nk_uint32_t)number();
	error = lab_IWork_Fill(&proxy()->base, &req, NK_NULL, &res, &arena);
	if (error == NK_EOK)
		nk_arena_get(nk_uint8_t, &arena, &res.data, &n);
	printf("fill %u: %s %zu\n", req.n, result_name((int)error), (size_t)n);
}

nk_err_t relay(struct lab_IWork_proxy *to, const char *path, int a, int b,
	       int *sum, nk_uint32_t *status)
{
	char buffer[lab_IWork_Relay_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	lab_IWork_Relay_req req = { 0 };
	lab_IWork_Relay_res res = { 0 };
	nk_err_t error;

	req.a = a;
	req.b = b;
	error = nk_arena_store(nk_char_t, &arena, &req.path, path,
			       strlen(path) + 1);
	if (error == NK_EOK)
		error = lab_IWork_Relay(&to->base, &req, &arena, &res, NK_NULL);
	*sum = res.sum;
	*status = res.status;
	return error;
}

static void do_relay(void)
{
	const char *path = word();
	int a = (int)number(), b = (int)number(), sum;
	nk_uint32_t status;
	nk_err_t error = relay(proxy(), path, a, b, &sum, &status);

	printf("relay %s %d %d: %s %d inner %s\n", path, a, b,
	       result_name((int)error), sum, result_name((int)status));
}

/* ---- the name server and the connection manager ---- */

static NsHandle ns = NS_INVALID_HANDLE;

static void do_ns(void)
{
	printf("ns: %s\n",
	       result_name(NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns)));
}

static void do_publish(void)
{
	const char *type = word(), *server = word(), *service = word();

	printf("publish %s %s %s: %s\n", type, server, service,
	       result_name(NsPublishService(ns, type, server, service)));
}

static void do_unpublish(void)
{
	const char *type = word(), *server = word(), *service = word();

	printf("unpublish %s %s %s: %s\n", type, server, service,
	       result_name(NsUnPublishService(ns, type, server, service)));
}

static void do_enum(void)
{
	const char *type = word();
	unsigned index = (unsigned)number();
	char server[1024] = "", service[1024] = "";
	Retcode rc = NsEnumServices(ns, type, index, server, sizeof(server),
				    service, sizeof(service));

	if (rc != rcOk)
		server[0] = service[0] = '\0';
	printf("enum %s %u: %s '%s' '%s'\n", type, index, result_name(rc),
	       server, service);
}

/* Asks until somebody has published it; 5 s at most. */
static void do_find(void)
{
	const char *type = word();
	char server[1024], service[1024];
	Retcode rc = rcFail;

	for (int i = 0; i < 500 && rc != rcOk; i++) {
		rc = NsEnumServices(ns, type, 0, server, sizeof(server), service,
				    sizeof(service));
		if (rc != rcOk)
			KnSleep(10);
	}
	printf("find %s: %s\n", type, result_name(rc));
}

static void do_cmconnect(void)
{
	const char *server = word(), *service = word();
	rtl_uint32_t ms = (rtl_uint32_t)number(), rsid = 0;
	nk_size_t start = KnGetMSecSinceStart();
	Handle handle = INVALID_HANDLE;
	Retcode rc = KnCmConnect(server, service, ms, &handle, &rsid);

	printf("cmconnect %s %s: %s after %zu ms\n", server, service,
	       result_name(rc), (size_t)(KnGetMSecSinceStart() - start));
	if (rc == rcOk) {
		current = handle;
		riid = (nk_iid_t)rsid;
	}
}

static char client[1024], service[1024];

static void do_cmlisten(void)
{
	const char *filter = word();
	rtl_uint32_t ms = (rtl_uint32_t)number();
	Retcode rc = KnCmListen(filter[0] ? filter : RTL_NULL, ms, client,
				service);

	if (rc != rcOk)
		client[0] = service[0] = '\0';
	printf("cmlisten '%s': %s '%s' '%s'\n", filter, result_name(rc), client,
	       service);
}

static Handle listener = INVALID_HANDLE;

/* Whom the last cmlisten saw, onto the listener there is or a new one. */
static void do_cmaccept(void)
{
	rtl_uint32_t rsid = (rtl_uint32_t)number();
	Handle handle = INVALID_HANDLE;
	Retcode rc = KnCmAccept(client, service, rsid, listener, &handle);

	printf("cmaccept %s %s: %s%s\n", client, service, result_name(rc),
	       rc != rcOk ? "" : handle == listener ? " same" : " new");
	if (rc == rcOk)
		listener = current = handle;
}

static void do_cmnewlistener(void)
{
	listener = INVALID_HANDLE;
}

static void do_cmdrop(void)
{
	printf("cmdrop %s %s: %s\n", client, service,
	       result_name(KnCmDrop(client, service)));
}

static void do_cmname(void)
{
	snprintf(client, sizeof(client), "%s", word());
	snprintf(service, sizeof(service), "%s", word());
}

/* ---- serving ---- */

static void do_register(void)
{
	const char *name = word();
	ServiceId iid = 0;

	current = ServiceLocatorRegister(name, NULL, 0, &iid);
	printf("register %s: %s\n", name,
	       current == INVALID_HANDLE ? "none" : "handle");
}

/* So many requests; 0: until the channel ends. */
static void do_serve(void)
{
	long n = number();

	fflush(stdout);
	printf("serve: %s\n", result_name((int)serve(current, n)));
}

static void *serve_thread(void *context)
{
	serve(*(Handle *)context, 0);
	return NULL;
}

/* Accepts all that come, and serves them in a thread. */
static void do_host(void)
{
	static Handle served;
	pthread_t thread;

	for (;;) {
		Handle handle;
		Retcode rc = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client,
					service);

		if (rc == rcNotConnected)
			return;
		if (rc != rcOk)
			continue;
		rc = KnCmAccept(client, service, lab_Server_work_iid, listener,
				&handle);
		printf("host %s: %s\n", client, result_name(rc));
		fflush(stdout);
		if (rc != rcOk || listener != INVALID_HANDLE)
			continue;
		listener = served = handle;
		if (pthread_create(&thread, NULL, serve_thread, &served) != 0)
			printf("host: no thread\n");
	}
}

/* ---- threads ---- */

static long calls_each;

static void *call_thread(void *context)
{
	long id = (long)(intptr_t)context, right = 0;

	for (long i = 0; i < calls_each; i++) {
		int sum;

		if (add(proxy(), (int)id, (int)i, &sum) == NK_EOK &&
		    sum == id + i)
			right++;
	}
	return (void *)(intptr_t)right;
}

/* N threads make M calls each over the one channel. */
static void do_threads(void)
{
	long n = number(), right = 0, started = 0;
	pthread_t threads[16];

	calls_each = number();
	for (long i = 0; i < n && i < 16; i++) {
		int error = pthread_create(&threads[i], NULL, call_thread,
					   (void *)(intptr_t)(i * 1000));

		if (error) {
			printf("threads: number %ld: errno %d\n", i, error);
			break;
		}
		started++;
	}
	for (long i = 0; i < started; i++) {
		void *got;

		pthread_join(threads[i], &got);
		right += (long)(intptr_t)got;
	}
	printf("threads: %ld started, %ld right\n", started, right);
}

/* ---- what is around ---- */

static void do_read(void)
{
	const char *path = word();
	char line[200] = "";
	FILE *file = fopen(path, "r");

	if (!file) {
		printf("read %s: errno %d\n", path, errno);
		return;
	}
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(file);
	printf("read %s: '%s'\n", path, line);
}

static void do_write(void)
{
	const char *path = word(), *text = word();
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		printf("write %s: errno %d\n", path, errno);
	else
		printf("write %s: done\n", path);
}

static void do_list(void)
{
	const char *path = word();
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (!folder) {
		printf("list %s: errno %d\n", path, errno);
		return;
	}
	printf("list %s:", path);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] != '.')
			printf(" %s", entry->d_name);
	}
	printf(" .\n");
	closedir(folder);
}

static void do_env(void)
{
	const char *name = word(), *value = getenv(name);

	printf("env %s: '%s'\n", name, value ? value : "(none)");
}

static void do_pause(void)
{
	KnSleep((rtl_uint32_t)number());
}

static void do_print(void)
{
	printf("%s\n", word());
}

static void do_lines(void)
{
	long n = number();

	for (long i = 0; i < n; i++)
		printf("line %ld of %ld ........................................"
		       "........................................\n", i, n);
}

static void do_exit(void)
{
	int status = (int)number();

	fflush(stdout);
	_exit(status);
}

static void do_abort(void)
{
	abort();
}

/* Until the kernel asks the program to end. */
static void do_stay(void)
{
	char c[1024], s[1024];

	fflush(stdout);
	while (KnCmListen(RTL_NULL, INFINITE_TIMEOUT, c, s) != rcNotConnected)
		KnSleep(50);
}

/* For ever, whatever the kernel asks. */
static void do_hang(void)
{
	fflush(stdout);
	for (;;)
		KnSleep(1000);
}

static const struct {
	const char *name;
	void (*run)(void);
} words[] = {
	{ "connect", do_connect },	/* CHANNEL */
	{ "path", do_path },		/* ENDPOINT-PATH */
	{ "riid", do_riid },		/* N */
	{ "close", do_close },
	{ "timeout", do_timeout },	/* MS: of calls from here on */
	{ "add", do_add },		/* A B */
	{ "repeat", do_repeat },	/* TEXT */
	{ "resize", do_resize },	/* WIDTH */
	{ "divide", do_divide },	/* A B */
	{ "fail", do_fail },
	{ "sleep", do_sleep },		/* MS: the server does */
	{ "die", do_die },		/* HOW: the server does */
	{ "take", do_take },		/* BYTES to the server */
	{ "fill", do_fill },		/* BYTES from the server */
	{ "relay", do_relay },		/* PATH A B */
	{ "ns", do_ns },
	{ "publish", do_publish },	/* TYPE SERVER SERVICE */
	{ "unpublish", do_unpublish },	/* TYPE SERVER SERVICE */
	{ "enum", do_enum },		/* TYPE INDEX */
	{ "find", do_find },		/* TYPE */
	{ "cmconnect", do_cmconnect },	/* SERVER SERVICE MS */
	{ "cmlisten", do_cmlisten },	/* FILTER MS */
	{ "cmaccept", do_cmaccept },	/* RSID */
	{ "cmnewlistener", do_cmnewlistener },
	{ "cmdrop", do_cmdrop },
	{ "cmname", do_cmname },	/* CLIENT SERVICE: as if listened */
	{ "register", do_register },	/* CHANNEL */
	{ "serve", do_serve },		/* N */
	{ "host", do_host },
	{ "threads", do_threads },	/* N M */
	{ "read", do_read },		/* PATH */
	{ "write", do_write },		/* PATH TEXT */
	{ "list", do_list },		/* PATH */
	{ "env", do_env },		/* NAME */
	{ "pause", do_pause },		/* MS */
	{ "print", do_print },		/* TEXT */
	{ "lines", do_lines },		/* N */
	{ "exit", do_exit },		/* STATUS */
	{ "abort", do_abort },
	{ "stay", do_stay },
	{ "hang", do_hang },
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	args = argv + (argc > 0);
	while (*args) {
		const char *name = word();
		size_t i, n = sizeof(words) / sizeof(words[0]);

		for (i = 0; i < n && strcmp(words[i].name, name) != 0; i++)
			;
		if (i == n) {
			printf("probe: no word '%s'\n", name);
			return 3;
		}
		words[i].run();
	}
	fflush(stdout);
	return 0;
}
