# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# The name server: publish, enumerate, withdraw; nobody publishes another's.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

lab_policy names all
cat >"$TMP/names.yaml" <<'IN'
entities:
- name: kl.core.NameServer
- name: lab.Server
  task: Server
  path: probe
  args: [ns, publish, lab.IWork, Server, work, publish, lab.IWork, Server, work,
    publish, lab.IWork, Second, work, publish, lab.IWork, Nobody, work,
    publish, lab.IWork, Server, nothing, publish, lab.Other, Server, work,
    publish, kl.core.CM, Server, work, publish, "", "", "",
    publish, kl.core.NS, kl.core.NameServer, ns.NS,
    pause, "700", unpublish, lab.IWork, Second, work,
    unpublish, lab.IWork, Server, work, unpublish, lab.IWork, Server, work,
    pause, "600", print, end]
- name: lab.Server
  task: Second
  path: probe
  args: [ns, pause, "200", publish, lab.IWork, Second, work, pause, "100", exit,
    "0"]
- name: lab.Other
  task: Squatter
  path: probe
  args: [ns, publish, lab.IWork, Server, work, publish, lab.IWork, Squatter,
    work, unpublish, lab.IWork, Server, work]
- name: lab.Client
  task: Client
  path: probe
  args: [ns, find, lab.IWork, pause, "100", enum, lab.IWork, "0", enum,
    lab.IWork, "9", enum, lab.INothing, "0", enum, "", "0",
    pause, "130", enum, lab.IWork, "1", pause, "250", print, later, enum,
    lab.IWork, "0", enum, lab.IWork, "1", pause, "500", enum, lab.IWork, "0"]
IN
lab_run names 30 --wait Client --wait Server
is "the run ends with 0" "$STATUS" 0
said "the name server is found" Client 'ns: Ok$'
said "a server publishes its endpoint" Server \
	'publish lab.IWork Server work: Ok$'
is "to publish again is granted" \
	"$(grep -c '^\[Server\] publish lab.IWork Server work: Ok$' "$TMP/out")" 2
said_not "C26_nobody publishes under another's name" Server \
	'publish lab.IWork (Second|Nobody) work: Ok'
said_not "C26_nobody publishes an endpoint that its class has not" Server \
	'publish lab.IWork Server nothing: Ok'
said_not "C26_nobody publishes an interface that its endpoint is not" Server \
	'publish (lab.Other|kl.core.CM) Server work: Ok'
said_not "C26_nobody publishes empty names" Server 'publish   : Ok'
said_not "C26_nobody publishes as the name server" Server \
	'publish kl.core.NS kl.core.NameServer ns.NS: Ok'
said_not "C26_a class without the endpoint cannot squat" Squatter \
	'publish lab.IWork (Server|Squatter) work: Ok'
said_not "C26_nobody withdraws what is another's" Server \
	'unpublish lab.IWork Second work: Ok'
said_not "C26_the squatter withdraws nothing" Squatter 'unpublish .*: Ok'
said "a client enumerates" Client "enum lab.IWork 0: Ok 'Server' 'work'"
said "beyond the last is not found" Client \
	"enum lab.IWork 9: ResourceNotFound '' ''"
said "an interface of nobody is not found" Client \
	"enum lab.INothing 0: ResourceNotFound"
said_not "an empty interface is nobody's" Client 'enum  0: Ok'
said "two servers of one interface are both there" Client \
	"enum lab.IWork 1: Ok '(Server|Second)' 'work'"
has "a dead server's entry vanishes" <(sed -n '/later/,$p' "$TMP/out") \
	"enum lab.IWork 1: ResourceNotFound"
has "a living server's entry stays" <(sed -n '/later/,$p' "$TMP/out") \
	"enum lab.IWork 0: Ok 'Server' 'work'"
has "a withdrawn entry is gone" <(sed -n '/later/,$p' "$TMP/out") \
	"enum lab.IWork 0: ResourceNotFound"
said "a server withdraws its own" Server 'unpublish lab.IWork Server work: Ok$'
said "what is withdrawn cannot be withdrawn again" Server \
	'unpublish lab.IWork Server work: ResourceNotFound$'

# ---- without a name server ----

lab_policy none all
cat >"$TMP/none.yaml" <<'IN'
entities:
- name: lab.Client
  task: Client
  path: probe
  args: [ns, enum, lab.IWork, "0"]
IN
sed -i '/NameServer/d' "$TMP/none.psl"
lab_run none 30 --wait Client
said_not "without a name server there is none to create" Client 'ns: Ok'
said_not "nor to ask" Client 'enum .*: Ok'

# ---- the policy decides who may publish and who may look ----

cat >"$TMP/denied.yaml" <<'IN'
entities:
- name: kl.core.NameServer
- name: lab.Server
  task: Server
  path: probe
  args: [ns, publish, lab.IWork, Server, work, publish, lab.IOther, Server, work,
    unpublish, lab.IWork, Server, work, enum, lab.IWork, "0"]
- name: lab.Client
  task: Client
  path: probe
  args: [ns, find, lab.IWork, publish, lab.IWork, Server, work]
IN
lab_policy denied rules <<'IN'
request src = lab.Server, dst = kl.core.NameServer, endpoint = ns.NS {
	match method = Publish { assert (message.type == "lab.IWork") }
}
request src = lab.Client, dst = kl.core.NameServer, endpoint = ns.NS,
	method = EnumServices { grant () }
response src = kl.core.NameServer { grant () }
IN
lab_run denied 30 --wait Client --wait Server
said "Publish with a rule is granted" Server 'publish lab.IWork Server work: Ok$'
said "Publish of another interface is denied" Server \
	'publish lab.IOther Server work: SecurityDisallow$'
said "UnPublish without a rule is denied" Server \
	'unpublish lab.IWork Server work: SecurityDisallow$'
said "EnumServices without a rule is denied" Server \
	'enum lab.IWork 0: SecurityDisallow'
said "Publish by a client is denied" Client \
	'publish lab.IWork Server work: SecurityDisallow$'

# ---- publish, find, connect, call: the whole way ----

cat >"$TMP/way.yaml" <<'IN'
entities:
- name: kl.core.NameServer
- name: lab.Server
  task: Server
  path: probe
  args: [ns, publish, lab.IWork, Server, work, host]
  sandbox:
    threads: 2
- name: lab.Client
  task: Client1
  path: probe
  args: [ns, find, lab.IWork, cmconnect, Server, work, "5000", add, "1", "2"]
- name: lab.Client
  task: Client2
  path: probe
  args: [ns, find, lab.IWork, cmconnect, Server, work, "5000", add, "3", "4"]
- name: lab.Other
  task: Other
  path: probe
  args: [ns, find, lab.IWork, cmconnect, Server, work, "5000", add, "5", "6"]
IN
lab_policy way rules <<'IN'
request dst = kl.core.NameServer { grant () }
request dst = kl.core.Core { grant () }
request src = lab.Client, dst = lab.Server { grant () }
response { grant () }
IN
lab_run way 30 --wait Client1 --wait Client2 --wait Other
is "the run ends with 0" "$STATUS" 0
said "the first client's call is answered" Client1 'add 1 2: Ok 3$'
said "the second client's call is answered" Client2 'add 3 4: Ok 7$'
said "the class without a rule has its channel" Other \
	'cmconnect Server work: Ok'
said "and its first request is denied" Other 'add 5 6: SecurityDisallow$'

done_testing
