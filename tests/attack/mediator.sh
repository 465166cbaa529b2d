# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Whoever takes over the mediator has not got root: tests/attack/mediator.c is
# one that was taken over, under the real launcher, confined as ours. Each of its
# requests ends the daemon, each of its calls itself; and the launcher has the
# capabilities of its one list. What else a request's arguments may be:
# tests/unit/kernel_confine_launcher.c.
# limit: 600

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
HOSTILE=$BUILD/tests/attack/dkd
PING=$BUILD/apps/ping
check "the launcher with a hostile mediator is built" test -x "$HOSTILE"
if [[ -n ${ROOTLESS-} ]]; then
	rootless_command "$TMP/hostile" "$HOSTILE"
	HOSTILE=$TMP/hostile
fi
guard_take "$TMP"

# One run: its lines in $TMP/out, its end in $STATUS.
attack() { # NAME
	cp "$PING/ping.dk" "$TMP/$1.dk"
	run 60 "$HOSTILE" --bin "$PING" --grace 200 "$TMP/$1.dk"
}

# ---- the layers: a real daemon, seen from outside ----

status_of() { # PID KEY
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

rogue_begin status 100000 10
"$DKC" build -I "$ROGUE_SOURCES" --init "$TMP/status.yaml" -o "$TMP/status.dk" \
	"$ROGUE_SOURCES/security.psl" >"$TMP/dkc" 2>&1
spawn status "$DK" run --bin "$ROGUE_BIN" --grace 200 "$TMP/status.dk"
launcher=$PID
await_line "$TMP/status.out" 'rogue\.Bystander.*started|started rogue\.Bystander' 20
mediator=$(pgrep -P "$launcher" -f '^dkd kernel' | head -n 1)
check "a daemon runs" test -n "$mediator"

# The list, as a number.
list=0
while read -r number; do
	list=$((list | 1 << number))
done < <({
	echo '#include <linux/capability.h>'
	sed -n '/ launcher_needs\[\] = {/,/^};/s/^\t\(CAP_[A-Z_]*\),.*/LIST \1/p' \
		"$TOP/kernel/task/confine_caps.c"
} | ${CC:-gcc} -E -P - | sed -n 's/^LIST //p')
list=$(printf '%016x' "$list")
note "the launcher's list is $list"
for set in CapPrm CapEff; do
	is "the launcher's $set is its list" "$(status_of "$launcher" $set)" "$list"
	is "the mediator's $set is empty" "$(status_of "$mediator" $set)" \
		0000000000000000
done
# Whatever it would run has none: it runs no program but in a sandbox.
for set in CapBnd CapInh CapAmb; do
	is "the launcher's $set is empty" "$(status_of "$launcher" $set)" \
		0000000000000000
	is "the mediator's $set is empty" "$(status_of "$mediator" $set)" \
		0000000000000000
done
read -r real effective saved files <<<"$(status_of "$mediator" Uid)"
check_not "the mediator's uid is nobody's account" getent passwd "$real"
is "it is its only uid" "$effective $saved $files" "$real $real $real"
is "so is its group" "$(status_of "$mediator" Gid)" "$(status_of "$mediator" Uid)"
is "it has no other group" "$(status_of "$mediator" Groups)" ""
is "it gets no new privileges" "$(status_of "$mediator" NoNewPrivs)" 1
[[ -n ${SANITIZE-} || $BUILD == */sanitize ]] ||
	is "it has a filter" "$(status_of "$mediator" Seccomp)" 2
# Linux gives the files there of who may be dumped to him, of all others to root.
is "nobody may look at its memory" "$(stat -c %u "/proc/$mediator/mem")" 0
is "its root is empty" "$(ls -A "/proc/$mediator/root/")" ""
is "its root is not the machine's" \
	"$([[ /proc/$mediator/root/ -ef / ]] && echo the same)" ""
is "it has no folder open" "$(find "/proc/$mediator/fd" -lname '/*' -print0 |
	xargs -0r stat -Lc '%F' | grep -c directory)" 0
kill -TERM "$launcher"
await "$launcher" 20

# ---- requests ----

attack start_and_end
is "a mediator that asks as it may is served" "$STATUS" 0
has "its number of a process is only given back" "$TMP/out" \
	'start_and_end: code 5, sid ffffffff,'
for name in too_long several_in_one descriptors_alone too_many_descriptors \
	start_too_early start_with_device start_with_memory start_with_monitor \
	start_with_eventfd start_with_epoll; do
	attack "$name"
	has "the request $name is made" "$TMP/out" "$name: tries"
	is "the request $name ends the daemon" "$STATUS" 8
	has "the request $name is what ended it" "$TMP/out" \
		'asks what it may not .*everything is ended'
	has_not "the request $name has no answer" "$TMP/out" 'SURVIVED|not sent'
