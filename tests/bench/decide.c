/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * decide IMAGE CLIENTS SERVERS METHODS LOOKUPS DELAY_NS: asks the engine about
 * random requests of the policy that tests/bench/rules made, with a trace, each
 * look-up chosen by the answer of the one before it; prints "sample MEDIAN P99"
 * of the time of 1000, which is what a clock can tell apart. A batch that only
 * chooses is timed in turn with each, and taken off.
 * decide stateful IMAGE LOOKUPS DELAY_NS: the same of tests/bench/stateful.psl.
 * decide load IMAGE N: the time to check the image and prove it.
 */
#include <stdbool.h>
#include <string.h>

#include "../../kernel/security/decide.h"
#include "sample.h"

#define BATCH		1000u
#define CLASSES_MAX	256u
#define PROCESSES	16u

static struct sample sample;
static struct image image;
static struct security_state state;
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

/* Class NAME, followed by the number unless it is IMAGE_NONE. */
static uint32_t find_class(const char *name, uint32_t number)
{
	char text[32];
	uint32_t class;

	snprintf(text, sizeof(text), number == IMAGE_NONE ? "%s" : "%s%u", name,
		 number);
	class = image_find_class(&image, text);
	if (class == IMAGE_NONE) {
		fprintf(stderr, "decide: no class %s\n", text);
		exit(1);
	}
	return class;
}

/* One of 0 .. n-1, by 16 of X's bits. */
static inline uint32_t pick(uint64_t x, unsigned bits, uint32_t n)
{
	return (uint32_t)(((x >> bits) & 0xffff) * n >> 16);
}

struct chooser {
	uint64_t x;
	uint32_t n_clients, n_servers, n_methods;
};

typedef void choose_fn(const struct chooser *chooser, struct event *event);

static inline void choose_pair(const struct chooser *chooser,
			       struct event *event)
{
	event->src_class = clients[pick(chooser->x, 48, chooser->n_clients)];
	event->dst_class = servers[pick(chooser->x, 32, chooser->n_servers)];
	event->slot = pick(chooser->x, 16, chooser->n_methods);
}

/* Some process asks to open, read or close one of eight files: mostly to read. */
static inline void choose_file(const struct chooser *chooser,
			       struct event *event)
{
	static const uint32_t slots[8] = { 0, 1, 1, 1, 1, 1, 1, 2 };
	static _Alignas(8) uint32_t file[2];

	event->src_class = clients[0];
	event->dst_class = servers[0];
	event->src_sid = SID_FIRST + pick(chooser->x, 48, PROCESSES);
	event->slot = slots[pick(chooser->x, 16, 8)];
	file[0] = pick(chooser->x, 32, 8);
	event->message.fixed = (const uint8_t *)file;
	event->message.fixed_size = sizeof(file);
}

static inline void go_on(struct chooser *chooser, uint32_t answer)
{
	chooser->x = (chooser->x + answer) * UINT64_C(6364136223846793005) + 1;
}

/* The time of BATCH choices, with nobody asked. */
static inline __attribute__((always_inline)) uint64_t
choose_only(struct chooser *chooser, choose_fn *choose)
{
	struct event event = { .kind = EVENT_REQUEST };
	uint64_t begun = sample_now();

	for (uint32_t i = 0; i < BATCH; i++) {
		choose(chooser, &event);
		__asm__ volatile("" : : "r"(&event) : "memory");
		go_on(chooser, chooser->x >> 63);
	}
	return sample_now() - begun;
}

static void load_times(const void *bytes, size_t size, uint32_t n)
{
	struct image_fault fault;

	while (sample.i < n) {
		sample_begin(&sample);
		if (!image_load(&image, bytes, size, &fault)) {
			fprintf(stderr, "decide: %s\n", fault.what);
			exit(1);
		}
		sample_end(&sample);
	}
	sample_print(&sample);
}

