#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The picture example as a service of a real systemd: ready, alive, begun anew
# when it hangs, stopped without leftovers, and in the journal field by field.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need_root
[[ -x /lib/systemd/systemd ]] ||
	skip_all service "systemd is not installed on this machine"
guard_take "$TMP"

umask 022
mkdir "$TMP/seen" "$TMP/pictures"
"$BUILD/bin/make-pictures" "$TMP/pictures" >/dev/null

# ---- what is put into the tree ----

# A leak check at the end wants to trace the process, and may not.
sanitizer=
[[ -z ${SANITIZE-} ]] || sanitizer=Environment=ASAN_OPTIONS=detect_leaks=0

cat >"$TMP/install" <<IN
#!/usr/bin/env bash
set -eu
umask 022
cd '$TOP'
BUILD='$BUILD' VERSION=0 PREFIX=/usr/local DESTDIR="\$1" scripts/install >/dev/null
mkdir -p "\$1/opt/dk" "\$1/var/lib/dk/demo"
cp -r '$TMP/pictures' "\$1/var/lib/dk/"
cp '$BUILD'/apps/picture/[A-Z]* "\$1/opt/dk/"
cp '$BUILD/apps/picture/picture.dk' "\$1/opt/dk/solution.dk"
chmod 0644 "\$1"/var/lib/dk/pictures/*
mkdir "\$1/etc/systemd/system/dkd.service.d"
printf '[Service]\nWatchdogSec=2\nRestartSec=100ms\n%s' \
	'$sanitizer' \
	>"\$1/etc/systemd/system/dkd.service.d/test.conf"
install -m 0755 '$TMP/inside' "\$1/usr/local/sbin/inside"
cat >"\$1/etc/systemd/system/inside.service" <<'UNIT'
[Unit]
Requires=systemd-journald.socket
After=systemd-journald.socket
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/inside
ExecStopPost=/usr/bin/systemctl poweroff --force --force
StandardOutput=file:/mnt/out/inside.out
StandardError=inherit
UNIT
IN
chmod +x "$TMP/install"

cat >"$TMP/inside" <<'IN'
#!/usr/bin/env bash
out=/mnt/out
say() { echo "$*" >>$out/result.txt; }
show() { # NAME
	systemctl show dkd -p ActiveState -p SubState -p Result -p StatusText \
		-p NRestarts -p MainPID -p ExecMainStatus >"$out/$1"
}
value() { systemctl show dkd -p "$1" --value; }
until_is() { # PROPERTY VALUE TENTHS
	for ((i = 0; i < $3; i++)); do
		[[ $(value "$1") == "$2" ]] && return
		sleep 0.1
	done
}
programs() { # of uids that dkd gives, and dkd itself
	grep -H . /proc/[0-9]*/status 2>/dev/null | awk -F '[:\t]+' '
		$2 == "Uid" && $3 >= 1801715712 && $3 < 1801781248 { print "uid", $3 }
		$2 == "Name" && $3 == "dkd" { print $3 }'
}
mediator() {
	local pid
	for pid in $(pgrep -P "$(value MainPID)"); do
		[[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == "dkd kernel"* ]] &&
			echo "$pid"
	done
}

systemd-analyze verify dkd.service >$out/verify 2>&1
systemctl start dkd
say "start $?"
show started
for ((i = 0; i < 50; i++)); do
	journalctl --sync
	journalctl -q -o verbose DK_VERDICT=deny >$out/denied
	[[ -s $out/denied ]] && break
	sleep 0.1
done
# Longer than WatchdogSec: alive only because the loop says so.
sleep 2.4
show alive
say "programs $(programs | grep -c uid)"

old=$(value MainPID)
first=$(mediator)
say "mediator $first"
say "filters $(sed -n 's/^Seccomp_filters:[[:space:]]*//p' "/proc/$old/status")"
kill -STOP "$first"
until_is NRestarts 1 60
until_is ActiveState active 30
[[ $(value MainPID) != "$old" ]] && say "another one"
[[ -e /proc/$first ]] || say "the old one is gone"
show restarted
until_is SubState running 20

group=/sys/fs/cgroup$(value ControlGroup)
say "group $(wc -l <"$group/cgroup.procs")"
systemctl stop dkd
say "stop $?"
show stopped
programs >$out/left
find "$group" -maxdepth 0 >>$out/left 2>/dev/null
journalctl --sync
journalctl -q -o cat DK_TASK=picture.ValidPictureClient >$out/valid
journalctl -q -o verbose -n 1 DK_TASK=picture.ValidPictureClient >$out/line
journalctl -q -o cat -t dkd >$out/all
journalctl -q -o short -u dkd >$out/unit

