# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Time and death: deadlines, late answers, either side gone, cycles of callers.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

lab_policy late all
cat >"$TMP/late.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [register, work_channel, serve, "0"]
- name: lab.Client
  task: Client
  path: probe
  args: [connect, work_channel, timeout, "100", sleep, "400", timeout, "2000",
    add, "1", "2", sleep, "50", timeout, "0", sleep, "30", pause, "100",
    timeout, "2000", add, "3", "4"]
  connections:
  - target: Server
    id: work_channel
IN
lab_run late 30 --wait Client
said "a deadline that passes is a time-out" Client 'sleep 400: Timeout after'
said "it passes when it should" Client 'sleep 400: Timeout after (9[0-9]|1[0-9][0-9]|2[0-4][0-9]) ms$'
said "a late answer is not taken for the next one" Client 'add 1 2: Ok 3$'
said "an answer in time comes" Client 'sleep 50: Ok after'
said "not to wait at all is a time-out" Client 'sleep 30: Timeout'
said "after that the channel works" Client 'add 3 4: Ok 7$'
has "the late answer is told as dropped" "$TMP/out" 'DROPPED.*Server'

# ---- the server dies with a call under way ----

for how in 0 1 2; do
	lab_policy "death$how" all
	cat >"$TMP/death$how.yaml" <<IN
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [register, work_channel, serve, "0"]
- name: lab.Client
  task: Client
  path: probe
  args: [connect, work_channel, add, "1", "2", die, "$how", add, "1", "2",
    add, "1", "2", pause, "200"]
  connections:
  - target: Server
    id: work_channel
IN
	lab_run "death$how" 30 --wait Client
	said "death $how: the call under way ends" Client \
		"die $how: NotConnected$"
	said "death $how: so does every call after it" Client \
		'add 1 2: NotConnected$'
	has "death $how: the end is reported" "$TMP/out" \
		'^dkd: .*Server.*(status|signal|ended|exit|killed)'
done
is "a program that ends with a status makes the run's 1" "$STATUS" 1

# ---- the client dies with a call under way; the next client is served ----

lab_policy client all
cat >"$TMP/client.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [register, work_channel, serve, "0"]
- name: lab.Client
  task: Client
  path: probe
  sandbox:
    threads: 1
  args: [connect, work_channel, timeout, "50", sleep, "300", exit, "0"]
  connections:
  - target: Server
    id: work_channel
- name: lab.Other
  task: Other
  path: probe
  args: [connect, work_channel, pause, "100", add, "5", "6", pause, "300", add,
    "6", "7"]
  connections:
  - target: Server
    id: work_channel
IN
lab_run client 30 --wait Other
is "the run ends with 0" "$STATUS" 0
said "another client is served after the death of one" Other 'add 5 6: Ok 11$'
said "and later" Other 'add 6 7: Ok 13$'

# ---- a call through two servers, and one that would close a cycle ----

lab_policy ring all
cat >"$TMP/ring.yaml" <<'IN'
entities:
- name: lab.Server
  task: First
  path: probe
  args: [register, to_first, serve, "0"]
  connections:
  - target: Second
    id: to_second
- name: lab.Server
  task: Second
  path: probe
  args: [register, to_second, serve, "0"]
  connections:
  - target: First
    id: to_first_again
- name: lab.Client
  task: Client
  path: probe
  args: [connect, to_first, relay, to_second, "1", "2", timeout, "3000", relay,
    to_second/to_first_again, "3", "4", add, "5", "6"]
  connections:
  - target: First
    id: to_first
IN
lab_run ring 30 --wait Client
said "a call goes through a second server" Client \
	'relay to_second 1 2: Ok 3 inner Ok$'
said "a call that closes a cycle is refused, not waited for" Client \
	'relay to_second/to_first_again 3 4: Ok .* inner Deadlock$'
said "after that the first server answers" Client 'add 5 6: Ok 11$'

done_testing
