/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Every name that the languages' page lists, with its type, used once. */
#include <coresrv/cm/cm_api.h>
#include <coresrv/entity/entity_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/thread/thread_api.h>
#include <coresrv/time/time_api.h>
#include <kos/mutex.h>
#include <kos/thread.h>
#include <kos/trace.h>
#include <nk/arena.h>
#include <nk/transport.h>
#include <nk/types.h>
#include <rtl/compiler.h>
#include <rtl/countof.h>
#include <rtl/minmax.h>
#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>
#include <rtl/stdio.h>
#include <rtl/string.h>

#include <almanac/Reader.edl.h>

#include <stdlib.h>

/* The prototypes, word for word. */
static Handle (*const sl_connect)(const char *) = ServiceLocatorConnect;
static Handle (*const sl_register)(const char *, const char *, rtl_size_t,
				   ServiceId *) = ServiceLocatorRegister;
static nk_iid_t (*const sl_riid)(Handle, const char *) = ServiceLocatorGetRiid;
static Retcode (*const ns_create)(const char *, rtl_uint32_t, NsHandle *) =
	NsCreate;
static Retcode (*const ns_publish)(NsHandle, const char *, const char *,
				   const char *) = NsPublishService;
static Retcode (*const ns_unpublish)(NsHandle, const char *, const char *,
				     const char *) = NsUnPublishService;
static Retcode (*const ns_enum)(NsHandle, const char *, unsigned, char *,
				rtl_size_t, char *, rtl_size_t) =
	NsEnumServices;
static Retcode (*const cm_connect)(const char *, const char *, rtl_uint32_t,
				   Handle *, rtl_uint32_t *) = KnCmConnect;
static Retcode (*const cm_listen)(const char *, rtl_uint32_t, char *, char *) =
	KnCmListen;
static Retcode (*const cm_accept)(const char *, const char *, rtl_uint32_t,
				  Handle, Handle *) = KnCmAccept;
static Retcode (*const cm_drop)(const char *, const char *) = KnCmDrop;
static Retcode (*const handle_close)(Handle) = KnHandleClose;
static void (*const kn_sleep)(rtl_uint32_t) = KnSleep;
static rtl_size_t (*const now)(void) = KnGetMSecSinceStart;
static Retcode (*const thread_create)(Tid *, rtl_uint32_t, rtl_uint32_t,
				      int (*)(void *), void *, int) =
	KosThreadCreate;
static void (*const transport_init)(NkKosTransport *, Handle, const char *,
				    nk_iid_t) = NkKosTransport_Init;

static KosMutex mutex;
static volatile int turns;

static int run(void *context)
{
	for (int i = 0; i < 1000; i++) {
		KosMutexLock(&mutex);
		turns = turns + *(const int *)context;
		KosMutexUnlock(&mutex);
	}
	return 7;
}

static void threads(void)
{
	static int step = 2;
	Tid tids[2];

	KosMutexInit(&mutex);
	for (unsigned i = 0; i < rtl_countof(tids); i++)
		if (thread_create(&tids[i], 0, 64 * 1024, run, &step, 0) !=
		    rcOk)
			rtl_printf("no thread\n");
	for (int all = 0; all < 4000; KosThreadSleep(5)) {
		KosMutexLock(&mutex);
		all = turns;
		KosMutexUnlock(&mutex);
	}
	rtl_printf("turns %d\n", turns);
}

static void numbers(void)
{
	nk_uint8_t u8 = UINT8_MAX;
	nk_uint16_t u16 = UINT16_MAX;
	nk_uint32_t u32 = UINT32_MAX;
	nk_uint64_t u64 = UINT64_MAX;
	nk_sint8_t s8 = INT8_MIN;
	nk_sint16_t s16 = INT16_MIN;
	nk_sint32_t s32 = INT32_MIN;
	nk_sint64_t s64 = INT64_MIN;
	rtl_uint8_t r8 = u8;
	rtl_uint16_t r16 = u16;
	rtl_uint32_t r32 = u32;
	rtl_uint64_t r64 = u64;
	nk_char_t c = 'a';
	nk_bool_t yes = NK_TRUE, no = NK_FALSE;
	nk_size_t size = sizeof(nk_ptr_t);
	nk_sid_t sid = EntitySid();
	nk_mid_t mid = 65535;

	nk_static_assert(sizeof(struct nk_message) == 24, "message");
	nk_static_assert(sizeof(nk_handle_desc_t) == 16, "handle");
	nk_static_assert(sizeof(nk_ptr_t) == 8, "chunk");
	nk_static_assert(NK_IID_MAX < INVALID_RIID, "numbers of endpoints");
	nk_static_assert((int)NK_EOK == 0 && rcOk == 0, "both are 0");
	nk_assert(yes && !no && c == 'a' && size == 8 && mid == 65535);
	nk_assert(u8 > s8 && r8 == u8 && r16 == u16 && r32 == u32 && r64 == u64);
	nk_assert(nk_min(s16, s32) == s32 && nk_max(s64, (nk_sint64_t)0) == 0);
	nk_assert(rtl_min(3, 4) == 3 && rtl_max(3, 4) == 4);
	rtl_printf("sid is over 2: %d\n", sid > 2);
}

