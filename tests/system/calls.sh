# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Calls over a static channel: answers, error answers, failures, large bodies,
# what does not exist, threads.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

lab_policy calls all
cat >"$TMP/calls.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [register, work_channel, serve, "0"]
- name: lab.Client
  task: Client
  path: probe
  args:
  - connect
  - nowhere
  - connect
  - work_channel
  - path
  - work
  - path
  - elsewhere
  - path
  - work
  - add
  - "2"
  - "3"
  - add
  - "-5"
  - "-6"
  - repeat
  - "a text"
  - repeat
  - ""
  - repeat
  - "ünï ✓"
  - divide
  - "7"
  - "2"
  - divide
  - "7"
  - "0"
  - divide
  - "9"
  - "3"
  - fail
  - add
  - "1"
  - "1"
  - riid
  - "7"
  - add
  - "1"
  - "1"
  - riid
  - "0"
  - take
  - "0"
  - take
  - "1"
  - take
  - "60000"
  - take
  - "70000"
  - take
  - "200000"
  - fill
  - "60000"
  - fill
  - "65536"
  - fill
  - "150000"
  - fill
  - "10"
  - add
  - "20"
  - "22"
  - close
  - add
  - "1"
  - "1"
  - close
  connections:
  - target: Server
    id: work_channel
IN
lab_run calls 30 --wait Client
is "the run ends with 0" "$STATUS" 0
said "a channel that is not in init.yaml is none" Client 'connect nowhere: none'
said "a channel that is there is a handle" Client 'connect work_channel: handle'
said "an endpoint that is not there has no number" Client 'path elsewhere: none'
said "an answer comes" Client 'add 2 3: Ok 5$'
said "negative numbers keep their sign" Client 'add -5 -6: Ok -11$'
said "a text comes back" Client "repeat: Ok 'a text'"
said "an empty text comes back" Client "repeat: Ok ''"
said "a quotient comes" Client 'divide 7 2: Ok 3$'
said "an error answer carries its parameters" Client \
	"divide 7 0: Ok error 33 'division by zero'"
said "after an error answer the next one is none" Client 'divide 9 3: Ok 3$'
said "a method that fails cancels the call" Client 'fail: (Fail|Canceled)$'
said "after a failure the server goes on" Client 'add 1 1: Ok 2$'
said "a number of no endpoint is not found" Client \
	'add 1 1: (ResourceNotFound|InvalidArgument)$'
said "no bytes arrive as none" Client 'take 0: Ok 0 0$'
said "one byte arrives" Client 'take 1: Ok 1 1$'
said "60 000 bytes arrive" Client 'take 60000: Ok 60000 60000$'
said "a request over 64 KiB does not fit" Client 'take 70000: NoMemory'
said "a request of 200 000 bytes does not fit" Client 'take 200000: NoMemory'
said "60 000 bytes come back" Client 'fill 60000: Ok 60000$'
said_not "an answer over 64 KiB is no answer" Client 'fill 150000: Ok'
said "the caller of an answer over 64 KiB is told" Client 'fill 150000: [A-Z]'
said "after all that an answer comes" Client 'add 20 22: Ok 42$'
said "a handle can be closed" Client 'close: Ok$'
said "what is closed cannot be called" Client \
	'add 1 1: (InvalidArgument|NotConnected)$'
said "what is closed cannot be closed again" Client 'close: InvalidArgument$'

# ---- threads: many callers over one channel, at once ----

lab_policy threads all
cat >"$TMP/threads.yaml" <<'IN'
entities:
- name: lab.Server
  task: Server
  path: probe
  args: [register, work_channel, serve, "0"]
- name: lab.Client
  task: Client
  path: probe
  args: [connect, work_channel, threads, "4", "200", print, done]
  sandbox:
    threads: 5
  connections:
  - target: Server
    id: work_channel
- name: lab.Other
  task: Other
  path: probe
  args: [connect, work_channel, threads, "2", "1", print, done]
  connections:
  - target: Server
    id: work_channel
IN
lab_run threads 30 --wait Client --wait Other
said "four threads get 800 right answers" Client 'threads: 4 started, 800 right$'
said_not "a class without threads has none" Other 'threads: [1-9] started'

done_testing
