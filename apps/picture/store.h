/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The folder of pictures: which there are, and what each is. Names are taken
 * once, in the order of their bytes; what is in a file is looked at when it is
 * asked for, and again if the file has changed. Used by one thread.
 */
#ifndef PICTURE_STORE_H
#define PICTURE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "decode.h"

#define STORE_PICTURES_MAX 1024u
#define STORE_NAME_MAX 256u	/* bytes, terminator included */

struct picture {
	char file[STORE_NAME_MAX];	/* in the folder */
	char name[STORE_NAME_MAX];	/* for others: printable UTF-8 */
	/* of the file as it was last looked at */
	bool known;
	struct timespec changed;
	uint64_t bytes;
	uint8_t sha256[32];
	struct facts facts;
	char fault[DECODE_FAULT_MAX];	/* "" if nothing is wrong with it */
};

struct store {
	const char *folder;
	struct picture *pictures;	/* owned */
	uint32_t n_pictures;
	uint32_t n_left_out;		/* beyond STORE_PICTURES_MAX */
};

/* Takes the names of the files *.png in FOLDER, which stays the caller's.
   Returns 0, or -errno if the folder cannot be read. */
int store_init(struct store *store, const char *folder);
void store_deinit(struct store *store);
/* The picture of that number, looked at; NULL if there is none. */
const struct picture *store_look(struct store *store, uint32_t index);
/* A descriptor of its file that the caller closes, or -1 with FAULT filled. */
int store_open(const struct store *store, uint32_t index,
	       char fault[DECODE_FAULT_MAX]);
/* Up to SIZE bytes of its file from OFFSET on. Their number, 0 at the end, or -1
   with FAULT filled. */
long store_read(const struct store *store, uint32_t index, uint64_t offset,
		void *out, size_t size, char fault[DECODE_FAULT_MAX]);

#endif
