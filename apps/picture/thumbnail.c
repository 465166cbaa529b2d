/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "thumbnail.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sums over the pixels that one small pixel stands for. */
struct cell {
	uint64_t colour[3];	/* each weighted by its alpha */
	uint64_t alpha;
	uint64_t count;
};

struct shrink {
	uint32_t box_width, box_height;		/* asked for */
	uint32_t width, height;			/* of the large picture */
	uint32_t small_width, small_height;
	struct cell *cells;
};

static uint32_t at_least_one(uint64_t n)
{
	return n > 0 ? (uint32_t)n : 1;
}

/* The largest size of the same proportions that fits, and is not larger. */
static void fit(struct shrink *shrink)
{
	uint64_t w = shrink->width, h = shrink->height;
	uint64_t bw = shrink->box_width, bh = shrink->box_height;

	if (w <= bw && h <= bh) {
		shrink->small_width = (uint32_t)w;
		shrink->small_height = (uint32_t)h;
	} else if (w * bh >= h * bw) {
		shrink->small_width = (uint32_t)bw;
		shrink->small_height = at_least_one(h * bw / w);
	} else {
		shrink->small_width = at_least_one(w * bh / h);
		shrink->small_height = (uint32_t)bh;
	}
}

static bool begin(void *context, const struct facts *facts)
{
	struct shrink *shrink = context;

	shrink->width = facts->width;
	shrink->height = facts->height;
	fit(shrink);
	shrink->cells = calloc((size_t)shrink->small_width *
			       shrink->small_height, sizeof(struct cell));
	return shrink->cells != NULL;
}

static void add_row(void *context, uint32_t y, uint32_t x, uint32_t step,
		    uint32_t count, const uint8_t *rgba)
{
	struct shrink *shrink = context;
	uint64_t line = (uint64_t)y * shrink->small_height / shrink->height;
	struct cell *cells = shrink->cells + line * shrink->small_width;

	for (uint32_t i = 0; i < count; i++, x += step, rgba += 4) {
		uint64_t column = (uint64_t)x * shrink->small_width /
				  shrink->width;
		struct cell *cell = &cells[column];

		for (int c = 0; c < 3; c++)
			cell->colour[c] += (uint64_t)rgba[c] * rgba[3];
		cell->alpha += rgba[3];
		cell->count++;
	}
}

/* Divides, rounding to nearest. */
static uint8_t mean(uint64_t sum, uint64_t count)
{
	return count > 0 ? (uint8_t)((sum + count / 2) / count) : 0;
}

/* The cells as bytes: 4 a pixel, or 3 if all are opaque. Returns which. */
static unsigned settle(const struct shrink *shrink, uint8_t *out)
{
	size_t n = (size_t)shrink->small_width * shrink->small_height;
	unsigned channels = 3;

	for (size_t i = 0; i < n; i++) {
		if (mean(shrink->cells[i].alpha, shrink->cells[i].count) < 255)
			channels = 4;
	}
	for (size_t i = 0; i < n; i++, out += channels) {
		const struct cell *cell = &shrink->cells[i];

		for (int c = 0; c < 3; c++)
			out[c] = mean(cell->colour[c], cell->alpha);
		if (channels == 4)
			out[3] = mean(cell->alpha, cell->count);
	}
	return channels;
}

struct writer {
	png_structp png;
	png_infop info;
	struct thumbnail *out;
	size_t room;
	char *fault;
};

static void fail(png_structp png, png_const_charp text)
{
	struct writer *writer = png_get_error_ptr(png);

	snprintf(writer->fault, DECODE_FAULT_MAX, "%s", text);
	png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void put(png_structp png, png_bytep data, size_t size)
{
	struct writer *writer = png_get_io_ptr(png);
	struct thumbnail *out = writer->out;

	if (writer->room - out->size < size) {
		size_t room = (out->size + size) * 2;
		uint8_t *larger = realloc(out->png, room);

		if (!larger)
			png_error(png, "there is no memory for it");
		out->png = larger;
		writer->room = room;
	}
	memcpy(out->png + out->size, data, size);
	out->size += size;
}

static void flush(png_structp png)
{
	(void)png;
}

static bool run(struct writer *writer, const struct shrink *shrink,
		const uint8_t *pixels, unsigned channels)
{
	png_structp png = writer->png;
	size_t stride = (size_t)shrink->small_width * channels;

	if (setjmp(png_jmpbuf(png)))
		return false;
	png_set_write_fn(png, writer, put, flush);
	png_set_IHDR(png, writer->info, shrink->small_width,
		     shrink->small_height, 8,
		     channels == 4 ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB,
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		     PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, writer->info);
	for (uint32_t y = 0; y < shrink->small_height; y++)
		png_write_row(png, pixels + y * stride);
	png_write_end(png, NULL);
	return true;
}

static bool encode(struct thumbnail *thumbnail, const struct shrink *shrink,
		   char fault[DECODE_FAULT_MAX])
{
	size_t n = (size_t)shrink->small_width * shrink->small_height;
	struct writer writer = { .out = thumbnail, .fault = fault };
	uint8_t *pixels = malloc(n * 4);
	bool good = false;

	snprintf(fault, DECODE_FAULT_MAX, "there is no memory for it");
	writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer,
					     fail, ignore);
	if (writer.png)
		writer.info = png_create_info_struct(writer.png);
	if (writer.info && pixels)
		good = run(&writer, shrink, pixels, settle(shrink, pixels));
	png_destroy_write_struct(&writer.png, &writer.info);
	free(pixels);
	if (good)
		fault[0] = '\0';
	return good;
}

bool thumbnail_make(struct thumbnail *thumbnail, int fd, uint32_t width,
		    uint32_t height, char fault[DECODE_FAULT_MAX])
{
	struct shrink shrink = { .box_width = width, .box_height = height };
	struct decode_sink sink = { &shrink, begin, add_row };
	struct facts facts;
	bool good;

	*thumbnail = (struct thumbnail){ 0 };
	if (width == 0 || width > THUMBNAIL_SIDE_MAX ||
	    height == 0 || height > THUMBNAIL_SIDE_MAX) {
		snprintf(fault, DECODE_FAULT_MAX,
			 "a thumbnail is 1 to %u pixels wide and high",
			 THUMBNAIL_SIDE_MAX);
		return false;
	}
	good = decode(fd, &facts, &sink, fault) &&
	       encode(thumbnail, &shrink, fault);
	free(shrink.cells);
	if (!good)
		thumbnail_deinit(thumbnail);
	return good;
}

void thumbnail_deinit(struct thumbnail *thumbnail)
{
	free(thumbnail->png);
	*thumbnail = (struct thumbnail){ 0 };
}
