/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The image of a solution: copied, so that it cannot change, and proved. */
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"
#include "sealed.h"

static enum dkd_exit out_of(const char *what, int error)
{
	say("the machine has no %s left: %s", what, strerror(error));
	return DKD_MACHINE;
}

static const char *const section_names[SECTION_N + 1] = {
	[SECTION_STRINGS] = "strings", [SECTION_CLASSES] = "classes",
	[SECTION_ENDPOINTS] = "endpoints", [SECTION_INTERFACES] = "interfaces",
	[SECTION_METHODS] = "methods", [SECTION_TYPES] = "types",
	[SECTION_FIELDS] = "fields", [SECTION_PAIRS] = "pairs",
	[SECTION_CELLS] = "cells", [SECTION_ACTIONS] = "actions",
	[SECTION_ACTION_CALLS] = "calls of actions", [SECTION_CALLS] = "calls",
	[SECTION_RULES] = "rules",
	[SECTION_CODE] = "code", [SECTION_NUMBERS] = "numbers",
	[SECTION_TASKS] = "tasks", [SECTION_CHANNELS] = "channels",
	[SECTION_LISTS] = "lists", [SECTION_BINDINGS] = "bindings",
	[SECTION_SELECTORS] = "selectors",
	[SECTION_DFAS] = "patterns", [SECTION_DFA_STATES] = "states",
	[SECTION_USERS] = "users", [SECTION_OBJECTS] = "objects",
	[SECTION_OBJECT_WORDS] = "object words",
	[SECTION_LEVELS] = "audit levels",
	[SECTION_AUDITS] = "audit profiles",
	[SECTION_OMITS] = "states without a record",
	[SECTION_N] = "header",
};

enum dkd_exit solution_map(struct image *image, void **bytes, size_t *size,
			   int image_fd, const char *path)
{
	struct image_fault fault = { .what = "", .section = SECTION_N };
	struct stat st;

	if (fstat(image_fd, &st) < 0)
		return out_of("descriptor", errno);
	*size = (size_t)st.st_size;
	*bytes = mmap(NULL, *size ? *size : 1, PROT_READ, MAP_PRIVATE, image_fd,
		      0);
	if (*bytes == MAP_FAILED) {
		*bytes = NULL;
		return out_of("memory", errno);
	}
	if (image_load(image, *bytes, *size, &fault))
		return DKD_OK;
	if (fault.section >= SECTION_N)
		say("%s: is no sound image: %s: build it again with dkc", path,
		    fault.what);
	else
		say("%s: is no sound image: %s (%s, number %u): build it again "
		    "with dkc", path, fault.what, section_names[fault.section],
		    fault.index);
	munmap(*bytes, *size);
	*bytes = NULL;
	return DKD_IMAGE;
}

enum dkd_exit solution_copy_image(int *copy, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 || fstat(fd, &st) < 0) {
		say("%s: the image cannot be read: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return DKD_IMAGE;
	}
	if (!S_ISREG(st.st_mode) || st.st_size == 0
	    || st.st_size > (off_t)IMAGE_SIZE_MAX) {
		say("%s: is no image: %s", path,
		    !S_ISREG(st.st_mode) ? "it is not a regular file"
		    : st.st_size == 0 ? "it is empty" : "it is too large");
		close(fd);
		return DKD_IMAGE;
	}
	*copy = sealed_copy(fd, (size_t)st.st_size, "dk image", 0444);
	close(fd);
	if (*copy == -EFBIG) {
		say("%s: changed while it was read: start again", path);
		return DKD_IMAGE;
	}
	return *copy < 0 ? out_of("memory", -*copy) : DKD_OK;
}
