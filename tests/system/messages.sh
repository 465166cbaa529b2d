#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# Every message of the compiler is reached by a golden test. dkc is built once
# more, so that it counts which of its lines run, and those tests are run with it.
# A line that gives a message and never ran fails; golden/messages.never lists
# those that no input can reach, each with its reason, and is itself checked.
# limit: 900
. "$(dirname "$0")/../lib/tap.sh"

HERE=$TOP/tests/golden
COUNTED=$BUILD/counted
GCOV=${GCOV:-gcov}
if [[ -n ${CC-} && $CC != *gcc* ]] || ! command -v "$GCOV" >/dev/null; then
	skip "every message is reached" "gcc's gcov is not installed"
	done_testing
fi

# ---- dkc that counts ----

counting=(make -s -C "$TOP" BUILD="$COUNTED" SANITIZE= LDFLAGS=--coverage
	"CFLAGS=-O0 --coverage -U_FORTIFY_SOURCE" "$COUNTED/bin/dkc")
if ! "${counting[@]}" >"$TMP/make" 2>&1; then
	not_ok "dkc is built once more"
	note <"$TMP/make"
	done_testing
fi
ln -sfn "$(realpath "$BUILD/share")" "$COUNTED/share"
find "$COUNTED" -name '*.gcda' -delete
for test in "$HERE"/*.sh; do
	name=$(basename "$test")
	check "$name passes with it" env UPDATE= DKC="$COUNTED/bin/dkc" \
		BUILD="$BUILD" bash "$test"
done

# ---- lines that give a message and did not run ----

# What takes a message, and what prints one; its text may be on a later line.
call='(diag_(error|warning|note)|ERROR|([a-z]+_)*(expect|expected|unexpected'
call+='|refuse|wrong|fail|word|qname|complain))[(]'
print='(^|[ (])(fputs|fprintf|puts|printf|perror)[(].*stderr'
(cd "$TOP" && find "$COUNTED/obj/policy" -name '*.gcda' | sort |
	xargs "$GCOV" -t 2>"$TMP/gcov") |
	awk -v call="$call" -v print_="$print" '
	# Has any other line a text of some words in it?
	function is_prose(text,    parts, n, i) {
		n = split(text, parts, "\"")
		for (i = 2; i < n; i += 2)
			if (parts[i] ~ /[a-z,] [a-z%(]/)
				return 1
		return 0
	}
	{ split($0, part, ":") }
	part[3] == "Source" { source = part[4]; next }
	/^ *[0-9]+[*]?:/ { ran++ }
	/^ *[#=]+[*]?: *[0-9]+:/ {
		text = $0
		sub(/^[^:]*:[^:]*:[ \t]*/, "", text)
		if (text !~ print_ &&
		    text ~ /^(static|assert|fputs|fprintf[(][a-z>-]*to,)/)
			next
		if (text ~ call || text ~ print_ || is_prose(text))
			print source ": " text "\t" part[2] + 0
	}
	END { print ran + 0 >"/dev/stderr" }
	' 2>"$TMP/ran" >"$TMP/missed"
check "lines are counted" test "$(<"$TMP/ran")" -gt 5000

grep -v '^#' "$HERE/messages.never" | grep . >"$TMP/never"
missed=0
while IFS=$'\t' read -r message line; do
	grep -qxF -- "$message" "$TMP/never" && continue
	missed=$((missed + 1))
	printf '# no test reaches %s (line %s)\n' "$message" "$line"
done <"$TMP/missed"
is "every message is reached" "$missed" 0
while IFS= read -r message; do
	check "not reached, as listed: ${message:0:60}" \
		grep -qF -- "$message"$'\t' "$TMP/missed"
done <"$TMP/never"

# ---- what would have been expected ----

# parse_expect and its like run without a word when they find what they want, so
# that a count says nothing: their texts must stand in what is expected of dkc.
find "$HERE" \( -name '*.txt' -o -name '*.err' \) -exec cat {} + >"$TMP/said"
expected=0
missed=0
while IFS=$'\t' read -r file text; do
	expected=$((expected + 1))
	# shellcheck disable=SC2016 # a pattern of sed
	pattern=$(sed 's/[][\.*^$(){}?+|]/\\&/g; s/%s/.*/g' <<<"$text")
	grep -qE -- "$pattern" "$TMP/said" && continue
	missed=$((missed + 1))
	printf '# no test reaches %s: "%s"\n' "$file" "$text"
done < <(cd "$TOP" && find policy -name '*.c' | sort |
	while IFS= read -r file; do
		awk -f "$HERE/messages.awk" "$file"
	done)
check "what the parsers expect is found" test $expected -gt 60
is "every word that a parser expects is missed somewhere" "$missed" 0

done_testing
