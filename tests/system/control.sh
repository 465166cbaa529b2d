#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The control socket and what dk asks over it: who may, each command's answers in
# both forms, tasks on demand with their streams and statuses, and that nothing is
# left of it.
# shellcheck disable=SC2317 # functions that check calls
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/solution.sh
. "$(dirname "$0")/../lib/solution.sh"
need_root
guard_take "$TMP"

chmod 0755 "$TMP"
SOURCE=$TOP/tests/system/control
SOCKET=$TMP/ctl.sock
if ! { solution_programs "$SOURCE" "$TMP/bin" && solution_image "$SOURCE" \
	"$TMP/ctl.dk" "$SOURCE/security.psl" "$SOURCE/init.yaml"; } \
	>"$TMP/cc.out" 2>&1; then
	not_ok "the solution compiles"
	note <"$TMP/cc.out"
	printf '1..%d\n' "$TAP_N"
	exit 1
fi
# Copies, which another user may run wherever the checkout lies.
cp "$DK" "$TMP/dk"
cp -r "$TOP/scripts/clients" "$TMP/clients"
chmod 0755 "$TMP/dk" "$TMP/clients"

daemon() { # NAME [OPTION...]: runs it until its first program has started
	local name=$1
	shift
	spawn "$name" "$DK" run --bin "$TMP/bin" --grace 300 "$@" "$TMP/ctl.dk"
	await_line "$TMP/$name.out" 'started always' 20
}
act_as() { # USER GROUP: from now on, whom `user` and "${AS[@]}" are
	AS=(setpriv --reuid="$1" --regid="$2" --clear-groups)
}
ask() { # COMMAND...: dk's own output and status, as root
	run 20 "$TMP/dk" "$1" -s "$SOCKET" "${@:2}"
}
status_is() { # NAME EXPECTED
	is "$1" "$STATUS" "$2"
	[[ $STATUS == "$2" ]] || note <"$TMP/out"
}
# A flat JSON object in every line, and at least one.
json_lines() { # FILE
	local value='("([^"\\]|\\["\\u])*"|-?[0-9]+|true|false|null)'
	[[ -s $1 ]] && ! grep -qvE \
		"^\\{\"[a-z_]+\":$value(,\"[a-z_]+\":$value)*\\}\$" "$1"
}

# ---- the socket ----

check "the daemon starts" daemon first --control "$SOCKET" \
	--control-group daemon
FIRST=$PID
is "A17_the socket has its mode and its group" \
	"$(stat -c '%F %a %U %G' "$SOCKET")" "socket 660 root daemon"
has "a user that the machine does not have is said" "$TMP/first.out" \
	'no user no-such-user-here'
run 10 "$DK" run --bin "$TMP/bin" --control "$SOCKET" "$TMP/ctl.dk"
status_is "a second daemon is refused a socket that is served" 2
has "and says so" "$TMP/out" 'another daemon serves this control socket'
check "the first one's socket is still there" test -S "$SOCKET"
echo precious >"$TMP/file"
run 10 "$DK" run --bin "$TMP/bin" --control "$TMP/file" "$TMP/ctl.dk"
status_is "a file that is no socket is refused" 2
is "and not touched" "$(cat "$TMP/file")" precious
run 10 "$DK" run --bin "$TMP/bin" --control "$TMP/none/x" "$TMP/ctl.dk"
status_is "a folder that is not there is refused" 2
run 10 "$DK" run --bin "$TMP/bin" --control-group no-such-group "$TMP/ctl.dk"
status_is "a group that is not there is refused" 2

# ---- what root sees ----

ask ps
status_is "dk ps succeeds" 0
has "it shows who runs, with all layers" "$TMP/out" \
	'^always +ctl\.Tool +running +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ '
has "and who waits to be asked for" "$TMP/out" \
	'^copy +ctl\.Tool +waiting +- +- '
