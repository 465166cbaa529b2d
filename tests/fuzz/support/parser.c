/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "parser.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../policy/image/build.h"

#define DUMP_SIZE_MAX (256u << 10)

#define SOLUTION "tests/fuzz/solution"

static char folder[4096];	/* with the input in place of one file */
static char path[4200], outdir[4200], policy[4200], start[4200];
static const char *include[] = {
	folder, SOLUTION, "tests/golden/psl", "tests/golden/psl/idl",
	"tests/golden/xdl/good", "tests/golden/xdl/bad", "apps/picture",
	"apps/ping", "policy/std",
};
static bool is_xdl;
static int fd;
static FILE *null;

static void clean_up(void)
{
	char *slash = strrchr(path, '/');

	unlink(path);
	*slash = '\0';
	rmdir(path);		/* "fuzz", or the folder itself */
	rmdir(folder);
}

void parser_init(const char *file)
{
	const char *tmp = getenv("TMPDIR"), *dot = strrchr(file, '.');

	FUZZ_CHECK(access(SOLUTION, R_OK) == 0);
	tmp = tmp ? tmp : "/tmp";
	snprintf(folder, sizeof(folder), "%s/fuzz.XXXXXX", tmp);
	FUZZ_CHECK(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/fuzz", folder);
	if (strchr(file, '/'))
		FUZZ_CHECK(mkdir(path, 0700) == 0);
	snprintf(path, sizeof(path), "%s/%s", folder, file);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FUZZ_CHECK(fd >= 0);
	atexit(clean_up);

	/* The headers of one input are as good as those of the next. */
	snprintf(outdir, sizeof(outdir), "%s/fuzz.headers", tmp);
	is_xdl = !strcmp(dot + 1, "idl") || !strcmp(dot + 1, "edl") ||
		 !strcmp(dot + 1, "cdl");
	snprintf(policy, sizeof(policy), "%s", !strcmp(dot, ".psl") ? path :
		 !strcmp(dot, ".yaml") ? "tests/golden/init/solution.psl" :
		 SOLUTION "/security.psl");
	snprintf(start, sizeof(start), "%s", !strcmp(dot, ".yaml") ? path :
		 !strcmp(dot, ".psl") ? "" : SOLUTION "/init.yaml");
	null = fopen("/dev/null", "we");
	FUZZ_CHECK(null);
}

struct run {
	struct arena *arena;
	struct diags *diags;
	struct sources sources;
	struct xdl *xdl;
};

static void begin(struct run *run)
{
	run->arena = arena_new();
	run->diags = diags_new(run->arena);
	run->sources = (struct sources){
		.arena = run->arena, .dirs = include,
		.n_dirs = sizeof(include) / sizeof(include[0]),
	};
	run->xdl = xdl_new(run->arena, &run->sources, run->diags);
}

/* Whether a line of TEXT begins with WORDS: in a way that libFuzzer cannot see,
   lest it writes them into a source, which is shown in the text. */
__attribute__((no_sanitize("coverage")))
static bool has_line(const char *text, const char *words)
{
	for (const char *at = text; *at; at++) {
		size_t n = 0;

		if (at > text && at[-1] != '\n')
			continue;
		while (words[n] && at[n] == words[n])
			n++;
		if (!words[n])
			return true;
	}
	return false;
}

/* Says all that there is to say. Returns the number of errors. */
static size_t end(struct run *run)
{
	size_t size, n;
	char *text;
	FILE *to = open_memstream(&text, &size);

	FUZZ_CHECK(to);
	n = diags_print(run->diags, to, 0);
	fclose(to);
	FUZZ_CHECK(n == diags_errors(run->diags));
	FUZZ_CHECK(!has_line(text, "dkc: error: the compiler made"));
	fuzz_check_clean(text, size);
	free(text);
	arena_free(run->arena);
	return n;
}

static size_t make_headers(void)
{
	const char *file = path;
	struct run run;
	size_t n;
	bool good;

	begin(&run);
	good = xdl_emit(run.xdl, &file, 1, outdir);
	n = end(&run);
	FUZZ_CHECK(good == (n == 0));
	return n;
}

/* The image, on the heap; NULL after errors. */
static void *make_image(size_t *size)
{
	const struct init *init = NULL;
	const struct psl *psl;
	const void *made = NULL;
	struct image_fault fault;
	struct image image;
	struct run run;
	void *copy = NULL;
	size_t n;

	begin(&run);
	psl = psl_read(run.arena, &run.sources, run.xdl, run.diags, policy);
	if (*start)
		init = init_read(run.arena, &run.sources, run.diags, psl, start);
	if (psl && (init || !*start))
		made = image_build(run.arena, run.diags, psl, init,
				   "policy/std", size);
	if (made) {
		FUZZ_CHECK(*size % 8 == 0 && *size <= IMAGE_SIZE_MAX);
		copy = malloc(*size);
		FUZZ_CHECK(copy);
		memcpy(copy, made, *size);
	}
	n = end(&run);
	FUZZ_CHECK((copy != NULL) == (n == 0));
	if (copy) {
		FUZZ_CHECK(image_load(&image, copy, *size, &fault));
		/* Some hundred bytes of components can make 65536 endpoints,
		   whose routes take seconds to write: as slow, and no fault. */
		if (*size <= DUMP_SIZE_MAX)
			image_dump(&image, null);
	}
	return copy;
}

void parser_run(const uint8_t *data, size_t size)
{
	size_t n = 0, first_size, second_size;
	void *first, *second;

	FUZZ_CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
	FUZZ_CHECK(ftruncate(fd, (off_t)size) == 0);
	if (is_xdl)
		n = make_headers();
	/* A source with errors, once in a while: a policy must bear it. */
	if (n > 0 && size % 4 != 0)
		return;
	first = make_image(&first_size);
	if (first) {
		second = make_image(&second_size);
		FUZZ_CHECK(second && first_size == second_size &&
			   !memcmp(first, second, first_size));
		free(second);
	}
	free(first);
}
