# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Attacks on a start: folders that are swapped while they are opened, words that
# look like options, an environment that wants to be loaded, descriptors few,
# numbers of processes that come again, and what a program finds of others in its
# memory. Rows A4, A6, A7, A16, C3, C15, C29.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

# ---- A4: a folder that the caller names is swapped for a link ----

chmod 755 "$TMP"
mkdir -p "$TMP/open/papers" "$TMP/secret"
echo public >"$TMP/open/papers/key"
echo SECRET >"$TMP/secret/key"
chmod 644 "$TMP"/*/key "$TMP/open/papers/key"
ln -s "$TMP/secret" "$TMP/open/link"
cat >"$TMP/swap.c" <<'IN'
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	while (argc == 3 && getppid() != 1)
		if (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2],
			      RENAME_EXCHANGE) < 0)
			return 1;
	return 0;
}
IN
check "the swapper compiles" "${CC:-gcc}" -O1 -D_GNU_SOURCE -o "$TMP/swap" \
	"$TMP/swap.c"
lab_policy swap all
cat >"$TMP/swap.yaml" <<IN
entities:
- name: lab.Client
  task: Reader
  path: probe
  args: [read, "$TMP/open/papers/key"]
  sandbox:
    read: ["$TMP/open/papers"]
IN
lab_run swap 20
said "A4_an unswapped folder is there" Reader "read .*/key: 'public'"
spawn swapper "$TMP/swap" "$TMP/open/papers" "$TMP/open/link"
swapper=$PID
n_refused=0 n_read=0 wrong=''
for ((i = 0; i < 60; i++)); do
	run 20 "$DK" run --bin "$LAB" --grace 500 "$TMP/swap.dk"
	if grep -q SECRET "$TMP/out"; then
		wrong+=" $i: read;"
	elif grep -q "read .*'public'" "$TMP/out"; then
		n_read=$((n_read + 1))
	elif grep -qE "^dkd: .*papers" "$TMP/out" && [[ $STATUS != 0 ]]; then
		n_refused=$((n_refused + 1))
	else
		wrong+=" $i: status $STATUS: $(head -n 1 "$TMP/out");"
	fi
done
check "A4_the swapper was at it all the time" kill "$swapper"
await "$swapper" 5
note "refused $n_refused, read the folder $n_read"
is "A4_a swapped folder never shows what a link leads to" "$wrong" ""
check "A4_the link was met" test "$n_refused" -gt 0

# ---- A6: words that look like options ----

lab_policy words all
cat >"$TMP/words.yaml" <<'IN'
entities:
- name: lab.Client
  task: Client
  path: probe
  args: [print, "--bin", print, "-", print, "--", print, "--help"]
IN
lab_run words 20
for word in --bin - -- --help; do
	said "A6_an argument '$word' is the program's" Client "$word\$"
done
is "A6_and nobody else's" "$STATUS" 0
cp "$TMP/words.dk" "$TMP/--help"
run 20 env -C "$TMP" "$DK" run --bin "$LAB" ./--help
is "A6_an image '--help' is run by its path" "$STATUS" 0
said "A6_an image '--help' is no option" Client '--help$'
cp "$TMP/words.psl" "$TMP/name.psl"
named() { # NAME: $TMP/name.yaml, whose task is called so
	sed "s|task: Client|task: \"$1\"|" "$TMP/words.yaml" >"$TMP/name.yaml"
}
for name in -x --help '-- x'; do
	named "$name"
	check_not "A6_a task '$name' is refused" solution_image "$LAB_SOURCES" \
		"$TMP/name.dk" "$TMP/name.psl" "$TMP/name.yaml"
	has "A6_a task '$name' is told apart from an option" "$TMP/check.out" \
		"name\.yaml:3:9: error: a task's name cannot begin with '-'"
done
# shellcheck disable=SC2016 # no shell may expand it
for name in '$(id)' 'a;id' '../x'; do
	named "$name"
	lab_run name 20 --wait "$name"
	is "A6_a task '$name' is waited for by its name" "$STATUS" 0
	check "A6_a task '$name' is called so, and no more" \
		grep -qF "[$name] --bin" "$TMP/out"
done

# ---- A7, C29: an environment that wants to be loaded; others' secrets ----

cat >"$TMP/evil.c" <<'IN'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static __attribute__((constructor)) void load(void)
{
	FILE *file = fopen(getenv("EVIL_LOG") ? getenv("EVIL_LOG")
			   : "/tmp/evil", "a");
	if (file)
		fprintf(file, "%u %s\n", getuid(),
			program_invocation_name), fclose(file);
}
IN
check "the library compiles" "${CC:-gcc}" -O1 -shared -fPIC -D_GNU_SOURCE \
	-include errno.h -o "$TMP/evil.so" "$TMP/evil.c"
lab_policy secrets all
cat >"$TMP/secrets.yaml" <<'IN'
entities:
- name: lab.Client
  task: One
  path: probe
  args: [print, canary-of-one, pause, "60000"]
  env: {COLOUR: canary-of-env}
- name: lab.Other
  task: Two
  path: probe
  args: [print, canary-of-two, pause, "60000"]
IN
lab_image secrets
touch "$TMP/log"
spawn secrets env EVIL_LOG="$TMP/log" LD_PRELOAD="$TMP/evil.so" \
	CANARY=canary-of-caller DBUS_SESSION_BUS_ADDRESS=unix:abstract=evil \
	GLIBC_TUNABLES=glibc.malloc.check=1 \
	"$BUILD/bin/dkd" --bin "$LAB" --grace 200 "$TMP/secrets.dk"
