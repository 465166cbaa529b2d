# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# For tests/attack, after lib/tap.sh: start lists with many rogues side by side,
# one victim, one bystander that must notice nothing, and what came of each.

# shellcheck source=tests/lib/rootless.sh
. "$TOP/tests/lib/rootless.sh"
DKC=${DKC:-$BUILD/bin/dkc}
ROGUE_BIN=$BUILD/apps/rogue
ROGUE_SOURCES=$TOP/apps/rogue

# The beginning of $TMP/NAME.yaml: the victim, and a bystander that makes N calls.
rogue_begin() { # NAME CALLS PAUSE_MS
	cat >"$TMP/$1.yaml" <<-IN
	entities:
	- name: rogue.Victim
	- name: rogue.Bystander
	  args: [victim, "$2", "$3"]
	  connections:
	  - target: rogue.Victim
	    id: victim
	IN
	ROGUES=()
}

# One more rogue, as task TASK.
rogue_add() { # NAME TASK ATTACK [ARGUMENT...]
	local name=$1 task=$2 word
	shift 2
	{
		printf -- '- name: rogue.Rogue\n  task: %s\n  args: [' "$task"
		for word; do
			printf '"%s", ' "$word"
		done
		printf ']\n  connections:\n  - target: rogue.Victim\n    id: victim\n'
	} | sed 's/, \]$/]/' >>"$TMP/$name.yaml"
	ROGUES+=("$task")
}

# A client of rogue TASK's own endpoint: N calls of Plain.
rogue_client() { # NAME TASK CALLS PAUSE_MS DEADLINE_MS
	cat >>"$TMP/$1.yaml" <<-IN
	- name: rogue.Bystander
	  task: of_$2
	  args: [lair, "$3", "$4", "$5"]
	  connections:
	  - target: $2
	    id: lair
	IN
}

# Compiles and runs it; waits for the bystander and all rogues.
rogue_run() { # NAME LIMIT_S [OPTION...]
	local name=$1 limit=$2 task
	local -a waits=(--wait rogue.Bystander)
	shift 2
	for task in "${ROGUES[@]}"; do
		# As many as dkd takes; the others end with the run.
		[[ ${#waits[@]} -ge 120 ]] || waits+=(--wait "$task")
	done
	: >"$TMP/out"
	STATUS=125
	if ! "$DKC" build -I "$ROGUE_SOURCES" --init "$TMP/$name.yaml" \
		-o "$TMP/$name.dk" "$ROGUE_SOURCES/security.psl" \
		>"$TMP/$name.dkc" 2>&1; then
		not_ok "the solution $name compiles"
		note <"$TMP/$name.dkc"
		return 1
	fi
	run "$limit" "$DK" run --bin "$ROGUE_BIN" --grace 500 "${waits[@]}" "$@" \
		"$TMP/$name.dk"
	cp "$TMP/out" "$TMP/$name.out"
	# 1 and 9: a program ended otherwise than with 0, as many here are to.
	if [[ $STATUS != 0 && $STATUS != 1 && $STATUS != 9 ]]; then
		not_ok "$name: the daemon goes on to the end" "status $STATUS"
		tail -n 40 "$TMP/out" | note
	else
		ok "$name: the daemon goes on to the end"
	fi
	has_not "C11_$name: every charge is returned" "$TMP/out" '^dkd: BUG'
	has "$name: the bystander noticed nothing" "$TMP/out" \
		'^\[rogue\.Bystander\] .*victim: right ([0-9]+) of \1, wrong 0$'
}

# Number in the last `KEY N` of what TASK printed for ATTACK; empty if none.
rogue_number() { # TASK KEY
	sed -nE "s/^\\[$1\\] .*[ ,]$2 ([0-9]+).*/\\1/p" "$TMP/out" | tail -n 1
}

# How many records there are about TASK, those that sum up aside.
rogue_records() { # TASK
	grep -cE "^dkd: (DENIED|MALFORMED|REFUSED|DROPPED|KILLED) .*[^A-Za-z0-9_]$1[^A-Za-z0-9_]" \
		"$TMP/out"
}
