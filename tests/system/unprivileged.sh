# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# A daemon that root did not start: what its programs are confined by, seen from
# outside, layer by layer; what it does without, said and refused where it is
# required; and that root never comes to run so.
# limit: 600

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
. "$TOP/tests/lib/picture.sh"
. "$TOP/tests/lib/rogue.sh"
need_root
chmod 0755 "$TMP"
mkdir "$TMP/own"
chown "$ROOTLESS_UID:$ROOTLESS_UID" "$TMP/own"
sibling=$TMP/sibling
check "the sibling compiles" "${CC:-gcc}" -O1 -Wall -Wextra -Werror \
	-D_GNU_SOURCE -o "$sibling" "$TOP/tests/lib/sibling.c"
guard_take "$TMP"

PING=$TOP/apps/ping
ROOTS_DK=$DK
rootless_command "$TMP/dk" "$DK"
DK=$TMP/dk
SAID='^dkd: without root: all programs have your uid 54321'

ping_image() { # NAME: $TMP/NAME.dk from $TMP/NAME.psl, or ping's own, and .yaml
	local psl=$PING/security.psl yaml=$PING/init.yaml
	[[ ! -e $TMP/$1.psl ]] || psl=$TMP/$1.psl
	[[ ! -e $TMP/$1.yaml ]] || yaml=$TMP/$1.yaml
	check "$1 compiles" solution_image "$PING" "$TMP/$1.dk" "$psl" "$yaml"
}

ping_run() { # IMAGE [OPTION...]
	run 30 "$DK" run --bin "$BUILD/apps/ping" --wait ping.Client "${@:2}" \
		"$1"
}

# ---- the examples ----

ping_run "$BUILD/apps/ping/ping.dk"
is "ping ends with 0" "$STATUS" 0
is "each ping is answered" "$(grep -c 'ping [0-4], pong' "$TMP/out")" 5
is "one line says what is weaker" "$(grep -cE "$SAID" "$TMP/out")" 1
has "and names the layers" "$TMP/out" \
	"$SAID.*own-uid.*cgroup.*all else is as with root\$"
is "each program says what it is without" \
	"$(grep -cE 'started .*uid 54321; .*; WITHOUT own-uid$' "$TMP/out")" 2
has_not "no other layer is lacking" "$TMP/out" 'lacks'

sed '/^request/,/^}/s/match.*//' "$PING/security.psl" >"$TMP/denied.psl"
ping_image denied
ping_run "$TMP/denied.dk"
is "without the request's rule the run ends with 1" "$STATUS" 1
has "the first ping is refused" "$TMP/out" 'ping 0: rcSecurityDisallow'
has "the refusal is recorded" "$TMP/out" \
	'DENIED request .*ping\.Client.*responder\.ping.*Ping.*no rule'
has_not "nobody answers" "$TMP/out" 'pong'

picture_folders
"$BUILD/bin/make-pictures" "$TMP/data/pictures" >"$TMP/make" 2>&1
picture_run "$PICTURE_IMAGE"
is "a folder to write that is another user's is refused" "$STATUS" 7
has "with the reason" "$TMP/out" 'demo: it belongs to another user'
has_not "nothing is started then" "$TMP/out" '^dkd: started'
chown "$ROOTLESS_UID:$ROOTLESS_UID" "$TMP/data/demo"
picture_run "$PICTURE_IMAGE"
is "the pictures end with 0" "$STATUS" 0
has "who may see them is served" "$TMP/said.ValidPictureClient" '^done$'
is "what was written is the user's" \
	"$(stat -c %u "$TMP/data/demo/"* | sort -u)" "$ROOTLESS_UID"
is "it is all there" "$(find "$TMP/data/demo" -type f | wc -l)" 6
has "who may not is denied" "$TMP/out" \
	'DENIED request .*NonValidPictureClient .*Count: no rule grants it'
has "and is told" "$TMP/said.NonValidPictureClient" 'rcSecurityDisallow'

# ---- each layer, from outside ----

rogue_begin long 100000 10
check "the long one compiles" "$DKC" build -I "$ROGUE_SOURCES" \
	--init "$TMP/long.yaml" -o "$TMP/long.dk" "$ROGUE_SOURCES/security.psl"

