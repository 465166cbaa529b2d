# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# What a program may use up: each bomb is stopped at its own limit, is told or
# reported, and its neighbour goes on. Its control group is there meanwhile and
# not afterwards. What the machine cannot give is refused, or preferred.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
bomb
guard_take "$TMP"
mkdir "$TMP/papers"
chmod 0755 "$TMP/papers"

# Do groups count here? Else what they alone can do is not looked at.
lab_policy probe all
cat >"$TMP/probe.yaml" <<'IN'
entities:
- name: lab.Server
  path: bomb
  sandbox: {memory: 16M, cpu: 50%, pids: 2, layers: {cgroup: preferred}}
IN
lab_run probe 30 --wait lab.Server
has "a program that uses nothing up runs" "$TMP/out" '^\[lab.Server\] bomb: all done'
counted=$(! grep -q 'WITHOUT.*cgroup' "$TMP/out" && echo yes)
if [[ $counted ]]; then
	has "its group is a layer more" "$TMP/out" 'started lab.Server .* all 18 layers'
	sed 's/, layers.*}}/}/' "$TMP/probe.yaml" >"$TMP/required.yaml"
	cp "$TMP/probe.psl" "$TMP/required.psl"
	lab_run required 30 --wait lab.Server
	is "the same with the layer required" "$STATUS" 0
else
	note "no cgroup controllers are to be had here"
fi

# ---- each limit ----

lab_policy bombs all
cat >"$TMP/bombs.yaml" <<'IN'
entities:
- name: lab.Server
  task: Heap
  path: bomb
  args: [heap]
  sandbox: {memory: 16M, layers: {cgroup: preferred}}
- name: lab.Server
  task: Threads
  path: bomb
  args: [threads, "100"]
  sandbox: {threads: 5}
- name: lab.Server
  task: Pids
  path: bomb
  args: [threads, "100"]
  sandbox: {threads: 5, pids: 9, layers: {cgroup: preferred}}
- name: lab.Server
  task: Files
  path: bomb
  args: [files, /papers]
  sandbox: {read: [papers], files: 7}
- name: lab.Server
  task: Tmpfs
  path: bomb
  args: [fill, /scratch/one, fill, /scratch/two, fill, /papers/x]
  sandbox: {read: [papers], tmpfs: {path: scratch, size: 64K}}
- name: lab.Server
  task: Other
  path: bomb
  args: [fill, /scratch/one]
  sandbox: {tmpfs: {path: scratch, size: 4K}}
- name: lab.Client
  task: Neighbour
  path: bomb
  args: [spin, "1"]
IN
lab_run bombs 60 --wait Heap --wait Threads --wait Pids --wait Files \
	--wait Tmpfs --wait Other --wait Neighbour
is "none of them ends the solution" "$STATUS" 0
said "memory ends below its limit, with an error" Heap \
	'heap: 1[0-5] MiB, then Cannot allocate memory$'
said "threads end at their number, the first one counts" Threads \
	'threads: 4, then Resource temporarily unavailable$'
said "pids may be more than threads" Pids \
	'threads: 8, then Resource temporarily unavailable$'
said "files end at their number" Files 'files /papers: 7, then Too many open files$'
said "a tmpfs ends at its size" Tmpfs \
	'fill /scratch/one: 6[04] KiB, then No space left on device$'
said "for all its files" Tmpfs \
	'fill /scratch/two: 0 KiB, then No space left on device$'
said "what is beside it stays read-only" Tmpfs \
	'fill /papers/x: 0 KiB, then (Permission denied|Read-only file system)$'
said "each task has its own tmpfs" Other \
	'fill /scratch/one: [04] KiB, then No space left on device$'
for task in Heap Threads Pids Files Tmpfs Other Neighbour; do
	said "$task goes on after that" $task 'bomb: all done$'
done
is "nothing of a tmpfs is on the disk" "$(find "$TMP/papers" -type f)" ""

# ---- what a group alone can do ----

groups_of() { # folders of the groups of this run's programs
	find /sys/fs/cgroup -mindepth 1 -type d -name 'dk-*' 2>/dev/null
}
if [[ $counted ]]; then
	lab_policy shared all
	cat >"$TMP/shared.yaml" <<'IN'
entities:
- name: lab.Server
  task: Shared
  path: bomb
  args: [shared]
  sandbox: {memory: 32M}
- name: lab.Server
  task: Scratch
  path: bomb
  args: [fill, /scratch/x]
  sandbox: {memory: 8M, tmpfs: {path: scratch, size: 4M}}
- name: lab.Client
  task: Neighbour
  path: bomb
  args: [spin, "1"]
IN
	lab_run shared 60 --wait Shared --wait Scratch --wait Neighbour
	said "shared memory counts too" Shared 'shared: 16 MiB$'
	said_not "and goes no further" Shared 'shared: (32|48|64) MiB'
	has "who uses it up is ended" "$TMP/out" 'ended Shared .*: killed by SIGKILL$'
	has "for that reason, which is said" "$TMP/out" \
		'^dkd: Shared used up the memory of its sandbox: Linux ended it$'
	said "a tmpfs within the memory is filled" Scratch \
		'fill /scratch/x: 40[0-9][0-9] KiB, then No space left'
	said "the neighbour is not touched" Neighbour 'bomb: all done$'
	has_not "nor blamed" "$TMP/out" '(Neighbour|Scratch) used up'
