# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Floods, descriptors and ends: the limits stop who asks for more, nobody else,
# and everything comes back. Rows B12, B13, C1 to C6, C10, C12, C14, C16, C23, C25.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
guard_take "$TMP"

# ---- requests that nobody reads the answers of ----

rogue_begin floods 150 10
rogue_add floods C12_requests C12_requests_without_reading
rogue_add floods C12_bodies C12_large_bodies_without_reading
rogue_add floods C25_denials C25_denials 10000
rogue_add floods C6_calls C6_calls_under_way
rogue_add floods C6_cancels C6_cancels
rogue_run floods 90
for rogue in C12_requests C12_bodies; do
	sent=$(rogue_number $rogue sent)
	# What fits into two sockets, and no more: nothing grows with the sender.
	check "${rogue}_without_reading is stopped (after ${sent:-none})" \
		test "${sent:-200000}" -lt 5000
	has "${rogue}_without_reading is told" "$TMP/out" \
		"^dkd: REFUSED .*$rogue .*does not read"
done
has "C25_denials gets its status each time" "$TMP/out" \
	'^\[C25_denials\] .*denied 10000 of 10000$'
records=$(rogue_records C25_denials)
check "C25_denials is summarised ($records records)" test "$records" -le 200
check "C25_denials is audited" test "$records" -ge 1
quota=$(rogue_number C6_calls QUOTA)
check "C6_calls_under_way meets a quota" test "${quota:-0}" -gt 0
has "C6_calls_under_way is refused on that channel alone" "$TMP/out" \
	'^\[C6_calls\] .*good 3 of 3$'
has "C6_cancels of calls that never were harm nobody" "$TMP/out" \
	'^\[C6_cancels\] .*good 3 of 3$'

# ---- output ----

rogue_begin output 200 10
rogue_add output C25_out C25_output
rogue_run output 60
has_not "C25_output forges no line of the daemon" "$TMP/out" \
	'^dkd: Rogue: granted everything'
check_not "C25_output brings no control character through" \
	grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$TMP/out"
check_not "C25_output brings no C1 character through" grep -qaP '\x9b' "$TMP/out"
lines=$(grep -c '^\[C25_out\]' "$TMP/out")
check "C25_output is limited ($lines lines of 50 000)" test "$lines" -lt 5000
has "C25_output: it says how many lines were left out" "$TMP/out" \
	'C25_out.*[0-9]+ (lines|more)|[0-9]+ .*lines.*C25_out'
longest=$(awk '{ if (length($0) > n) n = length($0) } END { print n + 0 }' \
	"$TMP/out")
check "C25_output: no line is endless ($longest)" test "$longest" -lt 9000

# ---- descriptors ----

rogue_begin circle 100 10
rogue_add circle C4_circle C4_socket_in_itself
rogue_run circle 60
# A handle of its own may be handed on, so often as the receiver's quota takes;
# the kernel's never.
has "C4_socket_in_itself meets a quota" "$TMP/out" \
	'^\[C4_circle\] .*refused [1-9][0-9]*, answered [0-9]+, unsent 0'
has "C4_the kernel's end is never passed on" "$TMP/out" \
	'^\[C4_circle\] .*refused 300, answered 0, unsent 0'
has "C4_socket_in_itself: good requests go on" "$TMP/out" \
	'^\[C4_circle\] .*good 3 of 3$'

rogue_begin descriptors 200 10
rogue_add descriptors C1_many C1_many_descriptors
rogue_add descriptors C2_odd C2_odd_control
rogue_add descriptors C14_urgent C14_out_of_band
rogue_add descriptors C5_promised C5_more_than_promised
rogue_add descriptors C22_foreign C22_foreign_descriptor
rogue_add descriptors C5_turns C5_by_turns
rogue_add descriptors C4_flight C4_in_flight
: >"$TMP/fds"
# The mediator's descriptors, before and after: counted while it runs.
watch_mediator() {
	local pid='' dir
	while [[ ! -e $TMP/over ]]; do
		for dir in /proc/[0-9]*; do
			[[ $(cat "$dir/comm" 2>/dev/null) == dkd ]] || continue
			grep -qE '^Uid:.0\b' "$dir/status" 2>/dev/null && continue
			tr '\0' ' ' <"$dir/cmdline" 2>/dev/null |
				grep -q "$TMP/descriptors.dk" || continue
			guard_fds "${dir#/proc/}" >>"$TMP/fds"
		done
		sleep 0.05
	done
}
set -m
watch_mediator &
watcher=$!
TAP_PIDS+=("$watcher")
set +m
rogue_run descriptors 90
touch "$TMP/over"
wait "$watcher"
for rogue in C1_many C2_odd C5_promised C22_foreign C4_flight; do
	has "$rogue: good requests go on" "$TMP/out" \
		"^\\[${rogue}\\] .*good 3 of 3\$|^dkd: KILLED .*$rogue"
	has_not "$rogue: nothing is silent" "$TMP/out" \
		"^\\[${rogue}\\] .*silent [1-9]"
