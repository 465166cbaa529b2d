#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dk selftest: every act is refused in every sandbox; and what it says, with which
# status, where one is not.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
. "$TOP/tests/lib/rootless.sh"
need_root
guard_take "$TMP"
DK=$BUILD/bin/dk
ROGUE=$BUILD/apps/rogue

build() { # NAME: of the start list $TMP/NAME.yaml
	check "$1 is built" "$BUILD/bin/dkc" build -I "$TOP/apps/rogue" \
		--init "$TMP/$1.yaml" -o "$TMP/$1.dk" \
		"$TOP/apps/rogue/security.psl"
}
selftest() { # WORD...: its table in $TMP/table, what it says else in $TMP/err
	timeout -k 5 120 "$DK" selftest "$@" >"$TMP/table" 2>"$TMP/err"
	STATUS=$?
}
failed() { # the rows that are no success, without the first and the last line
	sed '1d;$d' "$TMP/table" | grep -vE '^[^ ]+ +[AB][^ ]+ +refused +[^ ]'
}

# ---- its own image ----

selftest
is "all acts are refused on this machine" "$STATUS" 0
is "each row says so, and how" "$(failed)" ""
is "of each kind of sandbox" "$(sed '1d;$d' "$TMP/table" | cut -d' ' -f1 |
	uniq | tr '\n' ' ')" \
	"rogue.Rogue/strict rogue.Rogue/threads rogue.Rogue/files rogue.Rogue/posix "
acts=$(grep -c '^rogue.Rogue/strict ' "$TMP/table")
check "there are many acts ($acts)" test "$acts" -ge 100
is "each once in each sandbox" "$(sed '1d;$d' "$TMP/table" | awk '{print $1, $2}' |
	sort | uniq -d)" ""
is "all calls of the hostile program are among them, and two more" "$acts" \
	$(($(sed -nE '/^\t\{ "[AB][0-9]+_[A-Za-z0-9_]+", (SYS|X32|-?[0-9])/p' \
		"$TOP/apps/rogue/calls.c" | wc -l) + 2))
is "their number is the last line" "$(tail -n 1 "$TMP/table")" \
	"4 sandboxes, $((4 * acts)) acts, 0 not refused"
has "the call that it was killed for is named" "$TMP/table" \
	'/strict +B5_io_uring_setup +refused +killed: io_uring_setup$'
has "another architecture's call has none" "$TMP/table" \
	'/strict +B1_int_0x80 +refused +killed: SIG(SYS|SEGV)$'
has "nor one of x32" "$TMP/table" '/strict +B2_x32_socket +refused +killed: SIGSYS$'
has "a call that a class has not kills" "$TMP/table" \
	'/strict +B17_openat +refused +killed: openat$'
has "one that it has answers with an error" "$TMP/table" \
	'/files +B17_openat +refused +(EACCES|EPERM): '
has "so does code of its own" "$TMP/table" '/strict +B8_own_code +refused +E'
has "and clone3, where there may be threads" "$TMP/table" \
	'/threads +B7_clone3 +refused +ENOSYS: '
selftest --json
is "for scripts: an object a line, the same number" "$STATUS $(grep -cE \
	'^\{"class":"rogue\.Rogue","task":"[a-z]+","act":"[AB][^"]+","refused":true,"how":"[^"]+"\}$' \
	"$TMP/table") $(wc -l <"$TMP/table")" "0 $((4 * acts)) $((4 * acts))"

# ---- without root ----

chmod 755 "$TMP"
rootless_command "$TMP/dk" "$DK"
run 120 "$TMP/dk" selftest
if grep -q 'user namespace' "$TMP/out" && [[ $STATUS == 7 ]]; then
	skip "without root" "this machine gives no user namespaces"
else
	is "without root all is refused too" "$STATUS" 0
	is "in every sandbox" "$(grep -c ' refused ' "$TMP/out")" $((4 * acts))
fi

# ---- a solution of the user's ----

selftest --bin "$BUILD/apps/ping" "$BUILD/apps/ping/ping.dk"
is "a solution: all is refused to its classes" "$STATUS" 0
is "each of them has its rows" "$(sed '1d;$d' "$TMP/table" | cut -d' ' -f1 |
	uniq -c | awk '{print $1, $2}' | tr '\n' ' ')" \
	"$acts ping.Server $acts ping.Client "
cat >"$TMP/mine.yaml" <<-IN
	entities:
	- {name: rogue.Rogue, task: one, path: Rogue}
	- {name: rogue.Rogue, task: two, path: Rogue, args: [other]}
	- name: rogue.Rogue
	  task: limited
	  path: Rogue
	  sandbox: {memory: 32M, pids: 2, layers: {cgroup: preferred}}
	- name: rogue.Rogue
	  task: never
	  path: Rogue
	  sandbox: {write: [folder], probe: never, files: 3}
IN
mkdir "$TMP/folder"
build mine
selftest --bin "$ROGUE" "$TMP/mine.dk"
is "limits, groups and folders: all is refused" "$STATUS" 0
is "tasks that are confined alike are tried once" "$(sed '1d;$d' "$TMP/table" |
	cut -d' ' -f1 | uniq | tr '\n' ' ')" \
	"rogue.Rogue/one rogue.Rogue/limited rogue.Rogue/never "
is "nothing was made in a folder that it may write" "$(ls -A "$TMP/folder")" ""


# While the solution runs, its folder stays its own.
cat >"$TMP/runs.yaml" <<-IN
	entities:
	- {name: rogue.Victim, sandbox: {write: [kept]}}
	- name: rogue.Bystander
	  args: [victim, "6000", "100"]
	  connections: [{target: rogue.Victim, id: victim}]
