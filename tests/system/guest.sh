#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# Debian 12's own kernel, 6.1, in an emulated machine: the service, what it says
# is missing there, and what looks at confinement, limits, libraries and daemons
# without root once more.
# limit: 1500
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need_root
grep -qx 'VERSION_CODENAME=bookworm' /etc/os-release ||
	skip_all guest "what is built here does not run in a guest of Debian 12"
[[ -z ${SANITIZE-} ]] ||
	skip_all guest "sanitizers are too slow in an emulated machine"
run 600 "$TOP/tests/lib/guest.sh" --fetch
[[ $STATUS == 0 ]] || {
	note <"$TMP/out"
	skip_all guest "Debian's own kernel cannot be had: $(tail -n 1 "$TMP/out")"
}
guard_take "$TMP"
umask 022
mkdir "$TMP/seen" "$TMP/pictures"
"$BUILD/bin/make-pictures" "$TMP/pictures" >/dev/null

# ---- what is put on top of the disk ----

# Those that look at confinement: as files of a checkout.
suites=(kernel_confine kernel_confine_given kernel_confine_probe kernel_seccomp
	kernel_ipc)
files=("${suites[@]/#/build/tests/unit/}" tests/attack/calls.sh
	tests/system/limits.sh tests/system/posix.sh tests/system/unprivileged.sh)

# The example again, with Landlock only preferred.
sed -E 's/^  sandbox:$/&\n    layers: {landlock: preferred}/
	/(NameServer|NonValidPictureClient)$/a\  sandbox: {layers: {landlock: preferred}}' \
	"$TOP/apps/picture/init.yaml" >"$TMP/preferring.yaml"
check "the example compiles with another layer preferred" "$BUILD/bin/dkc" build \
	-I "$TOP/apps/picture" -I "$BUILD/gen" --init "$TMP/preferring.yaml" \
	-o "$TMP/preferring.dk" "$TOP/apps/picture/security.psl"

# What version 2 would count of threads alone, in groups of their own.
for limit in 'pids: 2' 'cpu: 50%'; do
	printf 'entities:\n- {name: rogue.Rogue, task: %s, path: Rogue, args: [act, none], sandbox: {%s}}\n' \
		"${limit%%:*}" "$limit" >"$TMP/${limit%%:*}.yaml"
	check "one with $limit compiles" "$BUILD/bin/dkc" build \
		-I "$TOP/apps/rogue" --init "$TMP/${limit%%:*}.yaml" \
		-o "$TMP/${limit%%:*}.dk" "$TOP/apps/rogue/security.psl"
done

# What those files compile: there is no compiler there, it is ready by its name.
# shellcheck source=tests/lib/solution.sh
. "$TOP/tests/lib/solution.sh"
lab
bomb
bomb dynamic -fPIE -pie
mkdir "$TMP/ready"
cp "$LAB/bomb" "$LAB/dynamic" "$TMP/ready/"
gcc -O1 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pie -no-pie \
	-w -o "$TMP/ready/probe" "$TOP/tests/unit/probe/probe.c"
gcc -O1 -D_GNU_SOURCE -o "$TMP/ready/sibling" "$TOP/tests/lib/sibling.c"

cat >"$TMP/install" <<IN
#!/usr/bin/env bash
set -eu
umask 022
cd '$TOP'
BUILD='$BUILD' VERSION=0 PREFIX=/usr/local DESTDIR="\$1" scripts/install >/dev/null
mkdir -p "\$1/opt/dk" "\$1/var/lib/dk/demo" "\$1/etc/systemd/system" \
	"\$1/usr/bin" "\$1/usr/local/sbin"