fi

# ---- a program of 1 000 threads ----

lab_policy many all
cat >"$TMP/many.yaml" <<'IN'
entities:
- name: lab.Server
  task: Many
  path: bomb
  args: [threads, "1000", stay]
  sandbox: {threads: 1001, cpu: 50%, layers: {cgroup: preferred}}
IN
lab_image many
uid_threads() { # UID
	cat /proc/[0-9]*/task/[0-9]*/status 2>/dev/null |
		awk -v uid="$1" '$1 == "Uid:" && $2 == uid { n++ } END { print n + 0 }'
}
spawn many "$DK" run --bin "$LAB" --grace 500 "$TMP/many.dk"
await_line "$TMP/many.out" 'threads: ' 30
has "a program has 1 000 threads beside its first" "$TMP/many.out" \
	'threads: 1000, then Success$'
uid=$(sed -nE 's/.*started Many .* uid ([0-9]+);.*/\1/p' "$TMP/many.out")
is "they are there" "$(uid_threads "$uid")" 1001
if [[ $counted ]]; then
	mapfile -t folders < <(groups_of | grep -- "-$uid\$")
	check "it has groups" test "${#folders[@]}" -ge 1
	is "which count them" "$(cat "${folders[@]/%//pids.current}" 2>/dev/null)" \
		1001
	is "and allow no more" "$(cat "${folders[@]/%//pids.max}" 2>/dev/null)" \
		1001
	is "half a processor is its share" "$(cat "${folders[@]/%//cpu.max}" \
		"${folders[@]/%//cpu.cfs_quota_us}" 2>/dev/null | cut -d' ' -f1)" \
		50000
	folders_before=${folders[*]}
fi
stand_still() { # whoever is in its groups: in version 1, or in version 2
	local folder
	for folder in $folders_before; do
		[[ ! -e $folder/freezer.state ]] || echo FROZEN >"$folder/freezer.state"
		[[ ! -e $folder/cgroup.freeze ]] || echo 1 >"$folder/cgroup.freeze"
	done
}
all_gone() {
	# shellcheck disable=SC2086 # several paths
	[[ $(uid_threads "$uid") == 0 && -z $(ls -d ${folders_before-} 2>/dev/null) ]]
}
[[ ! $counted ]] || stand_still
kill -TERM "$PID"
await "$PID" 20
is "it is stopped, also when it stands still" "$STATUS" 0
is "its end takes all of them" "$(uid_threads "$uid")" 0
if [[ $counted ]]; then
	# shellcheck disable=SC2086 # several paths
	is "and its groups" "$(ls -d $folders_before 2>/dev/null)" ""

	spawn killed "$DK" run --bin "$LAB" "$TMP/many.dk"
	await_line "$TMP/killed.out" 'threads: ' 30
	uid=$(sed -nE 's/.*started Many .* uid ([0-9]+);.*/\1/p' "$TMP/killed.out")
	folders_before=$(groups_of | grep -- "-$uid\$")
	stand_still
	kill -KILL "$PID"
	await "$PID" 20
	for i in {1..100}; do
		! all_gone || break
		sleep 0.1
	done
	check "who stands still goes with a daemon that is killed" all_gone
fi

# ---- what the machine does not have ----

# In a mount namespace where the groups are out of sight.
without_groups() { # NAME
	run 30 unshare --mount --propagation private sh -c '
		umount -l /sys/fs/cgroup && exec "$@"' - \
		"$DK" run --bin "$LAB" --wait lab.Server "$TMP/$1.dk"
}
cp "$TMP/probe.psl" "$TMP/needs.psl"
cat >"$TMP/needs.yaml" <<'IN'
entities:
- name: lab.Server
  path: bomb
  sandbox:
    memory: 16M
    cpu: 50%
IN
lab_image needs
without_groups needs
is "limits that nothing can count stop the start" "$STATUS" 7
has "it is said what is lacking" "$TMP/out" \
	'^dkd: this machine gives dkd no control groups for: pids, memory, cpu: '
has "and by whom it is required, and where" "$TMP/out" \
	'^dkd: task lab.Server: the layer cgroup is required, .*layers: \{cgroup: preferred\}.* \(line 5 of init.yaml\)'
has_not "the program does not run" "$TMP/out" 'bomb: all done'
without_groups probe
is "who prefers them runs without" "$STATUS" 0
is "what is lacking is said once" \
	"$(grep -c 'this machine gives dkd no control groups' "$TMP/out")" 1
has "and of the program" "$TMP/out" \
	'started lab.Server .* 17 of 18 layers; .*; WITHOUT cgroup$'

lab_policy dump all
cat >"$TMP/dump.yaml" <<'IN'
entities:
- name: lab.Server
  path: bomb
- name: lab.Client
  task: Strict
  path: bomb
  sandbox:
    layers: {no-dump: required}
IN
lab_run dump 30 --wait lab.Server
if [[ $(cat /proc/sys/fs/suid_dumpable) == 0 ]]; then
	is "a layer that is there is no hindrance" "$STATUS" 0
else
	is "a layer that is not there, and required, stops the start" "$STATUS" 7
	has "with its name, and where it is required" "$TMP/out" \
		'^dkd: task Strict: the layer no-dump is required.*line 7 of init.yaml'
fi

done_testing
