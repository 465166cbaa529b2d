# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Ends from outside: signals, kill -9 of either half of the daemon, outputs that
# nobody reads, two daemons side by side. Nothing may be left.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

lab_policy stay all
cat >"$TMP/stay.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [register, work_channel, print, "server is up", serve, "0"]
- name: lab.Client
  task: Client
  path: probe
  args: [connect, work_channel, add, "1", "2", stay]
  connections:
  - target: Server
    id: work_channel
- name: lab.Other
  task: Stubborn
  path: probe
  args: [print, "stubborn is up", hang]
IN
lab_image stay

begin() { # NAME [OPTION...]
	local name=$1
	shift
	spawn "$name" "$DK" run --bin "$LAB" --grace 500 "$@" "$TMP/stay.dk"
	if ! await_line "$TMP/$name.out" '^\[Client\] .*add 1 2: Ok 3' 10 ||
		! await_line "$TMP/$name.out" 'stubborn is up' 10; then
		not_ok "$name: the solution runs"
		note <"$TMP/$name.out"
		return 1
	fi
	running=$(strangers)
}

# Processes of uids that no account has, as numbers; and our daemons'.
strangers() {
	guard_processes | awk '{ print $2 }' | sort -n | tr '\n' ' '
}

# nothing_left NAME: of what ran, nobody is there after 3 s.
nothing_left() {
	local pid left='' end=$((SECONDS + 3))
	while :; do
		left=''
		for pid in $running; do
			[[ -d /proc/$pid ]] &&
				! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null &&
				left+=" $pid"
		done
		[[ -n $left && $SECONDS -lt $end ]] || break
		sleep 0.1
	done
	is "$1: nothing is left running" "$left" ""
}

# ---- signals ----

for row in INT:130 TERM:0 HUP:0; do
	signal=${row%:*}
	begin "$signal" || continue
	check "$signal: there was something to leave" test "$(wc -w <<<"$running")" -ge 4
	kill -s "$signal" "$PID"
	await "$PID" 10
	is "$signal ends the run with its status" "$STATUS" "${row#*:}"
	nothing_left "$signal"
done

# The terminal's Ctrl-C goes to every process of the group at once.
if begin group; then
	kill -s INT -- "-$PID"
	await "$PID" 10
	is "Ctrl-C ends the run with its status" "$STATUS" 130
	nothing_left "Ctrl-C"
fi

# A second Ctrl-C does not wait for the grace.
if begin twice --grace 20000; then
	kill -s INT "$PID"
	sleep 0.3
	kill -s INT "$PID"
	await "$PID" 5
	is "a second Ctrl-C ends it at once" "$STATUS" 130
	nothing_left "a second Ctrl-C"
fi

# ---- kill -9 ----

