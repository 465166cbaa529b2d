#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The example of a session: a machine that moves for who has logged in. What the
# policy's lines do is seen by taking them out.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/solution.sh
. "$TOP/tests/lib/solution.sh"
need_root
guard_take "$TMP"

LOGIN=$TOP/apps/login

login_run() { # [IMAGE]
	run 60 "$DK" run --bin "$BUILD/apps/login" --wait worker \
		--wait passer-by \
		"${1:-$BUILD/apps/login/login.dk}"
	for task in worker passer-by login.Doorman login.Machine; do
		sed -n "s/^\\[$task\\] //p" "$TMP/out" >"$TMP/said.$task"
	done
}

# The policy, changed by a sed expression.
login_with() { # EXPRESSION
	: >"$TMP/out"
	sed "$1" "$LOGIN/security.psl" >"$TMP/login.psl"
	check_not "the policy is changed" cmp -s "$LOGIN/security.psl" \
		"$TMP/login.psl"
	if ! solution_image "$LOGIN" "$TMP/login.dk" "$TMP/login.psl" \
		"$LOGIN/init.yaml" >"$TMP/login.dkc" 2>&1; then
		not_ok "the policy compiles"
		note <"$TMP/login.dkc"
		return 1
	fi
	login_run "$TMP/login.dk"
}

refused='rcSecurityDisallow (denied by the policy)'

# ---- as it is ----

login_run
is "the run ends with 0" "$STATUS" 0
is "the worker works in its session, and only there" \
	"$(cat "$TMP/said.worker")" "move: $refused
log out: $refused
log in: wrong PIN
move: $refused
log in: welcome
move: from 0 to 30
log in: $refused
move: from 30 to 40
log out: goodbye
move: $refused
log in: welcome
move: from 40 to 60"
is "a session is not open for others of the class" \
	"$(cat "$TMP/said.passer-by")" "move: $refused
log in: wrong PIN
move: $refused
log out: $refused"
is "the machine has heard of nothing else" \
	"$(cat "$TMP/said.login.Machine")" "moved to 30
moved to 40
moved to 60"
is "nobody left who was not there" \
	"$(grep -c 'somebody leaves' "$TMP/said.login.Doorman")" 1
has "the refusal is recorded" "$TMP/out" \
	'DENIED request .*login\.Terminal.*login\.Machine.*device\.Move'

# ---- without its lines ----

login_with 's/session.allow { sid: src_sid, states: \["open"\] }/grant ()/'
is "without the machine's rule whoever comes is served" \
	"$(grep -c '^move: from' "$TMP/said.passer-by")" 2
is "without it the worker is served always" \
	"$(grep -c '^move: from' "$TMP/said.worker")" 6

login_with 's/1: session.enter.*/1: grant ()/'
is "where no answer opens the session nobody is served" \
	"$(wc -l <"$TMP/said.login.Machine")" 0
is "the doorman's welcome alone is worth nothing" \
	"$(grep -c '^log in: welcome' "$TMP/said.worker")" 3

login_with 's/0: grant ()/0: session.enter {sid : dst_sid, state : "open"}/'
has "where a wrong PIN opens it the passer-by is served" \
	"$TMP/said.passer-by" '^move: from'

login_with '/session.init/d'
has_not "a process that is not in the object's pool is served nothing" \
	"$TMP/out" 'move: from|welcome'

login_with 's/"open": \["closed"\]/"open": []/'
is "where nothing leads out of it a session cannot be left" \
	"$(grep -c '^log out: goodbye' "$TMP/said.worker")" 0

done_testing
