#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# usage: tests/lib/guest.sh --fetch
#        tests/lib/guest.sh INSTALL TARGET OUT [KERNEL-ARGUMENT...]
#
# Debian 12 with its own kernel, 6.1, in an emulated machine. --fetch gets what a
# boot needs (packages, and below $BUILD/guest a disk, a kernel, an initramfs) and
# says why when it cannot; what is there already is kept.
# A boot: INSTALL is called with an empty folder and puts into it what comes on
# top of the disk. TARGET is the unit booted to, whose service writes /out and
# in it result.txt, the last line of which is `end`, and powers off. /out comes
# back as the folder OUT, the console as OUT/serial.log. Fails without that line,
# or when the machine around it is not as it was. $BOOT_LIMIT: seconds (300).
set -eu
here=$(dirname "$(realpath "$0")")
top=$(realpath "$here/../..")
BUILD=${BUILD:-build}
[[ $BUILD == /* ]] || BUILD=$top/$BUILD
cache=$BUILD/guest

# In this order; one that is built in is not there.
modules='virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev
	virtio_pci virtio_blk'
packages=bash,coreutils,diffutils,findutils,grep,sed,mawk,hostname,base-files
packages+=,base-passwd,libc-bin,dash,debianutils,util-linux,mount,procps
packages+=,systemd,systemd-sysv,libseccomp2,libcap2,libyaml-0-2,libsubunit0
packages+=,linux-image-cloud-amd64

# shellcheck source=tests/lib/machine.sh
. "$here/machine.sh"

# ---- what is fetched once ----

# Unpacked, not configured: no script of a package runs, here or there. What the
# scripts would have made and a boot needs is made here.
fetch_tree() { # TREE
	local tree=$1
	mmdebstrap --quiet --mode=root --variant=extract --format=directory \
		--include="$packages" --dpkgopt='path-exclude=/usr/share/*' \
		--dpkgopt='path-include=/usr/share/base-*' \
		bookworm "$tree" >"$cache/fetch.log" 2>&1 || return
	mkdir -p "$tree/out" "$tree/tmp"
	cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd"
	cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group"
	ln -sf mawk "$tree/usr/bin/awk"
	: >"$tree/etc/machine-id"
	: >"$tree/etc/fstab"
	ldconfig -r "$tree" 2>>"$cache/fetch.log"
	rm -f "$tree"/etc/systemd/system/*.wants/* "$tree/usr/bin/perl"*
	rm -rf "$tree"/usr/lib/x86_64-linux-gnu/perl* "$tree/lib/udev/hwdb.d" \
		"$tree"/usr/share/perl*
}

fetch_initramfs() { # TREE FILE
	local tree=$1 root module file
	root=$(mktemp -d "$cache/initramfs.XXXXXX")
	mkdir "$root/bin" "$root/modules" "$root/proc" "$root/sys" "$root/dev" \
		"$root/root"
	cp /bin/busybox "$root/bin/"
	for module in $modules; do
		file=$(find "$tree/lib/modules" -name "$module.ko" | head -n 1)
		[[ -n $file ]] || continue
		cp "$file" "$root/modules/"
		echo "$module.ko" >>"$root/modules/list"
	done
	cat >"$root/init" <<-'INIT'
	#!/bin/busybox sh
	b=/bin/busybox
	$b mount -t devtmpfs dev /dev
	for m in $($b cat /modules/list); do $b insmod /modules/$m; done
	n=0
	while [ ! -b /dev/vdb ] && [ $n -lt 100 ]; do
		$b sleep 0.1
		n=$((n + 1))
	done
	$b mount -t ext4 -o rw /dev/vda /root &&
		$b tar -C /root -xf /dev/vdb || $b poweroff -f
	$b mount --move /dev /root/dev
	exec $b switch_root /root /lib/systemd/systemd
	INIT
	chmod 0755 "$root/init"
	(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$2"
	rm -rf "$root"
}

fetch() {
	local recipe tree
	recipe=$(sha256sum <"$here/guest.sh")
	[[ ! -s $cache/recipe || $(<"$cache/recipe") != "$recipe" ]] || return 0
	"$top/scripts/setup" --guest || return
	rm -rf "$cache"
	mkdir -p "$cache"
	tree=$cache/tree
	fetch_tree "$tree" || {
		echo "guest: the packages of Debian 12 cannot be fetched:" >&2
		tail -n 5 "$cache/fetch.log" >&2
		return 1
	}
	fetch_initramfs "$tree" "$cache/initramfs"
	cp "$tree"/boot/vmlinuz-* "$cache/vmlinuz"
	rm -rf "${tree:?}"/boot/* "$tree/lib/modules"
	truncate -s 600M "$cache/disk"
	mke2fs -q -F -t ext4 -O ^has_journal -d "$tree" "$cache/disk"
	rm -rf "$tree"
	echo "$recipe" >"$cache/recipe"
}

if [[ ${1-} == --fetch ]]; then
	fetch
	exit
fi

# ---- a boot ----

[[ $# -ge 3 ]] || {
	sed -n '/^# usage: /,/^#$/s/^# //p' "$0" >&2
	exit 2
}
install=$(realpath "$1") target=$2 out=$(realpath "$3")
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
before=$(machine_state)

mkdir "$work/top"
"$install" "$work/top"
tar -C "$work/top" --owner=0 --group=0 -cf "$work/top.tar" .
cp --sparse=always "$cache/disk" "$work/disk"
words=(console=ttyS0 root=/dev/vda rw panic=-1 mitigations=off quiet
	"systemd.unit=$target" systemd.show_status=no)
# Nobody is at the console, and systemd would wait 90 s for it.
for unit in serial-getty@ttyS0 getty.target systemd-udevd kmod-static-nodes \
	systemd-udev-trigger systemd-logind systemd-timesyncd \
	systemd-networkd; do
	[[ $unit == *.target ]] || unit+=.service
	words+=("systemd.mask=$unit")
done
# tcg: /dev/kvm may be there and not work. q35: with microvm it hangs.
timeout -k 5 "${BOOT_LIMIT:-300}" qemu-system-x86_64 \
	-accel tcg,thread=multi -M q35 -cpu max -smp 2 -m 1024 -nodefaults \
	-no-user-config -display none -no-reboot \
	-serial "file:$out/serial.log" \
	-drive "id=a,file=$work/disk,format=raw,if=none,cache=unsafe" \
	-device virtio-blk-pci,drive=a \
	-drive "id=b,file=$work/top.tar,format=raw,if=none,readonly=on" \
	-device virtio-blk-pci,drive=b \
	-kernel "$cache/vmlinuz" -initrd "$cache/initramfs" \
	-append "${words[*]} $*" </dev/null >"$out/emulator.log" 2>&1 || {
	echo "guest: the emulator ended with status $?" >&2
	cat "$out/emulator.log" >&2
}
debugfs -R "rdump /out $work" "$work/disk" >/dev/null 2>&1
cp -r "$work/out/." "$out/" 2>/dev/null || :

after=$(machine_state)
if [[ $before != "$after" ]]; then
	echo "guest: the machine around it was changed:" >&2
	diff <(echo "$before") <(echo "$after") >&2 || :
	exit 1
fi
[[ -s $out/result.txt && $(tail -n 1 "$out/result.txt") == end ]] || {
	echo "guest: it did not come to the end of $target" >&2
	exit 1
}