cp -r '$TMP/pictures' "\$1/var/lib/dk/"
cp '$BUILD'/apps/picture/[A-Z]* "\$1/opt/dk/"
cp '$BUILD/apps/picture/picture.dk' "\$1/opt/dk/solution.dk"
cp '$TMP/preferring.dk' '$TMP/pids.dk' '$TMP/cpu.dk' "\$1/opt/dk/"
chmod 0644 "\$1"/var/lib/dk/pictures/*
install -m 0755 '$TMP/inside' '$TMP/alone' "\$1/usr/local/sbin/"
cp -r '$TMP/ready' "\$1/opt/"
install -m 0755 '$TMP/cc' "\$1/usr/bin/cc"
ln -s cc "\$1/usr/bin/gcc"
# With their times: what is there is not older than what it was made of.
top="\$1/opt/checkout"
mkdir -p "\$top/tests" "\$top/apps" "\$top/build/apps" "\$top/build/lib" \
	"\$top/build/tests/unit"
cp -a tests/run tests/lib tests/attack tests/system "\$top/tests/"
cp -a '$BUILD/tests/lab' "\$top/build/tests/"
cp -a '$BUILD/lib/libdk.a' "\$top/build/lib/"
cp -a '$BUILD/bin' '$BUILD/share' "\$top/build/"
rm -f "\$top"/build/bin/fuzz-*
printf '#!/bin/sh\ncp /var/lib/dk/pictures/* "\$1"\n' >"\$top/build/bin/make-pictures"
for app in rogue ping picture; do
	cp -a "apps/\$app" "\$top/apps/"
	cp -a '$BUILD'/apps/"\$app" "\$top/build/apps/"
done
for suite in ${suites[*]}; do
	cp "$BUILD/tests/unit/\$suite" "\$top/build/tests/unit/"
done
cat >"\$1/etc/systemd/system/inside.service" <<'UNIT'
[Unit]
Requires=systemd-journald.socket
After=systemd-journald.socket tmp.mount
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/inside
ExecStopPost=/bin/systemctl poweroff --force --force
StandardOutput=file:/out/inside.out
StandardError=inherit
UNIT
IN
cat >"$TMP/cc" <<'IN'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
cat >/dev/null
cp "/opt/ready/${2##*/}" "$2"
IN
# Version 2 gives limits below a group where nobody else is, as a service's is.
cat >"$TMP/alone" <<'IN'
#!/bin/sh
echo $$ 2>/dev/null >/sys/fs/cgroup/alone/cgroup.procs
exec /opt/checkout/build/bin/dk "$@"
IN
cat >"$TMP/inside" <<IN
#!/usr/bin/env bash
files='${files[*]}'
# An emulated machine is slow: every eighth row of the table of calls.
export ROGUE_EVERY=8
IN
cat >>"$TMP/inside" <<'IN'
out=/out
say() { echo "$*" >>$out/result.txt; }
value() { systemctl show dkd -p "$1" --value; }
programs() { # of uids that dkd gives, and dkd itself
	grep -H . /proc/[0-9]*/status 2>/dev/null | awk -F '[:\t]+' '
		$2 == "Uid" && $3 >= 1801715712 && $3 < 1801781248 { print "uid", $3 }
		$2 == "Name" && $3 == "dkd" { print $3 }'
}
say "kernel $(uname -r)"
say "security $(cat /sys/kernel/security/lsm)"
say "cgroups $(stat -f -c %T /sys/fs/cgroup)"
if ! grep -q landlock /sys/kernel/security/lsm; then
	systemctl start dkd
	say "required $?"
	journalctl --sync
	journalctl -q -o cat -t dkd >$out/required
	systemctl reset-failed dkd
	echo DKD_IMAGE=/opt/dk/preferring.dk >/etc/default/dkd
fi
systemctl start dkd
say "start $?"
for ((i = 0; i < 200; i++)); do
	journalctl --sync
	journalctl -q -o verbose DK_VERDICT=deny >$out/denied
	journalctl -q -o cat -t dkd >$out/all
	[[ -s $out/denied ]] && grep -q ' done$' $out/all && break
	sleep 0.2
