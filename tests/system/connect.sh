# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# The connection manager: Connect, Listen, Accept, Drop; the ends of channels.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

# ---- connect, accept, use, close ----

lab_policy plain all
cat >"$TMP/plain.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [cmlisten, work, "5000", cmlisten, "", "0", cmaccept, "0", serve, "1",
    cmlisten, "", "5000", cmaccept, "0", serve, "2"]
- name: lab.Client
  task: Client
  path: probe
  args: [cmconnect, Server, work, "5000", add, "1", "2", pause, "400", add, "2",
    "2", close, add, "9", "9"]
- name: lab.Other
  task: Other
  path: probe
  args: [pause, "200", cmconnect, Server, work, "5000", add, "3", "4", pause,
    "300", print, bye]
IN
lab_run plain 30 --wait Client --wait Other
is "the run ends with 0" "$STATUS" 0
said "Connect succeeds once it is accepted" Client 'cmconnect Server work: Ok'
said "Listen names client and endpoint" Server "cmlisten 'work': Ok 'Client' 'work'"
said "Listen names the same one again until it is accepted" Server \
	"cmlisten '': Ok 'Client' 'work'"
said "Accept makes a listener" Server 'cmaccept Client work: Ok new'
said "the channel carries calls" Client 'add 1 2: Ok 3$'
said "Accept puts another client on the same listener" Server \
	'cmaccept Other work: Ok same'
said "the second client is served" Other 'add 3 4: Ok 7$'
said "the first client is served still" Client 'add 2 2: Ok 4$'
said "a client closes its end" Client 'close: Ok$'
said "what is closed cannot be called" Client \
	'add 9 9: (InvalidArgument|NotConnected)$'

# ---- refusals ----

lab_policy refusals all
cat >"$TMP/refusals.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [cmlisten, "", "50", cmname, Client, work, cmaccept, "0", cmdrop,
    cmlisten, other, "300", cmlisten, "", "5000", cmdrop, cmlisten, "", "3000",
    print, seen, cmaccept, "7", cmlisten, "", "1000", cmaccept, "0", stay]
- name: lab.Client
  task: Client
  path: probe
  args: [cmconnect, Nobody, work, "300", cmconnect, Server, nothing, "300",
    cmconnect, "", "", "100", cmconnect, Client, work, "100",
    cmconnect, Other, work, "100", pause, "100",
    cmconnect, Server, work, "5000", cmconnect, Server, work, "1500"]
- name: lab.Other
  task: Other
  path: probe
  args: [cmlisten, "", "100", pause, "3000"]
IN
lab_run refusals 30 --wait Client
said "Listen that nobody comes to is a time-out" Server "cmlisten '': Timeout"
said "Accept of one who does not wait fails" Server \
	'cmaccept Client work: (ResourceNotFound|Fail|NotConnected)'
said "Drop of one who does not wait fails" Server \
	'cmdrop Client work: (ResourceNotFound|Fail|NotConnected)'
said "a server that is not there is not found" Client \
	'cmconnect Nobody work: (ResourceNotFound|NotConnected|Timeout)'
said "an endpoint that the server's class has not is not found" Client \
	'cmconnect Server nothing: ResourceNotFound'
said_not "empty names connect to nobody" Client 'cmconnect  : Ok'
said_not "a class without endpoints cannot be connected to" Client \
	'cmconnect (Other|Client) work: Ok'
said "Listen with a filter does not see another endpoint" Server \
	"cmlisten 'other': (Timeout|ResourceNotFound)"
said "Drop refuses a client" Server 'cmdrop Client work: Ok'
said "a dropped client is told" Client 'cmconnect Server work: NotConnected'
said "it may ask again and be accepted" Client 'cmconnect Server work: Ok'
said_not "Accept under the number of another endpoint fails" Server \
	'cmaccept Client work: Ok$'

# ---- time-outs and death ----

