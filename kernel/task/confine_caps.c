/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "raw.h"

static const cap_value_t launcher_needs[] = {
	CAP_SYS_ADMIN,	/* namespaces, mounts, pivot_root */
	CAP_SYS_CHROOT,	/* join a program's tree of mounts */
	CAP_SETUID,	/* the programs' own uids */
	CAP_SETGID,
	CAP_SETPCAP,	/* empty their bounding sets */
	CAP_KILL,	/* end them */
};
#define N_NEEDS ((int)(sizeof(launcher_needs) / sizeof(launcher_needs[0])))

#define BITS_LOCKED	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED \
			 | SECBIT_NO_SETUID_FIXUP \
			 | SECBIT_NO_SETUID_FIXUP_LOCKED \
			 | SECBIT_KEEP_CAPS_LOCKED \
			 | SECBIT_NO_CAP_AMBIENT_RAISE \
			 | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

static int needed(cap_value_t cap)
{
	for (int i = 0; i < N_NEEDS; i++)
		if (launcher_needs[i] == cap)
			return 1;
	return 0;
}

int caps_keep_launcher(void)
{
	cap_t caps;
	int r = 0;

	for (cap_value_t cap = 0; ; cap++) {
		if (needed(cap) || cap_drop_bound(cap) == 0)
			continue;
		if (errno != EINVAL)
			return -errno;
		if (cap_get_bound(cap) >= 0)	/* it is there, and stays */
			return -EINVAL;
		break;
	}
	if (cap_reset_ambient() < 0 && errno != EINVAL)
		return -errno;
	caps = cap_init();
	if (!caps)
		return -ENOMEM;
	if (cap_set_flag(caps, CAP_PERMITTED, N_NEEDS, launcher_needs, CAP_SET)
	    < 0
	    || cap_set_flag(caps, CAP_EFFECTIVE, N_NEEDS, launcher_needs,
			    CAP_SET) < 0
	    || cap_set_proc(caps) < 0)
		r = -errno;
	cap_free(caps);
	return r;
}

int caps_count(void)
{
	return cap_max_bits();
}

CHILD int caps_lock(int n)
{
	long r = 0;

	for (int cap = 0; cap < n && r == 0; cap++)
		r = RAW(SYS_prctl, PR_CAPBSET_DROP, cap);
	if (r == 0)
		r = RAW(SYS_prctl, PR_SET_SECUREBITS, BITS_LOCKED);
	return (int)r;
}

CHILD int caps_enter_uid(uint32_t uid)
{
	long r;

	r = RAW(SYS_setgroups, 0, 0);
	if (r == 0)
		r = RAW(SYS_setresgid, uid, uid, uid);
	if (r == 0)
		r = RAW(SYS_setresuid, uid, uid, uid);
	if (r < 0)
		return (int)r;
	/* (uid_t)-1 means "leave it as it is" to these calls. */
	return (uint32_t)RAW(SYS_getuid) == uid
		&& (uint32_t)RAW(SYS_getgid) == uid && uid != 0 ? 0 : -EINVAL;
}

CHILD int caps_enter_none(void)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct data[2];

	head.version = _LINUX_CAPABILITY_VERSION_3;
	head.pid = 0;
	for (int i = 0; i < 2; i++) {
		data[i].effective = 0;
		data[i].permitted = 0;
		data[i].inheritable = 0;
	}
	return (int)RAW(SYS_capset, &head, data);
}

CHILD int caps_probe(void)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct data[2];
	long r;

	head.version = _LINUX_CAPABILITY_VERSION_3;
	head.pid = 0;
	r = RAW(SYS_capget, &head, data);
	if (r < 0)
		return (int)r;
	for (int i = 0; i < 2; i++)
		if (data[i].effective || data[i].permitted
		    || data[i].inheritable)
			return -EBADE;
	/* What stays out of reach by execution: all of these are locked. */
	r = RAW(SYS_prctl, PR_GET_SECUREBITS);
	return r == BITS_LOCKED ? 0 : r < 0 ? (int)r : -EBADE;
}
