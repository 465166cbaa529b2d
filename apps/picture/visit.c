/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "visit.h"

#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <rtl/retcode.h>
#include <stdio.h>
#include <string.h>

#define INTERFACE "picture.Pictures"
#define NAME_SIZE 256u
#define TRIES_MAX 100u		/* to find what may not be published yet, */
#define TRY_MS 50u		/* this long apart */
#define CONNECT_MS 5000u

/* The first server of the interface. It may have started after us. */
static nk_err_t find(struct visit *visit, char server[NAME_SIZE],
		     char service[NAME_SIZE])
{
	NsHandle ns;
	Retcode rc;

	visit->step = "asking for the name server";
	rc = NsCreate(RTL_NULL, CONNECT_MS, &ns);
	if (rc != rcOk)
		return (nk_err_t)rc;
	visit->step = "EnumServices of kl.core.NameServer";
	for (unsigned i = 0; i < TRIES_MAX; i++) {
		rc = NsEnumServices(ns, INTERFACE, 0, server, NAME_SIZE,
				    service, NAME_SIZE);
		if (rc != rcResourceNotFound)
			break;
		KnSleep(TRY_MS);
	}
	return (nk_err_t)rc;
}

nk_err_t visit_begin(struct visit *visit)
{
	char server[NAME_SIZE], service[NAME_SIZE];
	rtl_uint32_t riid;
	Handle handle;
	nk_err_t status;

	*visit = (struct visit){ 0 };
	status = find(visit, server, service);
	if (status != NK_EOK)
		return status;
	printf("found %s: %s of %s\n", INTERFACE, service, server);

	visit->step = "Connect of kl.core.Core";
	status = (nk_err_t)KnCmConnect(server, service, CONNECT_MS, &handle,
				       &riid);
	if (status != NK_EOK)
		return status;
	printf("connected to %s\n", server);

	NkKosTransport_Init(&visit->transport, handle, NK_NULL, 0);
	picture_Pictures_proxy_init(&visit->proxy, &visit->transport.base,
				    (nk_iid_t)riid);
	return NK_EOK;
}

/* Copies the string at DESC, cut to SIZE bytes. */
static void get_text(const struct nk_arena *arena, const nk_ptr_t *desc,
		     char *out, size_t size)
{
	nk_size_t n = 0;
	const char *text = nk_arena_get(nk_char_t, arena, desc, &n);

	snprintf(out, size, "%.*s", text ? (int)n : 0, text ? text : "");
}

static void get_piece(const struct nk_arena *arena, const nk_ptr_t *desc,
		      struct piece *piece)
{
	nk_size_t n = 0;
	const nk_uint8_t *bytes = nk_arena_get(nk_uint8_t, arena, desc, &n);

	piece->size = bytes ? nk_min(n, sizeof(piece->bytes)) : 0;
	if (piece->size > 0)
		memcpy(piece->bytes, bytes, piece->size);
}

/* The owner answered, but with the error parameter. */
static nk_err_t excuse(struct visit *visit, const struct nk_arena *arena,
		       const nk_ptr_t *reason)
{
	get_text(arena, reason, visit->reason, sizeof(visit->reason));
	return NK_EFAIL;
}

static void begin_step(struct visit *visit, const char *step)
{
	visit->step = step;
	visit->reason[0] = '\0';
}

nk_err_t visit_count(struct visit *visit, uint32_t *count)
{
	picture_Pictures_Count_req req;
	picture_Pictures_Count_res res;
	nk_err_t status;

	begin_step(visit, "Count of picture.PictureManager");
	nk_req_reset(&req);
	status = picture_Pictures_Count(&visit->proxy.base, &req, NK_NULL, &res,
					NK_NULL);
	*count = status == NK_EOK ? res.count : 0;
	return status;
}

