/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Which system calls an image permits to its programs. */
#ifndef DK_IMAGE_PERMITS_H
#define DK_IMAGE_PERMITS_H

#include <stdbool.h>

#include "../../kernel/security/image.h"
#include "../../kernel/security/syscalls.h"
#include "../front/arena.h"

struct permits {
	struct syscall_rule *rules;
	size_t n, capacity;
};

/* The rules for TASK, as the daemon makes them; of a Linux without MDWE if
   OLD. */
struct permits permits_of_task(struct arena *arena, const struct image *image,
			       const struct image_task *task, bool old);
/* What any program of the class may do, and nothing twice; by name. */
struct permits permits_of_class(struct arena *arena, const struct image *image,
				uint32_t class);
/* Whether PERMITS has a rule that answers all of RULE's calls as RULE does. */
bool permits_has(const struct permits *permits,
		 const struct syscall_rule *rule);
/* "futex where argument 2 is 0x81" */
const char *permits_text(struct arena *arena, const struct syscall_rule *rule);

#endif