/* BATCH decisions; how many of them were grants. */
static inline __attribute__((always_inline)) uint32_t
decide_batch(struct chooser *chooser, choose_fn *choose)
{
	static struct trace trace;
	struct event event = { .kind = EVENT_REQUEST, .src_sid = 3,
			       .dst_sid = 4 };
	uint32_t n_granted = 0;

	for (uint32_t i = 0; i < BATCH; i++) {
		enum verdict verdict;

		choose(chooser, &event);
		verdict = decide(&image, &state, &event, &trace);
		n_granted += verdict == VERDICT_GRANT;
		go_on(chooser, verdict);
	}
	return n_granted;
}

/* CHOOSE is a constant, so that what is called is no more than decide. */
static inline __attribute__((always_inline)) int
decide_times(struct chooser *chooser, choose_fn *choose, uint32_t delay_ns)
{
	struct chooser other = *chooser;
	uint64_t n_granted = 0;

	while (sample.i < sample.n) {
		uint64_t choosing = choose_only(&other, choose);

		sample_begin(&sample);
		n_granted += decide_batch(chooser, choose);
		sample_delay(delay_ns * BATCH / 1000);
		sample_end(&sample);
		sample_less(&sample, choosing);
	}
	/* A policy that grants nothing, or all, is another one than was meant. */
	if (n_granted == 0 || n_granted == (uint64_t)sample.n * BATCH) {
		fprintf(stderr, "decide: %llu granted\n",
			(unsigned long long)n_granted);
		return 1;
	}
	sample_print(&sample);
	return 0;
}

/* decide IMAGE CLIENTS SERVERS METHODS LOOKUPS DELAY_NS */
static int decide_pairs(char **argv)
{
	struct chooser chooser = { .x = 1 };

	chooser.n_clients = sample_number(argv[2], CLASSES_MAX);
	chooser.n_servers = sample_number(argv[3], CLASSES_MAX);
	chooser.n_methods = sample_number(argv[4], 1000);
	sample.n = sample_number(argv[5], SAMPLE_MAX * BATCH) / BATCH;
	for (uint32_t i = 0; i < chooser.n_clients; i++)
		clients[i] = find_class("rules.C", i);
	for (uint32_t i = 0; i < chooser.n_servers; i++)
		servers[i] = find_class("rules.S", i);
	return decide_times(&chooser, choose_pair,
			    sample_number(argv[6], 1000000));
}

/* decide stateful IMAGE LOOKUPS DELAY_NS */
static int decide_files(char **argv)
{
	struct event start = { .kind = EVENT_EXECUTE, .src_sid = SID_EINIT };
	struct chooser chooser = { .x = 1 };

	sample.n = sample_number(argv[3], SAMPLE_MAX * BATCH) / BATCH;
	clients[0] = start.dst_class = find_class("bench.Client", IMAGE_NONE);
	servers[0] = find_class("bench.Store", IMAGE_NONE);
	for (uint32_t i = 0; i < PROCESSES; i++) {
		start.dst_sid = SID_FIRST + i;
		if (decide(&image, &state, &start, NULL) != VERDICT_GRANT) {
			fprintf(stderr, "decide: a start was denied\n");
			return 1;
		}
	}
	return decide_times(&chooser, choose_file,
			    sample_number(argv[4], 1000000));
}

int main(int argc, char **argv)
{
	bool load = argc == 4 && strcmp(argv[1], "load") == 0;
	bool files = argc == 5 && strcmp(argv[1], "stateful") == 0;
	struct image_fault fault;
	int failed = 0;
	size_t size;
	void *bytes, *words;

	if (argc != 7 && !load && !files)
		return 2;
	bytes = read_file(argv[load || files ? 2 : 1], &size);
	if (!image_load(&image, bytes, size, &fault)) {
		fprintf(stderr, "decide: %s\n", fault.what);
		return 1;
	}
	words = malloc(security_state_size(&image) + 1);
	if (!words)
		return 1;
	security_state_init(&image, &state, words);
	if (load)
		load_times(bytes, size, sample_number(argv[3], SAMPLE_MAX));
	else
		failed = files ? decide_files(argv) : decide_pairs(argv);
	free(words);
	free(bytes);
	return failed;
}