IN
mkdir "$TMP/kept"
build runs
spawn daemon "$DK" run --bin "$ROGUE" --grace 200 --control none "$TMP/runs.dk"
await_line "$TMP/daemon.out" '^dkd: started rogue.Victim' 20
owner=$(stat -c %u "$TMP/kept")
check "the folder of one that runs is its own" test "$owner" != 0
selftest --bin "$ROGUE" "$TMP/runs.dk"
is "a solution that runs, and has a folder, is not tried" "$STATUS" 2
has "and that is said" "$TMP/err" 'runs.dk: runs.*stop it first$'
is "its folder is still its own" "$(stat -c %u "$TMP/kept")" "$owner"
kill -TERM "$PID"
await "$PID" 20
selftest --bin "$ROGUE" "$TMP/runs.dk"
is "it is tried when it has ended" "$STATUS" 0
is "and its folder has the same owner" "$(stat -c %u "$TMP/kept")" "$owner"

# ---- a layer is taken away ----

check "a Linux that lacks a call can be played" "${CC:-gcc}" -O1 -Wall -Wextra \
	-Werror -D_GNU_SOURCE -o "$TMP/without" "$TOP/tests/lib/without.c"
landlock=444 # landlock_create_ruleset, by which it is asked for too
without() { # WORD...
	timeout -k 5 120 "$TMP/without" "$landlock" "$DK" selftest "$@" \
		>"$TMP/table" 2>"$TMP/err"
	STATUS=$?
}
for layer in preferred required; do
	cat >"$TMP/$layer.yaml" <<-IN
		entities:
		- name: rogue.Rogue
		  task: reads
		  path: Rogue
		  sandbox:
		    tmpfs: {path: scratch, size: 64K}
		    layers: {landlock: $layer}
		- name: rogue.Rogue
		  task: plain
		  path: Rogue
		  sandbox: {layers: {landlock: $layer}}
	IN
	build $layer
done
without --bin "$ROGUE" "$TMP/preferred.dk"
is "without Landlock an act succeeds: the exit status" "$STATUS" 1
has "it is said" "$TMP/table" \
	'^rogue.Rogue/reads +B17_openat +SUCCEEDED +nothing refused it$'
# The Linux that is played answers before the filter: that is seen too.
is "of that act and sandbox, and of the call that is not there" \
	"$(failed | awk '{print $1, $2, $3}')" \
	"rogue.Rogue/reads B17_landlock_create_ruleset LET
rogue.Rogue/reads B17_openat SUCCEEDED
rogue.Rogue/plain B17_landlock_create_ruleset LET"
is "and counted" "$(tail -n 1 "$TMP/table")" \
	"2 sandboxes, $((2 * acts)) acts, 3 not refused"
has "the layer is named" "$TMP/err" 'this machine lacks: landlock'
without --json --bin "$ROGUE" "$TMP/preferred.dk"
has "and scripts see it" "$TMP/table" \
	'"task":"reads","act":"B17_openat","refused":false,"how":"nothing refused it"\}$'
is "by the status too" "$STATUS" 1
selftest --bin "$ROGUE" "$TMP/preferred.dk"
is "with Landlock none does" "$STATUS" 0
without --bin "$ROGUE" "$TMP/required.dk"
is "a layer that is required: nothing is tried" "$STATUS $(wc -c <"$TMP/table")" \
	"7 0"
has "and it is named" "$TMP/err" 'the layer landlock is required'

# An act that nothing refuses is seen: the hostile program in the open.
for row in none:200 B17_openat:200 B8_own_code:200 B5_no_such_act:201; do
	"$ROGUE/Rogue" act "${row%:*}" >/dev/null 2>&1
	is "${row%:*} in the open ends with ${row#*:}" "$?" "${row#*:}"
done

# ---- one whose hostile program does not run, or is not there ----

mkdir -p "$TMP/tree/bin" "$TMP/tree/libexec/dk"
cp "$DK" "$TMP/tree/bin/dk"
run 10 "$TMP/tree/bin/dk" selftest
is "without what tries them nothing can be tried" "$STATUS" 10
has "and that is said" "$TMP/out" 'the selftest cannot be run'
cp "$ROGUE/selftest" "$ROGUE/selftest.dk" "$TMP/tree/libexec/dk"
run 10 "$TMP/tree/bin/dk" selftest
is "without the hostile program neither" "$STATUS" 4
check "one that does nothing is built" "${CC:-gcc}" -static-pie -x c \
	-o "$TMP/tree/libexec/dk/Rogue" - <<<'int main(void) { return 0; }'
run 60 "$TMP/tree/bin/dk" selftest
is "one that does something else tells nothing: the exit status" "$STATUS" 1
is "no act of it counts" "$(grep -cE '/[a-z]+ +none +UNKNOWN ' "$TMP/out") $(
	grep -cE ' refused ' "$TMP/out")" "4 0"

# ---- words ----

refused() { # STATUS WHAT-IS-SAID WORD...
	run 20 "$DK" selftest "${@:3}"
	is "selftest ${*:3}: its status" "$STATUS" "$1"
	has "selftest ${*:3}: it is said" "$TMP/out" "$2"
}
refused 2 'no such option: --jsn' --jsn
refused 2 'wants a value: --bin' --bin
refused 2 'one image only: two.dk' one.dk two.dk
refused 2 'go with an image' --bin "$ROGUE"
refused 3 "$TMP/none.dk: " "$TMP/none.dk"
refused 3 'is no sound image' --bin "$ROGUE" "$TOP/README.md"
refused 4 'PingClient' --bin "$ROGUE" "$BUILD/apps/ping/ping.dk"
done_testing