done
for name in kill_flood start_flood; do
	attack "$name"
	has "$name is made" "$TMP/out" "$name: sent"
	is "$name changes nothing" "$STATUS" 0
done
cp "$PING/ping.dk" "$TMP/endless_flood.dk"
spawn flood "$HOSTILE" --bin "$PING" --grace 0 "$TMP/endless_flood.dk"
check "endless_flood begins" await_line "$TMP/flood.out" 'endless_flood: begins' 20
kill -TERM "$PID"
await "$PID" 30
is "a flood does not keep the launcher from a signal" "$STATUS" 8

# ---- system calls ----

# The rows of apps/rogue, each with its call; those that the mediator's own list
# has are tried as well: they must come to nothing.
mapfile -t rows < <(sed -nE \
	-e 's/^\t\{ "([AB][0-9]+_[A-Za-z0-9_]+)", SYS_([a-z0-9_]+),.*/\1 \2/p' \
	-e 's/^\t\{ "(B[23]_[a-z0-9_]+)", .*/\1 -/p' \
	-e 's/^\t\{ "([AB][0-9]+_([a-z0-9_]+))", [0-9].*/\1 \2/p' \
	"$ROGUE_SOURCES/calls.c")
check "the table of calls is read (${#rows[@]})" test "${#rows[@]}" -ge 100
listed() { # WHICH
	sed -n "/^static const char \*const $1\[\] = {/,/^};/p" \
		"$TOP/kernel/task/mediator_start.c" | grep -oE '"[a-z0-9_]+"' |
		tr -d '"'
}
declare -A may
while read -r call; do
	may[$call]=allowed
done < <(listed calls)
while read -r call; do
	may[$call]=refused
done < <(listed refused)
check "its own list is read" test "${may[sendmsg]-} ${may[openat]-}" = \
	"allowed refused"

# What it may do, and that is no harm: more of its own descriptors; a file in
# memory, which it cannot run.
harmless=' B8_memfd_create B13_dup B13_dup3 B15_socketpair '
for row in "${rows[@]}"; do
	read -r name call <<<"$row"
	attack "$name"
	if ! grep -q "^dkd: $name: tries" "$TMP/out"; then
		not_ok "$name is tried by the mediator"
		note <"$TMP/out"
		continue
	fi
	case ${may[$call]-} in
	allowed)
		[[ $harmless == *" $name "* ]] ||
			has "$name fails in the mediator" "$TMP/out" \
				"^dkd: $name: SURVIVED with errno [0-9]+$"
		;;
	refused)
		has "$name is refused to the mediator" "$TMP/out" \
			"^dkd: $name: SURVIVED with errno 1$"
		;;
	*)
		has "$name kills the mediator" "$TMP/out" \
			'ended unasked, by signal 31 '
		has_not "$name does not return" "$TMP/out" SURVIVED
		;;
	esac
	is "$name ends the daemon" "$STATUS" 8
done

for name in signal_launcher signal_init limit_launcher raise_limit open_memory \
	open_root open_self; do
	error=1
	if [[ -n ${ROOTLESS-} ]]; then
		# It is process 1 itself there, and the launcher has no number.
		[[ $name != signal_init ]] || continue
		[[ $name != *_launcher ]] || error=3
	fi
	attack "$name"
	has "$name is refused" "$TMP/out" \
		"^dkd: $name: SURVIVED with errno $error$"
	is "$name ends the daemon" "$STATUS" 8
done
# Calls that it has, but not with these arguments.
for name in signal_by_socket signal_by_ioctl map_code turn_to_code; do
	attack "$name"
	has "$name is tried" "$TMP/out" "^dkd: $name: tries"
	has "$name kills the mediator" "$TMP/out" 'ended unasked, by signal 31 '
	has_not "$name does not return" "$TMP/out" SURVIVED
	is "$name ends the daemon" "$STATUS" 8
done

# Its error output may be somebody's terminal.
on_terminal() { # NAME
	cp "$PING/ping.dk" "$TMP/$1.dk"
	script -qec "$HOSTILE --bin $PING $TMP/$1.dk" /dev/null </dev/null \
		>"$TMP/out" 2>&1
}
on_terminal is_terminal
has "it may see that this is one" "$TMP/out" 'is_terminal: 1'
for name in control_terminal type_into_terminal type_with_high_bits \
	paste_into_console take_console; do
	on_terminal "$name"
	has "$name is tried" "$TMP/out" "$name: tries"
	has "$name kills the mediator" "$TMP/out" 'ended unasked, by signal 31 '
	has_not "$name does not return" "$TMP/out" SURVIVED
done

done_testing