done
systemctl show dkd -p ActiveState -p StatusText -p NRestarts >$out/alive
say "programs $(programs | grep -c uid)"
dk ps --sandbox >$out/sandbox 2>&1
group=/sys/fs/cgroup$(value ControlGroup)
[[ -d $group ]] || group=/sys/fs/cgroup/systemd$(value ControlGroup)
say "group $(wc -l <"$group/cgroup.procs")"
systemctl stop dkd
say "stop $?"
systemctl show dkd -p Result -p ExecMainStatus >$out/stopped
programs >$out/left
find "$group" -maxdepth 0 >>$out/left 2>/dev/null
journalctl --sync
journalctl -q -o cat -t dkd >$out/all
# Without root, and where a setting of Debian's own forbids that.
image=$(sed -n 's/^DKD_IMAGE=//p' /etc/default/dkd 2>/dev/null)
mkdir -p /tmp/data
cp -r /var/lib/dk/pictures /tmp/data/
mkdir -p /tmp/data/demo
chown 54321:54321 /tmp/data/demo
rootless() {
	timeout 60 setpriv --reuid=54321 --regid=54321 --clear-groups \
		--inh-caps=-all --bounding-set=-all --no-new-privs \
		/usr/local/bin/dk run --control none --data /tmp/data \
		--wait picture.ValidPictureClient \
		--wait picture.NonValidPictureClient \
		"${image:-/opt/dk/solution.dk}" </dev/null >$out/$1 2>&1
	say "$1 $?"
}
rootless rootless
say "written $(stat -c %u /tmp/data/demo/* | sort | uniq -c | tr -s ' ')"
say "left $(pgrep -c -u 54321)"
sysctl -q kernel.unprivileged_userns_clone=0
rootless forbidden
sysctl -q kernel.unprivileged_userns_clone=1
cd /opt/checkout || exit
export BUILD=build
if grep -q landlock /sys/kernel/security/lsm; then
	tests/run $files >$out/tests 2>&1
	dk selftest >$out/selftest 2>&1
	echo "+pids +cpu" >/sys/fs/cgroup/cgroup.subtree_control
	for limit in pids cpu; do
		mkdir /sys/fs/cgroup/$limit
		(echo "$BASHPID" >/sys/fs/cgroup/$limit/cgroup.procs
		exec dkd --bin build/apps/rogue --control none --wait $limit \
			/opt/dk/$limit.dk) >$out/$limit 2>&1
		rmdir /sys/fs/cgroup/$limit
	done
	echo "+cpu +memory +pids" >/sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/alone
	DK=/usr/local/sbin/alone tests/run tests/system/limits.sh >$out/alone 2>&1
fi
say end
sync
IN
chmod +x "$TMP/install" "$TMP/inside" "$TMP/alone" "$TMP/cc"

BOOT_LIMIT=800 run 850 "$TOP/tests/lib/guest.sh" "$TMP/install" \
	inside.service "$TMP/seen"