# The launcher is the process that dk run became; the mediator the child of it
# that has a uid of no account and is called like the daemon.
daemon_pids() { # ROOT-PID: itself and what is below, with uid and name
	local -a todo=("$1")
	local -a children
	local pid
	while [[ ${#todo[@]} != 0 ]]; do
		pid=${todo[0]}
		todo=("${todo[@]:1}")
		[[ -r /proc/$pid/status ]] || continue
		printf '%s %s %s\n' "$pid" \
			"$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$pid/status")" \
			"$(<"/proc/$pid/comm")"
		read -r -d '' -a children < <(cat \
			"/proc/$pid/task/"*/children 2>/dev/null)
		todo+=("${children[@]}")
	done
}

if begin launcher; then
	kill -KILL "$PID"
	await "$PID" 10
	nothing_left "kill -9 of the launcher"
fi

if begin mediator; then
	mediator=$(daemon_pids "$PID" | awk '$2 != 0 && $3 ~ /^dkd/ { print $1; exit }')
	if [[ -z $mediator ]]; then
		not_ok "the mediator runs under a uid of its own" "$(daemon_pids "$PID")"
		kill -TERM "$PID"
	else
		ok "the mediator runs under a uid of its own"
		has "the mediator has no capability" "/proc/$mediator/status" \
			'^CapEff:.0+$'
		has "nor may it get one" "/proc/$mediator/status" '^CapBnd:.0+$'
		if [[ -n ${SANITIZE-} ]]; then
			skip "the mediator has a filter" \
				"sanitizers need more calls than it allows"
		else
			has "the mediator has a filter" "/proc/$mediator/status" \
				'^Seccomp:.2$'
		fi
		has "the mediator has no new privileges" "/proc/$mediator/status" \
			'^NoNewPrivs:.1$'
		kill -KILL "$mediator"
	fi
	await "$PID" 10
	is "kill -9 of the mediator: its own exit status" "$STATUS" 8
	nothing_left "kill -9 of the mediator"
fi

# The programs, as the system sees them.
if begin seen; then
	uids='' wrong=''
	for pid in $(daemon_pids "$PID" | awk '$2 != 0 && $3 !~ /^dkd/ { print $1 }'); do
		status=/proc/$pid/status
		uids+=$(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "$status")$'\n'
		for line in '^CapEff:.0+$' '^CapPrm:.0+$' '^CapBnd:.0+$' \
			'^CapAmb:.0+$' '^NoNewPrivs:.1$' '^Seccomp:.2$'; do
			grep -qE "$line" "$status" || wrong+=" $pid:$line"
		done
		[[ $(readlink "/proc/$pid/ns/net") != $(readlink /proc/self/ns/net) ]] ||
			wrong+=" $pid:net"
		[[ $(readlink "/proc/$pid/ns/mnt") != $(readlink /proc/self/ns/mnt) ]] ||
			wrong+=" $pid:mnt"
		[[ $(readlink "/proc/$pid/ns/pid") != $(readlink /proc/self/ns/pid) ]] ||
			wrong+=" $pid:pid"
	done
	is "three programs run" "$(grep -c . <<<"$uids")" 3
	is "A15 each under a uid of its own" \
		"$(grep . <<<"$uids" | sort -u | wc -l)" 3
	is "A13 each without capabilities, with a filter, in its namespaces" \
		"$wrong" ""
	kill -TERM "$PID"
	await "$PID" 10
	nothing_left "TERM again"
fi

# ---- two at the same time ----

if begin one; then
	first=$PID first_running=$running
	if begin two; then
		all=$(strangers)
		uids=$(for pid in $all; do
			sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$pid/status"
		done 2>/dev/null | grep -vx 0 | sort)
		is "two daemons at once share no uid" "$(uniq -d <<<"$uids")" ""
		kill -TERM "$PID"
		await "$PID" 10
		is "the second ends" "$STATUS" 0
		check "the first goes on" kill -0 "$first"
	fi
	kill -TERM "$first"
	await "$first" 10
	is "the first ends" "$STATUS" 0
	running=$first_running
	nothing_left "two daemons"
fi

# ---- outputs ----

lab_policy chatter all
cat >"$TMP/chatter.yaml" <<'IN'
entities:
- name: lab.Client
  task: Client
  path: probe
  args: [lines, "20000", print, done]
IN
lab_image chatter

mkfifo "$TMP/pipe"
# A reader that goes away after one line.
# shellcheck disable=SC2016 # the inner shell expands
spawn closed bash -c 'head -n 1 <"$1" >/dev/null' - "$TMP/pipe"
set -m
timeout -k 5 20 "$DK" run --bin "$LAB" "$TMP/chatter.dk" </dev/null \
	>"$TMP/pipe" 2>&1 &
set +m
wait $!
status=$?
if [[ $status -lt 124 || $status == 141 ]]; then
	ok "an output that is closed does not hang the run"
else
	not_ok "an output that is closed does not hang the run" "status $status"
fi

# A reader that never reads.
# shellcheck disable=SC2016
spawn full bash -c 'exec 9<"$1"; sleep 25' - "$TMP/pipe"
set -m
timeout -k 5 20 "$DK" run --bin "$LAB" "$TMP/chatter.dk" </dev/null \
	>"$TMP/pipe" 2>&1 &
run_pid=$!
set +m
wait $run_pid
status=$?
if [[ $status -lt 124 ]]; then
	ok "an output that nobody reads does not hang the run"
else
	not_ok "an output that nobody reads does not hang the run" "status $status"
fi
kill -KILL -- "-$PID" 2>/dev/null

run 20 bash -c 'exec "$@" <&- >&- 2>&-' - "$DK" run --bin "$LAB" \
	"$TMP/chatter.dk"
check "closed standard streams do not hang the run" test "$STATUS" != 124

done_testing
