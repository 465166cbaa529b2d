/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A server in C++: objects behind the operations. */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <shelf/Shelf.edl.h>

#include <string>
#include <vector>

namespace {

struct Book {
	std::string title;
	nk_uint32_t pages;
	nk_sint64_t price;
};

class Shelf : public shelf_IShelf {
public:
	Shelf()
	{
		static shelf_IShelf_ops table = {};
		table.Put = put;
		table.Find = find;
		table.All = all;
		ops = &table;
	}

private:
	std::vector<Book> books;

	static nk_err_t store(nk_arena *arena, nk_ptr_t *desc,
			      const std::string &text)
	{
		return nk_arena_store(nk_char_t, arena, desc, text.c_str(),
				      text.size() + 1);
	}

	static nk_err_t write(nk_arena *arena, shelf_IShelf_Book *to,
			      const Book &from)
	{
		to->pages = from.pages;
		to->price = from.price;
		return store(arena, &to->title, from.title);
	}

	static nk_err_t put(shelf_IShelf *self, const shelf_IShelf_Put_req *req,
			    const nk_arena *req_arena,
			    shelf_IShelf_Put_res *res, nk_arena *res_arena)
	{
		auto &books = static_cast<Shelf *>(self)->books;
		nk_size_t n = 0;
		auto *title = nk_arena_get(nk_char_t, req_arena,
					   &req->book.title, &n);

		if (n <= 1) {
			nk_err_reset(res);
			return store(res_arena, &res->err_.why, "no title");
		}
		books.push_back({ title, req->book.pages, req->book.price });
		res->number = static_cast<nk_uint32_t>(books.size());
		return NK_EOK;
	}

	static nk_err_t find(shelf_IShelf *self,
			     const shelf_IShelf_Find_req *req,
			     const nk_arena *req_arena,
			     shelf_IShelf_Find_res *res, nk_arena *res_arena)
	{
		auto &books = static_cast<Shelf *>(self)->books;
		std::string title;

		if (req->key.tag_ == shelf_IShelf_Key_title_tag)
			title = nk_arena_get(nk_char_t, req_arena,
					     &req->key.title, NK_NULL);
		for (nk_uint32_t i = 0; i < books.size(); i++)
			if (title.empty() ? i + 1 == req->key.number
					  : books[i].title == title)
				return write(res_arena, &res->book, books[i]);
		return NK_ENOENT;
	}

	static nk_err_t all(shelf_IShelf *self, const shelf_IShelf_All_req *,
			    const nk_arena *, shelf_IShelf_All_res *res,
			    nk_arena *res_arena)
	{
		auto &books = static_cast<Shelf *>(self)->books;
		auto *out = nk_arena_alloc(shelf_IShelf_Book, res_arena,
					   &res->books, books.size());

		for (nk_size_t i = 0; i < books.size(); i++) {
			if (write(res_arena, &out[i], books[i]) != NK_EOK)
				return NK_ENOMEM;
			res->loans[i] = static_cast<nk_uint8_t>(i * 2);
		}
		return NK_EOK;
	}
};

}

int main()
{
	static char req_buffer[shelf_Shelf_entity_req_arena_size];
	static char res_buffer[shelf_Shelf_entity_res_arena_size];
	nk_arena req_arena = NK_ARENA_INITIALIZER(
		req_buffer, req_buffer + sizeof(req_buffer));
	nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	shelf_Shelf_entity_req req;
	shelf_Shelf_entity_res res;
	shelf_Shelf_entity entity;
	NkKosTransport transport;
	ServiceId iid;
	Shelf shelf;

	Handle handle = ServiceLocatorRegister("shelf", nullptr, 0, &iid);
	if (handle == INVALID_HANDLE)
		return 1;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	shelf_Shelf_entity_init(&entity, &shelf);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		if (nk_transport_recv(&transport.base, &req.base_,
				      &req_arena) != NK_EOK)
			continue;
		shelf_Shelf_entity_dispatch(&entity, &req.base_, &req_arena,
					    &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
}
