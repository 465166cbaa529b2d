/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "machine.h"

#include <sys/mman.h>
#include <unistd.h>

#include "../base/fd.h"
#include "../base/text.h"
#include "confine_userns.h"
#include "linux.h"
#include "say.h"

/* What each level of Landlock has brought; 7 is about its own log. */
static const struct {
	unsigned abi;
	const char *against;
} landlock_levels[] = {
	{ 2, "moving files between folders" },
	{ 3, "cutting files" },
	{ 4, "TCP" },
	{ 5, "ioctl on devices" },
	{ 6, "abstract sockets, signals to others" },
};
#define N_LEVELS (sizeof(landlock_levels) / sizeof(landlock_levels[0]))

static bool said_by_rootless(int layer)
{
	return layer == LAYER_UID && rootless();
}

static void say_rootless(void)
{
	if (rootless())
		say("without root: all programs have your uid %u and groups (no "
		    "own-uid), share what Linux counts by user, and have no "
		    "control groups (no cgroup); all else is as with root",
		    getuid());
}

static void say_layers(const struct machine *machine)
{
	char buffer[512];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	for (int layer = 0; layer < LAYER_CGROUP; layer++)	/* if asked for */
		if (!(machine->layers >> layer & 1) && !said_by_rootless(layer))
			text_add(&text, "%s%s", text.used ? ", " : "",
				 confine_layer_name((enum confine_layer)layer));
	if (text.used)
		say("weaker than it could be, this machine lacks: %s", buffer);
}

static void say_landlock(unsigned abi)
{
	char buffer[256];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	for (size_t i = 0; i < N_LEVELS; i++)
		if (landlock_levels[i].abi > abi)
			text_add(&text, "%s%s (%u)", text.used ? ", " : "",
				 landlock_levels[i].against,
				 landlock_levels[i].abi);
	/* Without any it is a layer that is missing, and said. */
	if (abi > 0 && text.used)
		say("Landlock has level %u here, and nothing against: %s", abi,
		    buffer);
}

static bool can_seal_modes(void)
{
	int fd = memfd_create("seal", MFD_CLOEXEC | MFD_EXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void say_others(const struct machine *machine)
{
	if (!machine->mdwe)
		say("this Linux has no PR_SET_MDWE (6.3): writable code is "
		    "refused by the system-call filters alone");
	if (!fd_can_refuse_rights())
		say("this Linux has no SO_PASSRIGHTS (6.16): descriptors that "
		    "nobody asked for are refused by dkd alone");
	if (!can_seal_modes())
		say("this Linux has no F_SEAL_EXEC (6.3): the modes of sealed "
		    "copies are kept by their owner alone");
}

void machine_say_missing(const struct machine *machine)
{
	say_rootless();
	say_layers(machine);
	say_landlock(machine->landlock_abi);
	say_others(machine);
}
