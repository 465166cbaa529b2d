/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The steps of somebody who comes to look at pictures, the same for everyone:
 * find them through the name server, ask the kernel for a channel, look. Each
 * says on standard output what came of it.
 */
#ifndef PICTURE_VISIT_H
#define PICTURE_VISIT_H

#include <coresrv/nk/transport-kos.h>
#include <picture/PictureManager.edl.h>
#include <stdbool.h>
#include <stdint.h>

/* One picture, as its owner describes it. */
struct view {
	char name[picture_Pictures_NameMax + 1];
	char fault[picture_Pictures_ReasonMax + 1];	/* "": nothing wrong */
	uint32_t width, height;
	uint8_t colour, depth, interlaced;
	uint64_t size;
	uint8_t sha256[picture_Pictures_DigestSize];
};

struct visit {
	NkKosTransport transport;
	struct picture_Pictures_proxy proxy;
	const char *step;	/* the last one tried */
	char reason[picture_Pictures_ReasonMax + 1];	/* what the owner said,
							   "" if nothing */
};

/*
 * All return a status (NK_EOK, NK_EPERM, ..., the same numbers as rcOk,
 * rcSecurityDisallow, ...) and leave the step in .step. NK_EFAIL with a .reason:
 * the owner could not do it.
 */
nk_err_t visit_begin(struct visit *visit);
nk_err_t visit_count(struct visit *visit, uint32_t *count);
nk_err_t visit_look(struct visit *visit, uint32_t index, struct view *view);
/* Prints the table of all COUNT pictures. */
nk_err_t visit_table(struct visit *visit, uint32_t count);

/* A piece of a thumbnail or of a file, from an offset on. */
struct piece {
	uint8_t bytes[picture_Pictures_PieceMax];
	size_t size;		/* 0: the end */
	uint32_t total;		/* of a thumbnail: bytes of all of it */
};

nk_err_t visit_thumbnail(struct visit *visit, uint32_t index, uint32_t side,
			 uint32_t offset, struct piece *piece);
nk_err_t visit_read(struct visit *visit, uint32_t index, uint64_t offset,
		    struct piece *piece);

/* 64 digits and a terminator. */
void visit_digits(const uint8_t sha256[32], char out[65]);

#endif
