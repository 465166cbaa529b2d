/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "serve.h"

#include <coresrv/nk/transport-kos.h>
#include <picture/PictureManager.edl.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "thumbnail.h"

static_assert(THUMBNAIL_SIDE_MAX == picture_Pictures_SideMax, "one limit");
static_assert(DECODE_FAULT_MAX <= picture_Pictures_ReasonMax, "reasons fit");
static_assert(STORE_NAME_MAX <= picture_Pictures_NameMax + 1, "names fit");

/* The thumbnail that was asked for last: its pieces are asked for in turn. */
struct last {
	struct thumbnail thumbnail;
	uint32_t index, width, height;
};

struct pictures {
	struct picture_Pictures base;
	struct store *store;
	struct last last;
};

static struct pictures *pictures_of(struct picture_Pictures *base)
{
	return (struct pictures *)((char *)base -
				   offsetof(struct pictures, base));
}

static nk_err_t put_text(struct nk_arena *arena, nk_ptr_t *out,
			 const char *text)
{
	return nk_arena_store(nk_char_t, arena, out, text, strlen(text) + 1);
}

/* The answer is the error parameter. */
#define refuse(res, arena, text) \
	(nk_err_reset(res), put_text((arena), &(res)->err_.reason, (text)))

static const char no_such_picture[] = "there is no picture of that number";

static nk_err_t count(struct picture_Pictures *self,
		      nk_unused const picture_Pictures_Count_req *req,
		      nk_unused const struct nk_arena *req_arena,
		      picture_Pictures_Count_res *res,
		      nk_unused struct nk_arena *res_arena)
{
	res->count = pictures_of(self)->store->n_pictures;
	return NK_EOK;
}

static nk_err_t describe(struct picture_Pictures *self,
			 const picture_Pictures_Describe_req *req,
			 nk_unused const struct nk_arena *req_arena,
			 picture_Pictures_Describe_res *res,
			 struct nk_arena *res_arena)
{
	struct store *store = pictures_of(self)->store;
	const struct picture *picture = store_look(store, req->index);
	picture_Pictures_Picture *out = &res->res_.picture;
	nk_err_t error;

	if (!picture)
		return refuse(res, res_arena, no_such_picture);
	out->width = picture->facts.width;
	out->height = picture->facts.height;
	out->colour = picture->facts.colour_type;
	out->depth = picture->facts.bit_depth;
	out->interlaced = picture->facts.interlaced;
	out->size = picture->bytes;
	static_assert(sizeof(out->sha256) == sizeof(picture->sha256), "digest");
	memcpy(out->sha256, picture->sha256, sizeof(picture->sha256));
	error = put_text(res_arena, &out->name, picture->name);
	if (error == NK_EOK && picture->fault[0])
		error = put_text(res_arena, &out->fault, picture->fault);
	return error;
}

/* Makes sure that LAST is the thumbnail that REQ wants. */
static bool prepare(struct pictures *pictures,
		    const picture_Pictures_Thumbnail_req *req,
		    char fault[DECODE_FAULT_MAX])
{
	struct last *last = &pictures->last;
	bool good;
	int fd;

	if (req->offset > 0 && last->thumbnail.png &&
	    last->index == req->index && last->width == req->width &&
	    last->height == req->height)
		return true;
	thumbnail_deinit(&last->thumbnail);
	fd = store_open(pictures->store, req->index, fault);
	if (fd < 0)
		return false;
	good = thumbnail_make(&last->thumbnail, fd, req->width, req->height,
			      fault);
	close(fd);
	last->index = req->index;
	last->width = req->width;
	last->height = req->height;
	return good;
}

static nk_err_t thumbnail(struct picture_Pictures *self,
			  const picture_Pictures_Thumbnail_req *req,
			  nk_unused const struct nk_arena *req_arena,
			  picture_Pictures_Thumbnail_res *res,
			  struct nk_arena *res_arena)
{
	struct pictures *pictures = pictures_of(self);
	const struct thumbnail *made = &pictures->last.thumbnail;
	char fault[DECODE_FAULT_MAX];
	size_t size;

	if (req->index >= pictures->store->n_pictures)
		return refuse(res, res_arena, no_such_picture);
	if (!prepare(pictures, req, fault))
		return refuse(res, res_arena, fault);
	res->res_.total = (nk_uint32_t)made->size;
	if (req->offset >= made->size)
		return NK_EOK;
	size = nk_min(made->size - req->offset, picture_Pictures_PieceMax);
	return nk_arena_store(nk_uint8_t, res_arena, &res->res_.piece,
			      made->png + req->offset, size);
}

static nk_err_t read_file(struct picture_Pictures *self,
			  const picture_Pictures_Read_req *req,
			  nk_unused const struct nk_arena *req_arena,
			  picture_Pictures_Read_res *res,
			  struct nk_arena *res_arena)
{
	static nk_uint8_t piece[picture_Pictures_PieceMax];
	const struct store *store = pictures_of(self)->store;
	char fault[DECODE_FAULT_MAX];
	long n;

	if (req->index >= store->n_pictures)
		return refuse(res, res_arena, no_such_picture);
	n = store_read(store, req->index, req->offset, piece,
		       nk_min(req->size, sizeof(piece)), fault);
	if (n < 0)
		return refuse(res, res_arena, fault);
	if (n == 0)
		return NK_EOK;
	return nk_arena_store(nk_uint8_t, res_arena, &res->res_.piece, piece,
			      (size_t)n);
}

static const struct picture_Pictures_ops ops = {
	.Count = count,
	.Describe = describe,
	.Thumbnail = thumbnail,
	.Read = read_file,
};

nk_err_t serve(Handle listener, struct store *store)
{
	static char req_buffer[picture_PictureManager_entity_req_arena_size];
	static char res_buffer[picture_PictureManager_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	struct pictures pictures = { .base = { &ops }, .store = store };
	struct picture_Album_component album;
	struct picture_PictureManager_entity manager;
	static picture_PictureManager_entity_req req;
	static picture_PictureManager_entity_res res;
	NkKosTransport transport;
	nk_err_t error;

	NkKosTransport_Init(&transport, listener, NK_NULL, 0);
	picture_Album_component_init(&album, &pictures.base);
	picture_PictureManager_entity_init(&manager, &album);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		error = nk_transport_recv(&transport.base, &req.base_,
					  &req_arena);
		if (error == NK_ENOTCONN)
			break;
		if (error != NK_EOK)
			continue;
		picture_PictureManager_entity_dispatch(&manager, &req.base_,
						       &req_arena, &res.base_,
						       &res_arena);
		error = nk_transport_reply(&transport.base, &res.base_,
					   &res_arena);
		if (error != NK_EOK)
			fprintf(stderr, "an answer was not taken: "
				RETCODE_HR_FMT "\n", RETCODE_HR_PARAMS(error));
	}
	thumbnail_deinit(&pictures.last.thumbnail);
	return error;
}
