/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What every target is made of. A target is one file with
 * LLVMFuzzerTestOneInput, and with a mutator of its own where plain bytes would
 * never get past the first check.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls, and what it offers. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Something that must hold whatever the input is; else a finding. */
#define FUZZ_CHECK(condition) \
	((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* Memory of which exactly the bytes asked for may be touched. */
struct place {
	uint8_t *map;
	size_t size;		/* before the page that must not be touched */
};

void place_init(struct place *place, size_t size_max);
/* N bytes of it, 8-aligned, filled from BYTES (NULL: left as they are). */
uint8_t *place_put(struct place *place, const void *bytes, size_t n);

/* The number that the next descriptor would get: the same before and after. */
int fuzz_next_fd(void);

/* SIZE bytes and a zero, that a terminal shall not obey. */
void fuzz_check_clean(const char *text, size_t size);

/* The input, taken from its head; zeroes once it is used up. */
struct input {
	const uint8_t *data;
	size_t size;
};

void input_take(struct input *input, void *to, size_t n);
uint8_t input_byte(struct input *input);
/* The next N bytes, or what is left of them: .size of the result. */
struct input input_part(struct input *input, size_t n);

#endif
