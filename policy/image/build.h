/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The image of a policy and a start list, section by section. Nothing in it
 * depends on time, on where the compiler runs, or on the order of a hash table:
 * equal sources give equal bytes.
 */
#ifndef DK_IMAGE_BUILD_H
#define DK_IMAGE_BUILD_H

#include "../../kernel/security/image.h"
#include "../init/init.h"
#include "../psl/names.h"
#include "memo.h"

#define BUILD_DEADLINE_CAP_MS 60000u

struct build_section {
	void *data;
	size_t n, capacity;
};

struct build {
	struct arena *arena;
	struct diags *diags;
	const struct psl *psl;
	const char *share;		/* folder of the standard files */
	struct build_section sections[SECTION_N];
	struct names *strings;
	uint32_t *string_offsets;	/* by number in .strings */
	size_t n_offsets, offsets_capacity;
	struct memo types, interfaces, selectors, rules, programs, numbers,
		    dfas, lists, actions, blocks;
	struct image_class *classes;	/* flags are set by the routes */
	bool too_many;			/* rules of one event: was reported */
};

/* Index of the new element. */
uint32_t build_append(struct build *build, enum image_section_id section,
		      const void *element);
uint32_t build_string(struct build *build, const char *text);
uint32_t build_number(struct build *build, struct image_number number);

/* Each fills its sections; errors are in the diagnostics. */
void build_classes(struct build *build);	/* and endpoints, types */
void build_objects(struct build *build);
void build_audit(struct build *build);		/* levels, and of profiles */
/* calls.c: FIRST is the index of each binding's first call. */
void build_calls(struct build *build, uint32_t *first);
/* audit.c: the levels at which something of a call may be recorded when its event
   is granted, a bit each. */
uint32_t build_audited(const struct build *build, uint32_t call);
void build_routes(struct build *build, const uint32_t *first);
void build_tasks(struct build *build, const struct init *init);	/* or NULL */

/* syscalls.c: adds the names a task may call to LIST, sorted. */
void syscalls_list(struct arena *arena, const struct init_task *task,
		   bool handles, struct init_list *list);

/*
 * The whole: an image that image_load accepts, 8-aligned, SIZE bytes. NULL
 * after an error. INIT may be NULL. SHARE: see struct build.
 */
const void *image_build(struct arena *arena, struct diags *diags,
			const struct psl *psl, const struct init *init,
			const char *share, size_t *size);

/* write.c: all or nothing. 0 or -errno. */
int image_write(const char *path, const void *data, size_t size);

/* dump.c: prints a proved image as text. */
void image_dump(const struct image *image, FILE *to);

#endif