has_not "without colour where no terminal is" "$TMP/out" $'\033'
ask ps --json
check "dk ps --json is JSON" json_lines "$TMP/out"
is "with a line for each task" "$(wc -l <"$TMP/out")" 10
has "and null for what there is not" "$TMP/out" \
	'^\{"task":"copy".*"pid":null.*"demand":true'
is "its pid is the program's" "$(tr -d '\0' <"/proc/$(grep -oE \
	'"task":"always".*"pid":[0-9]+' "$TMP/out" | grep -oE '[0-9]+$')/cmdline")" \
	alwayswait
ask ps --sandbox
status_is "dk ps --sandbox succeeds" 0
is "it shows every layer of each task" "$(wc -l <"$TMP/out")" 181
has "what is asked for, required, holds, and by which probe that is known" \
	"$TMP/out" '^always +landlock +yes +yes +yes +open of / is EACCES +20'
has "and a layer that is not asked for" "$TMP/out" \
	'^always +cgroup +no +no +no +- +-$'
is "nothing of what does not run is called proven" \
	"$(grep -E '^copy ' "$TMP/out" | grep -cE ' 20[0-9-]+T')" 0
has "and who is never probed" "$TMP/out" \
	'^copy +landlock +yes +yes +no +never probed +-$'
ask ps --sandbox --json
check "dk ps --sandbox --json is JSON" json_lines "$TMP/out"
unproven() {
	grep '"task":"always".*"asked":true.*"proven":false' "$TMP/out" |
		grep -oE '"layer":"[^"]*"'
}
is "all that a running one asks for is proven" "$(unproven)" ""
ask channels --sandbox
status_is "of channels there is no sandbox to show" 2
ask channels
status_is "dk channels succeeds without a channel" 0
ask names
status_is "dk names succeeds without a name server" 0
ask audit
status_is "dk audit succeeds" 0
ask audit --level 3
status_is "dk audit --level succeeds" 0
has "and is told in the log" "$TMP/first.out" 'audit level 3, for user 0'

# ---- tasks on demand ----

spawned() { # TASK: with $TMP/in as input; $TMP/out, $TMP/err, $STATUS
	timeout -k 5 20 "$TMP/dk" spawn -s "$SOCKET" "$1" <"$TMP/in" \
		>"$TMP/out" 2>"$TMP/err"
	STATUS=$?
}
head -c 300000 /dev/urandom >"$TMP/in"
spawned copy
status_is "a task that copies ends with 0" 0
check "what it reads and writes goes through as it is" cmp "$TMP/in" "$TMP/out"
: >"$TMP/in"
spawned copy
status_is "it may run again" 0
is "an empty input is an empty output" "$(wc -c <"$TMP/out")" 0
spawned five
status_is "its status is handed through" 5
spawned die
status_is "a signal is 128 and its number" 139
spawned both
is "standard output is standard output" "$(cat "$TMP/out")" "to the first"
is "and standard error standard error" "$(cat "$TMP/err")" "to the second"
spawned paint
has "what goes to no terminal is not changed" "$TMP/out" $'\033\\[31mred'
script -qec "$TMP/dk spawn -s $SOCKET paint" "$TMP/typescript" >/dev/null 2>&1 \
	</dev/null
has_not "on a terminal no control character gets through" "$TMP/typescript" \
	$'\033|\007'
has "it is shown instead" "$TMP/typescript" '\\x1b\[31mred'
has "and other characters are what they are" "$TMP/typescript" 'ä'
has_not "what a task prints to its asker is not in the log" "$TMP/first.out" \
	'to the first'
spawned rooted
status_is "a start that the policy denies has a status of its own" 121
has "and is said" "$TMP/err" 'rooted: the policy denies its start'
has "and is on record, with the starter's class" "$TMP/first.out" \
	'DENIED.*starter.*-> rooted'
spawned always
status_is "a task that starts by itself is not started" 127
spawned never
status_is "nor one that is not there" 127
spawned ''
status_is "nor one without a name" 2
spawned "$(printf '%0300d' 0)"
status_is "nor one with a name that is too long" 127

