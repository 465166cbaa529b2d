# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# A dynamic program: its profile gives it the machine's libraries and ld.so, and
# nothing else of the machine; strict refuses it.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
bomb
bomb dynamic -fPIE -pie
check "the program is a dynamic one" grep -q ld-linux "$LAB/dynamic"
guard_take "$TMP"

lab_policy posix all
cat >"$TMP/posix.yaml" <<'IN'
entities:
- name: lab.Server
  task: Threads
  path: dynamic
  args: [threads, "9", fill, /scratch/x, fill, /usr/lib/x, files, /lib, files,
    /etc, files, /usr/share, files, /proc]
  sandbox:
    profile: posix
    threads: 3
    files: 5
    tmpfs: {path: scratch, size: 4K}
- name: lab.Server
  task: Exec
  path: dynamic
  args: [try, exec]
  sandbox: {profile: posix}
- name: lab.Server
  task: Fork
  path: dynamic
  args: [try, fork]
  sandbox: {profile: posix}
- name: lab.Server
  task: Socket
  path: dynamic
  args: [try, socket]
  sandbox: {profile: posix}
- name: lab.Server
  task: Code
  path: dynamic
  args: [try, code]
  sandbox: {profile: posix}
- name: lab.Client
  task: Static
  path: bomb
  sandbox: {profile: posix}
IN
lab_run posix 30 --wait Threads --wait Exec --wait Fork --wait Socket \
	--wait Code --wait Static
said "a dynamic program runs" Threads 'bomb: all done$'
said "with threads" Threads 'threads: 2, then Resource temporarily unavailable$'
said "with a folder of its own" Threads \
	'fill /scratch/x: [04] KiB, then No space left on device$'
said "it reads libraries" Threads 'files /lib: 5, then Too many open files$'
said "it writes none" Threads \
	'fill /usr/lib/x: 0 KiB, then (Permission denied|Read-only file system)$'
is "it sees nothing else of the machine" \
	"$(grep -cE '^\[Threads\] files /(etc|usr/share|proc): 0, then No such file' "$TMP/out")" 3
said "a static one runs as well" Static 'bomb: all done$'
for task in Exec Fork Socket; do
	said_not "$task: never comes back" $task 'came back'
	has_not "$task: does not end by itself" "$TMP/out" "ended $task .*: status"
done
has "a second exec is forbidden, though ld.so could be run" "$TMP/out" \
	'KILLED .*Exec.*forbidden system call execve '
has "a child is forbidden" "$TMP/out" 'KILLED .*Fork.*forbidden system call '
has "a socket is forbidden" "$TMP/out" \
	'KILLED .*Socket.*forbidden system call socket '
said "memory never becomes code" Code 'try code: errno (13|12|1)$'

# ---- many ----

# Each has four folders of libraries, and starts beside what all of them have.
lab_policy many all
{
	echo 'entities:'
	for i in {1..80}; do
		printf -- '- {name: lab.Server, task: T%d, path: bomb, ' "$i"
		echo 'sandbox: {profile: posix}}'
	done
} >"$TMP/many.yaml"
lab_run many 60
is "80 of them run" "$STATUS $(grep -c 'bomb: all done$' "$TMP/out")" "0 80"

# ---- strict ----

lab_policy strict all
cat >"$TMP/strict.yaml" <<'IN'
entities:
- name: lab.Server
  path: bomb
- name: lab.Client
  task: Dynamic
  path: dynamic
IN
lab_run strict 30 --wait lab.Server
is "without the profile a dynamic program stops the start" "$STATUS" 5
has "which says how it can be run" "$TMP/out" \
	'^dkd: task Dynamic: .*/dynamic is dynamically linked, .*-static-pie, or say .profile: posix. in its sandbox \(it has none in init.yaml\)$'
has_not "nothing has run" "$TMP/out" 'bomb: all done'

done_testing
