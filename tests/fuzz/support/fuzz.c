/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "fuzz.h"

#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

_Noreturn void fuzz_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

void place_init(struct place *place, size_t size_max)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	place->size = (size_max + page - 1) / page * page;
	place->map = mmap(NULL, place->size + page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	FUZZ_CHECK(place->map != MAP_FAILED);
	FUZZ_CHECK(mprotect(place->map + place->size, page, PROT_NONE) == 0);
}

uint8_t *place_put(struct place *place, const void *bytes, size_t n)
{
	uint8_t *at = place->map + place->size - (n + 7) / 8 * 8;

	FUZZ_CHECK(n <= place->size);
	ASAN_POISON_MEMORY_REGION(place->map, place->size);
	ASAN_UNPOISON_MEMORY_REGION(at, n);
	if (bytes && n > 0)
		memcpy(at, bytes, n);
	return at;
}

int fuzz_next_fd(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	FUZZ_CHECK(fd >= 0);
	close(fd);
	return fd;
}

void input_take(struct input *input, void *to, size_t n)
{
	struct input part = input_part(input, n);

	memset(to, 0, n);
	if (part.size > 0)
		memcpy(to, part.data, part.size);
}

uint8_t input_byte(struct input *input)
{
	uint8_t byte;

	input_take(input, &byte, 1);
	return byte;
}

struct input input_part(struct input *input, size_t n)
{
	struct input part = { input->data, n < input->size ? n : input->size };

	input->data += part.size;
	input->size -= part.size;
	return part;
}

void fuzz_check_clean(const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;

	for (size_t i = 0; i < size; i++)
		FUZZ_CHECK((at[i] >= 0x20 || at[i] == '\n' || at[i] == '\t') &&
			   at[i] != 0x7f && !(at[i] == 0xc2 &&
					      at[i + 1] < 0xa0));
}
