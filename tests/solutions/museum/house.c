/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <museum/House.edl.h>
#include <rtl/compiler.h>
#include <rtl/countof.h>
#include <rtl/string.h>
#include <rtl/stdio.h>
#include <stdlib.h>

struct hall {
	struct museum_IHall base;
	nk_uint16_t number;
};

struct guard {
	struct museum_IGuard base;
	const char *where;
};

static nk_err_t text(struct nk_arena *arena, nk_ptr_t *desc, const char *s)
{
	return nk_arena_store(nk_char_t, arena, desc, s, rtl_strlen(s) + 1);
}

static nk_err_t list(struct museum_IHall *self,
		     const struct museum_IHall_List_req *req,
		     const struct nk_arena *req_arena __rtl_unused,
		     struct museum_IHall_List_res *res,
		     struct nk_arena *res_arena)
{
	const nk_uint16_t number = ((struct hall *)self)->number;
	nk_err_t err = NK_EOK;
	museum_Types_Exhibit *exhibits;

	res->hall = number;
	if (number == 0)
		return NK_EOK;		/* an empty sequence */
	exhibits = nk_arena_alloc(museum_Types_Exhibit, res_arena,
				  &res->exhibits, number);
	if (exhibits == NK_NULL)
		return NK_ENOMEM;
	rtl_memset(exhibits, 0, number * sizeof(*exhibits));
	for (nk_uint16_t i = 0; i < number && err == NK_EOK; i++) {
		struct museum_Types_Exhibit *e = &exhibits[i];
		struct museum_Types_Person *makers;

		e->floor = (nk_uint8_t)i;
		err = text(res_arena, &e->title, i % 2 ? "Odd" : "Even");
		makers = nk_arena_alloc(museum_Types_Person, res_arena,
					&e->makers, i);
		for (nk_uint16_t j = 0; j < i && err == NK_EOK; j++) {
			makers[j].born = req->since + j;
			makers[j].last = (nk_ptr_t){ 0, 0 };
			err = text(res_arena, &makers[j].first, "Anna");
		}
		e->frame[i % 4].x = i;
		e->mark.tag_ = museum_Types_Mark_colour_tag;
		e->mark.colour[2] = 200;
	}
	return err;
}

static nk_err_t hang(struct museum_IHall *self __rtl_unused,
		     const museum_IHall_Hang_req *req,
		     const struct nk_arena *req_arena,
		     museum_IHall_Hang_res *res, struct nk_arena *res_arena)
{
	nk_size_t n = 0;
	const nk_uint8_t *seal = nk_arena_get(nk_uint8_t, req_arena,
					      &req->exhibit.seal, &n);
	nk_uint8_t *back = nk_arena_alloc(nk_uint8_t, res_arena, &res->seal,
					  2 * n);

	for (nk_size_t i = 0; back && i < 2 * n; i++)
		back[i] = seal[i % n];
	return back ? NK_EOK : NK_ENOMEM;
}

static nk_err_t shape(struct museum_IHall *self __rtl_unused,
		      const museum_IHall_Shape_req *req,
		      const struct nk_arena *req_arena __rtl_unused,
		      museum_IHall_Shape_res *res,
		      struct nk_arena *res_arena __rtl_unused)
{
	for (unsigned i = 0; i < museum_Types_Corners; i++)
		res->turned[(i + 1) % museum_Types_Corners] = req->frame[i];
	for (unsigned i = 0; i < rtl_countof(req->weights); i++)
		res->sum += req->weights[i];
	return NK_EOK;
}

static nk_err_t marks(struct museum_IHall *self __rtl_unused,
		      const museum_IHall_Marks_req *req,
		      const struct nk_arena *req_arena,
		      museum_IHall_Marks_res *res, struct nk_arena *res_arena)
{
	nk_size_t n = 0;
	const museum_Types_Mark *in = nk_arena_get(museum_Types_Mark, req_arena,
						   &req->marks, &n);
	nk_ptr_t *out = nk_arena_alloc(nk_ptr_t, res_arena, &res->words, n);
	nk_err_t err = NK_EOK;

	for (nk_size_t i = 0; i < n && err == NK_EOK; i++) {
		char line[museum_Types_NameMax + 1];

		switch (in[i].tag_) {
		case museum_Types_Mark_number_tag:
			rtl_snprintf(line, sizeof(line), "%llu",
				     (unsigned long long)in[i].number);
			break;
		case museum_Types_Mark_colour_tag:
			rtl_snprintf(line, sizeof(line), "#%02x%02x%02x",
				     in[i].colour[0], in[i].colour[1],
				     in[i].colour[2]);
			break;
		case museum_Types_Mark_word_tag:
			rtl_strncpy(line, nk_arena_get(nk_char_t, req_arena,
						       &in[i].word, NK_NULL),
				    sizeof(line));
			break;
		default:
			return NK_EINVAL;
		}
		err = text(res_arena, &out[i], line);
	}
	return err;
}

static nk_err_t report(struct museum_IGuard *self,
		       const museum_IGuard_Report_req *req __rtl_unused,
		       const struct nk_arena *req_arena __rtl_unused,
		       museum_IGuard_Report_res *res,
		       struct nk_arena *res_arena)
{
	return text(res_arena, &res->text, ((struct guard *)self)->where);
}

int main(void)
{
	static const struct museum_IHall_ops hall_ops = {
		.List = list, .Hang = hang, .Shape = shape, .Marks = marks,
	};
	static const struct museum_IGuard_ops guard_ops = { report };
	struct hall halls[] = {
		{ { &hall_ops }, 0 }, { { &hall_ops }, 1 }, { { &hall_ops }, 2 },
		{ { &hall_ops }, 3 }, { { &hall_ops }, 4 }, { { &hall_ops }, 4 },
	};
	struct guard guards[] = {
		{ { &guard_ops }, "old wing" }, { { &guard_ops }, "modern wing" },
		{ { &guard_ops }, "" },
	};
	struct museum_Room_component rooms[5];
	struct museum_Wing_component old, modern;
	struct museum_House_entity entity;
	static museum_House_entity_req req;
	static museum_House_entity_res res;
	static char req_buffer[museum_House_entity_req_arena_size];
	static char res_buffer[museum_House_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	NkKosTransport transport;
	ServiceId iid;
	Handle handle = ServiceLocatorRegister("museum_entrance", NULL, 0, &iid);

	if (handle == INVALID_HANDLE)
		return EXIT_FAILURE;
	for (unsigned i = 0; i < rtl_countof(rooms); i++)
		museum_Room_component_init(&rooms[i], &halls[i].base);
	museum_Wing_component_init(&old, &rooms[0], &rooms[1], &guards[0].base);
	museum_Wing_component_init(&modern, &rooms[3], &rooms[4],
				   &guards[1].base);
	museum_House_entity_init(&entity, &old, &rooms[2], &modern,
				 &halls[5].base, &guards[2].base);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		if (nk_transport_recv(&transport.base, &req.base_,
				      &req_arena) != NK_EOK)
			continue;
		museum_House_entity_dispatch(&entity, &req.base_, &req_arena,
					     &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
}
