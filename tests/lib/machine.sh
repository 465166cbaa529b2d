# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# What a boot beside this machine must not change: its settings, its device
# nodes, its mounts. For boot.sh and guest.sh: taken before, compared after.

machine_state() {
	# What the machine counts, or draws, by itself is no setting.
	sysctl -a 2>/dev/null | grep -E '^(fs|kernel|vm)\.' | grep -vE \
		'^fs\.(dentry|inode|file-nr|aio-nr|quota)|random|^kernel\.(ns_last_pid|pty\.nr)|^vm\.stat|perf_event_max_sample_rate' |
		sort
	find /dev -maxdepth 1 ! -type l -printf '%p %y %m %u %g\n' | sort
	sort /proc/self/mounts
}