done
has_not "C22_foreign descriptors are never passed on" \
	"$TMP/out" '^\[(C22_foreign|C1_many|C5_promised)\] .*answered [1-9]'
has "C1_many_descriptors: more than the system takes is refused by it" \
	"$TMP/out" '^\[C1_many\] .*254 descriptors: .*unsent 50|^dkd: KILLED .*C1_many'
has "C2_odd_control is refused each time" "$TMP/out" \
	'^\[C2_odd\] .*refused 400, other 0, unsent 0$'
is "C14_out_of_band sends and gets nothing" "$(sed -nE \
	's/^\[C14_urgent\] .*: (send|recv|errno) (-?[0-9]+)$/\1 \2/p' "$TMP/out" |
	sort -u | tr '\n' ' ')" 'errno 95 recv -1 send -1 '
has "C14_out_of_band: good requests go on" "$TMP/out" \
	'^\[C14_urgent\] .*good 3 of 3$'
has "C5_by_turns: no descriptor goes with the wrong frame" "$TMP/out" \
	'^\[C5_turns\] .*right 2000, wrong 0$'
if [[ -s $TMP/fds ]]; then
	most=$(sort -n "$TMP/fds" | tail -n 1)
	check "C1: the mediator keeps no descriptor (at most $most)" \
		test "$most" -lt 100
else
	not_ok "C1: the mediator keeps no descriptor" "it was not seen"
fi

# ---- ends at every point of a life ----

rogue_begin ends 120 10
for point in 0 1 2 3 4 5 6 7 8 9 10 11 12 13; do
	rogue_add ends "C23_point_$point" C23_ends_at $point
done
rogue_run ends 60
for point in 0 1 2 3 4 5 6 7 8 9 10 11 12 13; do
	# Within a request, too.
	row=C23_ends_at
	[[ $point != [235] ]] || row=C16_who_asked_ends_at
	has "$row point $point is noticed" "$TMP/out" \
		"^dkd: .*[^A-Za-z0-9_]C23_point_${point}[^A-Za-z0-9_]"
done
has "B12_a crash is told as one" "$TMP/out" \
	'^dkd: .*C23_point_12[^A-Za-z0-9_].*(SIGSEGV|signal 11|Segmentation)'

# ---- who listens to the records, and does not read them ----

rogue_begin tap 200 10
rogue_add tap C10_denials C25_denials 10000
rogue_add tap C10_kind C8_kind 2000
socket=$TMP/control
# shellcheck disable=SC2317 # spawn calls it
listen() {
	until [[ -S $socket ]]; do sleep 0.02; done
	"$DK" audit --follow -s "$socket" >"$TMP/deaf" 2>&1 &
	local deaf=$!
	# It has asked, and sleeps until there is something to read.
	until [[ -n $(find "/proc/$deaf/fd" -lname 'socket:*') ]] &&
		grep -q '^State:.S' "/proc/$deaf/status"; do
		sleep 0.01
	done
	kill -STOP "$deaf"
	"$DK" audit --follow -s "$socket" >"$TMP/tap" 2>&1 &
	wait $!
	grep '^State' "/proc/$deaf/status" >"$TMP/deaf.state"
	kill -KILL "$deaf"
}
spawn listeners listen
listeners=$PID
rogue_run tap 60 --control "$socket"
has "C10_denials are all answered while one listens and one does not" "$TMP/out" \
	'^\[C10_denials\] .*denied 10000 of 10000$'
has "C10_kind: good requests go on" "$TMP/out" '^\[C10_kind\] .*good ([0-9]+) of \1,'
await "$listeners" 20
has "C10_one was deaf to the end" "$TMP/deaf.state" '^State:.T'
has "C10_who listens is told of both" "$TMP/tap" 'C10_kind'
has "C10_and of the other" "$TMP/tap" 'C10_denials'
check_not "C10_no control character comes with them" \
	grep -qP '[\x00-\x08\x0b-\x1f\x7f]' "$TMP/tap"

# ---- memory ----

# Not without a limit: it would be the machine that ends it, and others with it.
if grep -qE 'RLIMIT_(AS|DATA)' "$TOP"/kernel/task/*.c; then
	rogue_begin memory 100 10
	rogue_add memory B13_memory B13_memory
	rogue_run memory 60
	got=$(rogue_number B13_memory got)
	check "B13_memory is limited (${got:-none} MiB)" test "${got:-0}" -lt 4096
else
	skip "B13_memory is limited" "no limit of address space is set"
fi

done_testing
