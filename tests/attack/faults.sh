# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Each system call that confines a program fails in turn, with each of some errors:
# of the process that makes its tree of mounts at load, of one that tries its
# filter, and of its own, from its making to its executable. No program runs, and
# the daemon says where that was. The calls are recorded from a good start, not
# written down. Row A11 of the attacks.
# limit: 600

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
need_root
guard_take "$TMP"

fault=$TMP/fault
check "the injector compiles" "${CC:-gcc}" -O1 -Wall -Wextra -Werror \
	-D_GNU_SOURCE -o "$fault" "$TOP/tests/lib/fault.c"

# The server of the example, alone: whatever runs is the one whose start was spoilt.
# And one that is also limited in what it uses up.
build() { # NAME [LINE OF ITS SANDBOX]
	{
		printf 'entities:\n- name: ping.Server\n  path: PingServer\n'
		[[ $# == 1 ]] || printf '  sandbox: %s\n' "$2"
	} >"$TMP/$1.yaml"
	check "$1: it is built" "$BUILD/bin/dkc" build -I "$TOP/apps/ping" \
		--init "$TMP/$1.yaml" -o "$TMP/$1.dk" \
		"$TOP/apps/ping/security.psl"
}
build plain
build limited '{memory: 64M, cpu: 50%, pids: 2}'
image=$TMP/plain.dk

dkd=$BUILD/bin/dkd

numbers=(1 4 11 12 22 38)
names=(EPERM EINTR EAGAIN ENOMEM EINVAL ENOSYS)
texts=("Operation not permitted" "Interrupted system call"
	"Resource temporarily unavailable" "Cannot allocate memory"
	"Invalid argument" "Function not implemented")

# One start of the server of the example, with call CALL spoilt by error ERROR.
try() { # PHASE CALL ERROR FILE
	timeout -k 5 30 "$fault" "$1" "$2" "$3" "$dkd" \
		--bin "$BUILD/apps/ping" --grace 200 --wait ping.Server \
		"$image" </dev/null >"$4.out" 2>&1 9>"$4"
}

# What each number is called on this machine.
declare -A call_name
while read -r _ name number; do
	[[ $number =~ ^[0-9]+$ ]] && call_name[$number]=${name#__NR_}
done < <(printf '#include <sys/syscall.h>\n' | ${CC:-gcc} -E -dM - |
	grep '^#define __NR_')

# The calls of the good start of PHASE: `calls`, name -> places, and their `order`.
record() { # PHASE
	local n number name
	try "$1" 0 1 "$TMP/$1"
	is "A11_$1: nothing spoilt, the program runs" "$(tail -n 1 "$TMP/$1")" ran
	has "A11_$1: without a capability" "$TMP/$1" \
		'^state CapBnd:.0000000000000000$'
	calls=() order=()
	while read -r _ n number _; do
		name=${call_name[$number]:-$number}
		[[ -n ${calls[$name]-} ]] || order+=("$name")
		calls[$name]+=" $n"
	done < <(grep '^call ' "$TMP/$1")
	n_calls=$(grep -c '^call ' "$TMP/$1")
	note "$1, $n_calls calls: ${order[*]}"
}

wrong_of() { # PHASE NAME CALL FILE I: says what is wrong, if anything is
	local end text=${texts[$5]}
	end=$(tail -n 1 "$4")
	if [[ $2 == sched_getaffinity && ${names[$5]} == EPERM ]]; then
		# Its own answer under the filter, which is what the probe asks.
		[[ $end == ran ]] || echo "call $3 ${names[$5]}: it did not run;"
		return
	fi
	if [[ $2 == keyctl && ${names[$5]} == ENOSYS && "${calls[$2]} " == " $3 "* ]]
	then
		# A kernel without keyrings: another level, and it is named.
		[[ $end == ran ]] || echo "call $3 ${names[$5]}: it did not run;"
		return
	fi
	[[ $end == never || $end == *[0-9a-f]never ]] ||
		echo "call $3 ${names[$5]}: $end;"
	# An id that is not the one asked for.
	[[ $2 != getuid && $2 != getgid ]] || text="Invalid argument"
	[[ $2 != getpid ]] || text="Invalid \(argument\|exchange\)"
	if [[ $1 == userns ]]; then
		text="this machine gives none ($text).*"
	elif [[ $1 == tree ]]; then
		text="its tree of mounts cannot be made: $text"
	else
		# The act itself has no error: only an end that is the wrong one.
		[[ $2 != ptrace ]] || text="Operation canceled"
		text="FAILED to start ping.Server .* at .*: $text"
	fi
	grep -q "$text\$" "$4.out" || echo "call $3 ${names[$5]}: not said;"
}

all_of() { # PHASE NAME I: every call of that name, with one error
	local call at=$TMP/$1.$2.$3
	for call in ${calls[$2]}; do
		try "$1" "$call" "${numbers[$3]}" "$at"
		wrong_of "$1" "$2" "$call" "$at" "$3"
	done >"$at.wrong"
}

# umask has no way to fail; spoilt, it leaves the launcher's, which is the same.
# And what ends the process is after all that matters.
spoil_named() { # PHASE: the calls of $order
	local name i
	n_tried=0
	for name in "${order[@]}"; do
		[[ $name != umask && $name != exit_group ]] || continue
		for i in "${!numbers[@]}"; do
			all_of "$1" "$name" "$i" &
			((i % 2 == 0)) || wait
		done
		wait
		is "A11_$1_$name: when it fails no program runs, and that is said" \
			"$(cat "$TMP/$1.$name".*.wrong)" ""
		n_tried=$((n_tried + $(wc -w <<<"${calls[$name]}")))
	done
}
spoil_all() { # PHASE
	spoil_named "$1"
	is "A11_$1: that was every call but one" "$n_tried" $((n_calls - 1))
}

declare -A calls
record tree
spoil_all tree
record trial
is "A11_trial: the last of its calls is what it must not survive" \
	"${order[-1]}" ptrace
spoil_all trial
record child
check "A11_child: there are many calls ($n_calls)" test "$n_calls" -ge 35
is "A11_child: the last of them runs the executable" "${order[-1]}" execveat
spoil_all child


# What a limited one does beside that: its way into its groups.
plain=${order[*]}
image=$TMP/limited.dk
record child
if [[ -z ${calls[write]-} ]] && grep -q 'no control groups for' "$TMP/child.out"
then
	skip "A11_child_write" "the machine has no control groups for dkd"
else
	is "A11_child: a limited one makes two calls more" \
		"$(tr ' ' '\n' <<<"${order[*]}" | grep -vxE 'write|pread64' |
			tr '\n' ' ')" "$(tr ' ' '\n' <<<"$plain" | tr '\n' ' ')"
	order=(write pread64)
	spoil_named child
fi

# Without root: the user namespace, made at load and joined, in the place of uids.
. "$TOP/tests/lib/rootless.sh"
chmod 0755 "$TMP"
rootless_command "$TMP/dkd" "$BUILD/bin/dkd"
dkd=$TMP/dkd
image=$TMP/plain.dk
record userns
spoil_all userns
record child
is "A11_child: without root no id is changed, and a namespace more is joined" \
	"$(tr ' ' '\n' <<<"$plain" | grep -vxE '[sg]et(groups|resgid|resuid)|get[ug]id' |
		tr '\n' ' ') $(wc -w <<<"${calls[setns]}")" \
	"$(tr ' ' '\n' <<<"${order[*]}" | tr '\n' ' ') 2"
order=(setns prctl)
spoil_named child

done_testing