lab_policy waits all
cat >"$TMP/waits.yaml" <<'IN'
entities:
- name: lab.Server
  task: Mute
  path: probe
  args: [pause, "2500"]
- name: lab.Server
  task: Dying
  path: probe
  args: [pause, "500", exit, "0"]
- name: lab.Client
  task: Client
  path: probe
  args: [cmconnect, Mute, work, "200", cmconnect, Mute, work, "0", cmconnect,
    Dying, work, "5000", cmconnect, Dying, work, "200"]
IN
lab_run waits 30 --wait Client
said "Connect that nobody accepts is a time-out" Client \
	'cmconnect Mute work: Timeout after (19[0-9]|2[0-9][0-9]) ms'
said "Connect that does not wait ends at once" Client \
	'cmconnect Mute work: (Timeout|Busy) after [0-9]?[0-9] ms'
said "a server that dies wakes who waits for it" Client \
	'cmconnect Dying work: NotConnected after [1-9]?[0-9]?[0-9] ms'
said "who is dead cannot be connected to" Client \
	'cmconnect Dying work: (NotConnected|ResourceNotFound) after [0-9]?[0-9] ms'

# ---- the server closes its end ----

lab_policy server_end all
cat >"$TMP/server_end.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [cmlisten, "", "5000", cmaccept, "0", serve, "1", close, pause, "300",
    cmnewlistener, cmlisten, "", "2000", cmaccept, "0", serve, "1", pause, "100"]
- name: lab.Client
  task: Client
  path: probe
  args: [cmconnect, Server, work, "5000", add, "1", "2", pause, "100", add, "3",
    "4", add, "3", "4", cmconnect, Server, work, "5000", add, "5", "5"]
IN
lab_run server_end 30 --wait Client
said "before the server closes, calls are answered" Client 'add 1 2: Ok 3$'
said "after it has closed, the client is told" Client 'add 3 4: NotConnected$'
said "the two can connect again" Client 'add 5 5: Ok 10$'

# ---- the policy decides each function ----

cat >"$TMP/denied.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [cmlisten, "", "1000", cmaccept, "0", cmdrop, stay]
- name: lab.Client
  task: Client
  path: probe
  args: [cmconnect, Server, work, "300", cmconnect, Nobody, work, "300"]
- name: lab.Other
  task: Other
  path: probe
  args: [cmconnect, Server, work, "300", cmlisten, "", "100"]
IN
lab_policy denied rules <<'IN'
request src = lab.Client, dst = kl.core.Core, endpoint = cm.CM {
	match method = Connect { assert (message.server == "Server") }
}
request src = lab.Server, dst = kl.core.Core, endpoint = cm.CM {
	match method = Listen { grant () }
	match method = Drop { grant () }
}
response src = kl.core.Core { grant () }
IN
lab_run denied 30 --wait Client --wait Other
said "Accept without a rule is denied" Server \
	'cmaccept Client work: SecurityDisallow'
said "Connect without a rule is denied" Other \
	'cmconnect Server work: SecurityDisallow'
said "Connect to a server that the policy does not name is denied" Client \
	'cmconnect Nobody work: SecurityDisallow'
said "Listen without a rule is denied" Other "cmlisten '': SecurityDisallow"

# A denied answer undoes the channel on both sides.
cat >"$TMP/undone.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [cmlisten, "", "2000", cmaccept, "0", cmlisten, "", "200", stay]
- name: lab.Client
  task: Client
  path: probe
  args: [cmconnect, Server, work, "2000"]
IN
lab_policy undone rules <<'IN'
request { grant () }
response src = kl.core.Core, dst = lab.Server { grant () }
IN
lab_run undone 30 --wait Client
said "a denied answer to Connect denies the client" Client \
	'cmconnect Server work: SecurityDisallow'
said "and the server's Accept with it" Server \
	'cmaccept Client work: SecurityDisallow'

done_testing
