/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "decode.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_MAX (8u << 20)	/* bytes libpng may take for one chunk */
#define CHUNKS_MAX 128u		/* ancillary chunks it may keep */
#define BUFFER_SIZE 16384u

/*
 * All that is alive while libpng works. It is the caller's of the function
 * that calls setjmp, so that a longjmp leaves its members as they were.
 */
struct reader {
	png_structp png;
	png_infop info;
	uint8_t *row;
	int fd;
	size_t begin, end;	/* what is unread in buffer */
	char *fault;
	uint8_t buffer[BUFFER_SIZE];
};

static void say(struct reader *reader, const char *text)
{
	snprintf(reader->fault, DECODE_FAULT_MAX, "%s", text);
}

static void fail(png_structp png, png_const_charp text)
{
	say(png_get_error_ptr(png), text);
	png_longjmp(png, 1);
}

/* A picture with a wrong comment is still a picture. */
static void ignore(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void fill(png_structp png, struct reader *reader)
{
	ssize_t n;

	do {
		n = read(reader->fd, reader->buffer, sizeof(reader->buffer));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		png_error(png, "the file cannot be read");
	if (n == 0)
		png_error(png, "the file ends too early");
	reader->begin = 0;
	reader->end = (size_t)n;
}

static void take(png_structp png, png_bytep out, size_t size)
{
	struct reader *reader = png_get_io_ptr(png);

	while (size > 0) {
		size_t n;

		if (reader->begin == reader->end)
			fill(png, reader);
		n = reader->end - reader->begin;
		if (n > size)
			n = size;
		memcpy(out, reader->buffer + reader->begin, n);
		reader->begin += n;
		out += n;
		size -= n;
	}
}

/* All zero if the file did not get that far. */
static void note(const struct reader *reader, struct facts *facts)
{
	png_structp png = reader->png;
	png_infop info = reader->info;

	facts->width = png_get_image_width(png, info);
	facts->height = png_get_image_height(png, info);
	facts->colour_type = png_get_color_type(png, info);
	facts->bit_depth = png_get_bit_depth(png, info);
	facts->interlaced = png_get_interlace_type(png, info) !=
			    PNG_INTERLACE_NONE;
}

static void read_header(struct reader *reader, struct facts *facts)
{
	png_structp png = reader->png;

	png_read_info(png, reader->info);
	note(reader, facts);
	if ((uint64_t)facts->width * facts->height > DECODE_PIXELS_MAX)
		png_error(png, "more pixels than are served");
}

/* Whatever the file holds, rows come out as 8 bits each of RGBA. */
static void normalise(struct reader *reader)
{
	png_structp png = reader->png;

	png_set_scale_16(png);
	png_set_expand(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
	/* no png_set_interlace_handling: the passes are told apart below */
	png_read_update_info(png, reader->info);
}

static void read_pass(struct reader *reader, const struct facts *facts,
		      const struct decode_sink *sink, int pass)
{
	uint32_t x = 0, y = 0, dx = 1, dy = 1, columns = facts->width;

	if (facts->interlaced) {
		x = PNG_PASS_START_COL(pass);
		y = PNG_PASS_START_ROW(pass);
		dx = 1u << PNG_PASS_COL_SHIFT(pass);
		dy = 1u << PNG_PASS_ROW_SHIFT(pass);
		columns = PNG_PASS_COLS(facts->width, pass);
	}
	if (columns == 0)
		return;
	for (; y < facts->height; y += dy) {
		png_read_row(reader->png, reader->row, NULL);
		if (sink)
			sink->row(sink->context, y, x, dx, columns,
				  reader->row);
	}
}

/* Says it in our words: libpng calls a short text file a PNG that ends. */
static bool is_png(struct reader *reader)
{
	png_byte mark[8];
	ssize_t n = read(reader->fd, mark, sizeof(mark));

	if (n < 0)
		say(reader, "the file cannot be read");
	else if (n == 0)
		say(reader, "the file is empty");
	else if (n < (ssize_t)sizeof(mark) || png_sig_cmp(mark, 0, sizeof(mark)))
		say(reader, "it is not a PNG file");
	else if (lseek(reader->fd, 0, SEEK_SET) != 0)
		say(reader, "the file cannot be read");
	else
		return true;
	return false;
}

static bool run(struct reader *reader, struct facts *facts,
		const struct decode_sink *sink)
{
	png_structp png = reader->png;
	int n_passes;

	if (setjmp(png_jmpbuf(png))) {
		if (facts->width == 0)	/* else it is what comes out by now */
			note(reader, facts);
		return false;
	}
	png_set_read_fn(png, reader, take);
	png_set_user_limits(png, DECODE_SIDE_MAX, DECODE_SIDE_MAX);
	png_set_chunk_malloc_max(png, CHUNK_MAX);
	png_set_chunk_cache_max(png, CHUNKS_MAX);

	read_header(reader, facts);
	normalise(reader);
	if (png_get_rowbytes(png, reader->info) > (size_t)facts->width * 4)
		png_error(png, "a row is longer than it says");
	/* libpng fills a row to its full width even in a narrow pass */
	reader->row = malloc((size_t)facts->width * 4);
	if (!reader->row || (sink && !sink->begin(sink->context, facts)))
		png_error(png, "there is no memory for it");

	n_passes = facts->interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1;
	for (int pass = 0; pass < n_passes; pass++)
		read_pass(reader, facts, sink, pass);
	png_read_end(png, NULL);
	return true;
}

bool decode(int fd, struct facts *facts, const struct decode_sink *sink,
	    char fault[DECODE_FAULT_MAX])
{
	struct reader *reader = calloc(1, sizeof(*reader));
	bool good = false;

	*facts = (struct facts){ 0 };
	fault[0] = '\0';
	if (!reader) {
		snprintf(fault, DECODE_FAULT_MAX, "there is no memory for it");
		return false;
	}
	reader->fd = fd;
	reader->fault = fault;
	reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader,
					     fail, ignore);
	if (reader->png)
		reader->info = png_create_info_struct(reader->png);
	if (!reader->info)
		say(reader, "there is no memory for it");
	else if (lseek(fd, 0, SEEK_SET) != 0)
		say(reader, "the file cannot be read");
	else if (is_png(reader))
		good = run(reader, facts, sink);
	png_destroy_read_struct(&reader->png, &reader->info, NULL);
	free(reader->row);
	free(reader);
	return good;
}
