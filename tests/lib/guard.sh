# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# What a run may leave behind, seen from outside: processes of uids that no
# account has (the confined programs' and the mediator's), processes of our
# commands, mounts, cgroups, System V objects, sockets with a name; and the
# descriptors of the test itself. Taken before, compared after.

# Ours: whoever is not below a daemon that somebody else started. A daemon has
# the environment of the test that runs it; who outlives a daemon is an orphan,
# and counts.
export GUARD_MARK=$$
guard_processes() {
	local pid name uid parent
	# A zombie is its parent's matter, and gone when that has looked.
	cat /proc/[0-9]*/status 2>/dev/null | awk -F '[:\t]+' '
		FILENAME == "/etc/passwd" { account[$3] = 1; next }
		$1 == "Name" { name = $2 }
		$1 == "State" { zombie = $2 ~ /^Z/ }
		$1 == "Pid" { pid = $2 }
		$1 == "PPid" { parent = $2 }
		$1 == "Uid" && !zombie && (!($2 in account) || name == "dkd") {
			print pid, $2, parent, name
		}
	' /etc/passwd - | while read -r pid uid parent name; do
		guard_foreign "$pid" "$uid" "$name" "$parent" ||
			printf 'process %s %s uid %s\n' "$pid" "$name" "$uid"
	done
}

guard_foreign() { # PID UID NAME PARENT: is it, or is it below, another's daemon?
	local pid=$1 uid=$2 name=$3 parent=$4
	while :; do
		if [[ $name == dkd && $uid == 0 ]]; then
			! { tr '\0' '\n' <"/proc/$pid/environ"; } 2>/dev/null |
				grep -qx "GUARD_MARK=$GUARD_MARK"
			return
		fi
		pid=$parent
		[[ $pid -gt 1 ]] || return 1
		{
			name=$(<"/proc/$pid/comm")
			uid=$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$pid/status")
			parent=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status")
		} 2>/dev/null
		[[ -n $parent ]] || return 1
	done
}

# Those of the test's shell. What it reads the script from, bash moves about.
guard_descriptors() {
	local fd to
	for fd in "/proc/$GUARD_MARK/fd"/*; do
		to=$(readlink "$fd") || continue
		[[ ${fd##*/} == 255 ]] ||
			printf 'descriptor %s %s\n' "${fd##*/}" "$to"
	done
}

# To be called in a shell of its own, so that the test's has its descriptors.
guard_snapshot() {
	{
		guard_descriptors
		guard_processes
		sed 's/^/mount /' /proc/self/mounts
		# Others make cgroups too: those with our name.
		find /sys/fs/cgroup -mindepth 1 -type d -name 'dk*' 2>/dev/null |
			sed 's/^/cgroup /'
		awk '$8 ~ /^\/.*dk/ { print "socket", $8 }' /proc/net/unix
		# Only those that no process made before: names, not counts.
		find /dev/shm /dev/mqueue -mindepth 1 2>/dev/null | sed 's/^/shm /'
		sed 1d /proc/sysvipc/shm 2>/dev/null | awk '{ print "sysv shm", $2 }'
	} | sort
}

guard_take() { # FOLDER
	(guard_snapshot >"$1/guard.before")
	# shellcheck disable=SC2034 # read by tap.sh
	GUARD_TAKEN=1
}

# What is there now and was not before, in FOLDER/guard.diff. Gives what is on
# its way out up to 5 s: the last process of a namespace is reaped by the system.
guard_check() { # FOLDER
	local end=$((SECONDS + 5))
	while :; do
		(guard_snapshot >"$1/guard.after")
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
