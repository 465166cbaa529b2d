/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the kernel and the name server do with what they are told, method by
 * method: their programs are ours, so it is known what they pass on. It holds
 * for their own classes only; who else offers such an interface is a program like
 * any other. A row for each method of std/kl/core; dk-psl(5) has the same table.
 */
#include <string.h>

#include "../image/walk.h"
#include "prove.h"

#define CM "kl.core.CM"
#define NS "kl.core.NS"
#define CONTROL "kl.core.Control"

static const struct summary summary[] = {
	{ CM, "Connect", CARRIES_NAMES, CARRIES_NAMES,
	  "the names of a server and an endpoint", "a status and a handle",
	  true },
	{ CM, "Listen", CARRIES_NAMES, CARRIES_NAMES,
	  "the name of an endpoint", "the names of a client and an endpoint",
	  true },
	{ CM, "Drop", CARRIES_NAMES, CARRIES_NAMES,
	  "the names of a client and an endpoint", "a status", true },
	{ CM, "Accept", CARRIES_NAMES, CARRIES_NAMES,
	  "the names of a client and an endpoint", "a status and a handle",
	  true },
	{ NS, "Publish", CARRIES_NAMES, CARRIES_NAMES,
	  "the names of an interface, a server and an endpoint", "a status",
	  true },
	{ NS, "UnPublish", CARRIES_NAMES, CARRIES_NAMES,
	  "the names of an interface, a server and an endpoint", "a status",
	  true },
	{ NS, "EnumServices", CARRIES_NAMES, CARRIES_NAMES,
	  "the name of an interface", "the names of a server and an endpoint",
	  true },
	{ CONTROL, "Ps", CARRIES_NOTHING, CARRIES_NAMES,
	  "nothing", "the names of tasks", false },
	{ CONTROL, "Channels", CARRIES_NOTHING, CARRIES_NAMES,
	  "nothing", "the names of who is connected", false },
	{ CONTROL, "Names", CARRIES_NOTHING, CARRIES_NAMES,
	  "nothing", "the names that are announced", false },
	{ CONTROL, "Audit", CARRIES_NOTHING, CARRIES_DATA,
	  "nothing", "records of what was decided", false },
	{ CONTROL, "Level", CARRIES_DATA, CARRIES_NOTHING,
	  "a level, which decides what is recorded", "nothing", false },
	{ CONTROL, "Spawn", CARRIES_NAMES, CARRIES_NAMES,
	  "the name of a task", "a status", false },
	{ CONTROL, "Stop", CARRIES_NOTHING, CARRIES_NOTHING,
	  "nothing", "nothing", false },
};

static const struct summary everything = {
	NULL, NULL, CARRIES_DATA, CARRIES_DATA, "anything: no summary has it",
	"anything: no summary has it", false,
};

const struct summary *summary_find(const struct image *image, uint32_t owner,
				   uint32_t slot)
{
	const char *class = image_string(image, image->classes[owner].name);
	const struct image_endpoint *endpoint =
		image_slot_endpoint(image, owner, slot);
	const char *interface, *path, *method;

	if ((owner != IMAGE_CLASS_CORE && strcmp(class, "kl.core.NameServer")) ||
	    !endpoint || !walk_slot(image, owner, slot, &path, &method))
		return NULL;
	interface = image_string(image,
				 image->interfaces[endpoint->interface].name);
	for (size_t i = 0; i < sizeof(summary) / sizeof(*summary); i++)
		if (!strcmp(summary[i].interface, interface) &&
		    !strcmp(summary[i].method, method))
			return &summary[i];
	return &everything;
}
