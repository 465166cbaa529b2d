#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The example of a static channel: served as it is, refused without its lines.
set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/solution.sh
. "$TOP/tests/lib/solution.sh"
need_root
guard_take "$TMP"

PING=$TOP/apps/ping

ping_run() { # [IMAGE]
	run 30 "$DK" run --bin "$BUILD/apps/ping" --wait ping.Client \
		"${1:-$BUILD/apps/ping/ping.dk}"
}

# The policy, changed by a sed expression.
ping_with() { # EXPRESSION
	sed "$1" "$PING/security.psl" >"$TMP/ping.psl"
	check_changed
	if ! solution_image "$PING" "$TMP/ping.dk" "$TMP/ping.psl" \
		"$PING/init.yaml" >"$TMP/ping.dkc" 2>&1; then
		not_ok "the policy compiles"
		note <"$TMP/ping.dkc"
		return 1
	fi
	ping_run "$TMP/ping.dk"
}

check_changed() {
	if cmp -s "$PING/security.psl" "$TMP/ping.psl"; then
		not_ok "the policy was changed"
	fi
}

is "the policy is 16 lines, and then its tests" \
	"$(sed -e 1,3d -e '/^assert/,$d' "$PING/security.psl" | sed '$d' |
		wc -l)" 16

ping_run
is "the run ends with 0" "$STATUS" 0
for n in 0 1 2 3 4; do
	has "ping $n is answered" "$TMP/out" "ping $n, pong $((n + 1))\$"
done
has_not "nothing is refused" "$TMP/out" 'rcSecurityDisallow|no rule'

ping_with '/^request/,/^}/s/match.*//'
is "without the request's rule the run ends with 1" "$STATUS" 1
has "the first ping is refused" "$TMP/out" 'ping 0: rcSecurityDisallow'
has "the refusal is recorded" "$TMP/out" \
	'ping\.Client.*responder\.ping.*Ping.*no rule'

ping_with '/^response/,/^}/s/match.*//'
is "without the response's rule the run ends with 1" "$STATUS" 1
has "the first ping is refused there" "$TMP/out" 'ping 0: rcSecurityDisallow'

ping_with 's/src = ping.Client, dst = ping.Server,/src = ping.Server, dst = ping.Server,/'
has "a grant for another class is none" "$TMP/out" \
	'ping 0: rcSecurityDisallow'

sed 's/^execute src = Einit.*/execute src = Einit, dst = ping.Client { grant () }/' \
	"$PING/security.psl" >"$TMP/start.psl"
solution_image "$PING" "$TMP/start.dk" "$TMP/start.psl" "$PING/init.yaml" \
	>"$TMP/ping.dkc" 2>&1
ping_run "$TMP/start.dk"
is "a server whose start is refused is not there" "$STATUS" 1
has_not "nobody answers for it" "$TMP/out" 'pong'
has "the refused start is recorded" "$TMP/out" 'execute.*ping\.Server'

done_testing
