# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# What the policy does to messages: default deny, parameters, answers.

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
  args: [connect, work_channel, resize, "512", resize, "513", resize, "0",
    resize, "4294967295", add, "1", "2", divide, "4", "2", divide, "4", "0",
    repeat, "open", repeat, "sesame", resize, "100"]
  connections:
  - target: Server
    id: work_channel
- name: lab.Other
  task: Other
  path: probe
  args: [connect, work_channel, resize, "1", add, "1", "2", divide, "4", "0"]
  connections:
  - target: Server
    id: work_channel
IN
}

start_list rules
lab_policy rules rules <<'IN'
request src = lab.Client, dst = lab.Server, endpoint = work {
	match method = Resize {
		assert (message.width <= 512)
		deny (message.width == 0)
	}
	match method = Divide { grant () }
	match method = Repeat { assert (message.text == "sesame") }
}
response src = lab.Server, dst = lab.Client, endpoint = work { grant () }
IN
lab_run rules 30 --wait Client --wait Other
said "a parameter at its bound is granted" Client 'resize 512: Ok 512$'
said "a parameter above its bound is denied" Client \
	'resize 513: SecurityDisallow$'
said "a second rule denies what the first grants" Client \
	'resize 0: SecurityDisallow$'
said "the largest number is denied" Client \
	'resize 4294967295: SecurityDisallow$'
said "a method without a rule is denied" Client 'add 1 2: SecurityDisallow$'
said "an answer that is granted comes" Client 'divide 4 2: Ok 2$'
said "an error answer without a rule is denied" Client \
	'divide 4 0: SecurityDisallow$'
said "a text that is not the one is denied" Client \
	"repeat: SecurityDisallow ''$"
said "the text that is the one is granted" Client "repeat: Ok 'sesame'$"
said "after all denials a grant is a grant" Client 'resize 100: Ok 100$'
said "another class is denied what the first is granted" Other \
	'resize 1: SecurityDisallow$'
has "a denial by a rule names file and line" "$TMP/out" \
	'DENIED.*Client.*Resize.*rules\.psl:[0-9]+'
has "a denial without a rule says so" "$TMP/out" \
	'DENIED.*Client.*Add.*no rule'
has "a denied error answer is told as such" "$TMP/out" \
	'DENIED error.*Server.*Client.*Divide'
has "the other class's denial names it" "$TMP/out" \
	'DENIED request.*Other.*Resize'

start_list answers
lab_policy answers rules <<'IN'
request dst = lab.Server { grant () }
response src = lab.Server, dst = lab.Client, endpoint = work, method = Resize {
	assert (message.same < 200)
}
error { grant () }
IN
lab_run answers 30 --wait Client --wait Other
said "an answer's parameter above its bound is denied" Client \
	'resize 512: SecurityDisallow$'
said "an answer's parameter within its bound is granted" Client \
	'resize 100: Ok 100$'
said "an answer without a rule is denied" Client 'add 1 2: SecurityDisallow$'
said "an error answer may be granted where the answer is not" Client \
	"divide 4 0: Ok error 33"
has "a denied answer is told with its server" "$TMP/out" \
	'DENIED response.*Server.*Client.*Resize'

# Nobody granted anything: the programs run, and no message passes.
start_list nothing
lab_policy nothing rules </dev/null
lab_run nothing 30 --wait Client --wait Other
said "without a rule every request is denied" Client \
	'resize 512: SecurityDisallow$'
said_not "without a rule nothing is granted" '(Client|Other)' ': Ok'

# execute is decided: a class without a rule does not start.
lab_policy unstarted rules <<'IN'
request { grant () }
response { grant () }
error { grant () }
IN
sed -i 's/^execute .*/execute dst = kl.core.Core { grant () }\
execute dst = Einit { grant () }\
execute dst = lab.Server { grant () }\
execute dst = lab.Client { grant () }/' "$TMP/unstarted.psl"
start_list unstarted
lab_run unstarted 30 --wait Client --wait Other
has "a start without a rule is denied" "$TMP/out" 'DENIED execute.*Other'
said_not "a program whose start is denied prints nothing" Other '.*'
said "the others run" Client 'resize 512: Ok 512$'

done_testing