nk_err_t visit_look(struct visit *visit, uint32_t index, struct view *view)
{
	char buffer[picture_Pictures_Describe_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	picture_Pictures_Describe_req req;
	picture_Pictures_Describe_res res;
	const picture_Pictures_Picture *picture = &res.res_.picture;
	nk_err_t status;

	begin_step(visit, "Describe of picture.PictureManager");
	nk_req_reset(&req);
	req.index = index;
	status = picture_Pictures_Describe(&visit->proxy.base, &req, NK_NULL,
					   &res, &arena);
	if (status != NK_EOK)
		return status;
	if (nk_msg_check_err(&res.base_))
		return excuse(visit, &arena, &res.err_.reason);
	get_text(&arena, &picture->name, view->name, sizeof(view->name));
	get_text(&arena, &picture->fault, view->fault, sizeof(view->fault));
	view->width = picture->width;
	view->height = picture->height;
	view->colour = picture->colour;
	view->depth = picture->depth;
	view->interlaced = picture->interlaced;
	view->size = picture->size;
	memcpy(view->sha256, picture->sha256, sizeof(view->sha256));
	return NK_EOK;
}

nk_err_t visit_thumbnail(struct visit *visit, uint32_t index, uint32_t side,
			 uint32_t offset, struct piece *piece)
{
	static char buffer[picture_Pictures_Thumbnail_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	picture_Pictures_Thumbnail_req req;
	picture_Pictures_Thumbnail_res res;
	nk_err_t status;

	begin_step(visit, "Thumbnail of picture.PictureManager");
	nk_req_reset(&req);
	req.index = index;
	req.width = side;
	req.height = side;
	req.offset = offset;
	status = picture_Pictures_Thumbnail(&visit->proxy.base, &req, NK_NULL,
					    &res, &arena);
	if (status != NK_EOK)
		return status;
	if (nk_msg_check_err(&res.base_))
		return excuse(visit, &arena, &res.err_.reason);
	piece->total = res.res_.total;
	get_piece(&arena, &res.res_.piece, piece);
	return NK_EOK;
}

nk_err_t visit_read(struct visit *visit, uint32_t index, uint64_t offset,
		    struct piece *piece)
{
	static char buffer[picture_Pictures_Read_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	picture_Pictures_Read_req req;
	picture_Pictures_Read_res res;
	nk_err_t status;

	begin_step(visit, "Read of picture.PictureManager");
	nk_req_reset(&req);
	req.index = index;
	req.offset = offset;
	req.size = picture_Pictures_PieceMax;
	status = picture_Pictures_Read(&visit->proxy.base, &req, NK_NULL, &res,
				       &arena);
	if (status != NK_EOK)
		return status;
	if (nk_msg_check_err(&res.base_))
		return excuse(visit, &arena, &res.err_.reason);
	piece->total = 0;
	get_piece(&arena, &res.res_.piece, piece);
	return NK_EOK;
}

static const char *colour_name(uint8_t colour)
{
	switch (colour) {
	case 0: return "grey";
	case 2: return "RGB";
	case 3: return "palette";
	case 4: return "grey+alpha";
	case 6: return "RGBA";
	}
	return "?";
}

static void print_row(uint32_t index, const struct view *view)
{
	char size[32] = "-", digits[65];

	if (view->width > 0)
		snprintf(size, sizeof(size), "%ux%u", view->width,
			 view->height);
	visit_digits(view->sha256, digits);
	printf("%3u  %-20s %11s  %-10s %5u  %-10s %9llu  %.16s  %s\n", index,
	       view->name, size, view->width > 0 ? colour_name(view->colour) : "-",
	       view->depth, view->interlaced ? "interlaced" : "plain",
	       (unsigned long long)view->size, digits,
	       view->fault[0] ? view->fault : "good");
}

nk_err_t visit_table(struct visit *visit, uint32_t count)
{
	printf("%3s  %-20s %11s  %-10s %5s  %-10s %9s  %-16s  %s\n", "#", "name",
	       "pixels", "colour", "depth", "order", "bytes", "SHA-256 begins",
	       "state");
	for (uint32_t i = 0; i < count; i++) {
		struct view view;
		nk_err_t status = visit_look(visit, i, &view);

		if (status != NK_EOK)
			return status;
		print_row(i, &view);
	}
	return NK_EOK;
}

void visit_digits(const uint8_t sha256[32], char out[65])
{
	for (int i = 0; i < 32; i++)
		snprintf(out + 2 * i, 3, "%02x", sha256[i]);
}
