#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dkc explain against goldens: each line of explain/*.events is a policy of
# tests/decisions and an event, behind those before it and " ;; ". UPDATE=1 rewrites the goldens: read the difference.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
golden=$TOP/tests/golden/explain

cd "$TOP/tests/decisions" || exit 1
for policy in *.psl; do
	"$DKC" build -I . -o "$TMP/${policy%.psl}.dk" "$policy" 2>"$TMP/said" ||
		not_ok "$policy compiles"
done

# ask STATUS FILE OPTION...: what is said of each event of FILE, one after another
ask() {
	local want=$1 file=$2 policy event status
	local -a events
	shift 2
	while read -r policy event; do
		echo "==> $policy $event"
		mapfile -t events <<<"${event// ;; /$'\n'}"
		"$DKC" explain "$@" "$TMP/$policy.dk" "${events[@]}" </dev/null
		status=$?
		[[ $status == "$want" ]] || echo "EXIT STATUS $status"
	done <"$file" 2>&1
}

same() { # NAME GOLDEN FOUND
	if [[ -n ${UPDATE-} ]]; then
		cp "$3" "$2"
		ok "$1"
	elif diff -u "$2" "$3" >"$TMP/diff"; then
		ok "$1"
	else
		not_ok "$1"
		head -60 "$TMP/diff" | note
	fi
}

ask 0 "$golden/good.events" >"$TMP/good"
same "events are explained as they were" "$golden/good.txt" "$TMP/good"
ask 0 "$golden/good.events" --json >"$TMP/json"
same "events are explained to scripts as they were" "$golden/good.json" \
	"$TMP/json"
ask 1 "$golden/bad.events" >"$TMP/bad"
same "events that are none are refused at their place" "$golden/bad.txt" \
	"$TMP/bad"
n=$(grep -c '^==>' "$TMP/bad")
check "each of $n is refused with a column" \
	test "$(grep -cE '^EVENT:1:[0-9]+: error: ' "$TMP/bad")" -ge "$n"
check_not "no rule is beyond words" grep -qF '(...)' "$TMP/good"
check_not "no status is another than it should be" \
	grep -qh 'EXIT STATUS' "$TMP/good" "$TMP/json" "$TMP/bad"

# The verdicts are the engine's: decisions' tables say the same.
agree=0 differ=0
while IFS=$'\t' read -r kind src dst path method body verdict _; do
	[[ $kind == \#* || -z $kind || $body != - || $kind == security ||
		$src == *'#'* || $dst == *'#'* || $verdict == malformed ]] && continue
	event="$kind src=$src dst=$dst"
	[[ $path == - ]] || event+=" endpoint=$path method=$method"
	said=$("$DKC" explain --json "$TMP/base.dk" "$event" </dev/null |
		sed -n 's/^ "verdict":"\(.*\)",$/\1/p')
	if [[ $said == "$verdict" ]]; then
		agree=$((agree + 1))
	else
		differ=$((differ + 1))
		note <<<"$event: $said, not $verdict"
	fi
done < <(tr -s '\t' <base.tsv)
check "explanations have the verdicts of the table ($agree of them)" \
	test "$differ" -eq 0 -a "$agree" -ge 20

# Hostile events.
refused() { # NAME EVENT
	"$DKC" explain "$TMP/base.dk" "$2" >"$TMP/out" 2>"$TMP/said"
	check "$1 is refused" test $? -eq 1 -a ! -s "$TMP/out" -a -s "$TMP/said"
}
refused "an event of brackets" \
	"request src=t.Client dst=t.Server method=Draw { x: $(printf '[%.0s' {1..5000})"
refused "an event of dots" "request src=a$(printf '.a%.0s' {1..5000})"
refused "an event that is no UTF-8" "$(printf 'request src=\377')"
refused "an event that would steer a terminal" \
	"$(printf 'request src=t.Client \033[2J')"
check_not "no terminal is steered" grep -q "$(printf '\033')" "$TMP/said"

"$DKC" explain "$TMP/base.dk" execute dst=t.Client >"$TMP/out" 2>"$TMP/said"
check "an event in many words is refused at the first of them" \
	test $? -eq 1 -a ! -s "$TMP/out"
has "and the place says which" "$TMP/said" '^EVENT 1:1:1: error: '
"$DKC" explain "$TMP/base.dk" 'execute dst=t.Client' 'execute dst=t.Nobody' \
	>"$TMP/out" 2>"$TMP/said"
has "so it does of the last" "$TMP/said" '^EVENT 2:1:13: error: '

usage() { # NAME ARGUMENT...
	"$DKC" explain "${@:2}" >"$TMP/out" 2>"$TMP/said"
	check "$1 is a usage error" test $? -eq 2 -a ! -s "$TMP/out"
}
usage "no image"
usage "no event" "$TMP/base.dk"
usage "another option" --fail-under 3 "$TMP/base.dk" 'execute dst=t.Client'
done_testing