# The daemon is $launcher, its others $mediator, $victim, $bystander.
begin() { # NAME [OPTION...]
	spawn "$1" "$DK" run --bin "$ROGUE_BIN" --grace 200 "${@:2}" \
		"$TMP/long.dk"
	launcher=$PID
	await_line "$TMP/$1.out" 'started rogue\.Bystander' 20
	mediator=$(pgrep -P "$launcher" -f '^dkd kernel' | head -n 1)
	victim=$(sed -n 's/.*started rogue.Victim .*pid \([0-9]*\),.*/\1/p' \
		"$TMP/$1.out")
	bystander=$(sed -n 's/.*started rogue.Bystander .*pid \([0-9]*\),.*/\1/p' \
		"$TMP/$1.out")
	check "$1: a daemon runs" test -n "$launcher" -a -n "$mediator" -a \
		-n "$victim" -a -n "$bystander"
}

status_of() { # PID KEY
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

space_of() { # PID KIND
	readlink "/proc/$1/ns/$2"
}

# In everything that root's programs are in too.
looks_confined() { # NAME PID
	local set
	for set in CapPrm CapEff CapInh CapBnd CapAmb; do
		is "$1: $set is empty" "$(status_of "$2" $set)" 0000000000000000
	done
	is "$1: it gets no new privileges" "$(status_of "$2" NoNewPrivs)" 1
	[[ -n ${SANITIZE-} || $BUILD == */sanitize && $1 == mediator ]] ||
		is "$1: it has a filter" "$(status_of "$2" Seccomp)" 2
	is "$1: nobody may look at its memory" "$(stat -c %u "/proc/$2/mem")" 0
	is "$1: its root is empty" "$(ls -A "/proc/$2/root/")" ""
	is "$1: its root is not the machine's" \
		"$([[ /proc/$2/root/ -ef / ]] && echo the same)" ""
	is "$1: it has no folder open" "$(find "/proc/$2/fd" -lname '/*' -print0 |
		xargs -0r stat -Lc '%F' | grep -c directory)" 0
	is "$1: it leaves no core" "$(awk '/^Max core/ { print $5, $6 }' \
		"/proc/$2/limits")" "0 0"
	is "$1: its session has no terminal" \
		"$(ps -o tty= -p "$2" | tr -d ' ')" "?"
	is "$1: its session is its own" "$(ps -o sid= -p "$2" | tr -d ' ')" "$2"
}

apart() { # NAME KIND PID...: no two are in the same
	local name=$1 kind=$2 pid
	shift 2
	is "$name" "$(for pid; do space_of "$pid" "$kind"; done | sort | uniq -d)" \
		""
}

begin seen
looks_confined mediator "$mediator"
looks_confined victim "$victim"
looks_confined bystander "$bystander"
all=("$launcher" "$mediator" "$victim" "$bystander")
for kind in user mnt; do
	apart "all have $kind namespaces of their own" $kind $$ "${all[@]}"
done
apart "all but the launcher have pid namespaces of their own" pid $$ \
	"$mediator" "$victim" "$bystander"
apart "programs have cgroup namespaces of their own" cgroup "$launcher" \
	"$victim" "$bystander"
for kind in net ipc uts; do
	apart "the $kind namespace is not the machine's" $kind $$ "$victim"
	is "and the same empty one for all: $kind" "$(for pid in "${all[@]}"; do
		space_of "$pid" $kind
	done | sort -u)" "$(space_of "$launcher" $kind)"
done
for pid in "${all[@]}"; do
	is "its only uid is the user's, inside and outside" \
		"$(status_of "$pid" Uid | tr '\t' ' ') $(tr -s ' ' <"/proc/$pid/uid_map")" \
		"54321 54321 54321 54321  54321 54321 1"
	is "nobody changes his groups" "$(cat "/proc/$pid/setgroups")" deny
done
is "the launcher's bounding set is empty" "$(status_of "$launcher" CapBnd)" \
	0000000000000000
is "nobody may look at the launcher's memory" \
	"$(stat -c %u "/proc/$launcher/mem")" 0

# ---- what one of them could do to another, but for its filter ----

attempt() { # NAME OF TARGET
	"$sibling" "$ROOTLESS_UID" "$launcher" "$2" "$3" >"$TMP/out" 2>&1
	is "$1: the sibling tries" "$(grep -cE ': errno [0-9]+$' "$TMP/out")" 11
}

