/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <museum/House.edl.h>	/* for the numbers of the endpoints */
#include <museum/IGuard.idl.h>
#include <museum/IHall.idl.h>
#include <rtl/countof.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

nk_static_assert(museum_Types_Coldest == -40, "a negative constant");
nk_static_assert(museum_Types_Founded == 1888, "a constant of a typedef");
nk_static_assert(sizeof(museum_Types_Frame) == 32, "an array is inline");

static NkKosTransport transport;
static Handle handle;
static char req_buffer[museum_House_entity_req_arena_size];
static char res_buffer[museum_House_entity_res_arena_size];
static struct nk_arena req_arena = { NK_NULL, NK_NULL, NK_NULL };
static struct nk_arena res_arena;

static struct museum_IHall *hall(const char *path)
{
	static struct museum_IHall_proxy proxy;

	museum_IHall_proxy_init(&proxy, &transport.base,
				ServiceLocatorGetRiid(handle, path));
	req_arena = (struct nk_arena)NK_ARENA_AUTO(req_buffer);
	res_arena = (struct nk_arena)NK_ARENA_AUTO(res_buffer);
	return &proxy.base;
}

static void paths(void)
{
	static const struct { const char *path; nk_iid_t want; } all[] = {
		{ "old.east.hall", museum_House_old_east_hall_iid },
		{ "old.west.hall", museum_House_old_west_hall_iid },
		{ "old.guard", museum_House_old_guard_iid },
		{ "annex.hall", museum_House_annex_hall_iid },
		{ "modern.east.hall", museum_House_modern_east_hall_iid },
		{ "modern.west.hall", museum_House_modern_west_hall_iid },
		{ "modern.guard", museum_House_modern_guard_iid },
		{ "hall", museum_House_hall_iid },
		{ "endpoint", museum_House_endpoint_iid },
		{ "modern.hall", INVALID_RIID }, { "", INVALID_RIID },
		{ "old.east.hall.", INVALID_RIID }, { "Hall", INVALID_RIID },
	};

	for (unsigned i = 0; i < rtl_countof(all); i++) {
		nk_iid_t riid = ServiceLocatorGetRiid(handle, all[i].path);

		if (riid != all[i].want || (riid != INVALID_RIID &&
					    riid > NK_IID_MAX))
			printf("'%s': %u instead of %u\n", all[i].path, riid,
			       all[i].want);
		else if (riid != INVALID_RIID)
			printf("%s: %u\n", all[i].path, riid);
	}
}

static void list(const char *path, nk_uint32_t since)
{
	museum_IHall_List_req req;
	museum_IHall_List_res res;
	nk_size_t n = 99;
	nk_err_t err;

	nk_req_reset(&req);
	req.since = since;
	err = museum_IHall_List(hall(path), &req, NK_NULL, &res, &res_arena);
	printf("%s: %s", path, RetcodeToName((Retcode)err));
	if (err == NK_EOK) {
		const museum_Types_Exhibit *e =
			nk_arena_get(museum_Types_Exhibit, &res_arena,
				     &res.exhibits, &n);

		printf(", hall %u, %zu exhibits", res.hall, n);
		for (nk_size_t i = 0; i < n; i++) {
			nk_size_t makers;
			const museum_Types_Person *p =
				nk_arena_get(museum_Types_Person, &res_arena,
					     &e[i].makers, &makers);

			printf(" %s/%u/%zu/%d", nk_arena_get(nk_char_t,
				&res_arena, &e[i].title, NULL), e[i].floor,
			       makers, e[i].frame[i % 4].x);
			for (nk_size_t j = 0; j < makers; j++)
				printf(":%s%u%s", nk_arena_get(nk_char_t,
					&res_arena, &p[j].first, NULL),
				       p[j].born, p[j].last.size ? "!" : "");
			if (e[i].mark.tag_ != museum_Types_Mark_colour_tag ||
			    e[i].mark.colour[2] != 200)
				printf(" wrong mark");
		}
	}
	printf("\n");
}

