# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Each system call between the making of a program's process and its executable
# fails in turn, with each of some errors: the program never runs, and the daemon
# says at which step that was. The calls are recorded from a good start, not
# written down. Row A11 of the attacks.
# limit: 600

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
need_root
guard_take "$TMP"

fault=$TMP/fault
check "the injector compiles" "${CC:-gcc}" -O1 -Wall -Wextra -Werror \
	-D_GNU_SOURCE -o "$fault" "$TOP/tests/lib/fault.c"
numbers=(1 4 11 12 22 38)
names=(EPERM EINTR EAGAIN ENOMEM EINVAL ENOSYS)
texts=("Operation not permitted" "Interrupted system call"
	"Resource temporarily unavailable" "Cannot allocate memory"
	"Invalid argument" "Function not implemented")

# One start of the server of the example, with call CALL spoilt by error ERROR.
try() { # CALL ERROR FILE
	timeout -k 5 30 "$fault" child "$1" "$2" "$BUILD/bin/dkd" \
		--bin "$BUILD/apps/ping" --grace 200 --wait ping.Client \
		"$BUILD/apps/ping/ping.dk" </dev/null >"$3.out" 2>&1 9>"$3"
}

try 0 1 "$TMP/good"
is "nothing spoilt: the program runs" "$(tail -n 1 "$TMP/good")" ran
has "without a capability" "$TMP/good" '^state CapBnd:.0000000000000000$'

# What each number is called on this machine.
declare -A call_name
while read -r _ name number; do
	[[ $number =~ ^[0-9]+$ ]] && call_name[$number]=${name#__NR_}
done < <(printf '#include <sys/syscall.h>\n' | ${CC:-gcc} -E -dM - |
	grep '^#define __NR_')

declare -A calls		# name -> its places in the order of a start
order=()
while read -r _ n number _; do
	name=${call_name[$number]:-$number}
	[[ -n ${calls[$name]-} ]] || order+=("$name")
	calls[$name]+=" $n"
done < <(grep '^call ' "$TMP/good")
n_calls=$(grep -c '^call ' "$TMP/good")
check "the calls of a start are recorded ($n_calls)" test "$n_calls" -ge 60
note "${order[*]}"
is "the last of them runs the executable" "${order[-1]}" execveat

wrong_of() { # NAME CALL FILE I: says what is wrong, if anything is
	local end
	end=$(tail -n 1 "$3")
	if [[ $1 == keyctl && ${names[$4]} == ENOSYS ]]; then
		# A kernel without keyrings: another level, and it is named.
		[[ $end == ran ]] || echo "call $2 ${names[$4]}: it did not run;"
	elif [[ $end != *never ]]; then
		echo "call $2 ${names[$4]}: $end;"
	elif [[ $1 == getuid || $1 == getgid ]]; then
		grep -q 'FAILED to start ping.Server .*: Invalid argument$' \
			"$3.out" || echo "call $2 ${names[$4]}: not said;"
	else
		grep -q "FAILED to start ping.Server .* at .*: ${texts[$4]}\$" \
			"$3.out" || echo "call $2 ${names[$4]}: not said;"
	fi
}

all_of() { # NAME I: every call of that name, with one error
	local call
	for call in ${calls[$1]}; do
		# It fails so in every start: the end of the capabilities.
		! grep -q "^call $call .* = -${numbers[$2]}\$" "$TMP/good" ||
			continue
		try "$call" "${numbers[$2]}" "$TMP/$1.$2"
		wrong_of "$1" "$call" "$TMP/$1.$2" "$2"
	done >"$TMP/$1.$2.wrong"
}

# umask has no way to fail; spoilt, it leaves the launcher's, which is the same.
n_tried=0
for name in "${order[@]}"; do
	[[ $name != umask ]] || continue
	for i in "${!numbers[@]}"; do
		all_of "$name" "$i" &
		((i % 2 == 0)) || wait
	done
	wait
	is "A11_$name: no program runs when it fails, and the step is said" \
		"$(cat "$TMP/$name".*.wrong)" ""
	n_tried=$((n_tried + $(wc -w <<<"${calls[$name]}")))
done
is "A11_that was every call but umask" "$n_tried" $((n_calls - 1))

done_testing