guest_failed() { # NAME
	not_ok "$1"
	note <"$TMP/out"
	tail -n 40 "$TMP"/seen/* 2>/dev/null | note
	done_testing
}
[[ $STATUS == 0 ]] ||
	guest_failed "a guest of Debian's own kernel boots, and harms nothing here"
ok "a guest of Debian's own kernel boots, and harms nothing here"

# What both boots are to show, with the beginning of each test's name.
service_holds() { # NAME
	local seen=$TMP/seen
	has "$1: it is Debian's own kernel" "$seen/result.txt" \
		'^kernel 6\.1\.0-[0-9]+-cloud-amd64$'
	has "$1: the service starts: it said that it is ready" \
		"$seen/result.txt" '^start 0$'
	has "$1: ready means active" "$seen/alive" '^ActiveState=active$'
	has "$1: the first start was a good one" "$seen/alive" '^NRestarts=0$'
	has "$1: its status text counts what was denied" "$seen/alive" \
		'^StatusText=[2-4] programs run, [1-9][0-9]* events? denied$'
	has "$1: the programs have uids of their own" "$seen/result.txt" \
		'^programs [3-9]$'
	has "$1: all of them are in its cgroup" "$seen/result.txt" \
		'^group [3-9]$'
	has "$1: the program that may does its work" "$seen/all" \
		'^\[picture\.ValidPictureClient\] wrote /demo/thumb-dusk\.png'
	has "$1: the one that may not is refused" "$seen/all" \
		'^\[picture\.NonValidPictureClient\] refused: .*rcSecurityDisallow'
	has "$1: the denial is in the journal, field by field" \
		"$seen/denied" '^ *DK_SRC_CLASS=picture\.NonValidPictureClient$'
	has "$1: it stops" "$seen/result.txt" '^stop 0$'
	has "$1: in good order" "$seen/stopped" '^Result=success$'
	is "$1: no process and no cgroup is left" "$(cat "$seen/left")" ""
	has "$1: without root it runs as well" "$seen/result.txt" '^rootless 0$'
	has "$1: and says so" "$seen/rootless" \
		'^dkd: without root: all programs have your uid 54321 '
	has_not "$1: what it lacks beside that is the same" "$seen/rootless" \
		'WITHOUT .*(namespace|own-[^u]|no-|seccomp|limits|once)'
	has "$1: who may does his work" "$seen/result.txt" '^written  6 54321$'
	has "$1: who may not is refused" "$seen/rootless" \
		'DENIED request .*NonValidPictureClient'
	has "$1: nobody is left" "$seen/result.txt" '^left 0$'
	has "$1: where users may have no user namespaces it does not" \
		"$seen/result.txt" '^forbidden 7$'
	has "$1: and names Debian's setting" "$seen/forbidden" \
		'gives none .*kernel\.unprivileged_userns_clone is 0: set it to 1'
	has_not "$1: nothing is started then" "$seen/forbidden" '^dkd: started'
	# What is missing is said at the start, by name.
	has "$1: PR_SET_MDWE is not there: said" "$seen/all" \
		'^dkd: this Linux has no PR_SET_MDWE '
	has "$1: SO_PASSRIGHTS is not there: said" "$seen/all" \
		'^dkd: this Linux has no SO_PASSRIGHTS '
	has "$1: F_SEAL_EXEC is not there: said" "$seen/all" \
		'^dkd: this Linux has no F_SEAL_EXEC '
	has_not "$1: no other layer is said to be missing" "$seen/all" \
		'machine lacks: .*(namespace|own-|no-|seccomp|limits|once)'
	has_not "$1: no program is without another one" "$seen/all" \
		'WITHOUT .*(namespace|own-|no-|seccomp|limits|once)'
}

service_holds "6.1"
has "6.1: Landlock's level is said, and what it is without" "$TMP/seen/all" \
	'^dkd: Landlock has level 2 here, and nothing against: cutting files \(3\), TCP \(4\), ioctl on devices \(5\), abstract sockets, signals to others \(6\)$'
has "6.1: every program has that level" "$TMP/seen/all" \
	'started picture\.PictureManager .* all [0-9]+ layers; Landlock 2, [0-9]+ system calls$'
has "6.1: the filter that stands in for PR_SET_MDWE is proven" "$TMP/seen/sandbox" \
	'^picture\.PictureManager +no-writable-code +yes +yes +yes +[a-z].* 20[0-9-]+T'
is "6.1: no layer that holds is unproven" \
	"$(grep 'not proven' "$TMP/seen/sandbox")" ""
for limit in pids cpu; do
	has "6.1: $limit is counted by a group of version 2" "$TMP/seen/$limit" \
		"^dkd: started $limit .*confined by all 18 layers"
done
has "6.1: dk selftest: every act is refused in every sandbox" \
	"$TMP/seen/selftest" '^4 sandboxes, [0-9]{3} acts, 0 not refused$'
for file in "${files[@]}"; do
	has "6.1: $file holds" "$TMP/seen/tests" "^ok   $file +[1-9][0-9]* passed  "
done
has "6.1: limits hold by groups of version 2" "$TMP/seen/alone" \
	'^ok   tests/system/limits.sh +[1-9][0-9]* passed  '
if [[ $TAP_FAILED != 0 ]]; then
	note <"$TMP/seen/alone"
	note <"$TMP/seen/tests"
	note <"$TMP/seen/all"
fi

# ---- without Landlock, and with the older cgroups ----

rm -rf "$TMP/seen"
mkdir "$TMP/seen"
BOOT_LIMIT=300 run 400 "$TOP/tests/lib/guest.sh" "$TMP/install" \
	inside.service "$TMP/seen" lsm=lockdown,capability,yama \
	systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1
[[ $STATUS == 0 ]] || guest_failed "it boots without Landlock and cgroup v2"
ok "it boots without Landlock and cgroup v2"
has "that is what was asked for" "$TMP/seen/result.txt" \
	'^security lockdown,capability,yama'
has "and cgroups of version 1" "$TMP/seen/result.txt" '^cgroups tmpfs$'
has "6.1 without Landlock: whoever requires it does not start" \
	"$TMP/seen/result.txt" '^required [1-9]'
has "6.1 without Landlock: and is told" "$TMP/seen/required" \
	'^dkd: task .*: the layer landlock is required'
service_holds "6.1 without Landlock"
has "6.1 without Landlock: that is said" "$TMP/seen/all" \
	'this machine lacks: landlock$'
has "6.1 without Landlock: of every program" "$TMP/seen/all" \
	'started picture\.PictureManager .* [0-9]+ of [0-9]+ layers; Landlock 0, .*; WITHOUT landlock$'
if [[ $TAP_FAILED != 0 ]]; then
	note <"$TMP/seen/result.txt"
	note <"$TMP/seen/all"
fi
done_testing