static void hang(const char *title, nk_sint32_t x, nk_uint8_t floor)
{
	static const museum_Types_Person makers[] = {
		{ .born = 1900 }, { .born = 1901 }, { .born = 1902 },
	};
	struct museum_IHall *to = hall("hall");
	museum_IHall_Hang_req req;
	museum_IHall_Hang_res res;
	nk_size_t n = 0;
	nk_err_t err;

	nk_req_reset(&req);
	req.place = 3;
	req.exhibit.floor = floor;
	req.exhibit.frame[1].x = x;
	req.exhibit.mark.tag_ = museum_Types_Mark_word_tag;
	if (nk_arena_store(nk_char_t, &req_arena, &req.exhibit.title, title,
			   strlen(title) + 1) != NK_EOK ||
	    nk_arena_store(nk_char_t, &req_arena, &req.exhibit.mark.word, "W",
			   2) != NK_EOK ||
	    nk_arena_store(museum_Types_Person, &req_arena,
			   &req.exhibit.makers, makers,
			   rtl_countof(makers)) != NK_EOK ||
	    nk_arena_store(nk_uint8_t, &req_arena, &req.exhibit.seal,
			   "\0\1seal", 6) != NK_EOK)
		exit(EXIT_FAILURE);
	err = museum_IHall_Hang(to, &req, &req_arena, &res, &res_arena);
	if (err == NK_EOK)
		nk_arena_get(nk_uint8_t, &res_arena, &res.seal, &n);
	printf("hang %s %d %u: %s %zu\n", title, x, floor,
	       RetcodeToName((Retcode)err), n);
}

static void shape(nk_uint16_t last)
{
	museum_IHall_Shape_req req = {
		.frame = { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 } },
		.weights = { 65535, 65535, 1, 1, last },
	};
	museum_IHall_Shape_res res;
	nk_err_t err = museum_IHall_Shape(hall("hall"), &req, NK_NULL, &res,
					  NK_NULL);

	printf("shape: %s", RetcodeToName((Retcode)err));
	if (err == NK_EOK)
		printf(" %d,%d %llu", res.turned[0].x, res.turned[3].y,
		       (unsigned long long)res.sum);
	printf("\n");
}

static void marks(nk_uint32_t third_tag)
{
	struct museum_IHall *to = hall("hall");
	museum_IHall_Marks_req req;
	museum_IHall_Marks_res res;
	museum_Types_Mark *m;
	nk_err_t err;

	nk_req_reset(&req);
	m = nk_arena_alloc(museum_Types_Mark, &req_arena, &req.marks, 3);
	memset(m, 0, 3 * sizeof(*m));
	m[0].tag_ = museum_Types_Mark_number_tag;
	m[0].number = 1ull << 40;
	m[1].tag_ = museum_Types_Mark_colour_tag;
	memcpy(m[1].colour, "\x01\xfe\x80", 3);
	m[2].tag_ = third_tag;
	nk_arena_store(nk_char_t, &req_arena, &m[2].word, "gr\xc3\xbcn", 6);
	err = museum_IHall_Marks(to, &req, &req_arena, &res, &res_arena);
	printf("marks: %s", RetcodeToName((Retcode)err));
	if (err == NK_EOK) {
		nk_size_t n;
		const nk_ptr_t *words = nk_arena_get(nk_ptr_t, &res_arena,
						     &res.words, &n);

		for (nk_size_t i = 0; i < n; i++)
			printf(" %s", nk_arena_get(nk_char_t, &res_arena,
						   &words[i], NULL));
	}
	printf("\n");
}

static void report(nk_iid_t riid, nk_sint8_t post)
{
	struct museum_IGuard_proxy proxy;
	museum_IGuard_Report_req req = { .post = post };
	museum_IGuard_Report_res res;
	nk_size_t n;
	nk_err_t err;

	res_arena = (struct nk_arena)NK_ARENA_AUTO(res_buffer);
	museum_IGuard_proxy_init(&proxy, &transport.base, riid);
	err = museum_IGuard_Report(&proxy.base, &req, NK_NULL, &res,
				   &res_arena);
	printf("report %u %d: %s", riid, post, RetcodeToName((Retcode)err));
	if (err == NK_EOK)
		printf(" '%s' %s", nk_arena_get(nk_char_t, &res_arena,
						&res.text, &n),
		       nk_arena_validate(nk_char_t, &res_arena, &res.text) ==
		       NK_EOK ? "valid" : "invalid");
	printf("\n");
}

int main(void)
{
	handle = ServiceLocatorConnect("museum_entrance");
	if (handle == INVALID_HANDLE)
		return EXIT_FAILURE;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	paths();
	list("old.east.hall", 0);
	list("old.west.hall", 0);	/* no rule */
	list("annex.hall", 0);		/* no rule */
	list("modern.east.hall", 1);
	list("modern.west.hall", 0xffffffff);
	list("hall", 1887);
	list("hall", 1888);
	hang("Sunset", -7, 1);
	hang("Sunset", -7, 0);
	hang("Sunset", 7, 1);
	hang("Sunrise", -7, 1);
	shape(1);
	shape(0);
	marks(museum_Types_Mark_word_tag);
	marks(77);
	report(museum_House_old_guard_iid, -1);
	report(museum_House_modern_guard_iid, -128);
	report(museum_House_endpoint_iid, -1);
	report(museum_House_modern_guard_iid, 0);
	report(museum_House_hall_iid, -1);	/* another interface's */
	report(40, -1);				/* none */
	return EXIT_SUCCESS;
}