static void results(void)
{
	static const Retcode all[] = {
		rcOk, rcInvalidArgument, rcSecurityDisallow, rcNotConnected,
		rcTimeout, rcResourceNotFound, rcBusy, rcFail,
	};
	static const nk_err_t errors[] = {
		NK_EOK, NK_ENOENT, NK_EINVAL, NK_EPERM, NK_ENOMEM, NK_EBADMSG,
	};

	for (unsigned i = 0; i < rtl_countof(all); i++)
		for (unsigned j = 0; j < i; j++)
			nk_assert(all[i] != all[j]);
	for (unsigned i = 0; i < rtl_countof(errors); i++)
		for (unsigned j = 0; j < i; j++)
			nk_assert(errors[i] != errors[j]);
	rtl_printf(RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(rcTimeout));
}

static void nobody(void)
{
	char client[1024], service[1024];
	rtl_uint32_t rsid;
	Handle handle = INVALID_HANDLE;
	NsHandle ns = NS_INVALID_HANDLE;
	NkKosTransport transport;
	struct nk_message message = { 0 };
	struct nk_message answer = { 0 };
	nk_handle_desc_t desc = nk_handle_desc(handle, 0);
	ServiceId iid;

	nk_assert(nk_get_handle(&desc) == INVALID_HANDLE);
	nk_assert(sl_connect("nowhere") == INVALID_HANDLE);
	nk_assert(sl_register("nowhere", NULL, 0, &iid) == INVALID_HANDLE);
	nk_assert(sl_riid(handle, "a.b") == INVALID_RIID);
	nk_assert(ns_create(RTL_NULL, INFINITE_TIMEOUT, &ns) == rcResourceNotFound);
	nk_assert(ns_publish(ns, "a.I", "a", "b") != rcOk);
	nk_assert(ns_unpublish(ns, "a.I", "a", "b") != rcOk);
	nk_assert(ns_enum(ns, "a.I", 0, client, sizeof(client), service,
			  sizeof(service)) != rcOk);
	nk_assert(cm_connect("a", "b", 10, &handle, &rsid) ==
		  rcSecurityDisallow);
	nk_assert(cm_listen(RTL_NULL, 10, client, service) ==
		  rcSecurityDisallow);
	nk_assert(cm_accept("a", "b", 0, INVALID_HANDLE, &handle) ==
		  rcSecurityDisallow);
	nk_assert(cm_drop("a", "b") == rcSecurityDisallow);
	nk_assert(handle_close(INVALID_HANDLE) == rcInvalidArgument);
	transport_init(&transport, INVALID_HANDLE, NK_NULL, 0);
	nk_assert(nk_transport_call(&transport.base, &message, NK_NULL, &answer,
				    NK_NULL) == NK_EINVAL);
	nk_assert(nk_transport_recv(&transport.base, &message, NK_NULL) ==
		  NK_EINVAL);
	nk_assert(nk_transport_reply(&transport.base, &answer, NK_NULL) ==
		  NK_EINVAL);
	rtl_printf("nobody is there\n");
}

static void arena(void)
{
	char buffer[64 + 7];
	struct nk_arena one = NK_ARENA_INITIALIZER(buffer,
						   buffer + sizeof(buffer));
	struct nk_arena two = NK_ARENA_AUTO(buffer);
	nk_ptr_t text = { 0, 0 }, more = { 0, 0 };
	nk_uint32_t *words;
	nk_size_t n = 0;

	nk_assert(one.start == two.start);
	nk_assert(nk_arena_store(nk_char_t, &one, &text, "seven", 6) == NK_EOK);
	words = nk_arena_alloc(nk_uint32_t, &one, &more, 14);
	nk_assert(words != NK_NULL);
	nk_assert(nk_arena_alloc(nk_uint32_t, &one, &more, 2) == NK_NULL);
	nk_assert(nk_arena_store(nk_char_t, &one, &more, "eight...", 8) ==
		  NK_ENOMEM);
	nk_assert(rtl_strcmp(nk_arena_get(nk_char_t, &one, &text, &n),
			     "seven") == 0 && n == 6);
	nk_assert(nk_arena_validate(nk_uint32_t, &one, &text) != NK_EOK);
	nk_arena_reset(&one);
	nk_assert(nk_arena_get(nk_char_t, &one, &text, &n) == NK_NULL && n == 0);
	rtl_printf("the arena holds what fits\n");
}

int main(int argc, char *argv[])
{
	char word[8], copy[8];
	rtl_size_t start = now();
	int unused __rtl_unused;

	rtl_strncpy(word, argc > 1 ? argv[1] : "", sizeof(word));
	rtl_memcpy(copy, word, sizeof(copy));
	rtl_printf("%s in %s\n", copy, getenv("SEASON"));
	numbers();
	results();
	arena();
	nobody();
	threads();
	kn_sleep(30);
	rtl_printf("slept: %d\n", now() - start >= 30);
	KosTrace("the end");
	return 0;
}
