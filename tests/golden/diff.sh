#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dkc diff against goldens, both ways round, and its exit statuses. UPDATE=1
# rewrites the goldens: read the difference.
# shellcheck source=tests/lib/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
cd "$TOP/tests/golden/diff" || exit 1

build() { # IMAGE FOLDER POLICY
	"$DKC" build -I "$2" -o "$TMP/$1.dk" "$3" 2>"$TMP/said" && return
	not_ok "$3 compiles"
	note <"$TMP/said"
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

differ() { # NAME STATUS OLD NEW [OPTION...]
	"$DKC" diff "${@:5}" "$TMP/$3.dk" "$TMP/$4.dk" >"$TMP/out" 2>"$TMP/said"
	is "$1: the exit status" $? "$2"
}

build old old old/policy.psl
build new new new/policy.psl
differ "the new one" 1 old new
same "the new one, for people" new.txt "$TMP/out"
differ "the new one, for scripts" 1 old new --json
same "the new one, for scripts" new.json "$TMP/out"
differ "the old one again" 1 new old
same "the old one again, for people" old.txt "$TMP/out"
for image in old new; do
	differ "nothing changed in $image" 0 $image $image
	is "and nothing is said but that" "$(cat "$TMP/out")" \
		"no verdict can change"
done

# One line of a policy changed: what is said of it, and with which status.
changed() { # NAME STATUS TITLE SED-SCRIPT
	sed "$4" old/policy.psl >"$TMP/policy.psl"
	check_not "$1: the policy did change" \
		cmp -s old/policy.psl "$TMP/policy.psl"
	build changed old "$TMP/policy.psl"
	differ "$1" "$2" old changed
	is "$1: what is said" "$(grep -v '^ ' "$TMP/out" | head -1)" "$3"
}
changed "a comment" 0 "no verdict can change" 's,^execute,/* x */ &,'
changed "a rule that always grants, added" 0 "no verdict can change" \
	's/deny (message.item/grant () &/'
changed "a condition written another way" 1 "granted by other rules (1)" \
	's/message.amount < 10/message.amount <= 9/'
changed "a constant" 1 "granted by other rules (1)" 's/< 10)/< 11)/'
changed "a text" 1 "granted by other rules (1)" 's/"key"/"keys"/'
changed "a parameter" 1 "granted by other rules (1)" \
	's/message.codes\[message.amount\] == 1/message.codes[1] == message.amount/'
changed "assert become deny" 1 "granted by other rules (1)" \
	's/assert (message.year/deny (message.year/'
changed "one more rule" 1 "granted by other rules (1)" \
	's/deny (message.item/deny (message.item == "x") &/'
changed "a rule become a grant" 1 "newly granted, by their rules (1)" \
	's/assert (message.total < 5)/grant ()/'
# shellcheck disable=SC2016 # $ is the last line, for sed
changed "a grant become a rule" 4 "newly denied, by their rules (1)" \
	'/endpoint=back/,$s/method=Close { grant ()/method=Close { deny (src_sid == 4)/'
# shellcheck disable=SC2016 # likewise
changed "a grant become a denial" 4 "newly denied (1)" \
	'/endpoint=back/,$s/method=Close { grant ()/method=Close { deny ()/'
changed "a binding taken out" 4 "newly denied (8)" '/src=shop.Clerk/d'
changed "a binding made wider" 1 "newly granted (26)" 's/ src=shop.Clerk dst/ dst/'
changed "events of another kind" 1 "newly granted (5)" \
	's/^response src=shop.Shop dst=shop.Buyer endpoint=front method=Sell/error src=shop.Shop endpoint=front method=Sell/'

# Objects: what they are configured with is part of the rules about them.
cd "$TOP/tests/decisions" || exit 1
build flow . flow.psl
object() { # NAME STATUS SED-SCRIPT
	sed "$3" flow.psl >"$TMP/flow.psl"
	check_not "$1: the policy did change" cmp -s flow.psl "$TMP/flow.psl"
	build object . "$TMP/flow.psl"
	differ "$1" "$2" flow object
}
object "a comment beside objects" 0 's,^policy object,/* x */ &,'
object "a transition less" 1 's/"open" : \["closed", "broken"\]/"open" : ["closed"]/'
object "another first state" 1 's/initial : "closed"/initial : "open"/'
object "another size of the pool" 1 's/pool_size : 2/pool_size : 3/'
object "another case of a choice" 1 's/"closed" : grant ()/"broken" : grant ()/'
cd "$TOP/tests/golden/diff" || exit 1

usage() { # NAME ARGUMENT...
	"$DKC" diff "${@:2}" >"$TMP/out" 2>"$TMP/said"
	check "$1 is a usage error" test $? -eq 2 -a ! -s "$TMP/out"
}
usage "no image"
usage "one image" "$TMP/old.dk"
usage "three images" "$TMP/old.dk" "$TMP/old.dk" "$TMP/old.dk"
usage "another option" -o "$TMP/x" "$TMP/old.dk" "$TMP/new.dk"
head -c 200 "$TMP/old.dk" >"$TMP/broken.dk"
differ "an unsound image" 1 old broken
is "and it is compared with nothing" "$(cat "$TMP/out")" ""
differ "an image that is not there" 3 missing old
done_testing
