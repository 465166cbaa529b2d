# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# README.md: its ten steps, followed to the letter in an empty folder, and the
# tests that its table of promises names.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
need_root
guard_take "$TMP"
README=${README:-$TOP/README.md}

# The section's blocks as a script, and what they must print as said.N. A block
# of sh is run; one of text is what the one before it prints; any other is the
# file that the line before it names last.
mkdir "$TMP/said" "$TMP/home" "$TMP/clone"
ln -s "$BUILD" "$TMP/clone/build"
awk -v said="$TMP/said" '
/^## / { inside = /ten steps/ }
!inside { next }
/^```/ && !block {
	kind = substr($0, 4)
	block = 1
	if (kind == "sh")
		print "exec >\"$TMP/printed." ++n "\" 2>&1"
	else if (kind != "text")
		print "cat >\"" file "\" <<\"END OF FILE\""
	next
}
/^```/ {
	if (kind != "sh" && kind != "text")
		print "END OF FILE"
	block = 0
	next
}
block && kind == "text" { print >(said "/" n); next }
block { print; next }
match($0, /`[^`]*`[^`]*:$/) { file = substr($0, RSTART + 1)
	sub(/`.*/, "", file) }
' "$README" >"$TMP/steps"
is "there are ten steps" "$(sed -n 's/^\*\*\([0-9]*\)\.\*\* .*/\1/p' "$README" |
	tr '\n' ' ')" "1 2 3 4 5 6 7 8 9 10 "
cd "$TMP/clone" || exit 1
run 120 env HOME="$TMP/home" TMP="$TMP" bash -e "$TMP/steps"
cd "$TOP" || exit 1
cat "$TMP"/printed.* "$TMP/out" >"$TMP/all"
is "every command of them succeeds" "$STATUS" 0
[[ $STATUS == 0 ]] || note <"$TMP/all"
has_not "the compilers have nothing to say" "$TMP/all" 'warning|error:'

n=0
for file in "$TMP"/said/*; do
	step=${file##*/}
	n=$((n + 1))
	# Lines of two programs may come in either order; … stands for others,
	# and for the time of a record.
	sed -Ei 's/(event [0-9]+), [0-9TZ:.-]+\]/\1, …]/' "$TMP/printed.$step"
	grep -vx '…' "$file" | grep -vxFf "$TMP/printed.$step" >"$TMP/missing"
	if [[ -s $TMP/missing || ! -s $file ]]; then
		not_ok "what they print is what is shown ($n)"
		note <"$TMP/missing"
		note <"$TMP/printed.$step"
		continue
	fi
	ok "what they print is what is shown ($n)"
done
is "it shows what two of them print" "$n" 2

# The table of promises: files and names of tests.
sed -n '/^## What is promised/,/^## /p' "$README" >"$TMP/table"
missing=
while read -r word; do
	case $word in
	tests/*) [[ -f $TOP/$word || -d $TOP/$word ]] || missing+=" $word" ;;
	*) grep -rq "($word)" "$TOP/tests/unit" || missing+=" $word" ;;
	esac
done < <(tr -d '\140' <"$TMP/table" | grep -oE 'tests/[a-z_/.]+|\b[a-z]+(_[a-z]+){2,}')
is "the tests that it names are there" "$missing" ""
check "it names some" test "$(grep -c 'tests/' "$TMP/table")" -ge 8

done_testing
