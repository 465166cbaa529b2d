/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * decide IMAGE CLIENTS SERVERS METHODS LOOKUPS DELAY_NS: asks the engine about random requests
 * of the policy that tests/bench/rules made, with a trace, each look-up chosen by
 * the answer of the one before it; prints "sample MEDIAN P99" of the time of one,
 * over batches of 1000, which is what a clock can tell apart.
 */
#include <string.h>

#include "../../kernel/security/decide.h"
#include "sample.h"

#define BATCH		1000u
#define CLASSES_MAX	256u

static struct sample sample;
static struct image image;
static uint32_t clients[CLASSES_MAX], servers[CLASSES_MAX];

static void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *bytes = NULL;
	long n = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		n = ftell(file);
	if (n > 0)
		bytes = malloc((size_t)n);
	if (!bytes || fseek(file, 0, SEEK_SET) != 0 ||
	    fread(bytes, 1, (size_t)n, file) != (size_t)n) {
		fprintf(stderr, "decide: %s cannot be read\n", path);
		exit(1);
	}
	fclose(file);
	*size = (size_t)n;
	return bytes;
}

static void find_classes(uint32_t *classes, uint32_t n, const char *letter)
{
	for (uint32_t i = 0; i < n; i++) {
		char name[32];

		snprintf(name, sizeof(name), "rules.%s%u", letter, i);
		classes[i] = image_find_class(&image, name);
		if (classes[i] == IMAGE_NONE) {
			fprintf(stderr, "decide: no class %s\n", name);
			exit(1);
		}
	}
}

/* One of 0 .. n-1, by 16 of X's bits. */
static inline uint32_t pick(uint64_t x, unsigned bits, uint32_t n)
{
	return (uint32_t)(((x >> bits) & 0xffff) * n >> 16);
}

int main(int argc, char **argv)
{
	struct security_state state = { 0 };
	struct event event = { .kind = EVENT_REQUEST, .src_sid = 3,
			       .dst_sid = 4 };
	uint32_t n_clients, n_servers, n_methods, delay_ns;
	static struct trace trace;
	struct image_fault fault;
	uint64_t x = 1, n_granted = 0;
	size_t size;
	void *bytes;

	if (argc != 7)
		return 2;
	bytes = read_file(argv[1], &size);
	n_clients = sample_number(argv[2], CLASSES_MAX);
	n_servers = sample_number(argv[3], CLASSES_MAX);
	n_methods = sample_number(argv[4], 1000);
	sample.n = sample_number(argv[5], SAMPLE_MAX * BATCH) / BATCH;
	delay_ns = sample_number(argv[6], 1000000);
	if (!image_load(&image, bytes, size, &fault)) {
		fprintf(stderr, "decide: %s\n", fault.what);
		return 1;
	}
	find_classes(clients, n_clients, "C");
	find_classes(servers, n_servers, "S");
	while (sample.i < sample.n) {
		sample_begin(&sample);
		for (uint32_t i = 0; i < BATCH; i++) {
			enum verdict verdict;

			event.src_class = clients[pick(x, 48, n_clients)];
			event.dst_class = servers[pick(x, 32, n_servers)];
			event.slot = pick(x, 16, n_methods);
			verdict = decide(&image, &state, &event, &trace);
			n_granted += verdict == VERDICT_GRANT;
			x = (x + verdict) *
			    UINT64_C(6364136223846793005) + 1;
		}
		sample_delay(delay_ns * BATCH / 1000);
		sample_end(&sample);
	}
	/* A policy that grants nothing, or all, is another one than was meant. */
	if (n_granted == 0 || n_granted == (uint64_t)sample.n * BATCH) {
		fprintf(stderr, "decide: %llu granted\n",
			(unsigned long long)n_granted);
		return 1;
	}
	sample_print(&sample);
	free(bytes);
	return 0;
}
