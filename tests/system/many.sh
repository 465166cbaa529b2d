# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Many at once: 500 programs, each in what is its own alone, and a program of a
# thousand threads, whose end takes them all. Counted, not timed.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
guard_take "$TMP"

make -C "$TOP" --no-print-directory BUILD="$BUILD" bench-programs \
	>"$TMP/make.out" 2>&1 || {
	not_ok "the programs compile"
	note <"$TMP/make.out"
	done_testing
}
BIN=$BUILD/bench/bin

image() { # NAME: of $TMP/NAME.yaml
	check "$1: the solution compiles" "$DKC" build -I "$TOP/tests/bench" \
		--init "$TMP/$1.yaml" -o "$TMP/$1.dk" \
		"$TOP/tests/bench/security.psl"
}
tasks() { # N PROGRAM
	local i
	echo 'entities:'
	for ((i = 0; i < $1; i++)); do
		echo "- { name: bench.Client, task: t$i, path: $2 }"
	done
}
count() { # REGEX FILE
	grep -cE -- "$1" "$2"
}
# The launcher's children in pid namespaces of their own.
programs() { # LAUNCHER
	local pid
	tr ' ' '\n' <"/proc/$1/task/$1/children" | while read -r pid; do
		[[ $(readlink "/proc/$pid/ns/pid") == "$ours" ]] || echo "$pid"
	done
}
ours=$(readlink /proc/self/ns/pid)
alive() { # PID...: how many of them there are, zombies aside
	local pid n=0
	for pid; do
		[[ -d /proc/$pid ]] &&
			! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null &&
			n=$((n + 1))
	done
	echo "$n"
}
none_left() { # NAME PID...: within 5 s
	local name=$1 end=$((SECONDS + 5))
	shift
	while [[ $(alive "$@") != 0 && $SECONDS -lt $end ]]; do
		sleep 0.1
	done
	is "$name" "$(alive "$@")" 0
}

# ---- 500 programs ----

tasks 500 LibcNothing >"$TMP/brief.yaml"
image brief
run 120 "$DK" run --bin "$BIN" "$TMP/brief.dk"
is "500 programs that only end have run, and the daemon says so" "$STATUS" 0
is "each was started" "$(count '^dkd: started t[0-9]+ ' "$TMP/out")" 500
is "each ended by itself" "$(count '^dkd: ended t[0-9]+ .*: status 0$' "$TMP/out")" \
	500

tasks 500 Idle >"$TMP/many.yaml"
image many
spawn many "$DK" run --grace 100 --bin "$BIN" "$TMP/many.dk"
for ((i = 0; i < 600; i++)); do
	[[ $(count '^dkd: started t' "$TMP/many.out") != 500 ]] || break
	sleep 0.1
done
mapfile -t pids < <(programs "$PID")
is "500 programs are there at once" "$(alive "${pids[@]}")" 500
for kind in pid mnt cgroup; do
	is "no two of them are in one $kind namespace" "$(for pid in "${pids[@]}"
	do
		readlink "/proc/$pid/ns/$kind"
	done | sort -u | wc -l)" 500
done
is "A15_no two of them have one uid" "$(for pid in "${pids[@]}"; do
	sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "/proc/$pid/status"
done | sort -u | wc -l)" 500
is "each has the descriptors of one program alone" "$(for pid in "${pids[@]}"
do
	(cd "/proc/$pid/fd" && echo ./*)
done | sort -u)" "./0 ./1 ./2 ./3"
kill -TERM "$PID"
await "$PID" 60
is "SIGTERM ends them all" "$STATUS" 0
is "and each end is told" "$(count '^dkd: ended t' "$TMP/many.out")" 500
none_left "none of the 500 is left" "${pids[@]}"

# ---- a thousand threads ----

threads() { # NAME THREADS ALLOWED
	printf -- '%s\n' 'entities:' '- name: bench.Client' '  path: Threads' \
		"  args: [$2]" "  sandbox: { threads: $3 }" >"$TMP/$1.yaml"
	image "$1"
}
threads threads 1000 1001
threads short 1000 1000

run 60 "$DK" run --bin "$BIN" "$TMP/short.dk"
has "a thread more than it may have is refused to a program" "$TMP/out" \
	'^dkd: ended bench.Client .*: status 1$'

begin() { # NAME
	local pid
	spawn "$1" "$DK" run --grace 100 --bin "$BIN" "$TMP/threads.dk"
	await_line "$TMP/$1.out" '1000 threads$' 60 ||
		note <"$TMP/$1.out"
	pid=$(programs "$PID")
	mapfile -t tids < <(ls "/proc/$pid/task")
	is "$1: there are a thousand threads and the first" "${#tids[@]}" 1001
}

begin kill
kill -KILL "$(programs "$PID")"
await "$PID" 20
is "killed, a program of a thousand threads ends the run" "$STATUS" 9
none_left "and takes all of them along" "${tids[@]}"

begin stop
kill -TERM "$PID"
await "$PID" 20
is "a stop ends it too" "$STATUS" 0
none_left "stopped, it takes all of them along" "${tids[@]}"

begin launcher
kill -KILL "$PID"
await "$PID" 20
none_left "so does the launcher's own death" "${tids[@]}"

done_testing
