#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# Compiles each policy here with $DKC and asks the engine about each row of the
# table beside it (run.c says how a row reads), and about random policies that
# an evaluator of the tests' own has decided. No process is started.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
RUN=${RUN:-$BUILD/tests/decisions/run}
ORACLE=${ORACLE:-$BUILD/tests/decisions/oracle}
PROOF=${PROOF:-$BUILD/tests/decisions/proof}
rows=0
granted=0

ask() { # POLICY
	local image=$TMP/$1.dk row status before=$rows
	if ! "$DKC" build -I tests/decisions -o "$image" \
		"tests/decisions/$1.psl" >"$TMP/dkc.out" 2>&1; then
		not_ok "$1.psl compiles"
		note <"$TMP/dkc.out"
		return
	fi
	ok "$1.psl compiles"
	"$RUN" "$image" "tests/decisions/$1.tsv" >"$TMP/rows" 2>"$TMP/errors"
	status=$?
	while IFS= read -r row; do
		case $row in
		"ok - "*)
			rows=$((rows + 1))
			[[ $row != *": grant" ]] || granted=$((granted + 1))
			ok "${row#ok - }"
			;;
		"not ok - "*)
			rows=$((rows + 1))
			not_ok "${row#not ok - }"
			;;
		*) printf '%s\n' "$row" ;;
		esac
	done <"$TMP/rows"
	# A table that cannot be read is no row: it must not look like success.
	if [[ $status -gt 1 ]]; then
		not_ok "$1.tsv is read to its end" "status $status"
		note <"$TMP/errors"
	elif [[ $rows == "$before" ]]; then
		not_ok "$1.tsv has rows"
	fi
}

cd "$TOP" || exit 1
for policy in tests/decisions/*.psl; do
	ask "$(basename "$policy" .psl)"
done
check "there are tables, and refusals outnumber grants" \
	test "$rows" -ge 40 -a "$((rows - granted))" -gt "$granted"

# What is proved, against what the engine does (proof.c). ORACLE_SEEDS and
# PROOF_SEEDS="1 500" are the random policies that it is tried on.
routes=0
proved=0
walk() { # NAME IMAGE TABLE
	if "$PROOF" "$2" "$3" >"$TMP/walk" 2>&1; then
		ok "$1: what is proved is never granted"
	else
		not_ok "$1: what is proved is never granted"
		note <"$TMP/walk"
	fi
	read -r _ n _ _ _ _ p _ <"$TMP/walk"
	routes=$((routes + n))
	proved=$((proved + ${p%,}))
}

# A second opinion (oracle.c): random policies, and what each of 500 events must
# come to. ORACLE_SEEDS="100 200" tries others than the usual ones, ORACLE_EVENTS=1000
# more events of each: ORACLE_SEEDS="1 1000" ORACLE_EVENTS=1000 is a million.
second_opinion() { # SEED
	local seed=$1 folder=$TMP/random
	rm -rf "$folder"
	mkdir "$folder"
	if "$ORACLE" "$seed" "$folder" "${ORACLE_EVENTS:-500}" &&
		"$DKC" build -I tests/decisions -I "$folder" -o "$folder/x.dk" \
			"$folder/main.psl" >"$folder/said" 2>&1 &&
		"$RUN" "$folder/x.dk" "$folder/table.tsv" >"$folder/rows" \
			2>>"$folder/said" && [[ -s $folder/rows ]]; then
		ok "the engine and the oracle agree on policy $seed"
		walk "policy $seed" "$folder/x.dk" "$folder/table.tsv"
		return
	fi
	not_ok "the engine and the oracle agree on policy $seed"
	grep -h -A1 -E '^not ok|error:' "$folder/said" "$folder/rows" | head -20 |
		note
}
read -r first last <<<"${ORACLE_SEEDS:-1 40}"
for ((seed = first; seed <= last; seed++)); do
	second_opinion "$seed"
done

# Of policies that are all about states, too (proof.awk).
for table in flow mic rbac hashset parameters sids; do
	walk "$table.psl" "$TMP/$table.dk" "tests/decisions/$table.tsv"
done
read -r first last <<<"${PROOF_SEEDS:-1 60}"
for ((seed = first; seed <= last; seed++)); do
	awk -v seed="$seed" -f tests/decisions/proof.awk </dev/null \
		>"$TMP/states.psl"
	if "$DKC" build -I tests/decisions -o "$TMP/states.dk" \
		"$TMP/states.psl" >"$TMP/walk" 2>&1; then
		walk "states $seed" "$TMP/states.dk" tests/decisions/proof.tsv
	else
		not_ok "policy $seed of states compiles"
		note <"$TMP/walk"
	fi
done
check "much is proved, and not all" \
	test "$((proved * 10))" -gt "$routes" -a "$((proved * 4))" -lt "$((routes * 3))"

# The runner itself: a wrong table must fail.
printf 'execute\tEinit\tt.Server\t-\t-\t-\tdeny\t14-\n' >"$TMP/wrong.tsv"
check_not "a wrong verdict in a table is seen" \
	"$RUN" "$TMP/base.dk" "$TMP/wrong.tsv"
printf 'execute\tEinit\tt.Server\t-\t-\t-\tgrant\t15+\n' >"$TMP/wrong.tsv"
check_not "a wrong rule in a table is seen" \
	"$RUN" "$TMP/base.dk" "$TMP/wrong.tsv"
printf 'execute\tEinit\tt.Nobody\t-\t-\t-\tdeny\t-\n' >"$TMP/wrong.tsv"
check_not "an unknown class in a table is seen" \
	"$RUN" "$TMP/base.dk" "$TMP/wrong.tsv"
note "$rows rows, $granted of them granted"
done_testing
