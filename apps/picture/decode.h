/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Reads one PNG file of unknown origin, row by row: no picture is ever held
 * whole, interlaced ones neither. What libpng says is wrong becomes a sentence;
 * nothing in here ends the program.
 */
#ifndef PICTURE_DECODE_H
#define PICTURE_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#define DECODE_FILE_MAX (UINT64_C(256) << 20)	/* bytes */
#define DECODE_SIDE_MAX 32768u			/* pixels */
#define DECODE_PIXELS_MAX (UINT64_C(100) << 20)
#define DECODE_FAULT_MAX 128u			/* bytes, terminator included */

struct facts {
	uint32_t width, height;		/* 0 until the header has been read */
	uint8_t colour_type;		/* as in the file: 0, 2, 3, 4 or 6 */
	uint8_t bit_depth;
	uint8_t interlaced;		/* 0 or 1 */
};

/*
 * Who wants the pixels. Begin may refuse (it has no memory). Row gets COUNT
 * pixels of 4 bytes, red green blue alpha, of line Y: those at X, X + STEP, ...
 * Lines come in any order, each pixel once.
 */
struct decode_sink {
	void *context;
	bool (*begin)(void *context, const struct facts *facts);
	void (*row)(void *context, uint32_t y, uint32_t x, uint32_t step,
		    uint32_t count, const uint8_t *rgba);
};

/*
 * Decodes the file behind FD from its beginning. SINK may be NULL: then it is
 * only checked. Returns false with FAULT filled; FACTS holds what was read so
 * far either way.
 */
bool decode(int fd, struct facts *facts, const struct decode_sink *sink,
	    char fault[DECODE_FAULT_MAX]);

#endif
