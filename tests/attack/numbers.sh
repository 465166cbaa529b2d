# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Every system call by its number, 0 to 1023, and the same of the x32 table: who
# makes one that is not on the list of the image is killed, and nobody else. No
# call that a later kernel brings can be forgotten so. Row A3 of the attacks.
# limit: 600

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
guard_take "$TMP"

# What the image allows the rogue, as numbers of this machine.
rogue_begin list 1 1
rogue_add list some number 39
"$DKC" build -I "$ROGUE_SOURCES" --init "$TMP/list.yaml" -o "$TMP/list.dk" \
	"$ROGUE_SOURCES/security.psl" >"$TMP/dkc" 2>&1
"$DKC" dump "$TMP/list.dk" >"$TMP/dump" 2>&1
# All three classes of the solution have the same list, for none has threads.
mapfile -t names < <(sed -n 's/^ *system calls //p' "$TMP/dump" | sort -u |
	head -n 1 | tr ' ' '\n')
check "the image's list is read (${#names[@]} calls)" test "${#names[@]}" -ge 15
printf '#include <sys/syscall.h>\n' >"$TMP/numbers.c"
printf 'SYS_%s\n' "${names[@]}" >>"$TMP/numbers.c"
mapfile -t allowed < <(${CC:-gcc} -E -P "$TMP/numbers.c" | grep -xE '[0-9]+')
is "each of them has a number" "${#allowed[@]}" "${#names[@]}"

# futex is on the list of a program without threads to wake alone; the rogue
# makes each call without arguments, which for futex is to wait.
is_allowed() {
	[[ $1 != 202 && " ${allowed[*]} " == *" $1 "* ]]
}

# Since 6.13 Linux passes two calls by every filter: uretprobe (335) and uprobe
# (336), the returns of its own probes. From anywhere else they fail by themselves.
# And sysinfo (99) and sched_getaffinity (204) are refused without a kill, since
# libc does without their answers.
passed_by=' 335 336 99 204 '

wrong='' n_killed=0 n_let=0
sweep() { # NAME FIRST LAST BASE
	local from nr ending
	for ((from = $2; from <= $3; from += 60)); do
		rogue_begin "$1$from" 15 10
		for ((nr = from; nr < from + 60 && nr <= $3; nr++)); do
			rogue_add "$1$from" "n$nr" number $(($4 + nr))
		done
		# In a shell of its own: a sweep is one test, not one a run.
		(rogue_run "$1$from" 60) >"$TMP/tap.of.run"
		! grep -q '^not ok' "$TMP/tap.of.run" || wrong+=" $1 $from: run;"
		for ((nr = from; nr < from + 60 && nr <= $3; nr++)); do
			ending=$(grep -E "^dkd: (KILLED|ended) .*\bn$nr \(" "$TMP/out")
			if [[ -z $ending ]]; then
				wrong+=" $1 $nr: no end;"
			elif [[ $4 == 0 ]] && is_allowed "$nr"; then
				n_let=$((n_let + 1))
				[[ $ending != *KILLED* && $ending != *SIGSYS* ]] ||
					wrong+=" $1 $nr: killed;"
			elif [[ $4 == 0 && $passed_by == *" $nr "* ]]; then
				n_let=$((n_let + 1))
				! grep -qE "^\\[n$nr\\] .*SURVIVED with [0-9]" "$TMP/out" ||
					wrong+=" $1 $nr: succeeded;"
			elif grep -q "SURVIVED" <<<"$(grep -E "^\\[n$nr\\]" "$TMP/out")"; then
				wrong+=" $1 $nr: survived;"
			elif [[ $ending == *"($(($4 + nr)))"* || $ending == *SIGSYS* ]]; then
				n_killed=$((n_killed + 1))
			else
				wrong+=" $1 $nr: $ending;"
			fi
		done
	done
}
sweep native 0 1023 0
is "A3_every number that is not on the list is killed, and only those" "$wrong" ""
is "A3_that was every number" $((n_killed + n_let)) 1024
note "$n_killed killed, $n_let let through"

wrong='' n_killed=0 n_let=0
sweep x32 0 547 $((0x40000000))
is "B2_every number of the x32 table is killed" "$wrong" ""
is "B2_that was every number" "$n_killed" 548

done_testing