# ---- its end ----

stay() { # NAME TASK: $PID
	spawn "$1" "$TMP/dk" spawn -s "$SOCKET" "$2"
	await_line "$TMP/$1.out" here 20
}
check "a task that stays starts" stay one wait
spawned wait
status_is "it runs at most once at a time" 122
kill -INT "$PID"
await "$PID" 10
status_is "^C asks it to end, and its status is handed through" 7
has "its last words too" "$TMP/one.out" bye
check "it can be started again" stay two stay
kill -TERM "$PID"
await "$PID" 10
status_is "one that does not listen is killed after the grace" 137
check "and once more" stay three wait
kill -KILL "$PID"
await "$PID" 10
ended_twice() { # by ^C, and now
	local end=$((${EPOCHREALTIME/./} + 10000000))
	until [[ $(grep -c 'ended wait .*status 7' "$TMP/first.out") == 2 ]]; do
		[[ ${EPOCHREALTIME/./} -lt $end ]] || return 1
		sleep 0.02
	done
}
check "when dk dies its task is asked to end" ended_twice
ended_wait() {
	"$TMP/dk" ps -s "$SOCKET" --json |
		grep -q '"task":"wait".*"state":"ended".*"status":7'
}
check "and dk ps says so" ended_wait
check "the solution goes on" kill -0 "$FIRST"

# ---- who may ----

act_as nobody daemon
user() { # COMMAND...
	run 20 "${AS[@]}" "$TMP/dk" "$1" -s "$SOCKET" "${@:2}"
}
user ps
status_is "a user with a class that the policy lets sees who runs" 0
user spawn five
status_is "and starts what it may" 5
for command in channels names audit 'audit --level 1' stop; do
	# shellcheck disable=SC2086 # words
	user $command
	status_is "C19_but not: $command" 120
done
has "the policy's denial is said" "$TMP/out" 'the policy does not let your class'
user spawn both
status_is "a name that the policy does not have is denied" 120
has "on record, with its rule" "$TMP/first.out" \
	'DENIED.*nobody \(ctl\.Operator.*control\.Control\.Spawn: .*security\.psl'
user spawn refused
status_is "so is the start of a class that it may not start" 121
has "on record, with the user's class as src" "$TMP/first.out" \
	'DENIED execute .*nobody \(ctl\.Operator.*-> refused'
act_as bin daemon
for command in ps 'spawn five' stop; do
	# shellcheck disable=SC2086 # words
	user $command
	status_is "C19_a user without a class is refused: $command" 120
done
has "and told why" "$TMP/out" 'you have no class'
has "on record" "$TMP/first.out" 'REFUSED.*Stop: user [0-9]+ at the control socket'
act_as nobody bin
user ps
status_is "who is not in the group does not get so far" 120
has "and is told so" "$TMP/out" 'only root and the members of its group'
check "the daemon runs as before" kill -0 "$FIRST"
ask audit --json
has "dk audit tells of all that" "$TMP/out" \
	'"what":"REFUSED".*"why":"user [0-9]+ at the control socket'

# ---- records to come ----

spawn follow "$TMP/dk" audit -s "$SOCKET" --follow
FOLLOW=$PID
check "dk audit --follow begins with the last records" \
	await_line "$TMP/follow.out" 'Stop: user' 10
act_as nobody daemon
user names
check "and prints those that come" \
	await_line "$TMP/follow.out" 'control\.Control\.Names' 10
kill -INT "$FOLLOW"
await "$FOLLOW" 10

# ---- the script ----