is_refused() { # NAME ERRNO ACT...
	local name=$1 error=$2 act
	shift 2
	for act; do
		has "$name: $act is refused" "$TMP/out" "^$act: errno $error\$"
	done
}

for target in bystander mediator; do
	name="a program and the $target"
	attempt "$name" "$victim" "${!target}"
	is_refused "$name" 1 ptrace process_vm_readv pidfd_getfd setns
	is_refused "$name" 13 open_mem open_descriptor open_root
	# What goes by uid alone: there is nobody of that number for it.
	is "$name: it has no number to send a signal to, or limit" \
		"$(sed '1,/^inside/d' "$TMP/out" | tr '\n' ' ')" \
		"signal: errno 3 limit: errno 3 "
done
name="the mediator and a program"
attempt "$name" "$mediator" "$victim"
is_refused "$name" 1 ptrace process_vm_readv pidfd_getfd setns
attempt "control" - "$victim"
is "with the launcher's capabilities all of that succeeds" \
	"$(grep -cE '^(ptrace|pidfd_getfd|setns|open_root|signal|limit): errno 0' \
		"$TMP/out")" 8

# ---- its end ----

kill -KILL "$launcher"
await "$launcher" 20
# shellcheck disable=SC2317 # check calls it
gone() {
	local end=$((SECONDS + 10))
	while pgrep -u "$ROOTLESS_UID" >/dev/null; do
		[[ $SECONDS -lt $end ]] || return 1
		sleep 0.05
	done
}
check "nobody outlives a launcher that is killed" gone
begin interrupted
kill -INT "$launcher"
await "$launcher" 20
is "Ctrl-C ends it" "$STATUS" 130
check "and all of it" gone
begin lost
kill -KILL "$mediator"
await "$launcher" 20
is "nor does anybody a mediator that is killed" "$STATUS" 8
check "all have gone" gone

# ---- what is asked of it ----

begin asked --control "$TMP/own/asked"
is "its control socket is the user's alone" \
	"$(stat -c '%U %a' "$TMP/own/asked")" "UNKNOWN 600"
run 20 "$DK" ps -s "$TMP/own/asked" --sandbox
is "its user may ask" "$STATUS" 0
has "own-uid is not required, and does not hold" "$TMP/out" \
	'^rogue\.Victim +own-uid +yes +no +no +not to be had here +-$'
for layer in pid-namespace mount-namespace net-namespace own-root \
	no-capabilities no-new-privileges landlock seccomp limits; do
	has "$layer is required, holds and is proven" "$TMP/out" \
		"^rogue\\.Victim +$layer +yes +yes +yes +[a-z/].* 20[0-9-]+T"
done
run 20 setpriv --reuid=54322 --regid=54322 --clear-groups "$ROOTS_DK" ps \
	-s "$TMP/own/asked"
is "another user may not" "$STATUS" 120
run 20 "$DK" stop -s "$TMP/own/asked"
is "its user stops it" "$STATUS" 0
await "$launcher" 20
run 20 "$DK" run --bin "$ROGUE_BIN" --control-group users "$TMP/long.dk"
is "a group for the socket is refused" "$STATUS" 2
has "with the reason" "$TMP/out" 'control-group users: without root'

# Where users have a folder, in mounts of their own.
cat >"$TMP/run" <<IN
mount -t tmpfs none /run && mkdir -p /run/user/54321 || exit 99
chown 54321:54321 /run/user/54321
"$DK" run --bin "$ROGUE_BIN" --grace 200 "$TMP/long.dk" &
for i in \$(seq 200); do
	"$DK" ps -s long 2>&1 | grep -q '^rogue\.Bystander .* running ' && break
	sleep 0.1
done
stat -c '%a' /run/user/54321/dk
"$DK" ps
"$DK" ps -s long
"$DK" stop
wait
ls -A /run/user/54321/dk
IN
run 60 unshare -m sh "$TMP/run"
has "the folder is the user's alone" "$TMP/out" '^700$'
is "a user's daemon is found, also by name" \
	"$(grep -c '^rogue\.Victim .* 54321 ' "$TMP/out")" 2
has_not "its socket is gone at the end" "$TMP/out" '^long\.sock$'

# ---- what only root can give ----

