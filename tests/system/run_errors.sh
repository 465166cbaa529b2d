# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
# shellcheck shell=bash
#
# Bad input to `dk run`: each a clear error and its own exit status, those of
# enum dkd_exit in kernel/base/monitor.h.

. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
. "$TOP/tests/lib/solution.sh"
need_root
lab
guard_take "$TMP"

lab_policy good all
cat >"$TMP/good.yaml" <<'IN'
entities:
- name: lab.Client
  task: Client
  path: probe
  args: [print, "here I am"]
IN

# ends NAME STATUS REGEX: the last run ended so, and said so on a line.
ends() {
	is "$1: its own exit status" "$STATUS" "$2"
	has "$1: a clear error" "$TMP/out" "$3"
}

lab_run good 20
is "a good image runs" "$STATUS" 0
said "and its program does" Client 'here I am'

# ---- the command line ----

run 10 "$DK" run
ends "no image named" 2 '[Uu]sage|which image'
run 10 "$DK" run --nonsense "$TMP/good.dk"
ends "an unknown option" 2 'option'
run 10 "$DK" run "$TMP/good.dk" "$TMP/good.dk"
ends "two images" 2 'one image'
run 10 "$DK" run --bin "$LAB" --wait Nobody "$TMP/good.dk"
ends "--wait for a task that is not there" 2 'Nobody'
run 10 "$DK" run --bin "$LAB" --grace 1e3 "$TMP/good.dk"
ends "a number that is none" 2 'grace'

# ---- the image ----

run 10 "$DK" run --bin "$LAB" "$TMP/nowhere.dk"
ends "no such image" 3 'nowhere\.dk'
run 10 "$DK" run --bin "$LAB" "$TMP"
ends "a folder for an image" 3 '.'
: >"$TMP/empty.dk"
run 10 "$DK" run --bin "$LAB" "$TMP/empty.dk"
ends "an empty image" 3 '.'
cp /bin/true "$TMP/true.dk"
run 10 "$DK" run --bin "$LAB" "$TMP/true.dk"
ends "a file that is no image" 3 '.'

size=$(stat -c %s "$TMP/good.dk")
head -c $((size - 1)) "$TMP/good.dk" >"$TMP/short.dk"
run 10 "$DK" run --bin "$LAB" "$TMP/short.dk"
ends "an image that is cut" 3 '.'
{ cat "$TMP/good.dk"; printf x; } >"$TMP/long.dk"
run 10 "$DK" run --bin "$LAB" "$TMP/long.dk"
ends "an image with a tail" 3 '.'

# Any byte changed: every one of the header's, then strides through the rest.
# The unit suite of image_load changes every byte of all; here it is the command.
offsets=$(
	seq 0 7 63
	seq 64 $((size / 60 + 1)) $((size - 1))
	echo $((size - 1))
)
n=0 wrong=''
for offset in $offsets; do
	cp "$TMP/good.dk" "$TMP/changed.dk"
	byte=$(od -An -tu1 -j "$offset" -N 1 "$TMP/good.dk" | tr -d ' ')
	printf '%b' "\\x$(printf %02x $((byte ^ (1 << offset % 8))))" |
		dd of="$TMP/changed.dk" bs=1 seek="$offset" conv=notrunc status=none
	run 10 "$DK" run --bin "$LAB" "$TMP/changed.dk"
	n=$((n + 1))
	[[ $STATUS == 3 ]] || wrong+=" $offset:$STATUS"
done
is "an image with one byte changed is refused, at $n places" "$wrong" ""
has "it says what is wrong" "$TMP/out" 'changed\.dk|image|SHA|sha'

# ---- the programs ----

bin() { # an own folder of programs
	rm -rf "${TMP:?}/bin"
	mkdir -m 0755 "$TMP/bin"
	cp "$LAB/probe" "$TMP/bin/probe"
	chmod 0755 "$TMP/bin/probe"
}
try() {
	run 15 "$DK" run --bin "$TMP/bin" "$TMP/good.dk"
}

bin
try
is "the programs may lie elsewhere" "$STATUS" 0

bin
rm "$TMP/bin/probe"
try
ends "a program that is missing" 4 'probe'

rm -rf "${TMP:?}/bin"
try
ends "a folder of programs that is missing" 2 'bin'

bin
chmod 0644 "$TMP/bin/probe"
try
ends "a program that is not executable" 5 'probe'

bin
chown 4711 "$TMP/bin/probe"
try
ends "a program that belongs to somebody else" 5 'probe.*own|own.*probe'

bin
chmod 0757 "$TMP/bin/probe"
try
ends "a program that everybody may write" 5 'probe.*writ|writ.*probe'

