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

# Tests that the table of limits names.
# shellcheck disable=SC2016 # the quotes of Markdown
sed -n '/^## Every limit/,/^Written/s/`\([a-z_]*_[a-z_]*\)`/\n@\1\n/gp' \
	"$TOP/tests/README.md" | sed -n 's/^@//p' | sort -u >"$TMP/named"
missing=
while read -r name; do
	[[ $name == world_end ]] && continue
	grep -rqE "START_TEST\($name\)" "$TOP/tests/unit" || missing+=" $name"
done <"$TMP/named"
is "the table of limits names tests that there are" "$missing" ""
check "it names some" test "$(wc -l <"$TMP/named")" -ge 20

# The guard, of each thing that it counts: a test that leaves one must fail.
#   leaves WHAT REGEX [COMMAND...] <COMMANDS: those that leave it; the test runs
#   below COMMAND
leaves() {
	local what=$1 regex=$2
	shift 2
	{
		echo ". '$TOP/tests/lib/tap.sh'"
		# shellcheck disable=SC2016 # the other shell's
		echo 'guard_take "$TMP"; trap - EXIT'
		cat
		echo done_testing
	} >"$TMP/dirty.sh"
	run 30 "$@" bash "$TMP/dirty.sh"
	has "the guard sees $what that stays" "$TMP/out" \
		'^not ok 1 - nothing is left over$'
	has "the guard names $what" "$TMP/out" "^# $regex\$"
}

if [[ $(id -u) == 0 ]]; then
	leaves "a process" 'process [0-9]+ sleep uid 2999999' <<'IN'
(cd /; setsid setpriv --reuid 2999999 --clear-groups sleep 12 >/dev/null 2>&1 &)
sleep 0.2
IN
	# That process is ours: away with it.
	sed -n 's/^# process \([0-9]*\) sleep uid 2999999$/\1/p' "$TMP/out" |
		xargs -r kill
	leaves "a descriptor" "descriptor 9 $TOP/Makefile" <<IN
exec 9<'$TOP/Makefile'
IN
	mkdir "$TMP/on"
	leaves "a mount" "mount harness $TMP/on tmpfs .*" unshare -m <<IN
mount -t tmpfs harness '$TMP/on'
IN
	# Not every machine has a hierarchy mounted: in a namespace there is one.
	leaves "a cgroup" "cgroup .*/dk-harness-$$" unshare -m <<IN
mount -t cgroup2 none /sys/fs/cgroup
guard_take "\$TMP"
mkdir /sys/fs/cgroup/dk-harness-$$
trap 'rmdir /sys/fs/cgroup/dk-harness-$$' EXIT
IN
	leaves "a shared memory" "shm /dev/shm/dk-harness-$$" <<IN
touch /dev/shm/dk-harness-$$
trap 'rm /dev/shm/dk-harness-$$' EXIT
IN
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
