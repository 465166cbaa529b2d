#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# dkc check: each warning where it belongs and nowhere else, and the comments that
# silence it.
. "$(dirname "$0")/../lib/tap.sh"

DKC=${DKC:-$BUILD/bin/dkc}
[[ $DKC == /* ]] || DKC=$TOP/$DKC
[[ -x $DKC ]] || { not_ok "dkc is built" "$DKC is not there"; done_testing; }

mkdir "$TMP/t"
cd "$TMP" || exit 1
echo 'package t.Face interface { Put(in UInt32 n); Get(out UInt32 n); }' \
	>t/Face.idl
echo 'package t.Other interface { Do(); }' >t/Other.idl
echo 'entity t.Client' >t/Client.edl
echo 'entity t.Server endpoints { face : t.Face }' >t/Server.edl

# A policy with nothing to warn of: lines 1 to 14. What a test adds begins at 15.
cat >fine.psl <<'PSL'
use nk.base._
use nk.basic._
use EDL kl.core.Core
use EDL Einit
use EDL t.Client
use EDL t.Server
execute src = kl.core.Core { grant () }
execute src = Einit { grant () }
request src = t.Client, dst = t.Server, method = Put {
	assert (message.n < 5)
	deny (message.n == 3)
}
response src = t.Server, dst = t.Client { grant () }

PSL

dkc_check() { # FILE: $STATUS, and the warnings in $TMP/out
	run 10 "$DKC" check -I . "$1"
	grep -E '^[^ ]+:[0-9]+:[0-9]+: ' "$TMP/out" >"$TMP/said"
	mv "$TMP/said" "$TMP/out"
}
# The policy and the lines of the input: exactly the warnings "LINE:COLUMN name".
warns() { # NAME WARNING...
	local name=$1
	shift
	{
		cat fine.psl
		cat
	} >p.psl
	dkc_check p.psl
	is "$name" "$(sed -E 's/^p.psl:([0-9]+:[0-9]+): (warning|error): (.* \[(.*)\])?/\1 \4/' \
		"$TMP/out")" "$(printf '%s\n' "$@")"
	is "$name: the exit status" "$STATUS" $(($# > 0))
}

warns "a policy with nothing to warn of" <<<''
[[ $(cat "$TMP/out") == "" ]] || note <"$TMP/out"
warns "a binding that matches nothing" '15:1 unmatched' <<'PSL'
security src = t.Client { grant () }
PSL
warns "one of them inside of another" '16:2 unmatched' <<'PSL'
request src = t.Client {
	match interface = t.Other { grant () }
	match dst = t.Server method = Put { grant () }
}
PSL
warns "a rule that always denies" '6:9 uncalled' '15:72 denies' <<'PSL'
request src = t.Client, dst = t.Server, endpoint = face method = Put { assert (1 == 2) }
PSL
warns "deny (...) alone" '16:1 grants-rest' <<'PSL'
error src = t.Server { grant () }
request src = t.Client, dst = t.Server, method = Get interface = t.Face { deny (src_sid == 7) }
PSL
warns "deny (...) beside an assert" <<'PSL'
request src = t.Client, dst = t.Server, endpoint = face method = Get { deny (src_sid == 7) grant () }
PSL
warns "a request whose response never is granted" '15:1 no-response' <<'PSL'
request src = t.Server, dst = t.Server, endpoint = face method = Get { grant () }
PSL
warns "nor is it when the response is always denied" '15:1 no-response' \
	'16:58 denies' <<'PSL'
request src = t.Server, dst = t.Server, endpoint = face { grant () }
response src = t.Server dst = t.Server endpoint = face { deny () }
PSL
warns "no selector, and it grants" '15:1 anyone' <<'PSL'
error { grant () }
PSL
warns "no selector outside, and some inside" <<'PSL'
error { match src = t.Server { grant () } }
PSL
warns "no selector, and it denies" '15:9 denies' <<'PSL'
error { deny () }
PSL
sed -e 's/execute src = Einit .*/execute src = Einit, dst = t.Client { grant () }/' \
	-e 's/src = kl.core.Core /&, dst = Einit /' -e 's/= Put/= Get/' \
	-e '/message/d' -e '/^request/a\	deny ()' fine.psl >p.psl
dkc_check p.psl
has "a class that may never start" "$TMP/out" \
	'^p.psl:6:9: warning: class t.Server may never start.* \[unstartable\]'
has "an endpoint that nobody may call" "$TMP/out" \
	'^p.psl:6:9: warning: nobody may call the endpoint face of class t.Server \[uncalled\]'
has_not "what comes with dk is not looked at" "$TMP/out" 'kl\.core|Einit'

# ---- policy objects ----

# A Flow, on lines 15 to 23, whose only step is open -> shut, and the lines of
# the input.
flow() { # TRANSITIONS
	cat <<PSL
use nk.flow._
policy object s : Flow {
	type State = "open" | "shut" | "lost"
	config = {
		initial : "open", states : ["open", "shut", "lost"],
		transitions : { $1 }, pool_size : 2
	}
}
request src = t.Client, dst = t.Server, endpoint = face method = Put {
	s.enter { sid : src_sid, state : "shut" }
PSL
	cat
	echo '}'
}
warns "a state that nothing leads to, and what begins there is not looked at" \
	'19:47 unreachable' < <(
	flow '"open" : ["shut"], "lost" : ["shut", "open"]' <<<'')
warns "a transition that no rule makes" '20:48 unentered' < <(
	flow '"open" : ["shut"], "shut" : ["lost", "shut"]' <<<'')
warns "each way to such a state, and none behind it" '20:37 unentered' \
	'20:56 unentered' < <(
	flow '"open" : ["shut", "lost"], "shut" : ["lost"], "lost" : ["open"]' \
		<<<'')
warns "a state that two steps lead to" < <(
	flow '"open" : ["shut"], "shut" : ["lost"]' <<'PSL'
	s.enter { sid : src_sid, state : "lost" }
PSL
)
warns "a step of a text that is not written there" < <(
	flow '"open" : ["shut"], "shut" : ["lost"]' <<'PSL'
	s.enter { sid : src_sid, state : s.query { sid : src_sid } }
PSL
)
warns "a step of either of two texts" < <(
	flow '"open" : ["shut"], "shut" : ["lost"]' <<'PSL'
	s.enter { sid : src_sid, state : bool.cond { if : src_sid == 7, then : "lost", else : "shut" } }
PSL
)
warns "a step in an event that is denied" '6:9 uncalled' '20:29 unentered' \
	'25:2 denies' < <(
	flow '"open" : ["shut"], "shut" : ["lost"]' <<<'	deny ()')
warns "a silence in a list of states" < <(
	flow '"open" : ["shut"]' <<<'' |
		sed 's/"shut", "lost"\],/"shut",\t\/\/ dkc check: unreachable: later\n"lost"],/')
# pool PLACES TASKS RULES: exactly the warning's sentence about it
pools() { # NAME PLACES TASKS WANTED <RULES
	{
		cat fine.psl
		cat <<PSL
use nk.hashmap._
policy object s : HashSet {
	type Entry = UInt8
	config = { set_size : 4, pool_size : $2 }
}
PSL
		cat
	} >p.psl
	{
		echo 'entities:'
		echo '- {name: t.Server, task: Server, path: x}'
		for ((i = 1; i <= $3; i++)); do
			echo "- {name: t.Client, task: C$i, path: x}"
		done
	} >init.yaml
	run 10 "$DKC" check -I . --init init.yaml p.psl
	is "$1" "$(sed -nE 's/^p.psl:(18:39): warning: (the pool.*)$/\1 \2/p' \
		"$TMP/out")" "$4"
	is "$1: the exit status" "$STATUS" $((${#4} > 0))
}
pools "a pool for less than the start list" 2 3 \
	'18:39 the pool of s has 2 places, and 3 processes of the start list may each want one: C1, C2, C3 [pool]' \
	<<<'execute src = Einit, dst = t.Client { s.init { sid : dst_sid } }'
pools "a pool for as many as there are" 3 3 '' \
	<<<'execute src = Einit, dst = t.Client { s.init { sid : dst_sid } }'
pools "one for whoever asks" 1 1 \
	'18:39 the pool of s has 1 place, and 2 processes of the start list may each want one: Server, C1 [pool]' <<'PSL'
execute src = Einit, dst = t.Client { s.init { sid : dst_sid } }
request src = t.Client, dst = t.Server, method = Put { s.init { sid : callable_sid } }
PSL
pools "every start takes a place, the kernel's too" 4 3 \
	'18:39 the pool of s has 4 places, and 6 processes of the start list may each want one: the kernel, the starter, Server, C1, C2, C3 [pool]' \
	<<<'execute dst = t.Client { s.init { sid : dst_sid } } execute { s.init { sid : dst_sid } } // dkc check: anyone: all'
pools "of many, the first are named" 1 9 \
	'18:39 the pool of s has 1 place, and 9 processes of the start list may each want one: C1, C2, C3, C4, C5, C6, C7, C8, ... [pool]' \
	<<<'execute src = Einit, dst = t.Client { s.init { sid : dst_sid } }'

# ---- silences ----

warns "a comment behind" <<'PSL'
error { grant () }	// dkc check: anyone: errors carry no data
PSL
warns "a comment before, of two lines" <<'PSL'
/* dkc check: anyone: errors
   carry no data */
error { grant () }
PSL
warns "a comment two lines before" '15:4 silence' '17:1 anyone' <<'PSL'
/* dkc check: anyone: errors carry no data */

error { grant () }
PSL
warns "a comment for another warning" '15:4 silence' '16:1 anyone' <<'PSL'
/* dkc check: denies: errors carry no data */
error { grant () }
PSL
warns "a comment without a reason" '15:1 anyone' '15:24 silence' <<'PSL'
error { grant () }  /* dkc check: anyone */
PSL
warns "a comment with an empty reason" '15:1 anyone' '15:24 silence' <<'PSL'
error { grant () }  /* dkc check: anyone: */
PSL
warns "a comment with a name that there is none" '15:1 anyone' '15:24 silence' \
	<<'PSL'
error { grant () }  /* dkc check: anyon: errors carry no data */
PSL
warns "a comment with nothing to silence" '15:4 silence' <<'PSL'
/* dkc check: anyone: nothing is here */
PSL

# ---- what is no warning ----

echo 'request src = t.Client, dts = t.Server { grant () }' >bad.psl
dkc_check bad.psl
has "errors come first" "$TMP/out" '^bad.psl:1:25: error: '
has_not "and then nothing is checked" "$TMP/out" ' warning: '
run 10 "$DKC" check
is "no policy" "$STATUS" 2
run 10 "$DKC" check fine.psl fine.psl
is "two policies" "$STATUS" 2
run 10 "$DKC" check gone.psl
is "a policy that is not there" "$STATUS" 3
cd "$TOP/apps" || exit 1
for solution in ping picture login vault; do
	check "$solution has nothing to warn of" "$DKC" check -I $solution \
		--init $solution/init.yaml $solution/security.psl
done
done_testing
