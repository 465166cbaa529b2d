/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "monitor.h"

#include <assert.h>
#include <stddef.h>

#include "../abi/image.h"

static const char *const steps[] = {
	[STEP_NONE] = "nothing",
	[STEP_OPEN] = "opening what it is given",
	[STEP_CLONE] = "making the process",
	[STEP_SESSION] = "a session of its own",
	[STEP_MOUNTS] = "its tree of mounts",
	[STEP_PIVOT] = "its own root",
	[STEP_CGROUP] = "a control group of its own",
	[STEP_RLIMITS] = "resource limits",
	[STEP_KEYRING] = "a keyring of its own",
	[STEP_UID] = "its own user id",
	[STEP_PDEATHSIG] = "dying with the launcher",
	[STEP_CAPS] = "dropping capabilities",
	[STEP_MDWE] = "no writable code",
	[STEP_NO_NEW_PRIVS] = "no new privileges",
	[STEP_LANDLOCK] = "Landlock",
	[STEP_FDS] = "its descriptors",
	[STEP_SECCOMP] = "the system-call filter",
	[STEP_PROBE] = "the probes of its layers",
	[STEP_EXEC] = "running the executable",
};
static_assert(sizeof(steps) / sizeof(steps[0]) == STEP_N, "a name each");

static const char *const layers[] = {
	[LAYER_PID_NS] = "pid-namespace",
	[LAYER_MOUNT_NS] = "mount-namespace",
	[LAYER_NET_NS] = "net-namespace",
	[LAYER_IPC_NS] = "ipc-namespace",
	[LAYER_UTS_NS] = "uts-namespace",
	[LAYER_CGROUP_NS] = "cgroup-namespace",
	[LAYER_ROOT] = "own-root",
	[LAYER_UID] = "own-uid",
	[LAYER_CAPS] = "no-capabilities",
	[LAYER_NO_NEW_PRIVS] = "no-new-privileges",
	[LAYER_LANDLOCK] = "landlock",
	[LAYER_SECCOMP] = "seccomp",
	[LAYER_RLIMITS] = "limits",
	[LAYER_KEYRING] = "own-keyring",
	[LAYER_MDWE] = "no-writable-code",
	[LAYER_NO_DUMP] = "no-dump",
	[LAYER_EXEC_ONCE] = "exec-once",
	[LAYER_CGROUP] = "cgroup",
};
static_assert(sizeof(layers) / sizeof(layers[0]) == LAYER_N, "a name each");

const char *confine_step_name(enum confine_step step)
{
	if ((unsigned)step >= STEP_N)
		return "an unknown step";
	return steps[step];
}

const char *confine_layer_name(enum confine_layer layer)
{
	if ((unsigned)layer >= LAYER_N)
		return "unknown";
	return layers[layer];
}

uint32_t confine_layer_option(enum confine_layer layer)
{
	return layer == LAYER_LANDLOCK ? TASK_LANDLOCK :
	       layer == LAYER_NO_DUMP ? TASK_NO_DUMP :
	       layer == LAYER_CGROUP ? TASK_CGROUP : 0;
}

const char *confine_layer_probe(enum confine_layer layer)
{
	static const char *const probes[LAYER_N] = {
		[LAYER_PID_NS] = "not the daemon's",
		[LAYER_MOUNT_NS] = "the machine's /proc is not there",
		[LAYER_NET_NS] = "not the daemon's",
		[LAYER_IPC_NS] = "not the daemon's",
		[LAYER_UTS_NS] = "not the daemon's",
		[LAYER_CGROUP_NS] = "not the daemon's",
		[LAYER_ROOT] = "not the machine's root",
		[LAYER_UID] = "uids, gids, groups read back",
		[LAYER_CAPS] = "sets empty, securebits locked",
		[LAYER_NO_NEW_PRIVS] = "flag read back",
		[LAYER_LANDLOCK] = "open of / is EACCES",
		[LAYER_SECCOMP] = "unlisted, i386 and x32 calls end it",
		[LAYER_RLIMITS] = "core, nofile, data read back",
		[LAYER_KEYRING] = "not the daemon's",
		[LAYER_MDWE] = "flag read back, or mprotect is EACCES",
		[LAYER_EXEC_ONCE] = "a second exec ends it",
		[LAYER_NO_DUMP] = "its executable cannot be read",
		[LAYER_CGROUP] = "its group lists it",
	};

	return (unsigned)layer < LAYER_N ? probes[layer] : "unknown";
}
