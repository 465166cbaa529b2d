#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# What is recorded of real messages: by a policy that says nothing about it, and
# by audit profiles at their levels.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

start_list() { # NAME
	cat >"$TMP/$1.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [register, work_channel, serve, "0"]
- name: lab.Client
  task: Client
  path: probe
  args: [connect, work_channel, resize, "512", resize, "513", divide, "4", "2",
    add, "1", "2"]
  connections:
  - target: Server
    id: work_channel
IN
}

rules='request src = lab.Client, dst = lab.Server, endpoint = work {
	match method = Resize { assert (message.width <= 512) }
	match method = Divide { QUIET grant () }
}
response { grant () }'
profile='audit profile trace = {
	0 : { base : { kss : ["denied"] } },
	1 : { base : { kss : ["granted", "denied"] } }
}'
for name in silent denials both quiet; do
	start_list $name
done
lab_policy silent rules <<<"${rules/QUIET/}"
lab_policy denials rules <<<"${rules/QUIET/} $profile audit default = trace 0"
lab_policy both rules <<<"${rules/QUIET/} $profile audit default = trace 1"
lab_policy quiet rules <<<"${rules/QUIET/audit empty} $profile
audit default = trace 1"

lines() { # WHAT METHOD: how many records of the last run
	grep -cE "^dkd: $1 .* work\\.$2: " "$TMP/out"
}

lab_run silent 30 --wait Client
is "a policy without audit: its denials" \
	"$(lines DENIED Resize) $(lines DENIED Add)" "1 1"
is "and no grant" "$(lines GRANTED '[A-Z][a-z]*')" 0
has "a line has its end" "$TMP/out" \
	'^dkd: DENIED request .* work\.Add: no rule grants it \[lab\.IWork, router, event [0-9]+, 20[0-9-]+T[0-9:.]+Z\]$'
lab_run silent 30 --wait Client --audit-level 1
is "a level changes nothing in it" \
	"$(lines DENIED Resize) $(lines GRANTED '[A-Z][a-z]*')" "1 0"

lab_run denials 30 --wait Client
is "at level 0: denials, and what no rule is called for" \
	"$(lines DENIED Resize) $(lines DENIED Add)" "1 1"
is "and no grant" "$(lines GRANTED '[A-Z][a-z]*')" 0
lab_run denials 30 --wait Client --audit-level 1
is "at level 1: each grant of a request and of an answer" \
	"$(lines GRANTED Resize) $(lines GRANTED Divide)" "2 2"
is "and denials" "$(lines DENIED Resize) $(lines DENIED Add)" "1 1"
has "a grant names its rule" "$TMP/out" \
	'^dkd: GRANTED request .* work\.Resize: granted by base\.assert at .*denials\.psl:[0-9]+ \[lab\.IWork, module, event '
has "starts are recorded too" "$TMP/out" \
	'^dkd: GRANTED execute .*Server.*: granted by base\.grant at '
lab_run denials 30 --wait Client --audit-level 2
is "at a level of no profile: what no rule is called for" \
	"$(lines DENIED '[A-Z][a-z]*') $(lines DENIED Add)" "1 1"
said "the denial that is not recorded is one" Client \
	'resize 513: SecurityDisallow$'

lab_run both 30 --wait Client
is "the policy's level is the one to begin with" \
	"$(lines GRANTED Resize) $(lines GRANTED Divide)" "2 2"
lab_run both 30 --wait Client --audit-level 0
is "the option's comes before it" "$(lines GRANTED '[A-Z][a-z]*')" 0
lab_run quiet 30 --wait Client
is "the profile of a body holds in it alone" \
	"$(lines GRANTED Resize) $(lines GRANTED Divide)" "2 1"
is "the grant of the other's request is not told" \
	"$(grep -cE '^dkd: GRANTED request .* work\.Divide' "$TMP/out")" 0

lab_run both 30 --wait Client --json
has "a record as JSON has its rules" "$TMP/out" \
	'"what":"GRANTED","kind":"request".*"method":"Resize","verdict":"granted","subsystem":"module".*"n_rules":1,"rules":\[\{"object":"base","method":"assert","result":"granted","file":"[^"]*both\.psl","line":[0-9]+\}\]\}$'

# ---- states without a record, and patterns that are told ----

start_list states
sed -i 's/^  args: \[connect.*/  args: [connect, work_channel, resize, "1", divide, "4", "2",/
s/^    add, .*/    resize, "2", divide, "4", "2", repeat, abc, repeat, secret]/' \
	"$TMP/states.yaml"
lab_policy states rules <<'IN'
use nk.flow._
use nk.regex._
policy object session : Flow {
	type State = "closed" | "open"
	config = { states : ["closed", "open"], initial : "closed",
		   transitions : { "closed" : ["open"] } }
}
audit profile few = {
	0 : { session : { kss : ["granted", "denied"], omit : ["closed"] } },
	1 : { session : { kss : ["granted", "denied"] } },
	2 : { re : { emit : ["match", "select"] } }
}
audit default = few 0
execute src = Einit, dst = lab.Client { session.init { sid : dst_sid } }
request src = lab.Client, dst = lab.Server, endpoint = work {
	match method = Resize { session.allow { sid : src_sid, states : ["open"] } }
	match method = Divide { session.enter { sid : src_sid, state : "open" } }
	match method = Repeat {
		assert (re.match { text : message.text, pattern : "^[a-c]+$" })
		choice (re.select { text : message.text }) { "b" : grant () }
	}
}
response { audit empty grant () }
error { audit empty grant () }
IN
lab_run states 30 --wait Client
said "a closed session is denied" Client 'resize 1: SecurityDisallow$'
said "an open one is granted" Client 'resize 2: [A-Z]*Ok'
is "what is asked in the omitted state is not recorded, denied or granted" \
	"$(lines DENIED Resize) $(lines GRANTED Divide)" "0 0"
is "what is asked in another one is" \
	"$(lines GRANTED Resize) $(lines DENIED Divide)" "1 1"
has "before init there is no state to omit" "$TMP/out" \
	'^dkd: GRANTED execute .*Client.*: granted by session\.init at '
is "a pattern that nobody asks for is not told" \
	"$(grep -cE '^dkd: .*re\.(match|select)' "$TMP/out")" 0
lab_run states 30 --wait Client --audit-level 1
is "a level that omits nothing has all of them" \
	"$(lines DENIED Resize) $(lines GRANTED Divide)" "1 1"
lab_run states 30 --wait Client --audit-level 2
has "a grant tells which patterns were found" "$TMP/out" \
	'^dkd: GRANTED request .* work\.Repeat: granted; re\.match "\^\[a-c\]\+\$" is true at .*states\.psl:[0-9]+; re\.select "b" is true at .*states\.psl:[0-9]+ \['
has "and so does a denial" "$TMP/out" \
	'^dkd: DENIED request .* work\.Repeat: denied; re\.match .* is false at .*; re\.select "b" is false at '
has_not "no text of a program is in a record" "$TMP/out" '^dkd: .*secret'
is "nothing else is recorded there" \
	"$(lines '[A-Z]+' '(Resize|Divide)')" 0
lab_run states 30 --wait Client --audit-level 2 --json
has "JSON has the patterns" "$TMP/out" \
	'"rules":\[\],"expressions":\[\{"expression":"re\.match","pattern":"\^\[a-c\]\+\$","result":true,"file":"[^"]*states\.psl","line":[0-9]+\},\{"expression":"re\.select","pattern":"b","result":true,'

guard_check "$TMP"
done_testing
