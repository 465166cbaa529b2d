#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dkc test against goldens: pal/good by what it prints, pal/bad by every line that
# is said about it. UPDATE=1 rewrites the goldens: read the difference.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
cd "$TOP/tests/golden/pal" || exit 1

# What is asked of the machine's clock is not compared.
timeless() {
	sed -E 's/[0-9]+\.[0-9]{3} ms/TIME/; s/time="[0-9.]+"/time="T"/g'
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

test_of() { # ARGUMENT...: its status is the test's
	"$DKC" test -I idl -I "$BUILD/share/dk" -I ../psl/idl \
		"$@" >"$TMP/out" 2>"$TMP/err" </dev/null
}

exits() { # NAME STATUS ARGUMENT...
	test_of "${@:3}"
	is "$1" $? "$2"
}

for file in good/*.psl; do
	name=$(basename "$file" .psl)
	want=0
	[[ $name != failing && $name != broken* ]] || want=1
	exits "tests of $name end with status $want" $want --coverage \
		--junit "$TMP/junit" --lcov "$TMP/lcov" "$file"
	timeless <"$TMP/out" >"$TMP/tap"
	same "tests of $name print what they did" "good/$name.tap" "$TMP/tap"
	timeless <"$TMP/junit" >"$TMP/xml"
	same "tests of $name make the JUnit file that they did" \
		"good/$name.xml" "$TMP/xml"
	same "tests of $name make the tracefile that they did" \
		"good/$name.lcov" "$TMP/lcov"
	is "tests of $name plan as many as they run" \
		"$(grep -cE '^(not )?ok ' "$TMP/out")" \
		"$(sed -n 's/^1\.\.//p' "$TMP/out")"
done
for file in bad/*.psl; do
	name=$(basename "$file" .psl)
	exits "tests $name are refused" 1 "$file"
	same "tests $name are refused at their place" "bad/$name.txt" "$TMP/err"
	is "of tests $name none is run" "$(cat "$TMP/out")" ""
	check "tests $name are refused with line and column" \
		grep -qE "^$file:[0-9]+:[0-9]+: error: " "$TMP/err"
done

# What is chosen, and what the exit status says.
chosen() { # NAME PATTERN N
	test_of --filter "$2" good/values.psl
	is "a filter chooses $1" "$(grep -c '^ok ' "$TMP/out")" "$3"
}
chosen "by a part of a name" out 1
chosen "by the block's name" values: 3
chosen "by what a shell would" 'o*er ?inds' 1
exits "a filter that chooses none is no success" 1 --filter nothing \
	good/values.psl
check "and is said" grep -q "no test has a name with 'nothing'" "$TMP/err"
exits "a filter that leaves the failing ones out is a success" 0 \
	--filter "a class" good/sids.psl
{ sed '/^assert/,$d' good/sids.psl; } >"$TMP/none.psl"
exits "a policy without tests is no success" 1 "$TMP/none.psl"
check "and is said so" grep -q "no 'assert' block" "$TMP/err"
exits "coverage that is high enough is a success" 0 --fail-under 40 \
	good/coverage.psl
exits "coverage that is too low is none" 1 --fail-under 99.99 good/coverage.psl
check "and the two numbers are said" \
	grep -qE 'coverage is [0-9.]+ %, under 99\.99' "$TMP/err"
exits "tests that fail do so at any coverage" 1 --fail-under 0 good/failing.psl
exits "a report that cannot be written is an error of its own" 3 \
	--junit "$TMP/no/folder" good/sids.psl
exits "a tracefile that cannot be written is one too" 3 \
	--lcov "$TMP/no/folder" good/sids.psl
exits "a policy that is not there is one too" 3 good/nothing.psl
for wrong in x -1 101 nan 50% ''; do
	exits "a share of '$wrong' is a usage error" 2 --fail-under="$wrong" \
		good/sids.psl
done
exits "no policy is a usage error" 2
exits "two policies are a usage error" 2 good/sids.psl good/values.psl
exits "an output is a usage error" 2 -o "$TMP/x" good/sids.psl
cp good/sids.psl "$TMP/source.psl"
exits "a report does not take the place of its policy" 2 \
	--junit "$TMP/source.psl" "$TMP/source.psl"
check "and the policy is as it was" cmp good/sids.psl "$TMP/source.psl"
if command -v xmllint >/dev/null; then
	check "XML of names that are none is sound" xmllint --noout good/*.xml
else
	skip "XML is sound" "no xmllint"
fi

# States that are too many to try are no proof.
exits "a proof that has too few states for it is none" 1 --states 9 \
	good/states.psl
check "and says so" grep -q 'it is not decided within 9 states' "$TMP/out"
check "and what it was about" grep -q \
	'not decided: request src=house.Clerk .* method=Put' "$TMP/out"
check_not "and holds nothing against it" grep -q 'does not hold' "$TMP/out"
exits "with more it is one" 0 --states 90 good/states.psl
exits "what does not depend on states needs none" 0 --states 1 good/never.psl
exits "and fails as it does" 1 --states 1 good/broken.psl
check_not "and is decided" grep -q 'it is not decided' "$TMP/out"
{
	echo 'use nk.base._ use nk.basic._ use nk.rbac._ use EDL house.Safe use EDL house.Clerk'
	echo 'policy object many : Rbac { config = { roles : {'
	for i in {1..30}; do echo "\"r$i\" : [\"p$i\"],"; done
	echo '"none" : ["open"] } } }'
	echo 'execute dst=house.Clerk { many.init {sid : dst_sid} }'
	echo 'request src=house.Clerk dst=house.Safe method=Try {'
	echo 'choice message.key {'
	for i in {1..30}; do
		echo "$i : many.assign {sid : src_sid, role : \"r$i\"}"
	done
	echo '} }'
	echo 'request src=house.Clerk dst=house.Safe method=Put {'
	echo 'many.permit {sid : src_sid, perm : "open"} }'
	echo 'assert { never request method=Put'
	echo 'never request src=house.Safe'
	echo 'never request method=Try }'
} >"$TMP/many.psl"
exits "a thousand million states are not decided" 1 "$TMP/many.psl"
is "and what does not need them is" "$(grep -c '^ok 2' "$TMP/out")" 1
check "what was found until then counts" grep -q \
	'may be granted: request .* method=Try' "$TMP/out"
check "the others say so" grep -q 'not decided within 1000000' "$TMP/out"
for wrong in 0 x -1 1x 99999999999999999999 ''; do
	exits "'$wrong' states are a usage error" 2 --states="$wrong" \
		good/sids.psl
done

# What tests say is in no image.
"$DKC" build -I ../psl/idl -o "$TMP/with.dk" good/sids.psl
sed '/^assert/,$d' good/sids.psl >"$TMP/sids.psl"
mkdir -p "$TMP/good"
cp "$TMP/sids.psl" "$TMP/good/sids.psl"
(cd "$TMP" && "$DKC" build -I "$TOP/tests/golden/psl/idl" -o without.dk \
	good/sids.psl)
check "an image is the same with tests and without" \
	cmp "$TMP/with.dk" "$TMP/without.dk"

# The kernel's own methods: a row of the summary for each, and none for others.
std=$TOP/policy/std/kl/core
for idl in "$std"/*.idl; do
	sed -n "s/^\t\([A-Z][A-Za-z]*\)(.*/$(basename "$idl" .idl) \1/p" "$idl"
done | tr '[:lower:]' '[:upper:]' | sort >"$TMP/methods"
sed -n 's/^\t{ \([A-Z]*\), "\([A-Za-z]*\)".*/\1 \2/p' \
	"$TOP/policy/prove/summary.c" | tr '[:lower:]' '[:upper:]' | sort >"$TMP/rows"
is "each of the kernel's methods has its row" "$(cat "$TMP/rows")" \
	"$(cat "$TMP/methods")"
check "and there are some" test "$(wc -l <"$TMP/rows")" -gt 10
sed -n '/^\.Sh PROOFS/,/^\.Sh [^P]/p' "$TOP/scripts/man/dk-psl.5" |
	sed -n 's/^\.It Li kl\.core\.\([A-Z][A-Za-z]*\)\.\([A-Za-z]*\)/\1 \2/p' |
	tr '[:lower:]' '[:upper:]' | sort >"$TMP/manual"
is "and so has dk-psl(5)" "$(cat "$TMP/manual")" "$(cat "$TMP/rows")"
# One that has none carries whatever there is, for all that it looks empty.
mkdir -p "$TMP/own/kl/core"
sed 's/^interface {/&\n\tPeek();/' "$std/NS.idl" >"$TMP/own/kl/core/NS.idl"
cat >"$TMP/peek.psl" <<'PSL'
use nk.base._
use EDL kl.core.NameServer use EDL house.Clerk use EDL house.Guest
request src=house.Clerk dst=kl.core.NameServer method=Peek { grant () }
request src=house.Guest dst=kl.core.NameServer method=Peek { grant () }
response dst=house.Guest method=Peek { grant () }
assert { never flow house.Clerk ~> house.Guest through names }
PSL
"$DKC" test -I "$TMP/own" -I idl "$TMP/peek.psl" >"$TMP/out" 2>&1
check "a method without a row carries everything, and that is said" \
	grep -q 'Peek: its answer carries anything: no summary' "$TMP/out"

# The examples' own.
for app in ping picture; do
	"$DKC" test -I "$TOP/apps/$app" --fail-under 95 \
		"$TOP/apps/$app/security.psl" >"$TMP/out" 2>"$TMP/err"
	is "the tests of apps/$app pass, and reach nearly all of it" $? 0
done
"$DKC" test -I "$TOP/apps/vault" "$TOP/apps/vault/security.psl" \
	>"$TMP/out" 2>"$TMP/err"
is "what apps/vault says of its levels is proved" $? 0
done_testing
