# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# What a run may leave behind, seen from outside: processes of uids that no
# account has (the confined programs' and the mediator's), processes of our
# commands, mounts, cgroups, System V objects. Taken before, compared after.

guard_processes() {
	# A zombie is its parent's matter, and gone when that has looked.
	cat /proc/[0-9]*/status 2>/dev/null | awk -F '[:\t]+' '
		FILENAME == "/etc/passwd" { account[$3] = 1; next }
		$1 == "Name" { name = $2 }
		$1 == "State" { zombie = $2 ~ /^Z/ }
		$1 == "Pid" { pid = $2 }
		$1 == "Uid" && !zombie && (!($2 in account) || name == "dkd") {
			print "process", pid, name, "uid", $2
		}
	' /etc/passwd -
}

guard_snapshot() {
	{
		guard_processes
		sed 's/^/mount /' /proc/self/mounts
		# Others make cgroups too: those with our name.
		find /sys/fs/cgroup -mindepth 1 -type d -name 'dk*' 2>/dev/null |
			sed 's/^/cgroup /'
		# Only those that no process made before: names, not counts.
		find /dev/shm /dev/mqueue -mindepth 1 2>/dev/null | sed 's/^/shm /'
		sed 1d /proc/sysvipc/shm 2>/dev/null | awk '{ print "sysv shm", $2 }'
	} | sort
}

guard_take() { # FOLDER
	guard_snapshot >"$1/guard.before"
	# shellcheck disable=SC2034 # read by tap.sh
	GUARD_TAKEN=1
}

# What is there now and was not before, in FOLDER/guard.diff. Gives what is on
# its way out up to 5 s: the last process of a namespace is reaped by the system.
guard_check() { # FOLDER
	local end=$((SECONDS + 5))
	while :; do
		guard_snapshot >"$1/guard.after"
		comm -13 "$1/guard.before" "$1/guard.after" >"$1/guard.diff"
		[[ -s $1/guard.diff ]] || return 0
		[[ $SECONDS -lt $end ]] || return 1
		sleep 0.3
	done
}

# Descriptors that a process holds, to compare before and after.
guard_fds() { # PID
	find "/proc/$1/fd" -mindepth 1 2>/dev/null | wc -l
}
