# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# For tests in shell: `. "$(dirname "$0")/../lib/tap.sh"`, then ok, not_ok, skip,
# check and their like, and done_testing at the end. Every test gets
#   $TOP  the checkout      $BUILD  what was built, absolute      $TMP  a folder
# that goes away. done_testing adds one test of its own, that no process, mount
# or cgroup is left over (lib/guard.sh).

set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
BUILD=${BUILD:-build}
[[ $BUILD == /* ]] || BUILD=$TOP/$BUILD
export LC_ALL=C
# Not below /tmp's sticky folder alone: root's, and nobody else looks in.
TMP=$(mktemp -d) || exit 1
TAP_N=0
TAP_FAILED=0
TAP_PIDS=()

# shellcheck source=tests/lib/guard.sh
. "$TOP/tests/lib/guard.sh"

tap_cleanup() {
	local pid
	for pid in "${TAP_PIDS[@]}"; do
		kill -TERM -- "-$pid" 2>/dev/null
	done
	for pid in "${TAP_PIDS[@]}"; do
		kill -0 -- "-$pid" 2>/dev/null || continue
		sleep 0.5
		kill -KILL -- "-$pid" 2>/dev/null
	done
	# To look at what a test did: TAP_KEEP=1.
	if [[ -n ${TAP_KEEP-} ]]; then
		note "kept: $TMP"
	else
		rm -rf "$TMP"
	fi
}
trap tap_cleanup EXIT
trap 'exit 130' INT TERM HUP

# Text for a person, from arguments or from the input.
note() {
	if [[ $# != 0 ]]; then
		printf '%s\n' "$@"
	else
		cat
	fi | sed 's/^/# /'
}

ok() { # NAME
	TAP_N=$((TAP_N + 1))
	printf 'ok %d - %s\n' "$TAP_N" "$1"
}

not_ok() { # NAME [WHY...]
	TAP_N=$((TAP_N + 1))
	TAP_FAILED=$((TAP_FAILED + 1))
	printf 'not ok %d - %s\n' "$TAP_N" "$1"
	shift
	[[ $# == 0 ]] || note "$@"
}

skip() { # NAME WHY
	TAP_N=$((TAP_N + 1))
	printf 'ok %d - %s # SKIP %s\n' "$TAP_N" "$1" "$2"
}

# The whole file cannot run here.
skip_all() { # NAME WHY
	skip "$1" "$2"
	printf '1..%d\n' "$TAP_N"
	exit 0
}

check() { # NAME COMMAND...: ok if the command succeeds
	local name=$1
	shift
	if "$@" >"$TMP/check.out" 2>&1; then
		ok "$name"
	else
		not_ok "$name" "failed with status $?: $*"
		note <"$TMP/check.out"
	fi
}

check_not() { # NAME COMMAND...: ok if the command fails, but not of a signal
	local name=$1 status
	shift
	"$@" >"$TMP/check.out" 2>&1
	status=$?
	if [[ $status != 0 && $status -lt 124 ]]; then
		ok "$name"
	else
		not_ok "$name" "status $status: $*"
		note <"$TMP/check.out"
	fi
}

is() { # NAME GOT EXPECTED
	if [[ $2 == "$3" ]]; then
		ok "$1"
	else
		not_ok "$1" "got:      $2" "expected: $3"
	fi
}

has() { # NAME FILE EXTENDED-REGEX: some line of the file matches
	if grep -qE -- "$3" "$2"; then
		ok "$1"
	else
		not_ok "$1" "no line matches: $3"
		tail -n 60 "$2" | note
	fi
}

has_not() { # NAME FILE EXTENDED-REGEX
	if grep -qE -- "$3" "$2"; then
		not_ok "$1" "a line matches: $3"
		grep -nE -- "$3" "$2" | head -n 20 | note
	else
		ok "$1"
	fi
}

# Runs a command with a limit. Its output goes to $TMP/out (both streams), its
# status to $STATUS; 124 means that it took too long.
run() { # LIMIT_S COMMAND...
	local limit=$1
	shift
	timeout -k 5 "$limit" "$@" </dev/null >"$TMP/out" 2>&1
	STATUS=$?
}

# Runs a command behind, in a process group of its own and with every signal at
# its default. Its number is $PID, its output $TMP/NAME.out.
spawn() { # NAME COMMAND...
	local name=$1
	shift
	set -m
	"$@" </dev/null >"$TMP/$name.out" 2>&1 &
	PID=$!
	set +m
	TAP_PIDS+=("$PID")
}

# Waits for one that spawn started; its status is $STATUS, 124 after the limit.
await() { # PID LIMIT_S
	local end=$((${EPOCHREALTIME/./} + $2 * 1000000))
	while kill -0 "$1" 2>/dev/null && [[ ${EPOCHREALTIME/./} -lt $end ]]; do
		sleep 0.02
	done
	if kill -0 "$1" 2>/dev/null; then
		kill -KILL -- "-$1" 2>/dev/null
		wait "$1" 2>/dev/null
		STATUS=124
		return 1
	fi
	wait "$1" 2>/dev/null
	STATUS=$?
}

# Waits until a line of a file matches.
await_line() { # FILE EXTENDED-REGEX LIMIT_S
	local end=$((${EPOCHREALTIME/./} + $3 * 1000000))
	until grep -qE -- "$2" "$1" 2>/dev/null; do
		[[ ${EPOCHREALTIME/./} -lt $end ]] || return 1
		sleep 0.02
	done
}

# For tests that run the daemon.
need_root() {
	local file
	[[ $(id -u) == 0 ]] ||
		skip_all "$(basename "$0" .sh)" "only root can run this test"
	for file in dkd dk dkc NameServer; do
		[[ -x $BUILD/bin/$file ]] && continue
		not_ok "$BUILD/bin/$file is built"
		printf '1..%d\n' "$TAP_N"
		exit 1
	done
}

done_testing() {
	if [[ -n ${GUARD_TAKEN-} ]]; then
		if guard_check "$TMP"; then
			ok "nothing is left over"
		else
			not_ok "nothing is left over"
			note <"$TMP/guard.diff"
		fi
	fi
	printf '1..%d\n' "$TAP_N"
	[[ $TAP_FAILED == 0 ]]
	exit
}
