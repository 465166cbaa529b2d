/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A client in C++, without the package's name before everything. */
#define NK_USE_UNQUALIFIED_NAMES

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/retcode_hr.h>
#include <shelf/IShelf.idl.h>

#include <iostream>
#include <string>
#include <vector>

class Client {
public:
	explicit Client(Handle handle)
		: req_buffer(IShelf_Put_req_arena_size +
			     IShelf_Find_req_arena_size),
		  res_buffer(IShelf_All_res_arena_size)
	{
		NkKosTransport_Init(&transport, handle, NK_NULL, 0);
		IShelf_proxy_init(&proxy, &transport.base,
				  ServiceLocatorGetRiid(handle, "shelf"));
	}

	void put(const std::string &title, nk_uint32_t pages, nk_sint64_t price)
	{
		nk_arena in = room(req_buffer), out = room(res_buffer);
		IShelf_Put_req req{};
		IShelf_Put_res res;

		req.book.pages = pages;
		req.book.price = price;
		if (nk_arena_store(nk_char_t, &in, &req.book.title,
				   title.c_str(), title.size() + 1) != NK_EOK) {
			std::cout << "put: does not fit\n";
			return;
		}
		nk_err_t err = IShelf_Put(&proxy.base, &req, &in, &res, &out);
		std::cout << "put " << title << ": ";
		if (err != NK_EOK)
			std::cout << RetcodeToName(err);
		else if (nk_msg_check_err(&res.base_))
			std::cout << nk_arena_get(nk_char_t, &out,
						  &res.err_.why, nullptr);
		else
			std::cout << res.number;
		std::cout << std::endl;
	}

	void find(const std::string &title, nk_uint32_t number)
	{
		nk_arena in = room(req_buffer), out = room(res_buffer);
		IShelf_Find_req req;
		IShelf_Find_res res;

		nk_req_reset(&req);
		req.key.tag_ = IShelf_Key_number_tag;
		req.key.number = number;
		if (!title.empty()) {
			req.key.tag_ = IShelf_Key_title_tag;
			nk_arena_store(nk_char_t, &in, &req.key.title,
				       title.c_str(), title.size() + 1);
		}
		nk_err_t err = IShelf_Find(&proxy.base, &req, &in, &res, &out);
		std::cout << "find: ";
		if (err == NK_EOK)
			std::cout << text(out, res.book.title) << ", "
				  << res.book.pages << " pages, "
				  << res.book.price;
		else
			std::cout << RetcodeToName(err);
		std::cout << std::endl;
	}

	void all()
	{
		nk_arena out = room(res_buffer);
		IShelf_All_req req{};
		IShelf_All_res res;
		nk_size_t n = 0;

		if (IShelf_All(&proxy.base, &req, nullptr, &res, &out) !=
		    NK_EOK)
			return;
		auto *books = nk_arena_get(IShelf_Book, &out, &res.books, &n);
		for (nk_size_t i = 0; i < n; i++)
			std::cout << "all: " << text(out, books[i].title)
				  << " lent " << unsigned(res.loans[i])
				  << std::endl;
	}

private:
	static nk_arena room(std::vector<char> &buffer)
	{
		return NK_ARENA_INITIALIZER(buffer.data(),
					    buffer.data() + buffer.size());
	}

	static const char *text(const nk_arena &arena, const nk_ptr_t &desc)
	{
		return nk_arena_get(nk_char_t, &arena, &desc, nullptr);
	}

	NkKosTransport transport;
	IShelf_proxy proxy;
	std::vector<char> req_buffer, res_buffer;
};

int main()
{
	Handle handle = ServiceLocatorConnect("shelf");

	if (handle == INVALID_HANDLE)
		return 1;
	Client client(handle);
	client.put("Walden", 352, 1000);
	client.put("Emma", 474, 1ll << 40);
	client.put("", 1, 1);
	client.put("Nothing", 0, 1);
	client.put("Gift", 1, -1);
	client.find("", 1);
	client.find("Emma", 0);
	client.find("Gift", 0);
	client.all();
	client.put(std::string(40, 'x'), 1, 0);
	client.put(std::string(41, 'x'), 1, 0);
	return 0;
}