bin
chgrp 4711 "$TMP/bin/probe"
chmod 0775 "$TMP/bin/probe"
try
ends "a program that a group may write" 5 'probe.*writ|writ.*probe'

bin
rm "$TMP/bin/probe"
mkdir "$TMP/bin/probe"
try
ends "a folder for a program" 5 'probe'

bin
rm "$TMP/bin/probe"
mkfifo "$TMP/bin/probe"
try
ends "a pipe for a program" 5 'probe'

bin
mv "$TMP/bin/probe" "$TMP/bin/real"
ln -s real "$TMP/bin/probe"
try
[[ $STATUS == 4 || $STATUS == 5 ]] && STATUS=5
ends "a link for a program" 5 'probe'

bin
printf '#!/bin/sh\necho shell\n' >"$TMP/bin/probe"
try
ends "a script" 5 'probe'
has_not "a script is not run" "$TMP/out" '\] shell$'

bin
head -c 4000 /dev/zero >"$TMP/bin/probe"
try
ends "a program of zeroes" 5 'probe'

bin
: >"$TMP/bin/probe"
try
ends "an empty program" 5 'probe'

bin
head -c 3000 "$LAB/probe" >"$TMP/bin/probe"
try
[[ $STATUS == 5 || $STATUS == 9 ]] && STATUS=5
ends "a program that is cut" 5 'probe|Client'

# ---- programs that die at once ----

bin
cat >"$TMP/dies.c" <<'IN'
int main(void) { return 3; }
IN
gcc -static-pie -fPIE -o "$TMP/bin/probe" "$TMP/dies.c"
try
ends "a program that ends with 3 at once" 9 'ended Client .*status 3$'

lab_policy three all
cat >"$TMP/three.yaml" <<'IN'
entities:
- name: lab.Client
  task: Client
  path: probe
  args: [cmlisten, "", "0", exit, "3"]
IN
lab_run three 15
ends "a program that ends with 3 later" 1 'ended Client .*status 3$'

cat >"$TMP/dies.c" <<'IN'
int main(void) { *(volatile int *)8 = 1; return 0; }
IN
gcc -static-pie -fPIE -o "$TMP/bin/probe" "$TMP/dies.c"
try
ends "a program that crashes at once" 9 'Client.*(SIGSEGV|signal 11|Segmentation)'

cat >"$TMP/dies.c" <<'IN'
#include <sys/socket.h>
int main(void) { return socket(1, 1, 0) < 0; }
IN
gcc -static-pie -fPIE -o "$TMP/bin/probe" "$TMP/dies.c"
try
ends "a program that is killed at once" 9 'socket'

# ---- the solution ----

cat >"$TMP/two.yaml" <<'IN'
entities:
- name: lab.Client
  task: Same
  path: probe
- name: lab.Other
  task: Same
  path: probe
IN
check_not "two tasks of one name do not compile" solution_image "$LAB_SOURCES" \
	"$TMP/two.dk" "$TMP/good.psl" "$TMP/two.yaml"
has "the error names the file and line" "$TMP/check.out" 'two\.yaml:6:9: error'
has "and the name" "$TMP/check.out" 'Same'
check "nothing is written then" test ! -e "$TMP/two.dk"

# refused NAME SED REGEX: the good policy with its starts changed.
refused() {
	sed "s/^execute .*/$2/" "$TMP/good.psl" >"$TMP/refused.psl"
	cp "$TMP/good.yaml" "$TMP/refused.yaml"
	lab_run refused 15
	ends "$1" 6 "$3"
	said_not "$1: nothing starts" Client 'here'
}
refused "a policy that refuses the kernel's own start" \
	'execute dst = Einit { grant () }\nexecute dst = lab.Client { grant () }' \
	'kl\.core\.Core'
refused "a policy that refuses the starter's start" \
	'execute dst = kl.core.Core { grant () }\nexecute dst = lab.Client { grant () }' \
	'Einit'
refused "a policy that denies the kernel's start by a rule" \
	'execute { grant () }\nexecute dst = kl.core.Core { deny () }' \
	'refused\.psl:[0-9]+'
refused "a policy without any start" '' 'kl\.core\.Core'

# ---- who runs it ----

chmod 0755 "$TMP"
chmod 0644 "$TMP/good.dk"
cp "$BUILD/bin/dkd" "$TMP/dkd"
for mode in 4755 2755; do
	chown 0:0 "$TMP/dkd"
	chmod $mode "$TMP/dkd"
	run 15 setpriv --reuid 65534 --regid 65534 --clear-groups "$TMP/dkd" \
		--control none --bin "$LAB" "$TMP/good.dk"
	ends "dkd with mode $mode" 10 'set-uid and set-gid are not for dkd'
	has_not "dkd with mode $mode starts nothing" "$TMP/out" '^dkd: started'
done

done_testing
