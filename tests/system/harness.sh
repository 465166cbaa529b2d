# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# The harness itself: what must count as a failure does.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

# file NAME: the rest of the test is its text; runs it under tests/run.
file() {
	cat >"$TMP/$1.sh"
	TEST_LIMIT=2 run 30 "$TOP/tests/run" "$TMP/$1.sh"
}

file good <<'IN'
echo "ok 1 - one"
echo "ok 2 - two # SKIP no moon"
echo "1..2"
IN
is "what passes passes" "$STATUS" 0
has "it is counted" "$TMP/out" '^1 passed, 0 failed, 1 skipped$'
has "a skip says why" "$TMP/out" 'no moon'

file bad <<'IN'
echo "ok 1 - one"
echo "not ok 2 - two"
echo "# because of this"
echo "1..2"
exit 1
IN
is "what fails fails" "$STATUS" 1
has "a failure is counted once" "$TMP/out" '^1 passed, 1 failed, 0 skipped$'
has "a failure is named" "$TMP/out" 'failed: two'
has "a failure is explained" "$TMP/out" 'because of this'

file no_plan <<'IN'
echo "ok 1 - one"
IN
has "a missing plan fails" "$TMP/out" '^1 passed, 1 failed, 0 skipped$'

file short <<'IN'
echo "1..3"
echo "ok 1 - one"
IN
has "fewer tests than planned fail" "$TMP/out" '3 tests were planned, 1 came'

file misnumbered <<'IN'
echo "ok 1 - one"
echo "ok 3 - three"
echo "1..2"
IN
has "a gap in the numbers fails" "$TMP/out" 'test 3 came where 2 belongs'

file empty <<'IN'
echo "1..0"
IN
is "a file without a test fails" "$STATUS" 1

file status <<'IN'
echo "ok 1 - one"
echo "1..1"
exit 4
IN
has "a status without a failed test fails" "$TMP/out" 'ended with status 4'

file killed <<'IN'
echo "ok 1 - one"
echo "1..1"
kill -KILL $$
IN
is "a file that is killed fails" "$STATUS" 1

file slow <<'IN'
echo "ok 1 - one"
sleep 20
echo "1..1"
IN
has "a file that takes too long fails" "$TMP/out" 'took longer than 2 s'

file leaves <<'IN'
sleep 20 >/dev/null 2>&1 &
echo "ok 1 - one"
echo "1..1"
IN
has "a process left behind fails" "$TMP/out" 'left processes behind'

run 10 "$TOP/tests/run" "$TMP/nowhere.sh"
is "a file that is not there fails" "$STATUS" 1

# The guard: a process of a stranger's uid, and a folder in /dev/shm.
if [[ $(id -u) == 0 ]]; then
	cat >"$TMP/dirty.sh" <<IN
. "$TOP/tests/lib/tap.sh"
guard_take "\$TMP"
trap - EXIT
(cd /; setsid setpriv --reuid 2999999 --clear-groups sleep 12 >/dev/null 2>&1 &)
sleep 0.2
done_testing
IN
	run 30 bash "$TMP/dirty.sh"
	has "the guard sees a process that stays" "$TMP/out" \
		'^not ok 1 - nothing is left over$'
	has "the guard names it" "$TMP/out" 'process [0-9]+ sleep uid 2999999'
	# That process is ours: away with it.
	sed -n 's/^# process \([0-9]*\) sleep uid 2999999$/\1/p' "$TMP/out" |
		xargs -r kill
	cat >"$TMP/clean.sh" <<IN
. "$TOP/tests/lib/tap.sh"
guard_take "\$TMP"
ok "one"
done_testing
IN
	run 30 bash "$TMP/clean.sh"
	has "the guard is content with nothing" "$TMP/out" \
		'^ok 2 - nothing is left over$'
else
	skip "the guard sees a process that stays" "only root can make one"
fi

done_testing