for limit in 'memory: 64M' 'cpu: 50%' 'pids: 2'; do
	sed "/^- name: ping.Server/a\\  sandbox: {$limit}" "$PING/init.yaml" \
		>"$TMP/limited.yaml"
	ping_image limited
	ping_run "$TMP/limited.dk"
	is "$limit: it does not start" "$STATUS" 7
	has "$limit: the layer, the way out and the line are said" "$TMP/out" \
		"ping\\.Server: the layer cgroup is required.*root.*cgroup: preferred.*line [0-9]+ of init\\.yaml"
	has_not "$limit: nothing is started" "$TMP/out" '^dkd: started'
	sed -i "s/{$limit}/{$limit, layers: {cgroup: preferred}}/" \
		"$TMP/limited.yaml"
	ping_image limited
	ping_run "$TMP/limited.dk"
	is "$limit, preferred: it runs" "$STATUS" 0
	has "$limit, preferred: without, and that is said" "$TMP/out" \
		'started ping\.Server .*WITHOUT own-uid, cgroup$'
done

# ---- where Linux gives no user namespaces ----

# In one of its own, the limit is that one's; and COMMAND has no capability.
# shellcheck disable=SC2016 # the inner shell expands
limited() { # LIMIT COMMAND...
	local limit=$1
	shift
	run 30 setpriv "--reuid=$ROOTLESS_UID" "--regid=$ROOTLESS_UID" \
		--clear-groups unshare --user --map-current-user --keep-caps \
		sh -c 'echo "$0" >/proc/sys/user/max_user_namespaces || exit 99
			exec setpriv --inh-caps=-all --ambient-caps=-all "$@"' \
		"$limit" "$@"
}

# Root has no number in there: the programs are the user's.
cp -r "$BUILD/apps/ping" "$TMP/own/ping"
chown -R "$ROOTLESS_UID:$ROOTLESS_UID" "$TMP/own/ping"
dk=("$ROOTS_DK" run --control none --bin "$TMP/own/ping" --wait ping.Client
	"$BUILD/apps/ping/ping.dk")
limited 10 "${dk[@]}"
is "in another's user namespace it runs" "$STATUS" 0
limited 0 "${dk[@]}"
is "where there may be none it does not" "$STATUS" 7
has "which setting, and what to do, is said" "$TMP/out" \
	'this machine gives none .*user\.max_user_namespaces is 0: set it .*as root$'
has_not "nothing is started" "$TMP/out" '^dkd: started'
for limit in 1 2; do
	limited $limit "${dk[@]}"
	is "with $limit for all it does not" "$STATUS" 7
	has "the limit is said: $limit" "$TMP/out" \
		'this machine gives none .*user\.max_user_namespaces of them'
	has_not "nothing is started: $limit" "$TMP/out" '^dkd: started'
done
limited 3 "${dk[@]}"
is "with one for the programs and none for the mediator it does not" \
	"$STATUS" 7
mkdir "$TMP/root"
# shellcheck disable=SC2016 # likewise
run 30 unshare -m sh -c 'mount --rbind / "$0" && exec chroot "$0" "$@"' \
	"$TMP/root" "${AS_ROOTLESS[@]}" "${dk[@]}"
is "in a chroot it does not" "$STATUS" 7
has "that may be why" "$TMP/out" 'not permitted.*a chroot may be why'

# ---- root never runs so ----

run 30 "$ROOTS_DK" run --bin "$BUILD/apps/ping" --wait ping.Client \
	"$BUILD/apps/ping/ping.dk"
is "root's ping ends with 0" "$STATUS" 0
has_not "nothing is weaker for root" "$TMP/out" 'without root|own-uid$'
is "its programs have uids of their own" \
	"$(sed -n 's/.*started .* uid \([0-9]*\);.*/\1/p' "$TMP/out" |
		sort -u | grep -c '^1801')" 2
DK=$ROOTS_DK begin roots
for pid in "$mediator" "$victim" "$bystander"; do
	is "root's processes are in no user namespace" "$(space_of "$pid" user)" \
		"$(space_of $$ user)"
done
kill -TERM "$launcher"
await "$launcher" 20
run 30 setpriv --inh-caps=-all --bounding-set=-all "$ROOTS_DK" run \
	--bin "$BUILD/apps/ping" "$BUILD/apps/ping/ping.dk"
is "root without capabilities is not taken for a user" "$STATUS" 7
has_not "and gets no user namespace" "$TMP/out" 'without root|^dkd: started'

done_testing