daemon=$PID
check "two programs run" await_line "$TMP/secrets.out" 'canary-of-two' 20
await_line "$TMP/secrets.out" 'canary-of-one' 20

below() { # PID: itself and all below
	local child
	echo "$1"
	# shellcheck disable=SC2013 # numbers, all on one line
	for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
		below "$child"
	done
}
of_task() { # WORD: the program that has it as an argument
	local pid
	for pid in $(below "$daemon"); do
		tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qx "$1" && echo "$pid"
	done
}
one=$(of_task canary-of-one)
two=$(of_task canary-of-two)
mediator=$(for pid in $(below "$daemon"); do
	tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qx 'dkd kernel' && echo "$pid"
done)
check "A7_the processes are found" test -n "$one" -a -n "$two" -a -n "$mediator"
is "A7_the caller's environment is not the mediator's" \
	"$(tr '\0' ' ' <"/proc/$mediator/environ")" ""
is "A7_nor a program's" "$(tr '\0' ' ' <"/proc/$two/environ")" ""
is "A7_which has what the image says" \
	"$(tr '\0' ' ' <"/proc/$one/environ")" "COLOUR=canary-of-env "
has "A7_the library was to be loaded" "$TMP/log" '^0 .*dkd$'
has_not "A7_it is loaded into no other than the one that was told" "$TMP/log" \
	'^[1-9]|kernel|probe'

# All that PID may write to, and so all that is its own.
memory() { # PID
	local from to first
	while read -r from to; do
		first=$((16#$from / 4096))
		dd if="/proc/$1/mem" bs=4096 skip=$first \
			count=$((16#$to / 4096 - first)) 2>/dev/null
	done < <(sed -nE 's/^([0-9a-f]+)-([0-9a-f]+) rw.*/\1 \2/p' "/proc/$1/maps")
}
memory "$one" >"$TMP/one"
memory "$two" >"$TMP/two"
for canary in one env; do
	check "C29_a program has its own words in memory: $canary" \
		grep -qaF "canary-of-$canary" "$TMP/one"
	check_not "C29_and nobody else's: $canary" \
		grep -qaF "canary-of-$canary" "$TMP/two"
done
check_not "C29_nothing of the caller is in a program's memory" \
	grep -qaF canary-of-caller "$TMP/one" "$TMP/two"
kill -TERM "$daemon"
await "$daemon" 20

# ---- A16: nobody runs a shell ----

for file in dkd dk dkc; do
	nm -D --undefined-only "$BUILD/bin/$file" >"$TMP/nm"
	has_not "A16_$file has no way to a shell" "$TMP/nm" \
		' (system|popen|wordexp|execlp?|execvpe?)(@|$)'
done
nm -D --undefined-only "$BUILD/bin/dkd" >"$TMP/nm"
has_not "A16_dkd runs no program by a path" "$TMP/nm" ' (exec|posix_spawn)'

# ---- C3: few descriptors ----

run 20 bash -c 'ulimit -Sn 32; exec "$@"' _ "$DK" run --bin "$LAB" "$TMP/words.dk"
is "C3_a low soft limit of descriptors is raised" "$STATUS" 0
for limit in 8 16 24 32; do
	run 20 bash -c "ulimit -n $limit"'; exec "$@"' _ "$DK" run --bin "$LAB" \
		"$TMP/words.dk"
	if [[ $STATUS == 0 ]]; then
		said "C3_with $limit descriptors it does all" Client '--help$'
	else
		has "C3_with $limit descriptors it says so" "$TMP/out" \
			'[Tt]oo many open files|descriptor'
		has_not "C3_with $limit descriptors nothing runs by halves" \
			"$TMP/out" '^\[Client\]'
	fi
done

# ---- C15: numbers of processes that come again ----

# Since 6.14 the highest number is a namespace's own: the machine's is not touched.
release=$(uname -r)
if printf '6.14\n%s\n' "${release%%-*}" | sort -CV; then
	# A hundred starts, each killed again when it is over, where there are but 400
	# numbers; and innocents, whose numbers lie between them.
	cp "$BUILD/apps/ping/ping.dk" "$TMP/start_flood.dk"
	cat >"$TMP/again" <<'IN'
	echo 400 >/proc/sys/kernel/pid_max || exit 9
	for ((i = 0; i < 40; i++)); do sleep 300 & done
	before=$(jobs -rp | wc -l)
	for ((i = 0; i < 4; i++)); do
		"$1" --bin "$2" --grace 200 "$3" || exit 8
	done
	(exit 0) & echo "last $!"
	wait $!
	echo "innocents $before, then $(jobs -rp | wc -l)"
IN
	run 60 unshare -pf --mount-proc --kill-child bash "$TMP/again" \
		"$BUILD/tests/attack/dkd" "$BUILD/apps/ping" "$TMP/start_flood.dk"
	is "C15_a daemon runs where numbers come again" "$STATUS" 0
	has "C15_numbers that come again hurt nobody" "$TMP/out" \
		'^innocents 40, then 40$'
	is "C15_many were started" "$(grep -c 'start_flood: sent' "$TMP/out")" 4
else
	skip "C15_numbers that come again hurt nobody" \
		"this Linux has one highest number for all namespaces"
fi

done_testing