run 30 "$TMP/clients" -d "$TMP/dk" -s "$SOCKET" copy both
status_is "the script starts clients as root" 0
has "and says their statuses" "$TMP/out" '^both: 0$'
run 30 "$TMP/clients" -d "$TMP/dk" -s "$SOCKET" five copy
status_is "one that fails is the script's failure" 1
has "which is said" "$TMP/out" '^five: 5$'
act_as nobody daemon
run 30 "${AS[@]}" "$TMP/clients" -d "$TMP/dk" -s "$SOCKET" copy
status_is "a user that is let runs it too" 0
act_as bin daemon
run 30 "${AS[@]}" "$TMP/clients" -d "$TMP/dk" -s "$SOCKET" copy
status_is "another is refused" 120
act_as bin bin
run 30 "${AS[@]}" "$TMP/clients" -d "$TMP/dk" -s "$SOCKET"
status_is "and one without the group too, without a task's name" 120
run 30 "$TMP/clients" -x
status_is "an unknown option is refused" 2

# ---- the end ----

ask stop
status_is "dk stop succeeds" 0
check_not "the daemon has gone by then" kill -0 "$FIRST"
check_not "and its socket" test -e "$SOCKET"
await "$FIRST" 5
status_is "it ended with 0" 0
has_not "every charge is returned" "$TMP/first.out" 'BUG'
ask ps
status_is "nobody answers any more" 119

# A daemon that is killed leaves its socket; the next one takes it over.
check "a daemon starts" daemon second --control "$SOCKET"
kill -KILL "$PID"
await "$PID" 10
check "a killed one leaves its socket" test -S "$SOCKET"
ask ps
status_is "which nobody serves" 119
check "the next one takes the place" daemon third --control "$SOCKET"
ask ps
status_is "and answers" 0
rm "$SOCKET"
echo mine >"$SOCKET"
kill -TERM "$PID"
await "$PID" 10
is "what is no longer its own is not removed" "$(cat "$SOCKET")" mine

# Two of one image, at the places that they choose themselves.
check "one daemon starts at its own place" daemon fourth
FOURTH=$PID
check "and a second one" daemon fifth
FIFTH=$PID
run 10 "$TMP/dk" ps
status_is "then it must be said which" 119
has "and both are named" "$TMP/out" '/run/dk/ctl\.2\.sock'
run 10 "$TMP/dk" stop -s ctl.2
status_is "the second is stopped by its name" 0
check "the first runs" kill -0 "$FOURTH"
run 10 "$TMP/dk" ps -s ctl
status_is "and answers by its own" 0
run 10 "$TMP/dk" stop -s ctl
status_is "it is stopped too" 0
check_not "no socket is left" ls /run/dk/ctl.sock /run/dk/ctl.2.sock
await "$FOURTH" 5
await "$FIFTH" 5

# ---- names ----

mkdir -p "$TMP/data/pictures" "$TMP/data/demo"
spawn picture "$DK" run --bin "$BUILD/apps/picture" --data "$TMP/data" \
	--control "$TMP/picture.sock" "$BUILD/apps/picture/picture.dk"
PICTURE=$PID
SOCKET=$TMP/picture.sock
check "a solution with a name server runs" \
	await_line "$TMP/picture.out" 'ended picture\.NonValidPictureClient' 20
ask names
has "dk names tells what is published" "$TMP/out" \
	'^picture\.Pictures +picture\.PictureManager +album\.pictures +[0-9]+$'
ask names --json
check "dk names --json is JSON" json_lines "$TMP/out"
ask channels
has "dk channels tells who is connected to whom" "$TMP/out" \
	'^picture\.PictureManager +kl\.core\.NameServer +static +kl\.core\.NameServer +0$'
ask channels --json
check "dk channels --json is JSON" json_lines "$TMP/out"
kill -KILL "$(awk '/started picture.PictureManager/ {
	sub(/.*pid /, ""); sub(/,.*/, ""); print }' "$TMP/picture.out")"
check "the publisher dies" \
	await_line "$TMP/picture.out" 'ended picture\.PictureManager' 10
ask names
has_not "and what it published is gone" "$TMP/out" 'album'
ask stop
status_is "and all is ended" 0
await "$PICTURE" 5

# Without a control socket nobody can ask: it ends when all have ended.
check "a daemon starts without a socket" daemon sixth --control none
kill -TERM "$PID"
await "$PID" 10
status_is "and ends" 0
done_testing
