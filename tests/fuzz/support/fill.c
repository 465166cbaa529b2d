/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "fill.h"

#include <string.h>

#include "../../../kernel/abi/wire.h"
#include "../../unit/support/suite.h"

static void put_u32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void fill_chunk(struct fill *fill, const struct layout_type *type,
		       uint8_t *place)
{
	uint32_t unit = 1, align = 1, offset, n;

	put_u32(place, (uint32_t)suite_random(fill->seed));
	put_u32(place + 4, 0);
	if (type->kind == LAYOUT_SEQUENCE) {
		unit = fill->layout->types[type->first].size;
		align = fill->layout->types[type->first].align;
	}
	offset = (fill->arena_size + align - 1) / align * align;
	n = suite_below(fill->seed, type->count < 8 ? type->count + 1 : 8);
	if (n == 0 || offset >= fill->arena_max ||
	    n > (fill->arena_max - offset) / unit)
		return;
	put_u32(place, offset);
	put_u32(place + 4, n * unit);
	fill->arena_size = offset + n * unit;
	if (type->kind != LAYOUT_SEQUENCE)
		memset(fill->arena + offset, 'a', n);
	if (type->kind == LAYOUT_STRING)
		fill->arena[offset + n - 1] = 0;
	for (uint32_t i = 0; type->kind == LAYOUT_SEQUENCE && i < n; i++)
		fill_type(fill, type->first, fill->arena + offset + i * unit);
}

void fill_type(struct fill *fill, uint32_t index, uint8_t *place)
{
	const struct layout_type *type = &fill->layout->types[index];
	const struct layout_field *fields = &fill->layout->fields[type->first];
	uint64_t number;
	uint32_t tag;

	if (fill->steps == 0)
		return;
	fill->steps--;
	switch (type->kind) {
	case LAYOUT_SCALAR:
		number = suite_below(fill->seed, 3) ?
			 suite_below(fill->seed, 600) : suite_random(fill->seed);
		memcpy(place, &number, type->size);
		break;
	case LAYOUT_HANDLE:
		put_u32(place, suite_below(fill->seed, 4) ? fill->n_handles++ :
			WIRE_NO_HANDLE);
		break;
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
	case LAYOUT_SEQUENCE:
		fill_chunk(fill, type, place);
		break;
	case LAYOUT_ARRAY:
		for (uint32_t i = 0; i < type->count && fill->steps; i++)
			fill_type(fill, type->first, place +
				  (size_t)i * fill->layout->types[type->first].size);
		break;
	case LAYOUT_STRUCT:
		for (uint32_t i = 0; i < type->count && fill->steps; i++)
			fill_type(fill, fields[i].type, place + fields[i].offset);
		break;
	case LAYOUT_UNION:
		tag = suite_below(fill->seed, type->count);
		put_u32(place, tag);
		fill_type(fill, fields[tag].type, place + fields[tag].offset);
		break;
	}
}

void fill_spoil(uint64_t *seed, uint8_t *bytes, size_t n)
{
	static const uint32_t words[] = {
		0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 24, 32, 64, 255, 256, 65535,
		65536, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000,
		0xc0000000, 0xfffffff8, 0xffffffff,
	};

	for (uint32_t i = suite_below(seed, 3); i < 3 && n >= 4; i++) {
		uint8_t *at = bytes + suite_below(seed, (uint32_t)(n / 4)) * 4;
		uint32_t word;

		memcpy(&word, at, sizeof(word));
		switch (suite_below(seed, 4)) {
		case 0:
			word = words[suite_below(seed, SUITE_LENGTH(words))];
			break;
		case 1:
			word += (suite_below(seed, 2) ? 1u : UINT32_MAX) <<
				suite_below(seed, 5);
			break;
		case 2:
			word ^= UINT32_C(1) << suite_below(seed, 32);
			break;
		case 3:		/* another one of them */
			memcpy(&word, bytes + suite_below(seed,
					(uint32_t)(n / 4)) * 4, sizeof(word));
			break;
		}
		put_u32(at, word);
	}
}