# What another try does not mend is not tried again.
echo DKD_IMAGE=/opt/dk/nothing.dk >/etc/default/dkd
systemctl start dkd
say "start of nothing $?"
sleep 0.5
show nothing
say end
sync
IN

BOOT_LIMIT=60 run 80 bash "$TOP/tests/lib/boot.sh" "$TMP/install" \
	inside.service "$TMP/seen"
if [[ $STATUS != 0 ]]; then
	not_ok "systemd boots, and the machine underneath is unharmed"
	note <"$TMP/out"
	tail -n 40 "$TMP"/seen/* 2>/dev/null | note
	done_testing
fi
ok "systemd boots, and the machine underneath is unharmed"
result=$TMP/seen/result.txt

# ---- what was seen ----

is "systemd-analyze verify has nothing to say" "$(cat "$TMP/seen/verify")" ""
has "the service starts: it said that it is ready" "$result" '^start 0$'
has "ready means active" "$TMP/seen/started" '^ActiveState=active$'
has "it has a status text" "$TMP/seen/started" '^StatusText=.*programs? runs?'
has "longer than the watchdog's time it is the same one" "$TMP/seen/alive" \
	'^NRestarts=0$'
has "and runs" "$TMP/seen/alive" '^SubState=running$'
has "its status text counts what was denied" "$TMP/seen/alive" \
	'^StatusText=[2-4] programs run, [1-9][0-9]* events? denied$'
has "the mediator is there" "$result" '^mediator [0-9]+$'
# Programs would inherit it: an error of its would hide what dkd kills for.
has "no system-call filter comes from the unit" "$result" '^filters 0$'
has "C24_a mediator that hangs is noticed: the service begins anew" \
	"$TMP/seen/restarted" '^NRestarts=1$'
has "it is another process" "$result" '^another one$'
has "the one that hung is gone" "$result" '^the old one is gone$'
has "the reason was the watchdog" "$TMP/seen/unit" "Failed with result 'watchdog'"
has "it runs again" "$TMP/seen/restarted" '^ActiveState=active$'
has "it stops" "$result" '^stop 0$'
has "in good order" "$TMP/seen/stopped" '^Result=success$'
has "with status 0" "$TMP/seen/stopped" '^ExecMainStatus=0$'
has "it had processes of uids of its own" "$result" '^programs [3-9]$'
has "all of them in its cgroup" "$result" '^group [3-9]$'
is "no process and no cgroup is left" "$(cat "$TMP/seen/left")" ""

has "an image that is not there is a failed start" "$result" \
	'^start of nothing [1-9]'
has "with the status that says so" "$TMP/seen/nothing" '^ExecMainStatus=3$'
has "and is not tried again" "$TMP/seen/nothing" '^NRestarts=0$'

for field in DK_VERDICT=deny 'PRIORITY=4' 'SYSLOG_IDENTIFIER=dkd' \
	'DK_KIND=[a-z]+' 'DK_SRC_TASK=picture\.NonValidPictureClient' \
	'DK_SRC_CLASS=picture\.NonValidPictureClient' 'DK_SRC_SID=[0-9]+' \
	'DK_DST_TASK=[a-zA-Z.]+' 'DK_DST_CLASS=[a-zA-Z.]+' 'DK_DST_SID=[0-9]+' \
	'DK_ENDPOINT=[a-zA-Z.]+' 'DK_INTERFACE=[a-zA-Z.]+' \
	'DK_METHOD=[A-Za-z]+' 'DK_STATUS=SECURITY_DISALLOW' \
	'_SYSTEMD_UNIT=dkd\.service' '_TRANSPORT=journal' \
	'MESSAGE=DENIED .*picture\.NonValidPictureClient'; do
	has "a denial has ${field%%=*}" "$TMP/seen/denied" "^ *$field"
done
has "a program's lines are found by its name" "$TMP/seen/valid" \
	'^\[picture\.ValidPictureClient\] '
has_not "and nobody else's with them" "$TMP/seen/valid" '^[^[]'
has "they are entries of their own" "$TMP/seen/line" '_TRANSPORT=journal'
has "what the daemon says is there" "$TMP/seen/all" 'started picture\.PictureManager'
has "and why it stopped" "$TMP/seen/all" 'asked to stop \(SIGTERM\)'

done_testing
