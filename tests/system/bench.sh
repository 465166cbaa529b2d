#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# The harness of the figures (tests/bench): it sees a delay on either side, its
# JSON is JSON, and what it does not know it refuses.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
need_root
guard_take "$TMP"

make -C "$TOP" --no-print-directory BUILD="$BUILD" bench-programs \
	>"$TMP/make.out" 2>&1 || {
	not_ok "the programs that measure compile"
	note <"$TMP/make.out"
	done_testing
}
ok "the programs that measure compile"

# figure NAME: its value in $TMP/json
figure() {
	sed -n 's/.*"name": "'"$1"'", "value": \([0-9.e+-]*\),.*/\1/p' "$TMP/json"
}
# us NAME: whole microseconds
us() {
	figure "$1" | awk '{ printf "%d", $1 }'
}
measure() { # OPTION...
	run 60 env QUICK=1 "$TOP/tests/bench/run" --out "$TMP/json" --reps 3 \
		--rounds 300 --only mediated_over_direct_64B "$@"
}

measure
is "a short run succeeds" "$STATUS" 0
direct=$(us direct_64B_us) mediated=$(us mediated_64B_us)
check "both ways were measured" test "${direct:-0}" -gt 0 -a \
	"${mediated:-0}" -gt 0
check "the table names the figure" grep -q '^mediated_over_direct_64B ' \
	"$TMP/out"
# Enough of JSON's grammar for what is written: no tool for it is asked for.
tr -d ' \n' <"$TMP/json" >"$TMP/flat"
pair='"[a-zA-Z0-9_]+":("[^"\\]*"|-?[0-9.]+(e[+-]?[0-9]+)?|null)'
has "the file is valid JSON" "$TMP/flat" \
	"^\\{\"machine\":\"[^\"\\\\]+\",\"figures\":\\[\\{$pair(,$pair)*\\}(,\\{$pair(,$pair)*\\})*\\]\\}\$"

# Two milliseconds cannot be a neighbour's doing, in a median.
for side in client server; do
	measure --delay "mediated.$side=2000"
	check "a delay of the $side through the daemon is seen" \
		test "$(us mediated_64B_us)" -ge 2000
	check "it is not seen on the direct pair" \
		test "$(us direct_64B_us)" -lt 2000
	check "and the ratio has grown" \
		test "$(figure mediated_over_direct_64B | cut -d . -f 1)" -ge 10
	measure --delay "direct.$side=2000"
	check "a delay of the $side on the direct pair is seen" \
		test "$(us direct_64B_us)" -ge 2000
	check "and the ratio has shrunk" \
		test "$(figure mediated_over_direct_64B | cut -d . -f 1)" -lt 1
done

measure --only mediated_over_relay_64B
check "a relay that mediates nothing is measured" \
	test "$(us relayed_64B_us)" -gt 0

# sample COMMAND...: its median
sample() {
	"$@" 2>&1 | sed -n 's/^sample \([0-9]*\) .*/\1/p'
}
mkdir "$TMP/rules"
"$TOP/tests/bench/rules" "$TMP/rules" 3 3 4 2
run 20 "$BUILD/bin/dkc" build -I "$TMP/rules" -o "$TMP/rules.dk" \
	"$TMP/rules/security.psl"
is "a policy of a size compiles" "$STATUS" 0
decide=("$BUILD/bench/decide" "$TMP/rules.dk" 3 3 4 100000)
plain=$(sample "${decide[@]}" 0) slow=$(sample "${decide[@]}" 2000)
check "decisions are measured" test "${plain:-0}" -gt 0
check "a delay of two microseconds each is seen, in a thousand" \
	test "${slow:-0}" -ge 2000000 -a "${plain:-0}" -lt 2000000
run 20 "$BUILD/bin/dkc" build -I "$TOP/tests/bench" -o "$TMP/stateful.dk" \
	"$TOP/tests/bench/stateful.psl"
is "a policy with a Flow and a HashSet compiles" "$STATUS" 0
check "its decisions are measured" test \
	"$(sample "$BUILD/bench/decide" stateful "$TMP/stateful.dk" 100000 0)" \
	-gt 0
check_not "another policy's are not" "$BUILD/bench/decide" stateful \
	"$TMP/rules.dk" 100000 0
check "so is the time of a load" test \
	"$(sample "$BUILD/bench/decide" load "$TMP/rules.dk" 5)" -gt 0
printf 'no image' >"$TMP/no.dk"
check_not "what is no image is not measured" "$BUILD/bench/decide" load \
	"$TMP/no.dk" 5
check_not "nor is a policy of other classes" "$BUILD/bench/decide" \
	"$TMP/rules.dk" 4 3 4 100000 0
small=$(sample "$BUILD/bench/confined" memory /bin/bash -c :)
# shellcheck disable=SC2016 # it is the inner shell's
large=$(sample "$BUILD/bench/confined" memory /bin/bash -c \
	'x=$(head -c 40000000 /dev/zero | tr "\0" a)')
check "40 MB of memory are seen" test "${large:-0}" -ge 40000 -a \
	"${small:-40000}" -lt 40000
check_not "a program that fails is not measured" "$BUILD/bench/confined" \
	memory /bin/false
run 60 env QUICK=1 "$TOP/tests/bench/run" --out "$TMP/json" --reps 3 \
	--only daemon_kib_per_program
is "33 idle programs and one are compared" "$STATUS" 0
kib=$(us daemon_kib_per_program)
check "a program costs the daemon something, and less than itself" \
	test "${kib:-0}" -gt 0 -a "${kib:-1000}" -lt 1000

check_not "an unknown figure is refused" "$TOP/tests/bench/run" --only speed
check_not "an unknown side is refused" "$TOP/tests/bench/run" \
	--delay mediated.middle=5
done_testing
