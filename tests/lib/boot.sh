#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# usage: tests/lib/boot.sh INSTALL TARGET OUT
#
# Boots systemd as process 1 of its own namespaces, over an overlay of this
# machine's root: nothing that it writes stays. INSTALL is called with the root of
# that tree and puts programs and units into it; TARGET is the unit booted to; the
# folder OUT is /mnt/out inside. A service of TARGET writes OUT/result.txt, whose
# last line is `end`, and powers off. Fails when that line is not there, or when
# the machine underneath is not as it was: sysctls and device nodes.
set -eu

# shellcheck source=tests/lib/machine.sh
. "$(dirname "$0")/machine.sh"

# ---- inside: the namespaces are there, nothing else is ----

boot_inside() { # WORK INSTALL TARGET OUT
	local work=$1 install=$2 target=$3 out=$4 tree unit node
	mount --make-rprivate /
	# An upper layer cannot lie on the file system that is its lower one.
	mkdir "$work/layers"
	mount -t tmpfs -o size=1G,mode=0755 dk-boot "$work/layers"
	mkdir "$work/layers/upper" "$work/layers/work" "$work/layers/tree"
	tree=$work/layers/tree
	mount -t overlay -o \
		"lowerdir=/,upperdir=$work/layers/upper,workdir=$work/layers/work" \
		dk-boot "$tree"

	# The machine's own services stay out, and its identity, and its disks.
	rm -rf "$tree"/etc/systemd/system/*.wants \
		"$tree"/etc/systemd/system/*.requires "$tree/var/log/journal"
	: >"$tree/etc/fstab"
	rm -f "$tree/etc/machine-id"
	: >"$tree/etc/machine-id"
	for unit in systemd-networkd.service systemd-resolved.service \
		systemd-timesyncd.service systemd-logind.service \
		systemd-udevd.service systemd-sysctl.service \
		systemd-binfmt.service systemd-modules-load.service \
		console-getty.service timers.target; do
		ln -sf /dev/null "$tree/etc/systemd/system/$unit"
	done
	"$install" "$tree"

	mount -t proc proc "$tree/proc"
	mount -t sysfs sysfs "$tree/sys"
	mount -t cgroup2 cgroup2 "$tree/sys/fs/cgroup"
	mount -t tmpfs -o mode=0755 run "$tree/run"
	mount -t tmpfs -o mode=1777 tmp "$tree/tmp"
	# Nodes of its own: systemd sets modes, and would set the machine's.
	mount -t tmpfs -o mode=0755 dev "$tree/dev"
	for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 \
		console:1:3 tty:5:0; do
		IFS=: read -r unit major minor <<<"$node"
		mknod -m 0666 "$tree/dev/$unit" c "$major" "$minor"
	done
	mkdir "$tree/dev/pts" "$tree/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tree/dev/pts"
	ln -s pts/ptmx "$tree/dev/ptmx"
	ln -s /proc/self/fd "$tree/dev/fd"
	mkdir -p "$tree/mnt/out"
	mount --bind "$out" "$tree/mnt/out"
	# Process 1 raises fs.*, which is the machine's and not a namespace's.
	mount --bind "$tree/proc/sys" "$tree/proc/sys"
	mount -o remount,bind,ro "$tree/proc/sys"

	cd "$tree"
	mkdir -p .old
	pivot_root . .old
	umount -l /.old
	rmdir /.old
	mount --make-rshared / # or credentials of units are not found
	exec env -i container=dk-boot PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		TERM=dumb setsid /lib/systemd/systemd --system \
		"systemd.unit=$target" systemd.log_target=journal \
		systemd.show_status=no </dev/null
}

if [[ ${1-} == --inside ]]; then
	shift
	boot_inside "$@"
fi

# ---- outside ----

[[ $# == 3 ]] || {
	sed -n 's/^# usage: /usage: /p' "$0" >&2
	exit 2
}
install=$(realpath "$1") target=$2 out=$(realpath "$3")
work=$(mktemp -d)
before=$(machine_state)
hierarchy=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[[ -n $hierarchy ]] || {
	echo "boot: no cgroup v2 hierarchy is mounted" >&2
	exit 1
}
home=$hierarchy$(sed -n 's/^0:://p' /proc/self/cgroup)
group=$hierarchy/dk-boot-$$
mkdir "$group"
clean() {
	echo $$ >"$home/cgroup.procs"
	find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP
echo $$ >"$group/cgroup.procs"
# Its status says nothing: a machine that powers off ends process 1 by a signal.
timeout -k 5 "${BOOT_LIMIT:-90}" unshare --mount --pid --uts --ipc --net \
	--cgroup --fork --kill-child bash "$(realpath "$0")" --inside "$work" \
	"$install" "$target" "$out" </dev/null || :
trap - EXIT
clean || :
[[ ! -d $group ]] || {
	echo "boot: the cgroup $group is left" >&2
	exit 1
}
after=$(machine_state)
if [[ $before != "$after" ]]; then
	echo "boot: the machine underneath was changed:" >&2
	diff <(echo "$before") <(echo "$after") >&2 || :
	exit 1
fi
[[ -s $out/result.txt && $(tail -n 1 "$out/result.txt") == end ]] || {
	echo "boot: systemd did not come to the end of $target" >&2
	exit 1
}
