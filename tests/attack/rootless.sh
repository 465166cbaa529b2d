# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# The attacks against a daemon that root did not start: the same tests, with the
# same outcomes, but for what tests/attack/mediator.sh says. Not floods.sh: Linux
# counts descriptors in flight by user, who is one for all programs there; nor
# numbers.sh, which is about a filter that is the same.
# limit: 600

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
need_root
guard_take "$TMP"

for name in calls answers frames mediator; do
	ROOTLESS=1 ROGUE_FRAMES=${ROGUE_FRAMES:-300} timeout -k 5 300 \
		bash "$TOP/tests/attack/$name.sh" >"$TMP/$name.tap" 2>&1
	is "$name: it comes to its end" $? 0
	is "$name: all that it plans was tried" \
		"1..$(grep -cE '^(not )?ok ' "$TMP/$name.tap")" \
		"$(grep -E '^1\.\.[0-9]+$' "$TMP/$name.tap")"
	while read -r line; do
		case $line in
		"ok "*"# SKIP "*) skip "without root: ${line#*- }" "as with root" ;;
		"ok "*) ok "without root: ${line#*- }" ;;
		"not ok "*) not_ok "without root: ${line#*- }" ;;
		esac
	done < <(grep -E '^(not )?ok ' "$TMP/$name.tap")
	grep -A8 '^not ok ' "$TMP/$name.tap" | note
done

done_testing
