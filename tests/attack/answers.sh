# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# A server that answers wrongly: forged, double, late, malformed, in another's
# name. Its client gets the true answer or a status, never the lie. Rows C7, C21,
# C22, C23, C27.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
guard_take "$TMP"

# attack, calls, pause, deadline, what the client must see
rows=(
	"C21_forged_answer 30 5 2000 right 30 of 30, wrong 0$"
	"C21_double_answer 30 5 2000 right 30 of 30, wrong 0$"
	"C21_stale_answer 30 5 2000 right 30 of 30, wrong 0$"
	"C21_late_answer 3 300 100 right 0 of 3, wrong 0, rcTimeout 3$"
	"C21_answer_of_another_method 20 5 2000 wrong 0"
	"C21_answer_of_another_endpoint 20 5 2000 wrong 0"
	"C21_answer_of_wrong_size 20 5 2000 right 0 of 20, wrong 0, rcInvalidArgument 20$"
	"C21_error_without_parameters 20 5 2000 right 0 of 20, wrong 0, rcInvalidArgument 20$"
	"C7_forged_status 20 5 2000 wrong 0"
	"C22_request_from_a_listener 20 5 2000 wrong 0"
	"C8_answer_too_big 20 5 2000 right 0 of 20, wrong 0, rcInvalidArgument 20$"
	"C27_no_answer 3 5 100 right 0 of 3, wrong 0, rcTimeout 3$"
	"C23_death_with_a_call 5 5 2000 right 0 of 5, wrong 0, rcNotConnected 5$"
	"C23_listener_closed_with_a_call 5 5 2000 right 0 of 5, wrong 0, rcNotConnected 5$"
)
rogue_begin answers 300 10
for row in "${rows[@]}"; do
	read -r attack calls pause deadline _ <<<"$row"
	rogue_add answers "$attack" "$attack"
	rogue_client answers "$attack" "$calls" "$pause" "$deadline"
done
# The rogues serve until the run ends: the bystander's calls last longer.
ROGUES=()
rogue_run answers 60
for row in "${rows[@]}"; do
	read -r attack calls pause deadline expected <<<"$row"
	has "$attack deceives nobody" "$TMP/out" "^\\[of_${attack}\\] .*lair: .*$expected"
done
for attack in C21_forged_answer C21_double_answer C21_stale_answer \
	C21_answer_of_wrong_size C21_error_without_parameters \
	C7_forged_status C22_request_from_a_listener C8_answer_too_big; do
	has "$attack is audited" "$TMP/out" \
		"^dkd: (MALFORMED|REFUSED|DROPPED|DENIED|KILLED) .*${attack}[^A-Za-z0-9_]"
done

done_testing
